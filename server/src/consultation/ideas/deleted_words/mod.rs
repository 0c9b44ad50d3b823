//! Deletion of an idea's words: which rows hold them, how copies are found in other texts, and which ideas repeat them (rule C25).

pub(in crate::consultation) mod leftovers;
pub(in crate::consultation) mod repeats;
pub(in crate::consultation) mod traces;
