//! The Plenum server: breakout groups think on phones; their best ideas become one list.
//!
//! `README.md` beside this folder's `Cargo.toml` has the bird's eye view, the invariants and the walkthroughs. Imports
//! go down, and a test holds it: `stop`, `clock` → `config`, `access`, `prefix` → `journal`, `merge` → `consultation`, `plenary` →
//! `room` → `hub` → `socket`, `simulate` → `http` → `lifecycle`, `main`.

pub mod access;
pub mod clock;
pub mod config;
pub mod consultation;
pub mod defect;
pub mod embeddings;
pub mod http;
pub mod hub;
pub mod journal;
pub mod lifecycle;
pub mod merge;
pub mod plenary;
pub mod prefix;
pub mod rate;
pub mod rehearsal;
pub mod room;
pub mod simulate;
pub mod socket;
pub mod stop;
pub mod threads;
pub mod watch;
