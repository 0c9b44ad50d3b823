//! What people pay with: how full every phone is, and when supporters together hold one coin.
//!
//! A voter's *load* is the time at which the phone was last emptied; a phone that starts with something in it has a
//! negative one. Loads are floats, summed anew in the order of the voters, never patched; [`Exact`] stands behind
//! them for what floats cannot tell.
//!
//! After a pin some loads may lie in a candidate's future; these voters hold nothing yet, so they pay nothing and
//! wait: no payment is ever negative.

use std::cmp::Ordering;

use super::electorate::Contest;
use super::exact::Exact;

/// Two values that differ by less, relatively, are handed to [`Exact`]; where it gives up, they are equal.
pub(super) const TIE: f64 = 1e-9;

/// One place of the ranking.
pub(super) struct Placement {
    /// Who has it.
    pub candidate: usize,
    /// When it was bought; `None`: nobody paid.
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

/// The least that a candidate can cost, or the earliest time at which it can be bought: both only rise.
pub(super) struct Floor(pub f64, pub usize);

impl Ord for Floor {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0).then(self.1.cmp(&other.1))
    }
}

impl PartialOrd for Floor {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Floor {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Floor {}

/// All phones of a contest.
pub(super) struct Phones<'a> {
    pub contest: &'a Contest<'a>,
    /// Voter → load.
    pub loads: Vec<f64>,
    pub exact: Exact,
}

/// When a candidate's supporters hold one coin.
#[derive(Clone, Copy)]
pub(super) struct Time {
    /// The time; infinite without supporters.
    pub t: f64,
    /// How far off a float may be.
    pub slack: f64,
}

impl Time {
    /// Not earlier than this, whatever floats say.
    pub fn floor(self, candidate: usize) -> Floor {
        Floor(self.t - self.slack, candidate)
    }
}

impl<'a> Phones<'a> {
    /// All empty, at time zero.
    pub fn empty(contest: &'a Contest<'a>) -> Self {
        Self { contest, loads: vec![0.0; contest.voters.len()], exact: Exact::empty(contest) }
    }

    /// When the supporters hold one coin.
    pub fn time(&self, candidate: usize) -> Time {
        let supporters = &self.contest.supporters[candidate];
        let (mut weight, mut held, mut size, mut latest) = (0.0, 0.0, 0.0, f64::NEG_INFINITY);
        for &voter in supporters {
            let share = self.contest.voters[voter].weight * self.loads[voter];
            weight += self.contest.voters[voter].weight;
            held += share;
            size += share.abs();
            latest = latest.max(self.loads[voter]);
        }
        let t = (1.0 + held) / weight;
        if supporters.is_empty() {
            Time { t: f64::INFINITY, slack: 0.0 }
        } else if t >= latest - latest.abs() * TIE {
            Time { t, slack: TIE * (1.0 + size) / weight }
        } else {
            self.time_with_waiting(supporters)
        }
    }

    /// The time when some supporters' loads lie in the future: those wait, the others buy without them.
    fn time_with_waiting(&self, supporters: &[usize]) -> Time {
        let mut by_load: Vec<usize> = supporters.to_vec();
        by_load.sort_by(|&a, &b| self.loads[a].total_cmp(&self.loads[b]).then(a.cmp(&b)));
        let (mut weight, mut held, mut size, mut t) = (0.0, 0.0, 0.0, f64::INFINITY);
        for voter in by_load {
            if self.loads[voter] >= t {
                break;
            }
            let share = self.contest.voters[voter].weight * self.loads[voter];
            weight += self.contest.voters[voter].weight;
            held += share;
            size += share.abs();
            t = (1.0 + held) / weight;
        }
        Time { t, slack: TIE * (1.0 + size) / weight }
    }

    /// The supporters who pay when their candidate is bought at `t`.
    pub fn payers(&self, candidate: usize, t: f64) -> Vec<usize> {
        let supporters = self.contest.supporters[candidate].iter().copied();
        supporters.filter(|&voter| self.loads[voter] < t).collect()
    }

    /// Buys a candidate its place: its supporters pay and start again from empty.
    pub fn buy(&mut self, candidate: usize) -> Placement {
        let Time { t, .. } = self.time(candidate);
        if !t.is_finite() {
            return Placement::unpaid(candidate);
        }
        let payers = self.payers(candidate, t);
        self.exact.buy_together(&payers);
        let pay = |voter: usize| (voter, self.contest.voters[voter].weight * (t - self.loads[voter]));
        let payments: Vec<(usize, f64)> = payers.iter().map(|&voter| pay(voter)).collect();
        for voter in payers {
            self.loads[voter] = t;
        }
        Placement { candidate, t: Some(t), payments }
    }
}
