//! Rule W15: a document that is sent in parts arrives whole, each part is small and waits for nothing.

use std::ops::Range;

use bytes::Bytes;
use proptest::prelude::*;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Doc, Map, ReadTxn, Transact, Update, WriteTxn};

use super::board::{Board, document, texts};
use super::cases;
use super::phone::Phone;
use crate::gate::{CutError, UpdateParts};

const PHONES: usize = 3;
const IDEAS: usize = 4;

/// Who does it (a phone, or the server), in which idea, where, how much.
pub type Deed = (usize, usize, u32, u32);
pub const DEEDS: (Range<usize>, Range<usize>, Range<u32>, Range<u32>) =
    (0..PHONES + 2, 0..IDEAS, 0..20, 0..9);

/// People at a board.
pub struct People(Vec<Phone>);

impl People {
    pub fn at_a_board() -> (Board, Self) {
        let board = Board::new(&["one two three", "سلام مرحبا", "漢字", ""]);
        // Ids that lie on both sides of each other, and the server's above all.
        let phones = (0..PHONES).map(|at| Phone::new(at as u32, 40 - 7 * at as u64, &board)).collect();
        (board, Self(phones))
    }

    /// What people and the server do to the board.
    pub fn act(&mut self, board: &mut Board, deeds: &[Deed]) {
        let Self(phones) = self;
        for &(phone, idea, at, length) in deeds {
            let told = match phone {
                at if at < PHONES => {
                    let phone = &mut phones[at];
                    let _ = if length % 3 == 0 {
                        phone.delete(idea, length, 2)
                    } else {
                        phone.insert(idea, at as u32 + length, "né😀")
                    };
                    let frames: Vec<Vec<u8>> = std::mem::take(&mut phone.queue);
                    for frame in frames {
                        let _ = board.receive(at as u32, &frame);
                    }
                    continue;
                }
                at if at == PHONES => board.write(|txn| {
                    txn.get_or_insert_map("about").insert(txn, "pages", i64::from(length));
                }),
                _ => {
                    phones.iter().for_each(|phone| phone.apply(&board.snapshot()));
                    if at % 5 == 0 { board.hide(idea) } else { continue }
                }
            };
            phones.iter().for_each(|phone| phone.apply(&told));
        }
    }
}

/// A board on which they did this.
fn board(deeds: &[Deed]) -> Board {
    let (mut board, mut people) = People::at_a_board();
    people.act(&mut board, deeds);
    board
}

fn missing(board: &Board, phone: &Doc) -> Vec<u8> {
    board.doc.transact().encode_state_as_update_v1(&phone.transact().state_vector())
}

/// Sends what is missing in parts; after each of them nothing waits.
fn send(board: &Board, phone: &Doc, part_bytes_max: usize) {
    let parts = UpdateParts::cut(Bytes::from(missing(board, phone)), part_bytes_max).unwrap();
    for number in 0..parts.count() {
        let part = parts.part(number).unwrap();
        phone.transact_mut().apply_update(Update::decode_v1(&part).unwrap()).unwrap();
        assert!(!phone.transact().has_missing_updates(), "part {number} waits: {}", hex::encode(&part));
    }
    assert_eq!(parts.part(parts.count()), None);
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn w15_parts_in_their_order_are_the_whole_and_none_waits(
        deeds in prop::collection::vec(DEEDS, 0..60),
        more in prop::collection::vec(DEEDS, 0..20),
        part_bytes_max in 1usize..600,
    ) {
        let board_before = board(&deeds);
        // Somebody who has nothing.
        let fresh = document(99);
        send(&board_before, &fresh, part_bytes_max);
        prop_assert_eq!(texts(&fresh), texts(&board_before.doc));
        prop_assert_eq!(missing(&board_before, &fresh), missing(&board_before, &board_before.doc));
        // Somebody who comes back after more was written: the same first deeds give the same first structs.
        let all: Vec<_> = deeds.iter().chain(&more).copied().collect();
        let board_after = board(&all);
        send(&board_after, &fresh, part_bytes_max);
        prop_assert_eq!(texts(&fresh), texts(&board_after.doc));
    }
}

#[test]
fn w15_a_part_is_as_small_as_it_was_asked_for_unless_one_struct_is_larger() {
    let long = "x".repeat(900);
    let board = Board::new(&vec![long.as_str(); 50]);
    let state = Bytes::from(board.snapshot());
    let parts = UpdateParts::cut(state.clone(), 4_096).unwrap();
    let lengths: Vec<usize> = (0..parts.count()).map(|at| parts.part(at).unwrap().len()).collect();
    assert!(lengths.iter().all(|length| *length <= 4_096), "{lengths:?}");
    assert!(lengths.len() < state.len() / 2_000, "{lengths:?}");
    let parts = UpdateParts::cut(state.clone(), 100).unwrap();
    let longest = (0..parts.count()).map(|at| parts.part(at).unwrap().len()).max().unwrap();
    assert!((900..1_000).contains(&longest), "{longest}");
    // What is small enough is sent as it is.
    let whole = UpdateParts::cut(state.clone(), state.len()).unwrap();
    assert_eq!((whole.count(), whole.part(0)), (1, Some(state)));
}

#[test]
fn w15_a_long_delete_set_is_cut_as_well_and_comes_behind_all_structs() {
    let text = "abcdefghij".repeat(60);
    let mut board = Board::new(&[&text]);
    let mut phone = Phone::new(1, 5, &board);
    for at in 0..250 {
        phone.delete(0, at, 1);
    }
    for frame in std::mem::take(&mut phone.queue) {
        board.receive(1, &frame).unwrap();
    }
    let parts = UpdateParts::cut(Bytes::from(board.snapshot()), 300).unwrap();
    let updates: Vec<Update> =
        (0..parts.count()).map(|at| Update::decode_v1(&parts.part(at).unwrap()).unwrap()).collect();
    assert!(updates.len() > 3);
    let first = updates.iter().position(|update| !update.delete_set().is_empty()).unwrap();
    assert!(updates[first + 1..].iter().all(|update| update.state_vector().is_empty()), "structs come first");
    let fresh = document(99);
    send(&board, &fresh, 300);
    assert_eq!(texts(&fresh), texts(&board.doc));
    assert_eq!(fresh.transact().state_vector().encode_v1(), board.doc.transact().state_vector().encode_v1());
}

#[test]
fn w15_bytes_that_yrs_did_not_write_are_noticed() {
    let cut = |hex: &str| UpdateParts::cut(Bytes::from(hex::decode(hex).unwrap()), 1).map(|_| ());
    assert!(matches!(cut("0103ef"), Err(CutError::Malformed(_))));
    // Two structs of two clients, each to the right of the other.
    let circle = "020109008402000001610102008409000001620000";
    assert!(matches!(cut(circle), Err(CutError::Unresolved | CutError::Malformed(_))));
}
