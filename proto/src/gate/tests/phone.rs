//! A phone: a document of its own, what it wrote and did not send yet, and what it did not hear yet.

use yrs::updates::decoder::Decode;
use yrs::{Doc, GetString, Map, Out, ReadTxn, StateVector, Text, TextRef, Transact, TransactionMut, Update};

use super::super::Refusal;
use super::board::{Board, Taken, document, idea_id};

pub struct Phone {
    pub seat: u32,
    pub doc: Doc,
    pub queue: Vec<Vec<u8>>,
    pub inbox: Vec<Vec<u8>>,
}

impl Phone {
    /// A phone that has just opened the board.
    pub fn new(seat: u32, client: u64, board: &Board) -> Self {
        let phone = Self { seat, doc: document(client), queue: Vec::new(), inbox: Vec::new() };
        phone.apply(&board.snapshot());
        phone
    }

    pub fn apply(&self, update: &[u8]) {
        self.doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
    }

    pub fn hear(&mut self) {
        for update in std::mem::take(&mut self.inbox) {
            self.apply(&update);
        }
    }

    /// Edits the wording of an idea, if it is there, in one transaction; gives the update.
    pub fn edit(
        &mut self,
        idea: usize,
        edit: impl FnOnce(&mut TransactionMut<'_>, &TextRef),
    ) -> Option<Vec<u8>> {
        let mut txn = self.doc.transact_mut();
        let Some(Out::YMap(map)) = txn.get_map("ideas")?.get(&txn, &idea_id(idea).to_string()) else {
            return None;
        };
        let Some(Out::YText(text)) = map.get(&txn, "text") else { return None };
        edit(&mut txn, &text);
        txn.commit();
        let update = txn.encode_update_v1();
        drop(txn);
        self.queue.push(update.clone());
        Some(update)
    }

    pub fn insert(&mut self, idea: usize, at: u32, words: &str) -> Option<Vec<u8>> {
        self.edit(idea, |txn, text| {
            let at = boundary(&text.get_string(txn), at);
            text.insert(txn, at, words);
        })
    }

    pub fn delete(&mut self, idea: usize, at: u32, length: u32) -> Option<Vec<u8>> {
        self.edit(idea, |txn, text| {
            let now = text.get_string(txn);
            let (from, to) = (boundary(&now, at), boundary(&now, at.saturating_add(length)));
            if from < to {
                text.remove_range(txn, from, to - from);
            }
        })
    }

    /// What the server does not have, with the whole delete set.
    pub fn sync_step2(&self, board: &Board) -> Vec<u8> {
        let have: StateVector = board.doc.transact().state_vector();
        self.doc.transact().encode_state_as_update_v1(&have)
    }

    /// The handshake of a reconnect, in the order of the server: its step 1 first, so that this phone's step 2 is made
    /// before it hears what it missed.
    pub fn reconnect(&mut self, board: &mut Board) -> Result<Taken, Refusal> {
        board.check_state_vector(self.seat, &self.doc)?;
        let step2 = self.sync_step2(board);
        let missed = board.doc.transact().encode_state_as_update_v1(&self.doc.transact().state_vector());
        self.inbox.clear();
        self.apply(&missed);
        board.receive(self.seat, &step2)
    }
}

/// The next border between characters at or before `at`, counted in UTF-16 units.
fn boundary(text: &str, at: u32) -> u32 {
    let mut units = 0;
    for character in text.chars() {
        let next = units + character.len_utf16() as u32;
        if next > at {
            break;
        }
        units = next;
    }
    units
}
