//! Who came in a burst: many seats from one address prefix within seconds, which may be one person.
//!
//! In memory only, and forgotten with the server: the journal has no address, no prefix and no time of anybody's coming. A
//! burst says nothing for certain. A class that scans a code together behind one router is one, too; so people are told
//! numbers, and decide.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use proto::api::desk::Arrived;
use proto::ids::{GroupId, SeatId};

use crate::address_prefix::PrefixId;
use crate::clock::{MINUTE, Millis};
use crate::config::VoiceLimits;
use crate::consultation::state::Consultation;

/// Seats that came together.
#[derive(Debug)]
pub(in crate::consultation::people) struct SeatBurst {
    /// When the first and the last of them came.
    times: (Millis, Millis),
    /// Which they are.
    seats: BTreeSet<SeatId>,
}

impl SeatBurst {
    /// When the first and the last of its seats came.
    pub(in crate::consultation::people) const fn times(&self) -> (Millis, Millis) {
        self.times
    }

    /// Seats that joined in this burst.
    pub(in crate::consultation::people) const fn seats(&self) -> &BTreeSet<SeatId> {
        &self.seats
    }
}

/// What is known of comings.
#[derive(Debug, Default)]
pub(in crate::consultation::people) struct Arrivals {
    /// Who came from where within the last seconds, oldest first.
    recent: HashMap<PrefixId, VecDeque<(Millis, SeatId)>>,
    /// Prefixes whose burst goes on, and which it is.
    running: HashMap<PrefixId, usize>,
    bursts: Vec<SeatBurst>,
    /// Seats that came in any of them.
    seats: HashMap<SeatId, usize>,
    /// Seats that came since the server started; of older ones nobody knows how they came.
    known: BTreeSet<SeatId>,
    /// How many came into each group, in the last minutes in which anybody came, oldest first.
    minutes: VecDeque<(Millis, BTreeMap<GroupId, u32>)>,
}

impl Arrivals {
    /// Somebody came into this group.
    pub fn count(&mut self, group: GroupId, now: Millis, limits: &VoiceLimits) {
        let minute = now - now % MINUTE;
        if self.minutes.back().is_none_or(|(last, _)| *last != minute) {
            self.minutes.push_back((minute, BTreeMap::new()));
        }
        while self.minutes.len() > limits.minutes_told {
            self.minutes.pop_front();
        }
        if let Some((_, groups)) = self.minutes.back_mut() {
            *groups.entry(group).or_default() += 1;
        }
    }

    /// How many came in each of the last minutes in which anybody came into this group, or into any.
    #[must_use]
    pub fn arrived(&self, group: Option<GroupId>) -> Vec<Arrived> {
        let counted = self.minutes.iter().map(|(at, groups)| {
            let seats = match group {
                Some(group) => groups.get(&group).copied().unwrap_or(0),
                None => groups.values().sum(),
            };
            Arrived { at: *at, seats }
        });
        counted.filter(|arrived| arrived.seats > 0).collect()
    }

    /// Somebody came in.
    pub fn note(&mut self, seat: SeatId, prefix: Option<PrefixId>, now: Millis, limits: &VoiceLimits) {
        self.known.insert(seat);
        let Some(prefix) = prefix else { return };
        let window = Millis::try_from(limits.burst_window.as_millis()).unwrap_or(Millis::MAX);
        let since = now.saturating_sub(window);
        if self.recent.len() >= limits.prefixes_watched && !self.recent.contains_key(&prefix) {
            self.recent.retain(|_, times| times.back().is_some_and(|(at, _)| *at >= since));
            let recent = &self.recent;
            self.running.retain(|of, _| recent.contains_key(of));
            if self.recent.len() >= limits.prefixes_watched {
                // So many places at once: the number of seats says it already.
                return;
            }
        }
        let recent = self.recent.entry(prefix).or_default();
        while recent.front().is_some_and(|(at, _)| *at < since) {
            recent.pop_front();
        }
        recent.push_back((now, seat));
        if recent.len() < limits.burst_seats {
            self.running.remove(&prefix);
            return;
        }
        let next = self.bursts.len();
        let number =
            *self.running.entry(prefix).or_insert_with(|| next.min(limits.bursts_max.saturating_sub(1)));
        if number == next {
            self.bursts.push(SeatBurst { times: (now, now), seats: BTreeSet::new() });
        }
        let Some(burst) = self.bursts.get_mut(number) else { return };
        // Those that came before it was one belong to it as well; while it goes on only the last one is new.
        for (at, seat) in recent.iter().rev().take_while(|(_, seat)| burst.seats.insert(*seat)) {
            burst.times = (burst.times.0.min(*at), burst.times.1.max(*at));
            self.seats.insert(*seat, number);
        }
    }

