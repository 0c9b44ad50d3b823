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

    /// The figure of `reliability.md`: 50 open consultations, 10 tries a second, 15 minutes, chance of a hit ≤ 0.1 %.
    const OPEN: usize = 50;
    const ATTACK: Duration = Duration::from_secs(15 * 60);
    const CHANCE_MAX: f64 = 0.001;

    /// How many tries an attack of so many hands gets looked at within its time, through the real limiter.
    async fn looked_at(hands: usize) -> u64 {
        let limits = crate::config::Limits::default();
        let tries =
            std::sync::Arc::new(Tries::new(limits.typed_tries_per_second, limits.typed_tries_waiting));
        let end = Instant::now() + ATTACK;
        let mut attack = tokio::task::JoinSet::new();
        for _ in 0..hands {
            let tries = std::sync::Arc::clone(&tries);
            attack.spawn(async move {
                let mut looked = 0;
                while Instant::now() < end {
                    match tries.take().await {
                        Ok(()) => looked += 1,
                        // Who is told to wait comes again; the queue is full all the time.
                        Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
                    }
                }
                looked
            });
        }
        attack.join_all().await.into_iter().sum()
    }

    #[tokio::test(start_paused = true)]
    async fn guessing_for_a_quarter_of_an_hour_hits_with_a_chance_of_a_thousandth_at_most() {
        use std::collections::HashSet;

        use crate::clock::Entropy;
        use crate::config::Limits;
        use crate::consultation::secret::{ALPHABET, CARD_CODE_LENGTH, CODE_LENGTH, draw, new_code};

        let tried = looked_at(150).await;
        let seconds = ATTACK.as_secs_f64();
        let limits = Limits::default();
        let most = limits.typed_tries_per_second * seconds + limits.typed_tries_waiting as f64 + 1.0;
        assert!(
            tried as f64 <= most && tried as f64 >= most * 0.95,
            "{tried} of {most} tries were looked at"
        );

        // What each try hits with: the codes of 50 consultations, or the cards of 50 whole rolls.
        let space = |length: usize| (ALPHABET.len() as f64).powi(i32::try_from(length).unwrap());
        let codes = tried as f64 * OPEN as f64 / space(CODE_LENGTH);
        let cards = tried as f64 * (OPEN * limits.cards_max) as f64 / space(CARD_CODE_LENGTH);
        println!("{tried} tries: expected hits {codes:.6} by codes, {cards:.6} by cards");
        assert!(codes.max(cards) <= CHANCE_MAX, "{codes} {cards}");

        // Drawn with the real alphabet, attack after attack: as often as computed.
        let entropy = Entropy::Counter(std::sync::Arc::new(std::sync::atomic::AtomicU64::new(1)));
        let open: HashSet<String> = (0..OPEN).map(|_| new_code(&entropy)).collect();
        assert!(open.iter().all(|code| code.bytes().all(|byte| ALPHABET.contains(&byte))));
        // Three characters instead of six, so that hits are frequent enough to be counted.
        let short: HashSet<String> = open.iter().map(|code| code[..3].to_owned()).collect();
        let rounds = 200_000_u32;
        let hits = (0..rounds).filter(|_| short.contains(&draw(&entropy, 3))).count();
        let expected = f64::from(rounds) * short.len() as f64 / space(3);
        let spread = 5.0 * expected.sqrt();
        println!("{hits} hits of three characters in {rounds} draws, {expected:.0} expected");
        assert!((hits as f64 - expected).abs() <= spread, "{hits} hits, {expected} expected");
    }
}
