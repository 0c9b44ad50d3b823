//! An event with what belongs to it: the command that asked for it, and what the ledger may tell of who decided it.

use proto::ids::CommandId;
use proto::role::Role;
use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::clock::Millis;

/// A 32-byte hash as hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hash32(#[serde(with = "hex::serde")] pub [u8; 32]);

/// An event with the command that asked for it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// The command's id, by which a repetition is recognised; none for what the server did by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Asked>,
    /// Who decided it and when, if it is something that the ledger tells; none for what participants do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
    /// What is so from now on.
    pub event: Event,
}

/// Who of the staff decided something, as a role, and the minute.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stamp {
    /// The minute, in milliseconds since 1970.
    pub at: Millis,
    /// The role.
    pub by: Role,
}

impl Stamp {
    /// The ledger knows minutes, nothing finer.
    const MINUTE: Millis = 60_000;

    /// Somebody of this role, in this minute.
    #[must_use]
    pub const fn now(by: Role, now: Millis) -> Self {
        Self { at: now - now % Self::MINUTE, by }
    }
}

impl Decision {
    /// As it stands in the journal.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Its keys are strings: it can always be written as JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// As it was read from the journal.
    ///
    /// # Errors
    /// When it was written by a later version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}

/// A command that was carried out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Its id.
    pub id: CommandId,
    /// The hash of its content.
    pub content: Hash32,
}
