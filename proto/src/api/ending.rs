//! How a consultation ends: figures without identities, the day of its deletion, and the certificate of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{CertificateId, GroupId};
use crate::plenary::People;

/// `GET /api/consultations/{id}/ending`, for organizers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Ending {
    /// How many took part, per group, in order.
    pub participation: Vec<Participation>,
    /// When it is deleted by itself, in milliseconds since 1970; while it is not closed: if nothing happens any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub purge_at: Option<u64>,
    /// Its time is over, but by a clock that went so many milliseconds further than time did: people must decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub clock_ahead: Option<u64>,
    /// The last export by staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub exported: Option<Exported>,
    /// Would an export say the same now?
    pub exported_all: bool,
}

/// How many took part in a group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Participation {
    pub group: GroupId,
    pub name: String,
    /// Participants who have a seat in it.
    pub seats: People,
    /// Seats that shared an idea; at least so many, if the server was started again in between.
    pub wrote: People,
    /// Seats that approve anything; absent while votes are hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub voted: Option<People>,
}

/// An export by staff.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Exported {
    /// The SHA-256 of what it said, as hex: of the JSON file in English.
    pub sha256: String,
    /// The day of the export in UTC, for example `2027-03-15`.
    pub day: String,
    /// The merge run that it told.
    pub run: u32,
}

/// What was deleted, and when: all that is kept of a consultation that was purged.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Certificate {
    /// Random; tells nothing of the consultation.
    pub id: CertificateId,
    /// The day, for example `2027-03-15`.
    pub day: String,
    /// Who asked for it.
    pub by: PurgedBy,
    /// What was deleted.
    pub deleted: Deleted,
    /// The last export before it, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub exported: Option<Exported>,
}

/// Who asked for a purge.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PurgedBy {
    /// The organizer, by `purge`.
    Organizer,
    /// The clock: it had been kept for as long as was said.
    Retention,
}

/// How much was deleted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Deleted {
    /// Ideas that the consultation knew.
    #[ts(type = "number")]
    pub ideas: u64,
    /// Texts in rows of their own.
    #[ts(type = "number")]
    pub texts: u64,
    /// Records of the journal: decisions, and letters as they were typed.
    #[ts(type = "number")]
    pub records: u64,
    /// Snapshots of boards and of the list.
    #[ts(type = "number")]
    pub snapshots: u64,
    /// Ballots of groups, one of each seat that voted.
    #[ts(type = "number")]
    pub ballots: u64,
    /// Seats and staff links.
    #[ts(type = "number")]
    pub seats: u64,
    /// Keys that were destroyed.
    #[ts(type = "number")]
    pub keys: u64,
    /// Files that had been uploaded.
    #[ts(type = "number")]
    pub files: u64,
}
