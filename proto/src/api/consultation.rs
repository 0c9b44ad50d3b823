//! The bodies of HTTP requests and answers, and the state of a consultation as it is pushed on the socket.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::adoption::{AdoptionState, OwnAdoption};
pub use crate::api::clocks::{AnnouncedState, LateIdea, LateShelf};
use crate::api::ending::Certificate;
use crate::api::entry::GroupDoor;
use crate::api::plenary_vote::{OwnPlenaryVote, PlenaryVoteState};
pub use crate::api::settings::{Admission, Create, EntryMode, LocalText, NewPoint, Point, Settings, Tallies};
use crate::api::translations::Translation;
use crate::command::Kind;
use crate::ids::{CommandId, ConsultationId, Epoch, GroupId, IdeaId, PointId, SeatId};
use crate::phase::Phase;
use crate::plenary::OwnResponse;
use crate::problem::Code;
use crate::role::Role;
use crate::text::letters::is_empty;

/// A capability link: who has it is that person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Link {
    /// The secret, for `Authorization: Bearer`.
    pub token: String,
    /// The address to open; the secret stands in its fragment.
    pub url: String,
}

/// The answer to [`Create`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Created {
    /// The new consultation.
    pub id: ConsultationId,
    /// Six characters to type.
    pub code: String,
    /// What the QR code says: the address with the 128-bit key in its fragment.
    pub join_url: String,
    /// The organizer's link.
    pub organizer: Link,
    /// The editor's link.
    pub editor: Link,
    /// The projector's link.
    pub room: Link,
    /// The safeguarding contact's link.
    pub safeguarding: Link,
    /// The groups in their order.
    pub groups: Vec<CreatedGroup>,
}

/// A group in [`Created`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct CreatedGroup {
    /// Its id; its board is `board/<id>`.
    pub id: GroupId,
    pub name: String,
    /// Its moderator's link.
    pub moderator: Link,
    /// Its rapporteur's link.
    pub rapporteur: Link,
}

/// `POST /api/join`: with a typed code, or with the key of a QR code.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct Join {
    /// Six characters of the consultation, or nine of a card or a group's link, typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub code: Option<String>,
    /// 32 hex digits, from a QR code or link.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<String>,
    /// Which group; absent: the smallest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub group: Option<GroupId>,
    /// Chosen by the phone: the same again gives the same seat, so a lost answer costs nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub request: Option<CommandId>,
}

/// The answer to [`Join`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Joined {
    /// The new seat.
    pub seat: SeatId,
    /// The secret of the seat, for `Authorization: Bearer` and as the first message of a document (W3).
    pub token: String,
    pub consultation: ConsultationId,
    pub group: GroupId,
    /// The name of its board's document.
    pub board: String,
}

/// `GET /api/join/{code}`: what somebody sees before joining.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct JoinInfo {
    pub consultation: ConsultationId,
    pub title: LocalText,
    pub groups: Vec<DoorstepGroup>,
    /// The languages of its texts.
    pub languages: Vec<String>,
    /// May one come in now?
    pub open: bool,
    /// How one is given a group.
    pub entry: EntryMode,
    /// When a closed door opens by itself, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub opens_at: Option<u64>,
    /// The server's time, beside `opens_at`: a phone's own clock may be wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub now: Option<u64>,
    /// The key that this code stands for: who typed once need not wait for a second turn. None on cards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<String>,
    /// Why this code or card lets nobody in, whatever the door: `card-needed`, `card-used`, `card-void`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub refusal: Option<Code>,
    /// Are ideas sent to a service that says which of them mean the same?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub texts_to_service: bool,
}

/// A group in [`JoinInfo`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct DoorstepGroup {
    pub id: GroupId,
    pub name: String,
}

