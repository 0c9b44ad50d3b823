//! How fast new connections of one prefix are served: some at once, then so many a second (rule W16).
//!
//! A connection costs the thread of the network more than the request on it. Who opens a new one whenever an old one is cut or
//! refused would keep that thread busy for as long as they like. So the connections of a prefix wait for their turn, as sockets
//! without a task that reads them, and one whose turn is too far away is closed after the same wait, not at once: who is
//! closed at once comes again at once. Other prefixes do not wait. A proxy that is trusted speaks for many, and never waits.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use crate::address_prefix::PrefixId;
use crate::config::PaceLimits;
use crate::rate::Bucket;

/// The pace of every prefix.
#[derive(Debug)]
pub struct Pace {
    buckets: Mutex<HashMap<PrefixId, Bucket>>,
    waiting: AtomicUsize,
    limits: PaceLimits,
}

/// What becomes of a new connection.
#[derive(Debug)]
pub enum PaceTurn {
    /// It is served at once.
    Now,
    /// It is served at this time.
    At(Instant, WaitingConnection),
    /// It is closed at this time: its turn would be too late.
    Never(Instant, WaitingConnection),
    /// It is closed at once: too many wait.
    Full,
}

/// One of those that wait; it counts until it is dropped.
#[derive(Debug)]
pub struct WaitingConnection(Arc<Pace>);

impl Pace {
    /// Nobody has come yet.
    #[must_use]
    pub fn new(limits: PaceLimits) -> Self {
        Self { buckets: Mutex::default(), waiting: AtomicUsize::new(0), limits }
    }

    /// Somebody came from this prefix.
    pub fn turn(self: &Arc<Self>, prefix: PrefixId, now: Instant) -> PaceTurn {
        let latest = now + self.limits.wait;
        let Some(until) = self.taken(prefix, now, latest) else { return PaceTurn::Now };
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= self.limits.waiting_max {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return PaceTurn::Full;
        }
        let waiting = WaitingConnection(Arc::clone(self));
        match until {
            Some(until) => PaceTurn::At(until, waiting),
            None => PaceTurn::Never(latest, waiting),
        }
    }

    /// `None`: it may be served now. Else when, if that is not later than `latest`.
    fn taken(&self, prefix: PrefixId, now: Instant, latest: Instant) -> Option<Option<Instant>> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= self.limits.prefixes_max && !buckets.contains_key(&prefix) {
            buckets.retain(|_, bucket| !bucket.is_full(now));
            // All of them came within a second: more addresses than a day has people.
            if buckets.len() >= self.limits.prefixes_max {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(prefix).or_insert_with(|| Bucket::new(self.limits.of_prefix, now));
        if bucket.waits(now).is_some_and(|until| until >= latest) {
            return Some(None);
        }
        bucket.take(1, now).map(Some)
    }
}

impl Drop for WaitingConnection {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::address_prefix::Prefixes;
    use crate::clock::Entropy;
    use crate::clock::tick;

    fn prefix(n: u8) -> PrefixId {
        Prefixes::new(&Entropy::Counter(Arc::default())).of([10, 0, 0, n].into())
    }

    #[tokio::test(start_paused = true)]
    async fn w16_of_ten_thousand_connections_from_one_place_a_thousand_a_second_are_served_and_another_place_does_not_wait()
     {
        let limits = PaceLimits::default();
        let pace = Arc::new(Pace::new(limits));
        let start = tick();
        let (mut at_once, mut served, mut closed, mut full) = (0, Vec::new(), Vec::new(), 0);
        for _ in 0..10_000 {
            match pace.turn(prefix(1), start) {
                PaceTurn::Now => at_once += 1,
                PaceTurn::At(at, waiting) => served.push((at, waiting)),
                PaceTurn::Never(at, waiting) => closed.push((at, waiting)),
                PaceTurn::Full => full += 1,
            }
        }
        assert_eq!(at_once, limits.of_prefix.burst as usize);
        let second = limits.of_prefix.per_second as usize;
        let in_one = served.iter().filter(|(at, _)| *at <= start + Duration::from_secs(1)).count();
        assert!(in_one.abs_diff(second) <= 1, "{in_one}");
        assert!(served.windows(2).all(|two| two[0].0 <= two[1].0), "in the order in which they came");
        assert!(
            served.iter().chain(&closed).all(|(at, _)| *at <= start + limits.wait),
            "nobody waits longer"
        );
        assert_eq!(served.len() + closed.len(), limits.waiting_max);
        assert_eq!(at_once + limits.waiting_max + full, 10_000);
        assert!(matches!(pace.turn(prefix(2), start), PaceTurn::Now), "another place");
        // Who waited and is gone makes room for who comes.
        drop((served, closed));
        assert!(!matches!(pace.turn(prefix(1), start), PaceTurn::Full));
    }

    #[tokio::test(start_paused = true)]
    async fn w16_a_hall_of_a_thousand_phones_behind_one_address_comes_back_at_once() {
        let pace = Arc::new(Pace::new(PaceLimits::default()));
        let start = tick();
        // A page and a socket each, within two seconds after the network is there again.
        let mut latest = Duration::ZERO;
        for n in 0..2_000 {
            let now = start + Duration::from_millis(n);
            match pace.turn(prefix(1), now) {
                PaceTurn::Now => {}
                PaceTurn::At(at, _) => latest = latest.max(at - now),
                PaceTurn::Never(..) | PaceTurn::Full => panic!("turned away"),
            }
        }
        assert!(latest < Duration::from_millis(50), "{latest:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn w16_places_that_are_counted_are_bounded() {
        let pace = Arc::new(Pace::new(PaceLimits { prefixes_max: 3, ..PaceLimits::default() }));
        for n in 0..200 {
            assert!(matches!(pace.turn(prefix(n), tick()), PaceTurn::Now));
        }
        assert!(pace.buckets.lock().unwrap().len() <= 3);
    }
}
