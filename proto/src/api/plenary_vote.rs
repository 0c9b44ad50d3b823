//! The plenary vote: what everybody sees of it, and what a seat is told of its own ballot.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{GroupId, IdeaId};
use crate::plenary::{People, Section};

/// Is a plenary vote held?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PlenaryVoteHeld {
    /// If there is more than one group.
    #[default]
    Auto,
    /// Yes.
    On,
    /// No: nobody votes across groups.
    Off,
}

/// Which entries of the list are on the ballot paper.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PaperScope {
    /// Recommendations; where no idea has a kind, the ideas.
    #[default]
    Recommendations,
    /// Entries of every section.
    All,
}

/// How far the plenary vote is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PlenaryVoteStage {
    /// The plenary has begun, and nobody opened the vote.
    Waiting,
    /// Seats vote; nobody sees a result.
    Open,
    /// It is closed, and everybody sees the result.
    Closed,
}

/// The plenary vote as everybody sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct PlenaryVoteState {
    /// How far it is.
    pub stage: PlenaryVoteStage,
    /// The ballot paper, in the order of the list; empty before it is opened. Entries whose idea is hidden are not on it.
    pub paper: Vec<PaperEntryState>,
    /// Seats that may vote.
    pub voters: u32,
    /// How many of them said anything of an entry.
    pub voted: u32,
    /// Seats that came after the plenary had begun, and may not vote.
    pub late: u32,
    /// Groups that are not on the paper because they had not closed their own vote when it was made, and still have not.
    pub working: Vec<GroupId>,
    /// Those of them that have closed their vote by now: an organizer may add them.
    pub ready: Vec<GroupId>,
    /// Groups that sent something to the plenary and have no entry on the paper.
    pub without_entry: u32,
}

/// An entry of the ballot paper.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct PaperEntryState {
    /// The entry of the list.
    pub item: IdeaId,
    pub section: Section,
    /// The groups that its ideas come from.
    pub groups: Vec<GroupId>,
    /// Seats that approve it; absent until the vote is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub approvals: Option<People>,
}

/// What a participant's seat is told of its own part in the plenary vote.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct OwnPlenaryVote {
    /// May it vote? Not if it came after the plenary had begun and was not let in.
    pub may_vote: bool,
    /// Did it say anything of an entry?
    pub voted: bool,
    /// The entries that it approves.
    pub approved: Vec<IdeaId>,
}
