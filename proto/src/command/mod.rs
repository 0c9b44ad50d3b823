//! Everything that a person can decide, in one enum.
//!
//! A command is a typed message with an id chosen by its sender: authorized, journaled once, answered when durable,
//! safe to send again. The same id with other content is a conflict. Unknown fields are refused: a field that the
//! server does not know is a wish that it would silently drop.

mod action;
mod content_hash;
mod share;

pub use action::Action;
pub use share::{Kind, ReportReason, Share};

use serde_json::{Map, Value};

use crate::ids::CommandId;

/// A command with its id: `{"id": "<uuid>", "do": "approve", …}`.
#[derive(Clone, PartialEq, Debug)]
pub struct Command {
    /// Chosen by the sender; the same id again is the same command.
    pub id: CommandId,
    /// What to do.
    pub action: Action,
}

/// What is wrong with a command's JSON.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// Not JSON at all, or not an object.
    #[error("a command is a JSON object: {0}")]
    NotAnObject(String),
    /// No `id`, or not a UUID.
    #[error("a command needs an \"id\" that is a UUID")]
    NoId,
    /// An unknown `do`, a missing or unknown field, a wrong type.
    #[error("{0}")]
    Malformed(String),
}

impl Command {
    /// Reads a command from JSON.
    ///
    /// # Errors
    /// When it is not an object, has no id, or its fields are not those of its `do`.
    pub fn from_json(text: &str) -> Result<Self, CommandError> {
        let fields: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| CommandError::NotAnObject(error.to_string()))?;
        Self::from_fields(fields)
    }

    /// Reads a command from the fields of a JSON object.
    ///
    /// # Errors
    /// As [`Command::from_json`].
    pub fn from_fields(mut fields: Map<String, Value>) -> Result<Self, CommandError> {
        let id = fields.remove("id").and_then(|id| id.as_str().and_then(|id| id.parse().ok()));
        let id = id.ok_or(CommandError::NoId)?;
        let action = serde_json::from_value(Value::Object(fields))
            .map_err(|error| CommandError::Malformed(error.to_string()))?;
        Ok(Self { id, action })
    }

    /// The JSON object of this command.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut value = serde_json::to_value(&self.action).unwrap_or_default();
        if let Value::Object(fields) = &mut value {
            fields.insert("id".to_owned(), Value::String(self.id.to_string()));
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::IdeaId;

    #[test]
    fn a_command_reads_back_as_it_was_written() {
        let text = r#"{"id":"00000000-0000-0000-0000-000000000001","do":"approve","idea":"00000000-0000-0000-0000-000000000002","on":true}"#;
        let command = Command::from_json(text).unwrap();
        assert_eq!(
            command.action,
            Action::Approve { idea: IdeaId(uuid::Uuid::from_u128(2)), on: true, counter: None }
        );
        assert_eq!(Command::from_json(&command.to_json().to_string()).unwrap(), command);
    }

    #[test]
    fn unknown_fields_and_wrong_types_are_refused() {
        for text in [
            r#"{"id":"00000000-0000-0000-0000-000000000001","do":"merge","x":1}"#,
            r#"{"id":"00000000-0000-0000-0000-000000000001","do":"approve","idea":"00000000-0000-0000-0000-000000000002","on":"yes"}"#,
            r#"{"id":"00000000-0000-0000-0000-000000000001","do":"fly"}"#,
            r#"{"id":"1","do":"merge"}"#,
            r#"{"do":"merge"}"#,
            "[]",
            "{",
        ] {
            assert!(Command::from_json(text).is_err(), "{text}");
        }
    }
}
