//! The Plenum server: breakout groups think on phones; their best ideas become one list.
//!
//! `README.md` beside this folder's `Cargo.toml` has the bird's eye view, the invariants and the walkthroughs. Imports
//! go down, which a test holds (`tests/floors.rs`, with the list of floors).

pub mod access;
pub mod address_prefix;
pub mod clock;
pub mod config;
pub mod consultation;
pub mod embeddings;
pub mod http;
pub mod hub;
pub mod isolated;
pub mod journal;
pub mod lifecycle;
pub mod live;
pub mod merge;
pub mod plenary;
pub mod rate;
pub mod rehearsal;
pub mod room;
pub mod seeded_defects;
pub mod service_client;
pub mod simulate;
pub mod socket;
pub mod stop_signal;
pub mod threads;
pub mod watch;
