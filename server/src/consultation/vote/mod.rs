//! Ballots and tallies, and the texts that changed after they were voted on.
//!
//! [`Votes`] is all of the vote. Its fields are private to this folder; other folders ask the consultation (`tally`,
//! `supporters`, …), and tell it what must change (`take_votes_out`, `forget_votes`).

pub(super) mod ballot_box;
pub(super) mod ballots;
mod changed_answers;
pub(super) mod rewordings;

/// What is known of votes.
#[derive(Debug, Default)]
pub(super) struct Votes {
    ballots: ballot_box::BallotBox,
    reworded: rewordings::Rewordings,
    changed: changed_answers::ChangedAnswers,
}
