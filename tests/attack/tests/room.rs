//! What a room does beside passing edits on: worn texts, counted pages, and data restored from an older copy.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use attack::forge::{Forged, kind, message, update};
use attack::phone::{document, ideas};
use attack::room::{Connection, Heard, LiveRoom};
use proto::gate::GateLimits;
use server::config::Limits;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Assoc, Doc, GetString, IndexedSequence, ReadTxn, Text, Transact, Update};

/// A page with the board open, by hand.
struct Page {
    doc: Doc,
    connection: Connection,
}

impl Page {
    fn open(room: &mut LiveRoom, seat: u8, client: u64) -> Self {
        let (doc, connection) = (document(client), room.connect(seat));
        let page = Self { doc, connection };
        page.step1(room);
        room.flush();
        page
    }

    fn step1(&self, room: &mut LiveRoom) {
        let state = self.doc.transact().state_vector().encode_v1();
        room.say(&self.connection, &message(&self.connection.key, kind::STEP1, &state));
    }

    /// Takes in what it was told; gives what it was refused with.
    fn hear(&mut self) -> Option<String> {
        let mut refused = None;
        for heard in self.connection.heard() {
            match heard {
                Heard::Update(update) => {
                    self.doc.transact_mut().apply_update(Update::decode_v1(&update).unwrap()).unwrap();
                }
                Heard::Refused(code, _) => refused = Some(code),
                Heard::Behind(_) => panic!("one page that listens is never given an old answer"),
                Heard::Step1(_) | Heard::Acknowledged | Heard::Awareness => {}
            }
        }
        refused
    }

    /// Removes so many units at the beginning of the first idea, and writes there.
    fn write(&self, room: &mut LiveRoom, remove: u32, words: &str) {
        let text = ideas(&self.doc.transact()).swap_remove(0).1;
        let mut txn = self.doc.transact_mut();
        text.remove_range(&mut txn, 0, remove);
        text.insert(&mut txn, 0, words);
        txn.commit();
        let update = txn.encode_update_v1();
        drop(txn);
        room.say(&self.connection, &message(&self.connection.key, kind::UPDATE, &update));
        room.flush();
    }

    fn words(&self) -> String {
        let text = ideas(&self.doc.transact()).swap_remove(0).1;
        text.get_string(&self.doc.transact())
    }
}

#[test]
fn b5_a_worn_text_is_replaced_by_one_with_the_same_words_and_people_go_on() {
    let mut room = LiveRoom::new(&["x"]);
    let (mut one, mut two) = (Page::open(&mut room, 1, 501), Page::open(&mut room, 2, 502));
    one.hear();
    let long = |at: usize| format!("{at:3} {}", "y".repeat(896));
    let mut length = 0;
    // Three times as much as a text may take over its life.
    for at in 0..70 {
        one.write(&mut room, length, &long(at));
        length = 900;
        assert_eq!((one.hear(), two.hear()), (None, None), "at {at}");
        assert_eq!(room.board().ideas[0].text, format!("{}x", long(at)));
    }
    assert_eq!((one.words(), two.words()), (format!("{}x", long(69)), format!("{}x", long(69))));
    two.write(&mut room, 0, "two ");
    assert_eq!(room.board().ideas[0].text, format!("two {}x", long(69)));
    room.check();
    // The worn ones leave hardly anything behind.
    assert!(room.snapshot().len() < 4_000, "{} bytes", room.snapshot().len());
}

#[test]
fn w8_whoever_has_letters_of_a_page_that_the_data_lost_is_of_another_epoch() {
    let mut room = LiveRoom::new(&["x"]);
    let mut old = Page::open(&mut room, 1, 501);
    old.hear();
    old.write(&mut room, 0, "before ");
    let mut copy = room.restored();
    // After the copy was made, only letters came: of a page that was there, and of a new one.
    let mut new = Page::open(&mut room, 2, 502);
    new.hear();
    old.write(&mut room, 0, "own ");
    // Of its own page's letters the old one may bring back what was lost.
    old.connection = copy.connect(1);
    old.step1(&mut copy);
    copy.flush();
    assert_eq!(old.hear(), None);
    new.write(&mut room, 0, "after ");
    old.connection = room.connect(1);
    old.step1(&mut room);
    room.flush();
    assert_eq!((old.hear(), new.hear()), (None, None));
    assert!(old.words().contains("after "), "{}", old.words());
    for page in [&mut old, &mut new] {
        page.connection = copy.connect(1);
        page.step1(&mut copy);
        copy.flush();
        assert_eq!(page.hear().as_deref(), Some("other-epoch"));
    }
    assert_eq!(copy.board().ideas[0].text, "before x");
}

