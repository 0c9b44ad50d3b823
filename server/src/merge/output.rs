//! What comes out of a merge: the run, as canonical JSON; or why there is none.

use std::collections::BTreeMap;

use proto::plenary::Section;
use serde::{Deserialize, Serialize};

use super::candidate_pair::CandidatePair;
use super::input::{GroupKey, IdeaKey, Places, PointKey, Rule, Weights};

/// The tag of an item that a group got because it had nothing else on the list.
pub const TAG_HEARD: &str = "heard";
/// The tag of an item below the line that many groups support.
pub const TAG_SHARED_CONCERN: &str = "shared-concern";
/// The tag of an item that nobody approves.
pub const TAG_NO_VOTES: &str = "no-votes";
/// The tag of an item below the line because one of the same group that has a place may say the same, and nobody has decided.
pub const TAG_HELD_BACK: &str = "held-back";
/// The tag of an item of a section that everybody voted on, that was not on the ballot paper: it has the votes of its group.
pub const TAG_NOT_ON_PAPER: &str = "not-on-paper";
/// The tag of an item whose group promoted nothing: it is among that group's best by tally, as many as it may promote.
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
    /// What is above the cut: by section, by number.
    pub listed: Vec<IdeaKey>,
    /// Groups with nothing above the cut, and what they got beside it.
    pub heard: Vec<Heard>,
    /// What is neither listed nor heard, in the same order.
    pub below_the_line: Vec<IdeaKey>,
    /// Is anybody under-represented, and what was passed over?
    pub audit: Audit,
    /// Pairs that may be the same, for a person to confirm; the most similar first.
    pub suggestions: Vec<CandidatePair>,
    /// Items that staff kept off the list, so that they are known when the next run keeps them off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept_off: Vec<KeptOff>,
}

/// An item that staff kept off the list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct KeptOff {
    pub id: IdeaKey,
    /// The idea whose words it has.
    pub anchor: IdeaKey,
    /// The ideas it is made of; the anchor first.
    pub members: Vec<IdeaKey>,
}

impl Run {
    /// Places by the rule, in the section of each item.
    pub fn places(&self) -> Vec<usize> {
        places(&self.items)
    }

    /// The run as RFC 8785 JSON: sorted keys, no spaces, one way to write a number.
    ///
    /// # Errors
    /// Never for a run that came from [`crate::merge::run`]; a number that JSON cannot hold otherwise.
    pub fn to_canonical_json(&self) -> Result<String, MergeError> {
        canonical(self)
    }
}

/// Places by the rule in the section of items that stand by section, by rank.
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
    /// Its own: [`crate::merge::item_id`] of its anchor when it was born.
    pub id: IdeaKey,
    pub section: Section,
    /// The discussion points of its members.
    pub points: Vec<PointKey>,
    /// The member whose words it has.
    pub anchor: IdeaKey,
    /// The ideas it came from; the anchor first, then by id.
    pub members: Vec<Member>,
    /// Place by the rule among all items, from 1: ranks run on over the sections in their order, so that no two items share one.
    pub rank: usize,
    /// The number that people see and quote, in its section from 1: first what has a place, then what has none, in both parts
    /// what people pinned, then what most people approve.
    pub number: usize,
    /// What a unit of weight had paid in all when its supporters bought it (Phragmén), or what the richest of them
    /// paid for it per unit of weight (equal shares); `null` where nobody pays: without votes, and by plain count.
    pub t: Option<f64>,
    /// Who approves it.
    pub support: ItemSupport,
    /// What each group paid for its place, in shares of one coin.
    pub paid_by_group: BTreeMap<GroupKey, f64>,
    /// Its place by plain count, in its section.
    pub rank_by_votes: usize,
    /// Why it is where it is.
    pub because: Because,
    /// `heard`, `shared-concern`, `no-votes`, `best-by-tally`, `pinned`.
    pub tags: Vec<String>,
}

/// Why an item is where it is, counted in people of its section. All are absent of an item that nobody approves.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Because {
    /// Of a listed item: people who approve it and nothing else on the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alone: Option<usize>,
    /// Of a listed item: do more people approve it than any item below the line?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub most: bool,
    /// Of a listed item: with so many fewer people it would lose its place, those with nothing else on the list taken first.
    /// Absent where nobody's vote can take it, or where finding out would take too long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<usize>,
    /// Of an item below the line: people who approve it and one of the entries in `served_by`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub served: Option<usize>,
    /// The numbers of at most three listed items, chosen so that many who approve this one have one of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub served_by: Vec<usize>,
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
    /// Is no set of people under-represented, by heads (EJR+), and have about as many people something on the list as could
    /// have? If not, `violations` or `coverage` say where. A finding, not an error.
    pub represented: bool,
    /// People who are owed more places than any of them got.
    pub violations: Vec<Violation>,
    /// How many people have an approved entry on the list, section by section.
    #[serde(default)]
    pub coverage: Vec<SectionCoverage>,
    /// Listed items whose place a single vote decides: one person who approves one entry more or less near the line.
    #[serde(default)]
    pub close: Vec<IdeaKey>,
    /// Were all single votes tried? Otherwise `close` may name too few.
    #[serde(default)]
    pub close_tried: bool,
    /// Groups that took part and have no entry on the list: none of its ideas is part of one.
    #[serde(default)]
    pub groups_without: Vec<GroupKey>,
    /// Ideas that were not promoted although a promoted idea of their group has fewer votes.
    pub passed_over: Vec<PassedOverIdea>,
    /// Groups that had promoted nothing, and came in with their best by tally.
    pub promoted_nothing: Vec<GroupKey>,
    /// Ideas whose `assign` had no effect, because the item is in another section.
    pub assign_ignored: Vec<IdeaKey>,
    /// Items that staff kept off the list.
    pub excluded: Vec<IdeaKey>,
}

/// Who has something on the list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct SectionCoverage {
    pub section: Section,
    /// People who approve anything that could be listed.
    pub voters: usize,
    /// Those of them who approve a listed item.
    pub covered: usize,
    /// Those who would if each place went to the item that most people with nothing on the list approve.
    pub greedy: usize,
    /// Is `covered` at least nine tenths of `greedy`?
    pub enough: bool,
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
