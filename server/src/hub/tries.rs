//! Typed codes take turns, for the whole server and right or wrong: a guesser can slow typing, never scanning.
//!
//! Not per address: a hundred phones behind one venue address are normal, and an attacker has many addresses.

use std::time::Duration;

use proto::problem::{Code, Problem};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::Instant;

/// Turns for typed codes.
pub struct Tries {
    every: Duration,
    next: Mutex<Option<Instant>>,
    waiting: Semaphore,
}

impl Tries {
    /// So many per second, so many waiting.
    #[must_use]
    pub fn new(per_second: f64, waiting: usize) -> Self {
        let every = Duration::from_secs_f64(1.0 / per_second.max(0.001));
        Self { every, next: Mutex::new(None), waiting: Semaphore::new(waiting) }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// `too-many-tries` when too many wait already.
    pub async fn take(&self) -> Result<(), Problem> {
        if crate::defect::is("tries-off") {
            return Ok(());
        }
        let _place = self.waiting.try_acquire().map_err(|_| Problem::new(Code::TooManyTries))?;
        let mine = {
            let mut next = self.next.lock().await;
            let now = Instant::now();
            let mine = next.map_or(now, |next| next.max(now));
            *next = Some(mine + self.every);
            mine
        };
        tokio::time::sleep_until(mine).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn ten_typed_codes_a_second_pass_and_no_more() {
        let tries = Tries::new(10.0, 100);
        let start = Instant::now();
        for _ in 0..21 {
            tries.take().await.unwrap();
        }
        assert_eq!(start.elapsed().as_millis(), 2_000);
    }

    #[tokio::test(start_paused = true)]
    async fn who_finds_the_queue_full_is_told_so() {
        let tries = std::sync::Arc::new(Tries::new(1.0, 2));
        let mut waiting = tokio::task::JoinSet::new();
        for _ in 0..5 {
            let tries = std::sync::Arc::clone(&tries);
            waiting.spawn(async move { tries.take().await.is_ok() });
        }
        let passed = waiting.join_all().await.into_iter().filter(|passed| *passed).count();
        assert_eq!(passed, 3, "one at once, two that wait");
    }
}
