//! Token buckets: so many per second, so many at once.

use std::time::Duration;

use tokio::time::Instant;

/// How often something may happen.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rate {
    /// Per second, in the long run.
    pub per_second: f64,
    /// At once, after a rest.
    pub burst: f64,
}

/// A bucket that fills with time.
#[derive(Debug)]
pub struct Bucket {
    tokens: f64,
    rate: Rate,
    filled: Instant,
}

impl Bucket {
    /// A full bucket.
    #[must_use]
    pub const fn new(rate: Rate, now: Instant) -> Self {
        Self { tokens: rate.burst, rate, filled: now }
    }

    fn fill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + passed * self.rate.per_second).min(self.rate.burst);
        self.filled = now;
    }

    /// Takes `count`; if there are not so many left, says from when on the next may be taken.
    pub fn take(&mut self, count: usize, now: Instant) -> Option<Instant> {
        self.owe(count as f64, now)
    }

    /// Takes one if there is one.
    pub fn try_take(&mut self, now: Instant) -> bool {
        self.try_spend(1.0, now)
    }

    /// Takes so much if there is so much.
    pub fn try_spend(&mut self, cost: f64, now: Instant) -> bool {
        self.fill(now);
        let there = self.tokens >= cost;
        if there {
            self.tokens -= cost;
        }
        there
    }

    /// Takes so much if there is so much.
    ///
    /// # Errors
    /// For how long there is not so much.
    pub fn spend_or_wait(&mut self, cost: f64, now: Instant) -> Result<(), Duration> {
        if self.try_spend(cost, now) {
            return Ok(());
        }
        let missing = (cost.min(self.rate.burst) - self.tokens).max(0.0);
        Err(Duration::from_secs_f64(missing / self.rate.per_second.max(0.001)))
    }

    /// Takes so much, even if it is not there: what follows waits until it is paid. Says until when, if not at once.
    pub fn owe(&mut self, cost: f64, now: Instant) -> Option<Instant> {
        self.fill(now);
        self.tokens -= cost;
        self.waits(now)
    }

    /// Until when nothing may be taken, because something is owed.
    pub fn waits(&mut self, now: Instant) -> Option<Instant> {
        self.fill(now);
        let owed = -self.tokens;
        (owed > 0.0).then(|| now + Duration::from_secs_f64(owed / self.rate.per_second.max(0.001)))
    }

    /// Has it rested until it was full? Then it says nothing that a new one would not say.
    pub fn is_full(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.tokens >= self.rate.burst
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::tick;

    const RATE: Rate = Rate { per_second: 20.0, burst: 100.0 };

    #[tokio::test(start_paused = true)]
    async fn a_burst_passes_and_then_the_rate_holds() {
        let start = tick();
        let mut bucket = Bucket::new(RATE, start);
        for _ in 0..100 {
            assert_eq!(bucket.take(1, start), None);
        }
        let wait = bucket.take(1, start).unwrap();
        assert_eq!((wait - start).as_millis(), 50);
        assert_eq!(bucket.take(1, start + Duration::from_secs(10)), None);
    }

    #[tokio::test(start_paused = true)]
    async fn many_at_once_are_owed_together() {
        let start = tick();
        let mut bucket = Bucket::new(RATE, start);
        assert_eq!(bucket.take(100, start), None);
        assert_eq!(bucket.take(40, start).map(|at| at - start), Some(Duration::from_secs(2)));
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_instead_of_waiting_owes_nothing() {
        let start = tick();
        let mut bucket = Bucket::new(RATE, start);
        assert!(bucket.is_full(start));
        assert_eq!((0..500).filter(|_| bucket.try_take(start)).count(), 100);
        assert!(!bucket.is_full(start));
        let later = start + Duration::from_secs(1);
        assert_eq!((0..500).filter(|_| bucket.try_take(later)).count(), 20);
        assert!(bucket.is_full(later + Duration::from_secs(5)));
    }
}
