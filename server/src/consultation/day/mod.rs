//! The course of the day: phases, clocks, discussion points, announced changes, and what a moderator attends to.

pub(super) mod attending;
pub(super) mod grace;
pub(super) mod phases;
pub(super) mod points;
