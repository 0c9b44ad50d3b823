//! The course of the day: phases, clocks, discussion points, announced changes, and calls for help.

pub(super) mod grace;
pub(super) mod help;
pub(super) mod phases;
pub(super) mod points;
