//! What an organizer prepares: texts per language, discussion points, settings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use crate::api::plenary_vote::{PaperScope, PlenaryVoteHeld};
use crate::command::Kind;
use crate::ids::PointId;

/// A text of the organizer: one string, or one per language (BCP 47 tag → text).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum LocalText {
    /// The same words for everybody.
    Plain(String),
    /// Words per language.
    Localized(BTreeMap<String, String>),
}

impl LocalText {
    /// The words for a reader of `lang`: that language, else English, else the first there is.
    #[must_use]
    pub fn get(&self, lang: &str) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Localized(texts) => texts
                .get(lang)
                .or_else(|| texts.get("en"))
                .or_else(|| texts.values().next())
                .map_or("", String::as_str),
        }
    }

    /// The languages it is written in; none for a plain text.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::Plain(_) => None,
            Self::Localized(texts) => Some(texts.keys().map(String::as_str)),
        }
        .into_iter()
        .flatten()
    }
}

/// When people see votes per idea.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Tallies {
    /// Everybody sees tallies while people vote.
    Live,
    /// Nobody sees tallies before the vote is over.
    #[default]
    Hidden,
}

/// How people who come in are given a group.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum EntryMode {
    /// They may choose; who does not is put into the smallest.
    #[default]
    Choice,
    /// They are put into the smallest.
    Balanced,
    /// The link or card that they come with says which.
    Links,
    /// Only who has a card of the roll comes in; each card is good for one seat, and may say which group.
    Cards,
}

/// What becomes of people who come in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Admission {
    /// They are in.
    #[default]
    Open,
    /// They wait at the door until staff let them in.
    Waves,
}

/// What the organizer sets for a consultation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Votes per seat over all points; `null`: as many as one likes.
    pub votes: Option<u32>,
    /// When tallies appear.
    pub tallies: Tallies,
    /// Shared ideas are held back until the moderator reveals the board.
    pub private_first: bool,
    /// May people come in?
    pub door_open: bool,
    /// Ideas that one seat may share.
    pub ideas_per_seat: u32,
    /// How many entries of each section one group may promote. If it is `null`, the server computes it from the number of groups (rule C32).
    pub promoted_per_group: Option<u32>,
    /// A shared idea waits until a moderator lets it on the board.
    pub moderation: bool,
    /// How people who come in are given a group.
    pub entry: EntryMode,
    /// What becomes of people who come in.
    pub admission: Admission,
    /// May a group be moved ahead of the consultation, or stay behind it?
    pub groups_move: bool,
    /// Do all seats vote on the entries of all groups, in the plenary?
    pub plenary_vote: PlenaryVoteHeld,
    /// Which entries they vote on.
    pub ballot_paper: PaperScope,
    /// The language in which the result is authoritative.
    pub working_language: WorkingLanguage,
    /// Days after the end of the consultation until it is purged.
    pub retention_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            votes: Some(5),
            tallies: Tallies::Hidden,
            private_first: false,
            door_open: true,
            ideas_per_seat: 50,
            promoted_per_group: None,
            moderation: false,
            entry: EntryMode::Choice,
            admission: Admission::Open,
            groups_move: true,
            plenary_vote: PlenaryVoteHeld::Auto,
            ballot_paper: PaperScope::Recommendations,
            working_language: WorkingLanguage::First,
            retention_days: 30,
        }
    }
}

/// The language of the result. Texts in other languages are unofficial.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum WorkingLanguage {
    /// The first of the languages that are prepared.
    #[default]
    First,
    Ar,
    En,
    Es,
    Fr,
    Ru,
    Zh,
}

impl WorkingLanguage {
    /// Its BCP 47 tag; `None`: the first that is prepared.
    #[must_use]
    pub const fn tag(self) -> Option<&'static str> {
        match self {
            Self::First => None,
            Self::Ar => Some("ar"),
            Self::En => Some("en"),
            Self::Es => Some("es"),
            Self::Fr => Some("fr"),
            Self::Ru => Some("ru"),
            Self::Zh => Some("zh"),
        }
    }
}

/// A discussion point as an organizer gives it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[serde(untagged)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum NewPoint {
    /// Title and minutes. Tried first: a map of languages has no `title`.
    Full {
        title: LocalText,
        /// How long groups talk about it.
        #[serde(default)]
        #[ts(optional)]
        minutes: Option<u32>,
        /// What an idea about it is, unless its author said so (rule C32).
        #[serde(default)]
        #[ts(optional)]
        kind: Option<Kind>,
    },
    /// Only its title.
    Title(LocalText),
}

/// `POST /api/consultations`: what a new consultation is made of.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
#[ts(optional_fields)]
pub struct Create {
    /// What the consultation is called; absent: as the template says.
    pub title: Option<LocalText>,
    /// Names of the groups; absent: two.
    pub groups: Vec<String>,
    /// Discussion points; absent: those of the template, else one.
    pub points: Vec<NewPoint>,
    /// Name of a built-in template, for example `technology-crime`.
    pub template: Option<String>,
    /// Settings; absent: those of the template, else the defaults.
    pub settings: Option<Settings>,
}

/// A discussion point.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Point {
    pub id: PointId,
    pub title: LocalText,
    /// How long groups talk about it.
    pub minutes: u32,
    /// What an idea about it is, unless its author said so (rule C32). Absent: the server proposes a recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub kind: Option<Kind>,
}
