//! One consultation while it runs: a pure state and a thin loop around it, as a room has them.
//!
//! `state` decides what follows from what arrives (pure); `actor` is the loop: drain the mailbox, take a turn, append once,
//! carry out the effects (`perform`). `documents` opens `rooms` and lets them show what was decided, `replies` answers, `push`
//! sends frames, `jobs` works beside it, `supervisor` starts it again after a panic. Others reach it by `handle` and `caller`, and
//! read it by queries (`queries`). `node` is what all consultations of a server share, with the `directory` of who is found by
//! what, and the `seat_limits`.
//!
//! An edit does not come through here: it goes from its socket to its room. A decision comes through here and goes on to rooms.

mod actor;
mod caller;
mod directory;
mod documents;
mod handle;
pub(crate) mod jobs;
mod node;
mod perform;
mod purge;
mod purge_answers;
mod push;
mod queries;
mod replies;
mod rooms;
mod seat_limits;
pub mod state;
mod supervisor;
#[cfg(test)]
mod tests;

pub use caller::Caller;
pub use directory::{Directory, Locator};
pub use handle::{ConsultationHandle, ConsultationMessage, Subscriber};
pub use node::{Node, NodeParts, load};
pub use purge::{CERTIFICATE, PURGED};
pub use purge_answers::AskedAgain;
pub use queries::{Opened, View};
pub use seat_limits::{OpenPlace, Payer, SeatConnection, SeatLimits, SeatPoll};
pub use state::input::{Arrival, Upload};
pub use state::{Live, PurgeKey, Report};
