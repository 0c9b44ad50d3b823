//! What a person can decide: the fields of each action. Unknown ones are refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::share::{Kind, ReportReason, Share};
use crate::api::clocks::ClockOf;
use crate::api::consultation::{Admission, Create, Join};
use crate::api::entry::{SeatsOnly, SeatsToClose};
use crate::api::preparation::{Field, NewLink};
use crate::ids::{
    CardId, GroupId, IdeaId, NoteId, ObjectionId, PointId, Receipt, ReceiptHash, SeatId, WordsHash,
};
use crate::phase::Phase;
use crate::plenary::{Places, Rule, Weights};

/// What a command does; the tag on the wire is `do`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum Action {
    /// Make a consultation (organizer key).
    Create(Create),
    /// Take a seat (code or key; no token needed).
    Join(Join),
    /// Publish a draft on the group's board.
    Share(Share),
    /// Give an own idea another text, with its receipt: held ideas, phones that read over HTTP.
    Edit {
        idea: IdeaId,
        /// Proof that it is one's own.
        receipt: Receipt,
        /// The whole new text.
        text: String,
    },
    /// Take an own idea back, with its receipt. Its text is deleted everywhere.
    Withdraw {
        idea: IdeaId,
        /// Proof that it is one's own.
        receipt: Receipt,
    },
    /// Approve an idea, or take the approval back.
    Approve {
        idea: IdeaId,
        /// `true` approves, `false` takes the approval back.
        on: bool,
        /// The seat's counter: of two decisions on one idea the one with the higher counter stands, in whatever
        /// order they arrive. Absent: order of arrival.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number")]
        counter: Option<u64>,
    },
    /// Send an idea to the plenary, or take it back from there.
    Promote {
        idea: IdeaId,
        /// `true` promotes, `false` takes the promotion back.
        on: bool,
        /// What it is. Absent: as its author said, else as the server proposes by its discussion point (rule C32).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        kind: Option<Kind>,
    },
    /// Take an idea off its board and off the list, with a reason of the consultation's list. Its words and votes stay
    /// with the server and come back when it is shown again.
    Hide {
        idea: IdeaId,
        /// Why: the id of a reason.
        reason: String,
        /// Confirms that the words are deleted for good. Must be `true` for `personal-data`, and for no other reason.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[ts(optional, as = "Option<bool>")]
        erase: bool,
        /// The words that were read. If it says others by now it is `stale`, unless everybody sees the idea and the words are
        /// kept: hiding must not wait for somebody who goes on typing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        read: Option<WordsHash>,
    },
    /// Show a hidden idea again, with the words, translations and votes that it had.
    Unhide {
        idea: IdeaId,
        /// The words that were read; if it says others by now, it is `stale`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        read: Option<WordsHash>,
    },
    /// Treat an idea as one with another of its board: both texts stay, every vote stays. Of several decisions on one idea
    /// the last stands.
    Combine {
        idea: IdeaId,
        /// The one that stands for both. If it is combined itself: the one that it is combined into.
        into: IdeaId,
    },
    /// Let an idea stand by itself again; one that others are combined into: let all of them.
    TakeApart { idea: IdeaId },
    /// Put a group's promoted ideas in order, for its card. Changes no ranking.
    Order {
        /// The group whose promoted ideas these are.
        group: GroupId,
        /// First to last; promoted ones that are not named follow.
        ideas: Vec<IdeaId>,
    },
    /// Give an idea an earlier wording again.
    Restore {
        idea: IdeaId,
        /// The number of the wording.
        wording: u32,
    },
    /// Let nobody change an idea's text, or let people change it again.
    Lock {
        idea: IdeaId,
        /// `true` locks, `false` lets people edit again.
        on: bool,
    },
    /// Close the seat of who writes in an idea and undo what it wrote on the board. Whose seat that is, and what it shared,
    /// nobody is told.
    RemoveWriter {
        /// The idea in which that can be seen.
        idea: IdeaId,
        /// The id under which the letters stand, or under which somebody is said to edit this idea.
        #[ts(type = "number")]
        writer: u64,
    },
    /// Put an idea that came after the lock on the group's late shelf: it is kept and seen, and not on the board.
    Shelve(Share),
    /// Let an idea that waits for the moderator, or one from the late shelf, onto the board.
    Admit {
        idea: IdeaId,
        /// The words that were read; if it says others by now, it is `stale`.
        read: WordsHash,
    },
    /// Take a whole board out of everybody's sight at once, or show it again as it was.
    HideBoard {
        /// The group of the board.
        group: GroupId,
        /// `true` hides it.
        on: bool,
    },
    /// Say that an idea should be looked at. Nobody is told who says so.
    Report {
        idea: IdeaId,
        /// Why. `danger` hides it at once and reaches the safeguarding contact alone.
        why: ReportReason,
    },
    /// The safeguarding contact has seen a report of danger.
    Acknowledge { idea: IdeaId },
    /// The safeguarding contact decides about an idea that was reported as a danger.
    Settle {
        idea: IdeaId,
        /// Show it again? Otherwise it stays hidden.
        show: bool,
        /// The words that were read; if it says others by now, it is not shown: `stale`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        read: Option<WordsHash>,
    },
    /// The safeguarding contact decides about the ideas of a group that were reported as a danger, are not decided and were
    /// read. The others stay as they are.
    SettleAll {
        group: GroupId,
        /// Show them again? Otherwise they are hidden, and stay hidden.
        show: bool,
        /// Idea → the words that were read. What says others by now is not decided.
        #[ts(as = "BTreeMap<String, WordsHash>")]
        read: BTreeMap<IdeaId, WordsHash>,
    },
    /// Put an idea into another language. Where a person did so already, people edit that one in the brainstorm, and a translator
    /// puts another in its place.
    Translate {
        idea: IdeaId,
        /// BCP 47 tag of the language.
        lang: String,
        /// The same in that language.
        text: String,
        /// The hash of the words that were translated.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        read: Option<WordsHash>,
        /// The number `n` of the translation that this one takes the place of; absent: there was none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        over: Option<u32>,
    },
    /// Call for help in a group, or say that it has come.
    Help {
        group: GroupId,
        /// `true` calls, `false` says that help has come.
        on: bool,
    },
    /// Show the ideas that were held back on a group's board, in shuffled order.
    Reveal {
        /// The group of the board.
        group: GroupId,
        /// Only those of this discussion point; absent: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        point: Option<PointId>,
    },
    /// Move the consultation, or one group, to a phase.
    Phase {
        /// The phase that is entered.
        phase: Phase,
        /// How long it is meant to last; absent: no clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        minutes: Option<u32>,
        /// Only this group; absent: everybody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        group: Option<GroupId>,
        /// Announce it and move after so many seconds, or as soon as no phone is sending; absent or 0: at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        grace_seconds: Option<u32>,
    },
    /// Stay in the phase: take back a change that was announced.
    Stay {
        /// Only this group; absent: everybody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        group: Option<GroupId>,
    },
    /// Go to a discussion point.
    Point {
        point: PointId,
        /// How long it is meant to last; absent: as planned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        minutes: Option<u32>,
        /// Only this group; absent: all groups.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        group: Option<GroupId>,
    },
    /// Go to the discussion point after the current one; each group from where it is.
    NextPoint {
        /// How long it is meant to last; absent: as planned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        minutes: Option<u32>,
        /// Only this group; absent: all groups.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        group: Option<GroupId>,
    },
    /// Say how long each discussion point is meant to last from now on, in the order of the points.
    Minutes {
        /// One figure per point.
        minutes: Vec<u32>,
        /// Only this group; absent: all groups.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        group: Option<GroupId>,
    },
    /// Make a running clock longer or shorter.
    Clock {
        /// By how many minutes; negative: shorter.
        minutes: i32,
        /// Which clock; absent: that of the phase.
        #[serde(default)]
        #[ts(optional, as = "Option<ClockOf>")]
        of: ClockOf,
        /// Only this group; absent: everybody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        group: Option<GroupId>,
    },
    /// Open or close the door for people who are not in yet.
    Door {
        /// `true` opens it.
        open: bool,
        /// When a closed door opens by itself, in milliseconds since 1970; absent: when somebody opens it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number")]
        opens_at: Option<u64>,
        /// How people who come later are let in; absent: as before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        admission: Option<Admission>,
    },
    /// Make cards for a closed roll; `GET /api/consultations/{id}/cards` has what is on them.
    MakeCards {
        /// How many cards, from 1.
        count: u32,
        /// The group that they lead into; absent: the smallest, when they are used.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        group: Option<GroupId>,
    },
    /// Let a card that nobody used be good for nothing.
    RevokeCard { card: CardId },
    /// Make a card that stands for another: who comes in with it has the seat of the other card, whose phone loses it.
    ReplaceCard {
        /// The card that is lost, or whose phone is.
        card: CardId,
    },
    /// Say how many people are in the room, or in a group.
    Chairs {
        /// How many; absent: nobody counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        count: Option<u32>,
        /// Only this group; absent: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        group: Option<GroupId>,
    },
    /// Let people in who wait at the door, in the order in which they came.
    LetIn {
        /// At most so many; absent: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        count: Option<u32>,
        /// Only those of this group; absent: of all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        group: Option<GroupId>,
    },
    /// Close many seats together, and their votes with them. What they shared stays.
    CloseSeats {
        /// Seats of one burst, or of everybody.
        which: SeatsToClose,
        /// Which of them alone; absent: every seat of a burst.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        only: Option<SeatsOnly>,
        /// How many the sender saw; if they are more by now, nothing is closed.
        at_most: u32,
        /// How many seats had come when the sender saw that, as the desk says (`came`): seats that came later stay. Absent: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        came: Option<u32>,
        /// Of seats without a phone: when the sender saw that, as the desk says (`left`). Seats that had a phone then stay. Absent: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        left: Option<u32>,
        /// Only those of this group; absent: of all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        group: Option<GroupId>,
    },
    /// Undo a closing of many seats: they are there again with their votes.
    RestoreSeats {
        /// Its number on the desk.
        closing: u32,
    },
    /// Move a seat to another group, by the code that its phone shows.
    MoveSeat {
        /// Four characters, as they are typed.
        code: String,
        /// The group that the seat goes to.
        group: GroupId,
    },
    /// Go to another group oneself, where people choose theirs, before it has begun.
    ChangeGroup {
        /// The group that the seat goes to.
        group: GroupId,
    },
    /// Change one field of what is prepared. The value is as in the template file; points, groups and materials that
    /// exist are named by their `id`, without one they are new.
    Amend {
        field: Field,
        /// The version of the field that the change is based on.
        base: u32,
        /// The whole new value.
        #[ts(type = "unknown")]
        value: Value,
    },
    /// Make a staff link. Its token is chosen by who makes it and never sent.
    AddLink(NewLink),
    /// Let a staff link be good for nothing any more. Its devices are told at once.
    RevokeLink { seat: SeatId },
    /// Hand a staff link to a substitute: the same role and group under a new token; the old one ends in the same moment.
    HandLink {
        /// The old link's seat.
        seat: SeatId,
        /// The new link's seat, chosen by who makes it.
        to: SeatId,
        /// The SHA-256 of the new token, as 64 hex digits.
        token: ReceiptHash,
        /// A place or function.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        label: String,
    },
    /// Build the plenary list from the promoted ideas of all groups.
    Merge {},
    /// Put an idea into an item of the list, whatever the words say. Of several decisions on one idea the last stands.
    Assign {
        idea: IdeaId,
        /// The item: that of another idea to combine them; the idea itself to take it apart and leave it alone.
        /// Absent: the words decide again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        item: Option<IdeaId>,
    },
    /// Say that two ideas are not the same, or take that back. Weaker than `assign`.
    NotDuplicate {
        a: IdeaId,
        b: IdeaId,
        /// `true`: not the same.
        on: bool,
    },
    /// Put an item first, or no longer.
    Pin {
        item: IdeaId,
        /// `true` puts it first.
        on: bool,
        /// Its place among the items that come first, from 1; absent: the last of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        place: Option<u32>,
    },
    /// Keep an item off the list, or let it in again.
    Exclude {
        item: IdeaId,
        /// `true` keeps it off.
        on: bool,
    },
    /// Set the cut, the rule and the weights of the list. What is absent stays as it is.
    Ranking {
        /// How many places.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        k: Option<Places>,
        /// By which rule.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        rule: Option<Rule>,
        /// What a person weighs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        weights: Option<Weights>,
    },
    /// Let the list stand as it is, under a version number that can be quoted; or let it move again.
    Freeze {
        /// `true` freezes, `false` lets the list follow changes again.
        on: bool,
    },
    /// Say of the group's card: this is what we said; and, in one line, what is missing from it; or one of both. The last
    /// answer of a seat stands; neither takes it back.
    SignOff {
        /// The group whose card it is, which is the seat's own.
        group: GroupId,
        /// `true`: this is what we said.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[ts(optional, as = "Option<bool>")]
        agree: bool,
        /// What is missing: it travels with the card as a minority note.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        line: Option<String>,
        /// With `agree`: the texts of the card's ideas that were read, in their order. If the card says others by now, it is
        /// `stale`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        read: Option<WordsHash>,
    },
    /// Hide a minority note with a reason, or show it again.
    HideNote {
        note: NoteId,
        /// Why: the id of a reason. Absent: show it again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        reason: Option<String>,
    },
    /// Keep the consultation for so many days after its end; once it is closed they can only become fewer.
    Retain {
        /// Days after the end; at least 1, and fewer than before once it is closed.
        days: u32,
    },
    /// Delete all of the consultation, for good.
    Purge {
        /// Its title or its code, typed.
        confirm: String,
    },
    /// Fill the empty wording of a plenary item with its anchor's text; from then on people edit it.
    Reword { item: IdeaId },
    /// Say what becomes of a text of the list that was taken off because it says something like words that were deleted.
    SettleText {
        /// Its name in `about.doubtful`.
        text: String,
        /// `true` puts it back as it is; `false` deletes it for good.
        keep: bool,
        /// The words that were read; if it says others by now, it is `stale`.
        read: WordsHash,
    },
    /// Open the plenary vote, or open it again. The ballot paper is made of the list as it is.
    OpenPlenaryVote {},
    /// Close the plenary vote: everybody sees the result.
    ClosePlenaryVote {},
    /// Approve an entry of the ballot paper in the plenary vote, or take the approval back.
    ApproveEntry {
        item: IdeaId,
        /// `true` approves, `false` takes the approval back.
        on: bool,
        /// The seat's counter: of two decisions on one entry the one with the higher counter stands, in whatever order they
        /// arrive. Absent: order of arrival.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number")]
        counter: Option<u64>,
    },
    /// Let people say that they stand by a version of the list.
    OpenAdoption {
        /// The version's number.
        version: u32,
    },
    /// Close the adoption: everybody sees how many stand by the version.
    CloseAdoption {},
    /// Say that one stands by the version that is being adopted, or take that back.
    Adopt {
        /// `true`: I stand by it.
        on: bool,
        /// The seat's counter: the answer with the highest counter stands. Absent: order of arrival.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number")]
        counter: Option<u64>,
    },
    /// Put the entries of a group that was still working on the ballot paper.
    AddGroupToPaper { group: GroupId },
    /// Let seats vote in the plenary that came after it had begun, in the order in which they came.
    LetVotersIn {
        /// At most so many; absent: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        count: Option<u32>,
    },
    /// Object to an item of the list in the plenary, with one line; or no longer. Shown beside its place, which it never changes.
    Object {
        item: IdeaId,
        /// Why; absent: no longer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        line: Option<String>,
        /// The seat's counter: of several decisions on one item the one with the highest counter stands. Absent: order of arrival.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number")]
        counter: Option<u64>,
    },
    /// Delete the words of an objection for good; it still counts.
    HideObjection {
        item: IdeaId,
        /// Which of its objections.
        objection: ObjectionId,
    },
}

impl Action {
    /// The sender's own counter, if the command has one.
    #[must_use]
    pub const fn counter(&self) -> Option<u64> {
        if let Self::Approve { counter, .. } | Self::Object { counter, .. } = self { *counter } else { None }
    }
}
