//! First states and differences on their way to phones, cut into parts and shared by all who are sent the same (W15).
//!
//! A room holds none of them: whoever is being sent one does, and the room remembers them while they live. So fifty
//! people who open a board at once hold one copy of it, and a slow phone never makes the room hold more copies than
//! `DeliveryLimits` says: who asks when there are as many is given one that is a little old, and what came since
//! afterwards.

use std::sync::{Arc, Weak};

use bytes::Bytes;
use proto::gate::{CutError, StateVector, UpdateParts};

use crate::config::DeliveryLimits;

/// An update in parts.
#[derive(Debug)]
pub struct Parts {
    /// The update and its cuts.
    pub update: UpdateParts,
    /// What somebody has who took all of it; nothing of an update that was not made for one who asked.
    pub after: StateVector,
}

/// What somebody who asked is given.
#[derive(Clone, Debug)]
pub struct Given {
    /// The parts.
    pub parts: Arc<Parts>,
    /// Has something been written since they were made? Then the difference must follow.
    pub behind: bool,
}

/// One that somebody may still be sent.
#[derive(Debug)]
struct Alive {
    theirs: StateVector,
    edition: u64,
    bytes: usize,
    parts: Weak<Parts>,
}

/// What a room's document is sent as, while somebody is.
#[derive(Debug, Default)]
pub struct Sending {
    alive: Vec<Alive>,
}

impl Sending {
    /// What somebody with this state vector is sent. `edition` rises with each change of the document; `make` encodes
    /// what is missing, and `now` is the state vector of the document.
    ///
    /// # Errors
    /// When the document's own encoding cannot be cut.
    pub fn give(
        &mut self,
        theirs: &StateVector,
        edition: u64,
        limits: &DeliveryLimits,
        make: impl FnOnce(&StateVector) -> Vec<u8>,
        now: impl FnOnce() -> StateVector,
    ) -> Result<Given, CutError> {
        self.alive.retain(|one| one.parts.strong_count() > 0);
        if let Some(same) = self.find(|one| one.theirs == *theirs && one.edition == edition) {
            return Ok(Given { parts: same, behind: false });
        }
        let nothing = StateVector::default();
        // Who is sent a difference while there are too many gets the whole state, which can be shared.
        let theirs = if self.differences() > limits.differences_bytes_max { &nothing } else { theirs };
        if theirs.entries().is_empty() {
            let whole = |one: &&Alive| one.theirs.entries().is_empty();
            if self.alive.iter().filter(whole).count() >= limits.whole_states_max
                && let Some(newest) = self.find(|one| whole(&one))
            {
                return Ok(Given { parts: newest, behind: true });
            }
        }
        let update = UpdateParts::cut(Bytes::from(make(theirs)), limits.part_bytes_max)?;
        let parts = Arc::new(Parts { update, after: now() });
        if parts.update.count() > 1 {
            let (bytes, parts) = (parts.update.bytes(), Arc::downgrade(&parts));
            self.alive.push(Alive { theirs: theirs.clone(), edition, bytes, parts });
        }
        Ok(Given { parts, behind: false })
    }

    /// Is there an answer already for somebody with this state vector?
    #[must_use]
    pub fn has(&self, theirs: &StateVector, edition: u64) -> bool {
        let same = |one: &Alive| one.theirs == *theirs && one.edition == edition;
        self.alive.iter().any(|one| same(one) && one.parts.strong_count() > 0)
    }

    /// The newest one like this.
    fn find(&self, like: impl Fn(&Alive) -> bool) -> Option<Arc<Parts>> {
        self.alive.iter().rev().filter(|one| like(one)).find_map(|one| one.parts.upgrade())
    }

    /// Bytes of differences that are on their way.
    fn differences(&self) -> usize {
        self.alive.iter().filter(|one| !one.theirs.entries().is_empty()).map(|one| one.bytes).sum()
    }
}

#[cfg(test)]
mod tests {
    use proto::ids::ClientId;
    use yrs::{Doc, Map, ReadTxn, Transact};

    use super::*;

    /// Five KiB, in parts of one.
    fn limits() -> DeliveryLimits {
        DeliveryLimits {
            part_bytes_max: 1_024,
            differences_bytes_max: 8 * 1_024,
            whole_states_max: 2,
            ..DeliveryLimits::default()
        }
    }

    fn state() -> Vec<u8> {
        let doc = Doc::with_client_id(7);
        let map = doc.get_or_insert_map("ideas");
        let mut txn = doc.transact_mut();
        for key in 0..40 {
            map.insert(&mut txn, key.to_string(), "x".repeat(100));
        }
        txn.encode_state_as_update_v1(&yrs::StateVector::default())
    }

    fn at(clock: u32) -> StateVector {
        StateVector::of_document([(ClientId(1 << 32), clock)].into_iter().filter(|(_, clock)| *clock > 0))
    }

    #[derive(Default)]
    struct Room {
        sending: Sending,
        made: usize,
    }

    impl Room {
        fn give(&mut self, theirs: u32, edition: u64) -> Given {
            let make = |_: &StateVector| {
                self.made += 1;
                state()
            };
            self.sending.give(&at(theirs), edition, &limits(), make, || at(9)).unwrap()
        }
    }

    #[test]
    fn w15_fifty_who_ask_at_once_hold_one_encoding_and_nobody_holds_it_afterwards() {
        let mut room = Room::default();
        let given: Vec<Given> = (0..50).map(|_| room.give(0, 1)).collect();
        assert_eq!(room.made, 1);
        assert!(given.iter().all(|one| Arc::ptr_eq(&one.parts, &given[0].parts) && !one.behind));
        drop(given);
        room.give(0, 1);
        assert_eq!(room.made, 2, "the room keeps none");
    }

    #[test]
    fn w15_on_a_lively_board_there_are_two_encodings_and_who_comes_then_is_told_the_rest_later() {
        let mut room = Room::default();
        let given: Vec<Given> = (0..50).map(|edition| room.give(0, edition)).collect();
        assert_eq!(room.made, 2);
        let behind: Vec<bool> = given.iter().map(|one| one.behind).collect();
        assert_eq!(behind[..2], [false, false]);
        assert!(behind[2..].iter().all(|behind| *behind));
        assert!(given[2..].iter().all(|one| Arc::ptr_eq(&one.parts, &given[1].parts)), "the newest");
    }

    #[test]
    fn w15_many_different_questions_end_in_one_shared_answer() {
        let mut room = Room::default();
        let given: Vec<Given> = (1..60).map(|theirs| room.give(theirs, 1)).collect();
        let held: usize = {
            let mut all: Vec<_> = given.iter().map(|one| (Arc::as_ptr(&one.parts), one)).collect();
            all.sort_by_key(|(pointer, _)| *pointer);
            all.dedup_by_key(|(pointer, _)| *pointer);
            all.iter().map(|(_, one)| one.parts.update.bytes()).sum()
        };
        assert!(held <= 8 * 1_024 + 3 * state().len(), "{held} bytes");
    }
}
