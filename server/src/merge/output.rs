//! What comes out of a merge: the run, as canonical JSON; or why there is none.

use std::collections::BTreeMap;

use proto::plenary::Section;
use serde::{Deserialize, Serialize};

use super::input::{GroupKey, IdeaKey, Places, PointKey, Rule, Weights};

/// The tag of an item that a group got because it had nothing else on the list.
pub const TAG_HEARD: &str = "heard";
/// The tag of an item below the line that many groups support.
pub const TAG_SHARED_CONCERN: &str = "shared-concern";
/// The tag of an item that nobody approves.
pub const TAG_NO_VOTES: &str = "no-votes";
/// The tag of an item whose group promoted nothing: it is among that group's five best by tally.
pub const TAG_BEST_BY_TALLY: &str = "best-by-tally";
/// The tag of an item that people put first.
pub const TAG_PINNED: &str = "pinned";

/// One merge, never changed afterwards.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Run {
    /// By what it was made.
    pub run: Facts,
    /// All items: by section, by rank.
    pub items: Vec<Item>,
    /// What is above the cut: by section, by rank.
    pub listed: Vec<IdeaKey>,
    /// Groups with nothing above the cut, and what they got beside it.
    pub heard: Vec<Heard>,
    /// What is neither listed nor heard, in the same order.
    pub below_the_line: Vec<IdeaKey>,
    /// Is anybody under-represented, and what was passed over?
    pub audit: Audit,
    /// Pairs that may be the same, for a person to confirm; the most similar first.
    pub suggestions: Vec<PairSuggestion>,
}

impl Run {
    /// Every item with its place in its section, from 1: what people read, and what the cut goes by.
    pub fn placed(&self) -> impl Iterator<Item = (&Item, usize)> {
        self.items.iter().zip(places(&self.items))
    }

    /// The run as RFC 8785 JSON: sorted keys, no spaces, one way to write a number.
    ///
    /// # Errors
    /// Never for a run that came from [`crate::merge::run`]; a number that JSON cannot hold otherwise.
    pub fn to_canonical_json(&self) -> Result<String, MergeError> {
        canonical(self)
    }
}

/// Places in the section of items that stand by section, by rank.
pub(super) fn places(items: &[Item]) -> Vec<usize> {
    items.chunk_by(|a, b| a.section == b.section).flat_map(|section| 1..=section.len()).collect()
}

/// RFC 8785 JSON of anything.
pub(super) fn canonical<T: Serialize>(value: &T) -> Result<String, MergeError> {
    serde_json_canonicalizer::to_string(value).map_err(|error| MergeError::Json(error.to_string()))
}

/// By what a run was made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Facts {
    /// SHA-256 of the sorted input as canonical JSON, hex.
    pub input_sha256: String,
    pub rule: Rule,
    pub weights: Weights,
    /// Places of each section above the line.
    pub k: Places,
}

/// An entry of the list: one idea, or several that are the same.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Item {
    /// The id of its anchor when it was born.
    pub id: IdeaKey,
    pub section: Section,
    /// The discussion points of its members.
    pub points: Vec<PointKey>,
    /// The member whose words it has.
    pub anchor: IdeaKey,
    /// The ideas it came from; the anchor first, then by id.
    pub members: Vec<Member>,
    /// Place among all items, from 1: ranks run on over the sections in their order, so that no two items share one.
    /// The place within the section is [`Run::placed`]'s.
    pub rank: usize,
    /// What a unit of weight had paid in all when its supporters bought it (Phragmén), or what the richest of them
    /// paid for it per unit of weight (equal shares); `null` where nobody pays: without votes, and by plain count.
    pub t: Option<f64>,
    /// Who approves it.
    pub support: ItemSupport,
    /// What each group paid for its place, in shares of one coin.
    pub paid_by_group: BTreeMap<GroupKey, f64>,
    /// Its place by plain count, in its section.
    pub rank_by_votes: usize,
    /// `heard`, `shared-concern`, `no-votes`, `best-by-tally`, `pinned`.
    pub tags: Vec<String>,
}

/// Support in people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ItemSupport {
    /// People who approve an idea of it, each once.
    pub seats: usize,
    /// Groups they belong to.
    pub groups: usize,
    /// People per group.
    pub by_group: BTreeMap<GroupKey, usize>,
}

/// An idea in an item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Member {
    pub idea: IdeaKey,
    pub group: GroupKey,
    /// How it came here.
    pub via: Via,
}

/// How an idea came to its item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// The item has its words.
    Anchor,
    /// A person said so.
    Assigned,
    /// Its moderator said so, on its board.
    Combined,
    /// The same words, whatever their form.
    Identical,
}

impl Via {
    /// The word used in JSON and in the plenary's document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anchor => "anchor",
            Self::Assigned => "assigned",
            Self::Combined => "combined",
            Self::Identical => "identical",
        }
    }
}

/// A group that is heard beside the cut.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Heard {
    pub group: GroupKey,
    /// Its best-ranked item.
    pub item: IdeaKey,
}

/// What the run says about itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Audit {
    /// Judged by the votes on promoted ideas, is every group of people represented as its size asks (EJR+)?
    pub represented: bool,
    /// Where not. A finding, not an error: sequential Phragmén guarantees less.
    pub violations: Vec<Violation>,
    /// Ideas that were not promoted although a promoted idea of their group has fewer votes.
    pub passed_over: Vec<PassedOverIdea>,
    /// Groups that had promoted nothing, and came in with their best by tally.
    pub promoted_nothing: Vec<GroupKey>,
    /// Ideas whose `assign` had no effect, because the item is in another section.
    pub assign_ignored: Vec<IdeaKey>,
    /// Items that staff kept off the list.
    pub excluded: Vec<IdeaKey>,
}

/// People who agree on an unlisted item and are owed more than they got.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Violation {
    /// The unlisted item that they all approve.
    pub item: IdeaKey,
    pub section: Section,
    /// The places that their weight is worth; none of them has so many.
    pub places: usize,
    /// How many people.
    pub seats: usize,
    /// The same people by their group.
    pub by_group: BTreeMap<GroupKey, usize>,
}

/// An unpromoted idea with more votes than a promoted one of its group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct PassedOverIdea {
    /// The unpromoted idea.
    pub idea: IdeaKey,
    pub group: GroupKey,
    /// People who approve it.
    pub votes: usize,
    /// The promoted idea of the group with the fewest votes.
    pub than: IdeaKey,
    /// That one's votes.
    pub than_votes: usize,
}

/// Two ideas that may be the same.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PairSuggestion {
    /// The one with the smaller id.
    pub a: IdeaKey,
    /// The one with the larger id.
    pub b: IdeaKey,
    /// How similar, from 0 to 1.
    pub score: f64,
    /// The words they share.
    pub shared: Vec<String>,
}

/// Why there is no run.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MergeError {
    /// Two ideas with one id.
    #[error("there are two ideas with the id {0}")]
    DuplicateIdea(IdeaKey),
    /// Two ballots of one person.
    #[error("there are two ballots of the seat {0}")]
    DuplicateSeat(String),
    /// Something names an idea or item that is not there.
    #[error("{place} names {id}, but there is no such idea or item")]
    UnknownIdea {
        /// Where it is named.
        place: String,
        /// What is named.
        id: IdeaKey,
    },
    /// A number that JSON cannot hold.
    #[error("the run cannot be written as JSON: {0}")]
    Json(String),
}
