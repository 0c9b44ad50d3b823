//! How somebody comes in: the door and its ways in, the cards of a closed roll, and the seat that is taken.

pub(in crate::consultation) mod door;
pub(in crate::consultation) mod entry_cards;
pub(in crate::consultation) mod joining;
