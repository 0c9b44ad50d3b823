//! Golden refusals: one frame per rule of the gate that is refused, as bytes, on the board of `golden/refused/board.hex`.
//!
//! `PLENUM_WRITE=1 cargo test -p plenum-proto g1_golden` writes them; `tests/harness/golden.test.mjs` reads them with Yjs, to which
//! each frame but that of G1 is a good update: it is the rule that refuses it. (G7 refuses by the work of large frames: `cost.rs`.)

use yrs::{ReadTxn, StateVector, Text, Transact, WriteTxn};

use super::super::Refusal;
use super::board::{SERVER, document};
use super::forge::{Forged, behind, characters, update};
use super::rules::{board, first};

type Refused = (&'static str, u32, Vec<Vec<u8>>, Vec<u8>, Refusal);

/// Rule, seat, frames before it (of seat 1), the frame, why it is refused.
fn refused() -> Vec<Refused> {
    let board = board();
    let (one, two) = (first(&board, 0), first(&board, 1));
    let a = update(&[(5, 0, vec![behind(one, "a")])], &[]);
    let mut trailing = a.clone();
    trailing.push(0);
    let embed = document(5);
    let text = embed.transact_mut().get_or_insert_text("text");
    text.insert_embed(&mut embed.transact_mut(), 0, "picture");
    let embed = embed.transact().encode_state_as_update_v1(&StateVector::default());
    let two_texts =
        Forged::Item { left: Some(one), right: Some(two), parent: None, content: characters("a") };
    let long = "x".repeat(board.limits.board_text_units_max as usize);
    vec![
        ("g1", 1, vec![], trailing, Refusal::Trailing),
        ("g2", 2, vec![a], update(&[(5, 1, vec![behind(one, "b")])], &[]), Refusal::ForeignClient),
        ("g3", 1, vec![], embed, Refusal::Content),
        ("g4", 1, vec![], update(&[(5, 0, vec![two_texts])], &[]), Refusal::TwoTexts),
        ("g5", 1, vec![], update(&[], &[(SERVER, vec![(0, 1)])]), Refusal::DeletesNoText),
        ("g6", 1, vec![], update(&[(5, 0, vec![behind(one, &long)])], &[]), Refusal::TextTooLong),
        (
            "g8",
            1,
            vec![],
            update(&[(5, 0, vec![behind(one, "a\u{202e}")])], &[]),
            Refusal::Letters('\u{202e}'),
        ),
    ]
}

fn holds(name: &str, now: &str) {
    let path = format!("{}/golden/refused/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("PLENUM_WRITE").is_some() {
        std::fs::write(&path, now).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), now, "{path}");
}

#[test]
fn g1_golden_refusals_of_each_rule_are_these_bytes() {
    let state = board().doc.transact().encode_state_as_update_v1(&StateVector::default());
    holds("board.hex", &format!("{}\n", hex::encode(state)));
    for (rule, seat, before, frame, why) in refused() {
        let mut board = board();
        for earlier in &before {
            board.receive(1, earlier).unwrap();
        }
        assert_eq!(board.receive(seat, &frame), Err(why), "{rule}");
        board.check();
        let before: Vec<String> = before.iter().map(hex::encode).collect();
        let says = serde_json::json!({ "rule": rule.to_uppercase(), "seat": seat, "before": before, "refusal": why.to_string() });
        holds(&format!("{rule}.hex"), &format!("{}\n", hex::encode(&frame)));
        holds(&format!("{rule}.json"), &format!("{says:#}\n"));
    }
}