/// `GET /api/consultations/{id}`, and pushed on the socket whenever it changes: the same for everybody.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct ConsultationState {
    pub id: ConsultationId,
    pub title: LocalText,
    /// Where it stands.
    pub phase: Phase,
    /// When the phase began and when it ends, by the server's time.
    pub clock: ClockState,
    /// A phase change for everybody that was announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub announced: Option<AnnouncedState>,
    /// Its discussion points, in order.
    pub points: Vec<Point>,
    /// Its groups, in order.
    pub groups: Vec<GroupState>,
    pub settings: Settings,
    /// The language in which the result is authoritative, a BCP 47 tag; absent: no language is prepared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub working_language: Option<String>,
    /// Entries of each section that one group may promote (rule C32).
    pub promoted_at_most: u32,
    /// Number of the last merge run; 0: none yet.
    pub run: u32,
    /// The plenary vote; absent before the plenary, and where none is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub plenary_vote: Option<PlenaryVoteState>,
    /// The adoption of a version; absent until one was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub adoption: Option<AdoptionState>,
    /// Is the list full, or nearly (rule B7)? Absent while there is room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub list_fullness: Option<Fullness>,
    /// When it is deleted, in milliseconds since 1970; while it is not closed: if nothing happens any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub purge_at: Option<u64>,
    /// Its time is over: when everything is deleted, a few minutes after this was announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub purge_soon: Option<u64>,
    /// Version of everything prepared; fetch the programme again when it changes.
    #[serde(default)]
    pub programme: u32,
    /// When the closed door opens by itself, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub opens_at: Option<u64>,
    /// Are ideas sent to a service that says which of them mean the same?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub texts_to_service: bool,
    /// Is it the twin of a consultation, in which the day is rehearsed?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub rehearsal: bool,
}

/// [`ConsultationState`] with what concerns the asker alone: the answer to `GET /api/consultations/{id}`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
pub struct ConsultationView {
    /// The number of the protocol that the server speaks, [`crate::PROTOCOL`] (W18).
    pub protocol: u32,
    /// What everybody sees.
    #[serde(flatten)]
    pub state: ConsultationState,
    /// What concerns the asker alone.
    pub you: You,
}

/// Server times, in milliseconds since 1970. A phone shows `ends_at - now` by its own monotonic clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct ClockState {
    /// When this state was sent.
    #[ts(type = "number")]
    pub now: u64,
    /// When the phase began.
    #[ts(type = "number")]
    pub started_at: u64,
    /// When it is meant to end; `null`: open.
    #[ts(type = "number | null")]
    pub ends_at: Option<u64>,
}

/// A group as everybody sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct GroupState {
    pub id: GroupId,
    pub name: String,
    /// Where it stands; the consultation's phase unless its moderator ran ahead or behind.
    pub phase: Phase,
    /// When the phase began and when it ends, by the server's time.
    pub clock: ClockState,
    /// Seats in this group with a live connection.
    pub here: u32,
    /// Ideas shared and not yet revealed.
    pub held: u32,
    /// How many have said something of their group's card.
    #[serde(default)]
    pub signed: u32,
    /// Those of them that belong to the current discussion point.
    pub held_at_point: u32,
    /// A phase change for this group that was announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub announced: Option<AnnouncedState>,
    /// The discussion point it is at; `null` before its first.
    pub point: Option<PointId>,
    /// The clock of that point.
    pub point_clock: ClockState,
    /// How long each point is meant to last in this group, in the order of the points.
    pub minutes: Vec<u32>,
    /// Ideas on its late shelf.
    pub late: u32,
    /// Is its whole board out of sight?
    #[serde(default)]
    pub hidden: bool,
    /// Has it called for help?
    #[serde(default)]
    pub help: bool,
    /// Is its board full, or nearly (rule B7)? Absent while there is room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub fullness: Option<Fullness>,
}

/// How full a board or the list is, once people should know.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Fullness {
    /// Nine tenths of its ideas or words are there.
    NearlyFull,
    /// It takes no more ideas, or no more words.
    Full,
}

impl Fullness {
    /// Of what may hold `most`: nothing while less than nine tenths are there.
    #[must_use]
    pub const fn of(there: u64, most: u64) -> Option<Self> {
        if there >= most {
            Some(Self::Full)
        } else if there >= most - most / 10 {
            Some(Self::NearlyFull)
        } else {
            None
        }
    }
}

/// What concerns the asker alone.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
pub struct You {
    /// The role of the token.
    pub role: Role,
    /// The group, for participants, moderators and rapporteurs.
    pub group: Option<GroupId>,
    /// The language into which it translates, for translators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub lang: Option<String>,
    /// Ideas that this seat approves.
    pub approved: Vec<IdeaId>,
    /// Those of them whose words changed since: they count, and it is asked whether they still stand.
    pub confirm: Vec<IdeaId>,
    /// This seat's responses to items in the plenary.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(optional, as = "Option<BTreeMap<IdeaId, OwnResponse>>")]
    pub responses: BTreeMap<IdeaId, OwnResponse>,
    /// This participant's part in the plenary vote; absent before it is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub plenary_vote: Option<OwnPlenaryVote>,
    /// What it says of the adoption; absent until one was opened, and for staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub adoption: Option<OwnAdoption>,
    /// How others come in; staff and rooms only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub door: Option<Door>,
}

