//! A deletion because the time is over: announced first, done a while later, and not by a clock that jumped.
//!
//! The time of day is an unchecked input, and what it decides cannot be undone. So it is compared with how long the machine
//! really ran: a clock that went further than that is doubted until it is right again, and then only people decide. A
//! server that was off cannot know how long; what it believes at its start is announced, and people have that time to
//! correct the clock or to take away what they need.

use crate::clock::{Millis, Tick};
use crate::consultation::Outcome;
use crate::live::state::batch::Batch;
use crate::live::state::{Env, Live};

/// How far a clock may be set without being doubted: clocks that run free are corrected by less.
const CORRECTION_MAX: Millis = 10 * 60 * 1_000;

/// What is known of the clock and of an announced deletion.
#[derive(Debug)]
pub struct Retention {
    /// The first look: time of day and running time.
    first: Option<(Millis, Millis)>,
    /// Running time at the announcement.
    announced: Option<Millis>,
    due: bool,
    /// When to look next.
    check: Tick,
}

/// What a look at the clocks says of a deletion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Its time has not come.
    Keep,
    /// It comes at this time.
    Announced(Millis),
    /// The clock says so, but it is so many milliseconds ahead of the time that passed.
    Doubted(Millis),
    /// The notice is over: everything is deleted in this turn.
    Due,
}

impl Retention {
    /// Looks at the clocks. `purge_at`: when the time is over; `notice`: how long before the deletion it is announced.
    pub fn look(
        &mut self,
        purge_at: Option<Millis>,
        now: Millis,
        running: Millis,
        notice: Millis,
    ) -> Verdict {
        let (first, began) = *self.first.get_or_insert((now, running));
        let ahead = now.saturating_sub(first).saturating_sub(running.saturating_sub(began));
        let over = purge_at.is_some_and(|at| at <= now);
        if !over || ahead > CORRECTION_MAX {
            self.announced = None;
            return if over { Verdict::Doubted(ahead) } else { Verdict::Keep };
        }
        let announced = *self.announced.get_or_insert(running);
        let left = notice.saturating_sub(running.saturating_sub(announced));
        if left > 0 {
            return Verdict::Announced(now.saturating_add(left));
        }
        self.due = true;
        Verdict::Due
    }
}

impl Retention {
    /// Nothing is known yet; the first look is at once.
    #[must_use]
    pub const fn new(now: Tick) -> Self {
        Self { first: None, announced: None, due: false, check: now }
    }

    /// When to look next.
    #[must_use]
    pub const fn check_due(&self) -> Tick {
        self.check
    }

    /// Must everything be deleted now?
    #[must_use]
    pub const fn is_due(&self) -> bool {
        self.due
    }
}

impl Live {
    /// Looks whether the time is over, and lets people know what comes of it.
    pub(in crate::live::state) fn check_retention(&mut self, batch: &mut Batch, env: &Env<'_>) {
        self.retention.check = env.tick + env.limits.records.purge_check;
        let notice = u64::try_from(env.limits.records.purge_notice.as_millis()).unwrap_or(u64::MAX);
        let purge_at = self.consultation.purge_at();
        let (soon, ahead) = match self.retention.look(purge_at, env.now, (env.running)(), notice) {
            Verdict::Keep | Verdict::Due => (None, None),
            Verdict::Announced(at) => (Some(at), None),
            Verdict::Doubted(ahead) => (None, Some(ahead)),
        };
        if self.consultation.tell_of_purge(soon, ahead) {
            self.state_push.outdated();
            batch.told().audience.at_once = true;
        }
    }

    /// Deletes the words of notes that nobody settled in time (rule C25).
    pub(in crate::live::state) fn give_up_undecided(&mut self, batch: &mut Batch, env: &Env<'_>) {
        let longest = u64::try_from(env.limits.repeats.undecided_longest.as_millis()).unwrap_or(u64::MAX);
        for Outcome { event, texts, words, .. } in
            self.consultation.give_up_undecided((env.running)(), longest)
        {
            batch.change_texts(texts);
            self.stamped(Some(words), None, event, batch, env);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::tick;

    const DAY: Millis = 24 * 60 * 60 * 1_000;
    const NOTICE: Millis = 10 * 60 * 1_000;

    #[test]
    fn c12_a_deletion_is_announced_at_the_start_and_done_when_the_notice_is_over() {
        let mut retention = Retention::new(tick());
        let mut look = |passed| retention.look(Some(5 * DAY), 40 * DAY + passed, 7 + passed, NOTICE);
        assert_eq!(look(0), Verdict::Announced(40 * DAY + NOTICE));
        assert_eq!(look(60_000), Verdict::Announced(40 * DAY + NOTICE));
        assert_eq!(look(NOTICE - 1), Verdict::Announced(40 * DAY + NOTICE));
        assert_eq!(look(NOTICE), Verdict::Due);
    }

    #[test]
    fn c12_a_laptop_that_runs_two_hours_a_week_deletes_in_time() {
        let mut weeks = 0;
        let deleted = loop {
            let (mut retention, start) = (Retention::new(tick()), weeks * 7 * DAY);
            let mut minutes = (0..120).map(|minute| minute * 60_000);
            if minutes.any(|at| retention.look(Some(30 * DAY), start + at, at, NOTICE) == Verdict::Due) {
                break start;
            }
            weeks += 1;
        };
        assert_eq!(deleted, 35 * DAY);
    }

    #[test]
    fn c12_a_clock_that_jumps_while_the_server_runs_is_doubted_until_it_is_right_again() {
        let mut retention = Retention::new(tick());
        assert_eq!(retention.look(Some(30 * DAY), DAY, 0, NOTICE), Verdict::Keep);
        for running in [1_000, NOTICE, 2 * NOTICE, DAY] {
            let verdict = retention.look(Some(30 * DAY), 32 * DAY + running, running, NOTICE);
            assert_eq!(verdict, Verdict::Doubted(31 * DAY));
        }
        assert_eq!(retention.look(Some(30 * DAY), 2 * DAY, DAY, NOTICE), Verdict::Keep);
        // Its time comes in earnest.
        assert!(matches!(retention.look(Some(30 * DAY), 30 * DAY, 29 * DAY, NOTICE), Verdict::Announced(_)));
        assert_eq!(retention.look(Some(30 * DAY), 31 * DAY, 30 * DAY, NOTICE), Verdict::Due);
    }

    #[test]
    fn c12_what_is_decided_during_the_notice_counts() {
        let mut retention = Retention::new(tick());
        assert!(matches!(retention.look(Some(DAY), 2 * DAY, 0, NOTICE), Verdict::Announced(_)));
        assert_eq!(retention.look(Some(32 * DAY), 2 * DAY + 1, 1, NOTICE), Verdict::Keep);
        assert_eq!(retention.look(None, 2 * DAY + NOTICE, NOTICE, NOTICE), Verdict::Keep);
    }
}
