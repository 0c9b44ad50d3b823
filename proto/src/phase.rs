//! Where a consultation, or one of its groups, stands in the day.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The phases in their order. The day steps forward, and back when it has to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// People arrive and choose or get a group; nobody writes yet.
    Lobby,
    /// An expert presents the topic.
    Briefing,
    /// Groups write and improve ideas.
    Brainstorm,
    /// Groups approve ideas; texts are locked.
    Vote,
    /// The results are shown; groups word what they send to the plenary, and sign their cards off.
    Review,
    /// Groups report back; the merged list is edited.
    Plenary,
    /// The doors are closed; everything can still be read.
    Closed,
}

impl Phase {
    /// Every phase, in order, for tables and tests.
    pub const ALL: [Self; 7] = [
        Self::Lobby,
        Self::Briefing,
        Self::Brainstorm,
        Self::Vote,
        Self::Review,
        Self::Plenary,
        Self::Closed,
    ];

    /// May texts on a group's board be edited now, by those who may edit at all?
    #[must_use]
    pub const fn board_is_open(self) -> bool {
        matches!(self, Self::Brainstorm)
    }

    /// Is the vote over? Only then do hidden tallies appear.
    #[must_use]
    pub const fn vote_is_over(self) -> bool {
        matches!(self, Self::Review | Self::Plenary | Self::Closed)
    }

    /// The word used on the wire and in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lobby => "lobby",
            Self::Briefing => "briefing",
            Self::Brainstorm => "brainstorm",
            Self::Vote => "vote",
            Self::Review => "review",
            Self::Plenary => "plenary",
            Self::Closed => "closed",
        }
    }
}
