//! A group's card: what its rapporteur says of it in the plenary, and how the group signs it off.
//!
//! Answers are counted, and lines are read; whose they are is in no message.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::translations::Translation;
use crate::command::Kind;
use crate::ids::{GroupId, IdeaId, NoteId, PointId};

/// `GET /api/consultations/{id}/group-cards/{group}`: what a group sends to the plenary, to check and to sign.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct GroupCard {
    pub group: GroupId,
    pub name: String,
    /// How long its rapporteur may speak: the minutes of the plenary, divided among the groups that report.
    pub seconds: u32,
    /// What it promoted, in the order in which it is read out.
    pub ideas: Vec<CardIdea>,
    /// One thing about which it did not agree; absent while votes are hidden, and when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub disagreement: Option<Disagreement>,
    /// How many took part.
    pub figures: CardFigures,
    /// What the group says of this card.
    pub signed: Signed,
}

/// [`GroupCard`] with what concerns the asker alone.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct GroupCardView {
    #[serde(flatten)]
    pub card: GroupCard,
    /// What the asker said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub own: Option<OwnAnswer>,
}

/// What a seat said of its group's card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct OwnAnswer {
    /// This is what we said?
    pub agree: bool,
    /// Its line, if it wrote one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub line: Option<String>,
}

/// An idea on a card, in the words of the board.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct CardIdea {
    pub id: IdeaId,
    /// Its words as the board has them now: the group's wording, if it was promoted.
    pub text: String,
    /// The words of the idea, where the group words it otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub original: Option<String>,
    /// BCP 47 tag, or empty when it is not known.
    pub lang: String,
    /// Language → the same in that language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(optional, as = "Option<BTreeMap<String, Translation>>")]
    pub translations: BTreeMap<String, Translation>,
    /// The discussion point it answers.
    pub point: PointId,
    /// What it is.
    pub kind: Option<Kind>,
    /// Votes; `null` while they are hidden.
    pub votes: Option<u32>,
}

/// One thing about which a group did not agree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Disagreement {
    /// Why it is told.
    pub why: Why,
    #[serde(flatten)]
    pub idea: CardIdea,
}

/// Why a disagreement is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It was not promoted, though it has more votes than something that was.
    Unpromoted,
    /// About half of those who voted approve it.
    Divided,
}

/// How many took part in a group.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct CardFigures {
    /// Participants who have a seat in it: how many could sign.
    pub seats: u32,
    /// Participants who approve anything; `null` while votes are hidden.
    pub voters: Option<u32>,
    /// Ideas on its board.
    pub ideas: u32,
}

/// What a group says of its card.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Signed {
    /// How many say: this is what we said.
    pub agreed: u32,
    /// What is missing, each in one line, also of people who agree.
    pub notes: Vec<Note>,
}

/// A line that travels with the card as a minority note.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Note {
    pub id: NoteId,
    /// The line; absent when it is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub line: Option<String>,
    /// Why it is hidden: the id of a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hidden: Option<String>,
    /// The line of one that is hidden because it says something like deleted words, for who decides about it (rule C25).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub undecided: Option<String>,
}
