//! From the groups' ideas to one list: `(ideas, ballots, decisions, settings) → run`, pure.
//!
//! Guarantees: the same input gives the same bytes, whatever the order in which ideas and ballots arrived; in the rule's
//! own order a longer list begins with the shorter one; why an entry has a place is written beside it. No I/O, no clock, no
//! randomness: ties are broken by a lot that was drawn elsewhere and is part of the input.
//!
//! The way through: [`input`] (what goes in) → `cluster` (what is identical becomes one: `joins`, `similarity`; entries keep
//! their ids: `founders`, `item_ids`) → [`candidates()`] and `suggestions` (what people are asked about) → `electorate` (who votes, and
//! with what weight) → the ranking (`ranking`: `phragmen`, `equal_shares` or a plain count; `purses`
//! are what people pay with, `exact` decides what floats cannot) → `cut` (the k first, and every group
//! heard) → `judge` (`audit`: is anybody under-represented? `reasons`: why is an entry where it is?) → [`output`] (the run, canonical JSON).
//!
//! Deliberately absent: state. A re-merge is a new run over new input; what people decided comes in as
//! [`Decisions`], what they wrote is none of this module's business.

mod audit;
mod candidate_pair;
mod candidates;
mod cluster;
mod founders;
pub mod input;
mod item_ids;
mod joins;
mod judge;
mod keys;
mod lot;
pub mod output;
mod ranking;
mod reasons;
mod reference;
mod run;
mod similarity;
mod suggestions;
#[cfg(test)]
mod tests;

pub use candidate_pair::CandidatePair;
pub use candidates::{Found, candidates, united};
pub use input::{
    Ballot, BallotWeight, Born, Decisions, GroupKey, Grouping, IdeaKey, MergeIdea, Places, PlenaryBallot,
    PlenaryInput, PointKey, Reference, RunInput,
};
pub use input::{Rule, SeatKey, Weights};
pub use keys::item_id;
pub use output::{Because, Item, KeptOff, MergeError, Run, Via};
pub use run::run;
pub use similarity::score::Similar;
