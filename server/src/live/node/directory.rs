//! Who is where: tokens, codes, keys and groups → consultations.
//!
//! Looked at when somebody comes in, never on the way of an edit.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use proto::ids::{ConsultationId, GroupId, SeatId};
use proto::problem::Code;
use proto::role::Role;

use super::deleted_tokens::{DeletedTokens, KeptTokens, Told};
use crate::consultation::{Consultation, DirectoryChange, Entrance, EntranceKind, Hash32, Listing};
use crate::live::Caller;
use crate::live::handle::ConsultationHandle;

/// Something that belongs to one consultation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Locator {
    /// The consultation itself.
    Consultation(ConsultationId),
    /// One of its groups.
    Group(GroupId),
}

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
    deleted: KeptTokens,
}

impl Maps {
    fn new(deleted_tokens_max: usize) -> Self {
        Self {
            handles: HashMap::new(),
            organizers: HashMap::new(),
            tokens: HashMap::new(),
            codes: HashMap::new(),
            keys: HashMap::new(),
            groups: HashMap::new(),
            moved: HashMap::new(),
            purged: HashSet::new(),
            closed: HashSet::new(),
            closed_together: HashSet::new(),
            at_door: HashSet::new(),
            deleted: KeptTokens::new(deleted_tokens_max),
        }
    }

    fn forget(&mut self, id: ConsultationId) {
        self.handles.remove(&id);
        self.organizers.remove(&id);
        self.tokens.retain(|_, (of, _)| *of != id);
        self.moved.retain(|_, (of, _)| *of != id);
        self.codes.retain(|_, (of, _)| *of != id);
        self.keys.retain(|_, (of, _)| *of != id);
        self.groups.retain(|_, of| *of != id);
    }

    /// Replaces staff links and groups, and forgets the tokens of links that ended.
    fn list(&mut self, listing: &Listing) {
        let id = listing.id;
        for (_, token) in &listing.ended {
            self.tokens.remove(token);
        }
        self.groups.retain(|group, of| *of != id || listing.groups.contains(group));
        self.groups.extend(listing.groups.iter().map(|group| (*group, id)));
        self.enter(id, listing.entrances.clone());
        self.tokens.extend(listing.links.iter().map(|link| (link.token, (id, link.seat))));
        let organizer = listing.links.iter().find(|link| link.role == Role::Organizer);
        self.organizers.extend(organizer.map(|link| (id, link.seat)));
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
pub struct Directory {
    maps: RwLock<Maps>,
}

impl Directory {
    /// An empty one, which keeps at most so many tokens of consultations that were deleted.
    pub(in crate::live) fn new(deleted_tokens_max: usize) -> Self {
        Self { maps: RwLock::new(Maps::new(deleted_tokens_max)) }
    }

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
            maps.tokens.insert(place.token(), (id, *seat));
            if place.role() == Role::Organizer {
                maps.organizers.insert(id, *seat);
            }
            if consultation.is_closed(*seat) {
                maps.closed.insert(*seat);
            }
            if consultation.is_closed_together(*seat) {
                maps.closed_together.insert(*seat);
            }
            if place.waits() {
                maps.at_door.insert(*seat);
            }
        }
        for (seat, token) in consultation.former_tokens() {
            maps.moved.insert(token, (id, seat));
        }
    }

    /// Takes in a change of one consultation.
    pub fn apply(&self, id: ConsultationId, change: &DirectoryChange) {
        let mut maps = self.write();
        match change {
            DirectoryChange::Entrances(entrances) => maps.enter(id, entrances.clone()),
            // A seat that waits at the door is known, and opens nothing until it is let in.
            DirectoryChange::SeatTaken { seat, token, waits } => {
                maps.tokens.insert(*token, (id, *seat));
                if *waits {
                    maps.at_door.insert(*seat);
                }
            }
            DirectoryChange::SeatLost(_, token) => drop(maps.tokens.remove(token)),
            // Whoever has the former token is told that its seat is on another phone.
            DirectoryChange::TokenExchanged(seat, former) => {
                maps.tokens.remove(former);
                maps.moved.insert(*former, (id, *seat));
            }
            DirectoryChange::SeatsClosed { seats, together } => {
                maps.closed.extend(seats);
                if *together {
                    maps.closed_together.extend(seats);
                }
            }
            DirectoryChange::SeatsRestored(seats) => {
                for seat in seats {
                    maps.closed.remove(seat);
                    maps.closed_together.remove(seat);
                }
            }
            DirectoryChange::LetIn(seats) => maps.at_door.retain(|seat| !seats.contains(seat)),
            DirectoryChange::Listing(listing) => maps.list(listing),
        }
    }

    /// Does this seat wait at the door?
    pub fn is_at_door(&self, seat: SeatId) -> bool {
        self.read().at_door.contains(&seat)
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

    /// Forgets a consultation that was purged, but for its id: who comes back is told what happened.
    pub fn purge(&self, id: ConsultationId) {
        let mut maps = self.write();
        maps.forget(id);
        maps.purged.insert(id);
    }

    /// The same, and keeps its tokens in mind.
    pub(in crate::live) fn purge_with(&self, id: ConsultationId, tokens: DeletedTokens) {
        let mut maps = self.write();
        maps.deleted.keep(tokens);
        maps.forget(id);
        maps.purged.insert(id);
    }

    /// Tokens of a consultation that was purged are nobody's from now on.
    pub(in crate::live) fn forget_deleted_tokens(&self, id: ConsultationId) {
        self.write().deleted.forget(id);
    }

    /// What whoever has this token is told of a consultation that was purged; `None`: it is of no such consultation.
    pub fn told_of_deletion(&self, token: Hash32) -> Option<Told> {
        self.read().deleted.told(token)
    }

    /// Was this consultation purged?
    pub fn is_purged(&self, id: ConsultationId) -> bool {
        self.read().purged.contains(&id)
    }

    /// Was this seat closed? Says how.
    pub fn closed(&self, seat: SeatId) -> Option<Code> {
        let maps = self.read();
        let how = if maps.closed_together.contains(&seat) { Code::ClosedTogether } else { Code::SeatRemoved };
        maps.closed.contains(&seat).then_some(how)
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
    pub fn consultation_of(&self, locator: Locator) -> Option<ConsultationId> {
        let maps = self.read();
        match locator {
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
