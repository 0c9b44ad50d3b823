//! What phones and the server say to each other, and what a board is.
//!
//! This crate has no I/O, no clock and no task. `README.md` beside it is the specification; the numbered
//! rules there (W… wire, B… board, C… commands) are named by the tests that hold them.

pub mod api;
pub mod board;
pub mod card;
pub mod command;
pub mod curation;
pub mod desk;
pub mod doors;
pub mod ending;
pub mod follow;
pub mod gate;
pub mod ids;
pub mod ledger;
pub mod letters;
pub mod pace;
pub mod phase;
pub mod plenary;
pub mod preparation;
pub mod prepare;
pub mod problem;
pub mod programme;
pub mod rehearsal;
pub mod role;
pub mod wire;
pub mod wordings;
