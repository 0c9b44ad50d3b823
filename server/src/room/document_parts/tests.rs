//! What people are sent of a document is bounded and shared (rule W15).

use std::cell::Cell;

use proto::ids::ClientId;
use yrs::updates::decoder::Decode;
use yrs::{Doc, Map, ReadTxn, Transact, Update};

use super::*;

/// Five KiB, in parts of one.
fn limits() -> DeliveryLimits {
    DeliveryLimits {
        part_bytes_max: 1_024,
        differences_bytes_max: 8 * 1_024,
        whole_states_max: 2,
        ..DeliveryLimits::default()
    }
}

fn state() -> Vec<u8> {
    let doc = Doc::with_client_id(7);
    let map = doc.get_or_insert_map("ideas");
    let mut txn = doc.transact_mut();
    for key in 0..40 {
        map.insert(&mut txn, key.to_string(), "x".repeat(100));
    }
    txn.encode_state_as_update_v1(&yrs::StateVector::default())
}

fn at(clock: u32) -> StateVector {
    StateVector::of_document([(ClientId(1 << 32), clock)].into_iter().filter(|(_, clock)| *clock > 0))
}

#[derive(Default)]
struct Room {
    sending: Sending,
    made: usize,
}

impl Room {
    fn give(&mut self, theirs: u32, edition: u64) -> Given {
        let made = Cell::new(self.made);
        let encode = |_: &StateVector| {
            made.set(made.get() + 1);
            state()
        };
        let given = self.sending.give(&at(theirs), edition, &limits(), encode, || at(9)).unwrap();
        self.made = made.get();
        given
    }
}

#[test]
fn w15_fifty_who_ask_at_once_hold_one_encoding_and_nobody_holds_it_afterwards() {
    let mut room = Room::default();
    let given: Vec<Given> = (0..50).map(|_| room.give(0, 1)).collect();
    assert_eq!(room.made, 1);
    assert!(given.iter().all(|one| Arc::ptr_eq(&one.parts, &given[0].parts) && !one.behind));
    drop(given);
    room.give(0, 1);
    assert_eq!(room.made, 2, "the room keeps none");
}

#[test]
fn w15_on_a_lively_board_there_are_two_encodings_and_who_comes_then_is_told_the_rest_later() {
    let mut room = Room::default();
    let given: Vec<Given> = (0..50).map(|edition| room.give(0, edition)).collect();
    assert_eq!(room.made, 2);
    let behind: Vec<bool> = given.iter().map(|one| one.behind).collect();
    assert_eq!(behind[..2], [false, false]);
    assert!(behind[2..].iter().all(|behind| *behind));
    assert!(
        given[2..].iter().all(|one| Arc::ptr_eq(&one.parts.update, &given[1].parts.update)),
        "the newest"
    );
}

#[test]
fn w15_many_different_questions_end_in_one_shared_answer() {
    let mut room = Room::default();
    let given: Vec<Given> = (1..60).map(|theirs| room.give(theirs, 1)).collect();
    let held: usize = {
        let mut all: Vec<_> = given.iter().map(|one| (Arc::as_ptr(&one.parts.update), one)).collect();
        all.sort_by_key(|(pointer, _)| *pointer);
        all.dedup_by_key(|(pointer, _)| *pointer);
        all.iter().map(|(_, one)| one.parts.bytes()).sum()
    };
    assert!(held <= 8 * 1_024 + 3 * state().len(), "{held} bytes");
}

/// A document of so many values, each of a kilobyte.
struct Large {
    doc: Doc,
    encoded: Cell<usize>,
    edition: u64,
    sending: Sending,
}

/// As a room has them, a hundred times smaller.
fn small_limits() -> DeliveryLimits {
    let of = DeliveryLimits::default();
    DeliveryLimits {
        part_bytes_max: of.part_bytes_max / 16,
        piece_bytes: of.piece_bytes / 32,
        difference_bytes_max: of.difference_bytes_max / 32,
        differences_bytes_max: of.differences_bytes_max / 64,
        ..of
    }
}

fn of_yrs(theirs: &yrs::StateVector) -> StateVector {
    let mut all: Vec<_> = theirs.iter().map(|(client, clock)| (ClientId(client.get()), *clock)).collect();
    all.sort_unstable();
    StateVector::of_document(all.into_iter())
}

impl Large {
    fn write(&mut self, values: u32) {
        let map = self.doc.get_or_insert_map("ideas");
        let mut txn = self.doc.transact_mut();
        for _ in 0..values {
            let key = map.len(&txn).to_string();
            map.insert(&mut txn, key, "x".repeat(1_000));
        }
        let update = txn.encode_update_v1();
        drop(txn);
        self.edition += 1;
        let encode = encoder(&self.doc, &self.encoded);
        self.sending.wrote(update.len(), &small_limits(), encode).unwrap();
    }

