//! What a load of the dearest document that the limits allow may cost, in counted steps (rules G7, B7).
//!
//! `cargo bench -p plenum-proto --bench load` prints how long the same load takes.

#[path = "../benches/board/mod.rs"]
mod board;

use board::dearest::{IDEAS, dearest, full_board, load};
use proto::gate::{GateLimits, TextIndex};

/// Steps of any load: 300 ms at the 38 ns that a step of a load takes, gate and yrs together.
const STEPS_OF_A_LOAD: u64 = 7_900_000;

#[test]
fn g7_the_dearest_document_that_the_limits_allow_is_loaded_within_its_steps() {
    let limits = GateLimits::default();
    let (board, records) = dearest(&limits);
    let work = board.index.work();
    // Each of them is where the server would do something about it, so nothing is dearer.
    let near = |is: u64, most: u64| assert!(is <= most && is >= most / 100 * 85, "{is} of {most}");
    near(work.parts, limits.work.document_parts_max);
    near(work.replaced, limits.work.replaced_values_max);
    near(work.load_steps, limits.work.load_steps_max);
    near(board.index.collected_parts(), limits.work.collected_parts_max);
    let mut index = TextIndex::default();
    let mut tail = 0;
    for (at, record) in records.iter().enumerate() {
        index.learn(record).unwrap();
        tail += if at > 0 { index.steps_spent() } else { 0 };
    }
    assert!(tail >= limits.work.replayed_steps_max / 2, "{tail} steps since the snapshot");
    let steps = load(&records).0.steps;
    assert!(steps <= STEPS_OF_A_LOAD, "{steps} steps");
    assert!(steps >= STEPS_OF_A_LOAD / 2, "the bound is not far above what there is: {steps}");
}

#[test]
fn b7_ten_thousand_ideas_with_their_tallies_fit_in_every_script_with_room_to_write() {
    for letter in ["x", "ن", "漢"] {
        let mut board = full_board(letter);
        let limits = GateLimits::default();
        assert_eq!(board.ends.len() as u128, IDEAS);
        let work = board.index.work();
        assert_eq!(board.index.visible_units(), 6_000_000);
        assert_eq!(work.replaced as u128, IDEAS, "each was counted");
        assert!(!limits.is_heavy(work) && !limits.is_worn_out(work, board.index.pages()));
        // Two people write behind each idea, one after the other.
        for page in [7, 8] {
            for (at, end) in board.ends.clone().into_iter().enumerate() {
                let words = board::Struct { left: Some(end), right: None, letter: true };
                let frame = board::update(&[(page, at as u32, vec![words])], &[]);
                board.send(frame, &limits).came.unwrap();
            }
        }
        let work = board.index.work();
        assert!(!limits.is_heavy(work) && !limits.is_worn_out(work, board.index.pages()), "{work:?}");
    }
}
