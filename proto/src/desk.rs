//! What moderators and organizers are told beside the boards: how many have not written yet, what waits for them.
//!
//! Numbers, never names: a desk helps to bring everybody in, it watches nobody.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::command::Kind;
use crate::ids::{GroupId, IdeaId, PointId};

/// What is told to somebody at a desk: a moderator's own group, an organizer's every group.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Desk {
    /// Per group, in order.
    pub groups: Vec<GroupDesk>,
}

/// What is told of one group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct GroupDesk {
    /// The group.
    pub group: GroupId,
    /// Participants who have a seat in it.
    pub seats: u32,
    /// Those of them who have shared nothing yet.
    pub not_written: u32,
    /// Connected phones of participants that have not sent everything yet.
    pub sending: u32,
    /// Ideas that are hidden, with their words as far as they are not deleted. Nobody else is told these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<HiddenIdea>>")]
    pub hidden: Vec<HiddenIdea>,
}

/// An idea as those who moderate are told it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct DeskIdea {
    /// The idea.
    pub id: IdeaId,
    /// Its words; empty when they are deleted or for somebody else.
    pub text: String,
    /// Its language.
    pub lang: String,
    /// Its discussion point.
    pub point: PointId,
    /// Its kind.
    pub kind: Option<Kind>,
}

/// A hidden idea as those who moderate are told it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct HiddenIdea {
    /// The idea.
    #[serde(flatten)]
    pub idea: DeskIdea,
    /// The id of the reason.
    pub reason: String,
    /// Are its words deleted for good? Then it cannot be shown again.
    pub erased: bool,
}
