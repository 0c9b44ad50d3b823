//! Texts of people: which letters may stand in one, and how long it may be.

pub mod lengths;
pub mod letters;
