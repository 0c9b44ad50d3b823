//! Trusted mode: what the server writes, in every form that yrs gives it, is learned once and as a whole.

use uuid::Uuid;
use yrs::{Any, ArrayPrelim, Map, MapPrelim, MapRef, TextPrelim, WriteTxn};

use super::super::{LearnError, Learned, Refusal, StatementPart, TextFigures, TextIndex, TextKey};
use super::board::{Board, SERVER, document, idea, put_idea};
use super::forge::{Forged, behind, id, update};
use super::phone::Phone;
use crate::ids::{ClientId, IdeaId};

#[test]
fn b3_the_texts_of_the_plenary_are_learned_whatever_stands_beside_them() {
    let mut board = Board::new(&[]);
    let item = IdeaId(Uuid::from_u128(9));
    board.write(|txn| {
        let items = txn.get_or_insert_map("items");
        let map: MapRef = items.insert(txn, item.to_string(), MapPrelim::default());
        map.insert(txn, "wording", TextPrelim::new(""));
        map.insert(txn, "note", TextPrelim::new("a note"));
        let translations: MapRef = map.insert(txn, "tr", MapPrelim::default());
        translations.insert(txn, "fa", TextPrelim::new("سلام"));
        map.insert(txn, "points", ArrayPrelim::from(["p1", "p2"]));
        map.insert(txn, "t", 0.25);
        map.insert(txn, "rank", 1i64 << 40);
        map.insert(
            txn,
            "support",
            yrs::any!({ "seats": 3, "by_group": { "g": 3 }, "none": null, "list": [1, [2]] }),
        );
        map.insert(txn, "bytes", Any::Buffer([1, 2, 3].as_slice().into()));
        let statement = txn.get_or_insert_map("statement");
        for part in StatementPart::ALL {
            statement.insert(txn, part.key(), TextPrelim::new("😀"));
        }
    });
    let figures = |units| Some(TextFigures { visible_units: units, inserted_units: units });
    assert_eq!(board.index.text(&TextKey::Wording(item)), figures(0));
    assert_eq!(board.index.text(&TextKey::Note(item)), figures(6));
    assert_eq!(board.index.text(&TextKey::ItemTranslation(item, "fa".into())), figures(4));
    for part in StatementPart::ALL {
        assert_eq!(board.index.text(&TextKey::Statement(part)), figures(2));
    }
    let mut rebuilt = TextIndex::default();
    assert_eq!(rebuilt.learn(&board.snapshot()).map(|learned| learned.texts), Ok(6));
    assert_eq!(rebuilt.text(&TextKey::Note(item)), figures(6));
}

#[test]
fn the_same_update_teaches_nothing_twice() {
    let mut board = Board::new(&["one", "two"]);
    let hidden = board.hide(1);
    let shown = board.write(|txn| put_idea(txn, 1, "again"));
    let mut phone = Phone::new(1, 5, &board);
    let typed = phone.insert(0, 3, "!").unwrap();
    board.receive(1, &typed).unwrap();
    // The server's last struct is a map entry that was not there before.
    board.write(|txn| {
        txn.get_or_insert_map("about").insert(txn, "pages", 1);
    });
    let orders = |board: &Board| {
        let texts = [idea(0), idea(1)].map(|key| board.index.texts[&key]);
        texts.map(|number| board.index.branch(number).unwrap().sequence.clone())
    };
    let before = (orders(&board), board.index.places.len());
    for update in [board.snapshot(), hidden, shown, board.snapshot()] {
        assert_eq!(board.index.learn(&update), Ok(Learned::default()));
    }
    assert_eq!((orders(&board), board.index.places.len()), before);
    board.check();
}

#[test]
fn what_people_wrote_may_be_learned_from_the_journal_instead_of_admitted() {
    let mut board = Board::new(&["one", "two 😀"]);
    let mut replayed = TextIndex::default();
    replayed.learn(&board.snapshot()).unwrap();
    let mut phone = Phone::new(1, 5, &board);
    phone.insert(0, 1, "abc");
    phone.delete(0, 0, 2);
    phone.insert(1, 2, "😀");
    phone.delete(1, 1, 4);
    for frame in std::mem::take(&mut phone.queue) {
        let Ok(super::board::Taken::Update { fan_out, .. }) = board.receive(1, &frame) else { panic!() };
        replayed.learn(&fan_out).unwrap();
    }
    for key in [idea(0), idea(1)] {
        assert_eq!(replayed.text(&key), board.index.text(&key));
    }
    assert!(replayed.state().eq(board.index.state()));
    board.check();
}

