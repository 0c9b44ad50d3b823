//! What a turn of the live consultation depends on beside its state: time, randomness and bounds are parameters (invariant I12).

use crate::clock::{Entropy, Millis, Tick};
use crate::config::Limits;
use crate::consultation::Context;
use crate::live::node::seat_limits::SeatLimits;

/// The surroundings of one turn.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    /// The time of day: it may be set, so it decides only what people were promised by it.
    pub now: Millis,
    /// Monotonic time, for throttles and pauses.
    pub tick: Tick,
    /// For how long the machine has been running, in milliseconds: asked only when a deletion is due by the time of day.
    pub running: &'a (dyn Fn() -> Millis + Sync),
    /// Where ids, tokens and lots come from.
    pub entropy: &'a Entropy,
    /// The bounds of every consultation of this server.
    pub limits: &'a Limits,
    /// The address people type, without a trailing slash.
    pub public_url: &'a str,
    /// The model that says what texts mean, if there is one.
    pub embedding_model: Option<&'a str>,
    /// Are texts sent to a service that the operator named?
    pub texts_leave: bool,
    /// Which seats have a connection, on whatever document.
    pub seat_limits: &'a SeatLimits,
}

impl Env<'_> {
    /// What decisions may depend on.
    pub(crate) const fn decision(&self) -> Context<'_> {
        Context { now: self.now, entropy: self.entropy, limits: self.limits }
    }

    /// Do texts go to a service that says which of them mean the same? People are told so.
    pub(crate) const fn asks_service(&self) -> bool {
        self.texts_leave
    }
}
