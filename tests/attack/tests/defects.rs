//! Every seeded defect of the parts that are simulated is found within a thousand seeds; prints which seed finds which.
//!
//! `cargo test -p plenum-attack --features seeded-defects --test defects -- --nocapture`; a defect's name after the first `--`
//! is its test. What a defect leaves behind is a plan in `target/plans`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, thread};

use attack::simulation::{Day, Plan, run, run_plan};
use server::seeded_defects::{SIMULATED, with};

/// A saved plan has the name of the defect that it found.
#[test]
fn i4_i5_i7_a_saved_plan_finds_the_defect_that_it_is_named_after() {
    let (plans, mut found) = (Plan::saved(), 0);
    for (name, _) in SIMULATED {
        let Some(plan) = plans.get(*name) else { continue };
        assert!(with(name, || run_plan(plan, Day::SHORT)).is_err(), "the plan {name} finds nothing");
        found += 1;
    }
    assert!(found >= 10, "{found} plans");
}

/// The first seed that finds a defect, and what it says.
fn first_seed(defect: &'static str) -> Option<(u64, String)> {
    (1..=1_000).find_map(|seed| Some((seed, with(defect, || run(seed, Day::SHORT)).err()?)))
}

#[test]
fn i4_i5_i7_every_seeded_defect_is_found_within_a_thousand_seeds() {
    let only = env::var("PLENUM_SEED_DEFECT").ok();
    let meant: Vec<_> =
        SIMULATED.iter().filter(|(name, _)| only.as_ref().is_none_or(|only| only == name)).collect();
    let (next, missed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((name, what)) = meant.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match first_seed(name) {
                        Some((seed, why)) => {
                            let found = why.lines().next().unwrap_or_default();
                            println!("| {name} | {what} | {seed} | {found} |");
                            if only.is_some() {
                                println!("{why}");
                            }
                        }
                        None => missed.lock().unwrap().push(*name),
                    }
                }
            });
        }
    });
    let missed = missed.into_inner().unwrap();
    assert!(missed.is_empty(), "not found within a thousand seeds: {missed:?}");
}
