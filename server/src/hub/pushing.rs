//! When the consultation's state goes out to everybody who follows it: throttled, and never the same twice (rule W16).
//!
//! The first change after a rest goes out at once; further ones wait for the pause, so that whatever one seat does is a
//! few pushes a second. A phase change does not wait, as long as there are not many of them.

use proto::api::consultation::ConsultationState;
use tokio::time::Instant;

use crate::config::CostLimits;
use crate::rate::Bucket;

/// What was pushed, and what waits to be.
#[derive(Debug)]
pub struct Pushing {
    due: Option<Instant>,
    last: Option<Instant>,
    pushed: Option<ConsultationState>,
    at_once: Bucket,
}

impl Pushing {
    /// Nothing was pushed yet.
    #[must_use]
    pub fn new(limits: &CostLimits, now: Instant) -> Self {
        Self { due: None, last: None, pushed: None, at_once: Bucket::new(limits.pushes_at_once, now) }
    }

    /// When the next push is due.
    #[must_use]
    pub const fn due(&self) -> Option<Instant> {
        self.due
    }

    /// The state is another, or may be: pushed at this moment at the latest.
    pub fn by(&mut self, at: Instant) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// The state changed: pushed now, or when the pause since the last push is over.
    pub fn changed(&mut self, limits: &CostLimits, now: Instant) {
        self.by(self.last.map_or(now, |last| now.max(last + limits.push_pause)));
    }

    /// Everybody must know now: a phase changed.
    pub fn urgent(&mut self, limits: &CostLimits, now: Instant) {
        if self.at_once.try_take(now) {
            self.by(now);
        } else {
            self.changed(limits, now);
        }
    }

    /// Takes the push if it is due.
    pub fn take_due(&mut self, now: Instant) -> bool {
        let due = self.due.is_some_and(|due| due <= now);
        if due {
            (self.due, self.last) = (None, Some(now));
        }
        due
    }

    /// Is this another state than the one that was pushed last, but for the time of day? Then it counts as pushed.
    pub fn is_news(&mut self, state: &ConsultationState) -> bool {
        let news = self.pushed.as_ref().is_none_or(|pushed| !is_same(pushed, state));
        if news {
            self.pushed = Some(state.clone());
        }
        news
    }

    /// Somebody was told this state alone. If it is not the one that all were told, the next push goes to all again.
    pub fn told_one(&mut self, state: &ConsultationState) {
        if self.pushed.as_ref().is_some_and(|pushed| !is_same(pushed, state)) {
            self.pushed = None;
        }
    }
}

/// The same but for the moment at which it is said.
fn is_same(one: &ConsultationState, other: &ConsultationState) -> bool {
    if one.clock.now == other.clock.now {
        return one == other;
    }
    let mut one = one.clone();
    one.clock.now = other.clock.now;
    one == *other
}
