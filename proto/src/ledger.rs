//! The ledger: the readable record of what staff did. Roles and minutes, never a name, never hidden words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{GroupId, IdeaId};
use crate::phase::Phase;
use crate::role::Role;

/// One line of the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct LedgerEntry {
    /// The minute, in milliseconds since 1970.
    #[ts(type = "number")]
    pub at: u64,
    /// In which role.
    pub by: Role,
    /// The group it concerns; absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub group: Option<GroupId>,
    /// What was done.
    #[serde(flatten)]
    pub line: LedgerLine,
}

/// What staff did; the tag on the wire is `did`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(tag = "did", rename_all = "kebab-case")]
pub enum LedgerLine {
    /// An idea was sent to the plenary, or taken back.
    Promoted {
        /// Which.
        idea: IdeaId,
        /// Sent?
        on: bool,
    },
    /// An idea was taken off its board.
    Hidden {
        /// Which.
        idea: IdeaId,
        /// The id of the reason.
        reason: String,
    },
    /// A hidden idea is shown again.
    Unhidden {
        /// Which.
        idea: IdeaId,
    },
    /// Ideas that were held back are shown.
    Revealed {
        /// How many.
        ideas: u32,
    },
    /// An idea from the late shelf was let onto the board.
    Admitted {
        /// Which.
        idea: IdeaId,
    },
    /// The phase is another.
    Moved {
        /// Which.
        phase: Phase,
    },
    /// The door was opened or closed.
    Door {
        /// Opened?
        open: bool,
        /// When a closed one opens by itself, in milliseconds since 1970.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number")]
        opens_at: Option<u64>,
    },
    /// Cards were made.
    CardsMade {
        /// How many.
        cards: u32,
    },
    /// A card that nobody used is good for nothing.
    CardRevoked {},
    /// A lost card or phone was replaced.
    CardReplaced {},
    /// Somebody was moved into this group.
    SeatMoved {},
    /// The words of an objection to an item were deleted.
    ObjectionHidden {
        /// The item.
        item: IdeaId,
    },
    /// The list was built.
    Merged {
        /// Which run.
        run: u32,
    },
}
