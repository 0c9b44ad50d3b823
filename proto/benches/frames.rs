//! Looks for the dearest frame that is no update: `cargo bench -p plenum-proto --bench frames -- [FRAMES]`.
//!
//! Presence, state vectors with their answer, commands, tokens: random shapes up to the size that a message may have; a shape that
//! took long is varied further, as a hill is climbed, as in `worst`. Prints the dearest of each kind; compares nothing.

mod board;

use std::hint::black_box;
use std::time::Duration;

use board::chance::Chance;
use board::dearest::{dearest, full_board};
use board::{Anybody, Board, SERVER, Struct, timed, unbounded, update};
use bytes::Bytes;
use proto::gate::{AwarenessUpdate, Deletions, GateLimits, KeptState, StateVector, UpdateParts};
use proto::ids::ClientId;
use proto::wire::stateless::ClientMessage;
use sha2::{Digest, Sha256};
use yrs::{Map, Out, ReadTxn, Transact, WriteTxn};

/// Bytes of one message, as the server has it (`Limits::message_bytes_max`).
const MESSAGE: usize = 256 * 1024;
/// The bounds of an answer, as the server has them (`DeliveryLimits`), in bytes.
const PART: usize = 32 * 1024;
const PIECE: usize = 96 * 1024;
const DIFFERENCE: usize = 96 * 1024;
/// How often a frame that looks dear is read again; the shortest time counts.
const AGAIN: usize = 6;

/// A number as it is in a frame.
fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A frame's dimensions, each below a thousand.
type Shape = [u64; 4];

/// JSON of about so many bytes: what is nested, what is many, what is long.
fn json(style: u64, bytes: usize, seed: u64) -> String {
    let many = |piece: &str, apart: &str| vec![piece; bytes / (piece.len() + apart.len()).max(1)].join(apart);
    match style % 8 {
        0 => format!("[{}]", many("0", ",")),
        1 => format!("[{}]", many("{}", ",")),
        2 => format!("[{}]", many("[]", ",")),
        3 => format!("\"{}\"", many("\\u0041", "")),
        4 => format!("\"{}\"", many("é", "")),
        5 => {
            let keys: Vec<String> =
                (0..bytes / 12).map(|at| format!("\"{:x}\":1", at as u64 ^ seed << 20)).collect();
            format!("{{{}}}", keys.join(","))
        }
        6 => format!("[{}]", many("1.2345678901234567e-300", ",")),
        _ => format!("{}{}", "[".repeat(100), "]".repeat(100)),
    }
}

const ACTIONS: [&str; 6] = ["share", "order", "amend", "make-cards", "minutes", "nothing"];

/// What somebody misses, as yrs encodes it.
fn encoded(board: &Board, theirs: &StateVector) -> Bytes {
    let mut known = yrs::StateVector::default();
    for (client, clock) in theirs.entries() {
        known.set_max(yrs::ClientID::new(client.0), *clock);
    }
    Bytes::from(board.doc.transact().encode_diff_v1(&known))
}

/// Answers as a room does (`server/src/room/document_parts.rs`): a small difference is encoded, everything else comes out of what is kept.
fn answer(board: &Board, kept: &KeptState, theirs: &StateVector) -> usize {
    let (numbers, bytes) = kept.missing(theirs);
    let is_small = bytes <= DIFFERENCE;
    let since = encoded(board, if is_small { theirs } else { kept.state() });
    let gone = if is_small { Ok(Deletions::default()) } else { Deletions::of(&since) };
    let cut = UpdateParts::cut(since, PART).map(|parts| parts.count());
    numbers.len() + usize::from(gone.is_ok()) + cut.unwrap_or_default()
}

