//! A pair of ideas that may be the same: what the input brings, what a run asks people about.

use proto::api::curation::PairMark;
use serde::{Deserialize, Serialize};

use super::keys::IdeaKey;

/// Two ideas that may be the same.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CandidatePair {
    /// The one with the smaller id.
    pub a: IdeaKey,
    /// The one with the larger id.
    pub b: IdeaKey,
    /// How similar, from 0 to 1.
    pub score: f64,
    /// The words they share; none where only their meaning is alike.
    #[serde(default)]
    pub shared: Vec<String>,
    /// What speaks against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<PairMark>,
}
