//! What phones and the server say to each other, and what a board is.
//!
//! This crate has no I/O, no clock and no task. `README.md` beside it is the specification; the numbered
//! rules there (W… wire, B… board, C… commands) are named by the tests that hold them.

/// Bodies of HTTP requests and answers, one file per resource.
pub mod api;
pub mod board;
pub mod command;
pub mod gate;
pub mod ids;
pub mod phase;
pub mod plenary;
pub mod problem;
pub mod role;
pub mod text;
pub mod wire;

/// The version of what phones and server say to each other. 0 is unstable: an old page and a new server need not
/// understand each other (rule W18).
pub const PROTOCOL: u32 = 0;
