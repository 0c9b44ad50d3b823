//! An awareness update from outside: who is here, as JSON per client id, or a refusal; and what the server relays.
//!
//! Guarantees ids of people, each once, and states that are JSON objects of bounded size or null. It does not know whose
//! ids they are nor what may stand in a state: the server takes from it the few fields that rule W9 names and writes
//! what it relays itself.

use crate::ids::ClientId;

use super::limits::GateLimits;
use super::reader::{Reader, put_number, put_text};
use super::refusal::Refusal;

/// The presence of one page.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct AwarenessEntry {
    pub client: ClientId,
    /// Rises with each change.
    pub clock: u32,
    /// JSON text of an object; nothing: it is gone.
    pub state: Option<String>,
}

/// What somebody says about who is here.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AwarenessUpdate {
    entries: Vec<AwarenessEntry>,
}

impl AwarenessUpdate {
    /// Reads an awareness update from outside.
    ///
    /// # Errors
    /// When it is malformed, too large, names a client twice, or a state is neither a JSON object nor null.
    pub fn read(bytes: &[u8], limits: &GateLimits) -> Result<Self, Refusal> {
        let mut reader = Reader::new(bytes);
        let count = reader.count(3)?;
        if count > limits.awareness_entries_max {
            return Err(Refusal::TooMany);
        }
        let mut entries: Vec<AwarenessEntry> = Vec::with_capacity(count);
        for _ in 0..count {
            let client = reader.person()?;
            if entries.iter().any(|entry| entry.client == client) {
                return Err(Refusal::ClientTwice);
            }
            let clock = reader.clock()?;
            let state = read_state(reader.text()?, limits)?;
            entries.push(AwarenessEntry { client, clock, state });
        }
        reader.end()?;
        Ok(Self { entries })
    }

    /// Its entries, as they came.
    #[must_use]
    pub fn entries(&self) -> &[AwarenessEntry] {
        &self.entries
    }

    /// Its entries, to keep.
    #[must_use]
    pub fn into_entries(self) -> Vec<AwarenessEntry> {
        self.entries
    }
}

/// Writes an awareness update: what the server relays.
#[must_use]
pub fn write_awareness<'a>(entries: impl IntoIterator<Item = &'a AwarenessEntry>) -> Vec<u8> {
    let (mut count, mut written) = (0, Vec::new());
    for entry in entries {
        count += 1;
        put_number(&mut written, entry.client.0);
        put_number(&mut written, u64::from(entry.clock));
        put_text(&mut written, entry.state.as_deref().unwrap_or("null"));
    }
    let mut out = Vec::with_capacity(written.len() + 2);
    put_number(&mut out, count);
    out.append(&mut written);
    out
}

fn read_state(json: &str, limits: &GateLimits) -> Result<Option<String>, Refusal> {
    if json.len() > limits.awareness_state_bytes_max {
        return Err(Refusal::TooLarge);
    }
    if json == "null" {
        return Ok(None);
    }
    // Walks the value without building it, and without recursion.
    let valid = serde_json::from_str::<serde::de::IgnoredAny>(json).is_ok();
    if valid && json.starts_with('{') { Ok(Some(json.to_owned())) } else { Err(Refusal::NotAnObject) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(client: u64, state: &str) -> Vec<u8> {
        let mut bytes = vec![1];
        put_number(&mut bytes, client);
        put_number(&mut bytes, 3);
        put_text(&mut bytes, state);
        bytes
    }

    fn read(bytes: &[u8]) -> Result<Vec<AwarenessEntry>, Refusal> {
        AwarenessUpdate::read(bytes, &GateLimits::default()).map(AwarenessUpdate::into_entries)
    }

    #[test]
    fn w9_what_is_written_reads_back() {
        let entries = vec![
            AwarenessEntry { client: ClientId(7), clock: 3, state: Some(r#"{"idea":null}"#.to_owned()) },
            AwarenessEntry { client: ClientId(0xffff_ffff), clock: 0, state: None },
        ];
        assert_eq!(read(&write_awareness(&entries)), Ok(entries.clone()));
        let update = AwarenessUpdate::read(&write_awareness(&entries), &GateLimits::default()).unwrap();
        assert_eq!(update.entries(), entries);
        assert_eq!(read(b"\x00"), Ok(vec![]));
    }

    #[test]
    fn w9_a_state_is_an_object_or_null() {
        assert_eq!(read(&one(1, "null")).unwrap()[0].state, None);
        for state in ["", "1", "[]", "\"{}\"", "{", "{}}", "{\"a\":}", "{}x", "true", "NULL"] {
            assert_eq!(read(&one(1, state)), Err(Refusal::NotAnObject), "{state}");
        }
    }

    #[test]
    fn nesting_takes_no_stack() {
        let deep = format!("{{\"a\":{}", "[".repeat(2000));
        assert_eq!(read(&one(1, &deep)), Err(Refusal::NotAnObject));
        let limits = GateLimits { awareness_state_bytes_max: 1 << 20, ..GateLimits::default() };
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
        let read = AwarenessUpdate::read(&one(1, &deep), &limits);
        assert!(matches!(read, Ok(_) | Err(Refusal::NotAnObject)));
    }

    #[test]
    fn as_many_entries_and_bytes_as_there_may_be_are_read() {
        let limits =
            GateLimits { awareness_entries_max: 2, awareness_state_bytes_max: 4, ..GateLimits::default() };
        let entries = |count: u64, state: &str| {
            let all: Vec<_> = (0..count)
                .map(|id| AwarenessEntry { client: ClientId(id), clock: 1, state: Some(state.to_owned()) })
                .collect();
            AwarenessUpdate::read(&write_awareness(&all), &limits).map(|update| update.entries().len())
        };
        assert_eq!(entries(2, "{  }"), Ok(2));
        assert_eq!(entries(3, "{  }"), Err(Refusal::TooMany));
        assert_eq!(entries(1, "{   }"), Err(Refusal::TooLarge));
    }

    #[test]
    fn malformed_and_lying_ones_are_refused() {
        assert_eq!(read(b"\x80\x80\x80\x40"), Err(Refusal::Cut));
        assert_eq!(read(&one(1, &format!("{{\"a\":\"{}\"}}", "x".repeat(3000)))), Err(Refusal::TooLarge));
        assert_eq!(read(&one(1 << 32, "{}")), Err(Refusal::ClientIdRange));
        let mut twice = vec![2];
        twice.extend_from_slice(&one(1, "{}")[1..]);
        twice.extend_from_slice(&one(1, "null")[1..]);
        assert_eq!(read(&twice), Err(Refusal::ClientTwice));
        let mut trailing = one(1, "{}");
        trailing.push(0);
        assert_eq!(read(&trailing), Err(Refusal::Trailing));
        assert_eq!(read(&[65; 200]), Err(Refusal::TooMany));
        assert_eq!(read(b"\x01\x01\x01\x02\xff\xff"), Err(Refusal::Text));
    }
}
