//! What was decided: the events of a consultation, as they stand in its journal.
//!
//! An event says what changed, never who wrote an idea: `Shared` names no seat, and an approval names its
//! seat by a keyed pseudonym. Times stand only where everybody saw them anyway.

pub(super) mod audience;
pub(super) mod effects;
pub(super) mod no_change;
pub(super) mod record;

use std::collections::{BTreeMap, BTreeSet};

use proto::api::clocks::ClockOf;
use proto::api::consultation::{Admission, LocalText, Point, Settings};
use proto::api::desk::AlertState;
use proto::api::ending::Exported;
use proto::api::entry::{ClosedWhy, SeatsOnly};
use proto::api::ledger::Worded;
use proto::api::programme::{FileContent, Programme};
use proto::command::Kind;
use proto::ids::{
    CardId, ConsultationId, GroupId, IdeaId, MaterialId, NoteId, ObjectionId, PointId, ReceiptHash, SeatId,
};
use proto::phase::Phase;
use proto::role::Role;
use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::consultation::day::grace::Announced;
use crate::consultation::day::phases::Span;
use crate::consultation::hash::Hash32;
use crate::consultation::ideas::moderation::danger::DangerEffect;
use crate::consultation::list::kept_responses::Response;
use crate::consultation::list::list_decisions::ListChange;
use crate::consultation::people::removal::few_votes::Tally;
use crate::consultation::prepare::field_change::FieldChange;
use crate::consultation::vote::ballot_paper::PaperEntry;
use crate::journal::SeatKey;

