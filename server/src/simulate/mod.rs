//! Simulated phones over real sockets: the demo, and the replay of a recorded consultation.
//!
//! Nothing here calls the server's functions. A simulated phone is an honest client: it joins over HTTP, opens its
//! documents on `/sync`, sends commands and awaits their answers, types into a Yjs document of its own and counts
//! what was acknowledged. What it finds out about the server is what any phone would.
//!
//! The way through: [`http`] (HTTP) and [`phone`] (one person's phone: `connection` is its socket, `replica` its board)
//! → [`replay`] (from `polis`, the recording) and [`demo`] and [`rehearsal`]
//! (from `sample_texts`, ideas of our own).

mod connection;
pub mod demo;
mod error;
mod frames;
pub mod http;
pub mod phone;
mod polis;
mod random;
pub mod rehearsal;
pub mod replay;
mod replica;
mod report;
mod sample_texts;
#[cfg(test)]
mod tests;

pub use demo::{Demo, run_phones};
pub use error::PhoneError;
pub use phone::Phone;
pub use replay::{ReplayError, ReplayOptions, ReplaySummary, Speed, replay};
