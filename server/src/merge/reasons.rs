//! Why an entry is where it is, counted in people: the answers to *why has it a place?*, *why has it none?* and *what would
//! take it away?*

use std::cmp::Reverse;

use super::input::Rule;
use super::output::Because;
use crate::merge::ranking::electorate::Contest;
use crate::merge::ranking::places::{Budget, places_after};

/// Numbers that the reason of an entry below the line names at most.
const NUMBERS_MAX: usize = 3;

/// What reasons are asked of: a section, its ranking, and the numbers of its candidates.
pub(super) struct Ranked<'a> {
    pub contest: &'a Contest<'a>,
    pub rule: Rule,
    /// The candidates that people pinned, in their order.
    pub pins: &'a [usize],
    pub k: usize,
    /// Has the candidate a place?
    pub listed: Vec<bool>,
    /// Candidate → its number.
    pub numbers: Vec<usize>,
}

impl Ranked<'_> {
    /// Why this candidate is where it is.
    pub fn reason(&self, candidate: usize, budget: &mut Budget) -> Because {
        let supporters = &self.contest.supporters[candidate];
        if supporters.is_empty() {
            return Because::default();
        }
        if !self.listed[candidate] {
            let (people, numbers) = self.served(candidate);
            return Because { served: Some(people), served_by: numbers, ..Because::default() };
        }
        let alone = supporters.iter().filter(|&&voter| self.others(voter, candidate) == 0).count();
        let all = self.contest.supporters.iter().zip(&self.listed);
        let most = all.filter(|(_, listed)| !**listed).all(|(below, _)| below.len() < supporters.len());
        let margin = self.margin(candidate, budget);
        Because { alone: Some(alone), most, margin, ..Because::default() }
    }

    /// How many other listed candidates a voter approves.
    fn others(&self, voter: usize, candidate: usize) -> usize {
        let approves = self.contest.voters[voter].approves.iter();
        approves.filter(|&&other| other != candidate && self.listed[other]).count()
    }

    /// How many of its supporters have one of a few listed entries, and the numbers of these: each the one that most of those
    /// have who have none of the former ones.
    fn served(&self, candidate: usize) -> (usize, Vec<usize>) {
        let mut left: Vec<usize> = self.contest.supporters[candidate].clone();
        let all = left.len();
        let mut numbers = Vec::new();
        while numbers.len() < NUMBERS_MAX {
            let mut people = vec![0usize; self.listed.len()];
            for &voter in &left {
                let approved = self.contest.voters[voter].approves.iter();
                approved.filter(|&&other| self.listed[other]).for_each(|&other| people[other] += 1);
            }
            let best = (0..people.len()).min_by_key(|&other| (Reverse(people[other]), self.numbers[other]));
            let Some(best) = best.filter(|&best| people[best] > 0) else { break };
            numbers.push(self.numbers[best]);
            left.retain(|&voter| self.contest.voters[voter].approves.binary_search(&best).is_err());
        }
        numbers.sort_unstable();
        (all - left.len(), numbers)
    }

    /// With how many supporters fewer it would lose its place, those with nothing else listed first. `None` if it would keep it
    /// without any, or was put there by people, or if finding out would take too long.
    fn margin(&self, candidate: usize, budget: &mut Budget) -> Option<usize> {
        if self.pins.contains(&candidate) {
            return None;
        }
        let mut leaving = self.contest.supporters[candidate].clone();
        leaving.sort_by_key(|&voter| (self.others(voter, candidate), voter));
        let mut keeps = |fewer: usize| {
            budget.spend(self.contest, self.k).then(|| {
                let mut changed = self.contest.clone();
                leaving[..fewer].iter().for_each(|&voter| changed.toggle(voter, candidate));
                places_after(self.rule, changed, self.pins, self.k).contains(&candidate)
            })
        };
        if keeps(leaving.len())? {
            return None;
        }
        // It keeps its place without `kept` of them, and loses it without `lost`.
        let (mut kept, mut lost) = (0, leaving.len());
        while lost - kept > 1 {
            let middle = kept.midpoint(lost);
            if keeps(middle)? { kept = middle } else { lost = middle }
        }
        Some(lost)
    }
}
