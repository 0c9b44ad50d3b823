//! Seats and staff links: who has a place here, and in which group.

use std::collections::HashMap;

use proto::ids::{CardId, GroupId, SeatId};
use proto::role::Role;

use crate::access::Actor;
use crate::clock::Millis;
use crate::config::VoiceLimits;
use crate::consultation::event::StaffLink;
use crate::consultation::event_record::Hash32;
use crate::consultation::projection::Write;
use crate::consultation::secret::pseudonym;
use crate::consultation::state::Consultation;
use crate::journal::SeatKey;
use crate::prefix::PrefixId;

/// A participant's place or a staff link.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    /// Its role.
    pub role: Role,
    /// Its group.
    pub group: Option<GroupId>,
    /// The SHA-256 of its token.
    pub token: Hash32,
    /// How many seats were taken before it; of staff links none.
    pub order: u64,
    /// Did it come in with a card of its own? Then it is one person.
    pub by_card: bool,
    /// Does it wait at the door?
    pub waits: bool,
    /// Was it ever in another group?
    pub moved: bool,
    /// The pseudonym under which boards know what it types; of staff none.
    pub hand: Option<SeatKey>,
}

impl Seat {
    /// Of somebody who came by a staff link.
    #[must_use]
    pub const fn staff(link: &StaffLink) -> Self {
        Self {
            role: link.role,
            group: link.group,
            token: link.token,
            order: 0,
            by_card: false,
            waits: false,
            moved: false,
            hand: None,
        }
    }
}

impl Consultation {
    /// The seat as the authorization sees it.
    #[must_use]
    pub fn actor(&self, seat: SeatId) -> Option<Actor> {
        let open = self.seats.get(&seat).filter(|place| !place.waits && !self.is_closed(seat));
        open.map(|seat| Actor { role: seat.role, group: seat.group })
    }

    /// Participants per group.
    #[must_use]
    pub fn participants(&self, group: GroupId) -> u32 {
        // A seat that was closed alone counts as before: what a desk is told must not say whether somebody had written.
        let of = |(_, place): &(SeatId, &Seat)| place.group == Some(group) && !place.waits;
        u32::try_from(self.counted_seats().filter(of).count()).unwrap_or(u32::MAX)
    }

    /// The same of every group, in one walk through the seats.
    #[must_use]
    pub fn participants_of_all(&self) -> HashMap<GroupId, u32> {
        let mut counts = HashMap::new();
        for group in
            self.counted_seats().filter(|(_, place)| !place.waits).filter_map(|(_, place)| place.group)
        {
            *counts.entry(group).or_default() += 1;
        }
        counts
    }

    /// Somebody comes in from this place now: kept in memory only.
    /// A card is one person, whoever they came with.
    pub fn note_arrival(
        &mut self,
        (seat, group): (SeatId, GroupId),
        (prefix, by_card): (Option<PrefixId>, bool),
        now: Millis,
        limits: &VoiceLimits,
    ) {
        self.arrivals.count(group, now, limits);
        if !by_card {
            self.arrivals.note(seat, prefix, now, limits);
        }
    }

    pub(in crate::consultation) fn take_seat(
        &mut self,
        seat: SeatId,
        group: GroupId,
        token: Hash32,
        (card, waits): (Option<CardId>, bool),
    ) -> Vec<Write> {
        if let Some(card) = card {
            self.use_card(card, seat);
        }
        let (order, by_card) = (self.taken, card.is_some());
        self.taken += 1;
        let place = Seat {
            role: Role::Participant,
            group: Some(group),
            token,
            order,
            by_card,
            waits,
            moved: false,
            hand: Some(pseudonym(&self.keys.bindings, seat)),
        };
        self.seats.insert(seat, place);
        self.voters.insert(pseudonym(&self.keys.ballots, seat), seat);
        self.voters.insert(self.stander(seat), seat);
        Vec::new()
    }
}
