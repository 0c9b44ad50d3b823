//! Writes what a room fans out, and what it shows, as JSON lines: `record FRAMES SEED`. Stock Yjs reads it
//! (`tests/differential`).
//!
//! `{"board"}` begins a board, `{"update"}` is one frame as it was fanned out, `{"texts"}` is what the server shows
//! after it, `{"snapshot"}` ends the board: what a fresh document is loaded from.

#![expect(clippy::unwrap_used, reason = "all of this is a test: what is not as it must be is a panic")]

use std::io::{BufWriter, Write, stdout};

use attack::Chance;
use attack::room::texts;
use attack::siege::Siege;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

/// Steps of one board between two lines of texts, and how many of these a board has.
const STEPS: usize = 24;
const PARTS: usize = 12;

fn main() {
    let arguments: Vec<u64> = std::env::args().skip(1).map(|argument| argument.parse().unwrap()).collect();
    let [frames, seed] = arguments[..] else { panic!("record FRAMES SEED") };
    let mut out = BufWriter::new(stdout().lock());
    let (mut written, mut number, mut taken) = (0, 0, 0);
    while written < frames {
        writeln!(out, "{}", json!({ "board": seed + number })).unwrap();
        let mut siege = Siege::new(Chance::seeded(seed + number));
        for _ in 0..PARTS {
            siege.run(STEPS);
            for update in siege.fanned_out() {
                written += 1;
                writeln!(out, "{}", json!({ "update": STANDARD.encode(update) })).unwrap();
            }
            let board = siege.room.board();
            writeln!(out, "{}", json!({ "texts": texts(&board) })).unwrap();
        }
        taken += siege.figures().hostile.1;
        let snapshot = STANDARD.encode(siege.room.snapshot());
        writeln!(out, "{}", json!({ "snapshot": snapshot })).unwrap();
        number += 1;
    }
    let end = json!({ "frames": written, "boards": number, "hostile": taken });
    writeln!(out, "{end}").unwrap();
    out.flush().unwrap();
}
