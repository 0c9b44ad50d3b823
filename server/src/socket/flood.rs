//! How fast one connection may be read: every frame costs, of whatever kind, and large ones cost more (rule W16).

use std::time::Duration;

use proto::wire::close::CloseReason;
use tokio::time::Instant;

use crate::config::Limits;
use crate::rate::Bucket;

/// The rate of one connection, and since when it has had no rest.
#[derive(Debug)]
pub struct Flood {
    bucket: Bucket,
    /// When it was last within its rate.
    rested: Instant,
    flood_time: Duration,
}

impl Flood {
    /// A connection that has sent nothing yet.
    #[must_use]
    pub fn new(limits: &Limits, now: Instant) -> Self {
        Self { bucket: Bucket::new(limits.connection_rate, now), rested: now, flood_time: limits.flood_time }
    }

    /// A frame came that costs so much; `seat`: from when on its seat may send again. Says from when on the next is read.
    ///
    /// # Errors
    /// `TooMuch` when it has been over its rate for longer than a phone that brings something back.
    pub fn take(&mut self, cost: usize, seat: Option<Instant>, now: Instant) -> Result<Instant, CloseReason> {
        let Some(next) = self.bucket.take(cost, now).max(seat) else {
            self.rested = now;
            return Ok(now);
        };
        let floods = now.duration_since(self.rested) > self.flood_time;
        if floods { Err(CloseReason::TooMuch) } else { Ok(next) }
    }
}

/// What a frame of so many bytes costs, in messages.
#[must_use]
pub const fn cost(bytes: usize, limits: &Limits) -> usize {
    1 + bytes / limits.costs.unit_bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::tick;

    #[tokio::test(start_paused = true)]
    async fn w16_whoever_sends_without_a_rest_is_closed_and_whoever_brings_much_back_is_not() {
        let limits = Limits::default();
        let start = tick();
        let (mut flood, mut now) = (Flood::new(&limits, start), start);
        let mut read = 0.0;
        let ended = loop {
            match flood.take(1, None, now) {
                Ok(next) => now = next,
                Err(reason) => break reason,
            }
            read += 1.0;
        };
        assert_eq!(ended, CloseReason::TooMuch);
        let rate = limits.connection_rate;
        let seconds = (now - start).as_secs_f64();
        assert!(read <= rate.burst + rate.per_second * seconds + 1.0, "{read} in {seconds} s");
        let mut honest = Flood::new(&limits, start);
        let mut now = start;
        for _ in 0..1_000 {
            now = honest.take(1, None, now).unwrap();
        }
        now += Duration::from_secs(30);
        assert_eq!(honest.take(1, None, now), Ok(now));
    }

    #[test]
    fn w16_a_large_frame_costs_more_than_a_small_one() {
        let limits = Limits::default();
        assert_eq!((cost(6, &limits), cost(limits.message_bytes_max, &limits)), (1, 17));
    }
}
