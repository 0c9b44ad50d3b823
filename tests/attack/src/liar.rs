//! A hostile seat: updates of an honest phone with a few bytes changed, well-formed updates with false references,
//! other people's frames, and noise where state vectors and awareness are expected.

use bytes::Bytes;
use yrs::branch::BranchID;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Assoc, Doc, IndexedSequence, ReadTxn, StateVector, Text, TextRef, Transact, Update};

use crate::Chance;
use crate::forge::{Forged, Id, Ranges, Section, kind, message, number, string, update};
use crate::mutate::mutate;
use crate::phone::{FIRST_HONEST, WORDS, document, edit, ideas};
use crate::room::{Connection, Heard, LiveRoom, SERVER};

/// Its client ids; the last ones belong to an honest phone and to the server.
const CLIENTS: [u64; 7] = [9001, 9002, 9003, 9004, 9005, FIRST_HONEST, SERVER];

/// Awareness states, honest and not.
const STATES: [&str; 5] = ["null", "{}", "{\"idea\":null}", "[[[[", "{\"idea\":{\"a\":1}}"];

/// Frames that it keeps to send them again.
const KEPT_MAX: usize = 64;

/// A hostile seat and its connection.
pub struct Liar {
    connection: Connection,
    seat: u8,
    kept: Vec<Bytes>,
    /// Frames that it sent.
    pub sent: usize,
    /// Of these, acknowledged.
    pub taken: usize,
}

impl Liar {
    /// A seat that opens the board.
    pub fn open(room: &mut LiveRoom, seat: u8) -> Self {
        let connection = room.connect(seat);
        Self { connection, seat, kept: Vec::new(), sent: 0, taken: 0 }
    }

    /// Keeps a frame of somebody else.
    pub fn overhear(&mut self, update: &[u8]) {
        let frame = message(&self.connection.key, kind::UPDATE, update);
        if self.kept.len() < KEPT_MAX {
            self.kept.push(frame);
        } else {
            let at = self.sent % KEPT_MAX;
            self.kept[at] = frame;
        }
    }

    /// Sends one frame. `board`: a document with all that was fanned out.
    pub fn attack(&mut self, room: &mut LiveRoom, board: &Doc, chance: &mut Chance<'_>) {
        let frame = match chance.below(12) {
            0..=3 => self.nearly_honest(board, chance),
            4..=8 => {
                let mut bytes = forged_update(board, chance);
                let times = if chance.percent(20) { 1 + chance.below(2) } else { 0 };
                mutate(&mut bytes, times, chance);
                self.as_edit(&bytes, chance)
            }
            9..=10 if !self.kept.is_empty() => {
                let mut bytes = chance.pick(&self.kept).to_vec();
                let times = chance.below(4);
                mutate(&mut bytes, times, chance);
                bytes.into()
            }
            _ => self.beside(board, chance),
        };
        self.sent += 1;
        room.say(&self.connection, &frame);
    }

    /// Takes note of what it was told, and comes back after a refusal.
    pub fn listen(&mut self, room: &mut LiveRoom) {
        for heard in self.connection.heard() {
            match heard {
                Heard::Acknowledged => self.taken += 1,
                Heard::Refused(..) => {
                    room.leave(&self.connection);
                    self.connection = room.connect(self.seat);
                }
                Heard::Behind(theirs) => room.behind(&self.connection, theirs),
                Heard::Step1(_) | Heard::Update(_) | Heard::Awareness => {}
            }
        }
    }

    fn as_edit(&self, bytes: &[u8], chance: &mut Chance<'_>) -> Bytes {
        let kind = if chance.percent(15) { kind::STEP2 } else { kind::UPDATE };
        message(&self.connection.key, kind, bytes)
    }

    /// What an honest phone would send from here, with up to three bytes changed.
    fn nearly_honest(&self, board: &Doc, chance: &mut Chance<'_>) -> Bytes {
        let doc = document(*chance.pick(&CLIENTS));
        let all = board.transact().encode_state_as_update_v1(&StateVector::default());
        doc.transact_mut().apply_update(Update::decode_v1(&all).unwrap()).unwrap();
        let mut bytes = edit(&doc, chance).unwrap_or_default();
        if chance.percent(20) {
            edit(&doc, chance);
            bytes = doc.transact().encode_diff_v1(&board.transact().state_vector());
        }
        let times = chance.below(4);
        mutate(&mut bytes, times, chance);
        self.as_edit(&bytes, chance)
    }

