//! Is anybody under-represented? The test known as EJR+ (Brill, Peters 2023), by heads: weights of the rule play no part in it,
//! so it can find fault with them.

use std::collections::BTreeMap;

use crate::merge::input::GroupKey;
use crate::merge::ranking::electorate::Contest;

/// People who all approve an unlisted candidate, and who are owed more places than any of them got.
pub(in crate::merge) struct SupportShortfall {
    pub candidate: usize,
    /// What their number is worth.
    pub places: usize,
    pub seats: usize,
    pub by_group: BTreeMap<GroupKey, usize>,
}

/// The EJR+ audit of one section: for each unlisted candidate and each number of places l, does a part of all voters that is
/// at least l of k approve it, none of whom has l listed approvals? Reports the largest such l per candidate.
pub(in crate::merge) fn representation(
    contest: &Contest<'_>,
    listed: &[usize],
    k: usize,
) -> Vec<SupportShortfall> {
    let mut is_listed = vec![false; contest.candidates.len()];
    for &candidate in listed {
        is_listed[candidate] = true;
    }
    let has: Vec<usize> = contest
        .voters
        .iter()
        .map(|voter| voter.approves.iter().filter(|&&candidate| is_listed[candidate]).count())
        .collect();
    (0..contest.candidates.len())
        .filter(|&candidate| !is_listed[candidate])
        .filter_map(|candidate| shortfall(contest, candidate, &has, k))
        .collect()
}

fn shortfall(contest: &Contest<'_>, candidate: usize, has: &[usize], k: usize) -> Option<SupportShortfall> {
    let supporters = &contest.supporters[candidate];
    let with_fewer = |l: usize| supporters.iter().copied().filter(move |&voter| has[voter] < l);
    let is_worth = |people: usize, places: usize| {
        let product = |a: usize, b: usize| a as u128 * b as u128;
        people > 0 && product(people, k) >= product(places, contest.voters.len())
    };
    // From one more than anybody has they are always the same people: they are counted once.
    let most = supporters.iter().map(|&voter| has[voter]).max()? + 1;
    let all = supporters.len();
    let places = (most..=k).rev().find(|&l| is_worth(all, l));
    let places =
        places.or_else(|| (1..most.min(k + 1)).rev().find(|&l| is_worth(with_fewer(l).count(), l)))?;
    let by_group = contest.by_group(with_fewer(places).map(|voter| (voter, 1)));
    let seats = with_fewer(places).count();
    Some(SupportShortfall { candidate, places, seats, by_group })
}
