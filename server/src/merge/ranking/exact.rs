//! Exact fractions behind the floats: asked only when floats cannot tell two values apart.
//!
//! What a voter's phone holds is a *state*; voters who emptied their phones together share it. So a candidate's time is
//! a short sum over states and weights, and two candidates with the same sum are tied without any arithmetic. Where
//! the sums differ, they are worked out as fractions, from the states that they rest on, once each.
//!
//! Fractions grow by some 30 bits with every purchase that rests on others. Beyond [`BITS_MAX`], hundreds of places
//! down a ranking of thousands, they are given up: the answer is `None`, and the floats' answer stands.

use std::collections::{BTreeMap, BTreeSet};

use num::{BigInt, BigRational, Integer, One, Zero};

use super::electorate::Contest;

/// The longest denominator that is worked with.
const BITS_MAX: u64 = 8192;

/// What is known of one voter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Holding {
    state: u32,
    class: u32,
}

/// Voters of one state and one weight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::merge) struct VoterShare {
    state: u32,
    class: u32,
    people: u32,
}

/// Where a voter's load comes from.
enum State {
    /// The exact value, once it was needed.
    Known(BigRational),
    /// The time at which these bought together, not worked out yet.
    Bought(Vec<Holding>),
    /// Too long to be worked out.
    TooLong,
}

/// The exact loads of all voters.
pub(in crate::merge) struct Exact {
    /// Weight class → weight × `unit`.
    weights: Vec<BigInt>,
    /// What makes all weights whole.
    unit: BigInt,
    /// Voter → state and weight class.
    holdings: Vec<Holding>,
    states: Vec<State>,
}

/// How many there are of each.
fn added_up(mut holdings: Vec<Holding>) -> Vec<VoterShare> {
    holdings.sort_unstable();
    let share = |same: &[Holding]| VoterShare {
        state: same[0].state,
        class: same[0].class,
        people: same.len() as u32,
    };
    holdings.chunk_by(|a, b| a == b).map(share).collect()
}

impl Exact {
    /// All phones empty.
    pub fn empty(contest: &Contest<'_>) -> Self {
        let given = || contest.voters.iter().map(|voter| (voter.exact_weight.p, voter.exact_weight.q));
        let classes: BTreeSet<(u64, u64)> = given().collect();
        let number: BTreeMap<(u64, u64), u32> = classes.iter().copied().zip(0..).collect();
        let mut unit = BigInt::one();
        for &q in classes.iter().map(|(_, q)| q).collect::<BTreeSet<_>>() {
            if unit.bits() <= BITS_MAX {
                unit = unit.lcm(&BigInt::from(q));
            }
        }
        let start = if unit.bits() > BITS_MAX { State::TooLong } else { State::Known(BigRational::zero()) };
        Self {
            weights: classes.iter().map(|&(p, q)| &unit * p / q).collect(),
            unit,
            holdings: given().map(|weight| Holding { state: 0, class: number[&weight] }).collect(),
            states: vec![start],
        }
    }

    /// Everybody's phone holds the same part of `coins` per unit of weight. Returns `coins / Σ weight`.
    pub fn fill(&mut self, coins: usize) -> Option<BigRational> {
        let total: BigInt = self.holdings.iter().map(|holding| &self.weights[holding.class as usize]).sum();
        if total.is_zero() || matches!(self.states[0], State::TooLong) {
            return None;
        }
        let purse = BigRational::new(&self.unit * coins, total);
        self.states[0] = State::Known(-purse.clone());
        Some(purse)
    }

    /// How voters make up a sum.
    pub fn shares(&self, voters: &[usize]) -> Vec<VoterShare> {
        added_up(self.held_by(voters))
    }

    fn held_by(&self, voters: &[usize]) -> Vec<Holding> {
        voters.iter().map(|&voter| self.holdings[voter]).collect()
    }

    /// These bought together, and their phones are empty.
    pub fn buy_together(&mut self, payers: &[usize]) {
        let held = self.held_by(payers);
        self.push(payers, State::Bought(held));
    }

