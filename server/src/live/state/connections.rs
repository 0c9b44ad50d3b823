//! Who is connected, who was since the server started, and how much they have not sent yet: in memory only.

use std::collections::{HashMap, HashSet};

use proto::ids::{GroupId, SeatId};
use proto::role::Role;

use crate::clock::Millis;
use crate::consultation::Consultation;
use crate::room::SubscriptionId;

/// The connections that subscribe to the consultation's state.
#[derive(Debug, Default)]
pub(super) struct Connections {
    seats: HashMap<SubscriptionId, Connected>,
    opened: HashSet<SeatId>,
    /// How many connections each seat has that has any.
    here: HashMap<SeatId, usize>,
    /// When the consultation began to run, wall clock: who was connected before comes back.
    began: Millis,
}

#[derive(Debug)]
struct Connected {
    seat: SeatId,
    /// How many things it has not sent yet, as it says itself.
    unsent: u32,
}

impl Connections {
    pub(super) fn new(began: Millis) -> Self {
        Self { began, ..Self::default() }
    }

    pub(super) const fn began(&self) -> Millis {
        self.began
    }

    /// A connection subscribes.
    pub(super) fn add(&mut self, connection: SubscriptionId, seat: SeatId) {
        self.opened.insert(seat);
        *self.here.entry(seat).or_default() += 1;
        if let Some(before) = self.seats.insert(connection, Connected { seat, unsent: 0 }) {
            self.depart(before.seat);
        }
    }

    /// One connection of a seat ended.
    fn depart(&mut self, seat: SeatId) {
        let Some(count) = self.here.get_mut(&seat) else { return };
        *count -= 1;
        if *count == 0 {
            self.here.remove(&seat);
        }
    }

    /// A connection ended; was it known?
    pub(super) fn remove(&mut self, connection: SubscriptionId) -> bool {
        let Some(Connected { seat, .. }) = self.seats.remove(&connection) else { return false };
        self.depart(seat);
        true
    }

    /// All connections of these seats end.
    pub(super) fn remove_seats(&mut self, is_gone: impl Fn(SeatId) -> bool) {
        let gone: Vec<_> = self.all().filter(|(_, seat)| is_gone(*seat)).collect();
        for (connection, _) in gone {
            self.remove(connection);
        }
    }

    /// A seat opened a document.
    pub(super) fn note_opened(&mut self, seat: SeatId) {
        self.opened.insert(seat);
    }

    /// A connection says how many things it has not sent yet; is that another number than before?
    pub(super) fn set_unsent(&mut self, connection: SubscriptionId, count: u32) -> bool {
        let known = self.seats.get_mut(&connection);
        known.is_some_and(|connected| std::mem::replace(&mut connected.unsent, count) != count)
    }

    /// How many participants' connections of a group, or of all, have not sent everything yet.
    pub(super) fn unsent(&self, consultation: &Consultation, group: Option<GroupId>) -> u32 {
        let seats = consultation.seats();
        let counts = |connected: &&Connected| {
            let place = seats.get(&connected.seat).filter(|place| place.role() == Role::Participant);
            place.is_some_and(|place| group.is_none() || place.group() == group)
        };
        let unsent = self.seats.values().filter(|connected| connected.unsent > 0).filter(counts).count();
        u32::try_from(unsent).unwrap_or(u32::MAX)
    }

    /// Every connection with its seat.
    pub(super) fn all(&self) -> impl Iterator<Item = (SubscriptionId, SeatId)> + '_ {
        self.seats.iter().map(|(id, connected)| (*id, connected.seat))
    }

    /// Whose connection it is.
    pub(super) fn seat_of(&self, connection: SubscriptionId) -> Option<SeatId> {
        self.seats.get(&connection).map(|connected| connected.seat)
    }

    /// Has this seat a connection?
    pub(super) fn is_here(&self, seat: SeatId) -> bool {
        self.here.contains_key(&seat)
    }

    /// Was this seat here since the server started?
    pub(super) fn was_here(&self, seat: SeatId) -> bool {
        self.opened.contains(&seat)
    }

    /// All seats that were here since the server started.
    pub(super) const fn opened(&self) -> &HashSet<SeatId> {
        &self.opened
    }

    /// How many participants' seats of each group are here.
    pub(super) fn present(&self, consultation: &Consultation) -> HashMap<GroupId, u32> {
        let mut here: HashMap<GroupId, HashSet<SeatId>> = HashMap::new();
        for (_, seat) in self.all() {
            let place = consultation.seats().get(&seat).filter(|place| place.role() == Role::Participant);
            if let Some(group) = place.and_then(|place| place.group()) {
                here.entry(group).or_default().insert(seat);
            }
        }
        here.into_iter()
            .map(|(group, seats)| (group, u32::try_from(seats.len()).unwrap_or(u32::MAX)))
            .collect()
    }
}