/// A frame of a kind, and what reading it takes.
fn taken(kind: usize, shape: Shape, (board, kept): (&Board, &KeptState), chance: &mut Chance) -> Duration {
    let limits = GateLimits::default();
    match kind {
        0 => {
            let entries = 1 + shape[0] % limits.awareness_entries_max as u64;
            let mut frame = Vec::new();
            number(&mut frame, entries);
            for entry in 0..entries {
                number(&mut frame, 1 + entry + chance.below(1 << 20) * 64);
                number(&mut frame, shape[1]);
                let bytes = (limits.awareness_state_bytes_max - 16) * shape[2] as usize / 1_000;
                let state = format!("{{\"a\":{}}}", json(shape[3], bytes, entry));
                number(&mut frame, state.len() as u64);
                frame.extend_from_slice(state.as_bytes());
            }
            timed(|| black_box(AwarenessUpdate::read(&frame, &limits)).is_ok()).1
        }
        1 => {
            let count = shape[0] * limits.state_vector_entries_max as u64 / 1_000;
            let mut frame = Vec::new();
            number(&mut frame, count);
            for entry in 0..count {
                // Ids that are there, or near them, or others.
                let id = [3_000_000 - entry * 7, 3_000_000 - entry * 7 + shape[1] % 3, 1 + entry]
                    [shape[2] as usize % 3];
                number(&mut frame, id);
                number(&mut frame, u64::from(!shape[3].is_multiple_of(2)));
            }
            timed(|| {
                let Ok(state) = StateVector::read(&frame, &limits) else { return 0 };
                let _ = black_box(board.index.check_state_vector(&state, ClientId(SERVER), &Anybody));
                answer(board, kept, &state)
            })
            .1
        }
        2 => {
            let action = ACTIONS[shape[0] as usize % ACTIONS.len()];
            let bytes = MESSAGE * shape[1] as usize / 1_000;
            let field = ["text", "ideas", "value", "id"][shape[2] as usize % 4];
            let value = json(shape[3], bytes, chance.next() % 1_000);
            let frame = format!("{{\"type\":\"command\",\"do\":\"{action}\",\"{field}\":{value}}}");
            timed(|| black_box(ClientMessage::from_json(&frame)).is_ok()).1
        }
        _ => {
            let frame = vec![b'x'; MESSAGE * shape[0] as usize / 1_000];
            timed(|| Sha256::digest(black_box(&frame))).1
        }
    }
}

/// A board that 3,000 pages wrote on.
fn board() -> Board {
    let mut board = Board::new(400, &"x".repeat(200));
    for client in 0..3_000u64 {
        let end = board.ends[client as usize % 400];
        let structs = vec![Struct { left: Some(end), right: None, letter: true }];
        board.send(update(&[(3_000_000 - client * 7, 0, structs)], &[]), &unbounded());
    }
    board
}

/// What a room keeps of a board, and the last piece is as long ago as it may be.
fn kept(board: &Board) -> KeptState {
    let mut kept = KeptState::default();
    let _ = kept.add(Bytes::from(board.snapshot()), PART);
    // What came since: small values, each a struct of its own.
    let mut txn = board.doc.transact_mut();
    let ideas = txn.get_or_insert_map("ideas");
    let all: Vec<Out> = ideas.iter(&txn).map(|(_, value)| value).collect();
    for (at, value) in all.into_iter().take(PIECE / 40).enumerate() {
        if let Out::YMap(map) = value {
            map.insert(&mut txn, "order", at as i64);
        }
    }
    drop(txn);
    kept
}

/// Looks for the dearest frame of a kind.
fn climb(kind: usize, name: &str, board: (&Board, &KeptState), frames: u64) {
    let mut chance = Chance(kind as u64);
    let mut best: (Shape, Duration) = ([0; 4], Duration::ZERO);
    for _ in 0..frames {
        let mut shape = best.0;
        if chance.below(2) == 0 {
            shape = std::array::from_fn(|_| chance.below(1_000));
        } else {
            shape[chance.below(4) as usize] = chance.below(1_000);
        }
        let mut time = taken(kind, shape, board, &mut chance);
        for _ in 0..AGAIN {
            if time <= best.1 {
                break;
            }
            time = time.min(taken(kind, shape, board, &mut chance));
        }
        if time > best.1 {
            best = (shape, time);
        }
    }
    println!("{name}: the dearest of {frames} takes {:.2} ms: {:?}", best.1.as_secs_f64() * 1e3, best.0);
}

fn main() {
    let frames = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(2_000u64);
    let (board, nothing) = (board(), KeptState::default());
    for (kind, name) in
        ["presence", "state vector and its answer", "command", "token"].into_iter().enumerate()
    {
        climb(kind, name, (&board, &nothing), frames);
    }
    for (name, board) in [("fullest", full_board("漢")), ("dearest", dearest(&GateLimits::default()).0)] {
        let kept = kept(&board);
        let bytes = board.snapshot().len();
        println!("the {name} board: {} KiB, {} structs", bytes / 1024, kept.structs());
        let whole = (0..AGAIN).map(|_| timed(|| encoded(&board, &StateVector::default()).len()).1).min();
        println!("all of it encoded: {:.1} ms", whole.unwrap_or_default().as_secs_f64() * 1e3);
        let nobody = StateVector::default();
        let first = (0..AGAIN).map(|_| timed(|| answer(&board, &kept, &nobody)).1).min();
        println!("an answer to who has nothing: {:.2} ms", first.unwrap_or_default().as_secs_f64() * 1e3);
        climb(1, "state vector and its answer", (&board, &kept), frames / 10);
    }
}