    /// State vectors, awareness and envelopes.
    fn beside(&self, board: &Doc, chance: &mut Chance<'_>) -> Bytes {
        let key = &self.connection.key;
        if chance.percent(50) {
            let mut state = board.transact().state_vector().encode_v1();
            let times = chance.below(3);
            mutate(&mut state, times, chance);
            return message(key, kind::STEP1, &state);
        }
        let mut awareness = vec![1];
        number(&mut awareness, *chance.pick(&CLIENTS));
        number(&mut awareness, chance.below(200) as u64);
        string(&mut awareness, STATES[chance.below(STATES.len())]);
        let times = chance.below(3);
        mutate(&mut awareness, times, chance);
        let mut frame = message(key, kind::AWARENESS, &awareness).to_vec();
        let times = chance.below(2);
        mutate(&mut frame, times, chance);
        frame.into()
    }
}

/// A well-formed update whose references are anything that is near.
#[must_use]
pub fn forged_update(board: &Doc, chance: &mut Chance<'_>) -> Vec<u8> {
    let txn = board.transact();
    let state = txn.state_vector();
    let known = |client: u64| state.get(&yrs::ClientID::new(client));
    let texts = ideas(&txn);
    let mut sections: Vec<Section> = Vec::new();
    for _ in 0..1 + chance.below(3) {
        let usable = if chance.percent(90) { 5 } else { 7 };
        let client = CLIENTS[chance.below(usable)];
        if sections.iter().any(|section| section.0 == client) {
            continue;
        }
        let first = match chance.below(10) {
            0..=7 => known(client),
            8 => known(client).saturating_sub(chance.below(6) as u32),
            _ => known(client).saturating_add(chance.below(3) as u32),
        };
        let (mut next, mut structs) = (first, Vec::new());
        let text = (!texts.is_empty()).then(|| &chance.pick(&texts).1);
        for _ in 0..1 + chance.below(4) {
            let forged = forge(&txn, text, (client, next), &known, chance);
            next = next.saturating_add(forged.units());
            structs.push(forged);
        }
        sections.push((client, first, structs));
    }
    sections.sort_by_key(|section| std::cmp::Reverse(section.0));
    update(&sections, &deletes(&known, chance))
}

fn forge(
    txn: &impl ReadTxn,
    text: Option<&TextRef>,
    (client, next): Id,
    known: &impl Fn(u64) -> u32,
    chance: &mut Chance<'_>,
) -> Forged {
    let words = if chance.percent(80) {
        Ok((*chance.pick(&WORDS)).to_owned())
    } else {
        Err(1 + chance.below(5) as u32)
    };
    let parent = text.and_then(|text| match AsRef::<yrs::branch::Branch>::as_ref(text).id() {
        BranchID::Nested(id) => Some((id.client.get(), id.clock)),
        BranchID::Root(_) => None,
    });
    let (mut left, mut right) = (None, None);
    match chance.below(20) {
        0..=8 => {
            let at = text.map_or(0, |text| chance.below(text.len(txn) as usize + 1) as u32);
            let skipped = if chance.percent(50) { 0 } else { chance.below(4) as u32 };
            left = at.checked_sub(1).and_then(|at| unit(txn, text?, at));
            right = text.filter(|_| chance.percent(80)).and_then(|text| unit(txn, text, at + skipped));
        }
        9..=12 => {
            let mut within = |percent| {
                let at = text.map_or(0, |text| chance.below(text.len(txn) as usize) as u32);
                text.filter(|_| chance.percent(percent)).and_then(|text| unit(txn, text, at))
            };
            (left, right) = (within(75), within(75));
        }
        13..=15 => left = Some((client, next.saturating_sub(1))),
        16..=17 => {
            let mut near = |percent| chance.percent(percent).then(|| near(known, chance));
            (left, right) = (near(60), near(60));
        }
        18 => {}
        _ => return Forged::Gc(1 + chance.below(5) as u32),
    }
    Forged::Item { left, right, parent, words }
}

/// The id of a visible character of a text.
fn unit(txn: &impl ReadTxn, text: &TextRef, at: u32) -> Option<Id> {
    let position = text.sticky_index(txn, at, Assoc::After)?;
    position.id().map(|id| (id.client.get(), id.clock))
}

fn near(known: &impl Fn(u64) -> u32, chance: &mut Chance<'_>) -> Id {
    let client = *chance.pick(&CLIENTS);
    (client, known(client).saturating_sub(chance.below(40) as u32))
}

fn deletes(known: &impl Fn(u64) -> u32, chance: &mut Chance<'_>) -> Vec<Ranges> {
    let mut deletes: Vec<Ranges> = Vec::new();
    let clients = if chance.percent(30) { 1 + chance.below(2) } else { 0 };
    for _ in 0..clients {
        let (client, start) = near(known, chance);
        if deletes.iter().all(|(other, _)| *other != client) {
            deletes.push((client, vec![(start, 1 + chance.below(5) as u32)]));
        }
    }
    deletes
}
