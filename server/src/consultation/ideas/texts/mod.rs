//! Other texts of an idea: its translations, and its earlier wordings; and whether it says anything.

pub(in crate::consultation) mod empty_ideas;
pub(in crate::consultation) mod translations;
pub(in crate::consultation) mod wordings;
