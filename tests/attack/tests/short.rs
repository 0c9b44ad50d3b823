//! Every target for a short while, by seeds; `ATTACK_FRAMES` makes it long.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use std::time::Duration;

use attack::Chance;
use attack::liar::forged_update;
use attack::mutate::mutate;
use attack::phone::{document, edit};
use attack::siege::{Figures, Siege};
use attack::targets::TARGETS;
use attack::timed;
use yrs::updates::decoder::Decode;
use yrs::{ReadTxn, StateVector, Transact, Update};

/// Frames for the readers; sequences send a fifth of it.
const FRAMES: usize = 200_000;

/// Steps of one board.
const STEPS: usize = 240;

fn frames() -> usize {
    std::env::var("ATTACK_FRAMES").map_or(FRAMES, |frames| frames.parse().unwrap())
}

/// Structured bytes for a target: what an honest or a lying phone would send there.
fn seed_of(target: &str, chance: &mut Chance<'_>) -> Vec<u8> {
    let room = attack::room::LiveRoom::new(&["one 😀", "two", ""]);
    let board = document(1);
    board.transact_mut().apply_update(Update::decode_v1(&room.snapshot()).unwrap()).unwrap();
    edit(&board, chance);
    let txn = board.transact();
    let bytes = match target {
        "update" if chance.percent(30) => txn.encode_state_as_update_v1(&StateVector::default()),
        "state_vector" => {
            use yrs::updates::encoder::Encode;
            txn.state_vector().encode_v1()
        }
        "awareness" => b"\x02\x07\x01\x0d{\"idea\":null}\x08\x02\x04null".to_vec(),
        "command" => COMMANDS[chance.below(COMMANDS.len())].as_bytes().to_vec(),
        _ => Vec::new(),
    };
    drop(txn);
    let bytes = if bytes.is_empty() { forged_update(&board, chance) } else { bytes };
    match target {
        "hocuspocus" => attack::forge::message("board/x\0s", attack::forge::kind::UPDATE, &bytes).to_vec(),
        "y_websocket" => attack::forge::message("", attack::forge::kind::UPDATE, &bytes)[1..].to_vec(),
        _ => bytes,
    }
}

const COMMANDS: [&str; 4] = [
    r#"{"id":"6a5f2ddc-5b3c-4f6b-9f5e-0d3f5c8f1f00","do":"approve","idea":"6a5f2ddc-5b3c-4f6b-9f5e-0d3f5c8f1f01","on":true,"n":3}"#,
    r#"{"id":"6a5f2ddc-5b3c-4f6b-9f5e-0d3f5c8f1f00","do":"phase","phase":"vote","minutes":5}"#,
    r#"{"id":"6a5f2ddc-5b3c-4f6b-9f5e-0d3f5c8f1f00","do":"merge"}"#,
    r#"{"id":"6a5f2ddc-5b3c-4f6b-9f5e-0d3f5c8f1f00","do":"join","code":"ABCDEF"}"#,
];

#[test]
fn no_reader_panics_at_mutated_and_structured_frames() {
    let mut longest = Duration::ZERO;
    for (number, (name, target)) in
        TARGETS.iter().filter(|(name, _)| !["sequence", "cost"].contains(name)).enumerate()
    {
        let mut chance = Chance::seeded(number as u64);
        let mut seed = Vec::new();
        for frame in 0..frames() / 6 {
            if frame % 50 == 0 {
                seed = seed_of(name, &mut chance);
            }
            let mut bytes = seed.clone();
            let times = chance.below(5);
            mutate(&mut bytes, times, &mut chance);
            longest = longest.max(timed(|| target(&bytes)).1);
        }
    }
    println!("{} frames, the longest took {longest:?}", frames());
}

#[test]
fn g7_no_attack_on_cost_passes_the_budget_of_a_frame_or_the_bound_of_a_load() {
    let attacks = frames() / 200;
    let (mut taken, mut frame, mut share) = (0, 0, 0);
    for seed in 0..attacks {
        let came = attack::cost::attack(Chance::seeded(seed as u64));
        taken += came.taken;
        frame = frame.max(came.frame);
        share = share.max(came.load * 100 / came.bound);
    }
    println!(
        "{attacks} boards, {taken} frames taken, the dearest {frame} steps, loads up to {share} % of their bounds"
    );
    assert!(taken > attacks * 5, "too few frames pass for this to say something: {taken}");
    assert!(share > 30, "no load comes near its bound: {share} %");
}

#[test]
fn a_board_under_siege_stays_whole() {
    let mut sum = Figures::default();
    let mut seed = 0;
    while sum.hostile.0 + sum.honest.0 < frames() / 5 {
        let came = Siege::new(Chance::seeded(seed)).run(STEPS);
        seed += 1;
        sum.hostile = (sum.hostile.0 + came.hostile.0, sum.hostile.1 + came.hostile.1);
        sum.honest = (sum.honest.0 + came.honest.0, sum.honest.1 + came.honest.1);
        sum.checks += came.checks;
        sum.longest = sum.longest.max(came.longest);
        sum.fanned_out += came.fanned_out;
    }
    println!("{seed} boards: {sum:?}");
    assert!(
        sum.hostile.1 * 20 > sum.hostile.0,
        "too few hostile frames pass for this to say something: {sum:?}"
    );
    assert!(sum.hostile.1 * 10 < sum.hostile.0 * 9, "too few hostile frames are refused: {sum:?}");
}
