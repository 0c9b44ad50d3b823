//! The ledger: the readable record of what staff did. Roles and minutes, never a name, never hidden words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::consultation::Admission;
use crate::api::entry::{ClosedWhy, SeatsOnly};
use crate::api::preparation::Field;
use crate::ids::{GroupId, IdeaId, NoteId};
use crate::phase::Phase;
use crate::plenary::{People, Rule, Weights};
use crate::role::Role;

/// One line of the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct LedgerEntry {
    /// When, cut to the minute: milliseconds since 1970-01-01 UTC.
    #[ts(type = "number")]
    pub at: u64,
    /// In which role; absent for what came from the group and the safeguarding contact, who must not be told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub by: Option<Role>,
    /// The group it concerns; absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub group: Option<GroupId>,
    /// What was done.
    #[serde(flatten)]
    pub line: LedgerLine,
}

/// What staff did; the tag on the wire is `did`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(tag = "did", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum LedgerLine {
    /// An idea was sent to the plenary, or taken back.
    Promoted {
        idea: IdeaId,
        /// Sent?
        on: bool,
    },
    /// An idea was taken off its board.
    Hidden {
        idea: IdeaId,
        /// The id of the reason.
        reason: String,
    },
    /// A hidden idea is shown again.
    Unhidden { idea: IdeaId },
    /// An idea was reported from the group and is held there, or is shown again. Why, and who decided, is not said.
    HeldInGroup {
        idea: IdeaId,
        /// Held?
        on: bool,
    },
    /// Two ideas are one.
    Combined {
        idea: IdeaId,
        /// The idea that stands for both.
        into: IdeaId,
    },
    /// An idea stands by itself again, or those combined into it do.
    TookApart { idea: IdeaId },
    /// The promoted ideas were put in order.
    Ordered { ideas: u32 },
    /// An idea has an earlier wording again.
    Restored { idea: IdeaId },
    /// The text of an idea was locked, or opened again.
    Locked {
        idea: IdeaId,
        /// Locked?
        on: bool,
    },
    /// A seat was closed and what it wrote in the group's texts undone. Which seat and which ideas is not said.
    SeatRemoved {},
    /// Many seats were closed together, and their votes with them. Which is not said.
    SeatsClosed {
        seats: u32,
        /// How it was decided which seats are closed.
        why: ClosedWhy,
        /// Which of them alone; absent: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        only: Option<SeatsOnly>,
    },
    /// Seats that were closed together are there again, with their votes.
    SeatsRestored { seats: u32 },
    /// People who waited at the door were let in.
    LetIn { seats: u32 },
    /// A whole board was taken out of sight, or is shown again.
    BoardHidden {
        /// Taken out of sight?
        on: bool,
    },
    /// Ideas that were held back are shown.
    Revealed { ideas: u32 },
    /// An idea from the late shelf was let onto the board.
    Admitted { idea: IdeaId },
    /// Somebody moved a group, or everybody, to a phase.
    Moved {
        /// The phase that was entered.
        phase: Phase,
    },
    /// Something prepared was changed after the start.
    Amended { field: Field },
    /// The door was opened or closed.
    Door {
        /// Opened?
        open: bool,
        /// When a closed one opens by itself, in milliseconds since 1970.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number")]
        opens_at: Option<u64>,
        /// How people who come later are let in, if that was changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        admission: Option<Admission>,
    },
    /// Cards were made.
    CardsMade { cards: u32 },
    /// A card that nobody used is good for nothing.
    CardRevoked {},
    /// A lost card or phone was replaced.
    CardReplaced {},
    /// Somebody was moved into this group.
    SeatMoved {},
    /// An idea was put into an entry of the list, or where its words put it.
    Assigned {
        idea: IdeaId,
        /// The entry; absent: where its words put it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        item: Option<IdeaId>,
    },
    /// Two ideas were told apart, or may be the same again.
    NotDuplicate {
        a: IdeaId,
        b: IdeaId,
        /// Not the same?
        on: bool,
    },
    /// These entries of the list come first.
    Pinned {
        /// In their order.
        items: Vec<IdeaId>,
    },
    /// An entry was kept off the list, or let in again.
    Excluded {
        item: IdeaId,
        /// Kept off?
        on: bool,
    },
    /// The list is ranked otherwise.
    Ranking {
        /// By which rule.
        rule: Rule,
        /// With what weights.
        weights: Weights,
    },
    /// The plenary vote was opened.
    PlenaryVoteOpened {
        /// Entries on the ballot paper.
        entries: u32,
    },
    /// The plenary vote was closed.
    PlenaryVoteClosed {
        /// Seats that might vote.
        voters: u32,
        /// How many of them voted.
        voted: u32,
        /// The lot by which ties are broken, drawn at that moment, as 64 hex digits.
        lot: String,
    },
    /// A group that was still working came onto the ballot paper.
    GroupAddedToPaper {
        /// Entries that came with it.
        entries: u32,
    },
    /// Seats that came after the plenary had begun may vote in it.
    VotersLetIn { seats: u32 },
    /// The list was frozen, or moves again.
    Frozen {
        /// Frozen?
        on: bool,
        /// Under which version.
        version: u32,
    },
    /// People were asked whether they stand by a version of the list.
    AdoptionOpened {
        /// Its number.
        version: u32,
    },
    /// The adoption of a version was closed.
    AdoptionClosed {
        /// Its number.
        version: u32,
        /// Seats that stand by it.
        adopted: People,
        /// Seats that might say so.
        voters: u32,
    },
    /// A version of the list was made, because the plenary vote was opened.
    VersionMade {
        /// Its number.
        version: u32,
    },
    /// The wording of an entry was filled with its idea's words.
    Reworded { item: IdeaId },
    /// A text that said something like deleted words was put back, or deleted.
    TextSettled {
        /// The text that was settled.
        what: Worded,
        /// Of which entry of the list; absent: of the statement.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        idea: Option<IdeaId>,
        /// In which other language.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        lang: Option<String>,
        /// Was it put back?
        kept: bool,
    },
    /// Somebody of the staff wrote in a text; told once a minute.
    Worded {
        /// The text in which they wrote.
        what: Worded,
        /// Of which idea or entry of the list; absent: of the statement.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        idea: Option<IdeaId>,
        /// In which other language.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        lang: Option<String>,
    },
    /// A minority note of a group's card was hidden.
    NoteHidden {
        note: NoteId,
        /// The id of the reason.
        reason: String,
    },
    /// A hidden minority note is shown again.
    NoteShown { note: NoteId },
    /// The consultation is kept for another time after its end.
    Retained {
        /// Days for which it is kept from now on.
        days: u32,
    },
    /// The words of an objection to an item were deleted.
    ObjectionHidden { item: IdeaId },
    /// The list was built, and an idea has more votes than one of its group that was promoted, and was not promoted.
    PassedOver {
        idea: IdeaId,
        /// The promoted one with the fewest votes.
        than: IdeaId,
    },
    /// The list was built.
    Merged {
        /// The number of the run, from 1.
        run: u32,
    },
}

/// A text that somebody of the staff wrote in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Worded {
    /// An idea on a board.
    Idea,
    /// A group's wording of an idea that it sends to the plenary.
    Entry,
    /// An idea on a board, in another language.
    Translation,
    /// The wording of an entry of the list.
    Wording,
    /// The note beside an entry of the list.
    Note,
    /// An entry of the list, in another language.
    WordingTranslation,
    /// The statement's opening.
    Opening,
    /// The statement's summary.
    Summary,
    /// The statement's closing.
    Closing,
}

impl Worded {
    /// Does the text stand on a group's board?
    #[must_use]
    pub const fn is_on_a_board(self) -> bool {
        matches!(self, Self::Idea | Self::Entry | Self::Translation)
    }
}
