//! A token bucket: so many messages per second, so many at once. Who is over it waits, and nothing is dropped.

use std::time::Duration;

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

    /// Takes one; if there is none left, says when the next message may be read.
    pub fn take(&mut self, now: Instant) -> Option<Instant> {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + passed * self.per_second).min(self.burst) - 1.0;
        self.filled = now;
        (self.tokens < 0.0).then(|| now + Duration::from_secs_f64(-self.tokens / self.per_second.max(0.001)))
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
}
