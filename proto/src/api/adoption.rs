//! Adoption: people in the plenary say that they stand by a version of the list (rule C38).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::plenary::People;

/// The adoption of a version as everybody sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct AdoptionState {
    /// The version that is adopted.
    pub version: u32,
    /// May people say something now?
    pub open: bool,
    /// Seats that may: those that may vote in the plenary.
    pub voters: u32,
    /// Seats that stand by it; absent while it is open. Neither it nor what is left of the voters is told as a number under five.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub adopted: Option<People>,
}

/// What a participant's seat is told of its own part in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct OwnAdoption {
    /// May it say something? Not if it came after the plenary had begun and was not let in.
    pub may_adopt: bool,
    /// Does it stand by the version?
    pub adopts: bool,
}