/// What is so from now on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum Event {
    /// The consultation exists.
    Founded(Founding),
    /// Somebody took a seat.
    Seated {
        seat: SeatId,
        group: GroupId,
        /// The SHA-256 of its token.
        token: Hash32,
        /// The card that it came with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        card: Option<CardId>,
        /// Does it wait at the door?
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        waits: bool,
    },
    /// Seats that waited at the door are let in.
    LetIn {
        seats: Vec<SeatId>,
        /// Of this group alone; otherwise of all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
    },
    /// Somebody counted the people in the room, or in a group.
    Chairs {
        count: Option<u32>,
        /// In this group; otherwise in all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
    },
    /// Many seats are closed together for good, and their votes with them.
    SeatsClosed {
        seats: Vec<SeatId>,
        /// Of this group alone; otherwise of all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
        why: ClosedWhy,
        /// Which of them alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only: Option<SeatsOnly>,
        /// When: for some time it can be undone.
        #[serde(default)]
        at: Millis,
        /// Tallies in which these seats stay counted, because fewer than five of them are.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        kept: BTreeSet<Tally>,
        /// How many seats had come when who closed them looked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        came: Option<u32>,
    },
    /// Seats that were closed together are there again, with their votes.
    SeatsRestored {
        /// Which closing, from 1.
        closing: u32,
    },
    /// A seat has another phone, which came in with the card that stands for the first one's.
    Reseated {
        seat: SeatId,
        card: CardId,
        /// The SHA-256 of its new token.
        token: Hash32,
    },
    /// A seat has another token; the one before it ends. Which phones these are is not known.
    Exchanged {
        seat: SeatId,
        /// The SHA-256 of its new token.
        token: Hash32,
    },
    /// A seat is in another group.
    SeatMoved { seat: SeatId, group: GroupId },
    /// There are more cards. What is on them is drawn from a key that is not here.
    CardsMade {
        /// The cards, in the order of their numbers.
        cards: Vec<CardId>,
        /// Where they lead.
        group: Option<GroupId>,
    },
    /// A card is good for nothing.
    CardRevoked { card: CardId },
    /// A card and the phone that came in with it are replaced by another card.
    CardReplaced {
        card: CardId,
        /// The other one.
        by: CardId,
    },
    /// An idea is on a board, or held back from it. Its words have a row of their own.
    Shared {
        idea: IdeaId,
        group: GroupId,
        point: PointId,
        kind: Option<Kind>,
        /// Its language.
        lang: String,
        /// What its author can prove it with.
        receipt: ReceiptHash,
        /// Held back until the board is revealed?
        held: bool,
        /// Its place on the board.
        order: u32,
        /// Did it come after the lock? Then it is held on the late shelf.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        late: bool,
        /// Does it wait for the moderator?
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        waiting: bool,
        /// Written by staff for somebody without a phone?
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        spoken: bool,
    },
    /// An idea that waited for the moderator, or that was on the late shelf, may be on the board, at this place.
    Admitted {
        idea: IdeaId,
        /// Its place.
        order: u32,
    },
    /// An idea has another text by its author. The words have their row.
    Edited {
        idea: IdeaId,
        /// It was let in, is not shown yet, and waits for the moderator again with these words.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        waiting: bool,
    },
    /// An idea was taken back. Its row is gone.
    Withdrawn { idea: IdeaId },
    /// A seat approves an idea, or does not any more.
    Approved {
        /// The seat's pseudonym.
        by: SeatKey,
        idea: IdeaId,
        /// Approved?
        on: bool,
        /// The seat's counter.
        n: u64,
    },
    /// An idea goes to the plenary, or does not any more.
    Promoted {
        idea: IdeaId,
        /// Promoted?
        on: bool,
        /// What it is from now on; none: as before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<Kind>,
        /// Did the server propose this kind?
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        proposed: bool,
    },
    /// An idea is hidden, or deleted but for its place. Its words have their rows, unless they are deleted.
    Hidden {
        idea: IdeaId,
        /// The id of the reason.
        reason: String,
        /// Are its words deleted for good?
        #[serde(default)]
        erased: bool,
    },
    /// A hidden idea is shown again.
    Unhidden { idea: IdeaId },
    /// An idea is one with another of its board, which stands for both.
    Combined {
        idea: IdeaId,
        /// The one that stands for both.
        into: IdeaId,
    },
    /// An idea stands for itself again; if it stood for others, all of them do.
    TakenApart { idea: IdeaId },
    /// A group's promoted ideas are in this order on its card.
    Ordered {
        group: GroupId,
        /// First to last.
        ideas: Vec<IdeaId>,
    },
    /// An idea has an earlier wording again. The words have their row.
    Restored { idea: IdeaId },
    /// An idea's text may not be changed by people, or may be again.
    Locked {
        idea: IdeaId,
        /// Locked?
        on: bool,
    },
    /// A seat is closed for good. By which idea it was found is not kept.
    SeatClosed {
        seat: SeatId,
        /// The group whose moderator closed it.
        group: GroupId,
    },
    /// A whole board is out of sight, or shown again.
    BoardHidden {
        group: GroupId,
        /// Out of sight?
        on: bool,
    },
    /// Somebody reported an idea. Who is not written down.
    Reported { idea: IdeaId },
    /// Somebody may be in danger: the idea is hidden until the safeguarding contact has decided.
    Endangered {
        idea: IdeaId,
        /// The minute.
        at: Millis,
        /// What the report does.
        #[serde(default, skip_serializing_if = "DangerEffect::is_usual")]
        effect: DangerEffect,
        /// Was the idea on the list? Then it counts against the bound of the list.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        listed: bool,
    },
    /// The safeguarding contact did something about it.
    Safeguarded { idea: IdeaId, state: AlertState },
    /// The safeguarding contact did the same about several ideas of one group.
    SafeguardedAll { ideas: Vec<IdeaId>, state: AlertState },
    /// An idea is in another language as well. The words have their row.
    Translated {
        idea: IdeaId,
        /// The language.
        lang: String,
    },
    /// A group called for help in this minute, or help has come.
    Help {
        group: GroupId,
        /// The minute.
        at: Option<Millis>,
    },
    /// Held ideas are on the board, in this order.
    Revealed {
        group: GroupId,
        /// The ideas with their places.
        ideas: Vec<(IdeaId, u32)>,
    },
    /// The consultation or a group is in a phase.
    Moved {
        phase: Phase,
        /// Only this group; otherwise everybody.
        group: Option<GroupId>,
        /// Since when.
        started_at: Millis,
        /// Until when, if there is a clock.
        ends_at: Option<Millis>,
        /// The lot for ties, drawn when the vote first closes.
        lot: Option<Hash32>,
    },
    /// A phase change is announced, or is not any more.
    #[serde(rename = "closing")]
    Announced {
        /// Only this group; otherwise everybody.
        group: Option<GroupId>,
        /// Which change; none: everything stays.
        change: Option<Announced>,
    },
    /// Groups are at these discussion points.
    Pointed {
        /// Group, point, and its clock.
        groups: Vec<(GroupId, PointId, Span)>,
    },
    /// Groups plan their points with these minutes; a group that is at a point is there until then.
    Planned {
        /// Group, minutes in the order of the points, and the end of the current point.
        groups: Vec<(GroupId, Vec<u32>, Option<Millis>)>,
    },
    /// Clocks end at another time: those of groups, and that of the consultation as `None`.
    Clocked {
        of: ClockOf,
        /// Whose, and when it ends.
        ends: Vec<(Option<GroupId>, Millis)>,
    },
    /// The words that a group votes on were read when its vote opened again. The words' fingerprints have a row.
    VoteRead {
        group: GroupId,
        /// Which opening of its vote.
        opening: u32,
        /// The ideas whose words are others than when they were voted on before.
        changed: Vec<IdeaId>,
    },
    /// One field of the preparation was amended.
    Amended(Box<FieldChange>),
    /// A file that belongs to something to read is here. It has a row of its own.
    FileStored {
        /// What to read.
        material: MaterialId,
        /// By which it is recognised.
        content: FileContent,
    },
    /// There is one more staff link, instead of another one if somebody handed theirs on.
    LinkAdded {
        /// The new one.
        link: Box<StaffLink>,
        /// The one that is good for nothing any more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead_of: Option<SeatId>,
    },
    /// A staff link is good for nothing any more.
    LinkRevoked { seat: SeatId },
    /// A safeguarding contact's link was opened for the first time. When and where is written nowhere.
    ContactLooked { seat: SeatId },
    /// The door is open or closed.
    Door {
        /// Open?
        open: bool,
        /// When a closed one opens by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opens_at: Option<Millis>,
        /// How people who come later are let in, if that changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        admission: Option<Admission>,
    },
    /// The plenary list was built. Its facts have a row of their own.
    Merged {
        /// The number of the run, from 1.
        run: u32,
        /// The lot, if it had to be drawn for this run.
        lot: Option<Hash32>,
    },
    /// When the list was built, an idea had more votes than one of its group that was promoted, and was not promoted.
    PassedOver {
        idea: IdeaId,
        /// The promoted one with the fewest votes.
        than: IdeaId,
    },
    /// Everybody may vote on these entries of the list.
    PlenaryVoteOpened {
        /// The ballot paper.
        paper: Vec<PaperEntry>,
        /// Groups that have not closed their own vote.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        absent: BTreeSet<GroupId>,
        /// How many groups sent something and have no entry on the paper.
        #[serde(default)]
        without_entry: u32,
    },
    /// Nobody votes on the list any more.
    PlenaryVoteClosed {
        /// The lot for ties, if it was not drawn before.
        lot: Hash32,
    },
    /// A seat approves an entry of the ballot paper, or does not any more.
    EntryApproved {
        /// The seat's pseudonym in the room.
        by: SeatKey,
        item: IdeaId,
        /// Approved?
        on: bool,
        /// The seat's counter.
        n: u64,
    },
    /// People are asked whether they stand by a version.
    AdoptionOpened { version: u32 },
    /// Nobody says anything of the version any more.
    AdoptionClosed {},
    /// A seat stands by the version, or does not any more.
    Adopted {
        /// The seat's pseudonym in the room.
        by: SeatKey,
        /// Does it?
        on: bool,
        /// The seat's counter.
        n: u64,
    },
    /// The entries of a group that was late are on the ballot paper.
    GroupAddedToPaper { group: GroupId, entries: Vec<PaperEntry> },
    /// Seats that came after the plenary had begun may vote in it.
    VotersLetIn { seats: Vec<SeatId> },
    /// There is a version of the list that everybody votes on. It has a row of its own (rule C37).
    VersionMade { number: u32 },
    /// Something was decided about the list.
    List(ListChange),
    /// A seat said something of its group's card, or takes it back. A line has a row of its own.
    SignedOff {
        /// The seat's pseudonym.
        by: SeatKey,
        group: GroupId,
        /// This is what we said?
        agreed: bool,
        /// Its line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<NoteId>,
    },
    /// A minority note is hidden for this reason, or shown.
    NoteHidden {
        note: NoteId,
        /// The id of the reason; none: shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The consultation is kept for so many days after its end.
    Retained { days: u32 },
    /// On this day somebody did something: by it a consultation that nobody closes is deleted in time.
    Active {
        /// Its first millisecond, in UTC.
        day: Millis,
    },
    /// Staff took an export away.
    Exported(Exported),
    /// How many of each group have written: numbers, because an idea names no author.
    Counted {
        /// Group → seats.
        wrote: BTreeMap<GroupId, u32>,
    },
    /// Somebody of the staff wrote in a text, within the minute of the stamp.
    Worded {
        what: Worded,
        /// Of which idea or item.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        idea: Option<IdeaId>,
        /// In which other language.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lang: Option<String>,
    },
    /// A seat objects to an item of the list, or does not any more. Its words have a row of their own.
    #[serde(rename = "stood")]
    Responded {
        /// The seat's pseudonym in the room.
        by: SeatKey,
        item: IdeaId,
        /// What it says.
        #[serde(flatten)]
        says: Response,
        /// The seat's counter.
        n: u64,
    },
    /// The words of an objection were deleted.
    ObjectionHidden { item: IdeaId, objection: ObjectionId },
    /// An item's wording was filled with its anchor's words.
    Reworded { item: IdeaId },
    /// A text that said something like deleted words was put back, or deleted.
    TextSettled {
        what: Worded,
        /// Of which item; none: of the statement.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        idea: Option<IdeaId>,
        /// In which other language.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lang: Option<String>,
        /// Was it put back?
        kept: bool,
    },
}

