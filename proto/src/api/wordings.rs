//! Earlier wordings of an idea, as its moderator sees them: words and minutes, nobody's name.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::IdeaId;

/// `GET /api/boards/{group-id}/wordings/{idea-id}`: earlier words of an idea (C14).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Wordings {
    pub idea: IdeaId,
    /// At most 12, the oldest first.
    pub wordings: Vec<Wording>,
}

/// `GET /api/boards/{group-id}/wordings[?from=N]`: earlier words of the ideas of a group, a page of them (C14).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct WordingsPage {
    /// How many ideas have other words than they were shared with.
    pub all: u32,
    /// Of these ideas, from the place that was asked for.
    pub ideas: Vec<Wordings>,
}

/// The words that an idea had when it had been quiet for a while.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Wording {
    /// Its number, from 1; what `restore` names.
    pub wording: u32,
    /// When, cut to the minute: milliseconds since 1970-01-01 UTC.
    #[ts(type = "number")]
    pub at: u64,
    pub text: String,
}
