//! Consultations with their rooms and a journal in memory.

mod plenary_vote;
pub(super) mod rapporteurs_converge;
pub(super) mod responses;
mod seat_order;
mod unasked;
mod versions;
pub(super) mod work_survives_merge;
