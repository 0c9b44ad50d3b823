//! What goes into a merge: ideas, ballots, what people decided, settings; the JSON names are fixed.
//!
//! Fields that are not known are refused: a misspelt setting would otherwise be dropped without a word.

use std::collections::{BTreeMap, BTreeSet};

use proto::command::Kind;
pub use proto::plenary::{Places, Rule, Weights};

use proto::plenary::Section;
use serde::{Deserialize, Serialize};

use super::candidate_pair::CandidatePair;
use super::keys::item_id;
pub use super::keys::{GroupKey, IdeaKey, PointKey, SeatKey};
pub use super::reference::{BallotWeight, Grouping, Reference};

/// Everything that decides about a run.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RunInput {
    /// Which consultation; enters the hash and nothing else.
    pub consultation: String,
    /// Where the cut is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub k: Option<Places>,
    /// How the list is ranked.
    pub rule: Rule,
    /// What a person weighs.
    pub weights: Weights,
    /// Random bytes (hex), drawn when the vote closed, by which ties are broken.
    #[serde(with = "hex::serde", skip_serializing_if = "Vec::is_empty")]
    pub lot: Vec<u8>,
    /// The ideas on the boards: neither drafts nor withdrawn nor hidden ones.
    pub ideas: Vec<MergeIdea>,
    /// One per person who voted.
    pub ballots: Vec<Ballot>,
    /// How many entries of each section a group promotes at most, and comes in with if it promoted none. Without it the number follows from
    /// how many groups have ideas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promoted_at_most: Option<usize>,
    /// How many people of each group took part: shared, edited or approved anything until the vote closed. Where a group is
    /// not named, its ballots are counted.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub took_part: BTreeMap<GroupKey, u64>,
    /// What people decided about the list.
    pub decisions: Decisions,
    /// Pairs that may be the same, so that a run does not depend on a model; without them the words alone are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairs: Option<Vec<CandidatePair>>,
    /// What only reference data has.
    #[serde(skip_serializing_if = "Reference::is_none")]
    pub reference: Reference,
    /// The vote of everybody on the entries of all groups, once it is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plenary: Option<PlenaryInput>,
    /// Items of earlier runs, which keep their names wherever their ideas are.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub born: BTreeMap<IdeaKey, Born>,
}

/// An item of an earlier run.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Born {
    /// The idea whose words it had, if not the one whose id it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<IdeaKey>,
    /// The ideas it was made of.
    pub members: BTreeSet<IdeaKey>,
    /// Did people write a wording or a note for it? Then it chooses first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub worked: bool,
    /// Did it have no ideas left in the last run? Then it chooses after those that had.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lost: bool,
}

/// An idea on a board.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct MergeIdea {
    pub id: IdeaKey,
    /// The group on whose board it is.
    pub group: GroupKey,
    /// Its words, by which near-duplicates are found.
    #[serde(default)]
    pub text: String,
    /// BCP 47 tag, or empty.
    #[serde(default)]
    pub lang: String,
    /// Did its moderator send it to the plenary?
    #[serde(default)]
    pub promoted: bool,
    /// What it is; decides the section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The discussion point it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointKey>,
    /// Language → the same in that language, by a person or a machine: makes it comparable across languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tr: BTreeMap<String, String>,
}

impl MergeIdea {
    /// The section it belongs to.
    #[must_use]
    pub const fn section(&self) -> Section {
        Section::of(self.kind)
    }
}

/// What one person approves.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ballot {
    /// Who, for this run only.
    pub seat: SeatKey,
    /// The group in which it was cast.
    pub group: GroupKey,
    /// The ideas that the seat approves, each once.
    pub approves: BTreeSet<IdeaKey>,
}

/// A plenary vote that is closed.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlenaryInput {
    /// The ballot paper: each entry with its ideas.
    pub paper: BTreeMap<IdeaKey, BTreeSet<IdeaKey>>,
    /// One per person who approved anything.
    pub ballots: Vec<PlenaryBallot>,
    /// Random bytes (hex), drawn when it was closed.
    #[serde(with = "hex::serde")]
    pub lot: Vec<u8>,
}

/// What one person approves of the paper.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlenaryBallot {
    /// Who, for this run only; not the number that the same person has on the ballot of its group.
    pub seat: SeatKey,
    /// The home group.
    pub group: GroupKey,
    /// Entries of the paper.
    pub approves: BTreeSet<IdeaKey>,
}

impl PlenaryInput {
    /// Drops ideas that are not there any more, and entries that have none.
    fn forget_missing(&mut self, known: &BTreeSet<IdeaKey>) {
        for ideas in self.paper.values_mut() {
            ideas.retain(|idea| known.contains(idea));
        }
        self.paper.retain(|_, ideas| !ideas.is_empty());
        for ballot in &mut self.ballots {
            ballot.approves.retain(|entry| self.paper.contains_key(entry));
        }
    }
}

