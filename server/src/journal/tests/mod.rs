//! What holds for every journal.

pub(super) mod contract;
pub(super) mod erased;
