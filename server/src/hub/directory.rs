//! Who is where: tokens, codes, keys and groups → consultations.
//!
//! Looked at when somebody comes in, never on the way of an edit.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use proto::ids::{ConsultationId, GroupId, SeatId};
use proto::problem::Code;
use proto::role::Role;

use super::Caller;
use super::mailbox::ConsultationHandle;
use crate::consultation::{Consultation, Entrance, EntranceKind, Hash32};

/// Something that belongs to one consultation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Locator {
    /// The consultation itself.
    Consultation(ConsultationId),
    /// One of its groups.
    Group(GroupId),
}

#[derive(Default)]
struct Maps {
    handles: HashMap<ConsultationId, ConsultationHandle>,
    organizers: HashMap<ConsultationId, SeatId>,
    tokens: HashMap<Hash32, (ConsultationId, SeatId)>,
    codes: HashMap<String, (ConsultationId, EntranceKind)>,
    keys: HashMap<String, (ConsultationId, EntranceKind)>,
    groups: HashMap<GroupId, ConsultationId>,
    /// Tokens that were exchanged for others.
    moved: HashMap<Hash32, (ConsultationId, SeatId)>,
    purged: HashSet<ConsultationId>,
    closed: HashSet<SeatId>,
    closed_together: HashSet<SeatId>,
    at_door: HashSet<SeatId>,
}

impl Maps {
    fn forget(&mut self, id: ConsultationId) {
        self.handles.remove(&id);
        self.organizers.remove(&id);
        self.tokens.retain(|_, (of, _)| *of != id);
        self.moved.retain(|_, (of, _)| *of != id);
        self.codes.retain(|_, (of, _)| *of != id);
        self.keys.retain(|_, (of, _)| *of != id);
        self.groups.retain(|_, of| *of != id);
    }

    fn enter(&mut self, id: ConsultationId, entrances: Vec<Entrance>) {
        for Entrance { code, key, way } in entrances {
            // Two cards with one code would be a great chance; the first keeps it, and both have their keys.
            self.codes.entry(code).or_insert((id, way));
            self.keys.insert(key, (id, way));
        }
    }
}

/// The directory of one node.
#[derive(Default)]
pub struct Directory {
    maps: RwLock<Maps>,
}

