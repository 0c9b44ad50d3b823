//! Earlier wordings of an idea, as its moderator sees them: words and minutes, nobody's name.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::IdeaId;

/// `GET /api/boards/{group-id}/wordings/{idea-id}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Wordings {
    /// The idea.
    pub idea: IdeaId,
    /// Oldest first.
    pub wordings: Vec<Wording>,
}

/// The words that an idea had when it had been quiet for a while.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Wording {
    /// Its number, from 1; what `restore` names.
    pub wording: u32,
    /// When, cut to the minute: milliseconds since 1970-01-01 UTC.
    #[ts(type = "number")]
    pub at: u64,
    /// The words.
    pub text: String,
}
