//! A state vector from outside: what somebody says to have, or a refusal.
//!
//! yrs would allocate by the count that stands at its head; this reader allocates by the bytes that are there.

use std::collections::BTreeMap;

use crate::ids::ClientId;

use super::limits::GateLimits;
use super::reader::Reader;
use super::refusal::Refusal;

/// The next clock per client id, as somebody else has them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StateVector {
    entries: Vec<(ClientId, u32)>,
}

impl StateVector {
    /// Reads a state vector (v1) from outside.
    ///
    /// # Errors
    /// When it is malformed, names a client twice or is larger than any honest one.
    pub fn read(bytes: &[u8], limits: &GateLimits) -> Result<Self, Refusal> {
        let mut reader = Reader::new(bytes);
        let count = reader.count(2)?;
        if count > limits.state_vector_entries_max {
            return Err(Refusal::TooMany);
        }
        let mut entries = Vec::with_capacity(count);
        for _ in 0..count {
            entries.push((reader.client()?, reader.clock()?));
        }
        reader.end()?;
        entries.sort_unstable();
        if entries.windows(2).any(|pair| pair.first().map(|e| e.0) == pair.last().map(|e| e.0)) {
            return Err(Refusal::ClientTwice);
        }
        Ok(Self { entries })
    }

    /// One of our own document: entries in rising order of ids, each once ([`super::TextIndex::state`]).
    #[must_use]
    pub fn of_document(entries: impl Iterator<Item = (ClientId, u32)>) -> Self {
        Self { entries: entries.collect() }
    }

    /// Its entries in rising order of ids.
    #[must_use]
    pub fn entries(&self) -> &[(ClientId, u32)] {
        &self.entries
    }

    /// The next clock of a client id; 0 when nothing is known of it.
    #[must_use]
    pub fn clock(&self, client: ClientId) -> u32 {
        let found = self.entries.binary_search_by_key(&client, |entry| entry.0);
        found.ok().and_then(|at| self.entries.get(at)).map_or(0, |entry| entry.1)
    }

    /// Takes in what somebody else has besides.
    pub(super) fn join(&mut self, others: impl Iterator<Item = (ClientId, u32)>) {
        let mut all: BTreeMap<ClientId, u32> = self.entries.drain(..).collect();
        for (client, clock) in others {
            let known = all.entry(client).or_default();
            *known = clock.max(*known);
        }
        self.entries.extend(all);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<(u64, u32)>, Refusal> {
        let state = StateVector::read(bytes, &GateLimits::default())?;
        Ok(state.entries().iter().map(|(client, clock)| (client.0, *clock)).collect())
    }

    #[test]
    fn entries_are_read_in_any_order() {
        assert_eq!(read(b"\x00"), Ok(vec![]));
        assert_eq!(read(b"\x02\x09\x01\x05\x80\x01"), Ok(vec![(5, 128), (9, 1)]));
    }

    #[test]
    fn a_count_that_cannot_be_true_allocates_nothing() {
        assert_eq!(read(b"\x80\x80\x80\x40"), Err(Refusal::Cut));
        assert_eq!(read(b"\xff\xff\xff\x7a"), Err(Refusal::Cut));
        assert_eq!(read(b"\x02\x09\x01"), Err(Refusal::Cut));
        assert_eq!(read(b""), Err(Refusal::Cut));
    }

    #[test]
    fn malformed_ones_are_refused() {
        assert_eq!(read(b"\x02\x09\x01\x09\x02"), Err(Refusal::ClientTwice));
        assert_eq!(read(b"\x00\x00"), Err(Refusal::Trailing));
        assert_eq!(read(b"\x01\x80\x00\x01"), Err(Refusal::Number));
        assert_eq!(read(b"\x01\x01\xff\xff\xff\xff\x07"), Err(Refusal::ClockRange));
        assert_eq!(read(b"\x01\xff\xff\xff\xff\xff\xff\x01\x01"), Err(Refusal::ClientIdRange));
        let limits = GateLimits { state_vector_entries_max: 1, ..GateLimits::default() };
        assert_eq!(StateVector::read(b"\x02\x01\x01\x02\x01", &limits), Err(Refusal::TooMany));
        assert!(StateVector::read(b"\x01\x01\x01", &limits).is_ok());
    }
}
