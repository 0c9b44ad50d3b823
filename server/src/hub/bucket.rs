//! Token buckets: so many messages per second, so many at once.
//!
//! On a socket who is over it waits, and nothing is dropped. Over HTTP nobody can be made to wait for free: there a
//! seat that is over its bucket is told so.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use proto::ids::SeatId;
use proto::problem::{Code, Problem};
use tokio::time::Instant;

/// A bucket that fills with time.
#[derive(Debug)]
pub struct Bucket {
    tokens: f64,
    per_second: f64,
    burst: f64,
    filled: Instant,
}

impl Bucket {
    /// A full bucket.
    #[must_use]
    pub fn new(per_second: f64, burst: f64, now: Instant) -> Self {
        Self { tokens: burst, per_second, burst, filled: now }
    }

    fn fill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + passed * self.per_second).min(self.burst);
        self.filled = now;
    }

    /// Takes one; if there is none left, says when the next message may be read.
    pub fn take(&mut self, now: Instant) -> Option<Instant> {
        self.fill(now);
        self.tokens -= 1.0;
        (self.tokens < 0.0).then(|| now + Duration::from_secs_f64(-self.tokens / self.per_second.max(0.001)))
    }

    /// Takes one if there is one.
    fn try_take(&mut self, now: Instant) -> bool {
        self.fill(now);
        let there = self.tokens >= 1.0;
        if there {
            self.tokens -= 1.0;
        }
        there
    }
}

/// A bucket for each seat that sent something lately.
#[derive(Debug)]
pub struct SeatBuckets {
    buckets: Mutex<HashMap<SeatId, Bucket>>,
    per_second: f64,
    burst: f64,
    seats_max: usize,
}

impl SeatBuckets {
    /// So many per second and at once for each of so many seats.
    #[must_use]
    pub fn new(per_second: f64, burst: f64, seats_max: usize) -> Self {
        Self { buckets: Mutex::default(), per_second, burst, seats_max }
    }

    /// Takes one from a seat's bucket.
    ///
    /// # Errors
    /// `too-fast` when it is empty, or when as many other seats as are counted are busy at this moment.
    pub fn take(&self, seat: SeatId, now: Instant) -> Result<(), Problem> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if !buckets.contains_key(&seat) && buckets.len() >= self.seats_max {
            // A full bucket says nothing.
            buckets.retain(|_, bucket| {
                bucket.fill(now);
                bucket.tokens < bucket.burst
            });
        }
        let room = buckets.len() < self.seats_max || buckets.contains_key(&seat);
        let new = || Bucket::new(self.per_second, self.burst, now);
        if room && buckets.entry(seat).or_insert_with(new).try_take(now) {
            return Ok(());
        }
        Err(Problem::new(Code::TooFast))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_passes_and_then_the_rate_holds() {
        let start = Instant::now();
        let mut bucket = Bucket::new(20.0, 100.0, start);
        for _ in 0..100 {
            assert_eq!(bucket.take(start), None);
        }
        let wait = bucket.take(start).unwrap();
        assert_eq!((wait - start).as_millis(), 50);
        assert_eq!(bucket.take(start + Duration::from_secs(10)), None);
    }

    fn seat(number: u128) -> SeatId {
        SeatId(uuid::Uuid::from_u128(number))
    }

    #[tokio::test(start_paused = true)]
    async fn a_seat_over_its_bucket_is_told_so_and_others_are_not() {
        let start = Instant::now();
        let buckets = SeatBuckets::new(20.0, 100.0, 10);
        let taken = (0..500).filter(|_| buckets.take(seat(1), start).is_ok()).count();
        assert_eq!(taken, 100);
        assert_eq!(buckets.take(seat(1), start).map_err(|problem| problem.code), Err(Code::TooFast));
        assert!(buckets.take(seat(2), start).is_ok());
        // Refusals cost nothing: after a second there are twenty again.
        let later = start + Duration::from_secs(1);
        assert_eq!((0..500).filter(|_| buckets.take(seat(1), later).is_ok()).count(), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn seats_that_have_rested_are_forgotten_and_busy_ones_are_not() {
        let start = Instant::now();
        let buckets = SeatBuckets::new(1.0, 2.0, 3);
        for number in 0..3 {
            assert!(buckets.take(seat(number), start).is_ok());
        }
        assert!(buckets.take(seat(3), start).is_err(), "all that are counted are busy");
        let later = start + Duration::from_secs(5);
        assert!(buckets.take(seat(3), later).is_ok());
        assert_eq!(buckets.buckets.lock().unwrap().len(), 1);
    }
}
