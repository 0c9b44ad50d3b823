//! The dearest board that the limits allow, loaded as the server loads it: `cargo bench -p plenum-proto --bench load`.
//!
//! What it consists of is in `board/dearest.rs`; `tests/dearest.rs` bounds its steps. Beside each time stands how often a fixed
//! piece of work (SHA-256 of 16 MiB) fits into it, because a machine that does something else is slower at both. Prints; compares
//! nothing.

mod board;

use std::time::Duration;

use board::dearest::{Load, dearest, full_board, load};
use board::timed;
use proto::gate::GateLimits;
use sha2::{Digest, Sha256};

const ROUNDS: usize = 7;

/// Loads a document as the server does, some times, with the fixed piece of work before each; prints the shortest of both.
fn loaded(what: &str, records: &[Vec<u8>]) {
    let bytes = vec![7u8; 16 << 20];
    let mut best: Option<Load> = None;
    let mut reference = Duration::MAX;
    for _ in 0..ROUNDS {
        reference = reference.min(timed(|| Sha256::digest(&bytes)).1);
        let load = load(records).0;
        if best.is_none_or(|best| load.whole < best.whole) {
            best = Some(load);
        }
    }
    let Some(Load { whole, yrs, gate, since, steps }) = best else { return };
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let work = ms(yrs) + ms(gate) + ms(since);
    println!(
        "{what}: {:.0} ms, {:.1} × the fixed work; {work:.0} ms of work, {steps} steps, {:.0} ns each\n    \
         snapshot of {} KiB: yrs {:.0} ms, gate {:.0} ms beside it; {} records since: {:.0} ms",
        ms(whole),
        ms(whole) / ms(reference),
        work * 1e6 / steps.max(1) as f64,
        records.first().map_or(0, Vec::len) / 1024,
        ms(yrs),
        ms(gate),
        records.len() - 1,
        ms(since),
    );
}

fn main() {
    for (name, letter) in [("Latin", "x"), ("Arabic", "ن"), ("Chinese", "漢")] {
        loaded(&format!("a full board in {name}, each idea counted once"), &[full_board(letter).snapshot()]);
    }
    let (board, records) = dearest(&GateLimits::default());
    let work = board.index.work();
    println!(
        "the dearest: {} parts, {} replaced values, {} comparisons, {} collected",
        work.parts,
        work.replaced,
        work.load_steps,
        board.index.collected_parts()
    );
    loaded("the dearest without what came since", &[board.snapshot()]);
    loaded("the dearest", &records);
}
