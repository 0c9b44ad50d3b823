//! A whole day under one seed: a running consultation, its rooms, phones and staff, and a journal in memory.
//!
//! One thread, no runtime, no socket. A seed decides everything: who does what, which message arrives when, when the server dies
//! and where, how the clock jumps. The consultation is the server's own `live::state::Live`, the rooms are its `RoomState`s, the
//! phones are stock yrs documents. After each step and at the end of a day the invariants that can be checked are checked
//! (`checks`); a day that fails prints its seed and what happened, and its seed becomes a test (`tests/simulation.rs`).
//!
//! `world` is the day, `acts` what people do in it, `person` who acts, `server` what dies and comes back.

mod acts;
mod checks;
mod person;
mod server;
mod world;

pub use world::{Day, Happened, World, run};
