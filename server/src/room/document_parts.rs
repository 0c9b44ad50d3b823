//! First states and differences on their way to phones, cut into parts and shared by all who are sent the same (W15).
//!
//! A small answer is encoded for who asked. A large document is not encoded anew for anybody: its room keeps what it said a while
//! ago in pieces ([`KeptState`]), and an answer is the parts of them that somebody misses, then what came since, which is encoded
//! once for all. So an answer costs a turn a bounded time, whatever the document holds, and fifty people who open a board at once
//! hold one copy of it. A slow phone never makes anybody hold more copies than `DeliveryLimits` says: who asks when there are as
//! many is given one that is a little old, and what came since afterwards.

use std::sync::{Arc, Weak};

use bytes::Bytes;
use proto::gate::{CutError, Deletions, KeptState, PartNumber, StateVector, UpdateParts};

use crate::config::DeliveryLimits;

/// An update in parts.
#[derive(Debug)]
pub struct Parts {
    /// From what was kept, for one who asked: these parts come first.
    kept: Option<OfKept>,
    /// The update and its cuts, or what came after what was kept.
    update: Arc<Whole>,
}

/// The parts of a kept state that somebody misses.
#[derive(Debug)]
struct OfKept {
    numbers: Vec<PartNumber>,
    theirs: StateVector,
    bytes: usize,
}

/// An update, and the kept state that it continues.
#[derive(Debug)]
struct Whole {
    kept: KeptState,
    since: UpdateParts,
    /// What is not sent of the kept state, because it is deleted.
    gone: Deletions,
    /// What somebody has who took all of it; nothing of an update that was not made for one who asked.
    after: StateVector,
}

impl Parts {
    /// An update for everybody.
    #[must_use]
    pub fn of_update(update: UpdateParts, after: StateVector) -> Self {
        let whole = Whole { kept: KeptState::default(), since: update, gone: Deletions::default(), after };
        Self { kept: None, update: Arc::new(whole) }
    }

    /// In how many parts it is; at least one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.first() + self.update.since.count()
    }

    /// The part of this number, as an update (v1); nothing beyond the last.
    #[must_use]
    pub fn part(&self, number: usize) -> Option<Bytes> {
        if let Some(kept) = &self.kept
            && let Some(part) = kept.numbers.get(number)
        {
            return Some(self.update.kept.part(*part, &kept.theirs, &self.update.gone));
        }
        self.update.since.part(number.checked_sub(self.first())?)
    }

    /// Bytes that somebody is sent, at most.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.kept.as_ref().map_or(0, |kept| kept.bytes) + self.update.since.bytes()
    }

    /// What somebody has who took all of it.
    #[must_use]
    pub fn after(&self) -> &StateVector {
        &self.update.after
    }

    fn first(&self) -> usize {
        self.kept.as_ref().map_or(0, |kept| kept.numbers.len())
    }
}

/// What somebody who asked is given.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Given {
    pub parts: Arc<Parts>,
    /// Has something been written since they were made? Then the difference must follow.
    pub behind: bool,
}

/// One that somebody may still be sent.
#[derive(Debug)]
struct Alive {
    theirs: StateVector,
    edition: u64,
    /// Of a difference that was encoded for who asked; the others share.
    bytes: usize,
    parts: Weak<Parts>,
}

/// What a room's document is sent as.
#[derive(Debug, Default)]
pub struct Sending {
    kept: KeptState,
    /// Bytes of the document, or of what was written to it, after what is kept; at most.
    since_bytes: usize,
    alive: Vec<Alive>,
    wholes: Vec<(u64, Weak<Whole>)>,
}

/// Encodes what somebody with this state vector is missing.
pub trait Encode: Fn(&StateVector) -> Vec<u8> {}
impl<F: Fn(&StateVector) -> Vec<u8>> Encode for F {}

impl Sending {
    /// Keeps an encoding of everything, if it is large.
    ///
    /// # Errors
    /// When our own encoding cannot be cut.
    pub fn of(snapshot: &Bytes, limits: &DeliveryLimits) -> Result<Self, CutError> {
        let mut sending = Self { since_bytes: snapshot.len(), ..Self::default() };
        if snapshot.len() > limits.piece_bytes {
            sending.kept.add(snapshot.clone(), limits.part_bytes_max)?;
            sending.since_bytes = 0;
        }
        Ok(sending)
    }

    /// Goes on with what this one keeps, cut off from what is on its way. Not while so many encodings are on their way that
    /// another one would be too many in memory.
    pub fn renew(&mut self, new: Self, limits: &DeliveryLimits) {
        self.forget_dead();
        if self.wholes.len() < limits.whole_states_max {
            (self.kept, self.since_bytes) = (new.kept, new.since_bytes);
        }
    }

