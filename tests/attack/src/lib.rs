//! Attacks on the gate and on a live room, and simulated days: one generator for fuzzers, short runs and the differential.
//!
//! Every choice comes from a [`Chance`], which reads a fuzzer's bytes or follows a seed; so what a fuzzer finds is
//! replayed by its bytes, and what a run finds by its seed. The room is the server's own state machine, without journal
//! and socket. What is not as it must be is a panic. The path: `chance` → `mutate`, `forge` → `phone`, `liar` →
//! `siege` (a sequence on one board), `simulation` (a whole day), `cost` (frames that make work) → `targets` (what the fuzzers call), `bin/record` (what stock Yjs reads).

#![expect(clippy::unwrap_used, reason = "all of this is a test: what is not as it must be is a panic")]

pub mod chance;
pub mod cost;
pub mod forge;
pub mod liar;
pub mod mutate;
pub mod phone;
pub mod room;
pub mod siege;
pub mod simulation;
pub mod targets;

pub use chance::Chance;

/// Does something, and says how long it took: a figure to print, never to assert.
#[expect(clippy::disallowed_methods, reason = "a test may look at the clock")]
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, std::time::Duration) {
    let start = std::time::Instant::now();
    let result = work();
    (result, start.elapsed())
}
