//! Time, ids and randomness come in as parameters (invariant I12): this is where they come from.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Instant, SystemTime};

use uuid::Uuid;

/// Milliseconds since 1970, as they stand in the journal and on the wire.
pub type Millis = u64;

/// A minute in milliseconds: what may be told of a time is often only its minute.
pub const MINUTE: Millis = 60_000;

/// A moment of monotonic time, for throttles, pauses and deadlines: nobody who sets the time of day changes it. Tests that pause
/// the runtime's clock move it; a simulation adds to it.
pub type Tick = tokio::time::Instant;

/// This moment: the only place where monotonic time is read.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the home of monotonic time")]
pub fn tick() -> Tick {
    Tick::now()
}

/// The time of day.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    System,
    /// A test's: moved by hand.
    Manual(Arc<AtomicU64>),
    /// A test's, whose time of day jumps: what it says, and how long it really ran, in milliseconds.
    Jumping(Arc<AtomicU64>, Arc<AtomicU64>),
}

impl Clock {
    /// Now, in milliseconds since 1970.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the home of the system's time")]
    pub fn now(&self) -> Millis {
        match self {
            Self::System => SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX)),
            Self::Manual(now) | Self::Jumping(now, _) => now.load(Ordering::Relaxed),
        }
    }

    /// For how long this machine has been running, in milliseconds from any beginning, sleep included where the system
    /// tells: nobody who sets the time of day changes it.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the home of the system's time")]
    pub fn running(&self) -> Millis {
        static BEGAN: OnceLock<Instant> = OnceLock::new();
        match self {
            Self::System => {
                let since = || BEGAN.get_or_init(Instant::now).elapsed().as_millis();
                uptime().unwrap_or_else(|| u64::try_from(since()).unwrap_or(u64::MAX))
            }
            Self::Manual(now) => now.load(Ordering::Relaxed),
            Self::Jumping(_, running) => running.load(Ordering::Relaxed),
        }
    }
}

/// Linux says in this file how long it has been up, sleep included; elsewhere there is none.
fn uptime() -> Option<Millis> {
    let said = std::fs::read_to_string("/proc/uptime").ok()?;
    let (seconds, hundredths) = said.split_whitespace().next()?.split_once('.')?;
    Some(seconds.parse::<u64>().ok()? * 1_000 + hundredths.parse::<u64>().ok()? * 10)
}

/// Random bytes and ids.
#[derive(Clone, Debug, Default)]
pub enum Entropy {
    /// The operating system's.
    #[default]
    System,
    /// A test's: a counter, hashed.
    Counter(Arc<AtomicU64>),
}

impl Entropy {
    /// `N` random bytes.
    ///
    /// # Panics
    /// When the operating system has none to give: nothing that this server does is safe then.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match self {
            #[expect(
                clippy::expect_used,
                reason = "without randomness there are no secrets; better no server"
            )]
            Self::System => getrandom::fill(&mut bytes).expect("the operating system has random bytes"),
            Self::Counter(counter) => {
                use sha2::{Digest, Sha256};
                let seed = counter.fetch_add(1, Ordering::Relaxed);
                let hash = Sha256::digest(seed.to_le_bytes());
                for (byte, value) in bytes.iter_mut().zip(hash.iter().cycle()) {
                    *byte = *value;
                }
            }
        }
        bytes
    }

    /// A random UUID.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// A number below `end`; `end` is far below 2^64, so the bias of the remainder does not matter.
    #[must_use]
    pub fn below(&self, end: u64) -> u64 {
        u64::from_le_bytes(self.bytes()) % end.max(1)
    }

    /// Puts the items into a random order (Fisher–Yates).
    pub fn shuffle<T>(&self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).unwrap_or(0);
            items.swap(last, other);
        }
    }
}

/// The day of a time, in UTC: `2027-03-15`. Days since 1970 to a date after Howard Hinnant's `civil_from_days`.
#[must_use]
pub fn day(at: Millis) -> String {
    let days = i64::try_from(at / 86_400_000).unwrap_or(0) + 719_468;
    let era = days / 146_097;
    let day_of_era = days - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_day() {
        for (at, expected) in [
            (0, "1970-01-01"),
            (951_782_400_000, "2000-02-29"),
            (1_658_934_589_213, "2022-07-27"),
            (1_795_468_912_659, "2026-11-23"),
            (4_107_542_399_999, "2100-02-28"),
        ] {
            assert_eq!(day(at), expected);
        }
    }
}
