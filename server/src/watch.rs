//! Watches the turns of the server's loops: a turn that takes too long is counted, named in the log, and kept for the operator.
//!
//! A turn is what a task does between two points where it lets others go on. While a turn lasts, its thread serves nobody
//! else. What is named says which loop it was and of which document or route; it never holds words, tokens or addresses
//! of people. Times are elapsed times: on a machine that is busy with something else they are longer than the work.

use std::fmt::Display;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::clock::tick;

/// The loops that are watched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum Loop {
    /// A board or the plenary: its turns, its loading and its snapshots.
    Room,
    Consultation,
    /// A handler of an HTTP request.
    Http,
    /// A connection of a phone.
    Socket,
    /// The threads of sockets and HTTP: how late a timer fired.
    IoThreads,
    /// The threads of rooms and consultations: how late a task began that was ready.
    WorkThreads,
}

impl Loop {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] =
        [Self::Room, Self::Consultation, Self::Http, Self::Socket, Self::IoThreads, Self::WorkThreads];

    /// Its name in the log and for the operator.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Consultation => "consultation",
            Self::Http => "http",
            Self::Socket => "socket",
            Self::IoThreads => "io-threads",
            Self::WorkThreads => "work-threads",
        }
    }
}

/// What else is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Count {
    /// Consultations that panicked and were started again.
    Restarted,
    /// Consultations that panicked too often and are unavailable.
    GivenUp,
    /// Rooms that panicked.
    RoomPanicked,
    /// Exports that were made.
    ExportMade,
    /// Exports that were asked for.
    ExportAsked,
}

const COUNTS: usize = 5;

/// What is counted of one loop since the server started.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Slow {
    /// Turns that took longer than the bound.
    pub turns: u64,
    /// The longest turn of all, in microseconds; 0 if none was over the bound.
    pub longest_us: u64,
}

#[derive(Debug, Default)]
struct Counter {
    turns: AtomicU64,
    longest_us: AtomicU64,
    /// When a line was last written, and how many turns were only counted since.
    said: Mutex<(Option<Instant>, u64)>,
}

/// Counts slow turns and names them.
#[derive(Debug)]
pub struct Watch {
    turn_time: Duration,
    log_pause: Duration,
    counters: [Counter; Loop::ALL.len()],
    counts: [AtomicU64; COUNTS],
}

impl Watch {
    /// Names turns over `turn_time`, in at most one line per loop and `log_pause`.
    #[must_use]
    pub fn new(turn_time: Duration, log_pause: Duration) -> Self {
        Self { turn_time, log_pause, counters: Default::default(), counts: Default::default() }
    }

    /// Runs a future and measures each of its turns. `what` names the document, consultation or route.
    pub async fn turns<F: Future>(&self, of: Loop, what: impl Display, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|context| {
            let began = tick();
            let polled = future.as_mut().poll(context);
            self.took(of, &what, began.elapsed());
            polled
        })
        .await
    }

    /// Notes how long something took.
    pub fn took(&self, of: Loop, what: &dyn Display, time: Duration) {
        if time <= self.turn_time {
            return;
        }
        let counter = &self.counters[of as usize];
        counter.turns.fetch_add(1, Ordering::Relaxed);
        counter.longest_us.fetch_max(micros(time), Ordering::Relaxed);
        if let Some(others) = self.may_say(counter) {
            say(of, what, time, others);
        }
    }

    /// May a line be written now? Then how many turns of this loop were not named since the last line.
    fn may_say(&self, counter: &Counter) -> Option<u64> {
        let now = tick();
        let mut said = counter.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.0.is_some_and(|last| now < last + self.log_pause) {
            said.1 += 1;
            return None;
        }
        said.0 = Some(now);
        Some(std::mem::take(&mut said.1))
    }

    /// Adds one to this counter.
    pub fn count(&self, what: Count) {
        self.counts[what as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// How many there were since the server started.
    #[must_use]
    pub fn counted(&self, what: Count) -> u64 {
        self.counts[what as usize].load(Ordering::Relaxed)
    }

    /// What was counted of a loop.
    #[must_use]
    pub fn slow(&self, of: Loop) -> Slow {
        let counter = &self.counters[of as usize];
        Slow {
            turns: counter.turns.load(Ordering::Relaxed),
            longest_us: counter.longest_us.load(Ordering::Relaxed),
        }
    }
}

/// From now on a panic is one line of the log that says where it was. What it said is left out, because it may be what
/// people wrote; only a text of the program itself, to which nothing was added, is told.
pub fn name_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let said = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(left out)");
        tracing::error!(%place, said, "a task panicked");
    }));
}

/// A debug build is slow by itself: it writes these lines at the level `debug` only.
fn say(of: Loop, what: &dyn Display, time: Duration, others: u64) {
    let ms = time.as_millis();
    if cfg!(debug_assertions) {
        tracing::debug!(of = of.name(), %what, ms, others, "a slow turn");
    } else {
        tracing::warn!(of = of.name(), %what, ms, others, "a slow turn");
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Duration = Duration::from_millis(50);

    #[tokio::test(start_paused = true)]
    async fn a_turn_is_measured_from_wait_to_wait_and_waiting_is_not_work() {
        let watch = Watch::new(BOUND, Duration::from_secs(10));
        let waits = async {
            for _ in 0..5 {
                tokio::time::sleep(BOUND).await;
            }
        };
        watch.turns(Loop::Room, "board", waits).await;
        assert_eq!(watch.slow(Loop::Room), Slow::default());
    }

    #[tokio::test(start_paused = true)]
    async fn each_slow_turn_is_counted_and_few_are_named() {
        let watch = Watch::new(BOUND, Duration::from_secs(10));
        for ms in [50, 51, 70, 60] {
            watch.took(Loop::Consultation, &"one", Duration::from_millis(ms));
        }
        assert_eq!(watch.slow(Loop::Consultation), Slow { turns: 3, longest_us: 70_000 });
        assert_eq!(watch.slow(Loop::Http), Slow::default());
        let counter = &watch.counters[Loop::Consultation as usize];
        assert_eq!(watch.may_say(counter), None);
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(watch.may_say(counter), Some(3));
        assert_eq!(watch.may_say(counter), None);
    }
}