impl Event {
    /// The idea whose words it deletes for good, if it does.
    #[must_use]
    pub const fn erased(&self) -> Option<IdeaId> {
        if let Self::Hidden { idea, erased: true, .. } = self { Some(*idea) } else { None }
    }
}

/// What a consultation begins with.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Founding {
    pub title: LocalText,
    /// Its discussion points.
    pub points: Vec<Point>,
    pub groups: Vec<(GroupId, String)>,
    pub settings: Settings,
    /// What was prepared beside these.
    #[serde(default)]
    pub programme: Box<Programme>,
    /// The address that phones reach this server at, if it is not the server's own.
    #[serde(default)]
    pub public_url: Option<String>,
    /// Six characters to type.
    pub code: String,
    /// The 128-bit key of the QR code, as 32 hex digits.
    pub key: String,
    /// The staff links.
    pub links: Vec<StaffLink>,
    /// When it was made.
    pub at: Millis,
    /// The consultation whose day is rehearsed in this one. Such a twin is never loaded again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsal_of: Option<ConsultationId>,
}

/// A staff link as the journal knows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(from = "StoredLink")]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct StaffLink {
    pub seat: SeatId,
    pub role: Role,
    /// Its group, for moderators and rapporteurs.
    pub group: Option<GroupId>,
    /// The language into which it translates, for translators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// The SHA-256 of its token.
    pub token: Hash32,
    /// A place or function that organizers wrote.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
}

/// A staff link as it is stored: until editors were apart from them, a rapporteur had no group.
#[derive(Deserialize)]
struct StoredLink {
    seat: SeatId,
    role: Role,
    group: Option<GroupId>,
    #[serde(default)]
    lang: Option<String>,
    token: Hash32,
    #[serde(default)]
    label: String,
}

impl From<StoredLink> for StaffLink {
    fn from(StoredLink { seat, role, group, lang, token, label }: StoredLink) -> Self {
        let is_editor = role == Role::Rapporteur && group.is_none();
        Self { seat, role: if is_editor { Role::Editor } else { role }, group, lang, token, label }
    }
}
