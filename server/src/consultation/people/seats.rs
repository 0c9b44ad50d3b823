//! Seats and staff links: who has a place here, and in which group.

use std::collections::HashMap;

use proto::ids::{CardId, GroupId, SeatId};
use proto::role::Role;

use crate::access::Actor;
use crate::address_prefix::PrefixId;
use crate::clock::Millis;
use crate::config::VoiceLimits;
use crate::consultation::event::StaffLink;
use crate::consultation::hash::Hash32;
use crate::consultation::projection::Write;
use crate::consultation::secret::pseudonym;
use crate::consultation::state::Consultation;
use crate::journal::SeatKey;

/// A participant's place or a staff link.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    role: Role,
    group: Option<GroupId>,
    /// The SHA-256 of its token.
    token: Hash32,
    /// How many seats were taken before it; of staff links none.
    order: u64,
    /// Did it come in with a card of its own? Then it is one person.
    by_card: bool,
    /// Does it wait at the door?
    waits: bool,
    /// Was it ever in another group?
    moved: bool,
    /// The pseudonym under which boards know what it types; of staff none.
    hand: Option<SeatKey>,
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

    /// What the seat may do: `access` says it for each role.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The group that it sits in; none at the door and for staff of all groups.
    #[must_use]
    pub const fn group(&self) -> Option<GroupId> {
        self.group
    }

    /// The SHA-256 of its token.
    #[must_use]
    pub const fn token(&self) -> Hash32 {
        self.token
    }

    /// How many seats were taken before it; of staff links none.
    #[must_use]
    pub const fn order(&self) -> u64 {
        self.order
    }

    /// Did it come in with a card of its own? Then it is one person.
    #[must_use]
    pub const fn came_by_card(&self) -> bool {
        self.by_card
    }

    /// Does it wait at the door?
    #[must_use]
    pub const fn waits(&self) -> bool {
        self.waits
    }

    /// Was it ever in another group?
    #[must_use]
    pub const fn has_moved(&self) -> bool {
        self.moved
    }

    /// The pseudonym under which boards know what it types; of staff none.
    #[must_use]
    pub const fn hand(&self) -> Option<SeatKey> {
        self.hand
    }
}

/// Every seat and staff link that is good, by id and by pseudonym.
#[derive(Debug, Default)]
pub(super) struct Seats {
    places: HashMap<SeatId, Seat>,
    /// Pseudonym → seat, on ballots and in the room.
    voters: HashMap<SeatKey, SeatId>,
    /// Seats that were taken so far: by it a seat is older than another one.
    taken: u64,
    /// How many had been taken when this server started.
    taken_before: u64,
}

impl Seats {
    /// Those of the staff.
    pub(super) fn of_staff(links: &[StaffLink]) -> Self {
        let places = links.iter().map(|link| (link.seat, Seat::staff(link))).collect();
        Self { places, ..Self::default() }
    }

    /// Every seat and staff link.
    pub(super) const fn all(&self) -> &HashMap<SeatId, Seat> {
        &self.places
    }

    /// Somebody takes a seat, which is known under these pseudonyms.
    fn take(&mut self, id: SeatId, seat: Seat, pseudonyms: [SeatKey; 2]) {
        self.places.insert(id, Seat { order: self.taken, ..seat });
        self.taken += 1;
        self.voters.extend(pseudonyms.map(|key| (key, id)));
    }

    /// Somebody of the staff has this link from now on.
    pub(super) fn add_link(&mut self, link: &StaffLink) {
        self.places.insert(link.seat, Seat::staff(link));
    }

    /// A staff link is good for nothing any more.
    pub(super) fn end_link(&mut self, id: SeatId) {
        self.places.remove(&id);
    }

    /// A seat is opened with another token from now on; gives the former one.
    pub(super) fn give_token(&mut self, id: SeatId, token: Hash32) -> Option<Hash32> {
        self.places.get_mut(&id).map(|seat| std::mem::replace(&mut seat.token, token))
    }

    /// A seat waits at the door no longer.
    pub(super) fn let_in(&mut self, id: SeatId) {
        if let Some(seat) = self.places.get_mut(&id) {
            seat.waits = false;
        }
    }

    /// A seat goes to another group; gives the one that it was in, if that one differs.
    pub(super) fn move_to(&mut self, id: SeatId, group: GroupId) -> Option<GroupId> {
        let seat = self.places.get_mut(&id)?;
        let old = seat.group.replace(group);
        seat.moved |= old != Some(group);
        old.filter(|old| *old != group)
    }

    /// Was this seat taken before this server started?
    pub(super) const fn is_older(&self, seat: &Seat) -> bool {
        seat.order < self.taken_before
    }
}

impl Consultation {
    /// Its seats and staff links.
    #[must_use]
    pub const fn seats(&self) -> &HashMap<SeatId, Seat> {
        self.people().seats.all()
    }

    /// The seat that is known under this pseudonym, on ballots or in the room.
    pub(in crate::consultation) fn voter(&self, by: &SeatKey) -> Option<SeatId> {
        self.people().seats.voters.get(by).copied()
    }

    /// How many seats were taken so far: by it a seat is older than another one.
    pub(in crate::consultation) const fn taken(&self) -> u64 {
        self.people().seats.taken
    }

    /// The server has started: seats that were taken until now are older.
    pub(in crate::consultation) const fn note_start_of_seats(&mut self) {
        let seats = &mut self.people_mut().seats;
        seats.taken_before = seats.taken;
    }

    /// The seat as the authorization sees it.
    #[must_use]
    pub fn actor(&self, seat: SeatId) -> Option<Actor> {
        let open = self.seats().get(&seat).filter(|place| !place.waits && !self.is_closed(seat));
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
        let arrivals = &mut self.people_mut().arrivals;
        arrivals.count(group, now, limits);
        if !by_card {
            arrivals.note(seat, prefix, now, limits);
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
            self.people_mut().cards.note_use(card, seat);
        }
        let place = Seat {
            role: Role::Participant,
            group: Some(group),
            token,
            order: 0,
            by_card: card.is_some(),
            waits,
            moved: false,
            hand: Some(pseudonym(&self.keys().bindings, seat)),
        };
        let pseudonyms = [pseudonym(&self.keys().ballots, seat), self.stander(seat)];
        self.people_mut().seats.take(seat, place, pseudonyms);
        Vec::new()
    }
}