#[test]
fn an_update_that_is_not_of_this_document_is_noticed() {
    let board = Board::new(&["one"]);
    let learn = |bytes: &[u8]| board.index.clone().learn(bytes);
    let next = board.index.state().find(|(client, _)| *client == ClientId(SERVER)).unwrap().1;
    assert_eq!(learn(&update(&[(SERVER, next + 1, vec![Forged::Gc(1)])], &[])), Err(LearnError::Gap));
    let unknown = update(&[(SERVER, next, vec![behind(id(5, 0), "x")])], &[]);
    assert_eq!(learn(&unknown), Err(LearnError::Unresolved));
    let circle = update(&[(5, 0, vec![behind(id(6, 0), "x")]), (6, 0, vec![behind(id(5, 0), "x")])], &[]);
    assert_eq!(learn(&circle), Err(LearnError::Unresolved));
    assert_eq!(learn(&update(&[], &[(5, vec![(0, 1)])])), Err(LearnError::Unresolved));
    // Just behind the end of what stands in the same update.
    let sections = [(5, 0, vec![behind(id(6, 1), "x")]), (6, 0, vec![Forged::Gc(1)])];
    assert_eq!(learn(&update(&sections, &[])), Err(LearnError::Unresolved));
    assert!(matches!(learn(&[1, 2, 3]), Err(LearnError::Malformed(_))));
    assert_eq!(learn(&hex::decode("010105000a0100").unwrap()), Err(LearnError::Malformed(Refusal::Skip)));
}

#[test]
fn an_empty_document_teaches_nothing() {
    let empty = yrs::ReadTxn::encode_state_as_update_v1(
        &yrs::Transact::transact(&document(SERVER)),
        &yrs::StateVector::default(),
    );
    assert_eq!(TextIndex::default().learn(&empty), Ok(Learned::default()));
}

#[test]
fn every_content_that_yrs_may_encode_takes_its_clocks() {
    // One struct of client 5 in the root "r": its first byte, its content; then an empty delete set.
    let learn = |number: u8, content: &[u8]| {
        let bytes = [&[1, 1, 5, 0, number, 1, 1, b'r'], content, &[0]].concat();
        TextIndex::default().learn(&bytes).map(|learned| learned.units)
    };
    for (number, content, clocks) in [
        // JSON: two strings. Bytes. An embedded value. A format. A document with its options.
        (2, &b"\x02\x01a\x01b"[..], 2),
        (3, b"\x02\x01\x02", 1),
        (5, b"\x02{}", 1),
        (6, b"\x01b\x04true", 1),
        (9, b"\x02id\x76\x00", 1),
        // Types: an array; an XML element with its name.
        (7, b"\x00", 1),
        (7, b"\x03\x01p", 1),
        // Two values of any kind.
        (8, b"\x02\x7f\x7e", 2),
    ] {
        assert_eq!(learn(number, content), Ok(clocks), "{number}");
    }
    // A weak link has more behind it and is no part of our documents.
    assert_eq!(learn(7, b"\x07"), Err(LearnError::Malformed(Refusal::Content)));
    // Nor is anything that Yjs does not have.
    assert_eq!(learn(11, b""), Err(LearnError::Malformed(Refusal::Content)));
    let twice = update(&[(5, 0, vec![Forged::Gc(1)]), (5, 1, vec![Forged::Gc(1)])], &[]);
    assert_eq!(TextIndex::default().learn(&twice), Err(LearnError::Malformed(Refusal::ClientTwice)));
}

#[test]
fn what_is_learned_is_counted() {
    let mut board = Board::new(&["one"]);
    let mut learned = TextIndex::default();
    let whole = learned.learn(&board.snapshot()).unwrap();
    let units: u32 = board.index.state().map(|(_, clock)| clock).sum();
    assert_eq!(whole, Learned { units: u64::from(units), deleted_units: 0, texts: 2 });
    let cut = board.write(|txn| {
        let Some(yrs::Out::YMap(map)) =
            txn.get_or_insert_map("ideas").get(txn, &super::board::idea_id(0).to_string())
        else {
            panic!()
        };
        let Some(yrs::Out::YText(text)) = map.get(txn, "text") else { panic!() };
        yrs::Text::insert(&text, txn, 3, "😀");
        yrs::Text::remove_range(&text, txn, 1, 1);
    });
    assert_eq!(learned.learn(&cut), Ok(Learned { units: 2, deleted_units: 1, texts: 0 }));
    let cuts = |index: &TextIndex| index.branch(index.texts[&idea(0)]).unwrap().cuts;
    assert_eq!((cuts(&learned), cuts(&board.index)), (2, 2));
    // Loaded at once: what was deleted long ago counts as well.
    let mut again = TextIndex::default();
    assert_eq!(
        again.learn(&board.snapshot()),
        Ok(Learned { units: u64::from(units) + 2, deleted_units: 1, texts: 2 })
    );
}

#[test]
fn what_lies_beside_something_collected_is_collected() {
    let mut index = TextIndex::default();
    index.learn(&update(&[(SERVER, 0, vec![Forged::Gc(1), behind(id(SERVER, 0), "x")])], &[])).unwrap();
    let deleted = index.lanes[&ClientId(SERVER)].deleted.ranges().to_vec();
    assert_eq!(deleted.iter().map(|range| (range.start, range.end)).collect::<Vec<_>>(), [(0, 2)]);
}
