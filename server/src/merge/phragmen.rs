//! Sequential Phragmén: every phone fills with points at a steady speed; when the supporters of an idea together hold
//! one coin, they buy it the next place and start again from empty.
//!
//! A voter's *load* is the time at which the phone was last emptied. A candidate's time is the one at which its
//! supporters hold one coin: `(1 + Σ w·load) / Σ w`. The smallest time wins; within a relative 1e-9 the lowest index.
//! Sums are taken anew, always in the order of the voters, never patched: floats then agree with exact fractions.
//!
//! Pins are bought first, in the order that people set. After a pin some loads may lie in a candidate's future; these
//! voters hold nothing yet, so they pay nothing and wait: no payment is ever negative.

use super::electorate::Contest;

/// Two times that differ by less are the same time.
const TIE: f64 = 1e-9;

/// One place of the ranking.
pub(super) struct Placement {
    /// Who has it.
    pub candidate: usize,
    /// When it was bought; `None`: nobody approves it.
    pub t: Option<f64>,
    /// Voter → share of the coin, in the order of the voters.
    pub payments: Vec<(usize, f64)>,
}

impl Placement {
    /// A place that nobody paid for.
    pub const fn unpaid(candidate: usize) -> Self {
        Self { candidate, t: None, payments: Vec::new() }
    }
}

/// Ranks all candidates; those without votes follow by index.
pub(super) fn rank(contest: &Contest<'_>, pins: &[usize]) -> Vec<Placement> {
    rank_from(contest, pins, vec![0.0; contest.voters.len()])
}

/// The same, with phones that already hold something (a negative load) or owe something.
pub(super) fn rank_from(contest: &Contest<'_>, first: &[usize], mut loads: Vec<f64>) -> Vec<Placement> {
    let mut placements = Vec::with_capacity(contest.candidates.len());
    let mut placed = vec![false; contest.candidates.len()];
    for &pin in first {
        if !std::mem::replace(&mut placed[pin], true) {
            placements.push(buy(contest, pin, &mut loads));
        }
    }
    let mut times: Vec<f64> =
        (0..contest.candidates.len()).map(|candidate| time(contest, candidate, &loads)).collect();
    let mut open: Vec<usize> = (0..contest.candidates.len())
        .filter(|&candidate| !placed[candidate] && times[candidate].is_finite())
        .collect();
    let mut stale = vec![false; contest.candidates.len()];
    while let Some(position) = earliest(&open, &times) {
        let winner = open.remove(position);
        placed[winner] = true;
        placements.push(buy(contest, winner, &mut loads));
        for &voter in &contest.supporters[winner] {
            for &candidate in &contest.voters[voter].approves {
                stale[candidate] = true;
            }
        }
        for &candidate in &open {
            if std::mem::take(&mut stale[candidate]) {
                times[candidate] = time(contest, candidate, &loads);
            }
        }
    }
    let without_votes = (0..contest.candidates.len()).filter(|&candidate| !placed[candidate]);
    placements.extend(without_votes.map(Placement::unpaid));
    placements
}

/// Where in `open` the next winner stands: the lowest index among the earliest.
fn earliest(open: &[usize], times: &[f64]) -> Option<usize> {
    let min = open.iter().map(|&candidate| times[candidate]).min_by(f64::total_cmp)?;
    let latest = min + min.abs() * TIE;
    open.iter().position(|&candidate| times[candidate] <= latest)
}

/// When the supporters hold one coin; infinite without supporters.
fn time(contest: &Contest<'_>, candidate: usize, loads: &[f64]) -> f64 {
    let supporters = &contest.supporters[candidate];
    let (mut weight, mut held, mut latest) = (0.0, 0.0, f64::NEG_INFINITY);
    for &voter in supporters {
        weight += contest.voters[voter].weight;
        held += contest.voters[voter].weight * loads[voter];
        latest = latest.max(loads[voter]);
    }
    let t = (1.0 + held) / weight;
    if supporters.is_empty() {
        f64::INFINITY
    } else if t >= latest - latest.abs() * TIE {
        t
    } else {
        time_with_waiting(contest, supporters, loads)
    }
}

/// The time when some supporters' loads lie in the future: those wait, the others buy without them.
fn time_with_waiting(contest: &Contest<'_>, supporters: &[usize], loads: &[f64]) -> f64 {
    let mut by_load: Vec<usize> = supporters.to_vec();
    by_load.sort_by(|&a, &b| loads[a].total_cmp(&loads[b]).then(a.cmp(&b)));
    let (mut weight, mut held, mut t) = (0.0, 0.0, f64::INFINITY);
    for voter in by_load {
        if loads[voter] >= t {
            break;
        }
        weight += contest.voters[voter].weight;
        held += contest.voters[voter].weight * loads[voter];
        t = (1.0 + held) / weight;
    }
    t
}

/// Buys a candidate its place: its supporters pay and start again from empty.
fn buy(contest: &Contest<'_>, candidate: usize, loads: &mut [f64]) -> Placement {
    let t = time(contest, candidate, loads);
    if !t.is_finite() {
        return Placement::unpaid(candidate);
    }
    let mut payments = Vec::with_capacity(contest.supporters[candidate].len());
    for &voter in &contest.supporters[candidate] {
        let paid = contest.voters[voter].weight * (t - loads[voter]);
        if paid > 0.0 {
            payments.push((voter, paid));
            loads[voter] = t;
        }
    }
    Placement { candidate, t: Some(t), payments }
}
