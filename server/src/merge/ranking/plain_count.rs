//! A plain count: what more people approve comes first; pins before all, what is held back after all.

use super::electorate::Contest;
use super::purses::Placement;

/// Ranks all candidates.
pub(in crate::merge) fn rank(contest: &Contest<'_>, pins: &[usize]) -> Vec<Placement> {
    let mut has_place = vec![false; contest.candidates.len()];
    pins.iter().for_each(|&pin| has_place[pin] = true);
    let mut placements: Vec<Placement> = pins.iter().copied().map(Placement::unpaid).collect();
    let mut held_back = Vec::new();
    for candidate in contest.by_votes().into_iter().filter(|candidate| !pins.contains(candidate)) {
        if contest.is_held_back(candidate, &has_place) {
            held_back.push(Placement::held_back(candidate));
        } else {
            has_place[candidate] = true;
            placements.push(Placement::unpaid(candidate));
        }
    }
    placements.extend(held_back);
    placements
}
