//! What moderators and organizers are told beside the boards: how many have not written yet, what waits for them.
//!
//! Numbers, never names: a desk helps to bring everybody in, it watches nobody.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::entry::{ClosedWhy, SeatsOnly};
use crate::command::Kind;
use crate::ids::{GroupId, IdeaId, PointId};

/// What is told to somebody at a desk: a moderator's own group, an organizer's every group.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Desk {
    /// Per group, in order.
    pub groups: Vec<GroupDesk>,
    /// Of all groups together; organizers alone are told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub all: Option<Attendance>,
    /// Has nobody ever opened the safeguarding contact's link? Organizers alone are told it.
    #[serde(default, skip_serializing_if = "is_not")]
    #[ts(optional, as = "Option<bool>")]
    pub contact_absent: bool,
}

/// How many came in, beside how many can be there (rule C21).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Attendance {
    /// Seats that are not closed together with others, without those at the door.
    pub seats: u32,
    /// How many people are in the room, as staff counted them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub chairs: Option<u32>,
    /// Seats that wait at the door until they are let in.
    pub at_door: u32,
    /// How many seats of the whole consultation have come so far, those that were closed included: what `close-seats` names, so
    /// that seats that come while somebody decides are not closed with those that were seen.
    pub came: u32,
    /// The number of the state in which these seats had a phone or none: what `close-seats` names as well, so that it means those that
    /// were seen without a phone, whatever phones fall asleep or come and go while somebody decides.
    #[serde(default)]
    pub left: u32,
    /// What is known of the seats that are in.
    pub conduct: Conduct,
    /// How many came in each of the last minutes in which anybody came, oldest first, since the server started.
    pub arrived: Vec<Arrived>,
    /// Seats that came in a burst from one place, since the server started. Where from is told to nobody.
    pub bursts: Vec<Burst>,
    /// Closings of many seats that can still be undone (rule C29).
    pub closings: Vec<ClosedTogether>,
    /// Who voted in the groups; told of all groups only, and not of few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub voted: Option<Ballots>,
    /// Who answered in the plenary; the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub answered: Option<Ballots>,
}

/// What is known of some seats, in numbers (rule C28). Seats that were closed are not counted. Phones, ideas and who wrote
/// are known since the server was started.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Conduct {
    /// Those with a phone that is connected now.
    pub phones: u32,
    /// Those that never had one.
    pub unseen: u32,
    /// Those that shared an idea or wrote in a text.
    pub wrote: u32,
    /// Those that may have written before the server was started: they never count as silent.
    pub unsure: u32,
    /// Ideas that they shared. These stay when the seats are closed.
    pub ideas: u32,
    /// Those that voted, answered a card or said anything in the room.
    pub voted: u32,
    /// Those that did none of this, and did not come with a card.
    pub silent: u32,
    /// Those without a phone that is connected now, and that did not come with a card.
    pub absent: u32,
    /// Those that are both.
    pub idle: u32,
}

/// How many came in a minute.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Arrived {
    /// When, cut to the minute: milliseconds since 1970-01-01 UTC.
    #[ts(type = "number")]
    pub at: u64,
    /// How many seats.
    pub seats: u32,
}

/// Ballots by what is known of the seats that gave them (rule C28).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Ballots {
    /// Seats that voted.
    pub seats: u32,
    /// Those that never wrote.
    pub only: u32,
    /// Those that came when the vote was open already.
    pub late: u32,
    /// Those that never had a phone connected since the server was started.
    pub unseen: u32,
}

/// Many seats that were closed together, and can be there again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct ClosedTogether {
    /// Its number; what `restore-seats` names.
    pub closing: u32,
    /// How many seats.
    pub seats: u32,
    /// How it was decided which seats are closed.
    pub why: ClosedWhy,
    /// Which of them alone; absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub only: Option<SeatsOnly>,
    /// Seats that came in since its sender looked, and that are not closed: more of the same, maybe.
    pub since: u32,
    /// Until when it can be undone, in milliseconds since 1970.
    #[ts(type = "number")]
    pub until: u64,
}

/// Many seats that came from one place within seconds: a class behind one router, or one person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Burst {
    /// Its number, from 1; what `close-seats` names.
    pub burst: u32,
    /// Seats of it that are not closed.
    pub seats: u32,
    /// Seconds between the first and the last of them, at least 1.
    pub seconds: u32,
    /// The minute in which it began, in milliseconds since 1970.
    #[ts(type = "number")]
    pub at: u64,
    /// What is known of them.
    pub conduct: Conduct,
}

