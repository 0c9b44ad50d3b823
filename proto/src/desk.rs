//! What moderators and organizers are told beside the boards: how many have not written yet, what waits for them.
//!
//! Numbers, never names: a desk helps to bring everybody in, it watches nobody.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::GroupId;

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
}
