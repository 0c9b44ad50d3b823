//! What a room does beside passing edits on: worn texts, counted pages, and data restored from an older copy.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use attack::forge::{kind, message};
use attack::phone::{document, ideas};
use attack::room::{Connection, Heard, LiveRoom};
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Doc, GetString, ReadTxn, Text, Transact, Update};

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