/// What is told of one group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct GroupDesk {
    pub group: GroupId,
    /// Participants who have a seat in it.
    pub seats: u32,
    /// How many of them there are beside how many can be there.
    #[serde(default)]
    pub attendance: Attendance,
    /// Those of them who have shared nothing yet.
    pub not_written: u32,
    /// Connected phones of participants that have not sent everything yet.
    pub sending: u32,
    /// Does `not_written` count too many? So it is when the server was started since ideas were shared: who shared them
    /// is not stored.
    #[serde(default)]
    pub at_most: bool,
    /// When the group called for help, to the minute, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub help: Option<u64>,
    /// Moderators of this group who are connected now.
    #[serde(default)]
    pub moderators: u32,
    /// Ideas that wait to be let on the board: the first of them, as many as a message may hold (rule C27). Moderators of the
    /// group alone are told these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<DeskIdea>>")]
    pub waiting: Vec<DeskIdea>,
    /// How many ideas wait to be let on the board.
    #[serde(default, skip_serializing_if = "is_none")]
    #[ts(optional, as = "Option<u32>")]
    pub waiting_all: u32,
    /// Since when the first of them waits, to the minute, in milliseconds since 1970; of one that waited when the server was
    /// started: that minute, although it waits longer. Absent: none waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub waiting_since: Option<u64>,
    /// Ideas that somebody reported, and how many did; never who. Those with most reports, as many as a message may hold.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(optional, as = "Option<BTreeMap<IdeaId, u32>>")]
    pub reported: BTreeMap<IdeaId, u32>,
    /// Ideas for which its board still has room, once these are few (rule B7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub room_left: Option<u32>,
    /// Ideas that are hidden, with their words as far as they are not deleted: the first of them, as many as a message may
    /// hold (rule C27). Moderators of the group alone are told these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<HiddenIdea>>")]
    pub hidden: Vec<HiddenIdea>,
    /// How many ideas are hidden.
    #[serde(default, skip_serializing_if = "is_none")]
    #[ts(optional, as = "Option<u32>")]
    pub hidden_all: u32,
    /// Ideas that say the same as words that were deleted as personal data since the server started, shown or not (rule C25).
    /// Nobody else is told these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<DeskIdea>>")]
    pub repeats: Vec<DeskIdea>,
    /// How many these are; the organizer is told the number alone.
    #[serde(default, skip_serializing_if = "is_none")]
    #[ts(optional, as = "Option<u32>")]
    pub repeats_all: u32,
    /// Was the search for such ideas ended before it had looked at all of the consultation?
    #[serde(default, skip_serializing_if = "is_not")]
    #[ts(optional, as = "Option<bool>")]
    pub repeats_cut: bool,
    /// Does a report of this group wait for the safeguarding contact, whose link nobody has ever opened?
    #[serde(default, skip_serializing_if = "is_not")]
    #[ts(optional, as = "Option<bool>")]
    pub report_unread: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_none(n: &u32) -> bool {
    *n == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_not(yes: &bool) -> bool {
    !*yes
}

/// A list of a desk that is read by pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum DeskList {
    /// Ideas that wait to be let on the board.
    Waiting,
    /// Ideas that are hidden.
    Hidden,
}

/// A page of a list of a group's desk.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct DeskPage {
    /// How many are on the whole list.
    pub all: u32,
    /// If they were asked for: those that wait, from the place that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<DeskIdea>>")]
    pub waiting: Vec<DeskIdea>,
    /// If they were asked for: hidden ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<HiddenIdea>>")]
    pub hidden: Vec<HiddenIdea>,
}

/// An idea as those who moderate are told it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct DeskIdea {
    pub id: IdeaId,
    /// Its words; empty when they are deleted or for somebody else.
    pub text: String,
    /// BCP 47 tag, or empty when it is not known.
    pub lang: String,
    /// Its discussion point.
    pub point: PointId,
    /// `null` when its author chose none.
    pub kind: Option<Kind>,
    /// Is it held until the board is revealed, also when it was let in? Absent: no.
    #[serde(default, skip_serializing_if = "is_not")]
    #[ts(optional, as = "Option<bool>")]
    pub held: bool,
    /// Does it wait because its author changed it after it was let in? Absent: no.
    #[serde(default, skip_serializing_if = "is_not")]
    #[ts(optional, as = "Option<bool>")]
    pub changed: bool,
}

/// Reports that somebody may be in danger, as the safeguarding contact alone is told them (rule C27).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Alerts {
    /// The first ones: of ideas that everybody can still read, then those that nobody has decided about, then the others; of each
    /// the newest first.
    pub alerts: Vec<Alert>,
    /// How many there are in all.
    pub all: u32,
}

/// A report that somebody may be in danger, as the safeguarding contact alone is told it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Alert {
    #[serde(flatten)]
    pub idea: DeskIdea,
    pub group: GroupId,
    /// The minute of the first report, in milliseconds since 1970.
    #[ts(type = "number")]
    pub at: u64,
    /// How many reported it; never who.
    pub reports: u32,
    /// What was done about it.
    pub state: AlertState,
    /// How many reported it since it was shown again: its words may be others by now.
    #[serde(default)]
    pub again: u32,
}

/// What was done about a report of danger.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlertState {
    /// Nothing yet; the idea is hidden.
    New,
    /// Nothing yet, and the idea is still on its board: so many of the group were hidden in a short time that this one
    /// needs a second look (rule C23).
    Waiting,
    /// Seen; the idea is hidden.
    Acknowledged,
    /// The idea stays hidden.
    Kept,
    /// The idea is shown again.
    Shown,
}

/// A hidden idea as those who moderate are told it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct HiddenIdea {
    #[serde(flatten)]
    pub idea: DeskIdea,
    /// The id of the reason.
    pub reason: String,
    /// Are its words deleted for good? Then it cannot be shown again.
    pub erased: bool,
}
