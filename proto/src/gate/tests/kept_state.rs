//! Rule W15: a document that is sent from pieces of its earlier states arrives as it is now, and without words that are deleted.

use bytes::Bytes;
use proptest::prelude::*;
use yrs::updates::decoder::Decode;
use yrs::{Doc, ReadTxn, Transact, Update};

use super::super::{Deletions, GateLimits, KeptState, StateVector, UpdateParts};
use super::board::{Board, document, texts};
use super::cases;
use super::phone::Phone;
use super::update_parts::{DEEDS, Deed, People};

/// What somebody with this state vector misses, as yrs encodes it.
fn since(board: &Board, theirs: &StateVector) -> Bytes {
    let known = theirs.entries().iter().map(|(client, clock)| (yrs::ClientID::new(client.0), *clock));
    let mut all = yrs::StateVector::default();
    known.for_each(|(client, clock)| all.set_max(client, clock));
    Bytes::from(board.doc.transact().encode_diff_v1(&all))
}

fn state(doc: &Doc) -> StateVector {
    use yrs::updates::encoder::Encode;
    StateVector::read(&doc.transact().state_vector().encode_v1(), &GateLimits::default()).unwrap()
}

/// The messages in which somebody with this state vector is sent the document.
fn messages(board: &Board, kept: &KeptState, theirs: &StateVector, part_bytes_max: usize) -> Vec<Bytes> {
    let last = since(board, kept.state());
    let gone = Deletions::of(&last).unwrap();
    let (numbers, bytes) = kept.missing(theirs);
    let mut all: Vec<Bytes> = numbers.iter().map(|number| kept.part(*number, theirs, &gone)).collect();
    assert!(bytes >= kept.missing(&state(&board.doc)).1);
    let last = UpdateParts::cut(last, part_bytes_max).unwrap();
    all.extend((0..last.count()).map(|number| last.part(number).unwrap()));
    all
}

fn hear(phone: &Doc, messages: &[Bytes]) {
    for message in messages {
        phone.transact_mut().apply_update(Update::decode_v1(message).unwrap()).unwrap();
        assert!(!phone.transact().has_missing_updates(), "it waits: {}", hex::encode(message));
    }
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    prop::collection::vec(DEEDS, 0..25)
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn w15_pieces_of_earlier_states_and_what_came_since_are_the_document(
        turns in prop::collection::vec(deeds(), 1..5),
        last in deeds(),
        part_bytes_max in 1usize..600,
    ) {
        let (mut board, mut people) = People::at_a_board();
        let mut kept = KeptState::default();
        let mut absent = Vec::new();
        for deeds in &turns {
            people.act(&mut board, deeds);
            // Somebody who goes away now; and a piece is made.
            let phone = document(99);
            hear(&phone, &[Bytes::from(board.snapshot())]);
            absent.push(phone);
            let piece = since(&board, kept.state());
            kept.add(piece, part_bytes_max).unwrap();
            prop_assert_eq!(kept.state(), &state(&board.doc));
        }
        people.act(&mut board, &last);
        absent.push(document(99));
        for phone in &absent {
            hear(phone, &messages(&board, &kept, &state(phone), part_bytes_max));
            prop_assert_eq!(texts(phone), texts(&board.doc));
            prop_assert_eq!(state(phone), state(&board.doc));
            prop_assert_eq!(since(&board, &state(phone)), since(&board, &state(&board.doc)));
        }
        // Who has all of it is sent none of the pieces.
        prop_assert_eq!(kept.missing(&state(&board.doc)).0.len(), 0);
    }
}

#[test]
fn w15_words_that_were_deleted_since_a_piece_was_made_are_not_sent() {
    let mut board = Board::new(&["before and after", "the whole idea"]);
    let mut phone = Phone::new(1, 5, &board);
    phone.insert(0, 7, "né😀SECRET😀né ");
    let mut kept = KeptState::default();
    let hear_phone = |board: &mut Board, phone: &mut Phone| {
        for frame in std::mem::take(&mut phone.queue) {
            board.receive(1, &frame).unwrap();
        }
    };
    hear_phone(&mut board, &mut phone);
    let tallies = |board: &mut Board, tally: &str| {
        board.write(|txn| {
            use yrs::{Map, WriteTxn};
            txn.get_or_insert_map("about").insert(txn, "phase", tally);
        })
    };
    tallies(&mut board, "FORMER");
    kept.add(since(&board, &StateVector::default()), 64).unwrap();
    let has = |board: &Board, words: &[u8]| {
        let all = messages(board, &kept, &StateVector::default(), 64);
        let fresh = document(99);
        hear(&fresh, &all);
        assert_eq!(texts(&fresh), texts(&board.doc));
        all.iter().any(|message| message.windows(words.len()).any(|found| found == words))
    };
    assert!(has(&board, b"SECRET") && has(&board, b"whole") && has(&board, b"FORMER"));
    phone.delete(0, 12, 6);
    hear_phone(&mut board, &mut phone);
    board.hide(1);
    tallies(&mut board, "present");
    assert!(!has(&board, b"SECRET") && !has(&board, b"whole") && !has(&board, b"FORMER"));
    assert!(has(&board, "né😀".as_bytes()) && has(&board, b"after"));
}
