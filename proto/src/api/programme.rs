//! The programme: what phones show in lobby and briefing, and the lists that people choose from during the day.
//!
//! It is fetched (`GET /api/consultations/{id}/programme`), not pushed with every state: a thousand phones read it once.
//! The pushed state carries its version, which rises with each amendment, so that a phone knows when to fetch again.
//! Every text is the organizer's, per language where there are several.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::settings::LocalText;
use crate::command::Kind;
use crate::ids::MaterialId;
use crate::phase::Phase;

/// What was prepared beside title, points, groups and settings (those stand in the state). As it stands in the journal.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Programme {
    /// Languages of the consultation, as BCP 47 tags; the first is the fallback. Empty: nobody declared any.
    pub languages: Vec<String>,
    /// What it is for.
    pub objectives: Vec<LocalText>,
    /// What should come of it.
    pub outcomes: Vec<LocalText>,
    /// People who present, in the order in which they are shown.
    pub speakers: Vec<Speaker>,
    /// Who moderates, as places or functions.
    pub moderators: Vec<LocalText>,
    /// Who reports back, as places or functions.
    pub rapporteurs: Vec<LocalText>,
    /// The agenda, in order.
    pub agenda: Vec<AgendaEntry>,
    /// What people can read.
    pub materials: Vec<Material>,
    /// Kinds of ideas that people choose from, with their words. Empty: all five, in the client's words.
    pub kinds: Vec<KindWords>,
    /// Reasons that a moderator hides an idea for. The server never hands out an empty list: it has a standard one.
    pub hide_reasons: Vec<HideReason>,
    /// Who can help, shown to somebody whose idea was reported as a danger.
    pub help: Vec<HelpContact>,
    /// Is there a safeguarding contact, whom reports of danger reach?
    pub safeguarding: bool,
}

/// The answer to `GET /api/consultations/{id}/programme`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct ProgrammeView {
    /// The version of everything prepared: the `programme` of the pushed state.
    pub version: u32,
    /// What was prepared.
    #[serde(flatten)]
    pub programme: Programme,
}

/// Somebody who presents.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Speaker {
    /// A name, a place or a function.
    pub name: LocalText,
    /// What about, or from where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub about: Option<LocalText>,
}

/// One line of the agenda.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct AgendaEntry {
    /// What happens then, in one line.
    pub title: LocalText,
    /// Its length in minutes.
    pub minutes: u32,
    /// The phase in which it happens.
    pub phase: Phase,
}

/// When people are meant to read something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// Before the day.
    PreReading,
    /// During the briefing.
    Briefing,
}

/// Something to read: a link, or a file that is kept here so that it can be had without internet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Material {
    pub id: MaterialId,
    /// What it is called.
    pub title: LocalText,
    /// BCP 47 tag of the language that it is written in; empty: not said.
    #[serde(default)]
    pub lang: String,
    /// When it is to be read.
    pub reading: Reading,
    /// Where it is.
    #[serde(flatten)]
    pub source: MaterialSource,
}

/// Where something to read is: exactly one of the two keys.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum MaterialSource {
    /// An address, http or https.
    Link(String),
    /// A PDF: `GET /api/consultations/{id}/materials/{material-id}`.
    File(MaterialFile),
}

/// A file that belongs to a material.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct MaterialFile {
    /// The name under which it is saved.
    pub name: String,
    /// What was uploaded, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub content: Option<FileContent>,
    /// Is it here? `false`: somebody still has to upload it.
    #[serde(default)]
    pub stored: bool,
}

/// By which a file is recognised.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct FileContent {
    /// Size of the file in bytes.
    pub bytes: u32,
    /// Its SHA-256, as 64 hex digits.
    pub sha256: String,
}

/// A kind of idea with the organizer's words for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct KindWords {
    pub kind: Kind,
    /// What it is called.
    pub name: LocalText,
}

/// A reason to hide an idea for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct HideReason {
    /// By which commands and the ledger name it: small letters, digits and hyphens.
    pub id: String,
    /// What its author and everybody else is told.
    pub text: LocalText,
}

/// Somebody who can help.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct HelpContact {
    /// Who: an office, a helpline, a person at the door.
    pub name: LocalText,
    /// How to reach them: a number, a place, an address.
    pub reach: LocalText,
}