/// How people come in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Door {
    /// Six characters to type.
    pub code: String,
    /// The address in the QR code.
    pub url: String,
    /// Where each group has a door of its own: those of the asker's group, or of all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<GroupDoor>>")]
    pub groups: Vec<GroupDoor>,
}

/// The answer to a command: `{"id", "ok": true, "seq"}`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
pub struct Answer {
    /// The command's id.
    pub id: CommandId,
    /// Always `true`: a refusal is a problem.
    pub ok: bool,
    /// Its place in the consultation's journal.
    #[ts(type = "number")]
    pub seq: u64,
    /// What `create` made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub created: Option<Created>,
    /// What `join` gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub joined: Option<Joined>,
    /// What `purge` leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub certificate: Option<Box<Certificate>>,
}

impl Answer {
    /// The command is durable and done, and there is nothing more to say.
    #[must_use]
    pub const fn done(id: CommandId, seq: u64) -> Self {
        Self { id, ok: true, seq, created: None, joined: None, certificate: None }
    }
}

/// `GET /api/boards/{group-id}`: a board as everybody sees it who may read it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
pub struct BoardView {
    /// The board's epoch.
    pub epoch: Epoch,
    /// The last record of this board in the consultation's journal; ask for more with `?after=`.
    #[ts(type = "number")]
    pub seq: u64,
    /// The ideas in the board's order.
    pub ideas: Vec<IdeaView>,
    /// The promoted ideas in the order of the group's card, once its moderator ordered them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<IdeaId>>")]
    pub group_card_order: Vec<IdeaId>,
}

/// An idea on a board.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct IdeaView {
    pub id: IdeaId,
    /// Its words as they stand now.
    pub text: String,
    /// The group's wording of it for the plenary (rule C33). Absent until it was promoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub entry: Option<String>,
    /// The discussion point it answers.
    pub point: PointId,
    /// What it is.
    pub kind: Option<Kind>,
    /// BCP 47 tag, or empty.
    pub lang: String,
    /// Votes; `null` while they are hidden.
    pub tally: Option<u32>,
    /// Shown, promoted, or combined into another.
    pub state: IdeaState,
    /// The idea that stands for this one, if it is combined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub into: Option<IdeaId>,
    /// May nobody change the text?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub locked: bool,
    /// Written by staff for somebody without a phone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub spoken: bool,
    /// Language → the same in that language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(optional, as = "Option<BTreeMap<String, String>>")]
    pub tr: BTreeMap<String, String>,
    /// Language → that translation with what is known of it (rule C36).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(optional, as = "Option<BTreeMap<String, Translation>>")]
    pub translations: BTreeMap<String, Translation>,
}

impl IdeaView {
    /// What it says as its group sends it to the plenary: in the group's wording if it was promoted and the wording says
    /// something, else in its own words.
    #[must_use]
    pub fn sent_words(&self) -> &str {
        match self.state {
            IdeaState::Promoted => {
                self.entry.as_deref().filter(|entry| !is_empty(entry)).unwrap_or(&self.text)
            }
            IdeaState::Shown | IdeaState::CombinedInto => &self.text,
        }
    }
}

/// What became of an idea on its board.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum IdeaState {
    /// On the board.
    Shown,
    /// On the board, and sent to the plenary.
    Promoted,
    /// On the board, folded under another idea that stands for both.
    CombinedInto,
}

impl IdeaState {
    /// The word used on the wire and in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Promoted => "promoted",
            Self::CombinedInto => "combined-into",
        }
    }
}

/// `POST /api/tickets`: asks for a ticket, which opens one document on the y-websocket wire.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketRequest {
    /// The document it is for.
    pub document: String,
}

/// The answer to [`TicketRequest`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Ticket {
    /// For `GET /sync/{document}?token=…`.
    pub ticket: String,
    /// When it ends, in milliseconds since 1970.
    #[ts(type = "number")]
    pub expires: u64,
}
