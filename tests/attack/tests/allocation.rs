//! How much memory a frame from outside can make the server ask for: at most 16 times its size and 64 KiB.
//!
//! Counted are all bytes that are allocated from the frame's arrival until the room has refused it or is about to give
//! it to yrs, freed ones included: more than what is ever held at once. A file of its own, because the counting
//! allocator is there for the whole process.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use attack::Chance;
use attack::forge::{kind, message};
use attack::liar::forged_update;
use attack::mutate::mutate;
use attack::phone::{document, edit};
use attack::room::LiveRoom;
use bytes::Bytes;
use proto::gate::{Bindings, GateLimits, TextEdit, TextIndex};
use proto::ids::ClientId;
use proto::wire::frame::read_hocuspocus;
use server::config::Limits;
use server::socket::said;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Doc, ReadTxn, StateVector, Text, Transact, Update};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

const FRAMES: usize = 3_000;
const TIMES_MAX: u64 = 16;
const MORE_MAX: u64 = 64 * 1024;

struct Anybody;

impl Bindings for Anybody {
    fn may_use(&self, client: ClientId) -> bool {
        !client.is_server()
    }
}

/// Bytes that `work` allocates.
fn allocated<T>(work: impl FnOnce() -> T) -> u64 {
    let before = dhat::HeapStats::get().total_bytes;
    let result = work();
    let after = dhat::HeapStats::get().total_bytes;
    drop(result);
    after - before
}

/// A document with the board, in whose first text somebody typed at many places.
fn board() -> Doc {
    let room = LiveRoom::new(&["one 😀", "two", ""]);
    let board = document(1);
    board.transact_mut().apply_update(Update::decode_v1(&room.snapshot()).unwrap()).unwrap();
    let text = attack::phone::ideas(&board.transact()).swap_remove(0).1;
    for _ in 0..3_000 {
        text.insert(&mut board.transact_mut(), 1, "y");
        text.insert(&mut board.transact_mut(), 0, "x");
    }
    board
}

/// Frames as large as they may be, whose counts are true: the most work for the fewest bytes.
fn large() -> Vec<Vec<u8>> {
    use attack::forge::{Forged, Ranges, update};
    let sections = (0..64).map(|client| (100 + client, 0, vec![Forged::Gc(1); 32])).collect::<Vec<_>>();
    let ranges: Vec<Ranges> = vec![(9, (0..16_000).map(|at| (2 * at, 1)).collect())];
    let clients: Vec<Ranges> = (0..12_000).map(|client| (client, vec![(0, 1)])).collect();
    let state = (0..4_000u32).fold(vec![0xa0, 0x1f], |mut state, client| {
        attack::forge::number(&mut state, u64::from(client));
        state.push(1);
        state
    });
    vec![update(&sections, &[]), update(&[], &ranges), update(&[], &clients), state]
}

#[test]
fn a_frame_cannot_make_the_server_ask_for_much_memory() {
    let _profiler = dhat::Profiler::builder().testing().build();
    let limits = Limits::default();
    let board = board();
    let mut index = TextIndex::default();
    index.learn(&board.transact().encode_state_as_update_v1(&StateVector::default())).unwrap();
    let mut chance = Chance::seeded(1);
    let kinds = [kind::STEP1, kind::STEP2, kind::UPDATE, kind::AWARENESS];
    let mut most = (0, 0);
    let check = |payload: &[u8], kind: &[u8], index: &mut TextIndex, most: &mut (u64, usize)| {
        let frame = message("board/x", kind, payload);
        let bytes = allocated(|| {
            let read = read_hocuspocus(&frame).ok()?;
            said(read.message, &frame, &limits)
        }) + resolved(index, payload);
        assert!(
            bytes <= TIMES_MAX * frame.len() as u64 + MORE_MAX,
            "{bytes} bytes for a frame of {}: {}",
            frame.len(),
            hex::encode(&frame[..frame.len().min(200)])
        );
        *most = (*most).max((bytes, frame.len()));
    };
    for payload in large() {
        for kind in kinds {
            check(&payload, kind, &mut index, &mut most);
        }
    }
    for frame in 0..FRAMES {
        let mut payload = match frame % 4 {
            0 => board.transact().state_vector().encode_v1(),
            1 => edit(&board, &mut chance).unwrap_or_default(),
            _ => forged_update(&board, &mut chance),
        };
        let times = chance.below(4);
        mutate(&mut payload, times, &mut chance);
        let kind = *chance.pick(&kinds);
        check(&payload, kind, &mut index, &mut most);
    }
    println!("at most {} bytes, for a frame of {}", most.0, most.1);
}

fn resolved(index: &mut TextIndex, payload: &[u8]) -> u64 {
    let limits = GateLimits::default();
    let Ok(edit) = TextEdit::read(Bytes::copy_from_slice(payload), &limits) else { return 0 };
    allocated(|| index.resolve(&edit, &Anybody, &limits))
}
