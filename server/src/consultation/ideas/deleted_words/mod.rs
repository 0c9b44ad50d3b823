//! Words that are deleted for ever: whose rows still hold them, how they are found again, and ideas that repeat them (rule C25).

pub(in crate::consultation) mod leftovers;
pub(in crate::consultation) mod repeats;
pub(in crate::consultation) mod traces;
