//! What is deleted: everything when the time is over, and words that people typed again elsewhere.

pub(super) mod purge_key;
pub(super) mod repeat_search;
pub(super) mod retention;
