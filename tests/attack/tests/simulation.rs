//! Simulated days: a thousand seeds here, more with `SIMULATION_SEEDS=100000`, and every plan in `plans/`.

use std::env;
use std::fs;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use attack::simulation::{Day, Happened, Plan, plan_of, remains, run, run_plan};

#[test]
fn i4_i5_i7_plans_that_failed_once_pass() {
    let plans = Plan::saved();
    assert!(!plans.is_empty(), "there are no plans");
    for (name, plan) in plans {
        if let Err(why) = run_plan(&plan, Day::SHORT) {
            panic!("{name} found once: {}\nand now: {why}", plan.found);
        }
    }
}

#[test]
fn i4_a_server_that_answers_before_anything_is_durable_is_noticed() {
    let day = Day { answers_early: true, ..Day::SHORT };
    let found = (1..=40).find_map(|seed| run(seed, day).err()).expect("forty days notice nothing");
    // Its plan is printed and saved; without the defect the same plan passes, so it could be kept as a test.
    let place = found.split("is saved as ").nth(1).and_then(|rest| rest.split(';').next()).unwrap();
    let plan = Plan::from_json(&fs::read_to_string(place).unwrap());
    assert!(found.contains(&plan.to_json()), "the plan that is printed is the one that is saved");
    run_plan(&plan, day).expect_err("the shortened plan finds the defect");
    run_plan(&plan, Day::SHORT).expect("without the defect it passes");
}

#[test]
fn i12_a_plan_that_runs_twice_leaves_the_same_bytes() {
    let chosen = (1..=12).map(|seed| (format!("seed {seed}"), plan_of(seed, Day::SHORT).unwrap()));
    for (name, plan) in Plan::saved().into_iter().chain(chosen) {
        let plan = Plan { purge: false, ..plan };
        let (one, other) = (remains(&plan).unwrap(), remains(&plan).unwrap());
        for (one, other) in one.iter().zip(&other) {
            assert_eq!(one, other, "{name}");
        }
        assert_eq!(one.len(), other.len(), "{name}");
    }
}

#[test]
fn i4_i5_i7_whatever_happens_in_a_day_its_promises_are_kept() {
    let seeds: u64 = env::var("SIMULATION_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(1_000);
    let first: u64 = env::var("SIMULATION_FIRST").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let threads = thread::available_parallelism().map_or(1, NonZero::get) as u64;
    let failed = AtomicBool::new(false);
    let happened = thread::scope(|scope| {
        let failed = &failed;
        let part = move |thread: u64| (first..first + seeds).filter(move |seed| seed % threads == thread);
        let day = |seed: u64| {
            run(seed, Day::SHORT).unwrap_or_else(|why| {
                println!("{why}");
                failed.store(true, Ordering::Relaxed);
                Happened::default()
            })
        };
        let days = (0..threads).map(|thread| {
            scope.spawn(move || part(thread).map(day).fold(Happened::default(), Happened::and))
        });
        let days: Vec<_> = days.collect();
        days.into_iter().map(|day| day.join().unwrap()).fold(Happened::default(), Happened::and)
    });
    println!("{seeds} days: {happened:?}");
    assert!(!failed.load(Ordering::Relaxed), "a day fails: its plan is above");
    let days = usize::try_from(seeds).unwrap_or(usize::MAX);
    // Days in which nothing happens show nothing.
    assert!(happened.steps >= days * 200 && happened.answered >= days * 10, "{happened:?}");
    assert!(happened.recorded >= days && happened.deaths >= days / 2, "{happened:?}");
    assert!(happened.erased >= days / 20 && happened.votes >= days / 4, "{happened:?}");
    assert!(happened.runs >= days / 20, "{happened:?}");
    assert!(happened.plenary_votes >= days / 20 && happened.responses >= days / 20, "{happened:?}");
}
