//! Ballots and tallies, and the texts that changed after they were voted on.
//!
//! [`Votes`] is all of the vote. Its fields are private to this folder; other folders ask the consultation (`tally`,
//! `supporters`, …), and tell it what must change (`take_votes_out`, `forget_votes`).

mod adoption;
pub(super) mod ballot_box;
pub(super) mod ballot_paper;
pub(super) mod ballots;
mod changed_answers;
mod plenary_ballots;
mod plenary_control;
pub(super) mod plenary_vote;
pub(super) mod rewordings;

/// What is known of votes.
#[derive(Debug, Default)]
pub(super) struct Votes {
    ballots: ballot_box::BallotBox,
    reworded: rewordings::Rewordings,
    changed: changed_answers::ChangedAnswers,
    plenary: plenary_vote::PlenaryVote,
    adoption: adoption::Adoption,
}
