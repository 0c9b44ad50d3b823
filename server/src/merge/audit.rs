//! Is anybody under-represented, and what was passed over? The run judges itself.

use std::collections::BTreeMap;

use super::input::{GroupKey, RunInput};
use super::output::PassedOverIdea;
use crate::merge::ranking::electorate::Contest;

/// Float sums of weights that differ by less are equal.
const EQUAL: f64 = 1e-12;

/// People who all approve an unlisted candidate, and whose weight is worth more places than any of them got.
pub(super) struct SupportShortfall {
    pub candidate: usize,
    /// What their weight is worth.
    pub places: usize,
    pub seats: usize,
    pub by_group: BTreeMap<GroupKey, usize>,
}

/// The EJR+ audit of one section: for each unlisted candidate and each number of places l, do people who weigh l of
/// k places approve it, none of whom has l listed approvals? Reports the largest such l per candidate.
pub(super) fn representation(contest: &Contest<'_>, listed: &[usize], k: usize) -> Vec<SupportShortfall> {
    let mut is_listed = vec![false; contest.candidates.len()];
    for &candidate in listed {
        is_listed[candidate] = true;
    }
    let has: Vec<usize> = contest
        .voters
        .iter()
        .map(|voter| voter.approves.iter().filter(|&&candidate| is_listed[candidate]).count())
        .collect();
    let total: f64 = contest.voters.iter().map(|voter| voter.weight).sum();
    (0..contest.candidates.len())
        .filter(|&candidate| !is_listed[candidate])
        .filter_map(|candidate| shortfall(contest, candidate, &has, total, k))
        .collect()
}

fn shortfall(
    contest: &Contest<'_>,
    candidate: usize,
    has: &[usize],
    total: f64,
    k: usize,
) -> Option<SupportShortfall> {
    let supporters = &contest.supporters[candidate];
    let with_fewer = |l: usize| supporters.iter().copied().filter(move |&voter| has[voter] < l);
    let worth = |l: usize| {
        let weight: f64 = with_fewer(l).map(|voter| contest.voters[voter].weight).sum();
        move |places: usize| weight > 0.0 && weight * k as f64 >= places as f64 * total * (1.0 - EQUAL)
    };
    // From one more than anybody has they are always the same people: their weight is added up once.
    let most = supporters.iter().map(|&voter| has[voter]).max()? + 1;
    let of_all = worth(most);
    let places = (most..=k).rev().find(|&l| of_all(l));
    let places = places.or_else(|| (1..most.min(k + 1)).rev().find(|&l| worth(l)(l)))?;
    let by_group = contest.by_group(with_fewer(places).map(|voter| (voter, 1)));
    let seats = with_fewer(places).count();
    Some(SupportShortfall { candidate, places, seats, by_group })
}

/// Unpromoted ideas with more votes than the promoted idea of their group that has the fewest.
pub(super) fn passed_over(input: &RunInput, tallies: &[usize]) -> Vec<PassedOverIdea> {
    let mut weakest: BTreeMap<&GroupKey, usize> = BTreeMap::new();
    for (position, idea) in input.ideas.iter().enumerate().filter(|(_, idea)| idea.promoted) {
        let weakest = weakest.entry(&idea.group).or_insert(position);
        if tallies[position] < tallies[*weakest] {
            *weakest = position;
        }
    }
    input
        .ideas
        .iter()
        .enumerate()
        .filter(|(_, idea)| !idea.promoted && !input.decisions.combined.contains_key(&idea.id))
        .filter_map(|(position, idea)| {
            let than = *weakest.get(&idea.group)?;
            (tallies[position] > tallies[than]).then(|| PassedOverIdea {
                idea: idea.id.clone(),
                group: idea.group.clone(),
                votes: tallies[position],
                than: input.ideas[than].id.clone(),
                than_votes: tallies[than],
            })
        })
        .collect()
}
