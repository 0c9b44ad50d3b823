//! Preparing a consultation: the fields that organizers fill in, what is wrong with one, what is still missing, and
//! the staff links.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::consultation::{LocalText, Point, Settings};
use crate::api::programme::Programme;
use crate::ids::{GroupId, ReceiptHash, SeatId};
use crate::role::Role;

/// A field of what is prepared: a key of the template file, and what `amend` changes at once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum Field {
    /// What the consultation is called.
    Title,
    Languages,
    /// What it is for.
    Objectives,
    /// What should come of it.
    Outcomes,
    /// People who present, with their roles.
    Speakers,
    Moderators,
    /// Who reports back.
    Rapporteurs,
    Agenda,
    /// What people can read.
    Materials,
    /// The discussion points.
    Points,
    /// Kinds of ideas.
    Kinds,
    Groups,
    Settings,
    /// Reasons to hide an idea for.
    HideReasons,
    /// Who can help.
    Help,
    /// Is there a safeguarding contact?
    Safeguarding,
    /// The address that phones reach this server at.
    PublicUrl,
}

impl Field {
    /// Every field, in the order of the template file.
    pub const ALL: [Self; 17] = [
        Self::Title,
        Self::Languages,
        Self::Objectives,
        Self::Outcomes,
        Self::Speakers,
        Self::Moderators,
        Self::Rapporteurs,
        Self::Agenda,
        Self::Materials,
        Self::Points,
        Self::Kinds,
        Self::Groups,
        Self::Settings,
        Self::HideReasons,
        Self::Help,
        Self::Safeguarding,
        Self::PublicUrl,
    ];

    /// Its key in the template file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Languages => "languages",
            Self::Objectives => "objectives",
            Self::Outcomes => "outcomes",
            Self::Speakers => "speakers",
            Self::Moderators => "moderators",
            Self::Rapporteurs => "rapporteurs",
            Self::Agenda => "agenda",
            Self::Materials => "materials",
            Self::Points => "points",
            Self::Kinds => "kinds",
            Self::Groups => "groups",
            Self::Settings => "settings",
            Self::HideReasons => "hide_reasons",
            Self::Help => "help",
            Self::Safeguarding => "safeguarding",
            Self::PublicUrl => "public_url",
        }
    }
}

/// `GET /api/consultations/{id}/preparation`: everything prepared, of one moment, with the version of each field.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Preparation {
    /// The version of all of it: the `programme` of the pushed state.
    pub version: u32,
    /// Field → the version in which it was changed last; `amend` names it as its `base`.
    pub versions: BTreeMap<Field, u32>,
    /// What the consultation is called.
    pub title: LocalText,
    /// The discussion points.
    pub points: Vec<Point>,
    /// The groups, in order.
    pub groups: Vec<PreparedGroup>,
    pub settings: Settings,
    /// The address that phones reach this server at, if it is not the server's own.
    pub public_url: Option<String>,
    /// What people read beside the boards: languages, objectives, agenda, materials and the like.
    #[serde(flatten)]
    pub programme: Programme,
}

/// A group, as it is prepared.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct PreparedGroup {
    pub id: GroupId,
    pub name: String,
}

/// `GET /api/consultations/{id}/checklist`: what is missing, the gravest first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Checklist {
    /// Empty: nothing is missing.
    pub missing: Vec<Missing>,
}

/// Something that is missing before the start.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum Missing {
    /// Phones cannot reach the address in the QR code.
    Address {
        /// The public address, which only this machine reaches.
        url: String,
    },
    /// A group has no moderator's link.
    Moderator { group: GroupId },
    /// Nobody has opened the moderator's link of a group yet.
    ModeratorAbsent { group: GroupId },
    /// A group has no rapporteur's link, or nobody is named.
    Rapporteur,
    /// There is no editor's link.
    Editor,
    /// Reports of danger reach nobody.
    Safeguarding,
    /// Nobody has ever opened the safeguarding contact's link: reports of danger would wait.
    SafeguardingAbsent,
    /// Somebody whose idea is reported as a danger is shown nobody who can help.
    Help,
    /// No languages are declared.
    Languages,
    /// Texts of a field are not there in a declared language.
    Translation { field: Field, lang: String },
    /// A file is named and not uploaded.
    File { name: String },
    /// There is nothing to read.
    Materials,
    /// There is no agenda.
    Agenda,
    /// The minutes of the discussion points do not fit into the brainstorm of the agenda.
    Minutes {
        /// Of the points.
        points: u32,
        /// Of the agenda.
        agenda: u32,
    },
}

/// A new staff link.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// Its seat, chosen by who makes it.
    pub seat: SeatId,
    /// Its role; not participant.
    pub role: Role,
    /// Its group, for moderators and rapporteurs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub group: Option<GroupId>,
    /// The language into which it translates, for translators: a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub lang: Option<String>,
    /// A place or function, for organizers.
    #[serde(default)]
    #[ts(optional, as = "Option<String>")]
    pub label: String,
    /// The SHA-256 of its token, as 64 hex digits: the token's characters, of which there must be at least 22.
    pub token: ReceiptHash,
}

/// A staff link, as organizers see it. Its address is known to nobody but who made it: the server keeps only a hash.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct LinkInfo {
    pub seat: SeatId,
    pub role: Role,
    /// Its group, for moderators and rapporteurs.
    pub group: Option<GroupId>,
    /// The language into which it translates, for translators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub lang: Option<String>,
    /// A place or function that organizers wrote; empty: none.
    pub label: String,
    /// Is it open on a device now?
    pub here: bool,
    /// Is it the asker's own?
    pub own: bool,
    /// Did it take the place of one that was handed on?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub instead: bool,
    /// It is good for nothing any more, and why; absent: it is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ended: Option<LinkEnded>,
}

/// Why a staff link is good for nothing any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum LinkEnded {
    /// It was handed to a substitute, who has another one.
    HandedOn,
    /// It was revoked, or its group is gone.
    Revoked,
}
