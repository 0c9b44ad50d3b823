//! An honest phone: a Yjs document of its own on a connection, online and offline, with its acknowledgements counted.
//!
//! It does what a stock provider does: it sends each update as it was made, answers every step 1, and after a
//! reconnect its step 2 brings what was never sent. yrs stands for Yjs here; the differential puts stock Yjs in its place.

use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{
    ClientID, Doc, GetString, Map, OffsetKind, Options, Out, ReadTxn, StateVector, Text, TextRef, Transact,
    Update,
};

use crate::Chance;
use crate::forge::{kind, message};
use crate::room::{Connection, Heard, LiveRoom};

/// What people write.
pub const WORDS: [&str; 8] = ["a", "bc ", "water ", "😀", "👨‍👩‍👧 x", "مرحبا", "שלום\u{200f}é", "a\u{fffd}b"];

/// The client id of the first honest phone.
pub const FIRST_HONEST: u64 = 0xb7e1_5162;

/// The client id of an honest phone: spread over all ids, as by lot. A liar who changes a byte of one that it overheard
/// does not get the next one, which would be its own from then on (rule W7).
#[must_use]
pub const fn honest_client(number: u64) -> u64 {
    (FIRST_HONEST + number * 0x9e37_79b1) % (1 << 32)
}

/// A phone that does what a stock provider does.
pub struct Phone {
    /// The connection on which its board is open.
    pub connection: Connection,
    /// The document as its page shows it.
    pub doc: Doc,
    seat: u8,
    inbox: Vec<Vec<u8>>,
    unsent: Vec<Vec<u8>>,
    /// Messages that are not acknowledged yet.
    owed: usize,
    /// Was something lost on the way, that nothing but the next step 2 brings?
    lost: bool,
    /// Why it was refused, if it was.
    pub refused: Option<(String, String)>,
}

impl Phone {
    /// A phone with an empty document that opens the board.
    pub fn open(room: &mut LiveRoom, seat: u8, client: u64) -> Self {
        let doc = document(client);
        let connection = room.connect(seat);
        let phone = Self {
            connection,
            doc,
            seat,
            inbox: Vec::new(),
            unsent: Vec::new(),
            owed: 0,
            lost: false,
            refused: None,
        };
        phone.step1(room);
        phone
    }

    fn step1(&self, room: &mut LiveRoom) {
        let state = self.doc.transact().state_vector().encode_v1();
        room.say(&self.connection, &message(&self.connection.key, kind::STEP1, &state));
    }

    /// The connection breaks and comes back; what was not sent goes with the next step 2.
    pub fn reconnect(&mut self, room: &mut LiveRoom) {
        room.leave(&self.connection);
        self.connection = room.connect(self.seat);
        (self.owed, self.lost, self.refused) = (0, false, None);
        self.unsent.clear();
        self.inbox.clear();
        self.step1(room);
    }

    /// Takes in what the connection was told; gives the updates. Says something when it was asked.
    ///
    /// # Panics
    /// When more is acknowledged than was sent.
    pub fn listen(&mut self, room: &mut LiveRoom) -> (bool, Vec<Vec<u8>>) {
        let mut said = false;
        let mut updates = Vec::new();
        for heard in self.connection.heard() {
            match heard {
                Heard::Step1(state) => {
                    let state = StateVector::decode_v1(&state).unwrap();
                    let missing = self.doc.transact().encode_state_as_update_v1(&state);
                    self.say(room, kind::STEP2, &missing);
                    self.unsent.clear();
                    said = true;
                }
                Heard::Update(update) => {
                    updates.push(update.clone());
                    self.inbox.push(update);
                }
                Heard::Acknowledged => {
                    self.owed = self.owed.checked_sub(1).unwrap_or_else(|| panic!("nothing is owed"));
                }
                Heard::Refused(code, detail) => self.refused = Some((code, detail)),
                Heard::Awareness => {}
                Heard::Behind(theirs) => room.behind(&self.connection, theirs),
            }
        }
        (said, updates)
    }

