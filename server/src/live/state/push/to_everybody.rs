//! When the consultation's state goes out to everybody who follows it: throttled, and never the same twice (rule W16).
//!
//! The first change after a rest goes out at once; further ones wait for the pause, so that whatever one seat does is a
//! few pushes a second. A phase change does not wait, as long as there are not many of them.

use std::sync::Arc;
use std::time::Duration;

use proto::api::consultation::ConsultationState;

use crate::clock::Tick;
use crate::config::CostLimits;
use crate::rate::Bucket;

/// What was pushed, and what waits to be.
#[derive(Debug)]
pub struct StatePush {
    due: Option<Tick>,
    last: Option<Tick>,
    pushed: Option<ConsultationState>,
    at_once: Bucket,
    /// The state as it was made last, and when; none since the last event.
    made: Option<(Tick, Arc<ConsultationState>)>,
}

impl StatePush {
    /// Nothing was pushed yet.
    #[must_use]
    pub fn new(limits: &CostLimits, now: Tick) -> Self {
        Self {
            due: None,
            last: None,
            pushed: None,
            at_once: Bucket::new(limits.pushes_at_once, now),
            made: None,
        }
    }

    /// The state as it was made last, if nothing was decided since and it is not older than `age`: it says who is here.
    pub fn made(&self, now: Tick, age: Duration) -> Option<Arc<ConsultationState>> {
        let fresh = self.made.as_ref().filter(|(at, _)| now < *at + age);
        fresh.map(|(_, state)| Arc::clone(state))
    }

    /// The state was made anew.
    pub fn make(&mut self, now: Tick, state: &Arc<ConsultationState>) {
        self.made = Some((now, Arc::clone(state)));
    }

    /// Something was decided, or somebody came or went.
    pub fn outdated(&mut self) {
        self.made = None;
    }

    /// When the next push is due.
    #[must_use]
    pub const fn due(&self) -> Option<Tick> {
        self.due
    }

    /// The state changed, or may have changed: it is pushed at this moment at the latest.
    pub fn by(&mut self, at: Tick) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// The state changed: pushed now, or when the pause since the last push is over.
    pub fn changed(&mut self, limits: &CostLimits, now: Tick) {
        self.by(self.last.map_or(now, |last| now.max(last + limits.push_pause)));
    }

    /// Everybody must know now: a phase changed.
    pub fn urgent(&mut self, limits: &CostLimits, now: Tick) {
        if self.at_once.try_take(now) {
            self.by(now);
        } else {
            self.changed(limits, now);
        }
    }

    /// Takes the push if it is due.
    pub fn take_due(&mut self, now: Tick) -> bool {
        let due = self.due.is_some_and(|due| due <= now);
        if due {
            (self.due, self.last) = (None, Some(now));
        }
        due
    }

    /// Does this state differ from the one that was pushed last, but for the time of day? Then it counts as pushed.
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