    /// Every burst with its number, from 1, in the order of their beginnings.
    pub fn bursts(&self) -> impl Iterator<Item = (u32, &SeatBurst)> {
        (1..).zip(&self.bursts)
    }

    /// A burst by its number.
    #[must_use]
    pub fn burst(&self, number: u32) -> Option<&SeatBurst> {
        self.bursts.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// Did this seat come by itself, as far as is known? Not known of who came before the server started.
    #[must_use]
    pub fn came_alone(&self, seat: SeatId) -> bool {
        self.known.contains(&seat) && !self.seats.contains_key(&seat)
    }
}

impl Consultation {
    /// Did this seat come by itself, as far as is known?
    pub(in crate::consultation) fn came_alone(&self, seat: SeatId) -> bool {
        self.people().arrivals.came_alone(seat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address_prefix::Prefixes;
    use crate::clock::Entropy;
    use uuid::Uuid;

    fn seat(n: u64) -> SeatId {
        SeatId(Uuid::from_u128(u128::from(n)))
    }

    fn prefixes<const N: usize>() -> [Option<PrefixId>; N] {
        let prefixes = Prefixes::new(&Entropy::Counter(std::sync::Arc::default()));
        std::array::from_fn(|n| Some(prefixes.of([192, 0, 2, u8::try_from(n).unwrap()].into())))
    }

    #[test]
    fn c21_many_seats_from_one_place_within_seconds_are_a_burst_and_people_who_come_by_themselves_are_not() {
        let (mut arrivals, limits) = (Arrivals::default(), VoiceLimits::default());
        let [hall, home] = prefixes();
        // A person a second from one place, for ten minutes.
        for n in 0..600 {
            arrivals.note(seat(n), home, n * 1_000, &limits);
        }
        assert_eq!(arrivals.bursts().count(), 0);
        for n in 0..1_000 {
            arrivals.note(seat(10_000 + n), hall, 700_000 + n, &limits);
        }
        let bursts: Vec<_> =
            arrivals.bursts().map(|(number, burst)| (number, burst.seats.len(), burst.times)).collect();
        assert_eq!(bursts, [(1, 1_000, (700_000, 700_999))]);
        assert!(arrivals.came_alone(seat(3)) && !arrivals.came_alone(seat(10_500)));
        assert!(!arrivals.came_alone(seat(77_777)), "nobody knows how it came");
    }

    #[test]
    fn c21_a_second_burst_from_the_same_place_has_a_number_of_its_own_and_of_many_the_last_number_takes_all()
    {
        let limits = VoiceLimits { bursts_max: 2, ..VoiceLimits::default() };
        let mut arrivals = Arrivals::default();
        let [hall] = prefixes();
        for (from, at) in [(0, 0), (100, 60_000), (200, 120_000)] {
            for n in 0..40 {
                arrivals.note(seat(from + n), hall, at + n, &limits);
            }
        }
        let sizes: Vec<_> = arrivals.bursts().map(|(number, burst)| (number, burst.seats.len())).collect();
        assert_eq!(sizes, [(1, 40), (2, 80)]);
        assert!((0..40).all(|n| !arrivals.came_alone(seat(n)) && !arrivals.came_alone(seat(200 + n))));
    }

    #[test]
    fn c21_places_that_are_watched_are_bounded() {
        let limits = VoiceLimits { prefixes_watched: 3, ..VoiceLimits::default() };
        let mut arrivals = Arrivals::default();
        for (n, prefix) in prefixes::<200>().into_iter().enumerate() {
            arrivals.note(seat(n as u64), prefix, 5, &limits);
        }
        assert!(arrivals.recent.len() <= 3 && arrivals.running.len() <= 3);
    }
}
