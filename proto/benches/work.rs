//! What a step of the gate's meter costs (rule G7): `cargo bench -p plenum-proto --bench work`.
//!
//! Worst-case frames on worst-case texts, each with its steps, the time of the gate and the time of yrs side by side, and
//! how long a load of the board takes afterwards. Prints; compares nothing.

mod board;

use std::time::Duration;

use board::{Board, Cost, Struct, dead, interleave, show, timed, unbounded, update};
use proto::gate::{GateLimits, Refusal};
use proto::ids::IdeaId;
use uuid::Uuid;
use yrs::{Map, TextPrelim, Transact, WriteTxn};

/// Finding 1: 17,800 runs in turn, then siblings behind the first letter.
fn finding_one() {
    let (open, limits) = (unbounded(), GateLimits::default());
    let mut board = Board::new(1, "x");
    let first = board.ends[0];
    show(
        "17,800 runs by two: the dearest of the frames",
        &interleave(&mut board, 0, [1_001, 2_000_001], 17_800, &open),
    );
    board.load("  its load");
    let mut client = 4_000_000_000;
    for count in [60, 250, 2_000] {
        let frame = update(&[(client, 0, vec![dead(first, None); count])], &[]);
        show(&format!("{count} siblings behind its first letter"), &board.send(frame, &limits));
        client += 1;
    }
    let frame = update(&[(client, 0, vec![dead(first, None); 60])], &[]);
    show("60 of them, with no bound", &board.send(frame, &open));
    board.load("  its load");
}

fn many_texts(texts: usize, runs: u32) {
    let open = unbounded();
    let mut board = Board::new(texts as u128, "x");
    let mut worst: Option<Cost> = None;
    for text in 0..texts {
        let clients = [1_000 + 2 * text as u64, 900_000_000 - text as u64];
        let cost = interleave(&mut board, text, clients, runs, &open);
        if worst.as_ref().is_none_or(|worst| worst.gate + worst.yrs < cost.gate + cost.yrs) {
            worst = Some(cost);
        }
    }
    if let Some(worst) = worst {
        show(&format!("{texts} texts of {runs} runs: the dearest frame"), &worst);
    }
    board.load("  its load");
}

/// Cheap now, dear at a load: siblings of ever smaller client ids, 30 in a frame, until the limits say no.
fn contested(limits: &GateLimits, texts: u128) {
    let mut board = Board::new(texts, "x");
    let ends = board.ends.clone();
    let mut sum = (0u64, Duration::ZERO, 0u32);
    'all: for end in ends {
        for client in (1..250u64).rev() {
            let frame = update(&[(client * 1_000_000 + u64::from(end.1), 0, vec![dead(end, None); 30])], &[]);
            let cost = board.send(frame, limits);
            if let Err(refusal) = cost.came {
                println!("  siblings of smaller ids: {refusal} after {} frames", sum.2);
                if refusal == Refusal::DocumentFragmented {
                    break 'all;
                }
                break;
            }
            sum = (sum.0 + cost.steps, sum.1 + cost.gate + cost.yrs, sum.2 + 1);
        }
    }
    println!("  {} frames cost {} steps and {:.1} ms", sum.2, sum.0, sum.1.as_secs_f64() * 1e3);
    board.load(&format!("siblings in {texts} texts: the load"));
}

/// Cuts into what stands at the front of the array of a client id with very many blocks.
fn cuts(limits: &GateLimits, lane: u32) {
    let open = unbounded();
    let words = "x".repeat(900);
    let mut board = Board::new(40, &words);
    let writer = 77;
    let end = board.ends[0];
    // 900 letters that follow each other: one block.
    let mut letters = vec![Struct { left: Some(end), right: None, letter: true }];
    letters.extend((0..80).map(|at| Struct { left: Some((writer, at)), right: None, letter: true }));
    show("81 letters", &board.send(update(&[(writer, 0, letters)], &[]), &open));
    let mut clock = 81;
    while clock < lane {
        let text = board.ends[1 + (clock as usize / 2_000) % 39];
        let structs = vec![dead(text, None); 2_000];
        board.send(update(&[(writer, clock, structs)], &[]), &open);
        clock += 2_000;
    }
    for count in [20u32, 80] {
        let client = 5_000 + u64::from(count);
        let structs = (0..count).map(|at| dead((writer, at), Some((writer, at + 1)))).collect();
        show(
            &format!("{count} cuts at the front of {lane} blocks"),
            &board.send(update(&[(client, 0, structs)], &[]), &open),
        );
    }
    // Letters and deletions in turn: when the letters go, all of it becomes one block, piece by piece.
    let mut board = Board::new(40, "x");
    let writer = 78;
    let mut last = board.ends[1];
    let structs = (0..1_900u32).map(|at| {
        let item = Struct { left: Some(last), right: None, letter: at % 2 == 0 };
        last = (writer, at);
        item
    });
    let structs = structs.collect();
    show("letters and deletions in turn", &board.send(update(&[(writer, 0, structs)], &[]), &open));
    let mut clock = 1_900;
    while clock < lane {
        let structs = vec![dead(board.ends[2 + (clock as usize / 2_000) % 38], None); 2_000];
        board.send(update(&[(writer, clock, structs)], &[]), &open);
        clock += 2_000;
    }
    show("one range over 1,000 of them", &board.send(update(&[], &[(writer, vec![(0, 1_900)])]), limits));
    show("one range over 50 of them", &board.send(update(&[], &[(writer, vec![(0, 100)])]), &open));
    show("one range over the rest", &board.send(update(&[], &[(writer, vec![(100, 1_800)])]), &open));
}

/// The server replaces a text.
fn replaced(runs: u32) {
    let mut board = Board::new(2, "x");
    interleave(&mut board, 0, [1_001, 2_000_001], runs, &unbounded());
    let (update, yrs) = timed(|| {
        let mut txn = board.doc.transact_mut();
        let ideas = txn.get_or_insert_map("ideas");
        if let Some(yrs::Out::YMap(map)) = ideas.get(&txn, &IdeaId(Uuid::from_u128(0)).to_string()) {
            map.insert(&mut txn, "text", TextPrelim::new("x"));
        }
        txn.commit();
        txn.encode_update_v1()
    });
    let (_, gate) = timed(|| board.index.learn(&update).is_ok());
    let (gate, yrs) = (gate.as_secs_f64() * 1e3, yrs.as_secs_f64() * 1e3);
    println!("a text of {runs} runs is replaced: {} bytes, gate {gate:.1} ms, yrs {yrs:.1} ms", update.len());
    board.load("  its load");
}

fn main() {
    let limits = GateLimits::default();
    finding_one();
    many_texts(50, 4_000);
    many_texts(50, 8_000);
    contested(&limits, 1);
    contested(&limits, 50);
    cuts(&limits, 30_000);
    replaced(7_400);
    replaced(17_800);
}
