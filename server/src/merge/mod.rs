//! From the groups' ideas to one list: `(ideas, ballots, decisions, settings) → run`, pure.
//!
//! Guarantees: the same input gives the same bytes, whatever the order in which ideas and ballots arrived; a longer
//! list begins with the shorter one; what a group paid for an entry is written beside it. No I/O, no clock, no
//! randomness: ties are broken by a lot that was drawn elsewhere and is part of the input.
//!
//! The way through: [`input`] (what goes in) → `cluster` (near-duplicates become one:
//! `words`, `similar`, `alike`; they keep their names: `claim`) → `electorate` (who votes, and
//! with what weight) → the ranking (`phragmen`, `equal_shares` or a plain count; `phones`
//! are what people pay with, `exact` decides what floats cannot) → `cut` (the k first, and every group
//! heard) → `audit` (is anybody under-represented?) → [`output`] (the run, canonical JSON).
//!
//! Deliberately absent: state. A re-merge is a new run over new input; what people decided comes in as
//! [`Decisions`], what they wrote is none of this module's business.

mod alike;
#[cfg(test)]
mod alike_tests;
mod audit;
mod claim;
mod cluster;
#[cfg(test)]
mod combined_tests;
mod cut;
mod electorate;
mod equal_shares;
mod exact;
pub mod input;
mod lexicon;
mod normalise;
pub mod output;
mod phones;
mod phragmen;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod properties;
mod run;
mod similar;
#[cfg(test)]
mod tests;
mod words;

pub use input::{
    Ballot, BallotWeight, Born, Decisions, GroupKey, Grouping, Idea, IdeaKey, Input, Places, PointKey,
};
pub use input::{Rule, SeatKey, Weights};
pub use output::{Item, MergeError, Run, Via};
pub use run::run;
pub use similar::Similar;
