//! The merge beside the day: when the list is made anew, from what, and what staff are asked about it.

pub(super) mod meanings;
pub mod run;
pub(super) mod schedule;
pub mod suggestions;