    /// When these hold one coin together: `(1 + Σ w·load) / Σ w`.
    pub fn time(&mut self, shares: &[VoterShare]) -> Option<BigRational> {
        let mut open: Vec<u32> = shares.iter().map(|share| share.state).collect();
        let mut needed = BTreeSet::new();
        while let Some(state) = open.pop() {
            if let State::Bought(from) = &self.states[state as usize]
                && needed.insert(state)
            {
                open.extend(from.iter().map(|holding| holding.state));
            }
        }
        // A state rests on earlier ones only.
        for state in needed {
            if let State::Bought(from) = &self.states[state as usize] {
                self.states[state as usize] =
                    self.work_out(&added_up(from.clone())).map_or(State::TooLong, State::Known);
            }
        }
        self.work_out(shares)
    }

    fn work_out(&self, shares: &[VoterShare]) -> Option<BigRational> {
        let mut denominator = BigInt::one();
        for share in shares {
            let load = self.known(share.state)?;
            if !denominator.is_multiple_of(load.denom()) {
                denominator = denominator.lcm(load.denom());
            }
            if denominator.bits() > BITS_MAX {
                return None;
            }
        }
        let mut held = &self.unit * &denominator;
        let mut weight = BigInt::zero();
        for share in shares {
            let load = self.known(share.state)?;
            let weighs = self.weight(share);
            held += &weighs * load.numer() * (&denominator / load.denom());
            weight += weighs;
        }
        (!weight.is_zero()).then(|| BigRational::new(held, denominator * weight))
    }

    /// What these pay per unit of weight if they share one coin as equally as their purses allow. The outer `None`:
    /// too long to be worked out; the inner one: they cannot afford it.
    #[expect(clippy::option_option, reason = "cannot say, and cannot afford, are two answers")]
    pub fn price(&self, shares: &[VoterShare]) -> Option<Option<BigRational>> {
        let mut purses: Vec<(BigRational, BigInt)> = Vec::with_capacity(shares.len());
        for share in shares {
            let purse = -self.known(share.state)?;
            if purse > BigRational::zero() {
                purses.push((purse, self.weight(share)));
            }
        }
        purses.sort_unstable();
        let mut weight: BigInt = purses.iter().map(|(_, weight)| weight).sum();
        let mut missing = BigRational::from(self.unit.clone());
        for (purse, weighs) in purses {
            if missing.denom().bits() > BITS_MAX {
                return None;
            }
            let price = &missing / &weight;
            if purse >= price {
                return Some(Some(price));
            }
            missing -= purse * &weighs;
            weight -= weighs;
        }
        Some(None)
    }

    /// Each of these pays `price` per unit of weight, or all that it has.
    pub fn pay(&mut self, payers: &[usize], price: Option<&BigRational>) {
        let mut after: BTreeMap<u32, u32> = BTreeMap::new();
        for &payer in payers {
            let before = self.holdings[payer].state;
            self.holdings[payer].state = *after.entry(before).or_insert_with(|| {
                let known = price.zip(self.known(before));
                let state = known.map_or(State::TooLong, |(price, load)| {
                    State::Known((load + price).min(BigRational::zero()))
                });
                self.states.push(state);
                self.states.len() as u32 - 1
            });
        }
    }

    /// A voter's load, if it has been worked out.
    pub fn load(&self, voter: usize) -> Option<&BigRational> {
        self.known(self.holdings[voter].state)
    }

    fn push(&mut self, voters: &[usize], state: State) {
        for &voter in voters {
            self.holdings[voter].state = self.states.len() as u32;
        }
        self.states.push(state);
    }

    fn known(&self, state: u32) -> Option<&BigRational> {
        match &self.states[state as usize] {
            State::Known(load) => Some(load),
            State::Bought(_) | State::TooLong => None,
        }
    }

    fn weight(&self, share: &VoterShare) -> BigInt {
        &self.weights[share.class as usize] * share.people
    }
}