    /// Takes what it was told into its document.
    ///
    /// # Panics
    /// When it cannot, or when something waits for what never came.
    pub fn hear(&mut self) {
        for update in self.inbox.drain(..) {
            self.doc.transact_mut().apply_update(Update::decode_v1(&update).unwrap()).unwrap();
        }
        assert!(!self.doc.transact().has_missing_updates(), "a phone waits for what never came");
    }

    fn say(&mut self, room: &mut LiveRoom, kind: &[u8], payload: &[u8]) {
        room.say(&self.connection, &message(&self.connection.key, kind, payload));
        self.owed += 1;
    }

    /// Sends what it wrote; sometimes the first of it is lost on the way, which is a gap.
    pub fn send(&mut self, room: &mut LiveRoom, chance: &mut Chance<'_>) {
        let lost = usize::from(self.unsent.len() > 1 && chance.percent(10));
        self.lost |= lost > 0;
        for update in std::mem::take(&mut self.unsent).into_iter().skip(lost) {
            self.say(room, kind::UPDATE, &update);
        }
    }

    /// Sends everything; after a loss that means to connect again.
    pub fn settle(&mut self, room: &mut LiveRoom) {
        if self.lost {
            return self.reconnect(room);
        }
        for update in std::mem::take(&mut self.unsent) {
            self.say(room, kind::UPDATE, &update);
        }
    }

    /// Writes in one of the ideas that it sees.
    pub fn edit(&mut self, chance: &mut Chance<'_>) {
        self.unsent.extend(edit(&self.doc, chance));
    }

    /// Is all that it sent acknowledged, and all that it wrote sent?
    ///
    /// # Panics
    /// When a message is not acknowledged.
    pub fn is_recorded(&self) {
        assert_eq!(self.owed, 0, "messages are not acknowledged");
    }
}

/// A document as a phone has it.
#[must_use]
pub fn document(client: u64) -> Doc {
    Doc::with_options(Options {
        client_id: ClientID::new(client),
        offset_kind: OffsetKind::Utf16,
        cleanup_formatting: false,
        ..Options::default()
    })
}

/// The texts of all ideas, by id.
#[must_use]
pub fn ideas(txn: &impl ReadTxn) -> Vec<(String, TextRef)> {
    let Some(ideas) = txn.get_map("ideas") else { return Vec::new() };
    let texts = ideas.iter(txn).filter_map(|(id, value)| {
        let Out::YMap(map) = value else { return None };
        let Some(Out::YText(text)) = map.get(txn, "text") else { return None };
        Some((id.to_owned(), text))
    });
    let mut texts: Vec<_> = texts.collect();
    texts.sort_by(|one, other| one.0.cmp(&other.0));
    texts
}

/// The words of all ideas, by id.
#[must_use]
pub fn words(doc: &Doc) -> Vec<(String, String)> {
    let txn = doc.transact();
    ideas(&txn).into_iter().map(|(id, text)| (id, text.get_string(&txn))).collect()
}

/// Changes one text in one transaction; gives the update.
pub fn edit(doc: &Doc, chance: &mut Chance<'_>) -> Option<Vec<u8>> {
    let mut txn = doc.transact_mut();
    let texts = ideas(&txn);
    if texts.is_empty() {
        return None;
    }
    let text = &chance.pick(&texts).1;
    let now = text.get_string(&txn);
    let borders: Vec<u32> = borders(&now);
    let at = *chance.pick(&borders);
    match chance.below(8) {
        0..=4 => text.insert(&mut txn, at, WORDS[chance.below(WORDS.len())]),
        // Typed and deleted in one go: only tombstones are sent.
        5 => {
            text.insert(&mut txn, at, "oops");
            text.remove_range(&mut txn, at, 4);
        }
        _ => {
            let to = borders.iter().position(|border| *border == at).unwrap() + 1 + chance.below(6);
            let to = borders[to.min(borders.len() - 1)];
            if to > at {
                text.remove_range(&mut txn, at, to - at);
            }
        }
    }
    txn.commit();
    txn.has_changes().then(|| txn.encode_update_v1())
}

/// Where one may write: between characters, in UTF-16 units.
fn borders(text: &str) -> Vec<u32> {
    let mut borders = vec![0];
    let mut units = 0;
    for character in text.chars() {
        units += u32::try_from(character.len_utf16()).unwrap();
        borders.push(units);
    }
    borders
}
