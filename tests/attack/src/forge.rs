//! Updates written by hand, honest or not, and both envelopes around them.

use bytes::Bytes;

/// Who wrote a unit, and which of theirs it is.
pub type Id = (u64, u32);

/// Any struct that a liar may write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Forged {
    /// A deletion that says nothing about where it was.
    Gc(u32),
    /// Characters or a deletion with its references.
    Item {
        /// What stands before it.
        left: Option<Id>,
        /// What stands behind it.
        right: Option<Id>,
        /// In what; written only when both others are absent.
        parent: Option<Id>,
        /// Nothing: deleted, of this length.
        words: Result<String, u32>,
    },
}

impl Forged {
    /// Clocks that it takes.
    #[must_use]
    pub fn units(&self) -> u32 {
        match self {
            Self::Gc(units) | Self::Item { words: Err(units), .. } => *units,
            Self::Item { words: Ok(words), .. } => u32::try_from(words.encode_utf16().count()).unwrap(),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let (left, right, parent, words) = match self {
            Self::Gc(units) => {
                out.push(0);
                return number(out, u64::from(*units));
            }
            Self::Item { left, right, parent, words } => (left, right, parent, words),
        };
        let origins = if left.is_some() { 0x80 } else { 0 } | if right.is_some() { 0x40 } else { 0 };
        out.push(origins | if words.is_ok() { 4 } else { 1 });
        for origin in left.iter().chain(right) {
            id(out, *origin);
        }
        if left.is_none() && right.is_none() {
            match parent {
                Some(parent) => {
                    number(out, 0);
                    id(out, *parent);
                }
                None => {
                    number(out, 1);
                    string(out, "ideas");
                }
            }
        }
        match words {
            Ok(words) => string(out, words),
            Err(units) => number(out, u64::from(*units)),
        }
    }
}

/// The structs of one client id, from a clock on.
pub type Section = (u64, u32, Vec<Forged>);

/// The delete ranges (start, length) of one client id.
pub type Ranges = (u64, Vec<(u32, u32)>);

/// The update (v1) that says so.
#[must_use]
pub fn update(sections: &[Section], deletes: &[Ranges]) -> Vec<u8> {
    let mut out = Vec::new();
    number(&mut out, sections.len() as u64);
    for (client, clock, structs) in sections {
        number(&mut out, structs.len() as u64);
        id(&mut out, (*client, *clock));
        for forged in structs {
            forged.write(&mut out);
        }
    }
    number(&mut out, deletes.len() as u64);
    for (client, ranges) in deletes {
        number(&mut out, *client);
        number(&mut out, ranges.len() as u64);
        for (start, length) in ranges {
            number(&mut out, u64::from(*start));
            number(&mut out, u64::from(*length));
        }
    }
    out
}

/// A message of the Hocuspocus wire: its key, its type, and what follows.
#[must_use]
pub fn message(key: &str, kind: &[u8], payload: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(key.len() + payload.len() + 8);
    string(&mut out, key);
    out.extend_from_slice(kind);
    number(&mut out, payload.len() as u64);
    out.extend_from_slice(payload);
    out.into()
}

/// Kinds of messages, as [`message`] wants them.
pub mod kind {
    /// A state vector.
    pub const STEP1: &[u8] = &[0, 0];
    /// What was missing.
    pub const STEP2: &[u8] = &[0, 1];
    /// A sync update, payload of Yjs version 1.
    pub const UPDATE: &[u8] = &[0, 2];
    /// An awareness update.
    pub const AWARENESS: &[u8] = &[1];
}

/// A number in its variable length.
pub fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn id(out: &mut Vec<u8>, (client, clock): Id) {
    number(out, client);
    number(out, u64::from(clock));
}

/// A string behind its length.
pub fn string(out: &mut Vec<u8>, text: &str) {
    number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}
