//! Seats that are closed: one for disruption, many together, and a closing that is undone.

pub(in crate::consultation) mod few_votes;
pub(in crate::consultation) mod many_seats;
pub(in crate::consultation) mod one_seat;
pub(in crate::consultation) mod restoring;
