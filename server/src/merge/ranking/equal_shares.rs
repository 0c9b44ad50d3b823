//! Method of Equal Shares: every phone starts with the same purse per unit of weight, k coins in all; the supporters
//! of an idea buy it a place by sharing one coin as equally as their purses allow.
//!
//! The idea whose richest supporters pay least comes next, ties by the lowest index. When no idea can be afforded any
//! more, what is left in the purses is the start of sequential Phragmén, which ranks the rest. A longer list need not
//! begin with the shorter one: k is what the purses are made of.
//!
//! Floats find the candidates that may be first or may just be affordable; exact fractions decide. Prices only rise,
//! so an old price is a lower bound, and a price stands until somebody who pays it pays for something else: most
//! candidates are not looked at again.
//!
//! Pins are bought first. Supporters who cannot afford one go into debt, as in Phragmén: they wait until it is paid.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use num::{BigRational, ToPrimitive};

use super::electorate::Contest;
use super::phragmen;
use crate::merge::ranking::purses::{Floor, PayingPhone, Phones, Placement, TIE};

/// Ranks all candidates of a section of k places.
pub(in crate::merge) fn rank(contest: &Contest<'_>, pins: &[usize], k: usize) -> Vec<Placement> {
    let mut phones = Phones::empty(contest);
    let total: f64 = contest.voters.iter().map(|voter| voter.weight).sum();
    let purse = phones.exact.fill(k).and_then(|purse| purse.to_f64()).unwrap_or(k as f64 / total);
    phones.each.iter_mut().for_each(|phone| phone.load = -purse);
    let mut market = Market::open(phones, pins);
    for &pin in pins {
        let offer = market.offer(pin);
        let placement = match offer.filter(|offer| market.is_affordable(offer)) {
            Some(offer) => market.buy(&offer),
            None => market.phones.buy(pin),
        };
        market.placements.push(placement);
    }
    let mut has_place = vec![false; contest.candidates.len()];
    market.placements.iter().for_each(|placement| has_place[placement.candidate] = true);
    while let Some(offer) = market.cheapest() {
        if contest.is_held_back(offer.candidate, &has_place) {
            // The completion passes it over, too, and puts it at the end.
            market.offers[offer.candidate] = None;
            continue;
        }
        let placement = market.buy(&offer);
        has_place[placement.candidate] = true;
        market.placements.push(placement);
    }
    phragmen::complete(market.phones, market.placements)
}

/// What a candidate costs its richest supporters per unit of weight.
#[derive(Clone, Copy)]
struct Offer {
    candidate: usize,
    /// Or less than that, if it is not fresh.
    price: f64,
    /// How far off a float may be.
    slack: f64,
    /// Has nobody who pays for it paid for anything since?
    fresh: bool,
}

struct Market<'a> {
    phones: Phones<'a>,
    /// Candidate → what it cost when it was last looked at; `None`: bought, or never affordable again.
    offers: Vec<Option<Offer>>,
    /// What may still be affordable, by the least that it can cost.
    queue: BinaryHeap<Reverse<Floor>>,
    placements: Vec<Placement>,
}

impl<'a> Market<'a> {
    /// Every candidate that is not pinned is for sale.
    fn open(phones: Phones<'a>, pins: &[usize]) -> Self {
        let unseen = |candidate| Offer { candidate, price: 0.0, slack: 0.0, fresh: false };
        let offers: Vec<Option<Offer>> = (0..phones.contest.candidates.len())
            .map(|candidate| (!pins.contains(&candidate)).then(|| unseen(candidate)))
            .collect();
        let queue = offers.iter().flatten().map(|offer| Reverse(Floor::new(0.0, offer.candidate))).collect();
        Self { phones, offers, queue, placements: Vec::new() }
    }

    /// The affordable candidate with the lowest price; forgets what can never be afforded again.
    fn cheapest(&mut self) -> Option<Offer> {
        let mut seen: Vec<Offer> = Vec::new();
        let mut latest = f64::INFINITY;
        while let Some(Reverse(floor)) = self.queue.peek() {
            if floor.is_above(latest) {
                break;
            }
            let candidate = floor.candidate();
            self.queue.pop();
            let known = self.offers[candidate].filter(|offer| offer.fresh);
            let offer = known.or_else(|| self.offer(candidate).filter(|offer| self.is_affordable(offer)));
            self.offers[candidate] = offer;
            if let Some(offer) = offer {
                latest = latest.min(offer.price + offer.slack);
                seen.push(offer);
            }
        }
        seen.sort_unstable_by_key(|offer| offer.candidate);
        let first = self.first_of(&seen, latest)?;
        let others = seen.iter().filter(|offer| offer.candidate != first.candidate);
        self.queue
            .extend(others.map(|offer| Reverse(Floor::new(offer.price - offer.slack, offer.candidate))));
        Some(first)
    }

