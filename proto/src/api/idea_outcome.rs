//! What became of one's own ideas, told to whoever holds their receipts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{ConsultationId, IdeaId, Receipt};
use crate::plenary::{Section, Status};

/// `POST /api/follow`: no token, because a receipt proves itself; never in an address.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Follow {
    /// Where they were shared.
    pub consultation: ConsultationId,
    /// The ideas with their receipts.
    pub ideas: Vec<Owned>,
}

/// An idea with the proof that it is one's own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Owned {
    pub idea: IdeaId,
    /// The secret that its author kept; a wrong one is answered as if there were no such idea.
    pub receipt: Receipt,
}

/// The answer to [`Follow`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Followed {
    /// In the order in which they were asked for.
    pub ideas: Vec<IdeaOutcome>,
}

/// What became of an idea.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct IdeaOutcome {
    pub idea: IdeaId,
    /// Where it is.
    pub place: Whereabouts,
    /// Why it is hidden: the id of a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
    /// The idea that it is combined with on its board.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub combined: Option<IdeaId>,
    /// Did its group send it to the plenary?
    pub promoted: bool,
    /// Where it stands on the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub listed: Option<Listed>,
}

impl IdeaOutcome {
    /// All that is told without the right receipt: the same for an idea of others, one that never was, and one that
    /// was taken back.
    #[must_use]
    pub const fn unknown(idea: IdeaId) -> Self {
        Self {
            idea,
            place: Whereabouts::Unknown,
            reason: None,
            combined: None,
            promoted: false,
            listed: None,
        }
    }
}

/// Where an idea is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Whereabouts {
    /// Not here, or not of this receipt.
    Unknown,
    /// Recorded, and held back until the board is revealed.
    Held,
    /// Recorded, and waiting for a moderator.
    Waiting,
    /// On its board.
    Shown,
    /// Taken off its board.
    Hidden,
    /// It came after its phase was closed, and lies on the late shelf.
    Late,
}

/// Where an idea stands on the list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Listed {
    pub item: IdeaId,
    pub section: Section,
    /// Above or below the line.
    pub status: Status,
    /// The number that people see, in its section from 1.
    pub number: u32,
    /// Does the entry say it in other words than the idea had?
    pub reworded: bool,
    /// What the entry says.
    pub wording: String,
}