    /// What somebody is given who has this; the second figure is how many bytes were encoded for it.
    fn give(&mut self, theirs: &StateVector) -> (Given, usize) {
        let expected = self.sending.bytes_to_encode(theirs, self.edition, &small_limits());
        self.encoded.set(0);
        let encode = encoder(&self.doc, &self.encoded);
        let now = || of_yrs(&self.doc.transact().state_vector());
        let given = self.sending.give(theirs, self.edition, &small_limits(), encode, now).unwrap();
        let encoded = self.encoded.take();
        assert!(encoded <= expected + 32, "a turn counts what it encodes: {encoded} of {expected}");
        (given, encoded)
    }

    fn bytes(&self) -> usize {
        encoder(&self.doc, &Cell::new(0))(&StateVector::default()).len()
    }
}

fn encoder<'a>(doc: &'a Doc, encoded: &'a Cell<usize>) -> impl Fn(&StateVector) -> Vec<u8> + 'a {
    |theirs| {
        let mut known = yrs::StateVector::default();
        for (client, clock) in theirs.entries() {
            known.set_max(yrs::block::ClientID::new(client.0), *clock);
        }
        let update = doc.transact().encode_diff_v1(&known);
        encoded.set(encoded.get() + update.len());
        update
    }
}

fn large() -> Large {
    let (doc, encoded) = (Doc::with_client_id(7), Cell::new(0));
    Large { doc, encoded, edition: 0, sending: Sending::default() }
}

#[test]
fn w15_no_answer_encodes_more_than_a_piece_however_large_the_document_is_and_whatever_somebody_has() {
    let (mut large, limits) = (large(), small_limits());
    let most = limits.difference_bytes_max.max(limits.piece_bytes);
    let mut absent = vec![(Doc::with_client_id(1), StateVector::default())];
    let mut dearest = 0;
    for turn in 0..200u32 {
        large.write(1 + turn % 3);
        // Somebody who has nothing, who has all up to some time, whose id nobody knows, and all of these again.
        let unknown = StateVector::of_document([(ClientId(1_000 + u64::from(turn)), 1)].into_iter());
        for theirs in absent.iter().map(|(_, theirs)| theirs).chain([&unknown]) {
            let (given, encoded) = large.give(theirs);
            assert!(encoded <= most, "{encoded} bytes of {}", large.bytes());
            let again = large.give(theirs).1;
            assert!(again == 0 || given.parts.count() == 1, "who asks the same shares it: {again} bytes");
            dearest = dearest.max(encoded);
        }
        if turn % 20 == 0 {
            let doc = Doc::with_client_id(1);
            apply_all(&doc, &large.give(&StateVector::default()).0);
            let state = of_yrs(&doc.transact().state_vector());
            absent.push((doc, state));
        }
    }
    assert!(large.bytes() > 20 * most, "{} bytes", large.bytes());
    assert!(dearest > most / 2, "{dearest} bytes");
    for (doc, theirs) in &absent {
        apply_all(doc, &large.give(theirs).0);
        assert_eq!(doc.transact().state_vector(), large.doc.transact().state_vector());
    }
}

fn apply_all(doc: &Doc, given: &Given) {
    for number in 0..given.parts.count() {
        let part = given.parts.part(number).unwrap();
        assert!(part.len() <= small_limits().part_bytes_max);
        doc.transact_mut().apply_update(Update::decode_v1(&part).unwrap()).unwrap();
        assert!(!doc.transact().has_missing_updates());
    }
    assert_eq!(given.parts.part(given.parts.count()), None);
}

#[test]
fn w15_phones_that_take_their_time_hold_no_third_version_of_a_document() {
    let (mut large, limits) = (large(), small_limits());
    large.write(100);
    let mut given = Vec::new();
    for _ in 0..10 {
        // A snapshot was written: the room keeps that one.
        let snapshot = Bytes::from(large.doc.transact().encode_diff_v1(&yrs::StateVector::default()));
        large.sending.renew(Sending::of(&snapshot, &limits).unwrap(), &limits);
        given.push(large.give(&StateVector::default()).0);
        large.write(1);
    }
    let mut versions: Vec<_> = given.iter().map(|one| Arc::as_ptr(&one.parts.update)).collect();
    versions.dedup();
    assert_eq!(versions.len(), limits.whole_states_max);
    assert_eq!(given.iter().filter(|one| one.behind).count(), 8);
}