/// What people decided about the list; stands above every run.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Decisions {
    /// Idea → the item it belongs to. An idea's id means the item that is called after it: that of another idea: combined; its
    /// own: taken apart, and left alone by the automatic grouping; so is what is put in an item that is called after no idea.
    pub assign: BTreeMap<IdeaKey, IdeaKey>,
    /// Idea → the idea that stands for it on its board, as its moderator decided; weaker than `assign`. It goes where that
    /// one goes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub combined: BTreeMap<IdeaKey, IdeaKey>,
    /// Pairs that are not the same; weaker than `assign`.
    pub not_duplicate: BTreeSet<(IdeaKey, IdeaKey)>,
    /// Items that come first, in this order. An idea's id means the item that holds it.
    pub pins: Vec<IdeaKey>,
    /// Items that stay off the list. An idea's id means the item that holds it.
    pub exclude: BTreeSet<IdeaKey>,
}

impl RunInput {
    /// How many places a section has.
    #[must_use]
    pub fn places(&self, section: Section) -> usize {
        let default = match section {
            Section::Recommendations | Section::Ideas => 10,
            Section::Challenges | Section::Partnerships => 5,
        };
        match &self.k {
            None => default,
            Some(Places::Same(k)) => *k,
            Some(Places::PerSection(places)) => places.get(&section).copied().unwrap_or(default),
        }
    }

    /// How many entries of each section a group promotes at most.
    #[must_use]
    pub fn promoted_at_most(&self) -> usize {
        let groups = || self.ideas.iter().map(|idea| &idea.group).collect::<BTreeSet<_>>().len();
        self.promoted_at_most.unwrap_or_else(|| (30 / groups().max(1)).clamp(1, 7))
    }

    /// Drops every mention of ideas that are not in `ideas`: for a server whose ballots and decisions may still name
    /// an idea that was withdrawn or hidden. Without this, [`crate::merge::run`] refuses them.
    pub fn forget_missing(&mut self) {
        let known: BTreeSet<IdeaKey> = self.ideas.iter().map(|idea| idea.id.clone()).collect();
        for ballot in &mut self.ballots {
            ballot.approves.retain(|id| known.contains(id));
        }
        let decisions = &mut self.decisions;
        decisions.assign.retain(|idea, _| known.contains(idea));
        decisions.combined.retain(|idea, root| known.contains(idea) && known.contains(root));
        decisions.not_duplicate.retain(|(a, b)| known.contains(a) && known.contains(b));
        let targets: BTreeSet<&IdeaKey> = decisions.assign.values().collect();
        for born in self.born.values_mut() {
            born.members.retain(|id| known.contains(id));
            born.anchor = born.anchor.take().filter(|id| known.contains(id));
        }
        self.born.retain(|id, born| known.contains(id) || targets.contains(id) || !born.members.is_empty());
        let new: BTreeSet<IdeaKey> =
            self.ideas.iter().map(|idea| item_id(&idea.id, idea.section())).collect();
        let there = |id: &IdeaKey| known.contains(id) || new.contains(id);
        let named = |id: &IdeaKey| there(id) || targets.contains(id) || self.born.contains_key(id);
        decisions.pins.retain(named);
        decisions.exclude.retain(named);
        self.pairs
            .iter_mut()
            .for_each(|pairs| pairs.retain(|pair| known.contains(&pair.a) && known.contains(&pair.b)));
        self.reference.tie_order.retain(|id| known.contains(id));
        if let Some(plenary) = &mut self.plenary {
            plenary.forget_missing(&known);
        }
    }

    /// The same input in its one order: arrival plays no part in what follows, nor in the hash.
    pub(super) fn sorted(&self) -> Self {
        let mut sorted = self.clone();
        sorted.ideas.sort_by(|a, b| a.id.cmp(&b.id));
        sorted.ballots.sort_by(|a, b| a.seat.cmp(&b.seat));
        if let Some(pairs) = &mut sorted.pairs {
            for pair in pairs.iter_mut().filter(|pair| pair.a > pair.b) {
                std::mem::swap(&mut pair.a, &mut pair.b);
            }
            pairs.sort_by(|x, y| y.score.total_cmp(&x.score).then_with(|| (&x.a, &x.b).cmp(&(&y.a, &y.b))));
        }
        if let Some(plenary) = &mut sorted.plenary {
            plenary.ballots.sort_by(|a, b| a.seat.cmp(&b.seat));
        }
        sorted.decisions.not_duplicate = sorted
            .decisions
            .not_duplicate
            .into_iter()
            .map(|(a, b)| if a <= b { (a, b) } else { (b, a) })
            .collect();
        sorted
    }
}