/// The id of the last letter of the first idea.
fn last_letter(page: &Page) -> attack::forge::Id {
    let text = ideas(&page.doc.transact()).swap_remove(0).1;
    let txn = page.doc.transact();
    let unit = text.sticky_index(&txn, text.len(&txn) - 1, Assoc::After).unwrap().id().copied().unwrap();
    (unit.client.get(), unit.clock)
}

/// 2,000 deletions of one unit by two ids in turn behind `end`, each its own part; gives the frame and the last unit.
fn in_turn(clients: [u64; 2], clock: u32, mut end: attack::forge::Id) -> (Vec<u8>, attack::forge::Id) {
    let mut sections = clients.map(|client| (client, clock, Vec::new()));
    for at in 0..2_000 {
        let section = &mut sections[at % 2];
        section.2.push(Forged::Item { left: Some(end), right: None, parent: None, words: Err(1) });
        end = (section.0, clock + u32::try_from(at / 2).unwrap());
    }
    (update(&sections, &[]), end)
}

#[test]
fn g7_a_text_in_very_many_parts_is_replaced_by_one_with_the_same_words_and_the_board_stays_small() {
    let mut room = LiveRoom::new(&["x"]);
    let mut writer = Page::open(&mut room, 2, 502);
    let parts = GateLimits::default().work.text_parts_max;
    // Eight times over: more than is kept of texts that are gone.
    for round in 0..8u64 {
        let mut attacker = Page::open(&mut room, 3, 503 + round);
        assert_eq!(attacker.hear(), None);
        let clients = [10_000 + round, 3_000_000_000 - round];
        let mut end = last_letter(&attacker);
        let mut say = |room: &mut LiveRoom, frame: &[u8]| {
            room.say(&attacker.connection, &message(&attacker.connection.key, kind::UPDATE, frame));
            room.flush();
            attacker.hear()
        };
        let mut sent = 0;
        while u64::from(sent) <= parts {
            let (frame, last) = in_turn(clients, sent / 2, end);
            assert_eq!(say(&mut room, &frame), None, "round {round} after {sent}");
            (end, sent) = (last, sent + 2_000);
        }
        // Deletions in a text that is not there any more are let go; letters are not.
        let letter = Forged::Item { left: Some(end), right: None, parent: None, words: Ok("z".to_owned()) };
        let refused = say(&mut room, &update(&[(clients[0], sent / 2, vec![letter])], &[]));
        assert_eq!(refused.as_deref(), Some("not-found"), "round {round}");
        assert_eq!(writer.hear(), None);
        writer.write(&mut room, 0, "y");
        assert_eq!(writer.hear(), None);
    }
    assert_eq!(room.board().ideas[0].text, format!("{}x", "y".repeat(8)));
    room.check();
    assert!(room.snapshot().len() < 60_000, "{} bytes", room.snapshot().len());
}

#[test]
fn b7_a_board_without_room_refuses_letters_that_make_it_longer_and_takes_all_others() {
    let mut limits = Limits::default();
    limits.room.board_units_max = 20;
    let mut room = LiveRoom::within(&["0123456789", "abc"], limits);
    let mut page = Page::open(&mut room, 1, 501);
    page.hear();
    page.write(&mut room, 0, "1234567");
    assert_eq!(page.hear(), None, "up to the limit");
    page.write(&mut room, 3, "xyz");
    assert_eq!(page.hear(), None, "no longer than before");
    page.write(&mut room, 0, "!");
    assert_eq!(page.hear(), Some("board-full".to_owned()));
    let mut again = Page::open(&mut room, 1, 502);
    again.hear();
    again.write(&mut room, 5, "!");
    assert_eq!(again.hear(), None, "there is room again");
    again.write(&mut room, 0, "more");
    assert_eq!(again.hear(), None);
}