    /// So many bytes were written to the document; keeps another piece when they are many.
    ///
    /// # Errors
    /// When our own encoding cannot be cut.
    pub fn wrote(
        &mut self,
        bytes: usize,
        limits: &DeliveryLimits,
        encode: impl Encode,
    ) -> Result<(), CutError> {
        self.since_bytes = self.since_bytes.saturating_add(bytes);
        if self.since_bytes > limits.piece_bytes {
            self.since_bytes = 0;
            self.kept.add(Bytes::from(encode(self.kept.state())), limits.part_bytes_max)?;
        }
        Ok(())
    }

    /// What somebody with this state vector is sent. `edition` rises with each change of the document; `encode` encodes
    /// what is missing, and `now` is the state vector of the document.
    ///
    /// # Errors
    /// When our own encoding cannot be cut.
    pub fn give(
        &mut self,
        theirs: &StateVector,
        edition: u64,
        limits: &DeliveryLimits,
        encode: impl Encode,
        now: impl FnOnce() -> StateVector,
    ) -> Result<Given, CutError> {
        self.forget_dead();
        if let Some(same) = self.find(theirs, edition) {
            return Ok(Given { parts: same, behind: false });
        }
        let cut = |bytes: Vec<u8>| UpdateParts::cut(Bytes::from(bytes), limits.part_bytes_max);
        // Who is sent a difference while there are too many is sent what can be shared.
        if self.is_small(theirs, limits) && self.differences() <= limits.differences_bytes_max {
            let parts = Arc::new(Parts::of_update(cut(encode(theirs))?, now()));
            let bytes = parts.bytes();
            return Ok(self.remember(theirs, edition, bytes, parts, false));
        }
        let (made, whole) = match self.newest_whole() {
            Some(newest) if newest.0 == edition || self.wholes.len() >= limits.whole_states_max => newest,
            Some(_) | None => {
                let since = encode(self.kept.state());
                let has_kept = self.kept.structs() > 0;
                let gone = if has_kept { Deletions::of(&since)? } else { Deletions::default() };
                let whole = Whole { kept: self.kept.clone(), since: cut(since)?, gone, after: now() };
                let whole = Arc::new(whole);
                self.wholes.push((edition, Arc::downgrade(&whole)));
                (edition, whole)
            }
        };
        let (numbers, bytes) = whole.kept.missing(theirs);
        let kept = Some(OfKept { numbers, theirs: theirs.clone(), bytes });
        Ok(self.remember(theirs, made, 0, Arc::new(Parts { kept, update: whole }), made != edition))
    }

    /// Bytes that are encoded anew when somebody with this state vector asks.
    #[must_use]
    pub fn bytes_to_encode(&self, theirs: &StateVector, edition: u64, limits: &DeliveryLimits) -> usize {
        let is_made = |(made, whole): &(u64, Weak<Whole>)| *made == edition && whole.strong_count() > 0;
        if self.is_small(theirs, limits) {
            self.kept.missing(theirs).1.saturating_add(self.since_bytes)
        } else if self.wholes.iter().any(is_made) {
            0
        } else {
            self.since_bytes
        }
    }

    /// Is there an answer already for somebody with this state vector?
    #[must_use]
    pub fn has(&self, theirs: &StateVector, edition: u64) -> bool {
        self.find(theirs, edition).is_some()
    }

    /// Structs that an answer looks at, whatever it encodes: each may be deleted.
    #[must_use]
    pub const fn structs(&self) -> usize {
        self.kept.structs() + self.since_bytes / BYTES_OF_A_STRUCT
    }

    /// Is what somebody misses so little that it is encoded for them?
    fn is_small(&self, theirs: &StateVector, limits: &DeliveryLimits) -> bool {
        let bytes = || self.kept.missing(theirs).1.saturating_add(self.since_bytes);
        !theirs.entries().is_empty() && bytes() <= limits.difference_bytes_max
    }

    fn remember(
        &mut self,
        theirs: &StateVector,
        edition: u64,
        bytes: usize,
        parts: Arc<Parts>,
        behind: bool,
    ) -> Given {
        if parts.count() > 1 && !behind {
            let parts = Arc::downgrade(&parts);
            self.alive.push(Alive { theirs: theirs.clone(), edition, bytes, parts });
        }
        Given { parts, behind }
    }

    fn forget_dead(&mut self) {
        self.alive.retain(|one| one.parts.strong_count() > 0);
        self.wholes.retain(|(_, whole)| whole.strong_count() > 0);
    }

    fn find(&self, theirs: &StateVector, edition: u64) -> Option<Arc<Parts>> {
        let same = |one: &&Alive| one.edition == edition && one.theirs == *theirs;
        self.alive.iter().rev().filter(same).find_map(|one| one.parts.upgrade())
    }

    fn newest_whole(&self) -> Option<(u64, Arc<Whole>)> {
        self.wholes.iter().rev().find_map(|(edition, whole)| Some((*edition, whole.upgrade()?)))
    }

    /// Bytes of differences that are on their way.
    fn differences(&self) -> usize {
        self.alive.iter().map(|one| one.bytes).sum()
    }
}

/// A struct has about so many bytes, where nothing else is known: a letter behind another one.
const BYTES_OF_A_STRUCT: usize = 12;

#[cfg(test)]
mod tests;
