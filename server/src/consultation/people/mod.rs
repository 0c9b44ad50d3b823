//! Who has a place here: seats, staff links, entry cards, the door, and how seats move or are removed.
//!
//! [`Roster`] is all of it. Its fields are private to this folder, and each is a type whose own fields are private to its file;
//! other folders ask the consultation (`seats`, `voter`, `is_closed`, …).

pub(super) mod attendance;
pub(super) mod entry;
pub(super) mod removal;
pub(super) mod seat_moves;
pub(super) mod seats;
pub(super) mod staff_links;
pub(super) mod token_exchange;

use super::event::StaffLink;

/// Who has a place, how they came in, and who was removed.
#[derive(Debug)]
pub(super) struct Roster {
    seats: seats::Seats,
    links: staff_links::StaffLinks,
    door: entry::door::DoorTime,
    cards: entry::entry_cards::Roll,
    codes: seat_moves::SeatCodes,
    exchanges: token_exchange::Exchanges,
    removed: removal::one_seat::RemovedSeats,
    closings: removal::restoring::Closings,
    heads: attendance::head_counts::HeadCounts,
    arrivals: attendance::bursts::Arrivals,
    typists: attendance::conduct::Typists,
}

impl Roster {
    /// Nobody but who holds these staff links.
    pub(super) fn new(links: Vec<StaffLink>) -> Self {
        Self {
            seats: seats::Seats::of_staff(&links),
            links: staff_links::StaffLinks::new(links),
            door: entry::door::DoorTime::default(),
            cards: entry::entry_cards::Roll::default(),
            codes: seat_moves::SeatCodes::default(),
            exchanges: token_exchange::Exchanges::default(),
            removed: removal::one_seat::RemovedSeats::default(),
            closings: removal::restoring::Closings::default(),
            heads: attendance::head_counts::HeadCounts::default(),
            arrivals: attendance::bursts::Arrivals::default(),
            typists: attendance::conduct::Typists::default(),
        }
    }
}
