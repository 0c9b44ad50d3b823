//! Who has a place here: seats, staff links, entry cards, the door, and how seats move or are removed.

pub(super) mod attendance;
pub(super) mod bulk_removal;
pub(super) mod bursts;
pub(super) mod conduct;
pub(super) mod door;
pub(super) mod entry_cards;
pub(super) mod few_votes;
pub(super) mod joining;
pub(super) mod seat_moves;
pub(super) mod seat_removal;
pub(super) mod seat_restoring;
pub(super) mod seats;
pub(super) mod staff_links;
pub(super) mod token_exchange;
