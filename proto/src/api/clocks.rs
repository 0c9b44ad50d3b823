//! The pace of the day: which clock is meant, a phase change that was announced, and what came too late for a board.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::command::Kind;
use crate::ids::{IdeaId, PointId};
use crate::phase::Phase;

/// Which clock is made longer or shorter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ClockOf {
    /// That of the phase.
    #[default]
    Phase,
    /// That of the current discussion point.
    Point,
}

/// A phase change that was announced: people finish their sentence, and phones send what they still have.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct AnnouncedState {
    /// The phase that begins at `at`.
    pub phase: Phase,
    /// When at the latest, by the server's clock, in milliseconds since 1970.
    #[ts(type = "number")]
    pub at: u64,
}

/// `GET /api/boards/{group-id}/late`: what arrived after the board was locked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
pub struct LateShelf {
    /// How many there are.
    pub count: u32,
    /// The ideas in the order in which they came; empty for those who may see only how many there are.
    pub ideas: Vec<LateIdea>,
}

/// An idea that arrived late.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct LateIdea {
    pub id: IdeaId,
    /// Its words, as they lie on the shelf.
    pub text: String,
    /// The discussion point it answers.
    pub point: PointId,
    /// What it is.
    pub kind: Option<Kind>,
    /// BCP 47 tag, or empty.
    pub lang: String,
}
