//! Other texts of an idea: its translations, and its earlier wordings.

pub(in crate::consultation) mod translations;
pub(in crate::consultation) mod wordings;
