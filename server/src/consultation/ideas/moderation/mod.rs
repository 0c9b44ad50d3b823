//! What takes an idea off its board: hidden with a reason, reported, and the danger that it may be to somebody.

pub(in crate::consultation) mod danger;
pub(in crate::consultation) mod hiding;
pub(in crate::consultation) mod reports;
pub(in crate::consultation) mod second_look;
