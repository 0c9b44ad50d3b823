//! The JSON that travels in stateless messages on `/sync`.
//!
//! On `consultation/<id>`: commands go up; answers and the consultation's state come down. On any document: a refusal.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use ts_rs::TS;

use crate::api::consultation::{Answer, ConsultationState, You};
use crate::api::curation::Curation;
use crate::api::desk::{Alerts, Desk};
use crate::command::{Command, CommandError};
use crate::ids::{CommandId, ConsultationId, GroupId};
use crate::problem::Problem;

/// What a phone says in a stateless message.
#[derive(Clone, PartialEq, Debug)]
pub enum ClientMessage {
    /// `{"type": "command", "id": …, "do": …, …}`.
    Command(Command),
    /// `{"type": "unsent", "count": …}`: how many things this phone has not sent yet. Told when it begins to have some
    /// and when it has none any more; kept in memory only.
    Unsent(u32),
}

impl ClientMessage {
    /// Reads the payload of a stateless message.
    ///
    /// # Errors
    /// When it is not a message that phones send.
    pub fn from_json(text: &str) -> Result<Self, CommandError> {
        let mut fields: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| CommandError::NotAnObject(error.to_string()))?;
        match fields.remove("type").as_ref().and_then(Value::as_str) {
            Some("command") => Command::from_fields(fields).map(Self::Command),
            Some("unsent") => {
                let count =
                    fields.get("count").and_then(Value::as_u64).and_then(|count| u32::try_from(count).ok());
                count.filter(|_| fields.len() == 1).map(Self::Unsent).ok_or_else(|| {
                    CommandError::Malformed(
                        "\"unsent\" has a \"count\", a whole number, and nothing else".to_owned(),
                    )
                })
            }
            _ => Err(CommandError::Malformed(
                "the \"type\" of a message from a phone is \"command\" or \"unsent\"".to_owned(),
            )),
        }
    }

    /// The payload of this message.
    #[must_use]
    pub fn to_json(&self) -> String {
        match self {
            Self::Command(command) => {
                let mut value = command.to_json();
                if let Value::Object(fields) = &mut value {
                    fields.insert("type".to_owned(), Value::String("command".to_owned()));
                }
                value.to_string()
            }
            Self::Unsent(count) => json!({ "type": "unsent", "count": count }).to_string(),
        }
    }
}

/// What the server says in a stateless message.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "lowercase")]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum ServerMessage {
    /// The first message after *authenticated* on `consultation/<id>`: what this server speaks (rule W18).
    Welcome {
        /// The number of the protocol that the server speaks, [`crate::PROTOCOL`].
        protocol: u32,
    },
    /// The consultation as everybody sees it.
    State {
        /// All of it.
        state: ConsultationState,
    },
    /// What concerns this seat alone.
    You {
        /// All of it.
        you: You,
    },
    /// What staff see beside the list.
    Curation {
        /// All of it.
        curation: Curation,
    },
    /// What staff at a desk are told of their groups.
    Desk {
        /// All of it.
        desk: Desk,
    },
    /// What became of ideas of this group may be another than before; whoever holds receipts asks `POST /api/follow`
    /// again (rule C26). It names no idea, because the server does not know whose they are.
    Fates { group: GroupId },
    /// The consultation was deleted; a page forgets what it kept of it.
    Purged { consultation: ConsultationId },
    /// What the safeguarding contact alone is told.
    Alerts(Alerts),
    /// A command is durable and done.
    Answer(Answer),
    /// A command was refused and changed nothing.
    Problem {
        /// The command; `null` when its id could not be read.
        id: Option<CommandId>,
        /// Why it was refused.
        problem: Problem,
    },
    /// A document ended on this connection; a CLOSE follows.
    Refused {
        /// The document, as the client named it.
        document: String,
        /// Why it was refused.
        problem: Problem,
    },
}
