//! What a command says of an idea: the idea itself on its way to a board, and why it should be looked at.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{GroupId, IdeaId, PointId, ReceiptHash};

/// What an idea is. Shown as an icon, a word and a coloured edge; the plenary has its sections by it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something that is hard.
    Challenge,
    /// Something that could be used.
    Opportunity,
    /// Something that somebody should do.
    Recommendation,
    /// People who could work together.
    Partnership,
    /// Something that works already.
    GoodPractice,
}

impl Kind {
    /// Every kind, in the order of the screens.
    pub const ALL: [Self; 5] =
        [Self::Challenge, Self::Opportunity, Self::Recommendation, Self::Partnership, Self::GoodPractice];

    /// The word used on the wire and in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Challenge => "challenge",
            Self::Opportunity => "opportunity",
            Self::Recommendation => "recommendation",
            Self::Partnership => "partnership",
            Self::GoodPractice => "good-practice",
        }
    }
}

/// An idea on its way to a board.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Share {
    /// Chosen by the author's phone.
    pub idea: IdeaId,
    /// The board it goes to.
    pub group: GroupId,
    /// The discussion point it answers; absent: the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub point: Option<PointId>,
    /// What it is; absent: not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub kind: Option<Kind>,
    /// BCP 47 tag of its language; empty or absent: not known.
    #[serde(default)]
    #[ts(optional, as = "Option<String>")]
    pub lang: String,
    pub text: String,
    /// The SHA-256 of the receipt that only the author's phone holds.
    pub receipt: ReceiptHash,
    /// Written by staff for somebody without a phone. Only staff may say so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub spoken: bool,
}

/// Why somebody says that an idea should be looked at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ReportReason {
    /// It hurts people.
    Abuse,
    /// Somebody may be in danger.
    Danger,
    /// Whatever the other reasons do not say.
    Other,
}
