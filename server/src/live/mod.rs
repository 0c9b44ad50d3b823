//! One consultation while it runs: a pure state and a thin loop around it, as a room has them.
//!
//! `state` decides what follows from what arrives (pure); `actor` is the loop: drain the mailbox, take a turn, append once,
//! carry out the effects. In its folder `documents` opens `rooms` and lets them show what was decided, `replies` answers, and `push`
//! sends frames. `jobs` works beside it, `supervisor` starts it again after a panic. Others reach it by `handle` and `caller`, and
//! read it by queries (`queries`). `node` is what all consultations of a server share: the directory of who is found by what, the
//! accounts of seats, and answers to *delete everything*.
//!
//! An edit does not come through here: it goes from its socket to its room. A decision comes through here and goes on to rooms.

mod actor;
mod caller;
mod handle;
pub(crate) mod jobs;
mod node;
mod queries;
pub mod state;
mod supervisor;
#[cfg(test)]
mod tests;

pub use actor::purge::{CERTIFICATE, PURGED};
pub use caller::Caller;
pub use handle::{ConsultationHandle, ConsultationMessage, Subscriber};
pub use node::directory::{Directory, Locator};
pub use node::purge_answers::AskedAgain;
pub use node::seat_limits::{OpenPlace, Payer, SeatConnection, SeatLimits, SeatPoll};
pub use node::{Node, NodeParts, load};
pub use queries::{Opened, View};
pub use state::input::{Arrival, Upload};
pub use state::{Live, PurgeKey, Report};
