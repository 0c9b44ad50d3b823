//! An event with what belongs to it: the command that asked for it, and what the ledger may tell of who decided it.

use proto::command::Command;
use proto::ids::CommandId;
use proto::role::Role;
use serde::{Deserialize, Serialize};

use super::{Event, Founding};
use crate::clock::{MINUTE, Millis};
use crate::consultation::hash::Hash32;

/// An event with the command that asked for it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EventRecord {
    /// The command's id, by which a repetition is recognised; none for what the server did by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandKey>,
    /// Who decided it and when, if it is something that the ledger tells; none for what participants do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
    /// What is so from now on.
    pub event: Event,
}

/// Who of the staff decided something, as a role, and the minute.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Stamp {
    /// When, cut to the minute: milliseconds since 1970-01-01 UTC.
    pub at: Millis,
    pub by: Role,
}

impl Stamp {
    /// Somebody of this role, in this minute.
    #[must_use]
    pub const fn now(by: Role, now: Millis) -> Self {
        Self { at: now - now % MINUTE, by }
    }
}

impl EventRecord {
    /// The first record of a consultation: that it exists.
    #[must_use]
    pub const fn founding(founding: Founding) -> Self {
        Self { command: None, stamp: None, event: Event::Founded(founding) }
    }

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
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct CommandKey {
    pub id: CommandId,
    /// The hash of its content without what people wrote; none in what was written before format 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<Hash32>,
    /// The hash of its whole content: in memory only, because it would confirm a guess of words that were deleted.
    #[serde(skip)]
    said: Option<Hash32>,
}

impl CommandKey {
    /// This command.
    #[must_use]
    pub fn of(command: &Command) -> Self {
        Self {
            id: command.id,
            content: Some(Hash32(command.action.content_hash_without_words())),
            said: Some(Hash32(command.action.content_hash())),
        }
    }

    /// Do both say the same, as far as that is still known?
    #[must_use]
    pub fn says_as(&self, other: &Self) -> bool {
        let same = |a: Option<Hash32>, b: Option<Hash32>| a.is_none() || b.is_none() || a == b;
        same(self.content, other.content) && same(self.said, other.said)
    }
}

#[cfg(test)]
mod tests {
    use proto::command::Action;
    use uuid::Uuid;

    use super::*;

    fn edit(text: &str) -> Command {
        let [idea, receipt] = [7_u128, 8].map(|n| Uuid::from_u128(n).to_string());
        let receipt = receipt.replace('-', "").repeat(2);
        let action = serde_json::json!({ "do": "edit", "idea": idea, "receipt": receipt, "text": text });
        let action: Action = serde_json::from_value(action).unwrap();
        Command { id: CommandId(Uuid::from_u128(9)), action }
    }

    #[test]
    fn c25_the_journal_holds_no_hash_that_a_guess_of_the_words_confirms() {
        let written = |text: &str| serde_json::to_string(&CommandKey::of(&edit(text))).unwrap();
        assert_eq!(written("Call Maria on 079 555 01 23"), written("Anything else"));
    }

    #[test]
    fn c2_other_words_under_the_same_id_are_a_conflict_until_a_restart_and_the_same_command_never_is() {
        let known = CommandKey::of(&edit("one"));
        assert!(known.says_as(&CommandKey::of(&edit("one"))));
        assert!(!known.says_as(&CommandKey::of(&edit("two"))));
        let read: CommandKey = serde_json::from_str(&serde_json::to_string(&known).unwrap()).unwrap();
        assert!(read.says_as(&CommandKey::of(&edit("one"))), "it is answered as before");
        let other = Command { action: Action::Merge {}, ..edit("one") };
        assert!(!read.says_as(&CommandKey::of(&other)), "another command is told apart after a restart, too");
        let of_format_2: CommandKey =
            serde_json::from_str(&format!("{{\"id\":\"{}\"}}", Uuid::from_u128(9))).unwrap();
        assert!(of_format_2.says_as(&CommandKey::of(&edit("one"))));
    }
}