impl Directory {
    fn read(&self) -> RwLockReadGuard<'_, Maps> {
        self.maps.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Maps> {
        self.maps.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a consultation with all its seats, in place of what was known of it.
    pub fn replace(&self, consultation: &Consultation, handle: &ConsultationHandle) {
        let mut maps = self.write();
        let id = consultation.id();
        if maps.handles.contains_key(&id) {
            maps.forget(id);
        }
        maps.handles.insert(id, handle.clone());
        maps.enter(id, consultation.entrances());
        for group in consultation.groups().keys() {
            maps.groups.insert(*group, id);
        }
        for (seat, place) in consultation.seats() {
            maps.tokens.insert(place.token, (id, *seat));
            if place.role == Role::Organizer {
                maps.organizers.insert(id, *seat);
            }
            if consultation.is_closed(*seat) {
                maps.closed.insert(*seat);
            }
            if consultation.is_closed_together(*seat) {
                maps.closed_together.insert(*seat);
            }
            if place.waits {
                maps.at_door.insert(*seat);
            }
        }
        for (seat, token) in consultation.former_tokens() {
            maps.moved.insert(token, (id, seat));
        }
    }

    /// Adds a seat. One that waits at the door is known, and opens nothing until it is let in.
    pub fn seat(&self, consultation: ConsultationId, seat: SeatId, token: Hash32, waits: bool) {
        let mut maps = self.write();
        maps.tokens.insert(token, (consultation, seat));
        if waits {
            maps.at_door.insert(seat);
        }
    }

    /// Lets seats in that waited at the door.
    pub fn let_in(&self, seats: &[SeatId]) {
        if !seats.is_empty() {
            let mut maps = self.write();
            for seat in seats {
                maps.at_door.remove(seat);
            }
        }
    }

    /// Does this seat wait at the door?
    pub fn is_at_door(&self, seat: SeatId) -> bool {
        self.read().at_door.contains(&seat)
    }

    /// A token was exchanged: whoever has the old one is told that its seat is on another phone.
    pub fn exchanged(&self, consultation: ConsultationId, seat: SeatId, old: Hash32) {
        let mut maps = self.write();
        maps.tokens.remove(&old);
        maps.moved.insert(old, (consultation, seat));
    }

    /// Whose token this was before it was exchanged.
    pub fn by_former_token(&self, token: Hash32) -> Option<Caller> {
        let maps = self.read();
        let (id, seat) = maps.moved.get(&token)?;
        Some(Caller { consultation: maps.handles.get(id)?.clone(), seat: *seat, token: Some(token) })
    }

    /// Is somebody who was recognised a moment ago still who has the seat?
    pub fn still_has(&self, caller: &Caller) -> bool {
        let maps = self.read();
        let has = |token| maps.tokens.get(&token).is_some_and(|(_, seat)| *seat == caller.seat);
        caller.token.is_none_or(has)
    }

    /// Adds ways in.
    pub fn entrances(&self, consultation: ConsultationId, entrances: Vec<Entrance>) {
        self.write().enter(consultation, entrances);
    }

    /// Forgets a token: whoever has it has no place any more.
    pub fn forget(&self, token: Hash32) {
        self.write().tokens.remove(&token);
    }

    /// Forgets a consultation that was purged, but for its id: who comes back is told what happened.
    pub fn purge(&self, id: ConsultationId) {
        let mut maps = self.write();
        maps.forget(id);
        maps.purged.insert(id);
    }

    /// Was this consultation purged?
    pub fn is_purged(&self, id: ConsultationId) -> bool {
        self.read().purged.contains(&id)
    }

    /// Closes seats, some of them together with others: their tokens are known, and open nothing.
    pub fn close(&self, seats: &HashSet<SeatId>, together: &HashSet<SeatId>) {
        let mut maps = self.write();
        maps.closed.extend(seats);
        maps.closed_together.extend(together);
    }

    /// Seats that were closed are there again.
    pub fn reopen(&self, seats: &[SeatId]) {
        if !seats.is_empty() {
            let mut maps = self.write();
            for seat in seats {
                maps.closed.remove(seat);
                maps.closed_together.remove(seat);
            }
        }
    }

    /// Was this seat closed? Says how.
    pub fn closed(&self, seat: SeatId) -> Option<Code> {
        let maps = self.read();
        let how = if maps.closed_together.contains(&seat) { Code::ClosedTogether } else { Code::SeatClosed };
        maps.closed.contains(&seat).then_some(how)
    }

    /// Takes in that staff links or groups of a consultation are others; tokens of links that ended are known no longer.
    pub fn replace_links(&self, consultation: &Consultation, ended: &[Hash32]) {
        let mut maps = self.write();
        let id = consultation.id();
        for token in ended {
            maps.tokens.remove(token);
        }
        maps.groups.retain(|group, of| *of != id || consultation.groups().contains_key(group));
        for group in consultation.groups().keys() {
            maps.groups.insert(*group, id);
        }
        maps.enter(id, consultation.entrances());
        for link in &consultation.founding().links {
            maps.tokens.insert(link.token, (id, link.seat));
        }
        let organizer = consultation.founding().links.iter().find(|link| link.role == Role::Organizer);
        if let Some(link) = organizer {
            maps.organizers.insert(id, link.seat);
        }
    }

    /// Who has this token.
    pub fn by_token(&self, token: Hash32) -> Option<Caller> {
        let maps = self.read();
        let (id, seat) = maps.tokens.get(&token)?;
        Some(Caller { consultation: maps.handles.get(id)?.clone(), seat: *seat, token: Some(token) })
    }

    /// Where this code leads.
    pub fn by_code(&self, code: &str) -> Option<(ConsultationHandle, EntranceKind)> {
        let maps = self.read();
        let (id, way) = maps.codes.get(code)?;
        Some((maps.handles.get(id)?.clone(), *way))
    }

    /// Where this key leads.
    pub fn by_key(&self, key: &str) -> Option<(ConsultationHandle, EntranceKind)> {
        let maps = self.read();
        let (id, way) = maps.keys.get(key)?;
        Some((maps.handles.get(id)?.clone(), *way))
    }

    /// Which consultation something belongs to.
    pub fn consultation_of(&self, place: Locator) -> Option<ConsultationId> {
        let maps = self.read();
        match place {
            Locator::Consultation(id) => maps.handles.contains_key(&id).then_some(id),
            Locator::Group(group) => maps.groups.get(&group).copied(),
        }
    }

    /// The organizer's seat of a consultation.
    pub fn organizer_of(&self, id: ConsultationId) -> Option<Caller> {
        let maps = self.read();
        let (consultation, seat) = (maps.handles.get(&id)?.clone(), *maps.organizers.get(&id)?);
        Some(Caller { consultation, seat, token: None })
    }

    /// How many consultations are here, and how many of them were given up.
    pub fn health(&self) -> (usize, usize) {
        let maps = self.read();
        let given_up = maps.handles.values().filter(|handle| handle.is_given_up()).count();
        (maps.handles.len(), given_up)
    }

    /// The task of a consultation.
    pub fn handle(&self, id: ConsultationId) -> Option<ConsultationHandle> {
        self.read().handles.get(&id).cloned()
    }
}
