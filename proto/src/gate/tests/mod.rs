//! The gate as a whole: the vectors that broke yrs, each rule, honest sessions, hostile frames.

use proptest::test_runner::Config;

pub(super) mod board;
mod bounds;
mod cost;
mod forge;
mod golden;
mod hostile;
mod kept_state;
mod list;
mod order;
mod phone;
mod rules;
mod sequence;
mod sessions;
mod trusted;
mod update_parts;
mod vectors;

/// So many cases of a property, or as many as `PROPTEST_CASES` says: a night is longer than a change.
fn cases(usual: u32) -> Config {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let config = if asked { Config::default() } else { Config::with_cases(usual) };
    // With the gate off everything fails, and nothing of it is worth keeping.
    if cfg!(feature = "gate-off") { Config { failure_persistence: None, ..config } } else { config }
}
