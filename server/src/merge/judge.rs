//! A run judges itself when its items have their numbers: the audit of each section, and why each item is where it is.

use std::collections::BTreeSet;

use proto::plenary::Section;

use super::audit::coverage::coverage;
use super::audit::one_vote::one_vote;
use super::audit::representation::representation;
use super::cluster::Clusters;
use super::input::{GroupKey, IdeaKey, Rule, RunInput};
use super::output::{Because, Item, SectionCoverage, Violation};
use super::reasons::Ranked;
use crate::merge::ranking::electorate::Contest;
use crate::merge::ranking::places::Budget;
use crate::merge::ranking::purses::Placement;
use crate::merge::ranking::{equal_shares, phragmen, plain_count};

/// A section after its places were given out. Its items stand in the order of `placements`.
pub(super) struct SectionRanking<'a> {
    pub section: Section,
    pub contest: Contest<'a>,
    /// The candidates that people pinned, in their order.
    pub pins: Vec<usize>,
    pub placements: Vec<Placement>,
    pub k: usize,
}

/// What was found in all sections.
#[derive(Default)]
pub(super) struct Verdict {
    pub violations: Vec<Violation>,
    pub coverage: Vec<SectionCoverage>,
    pub close: Vec<IdeaKey>,
    /// Was any single vote left untried?
    untried: bool,
}

impl Verdict {
    /// Judges all sections, and writes into each item why it is where it is. Reasons come first: what is left of the budget is
    /// for single votes.
    pub fn of(rule: Rule, sections: &[SectionRanking<'_>], items: &mut [Item], clusters: &Clusters) -> Self {
        let mut verdict = Self::default();
        let mut budget = Budget::default();
        let mut rest = &mut items[..];
        for ranking in sections {
            let (own, others) = rest.split_at_mut(ranking.placements.len());
            ranking.explain(rule, own, &mut budget);
            rest = others;
        }
        for ranking in sections.iter().filter(|ranking| !ranking.contest.candidates.is_empty()) {
            verdict.judge(rule, ranking, clusters, &mut budget);
        }
        verdict
    }

    /// Is nothing found that a list can be blamed for?
    pub fn represented(&self) -> bool {
        self.violations.is_empty() && self.coverage.iter().all(|section| section.enough)
    }

    /// Does `close` name all that a single vote decides?
    pub const fn close_tried(&self) -> bool {
        !self.untried
    }

    fn judge(&mut self, rule: Rule, ranking: &SectionRanking<'_>, clusters: &Clusters, budget: &mut Budget) {
        let SectionRanking { section, contest, pins, k, .. } = ranking;
        let (section, k) = (*section, *k);
        let id = |candidate: usize| clusters.all[contest.candidates[candidate]].id.clone();
        let with_place = ranking.placements.iter().filter(|placement| !placement.held_back);
        let order: Vec<usize> = with_place.map(|placement| placement.candidate).collect();
        let listed = &order[..k.min(order.len())];
        let found = representation(contest, listed, k).into_iter();
        self.violations.extend(found.map(|found| Violation {
            item: id(found.candidate),
            section,
            places: found.places,
            seats: found.seats,
            by_group: found.by_group,
        }));
        let cover = coverage(contest, listed, k);
        self.coverage.push(SectionCoverage {
            section,
            voters: cover.voters,
            covered: cover.covered,
            greedy: cover.greedy,
            enough: cover.is_enough(),
        });
        let single = one_vote(rule, contest, pins, (&order, k), budget);
        self.close.extend(order.iter().filter(|candidate| single.close.contains(candidate)).map(|&c| id(c)));
        self.untried |= !single.tried;
    }
}

impl<'a> SectionRanking<'a> {
    /// Gives out the k places of a section. Pins name clusters.
    pub fn of(rule: Rule, section: Section, contest: Contest<'a>, (pins, k): (&[usize], usize)) -> Self {
        let pins = pins_of(&contest, pins);
        let placements = rank(rule, &contest, &pins, k);
        Self { section, contest, pins, placements, k }
    }

    fn explain(&self, rule: Rule, items: &mut [Item], budget: &mut Budget) {
        let candidates = self.contest.candidates.len();
        let (mut numbers, mut listed) = (vec![0; candidates], vec![false; candidates]);
        for (place, (placement, item)) in self.placements.iter().zip(items.iter()).enumerate() {
            numbers[placement.candidate] = item.number;
            listed[placement.candidate] = place < self.k && !placement.held_back;
        }
        let ranked = Ranked { contest: &self.contest, rule, pins: &self.pins, k: self.k, listed, numbers };
        for (placement, item) in self.placements.iter().zip(items) {
            let because = ranked.reason(placement.candidate, budget);
            item.because = match rule {
                Rule::Phragmen | Rule::EqualShares => because,
                // A plain count asks for nothing but how many.
                Rule::Votes => Because { margin: because.margin, ..Because::default() },
            };
        }
    }
}

/// The pinned candidates of a section, each once. Pins name clusters.
fn pins_of(contest: &Contest<'_>, pins: &[usize]) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    pins.iter()
        .filter_map(|pin| contest.candidates.iter().position(|candidate| candidate == pin))
        .filter(|&candidate| seen.insert(candidate))
        .collect()
}

/// Ranks one section of k places.
fn rank(rule: Rule, contest: &Contest<'_>, pins: &[usize], k: usize) -> Vec<Placement> {
    match rule {
        Rule::Phragmen => phragmen::rank(contest, pins),
        Rule::EqualShares => equal_shares::rank(contest, pins, k),
        Rule::Votes => plain_count::rank(contest, pins),
    }
}

/// Groups with ideas of which none is part of a listed item.
pub(super) fn groups_without(input: &RunInput, items: &[Item], listed: &[IdeaKey]) -> Vec<GroupKey> {
    let listed: BTreeSet<&IdeaKey> = listed.iter().collect();
    let with: BTreeSet<&GroupKey> = items
        .iter()
        .filter(|item| listed.contains(&item.id))
        .flat_map(|item| item.members.iter().map(|member| &member.group))
        .collect();
    let all: BTreeSet<&GroupKey> = input.ideas.iter().map(|idea| &idea.group).collect();
    all.into_iter().filter(|group| !with.contains(group)).cloned().collect()
}