    /// The lowest price among those that floats cannot tell apart.
    fn first_of(&self, offers: &[Offer], latest: f64) -> Option<Offer> {
        let mut near = offers.iter().copied().filter(|offer| offer.price - offer.slack <= latest);
        let mut best = near.next()?;
        let mut exact = None;
        for offer in near {
            let best_price = exact.take().or_else(|| self.exact_price(best.candidate));
            let price = self.exact_price(offer.candidate);
            exact = match (price, best_price) {
                (Some(price), Some(best_price)) if price < best_price => {
                    best = offer;
                    Some(price)
                }
                (_, best_price) => best_price,
            };
        }
        Some(best)
    }

    /// What a candidate costs by floats; `None` if it is far from affordable.
    fn offer(&self, candidate: usize) -> Option<Offer> {
        let supporters =
            || self.phones.contest.supporters[candidate].iter().map(|&voter| self.phones.each[voter]);
        let payers = || supporters().filter(|phone| phone.load < 0.0);
        let (mut held, mut total, mut poorest) = (0.0, 0.0, f64::INFINITY);
        for phone in payers() {
            held += phone.weight * -phone.load;
            total += phone.weight;
            poorest = f64::min(poorest, -phone.load);
        }
        if held < 1.0 - TIE {
            return None;
        }
        if poorest * total >= 1.0 {
            // All pay the same.
            let price = 1.0 / total;
            let slack = TIE * (price + poorest) + 1e-12 / total;
            return Some(Offer { candidate, price, slack, fresh: true });
        }
        let mut from_the_poorest: Vec<PayingPhone> = payers().collect();
        from_the_poorest.sort_by(|a, b| b.load.total_cmp(&a.load));
        let mut left: f64 = from_the_poorest.iter().map(|phone| phone.weight).sum();
        let mut missing: f64 = 1.0;
        for (position, phone) in from_the_poorest.iter().enumerate() {
            let purse = -phone.load;
            // Whoever is the last pays what is missing, whatever was lost to rounding.
            if purse * left >= missing || position + 1 == from_the_poorest.len() {
                let price = missing.max(0.0) / left;
                let slack = TIE * (price + purse) + 1e-12 / left;
                return Some(Offer { candidate, price, slack, fresh: true });
            }
            missing -= phone.weight * purse;
            left -= phone.weight;
        }
        None
    }

    /// Do the supporters hold a coin, to the last digit?
    fn is_affordable(&self, offer: &Offer) -> bool {
        let payers = self.payers(offer.candidate);
        let holds = |&voter: &usize| self.phones.each[voter].weight * -self.phones.each[voter].load;
        let held: f64 = payers.iter().map(holds).sum();
        held > 1.0 + TIE
            || self.phones.exact.price(&self.phones.exact.shares(&payers)).is_none_or(|price| price.is_some())
    }

    fn exact_price(&self, candidate: usize) -> Option<BigRational> {
        self.phones.exact.price(&self.phones.exact.shares(&self.payers(candidate))).flatten()
    }

    /// Supporters whose purses are not empty.
    fn payers(&self, candidate: usize) -> Vec<usize> {
        self.phones.payers(candidate, 0.0)
    }

    fn buy(&mut self, offer: &Offer) -> Placement {
        let payers = self.payers(offer.candidate);
        let exact = self.exact_price(offer.candidate);
        let price = exact.as_ref().and_then(ToPrimitive::to_f64).unwrap_or(offer.price);
        self.phones.exact.pay(&payers, exact.as_ref());
        let mut payments = Vec::with_capacity(payers.len());
        for voter in payers {
            let phone = &mut self.phones.each[voter];
            let left = phone.load + price;
            let rounded = if left > -TIE * price { 0.0 } else { left };
            let after = self.phones.exact.load(voter).and_then(ToPrimitive::to_f64).unwrap_or(rounded);
            payments.push((voter, phone.weight * (after - phone.load)));
            phone.load = after;
        }
        // Whatever the payers approve costs them more from now on.
        for &(voter, _) in &payments {
            for &candidate in &self.phones.contest.voters[voter].approves {
                if let Some(offer) = &mut self.offers[candidate] {
                    offer.fresh = false;
                }
            }
        }
        self.offers[offer.candidate] = None;
        Placement { candidate: offer.candidate, t: Some(price), payments, held_back: false }
    }
}
