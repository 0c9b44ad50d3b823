//! Which entries have their place by a single vote: would it be lost if one person had approved one entry more or less?
//!
//! Tried with each kind of ballot (people of one weight who approve the same are one kind, and one who approves nothing yet is
//! one too) and each entry near the line.

use std::collections::BTreeSet;

use crate::merge::input::Rule;
use crate::merge::ranking::electorate::{Contest, Voter};
use crate::merge::ranking::places::{Budget, places_after};

/// Entries before and after the line that are tried.
const NEAR: usize = 2;

/// What was found.
pub(in crate::merge) struct OneVote {
    /// Listed candidates that a single vote would take their place from.
    pub close: BTreeSet<usize>,
    /// Was everything tried? Not where it would take too long.
    pub tried: bool,
}

/// Tries every single change of a vote near the line of k places. `order` is the order by the rule.
pub(in crate::merge) fn one_vote(
    rule: Rule,
    contest: &Contest<'_>,
    pins: &[usize],
    (order, k): (&[usize], usize),
    budget: &mut Budget,
) -> OneVote {
    let mut found = OneVote { close: BTreeSet::new(), tried: true };
    if order.len() <= k || k == 0 {
        return found;
    }
    let listed: BTreeSet<usize> = order[..k].iter().copied().collect();
    let near = &order[k.saturating_sub(NEAR)..order.len().min(k + NEAR)];
    for (voter, position) in kinds(contest) {
        for &candidate in near {
            if !budget.spend(contest, k) {
                found.tried = false;
                return found;
            }
            let mut changed = contest.clone();
            let position = position.unwrap_or_else(|| changed.add(voter.clone()));
            changed.toggle(position, candidate);
            let kept = places_after(rule, changed, pins, k);
            found.close.extend(listed.iter().filter(|candidate| !kept.contains(candidate)));
        }
    }
    found
}

/// A voter of each kind with its position, and of each weight one who approves nothing yet and is not there.
fn kinds<'a>(contest: &'a Contest<'_>) -> Vec<(Voter, Option<usize>)> {
    let weight = |voter: &Voter| (voter.exact_weight.p, voter.exact_weight.q);
    let mut known: BTreeSet<((u64, u64), &'a [usize])> = BTreeSet::new();
    let mut kinds = Vec::new();
    for (position, voter) in contest.voters.iter().enumerate() {
        if known.insert((weight(voter), &voter.approves)) {
            kinds.push((voter.clone(), Some(position)));
        }
        if known.insert((weight(voter), &[])) {
            kinds.push((Voter { approves: Vec::new(), ..voter.clone() }, None));
        }
    }
    kinds
}
