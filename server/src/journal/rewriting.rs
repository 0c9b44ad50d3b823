//! When the journal's file is written anew after words were deleted: soon, but never so often that writers wait.
//!
//! SQLite overwrites a row that is deleted, but a page that was split earlier may still hold an old copy of the row between
//! its live ones. Only a rewriting of the whole file (`purge`) removes such copies. That one is owed stands in the database,
//! in the transaction that deletes; this file decides when it is done. While it runs nobody can write, so a quiet moment is
//! preferred, and whoever deletes again and again takes no more than a small share of the writer's time.

use crate::clock::Millis;
use crate::config::RewriteLimits;

/// What the writer knows of an owed rewriting. Times are those of [`Clock::running`](crate::clock::Clock::running).
#[derive(Debug, Default)]
pub(super) struct Rewriting {
    /// Since when one is owed.
    owed: Option<Millis>,
    /// When something was written last.
    written: Millis,
    /// Not before this time, because of what the last one took.
    rested: Millis,
}

impl Rewriting {
    /// Something was written; did it delete words?
    pub(super) fn wrote(&mut self, now: Millis, deletes: bool) {
        self.written = now;
        if deletes {
            self.owed.get_or_insert(now);
        }
    }

    /// Is one owed?
    pub(super) fn is_owed(&self) -> bool {
        self.owed.is_some()
    }

    /// When it is to be done, for a file of so many bytes; nothing when none is owed.
    pub(super) fn due(&self, bytes: u64, limits: &RewriteLimits) -> Option<Millis> {
        let owed = self.owed?;
        let at = if bytes <= limits.bytes_max {
            let latest = owed.saturating_add(millis(limits.within));
            self.written.saturating_add(millis(limits.quiet)).min(latest)
        } else {
            self.written.saturating_add(millis(limits.large_quiet))
        };
        Some(at.max(self.rested))
    }

    /// It was tried from `began` to `ended`; did the old file go?
    pub(super) fn tried(&mut self, (began, ended): (Millis, Millis), done: bool, limits: &RewriteLimits) {
        let pause = ended.saturating_sub(began).saturating_mul(limits.rest);
        if done {
            self.owed = None;
            self.rested = ended.saturating_add(pause);
        } else {
            self.rested = ended.saturating_add(pause.max(millis(limits.again)));
        }
    }
}

fn millis(duration: std::time::Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: u64 = 1;

    #[test]
    fn c25_a_rewriting_waits_for_a_quiet_moment_but_not_for_long() {
        let limits = RewriteLimits::default();
        let mut rewriting = Rewriting::default();
        rewriting.wrote(500, false);
        assert_eq!(rewriting.due(SMALL, &limits), None, "nothing was deleted");
        rewriting.wrote(1_000, true);
        assert_eq!(rewriting.due(SMALL, &limits), Some(1_000 + millis(limits.quiet)));
        for passed in (0..60_000).step_by(500) {
            rewriting.wrote(1_000 + passed, passed % 1_000 == 0);
        }
        let due = rewriting.due(SMALL, &limits).unwrap();
        assert_eq!(due, 1_000 + millis(limits.within), "people who write without a pause cannot put it off");
        assert!(due < 61_000);
    }

    #[test]
    fn c25_a_large_file_is_rewritten_only_when_nobody_writes() {
        let limits = RewriteLimits::default();
        let mut rewriting = Rewriting::default();
        rewriting.wrote(0, true);
        rewriting.wrote(600_000, false);
        assert_eq!(rewriting.due(limits.bytes_max + 1, &limits), Some(600_000 + millis(limits.large_quiet)));
    }

    #[test]
    fn c25_who_deletes_again_and_again_takes_a_small_share_of_the_writers_time() {
        let limits = RewriteLimits::default();
        let mut rewriting = Rewriting::default();
        let (mut now, mut spent, mut count) = (0, 0, 0);
        while now < 3_600_000 {
            rewriting.wrote(now, true);
            if rewriting.due(SMALL, &limits).is_some_and(|due| due <= now) {
                // A slow disk.
                rewriting.tried((now, now + 4_000), true, &limits);
                (spent, count, now) = (spent + 4_000, count + 1, now + 4_000);
            }
            now += 100;
        }
        assert!(count > 10, "it is done nevertheless: {count} times");
        assert!(spent * limits.rest <= now, "{spent} of {now} ms");
    }

    #[test]
    fn c25_a_rewriting_that_failed_is_owed_and_tried_again_later() {
        let limits = RewriteLimits::default();
        let mut rewriting = Rewriting::default();
        rewriting.wrote(0, true);
        rewriting.tried((5_000, 5_001), false, &limits);
        assert_eq!(rewriting.due(SMALL, &limits), Some(5_001 + millis(limits.again)));
    }
}
