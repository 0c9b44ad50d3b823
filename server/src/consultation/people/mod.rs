//! Who has a place here: seats, staff links, entry cards, the door, and how seats move or are removed.
//!
//! [`Roster`] is all of it. Its fields are private to this folder, and each is a type whose own fields are private to its file;
//! other folders ask the consultation (`seats`, `voter`, `is_closed`, …).

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

use super::event::StaffLink;

/// Who has a place, how they came in, and who was removed.
#[derive(Debug)]
pub(super) struct Roster {
    seats: seats::Seats,
    links: staff_links::StaffLinks,
    door: door::DoorTime,
    cards: entry_cards::Roll,
    codes: seat_moves::SeatCodes,
    exchanges: token_exchange::Exchanges,
    removed: seat_removal::RemovedSeats,
    closings: seat_restoring::Closings,
    heads: attendance::HeadCounts,
    arrivals: bursts::Arrivals,
    typists: conduct::Typists,
}

impl Roster {
    /// Nobody but who holds these staff links.
    pub(super) fn new(links: Vec<StaffLink>) -> Self {
        Self {
            seats: seats::Seats::of_staff(&links),
            links: staff_links::StaffLinks::new(links),
            door: door::DoorTime::default(),
            cards: entry_cards::Roll::default(),
            codes: seat_moves::SeatCodes::default(),
            exchanges: token_exchange::Exchanges::default(),
            removed: seat_removal::RemovedSeats::default(),
            closings: seat_restoring::Closings::default(),
            heads: attendance::HeadCounts::default(),
            arrivals: bursts::Arrivals::default(),
            typists: conduct::Typists::default(),
        }
    }
}
