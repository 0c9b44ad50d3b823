//! Which candidates have a place: the first k of a ranking, without the rest of it; asked again and again for *what if*.

use std::collections::BTreeSet;

use super::electorate::Contest;
use super::{equal_shares, phragmen, plain_count};
use crate::merge::input::Rule;
use crate::merge::ranking::purses::Placement;

/// Approvals that all *what if* of a run may look at together: about a second.
const APPROVALS_MAX: usize = 200_000_000;

/// What may still be spent on *what if*, in approvals that are looked at.
pub(in crate::merge) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(APPROVALS_MAX)
    }
}

impl Budget {
    /// Takes out what giving away k places costs; false when so much is not left.
    pub fn spend(&mut self, contest: &Contest<'_>, k: usize) -> bool {
        let approvals: usize = contest.supporters.iter().map(Vec::len).sum();
        let cost = (approvals + contest.voters.len()).saturating_mul(k.min(contest.candidates.len()) + 2);
        let left = self.0.checked_sub(cost);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

/// The candidates that have one of k places, in the order in which they got it.
fn places(rule: Rule, contest: &Contest<'_>, pins: &[usize], k: usize) -> Vec<usize> {
    match rule {
        Rule::Phragmen => first(phragmen::first(contest, pins, k), k),
        Rule::EqualShares => first(equal_shares::rank(contest, pins, k), k),
        Rule::Votes => first(plain_count::rank(contest, pins), k),
    }
}

/// The candidates that have a place after votes were changed, under the indices that they had before.
pub(in crate::merge) fn places_after(
    rule: Rule,
    changed: Contest<'_>,
    pins: &[usize],
    k: usize,
) -> BTreeSet<usize> {
    let (contest, renamed) = changed.sorted();
    let pins: Vec<usize> = pins.iter().map(|&pin| renamed[pin]).collect();
    let mut before = vec![0; renamed.len()];
    renamed.iter().enumerate().for_each(|(old, &new)| before[new] = old);
    places(rule, &contest, &pins, k).into_iter().map(|candidate| before[candidate]).collect()
}

fn first(placements: Vec<Placement>, k: usize) -> Vec<usize> {
    let with_place = placements.into_iter().filter(|placement| !placement.held_back);
    with_place.take(k).map(|placement| placement.candidate).collect()
}
