//! Time, ids and randomness come in as parameters (invariant I12): this is where they come from.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use uuid::Uuid;

/// Milliseconds since 1970, as they stand in the journal and on the wire.
pub type Millis = u64;

/// The time of day.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    System,
    /// A test's: moved by hand.
    Manual(Arc<AtomicU64>),
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
            Self::Manual(now) => now.load(Ordering::Relaxed),
        }
    }
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
