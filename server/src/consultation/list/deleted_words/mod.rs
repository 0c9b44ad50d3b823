//! Deleted words in the list: texts of the list that repeat them, and lines of people that do (rule C25).

pub(in crate::consultation) mod doubtful_texts;
pub(in crate::consultation) mod lines;
