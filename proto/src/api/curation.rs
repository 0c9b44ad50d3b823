//! What staff see beside the list: pairs that may be the same, what waits, and what they decided themselves.
//!
//! Pushed to moderators, rapporteurs and organizers as a stateless message, and read over HTTP; nobody else gets it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{GroupId, IdeaId};
use crate::plenary::{Places, Rule, Weights};

/// `GET /api/plenary/{consultation-id}/suggestions`: what staff see beside the list, and what they decided.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Curation {
    /// The run that the list shows.
    pub run: u32,
    /// Do changes come into the list by themselves?
    pub live: bool,
    /// The list is frozen, and a run over the present ideas and votes would change this much of it.
    pub waiting: Option<Waiting>,
    /// Pairs that may be the same, the most similar first; a bounded number of them.
    pub suggestions: Vec<Suggestion>,
    /// Unpromoted ideas with more votes than a promoted one of their group; none while the vote is hidden.
    pub passed_over: Vec<PassedOver>,
    /// Items that staff keep off the list → the idea whose words each has.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(as = "Option<_>", optional)]
    pub kept_off: BTreeMap<IdeaId, IdeaId>,
    /// Ideas whose words could not be compared: each is an entry of its own, and a person looks whether it is the same as another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<IdeaId>,
    /// The words of every idea that is named here and that the reader may read.
    pub ideas: BTreeMap<IdeaId, NamedIdea>,
    /// What people decided about the list.
    pub decisions: ListDecisions,
}

/// What a frozen list keeps out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Waiting {
    /// Items that would come onto the list.
    pub new: u32,
    /// Items that would change their order on it.
    pub moved: u32,
    /// Items that would leave it.
    pub gone: u32,
}

/// Two ideas that may be the same: confirm with `assign`, dismiss with `not-duplicate`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
pub struct Suggestion {
    /// The one with the smaller id.
    pub a: IdeaId,
    /// The one with the larger id.
    pub b: IdeaId,
    /// How similar, from 0 to 1.
    pub score: f64,
    /// The words they share; empty when only their meaning is alike.
    pub shared: Vec<String>,
    /// What speaks against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<PairMark>,
}

/// A sign that two similar ideas differ in meaning. Staff see it as a warning; it decides nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PairMark {
    /// More words turn one text round than the other, or one has a word that says the contrary of one of the other.
    Negation,
    /// They have other numbers.
    Number,
    /// One says all that the other says, and more.
    SaysMore,
}

/// An unpromoted idea with more votes than a promoted one of its group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct PassedOver {
    /// The unpromoted idea.
    pub idea: IdeaId,
    pub group: GroupId,
    /// People who approve it.
    pub votes: u32,
    /// The promoted idea of the group with the fewest votes.
    pub than: IdeaId,
    /// That one's votes.
    pub than_votes: u32,
}

/// An idea that staff are told about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct NamedIdea {
    pub group: GroupId,
    /// Its words when the run was made.
    pub text: String,
    /// BCP 47 tag, or empty.
    pub lang: String,
    /// The item it is in; `null`: none, or one that is kept off the list.
    pub item: Option<IdeaId>,
}

/// What people decided about the list, as it stands.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct ListDecisions {
    /// Idea → the item that somebody put it in.
    pub assign: BTreeMap<IdeaId, IdeaId>,
    /// Pairs that are not the same.
    pub not_duplicate: BTreeSet<(IdeaId, IdeaId)>,
    /// Items that come first, in order.
    pub pins: Vec<IdeaId>,
    /// Items that are kept off the list.
    pub exclude: BTreeSet<IdeaId>,
    /// The cut; `null`: the default.
    pub k: Option<Places>,
    /// How the list is ranked.
    pub rule: Rule,
    /// What one approval of a small and of a large group weighs.
    pub weights: Weights,
    /// Does the list stand still?
    pub frozen: bool,
    /// How often it was frozen: the number that a speaker quotes.
    pub version: u32,
}
