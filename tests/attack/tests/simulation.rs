//! Simulated days: a thousand seeds here, more with `SIMULATION_SEEDS=100000`, and every seed that ever failed.

use std::env;
use std::num::NonZero;
use std::thread;

use attack::simulation::{Day, Happened, run};

/// Seeds whose days failed once, with what they found.
const FOUND: &[(u64, &str)] = &[
    (
        988,
        "the words of an idea that was hidden and then erased stayed in their row when the server died between",
    ),
    (
        1_081,
        "a command that was sent twice in one turn was answered with the place of the last event of the turn",
    ),
];

#[test]
fn i4_i5_i7_seeds_that_failed_once_pass() {
    for (seed, why) in FOUND {
        if let Err(failed) = run(*seed, Day::SHORT) {
            panic!("{why}\n{failed}");
        }
    }
}

#[test]
fn i4_a_server_that_answers_before_anything_is_durable_is_noticed() {
    let noticed =
        (1..=40).filter(|seed| run(*seed, Day { answers_early: true, ..Day::SHORT }).is_err()).count();
    assert!(noticed >= 3, "{noticed} of 100 days");
}

#[test]
fn i4_i5_i7_whatever_happens_in_a_day_its_promises_are_kept() {
    let seeds: u64 = env::var("SIMULATION_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(1_000);
    let first: u64 = env::var("SIMULATION_FIRST").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let threads = thread::available_parallelism().map_or(1, NonZero::get) as u64;
    let happened = thread::scope(|scope| {
        let part = move |thread: u64| (first..first + seeds).filter(move |seed| seed % threads == thread);
        let day = |seed: u64| run(seed, Day::SHORT).unwrap_or_else(|why| panic!("{why}"));
        let days = (0..threads).map(|thread| {
            scope.spawn(move || part(thread).map(day).fold(Happened::default(), Happened::and))
        });
        let days: Vec<_> = days.collect();
        let ended =
            days.into_iter().map(|day| day.join().unwrap_or_else(|why| std::panic::resume_unwind(why)));
        ended.fold(Happened::default(), Happened::and)
    });
    println!("{seeds} days: {happened:?}");
    let days = usize::try_from(seeds).unwrap_or(usize::MAX);
    // Days in which nothing happens show nothing.
    assert!(happened.steps >= days * 100 && happened.answered >= days * 10, "{happened:?}");
    assert!(happened.recorded >= days && happened.deaths >= days / 2, "{happened:?}");
    assert!(happened.erased >= days / 20 && happened.votes >= days / 4, "{happened:?}");
    assert!(happened.runs >= days / 20, "{happened:?}");
}
