//! How people come in and move: cards of a closed roll, links of groups, codes of seats, a phone's hand-over.
//!
//! A card or link opens the door by itself, so it is shown only to those who hand it out.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::settings::LocalText;
use crate::ids::{CardId, CommandId, ConsultationId, GroupId};

/// What a group's own link or printed card says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct GroupDoor {
    /// The group that it leads into.
    pub group: GroupId,
    /// Nine characters to type.
    pub code: String,
    /// The address in its QR code.
    pub url: String,
}

/// `GET /api/consultations/{id}/entry-cards`: the roll, for organizers.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct EntryCards {
    /// In the order of their numbers.
    pub cards: Vec<EntryCardView>,
}

/// A card of the roll: good for one seat.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct EntryCardView {
    pub id: CardId,
    /// Its number on the sheet, from 1.
    pub number: u32,
    /// The group that it leads into; absent: the smallest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub group: Option<GroupId>,
    /// What became of it.
    pub state: EntryCardState,
    /// The number of the card that it stands for, if that was lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub replaces: Option<u32>,
    /// Nine characters to type; only while it is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub code: Option<String>,
    /// The address in its QR code; only while it is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub url: Option<String>,
}

/// What became of a card.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum EntryCardState {
    /// It lets somebody in.
    Free,
    /// Somebody came in with it.
    Used,
    /// It was revoked or replaced.
    Void,
}

/// Which seats are closed together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum SeatsToClose {
    /// Those of a burst, by its number on the desk.
    Burst(u32),
    /// Those of all seats that are as `only` says.
    All,
}

/// Which of these seats alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum SeatsOnly {
    /// Those that never shared, wrote in a text, voted or said anything.
    Silent,
    /// Those without a phone that is connected now.
    Absent,
    /// Those that are both.
    Idle,
}

/// Why seats were closed together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ClosedWhy {
    /// They came in a burst.
    Burst,
    /// They never wrote or voted.
    Silent,
    /// No phone of theirs was connected.
    Absent,
    /// They never wrote or voted, and no phone of theirs was connected.
    Idle,
}

/// `POST /api/consultations/{id}/seat-code`: what a person shows who is to be moved to another group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct SeatCode {
    /// Four characters; they say nothing to anybody but the staff of this consultation.
    pub code: String,
    /// Until when they do, in milliseconds since 1970.
    #[ts(type = "number")]
    pub expires: u64,
}

/// `POST /api/handover`: what a phone leaves for the phone that takes its seat along, sealed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// Base64 that only the other phone can open: the key never comes here.
    pub sealed: String,
}

/// `GET /api/handover/{id}`: what a phone is shown before it takes a seat along. Looking takes nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct HandoverView {
    /// The consultation of the seat.
    pub consultation: ConsultationId,
    pub title: LocalText,
    /// The name of the seat's group.
    pub group: String,
    /// When the parcel was left, in milliseconds since 1970.
    #[ts(type = "number")]
    pub left: u64,
    /// The same clock now.
    #[ts(type = "number")]
    pub now: u64,
}

/// `POST /api/consultations/{id}/exchange`: a participant's seat gets a new token, and the one that asks ends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// Chosen by the phone: the same request has the same new token again, if its answer was lost.
    pub request: CommandId,
}

/// The answer to [`Handover`]: where the other phone finds it, once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct HandoverPlace {
    /// 32 hex digits.
    pub id: String,
    /// Until when, in milliseconds since 1970.
    #[ts(type = "number")]
    pub expires: u64,
}
