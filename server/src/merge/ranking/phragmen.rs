//! Sequential Phragmén: every phone fills with points at a steady speed; when the supporters of an idea together hold
//! one coin, they buy it the next place and start again from empty.
//!
//! A candidate's time is the one at which its supporters hold one coin. The smallest time wins, ties go to the lowest
//! index. Floats find the candidates that may be first; when there are several, exact fractions decide.
//!
//! Pins are bought first, in the order that people set. An entry that is held back when its turn comes is passed over without spending.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use num::BigRational;

use super::electorate::Contest;
use super::exact::VoterShare;
use crate::merge::ranking::purses::{Floor, Phones, Placement, Time};

/// Ranks all candidates; those without votes follow by index.
pub(in crate::merge) fn rank(contest: &Contest<'_>, pins: &[usize]) -> Vec<Placement> {
    let mut phones = Phones::empty(contest);
    let pinned = pins.iter().map(|&pin| phones.buy(pin)).collect();
    complete(phones, pinned)
}

/// The first k of the ranking.
pub(super) fn first(contest: &Contest<'_>, pins: &[usize], k: usize) -> Vec<Placement> {
    let mut phones = Phones::empty(contest);
    let pinned = pins.iter().take(k).map(|&pin| phones.buy(pin)).collect();
    complete_to(phones, pinned, k)
}

/// Ranks what has no place yet, with phones as they are.
pub(in crate::merge) fn complete(phones: Phones<'_>, placements: Vec<Placement>) -> Vec<Placement> {
    complete_to(phones, placements, usize::MAX)
}

/// Ranks what has no place yet, until so many have one. What follows has no particular order.
fn complete_to(phones: Phones<'_>, placements: Vec<Placement>, most: usize) -> Vec<Placement> {
    let candidates = phones.contest.candidates.len();
    let mut placed = vec![false; candidates];
    for placement in &placements {
        placed[placement.candidate] = true;
    }
    let times: Vec<Time> = (0..candidates).map(|candidate| phones.time(candidate)).collect();
    let open = (0..candidates).filter(|&candidate| !placed[candidate] && times[candidate].t.is_finite());
    let queue = open.map(|candidate| Reverse(times[candidate].floor(candidate))).collect();
    let fresh = vec![true; candidates];
    let standings = (0..candidates).map(|_| None).collect();
    let mut race = Race { phones, times, fresh, standings, queue, placements };
    let (contest, mut has_place, mut held_back) = (race.phones.contest, placed.clone(), Vec::new());
    while race.placements.len() < most
        && let Some(winner) = race.first()
    {
        placed[winner] = true;
        if contest.is_held_back(winner, &has_place) {
            held_back.push(winner);
        } else {
            has_place[winner] = true;
            race.buy(winner);
        }
    }
    for candidate in (0..candidates).filter(|&candidate| !placed[candidate]) {
        if contest.is_held_back(candidate, &has_place) {
            held_back.push(candidate);
        } else {
            has_place[candidate] = true;
            race.placements.push(Placement::unpaid(candidate));
        }
    }
    race.placements.extend(held_back.into_iter().map(Placement::held_back));
    race.placements
}

/// A ranking while it is being made.
struct Race<'a> {
    phones: Phones<'a>,
    /// Candidate → when it could be bought, or earlier than that, if it is not fresh.
    times: Vec<Time>,
    /// Candidate → has none of its supporters paid since?
    fresh: Vec<bool>,
    /// Candidate → the same without rounding, where it was needed.
    standings: Vec<Option<Standing>>,
    /// Candidates that wait, by the earliest time that is possible.
    queue: BinaryHeap<Reverse<Floor>>,
    placements: Vec<Placement>,
}

/// A candidate's exact time, as far as it is known.
struct Standing {
    shares: Vec<VoterShare>,
    time: Worked,
}

enum Worked {
    NotYet,
    Out(BigRational),
    TooLong,
}

impl Race<'_> {
    /// The next winner. Times only rise, so whoever is behind in the queue by an old time is behind.
    fn first(&mut self) -> Option<usize> {
        let mut seen: Vec<usize> = Vec::new();
        let mut latest = f64::INFINITY;
        while let Some(Reverse(floor)) = self.queue.peek() {
            if floor.is_above(latest) {
                break;
            }
            let candidate = floor.candidate();
            self.queue.pop();
            if !self.fresh[candidate] {
                self.times[candidate] = self.phones.time(candidate);
                self.standings[candidate] = None;
                self.fresh[candidate] = true;
            }
            latest = latest.min(self.times[candidate].t + self.times[candidate].slack);
            seen.push(candidate);
        }
        seen.sort_unstable();
        let may_win = |candidate: &usize| self.times[*candidate].t - self.times[*candidate].slack <= latest;
        let near: Vec<usize> = seen.iter().copied().filter(may_win).collect();
        let mut best = *near.first()?;
        for candidate in near.into_iter().skip(1) {
            if self.is_earlier(candidate, best) {
                best = candidate;
            }
        }
        let others = seen.into_iter().filter(|&candidate| candidate != best);
        self.queue.extend(others.map(|candidate| Reverse(self.times[candidate].floor(candidate))));
        Some(best)
    }

    /// Is the time of `a` the smaller one, without any rounding?
    fn is_earlier(&mut self, a: usize, b: usize) -> bool {
        for candidate in [a, b] {
            if self.standings[candidate].is_none() {
                let payers = self.phones.payers(candidate, self.times[candidate].t);
                let shares = self.phones.exact.shares(&payers);
                self.standings[candidate] = Some(Standing { shares, time: Worked::NotYet });
            }
        }
        if let (Some(a), Some(b)) = (&self.standings[a], &self.standings[b])
            && a.shares == b.shares
        {
            return false;
        }
        for candidate in [a, b] {
            let Some(standing) = &mut self.standings[candidate] else { continue };
            if matches!(standing.time, Worked::NotYet) {
                let time = self.phones.exact.time(&standing.shares);
                standing.time = time.map_or(Worked::TooLong, Worked::Out);
            }
        }
        match (&self.standings[a], &self.standings[b]) {
            (Some(Standing { time: Worked::Out(a), .. }), Some(Standing { time: Worked::Out(b), .. })) => {
                a < b
            }
            _ => false,
        }
    }

    fn buy(&mut self, winner: usize) {
        let placement = self.phones.buy(winner);
        for &(voter, _) in &placement.payments {
            for &candidate in &self.phones.contest.voters[voter].approves {
                self.fresh[candidate] = false;
            }
        }
        self.placements.push(placement);
    }
}
