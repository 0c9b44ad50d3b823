//! Who is where: tokens, codes, keys and groups → consultations.
//!
//! Looked at when somebody comes in, never on the way of an edit.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use proto::ids::{ConsultationId, GroupId, SeatId};
use proto::role::Role;

use super::Caller;
use super::mailbox::ConsultationHandle;
use crate::consultation::{Consultation, Hash32};

/// Something that belongs to one consultation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
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
    codes: HashMap<String, ConsultationId>,
    keys: HashMap<String, ConsultationId>,
    groups: HashMap<GroupId, ConsultationId>,
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

    /// Adds a consultation with all its seats.
    pub fn add(&self, consultation: &Consultation, handle: &ConsultationHandle) {
        let mut maps = self.write();
        let (id, founding) = (consultation.id(), consultation.founding());
        maps.handles.insert(id, handle.clone());
        maps.codes.insert(founding.code.clone(), id);
        maps.keys.insert(founding.key.clone(), id);
        for group in consultation.groups().keys() {
            maps.groups.insert(*group, id);
        }
        for (seat, place) in consultation.seats() {
            maps.tokens.insert(place.token, (id, *seat));
            if place.role == Role::Organizer {
                maps.organizers.insert(id, *seat);
            }
        }
    }

    /// Adds a seat.
    pub fn seat(&self, consultation: ConsultationId, seat: SeatId, token: Hash32) {
        self.write().tokens.insert(token, (consultation, seat));
    }

    /// Who has this token.
    pub fn by_token(&self, token: Hash32) -> Option<Caller> {
        let maps = self.read();
        let (id, seat) = maps.tokens.get(&token)?;
        Some(Caller { consultation: maps.handles.get(id)?.clone(), seat: *seat })
    }

    /// Which consultation has this code.
    pub fn by_code(&self, code: &str) -> Option<ConsultationHandle> {
        let maps = self.read();
        maps.handles.get(maps.codes.get(code)?).cloned()
    }

    /// Which consultation has this key.
    pub fn by_key(&self, key: &str) -> Option<ConsultationHandle> {
        let maps = self.read();
        maps.handles.get(maps.keys.get(key)?).cloned()
    }

    /// Which consultation something belongs to.
    pub fn consultation_of(&self, place: Place) -> Option<ConsultationId> {
        let maps = self.read();
        match place {
            Place::Consultation(id) => maps.handles.contains_key(&id).then_some(id),
            Place::Group(group) => maps.groups.get(&group).copied(),
        }
    }

    /// The organizer's seat of a consultation.
    pub fn organizer_of(&self, id: ConsultationId) -> Option<Caller> {
        let maps = self.read();
        Some(Caller { consultation: maps.handles.get(&id)?.clone(), seat: *maps.organizers.get(&id)? })
    }

    /// The task of a consultation.
    pub fn handle(&self, id: ConsultationId) -> Option<ConsultationHandle> {
        self.read().handles.get(&id).cloned()
    }
}
