//! What people pay with: how full every phone is, and when supporters together hold one coin.
//!
//! A voter's *load* is the time at which the phone was last emptied; a phone that starts with something in it has a
//! negative one. Loads are floats, summed anew in the order of the voters, never patched; [`Exact`] stands behind
//! them for what floats cannot tell.
//!
//! After a pin some loads may lie in a candidate's future; these voters hold nothing yet, so they pay nothing and
//! wait: no payment is ever negative.

use super::electorate::Contest;
use super::exact::Exact;

/// Two values that differ by less, relatively, are handed to [`Exact`]; where it gives up, they are equal.
pub(in crate::merge) const TIE: f64 = 1e-9;

/// One place of the ranking.
pub(in crate::merge) struct Placement {
    /// Who has it.
    pub candidate: usize,
    /// When it was bought; `None`: nobody paid.
    pub t: Option<f64>,
    /// Voter → share of the coin, in the order of the voters.
    pub payments: Vec<(usize, f64)>,
    /// Was it passed over when its turn came, because an entry with a place may say the same? Such entries are the last ones.
    pub held_back: bool,
}

impl Placement {
    /// A place that nobody paid for.
    pub const fn unpaid(candidate: usize) -> Self {
        Self { candidate, t: None, payments: Vec::new(), held_back: false }
    }

    /// No place, because an entry that has one may say the same.
    pub const fn held_back(candidate: usize) -> Self {
        Self { candidate, t: None, payments: Vec::new(), held_back: true }
    }
}

/// The least that a candidate can cost, or the earliest time at which it can be bought: both only rise. The smallest
/// comes first, then the lowest index.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::merge) struct Floor {
    least: i64,
    candidate: u32,
}

impl Floor {
    pub fn new(least: f64, candidate: usize) -> Self {
        Self { least: Self::whole(least), candidate: candidate as u32 }
    }

    pub const fn candidate(&self) -> usize {
        self.candidate as usize
    }

    pub fn is_above(&self, limit: f64) -> bool {
        self.least > Self::whole(limit)
    }

    /// Whole numbers in the order of the floats (that of `f64::total_cmp`): a queue compares them many times over.
    const fn whole(number: f64) -> i64 {
        let bits = number.to_bits() as i64;
        bits ^ (((bits >> 63) as u64) >> 1) as i64
    }
}

/// What a voter pays with.
#[derive(Clone, Copy)]
pub(in crate::merge) struct PayingPhone {
    pub weight: f64,
    pub load: f64,
}

/// All phones of a contest.
pub(in crate::merge) struct Phones<'a> {
    pub contest: &'a Contest<'a>,
    /// Voter → phone.
    pub each: Vec<PayingPhone>,
    pub exact: Exact,
}

/// When a candidate's supporters hold one coin.
#[derive(Clone, Copy)]
pub(in crate::merge) struct Time {
    /// The time; infinite without supporters.
    pub t: f64,
    /// How far off a float may be.
    pub slack: f64,
}

impl Time {
    /// Not earlier than this, whatever floats say.
    pub fn floor(self, candidate: usize) -> Floor {
        Floor::new(self.t - self.slack, candidate)
    }
}

impl<'a> Phones<'a> {
    /// All empty, at time zero.
    pub fn empty(contest: &'a Contest<'a>) -> Self {
        let each =
            contest.voters.iter().map(|voter| PayingPhone { weight: voter.weight, load: 0.0 }).collect();
        Self { contest, each, exact: Exact::empty(contest) }
    }

    /// When the supporters hold one coin.
    pub fn time(&self, candidate: usize) -> Time {
        let supporters = &self.contest.supporters[candidate];
        let (mut weight, mut held, mut size, mut latest) = (0.0, 0.0, 0.0, f64::NEG_INFINITY);
        for &voter in supporters {
            let phone = self.each[voter];
            let share = phone.weight * phone.load;
            weight += phone.weight;
            held += share;
            size += share.abs();
            if phone.load > latest {
                latest = phone.load;
            }
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
        let mut by_load: Vec<PayingPhone> = supporters.iter().map(|&voter| self.each[voter]).collect();
        by_load.sort_by(|a, b| a.load.total_cmp(&b.load));
        let (mut weight, mut held, mut size, mut t) = (0.0, 0.0, 0.0, f64::INFINITY);
        for phone in by_load {
            if phone.load >= t {
                break;
            }
            let share = phone.weight * phone.load;
            weight += phone.weight;
            held += share;
            size += share.abs();
            t = (1.0 + held) / weight;
        }
        Time { t, slack: TIE * (1.0 + size) / weight }
    }

    /// The supporters who pay when their candidate is bought at `t`.
    pub fn payers(&self, candidate: usize, t: f64) -> Vec<usize> {
        let supporters = self.contest.supporters[candidate].iter().copied();
        supporters.filter(|&voter| self.each[voter].load < t).collect()
    }

    /// Buys a candidate its place: its supporters pay and start again from empty.
    pub fn buy(&mut self, candidate: usize) -> Placement {
        let Time { t, .. } = self.time(candidate);
        if !t.is_finite() {
            return Placement::unpaid(candidate);
        }
        let payers = self.payers(candidate, t);
        self.exact.buy_together(&payers);
        let pay = |voter: usize| {
            let phone = &mut self.each[voter];
            let paid = phone.weight * (t - phone.load);
            phone.load = t;
            (voter, paid)
        };
        let payments = payers.into_iter().map(pay).collect();
        Placement { candidate, t: Some(t), payments, held_back: false }
    }
}
