//! Ballots and tallies, and the texts that changed after they were voted on.

pub(super) mod ballots;
pub(super) mod rewordings;
