//! The dearest board that the limits allow, loaded as the server loads it: `cargo bench -p plenum-proto --bench load`.
//!
//! 10,000 ideas with their facts, parts and comparisons at their limits, and records since the last snapshot at theirs,
//! all in one document. Prints; compares nothing.

mod board;

use std::time::Duration;

use board::{Board, dead, document, interleave, take_in, timed, unbounded, update};
use proto::gate::{GateLimits, Refusal, TextIndex};

/// A board with everything that the limits allow at once: 10,000 ideas of 600 Chinese letters with their facts, tallies
/// that were counted often, comparisons to the limit, parts to the limit, and records since the last snapshot to both of
/// their limits. Gives what the load must repeat: the snapshot and the records.
fn everything(limits: &GateLimits) -> (Board, Vec<Vec<u8>>) {
    let mut board = Board::full(10_000, &"漢".repeat(600), 10);
    let ends = board.ends.clone();
    'contested: for end in &ends {
        for client in (1..250u64).rev() {
            let frame =
                update(&[(client * 1_000_000 + u64::from(end.1), 0, vec![dead(*end, None); 30])], &[]);
            match board.send(frame, limits).came {
                Ok(()) => {}
                Err(Refusal::DocumentFragmented) => break 'contested,
                Err(_) => break,
            }
        }
    }
    for text in (0..ends.len()).rev() {
        let left = limits.work.document_parts_max.saturating_sub(board.index.work().parts + 20_000);
        if left < 100 {
            break;
        }
        let clients = [1_000 + 2 * text as u64, 900_000_000 - text as u64];
        interleave(&mut board, text, clients, left.min(7_000) as u32, &unbounded());
    }
    let snapshot = board.snapshot();
    let mut records = vec![snapshot];
    let mut spent = 0;
    let mut at = 0u32;
    // Some frames that are as dear as any, and so many small ones that a snapshot is due.
    while spent < limits.work.replayed_steps_max && records.len() < 1_001 {
        let end = ends[ends.len() / 2 + at as usize];
        let count = if at < 10 { 1_000 } else { 1 };
        let frame = update(&[(700_000_000 + u64::from(at), 0, vec![dead(end, None); count])], &[]);
        at += 1;
        let cost = board.send(frame.clone(), limits);
        if cost.came.is_ok() {
            spent += cost.steps;
            records.push(frame);
        }
        if at > 3_000 {
            break;
        }
    }
    println!("{} records, {spent} steps since the snapshot", records.len() - 1);
    (board, records)
}

/// Loads a document as the server does, some times; prints the shortest.
fn loaded(what: &str, records: &[Vec<u8>]) {
    let mut best: Option<[Duration; 4]> = None;
    for _ in 0..ROUNDS {
        let doc = document();
        let mut index = TextIndex::default();
        let mut times = [Duration::ZERO; 4];
        for (at, record) in records.iter().enumerate() {
            let place = 2 * at.min(1);
            times[place] += timed(|| take_in(&doc, record)).1;
            times[place + 1] += timed(|| index.learn(record).is_ok()).1;
        }
        if best.is_none_or(|best| times.iter().sum::<Duration>() < best.iter().sum()) {
            best = Some(times);
        }
    }
    let times = best.unwrap_or_default();
    let ms = times.map(|time| time.as_secs_f64() * 1e3);
    println!(
        "{what}: {:.0} ms (snapshot of {} KiB: yrs {:.0}, gate {:.0}; {} records: yrs {:.0}, gate {:.0})",
        ms.iter().sum::<f64>(),
        records[0].len() / 1024,
        ms[0],
        ms[1],
        records.len() - 1,
        ms[2],
        ms[3]
    );
}

const ROUNDS: usize = 5;

fn main() {
    let words = "漢".repeat(600);
    for (ideas, tallies) in [(10_000, 0), (10_000, 1), (10_000, 10)] {
        let board = Board::full(ideas, &words, tallies);
        loaded(&format!("{ideas} ideas, each counted {tallies} times"), &[board.snapshot()]);
    }
    let (board, records) = everything(&GateLimits::default());
    loaded("the same with parts and comparisons at their limits", &[board.snapshot()]);
    loaded("the same with records to the next snapshot", &records);
}
