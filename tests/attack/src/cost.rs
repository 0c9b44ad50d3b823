//! A board for attacks on cost (rule G7): frames that make as much work as they can, under small limits, so that a fuzzer
//! reaches them with few bytes.
//!
//! What must hold: no frame costs more steps than its budget, and whatever was let through, a load of the board costs no
//! more than the index says. How dear things got is a path through the code, so a fuzzer that looks for new paths looks
//! for dearer frames and loads.

use std::hint::black_box;

use bytes::Bytes;
use proto::gate::{Bindings, GateLimits, Resolved, TextEdit, TextIndex, WorkLimits};
use proto::ids::{ClientId, IdeaId};
use uuid::Uuid;
use yrs::updates::decoder::Decode;
use yrs::{Doc, Map, MapPrelim, MapRef, ReadTxn, StateVector, TextPrelim, Transact, Update, WriteTxn};

use crate::Chance;
use crate::forge::{Forged, Id, Ranges, Section, update};
use crate::phone::document;
use crate::room::SERVER;

const IDEAS: u128 = 3;
const FRAMES_MAX: usize = 60;

/// What one price may be at most, paid at once: so much may be spent beyond a budget.
const AT_ONCE: u64 = 200;

struct Anybody;

impl Bindings for Anybody {
    fn may_use(&self, client: ClientId) -> bool {
        !client.is_server()
    }
}

/// What an attack came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dearest {
    /// Frames that were let through.
    pub taken: usize,
    /// Steps of the dearest frame.
    pub frame: u64,
    /// Steps of the load afterwards.
    pub load: u64,
    /// What the index allows that load.
    pub bound: u64,
}

struct Board {
    doc: Doc,
    index: TextIndex,
    /// Units of each text that an attack may refer to, in the order in which they came.
    units: [Vec<Id>; IDEAS as usize],
    limits: GateLimits,
}

/// Small limits: what a large board meets after minutes is met here after some frames.
fn limits() -> GateLimits {
    let work = WorkLimits {
        frame_steps_max: 3_000,
        text_parts_max: 400,
        client_blocks_max: 300,
        document_parts_max: 900,
        load_steps_max: 4_000,
        ..WorkLimits::default()
    };
    GateLimits { work, ..GateLimits::default() }
}

impl Board {
    fn new() -> Self {
        let doc = document(SERVER);
        let mut txn = doc.transact_mut();
        let ideas = txn.get_or_insert_map("ideas");
        for idea in 0..IDEAS {
            let map: MapRef =
                ideas.insert(&mut txn, IdeaId(Uuid::from_u128(idea)).to_string(), MapPrelim::default());
            map.insert(&mut txn, "text", TextPrelim::new("abc"));
        }
        drop(txn);
        let mut index = TextIndex::default();
        index.learn(&snapshot(&doc)).unwrap();
        // Of each idea the server wrote its map, its text, and three letters.
        let units = [0u32, 1, 2].map(|idea| (2..5).map(|unit| (SERVER, 5 * idea + unit)).collect());
        Self { doc, index, units, limits: limits() }
    }

    fn next(&self, client: u64) -> u32 {
        self.index.state().find(|(id, _)| id.0 == client).map_or(0, |(_, next)| next)
    }

    fn frame(&self, chance: &mut Chance<'_>) -> (Vec<u8>, usize, Vec<Id>) {
        let text = chance.below(self.units.len());
        let mut units = self.units[text].clone();
        let mut new = Vec::new();
        let mut sections: Vec<Section> = Vec::new();
        for _ in 0..=chance.below(3) {
            let client = 1 + 1_000 * chance.below(40) as u64;
            if sections.iter().any(|section| section.0 == client) {
                continue;
            }
            let start = self.next(client);
            let (mut clock, mut structs) = (start, Vec::new());
            // Behind one unit again and again, or behind each other; before nothing, or before one of the last.
            let (mut left, chained) = (*chance.pick(&units), chance.percent(50));
            let near = units.len().saturating_sub(1 + chance.below(4));
            let right = if chance.percent(50) { None } else { units.get(near).copied() };
            for at in 0..=chance.below(24) {
                let words = if at % 2 == 0 && chance.percent(60) { Ok("z".to_owned()) } else { Err(1) };
                structs.push(Forged::Item { left: Some(left), right, parent: None, words });
                new.push((client, clock));
                if chained {
                    left = (client, clock);
                }
                clock += 1;
            }
            units.extend(&new);
            sections.push((client, start, structs));
        }
        let mut deletes: Vec<Ranges> = Vec::new();
        if chance.percent(30) {
            let (client, clock) = *chance.pick(&self.units[text]);
            let length = 1 + u32::try_from(chance.below(60)).unwrap();
            deletes.push((client, vec![(clock, length.min(self.next(client).saturating_sub(clock)).max(1))]));
        }
        (update(&sections, &deletes), text, new)
    }

    /// Sends a frame; gives its steps when it was let through.
    fn send(&mut self, frame: Vec<u8>) -> Option<u64> {
        let limits = self.limits.for_sync_step2(self.index.delete_ranges());
        let edit = TextEdit::read(Bytes::from(frame), &limits).ok()?;
        let resolved = self.index.resolve(&edit, &Anybody, &limits);
        let (spent, budget) = (self.index.steps_spent(), limits.work.frame_steps_max);
        assert!(spent <= budget + AT_ONCE, "a frame of {spent} steps, budget {budget}");
        let Ok(Resolved::Edit(edit)) = resolved else { return None };
        assert_eq!(edit.steps(), spent);
        let mut txn = self.doc.transact_mut();
        txn.apply_update(Update::decode_v1(edit.bytes()).unwrap()).unwrap();
        drop(txn);
        self.index.admit(edit);
        Some(spent)
    }
}

fn snapshot(doc: &Doc) -> Vec<u8> {
    doc.transact().encode_state_as_update_v1(&StateVector::default())
}

/// An attack as these choices say.
///
/// # Panics
/// When a frame or the load afterwards costs more than it may.
pub fn attack(mut chance: Chance<'_>) -> Dearest {
    let mut board = Board::new();
    let mut dearest = Dearest::default();
    for _ in 0..FRAMES_MAX {
        if chance.is_over() {
            break;
        }
        let (frame, text, new) = board.frame(&mut chance);
        if let Some(steps) = board.send(frame) {
            board.units[text].extend(new);
            dearest.taken += 1;
            dearest.frame = dearest.frame.max(steps);
        }
    }
    let mut again = TextIndex::default();
    again.learn(&snapshot(&board.doc)).unwrap();
    let others = 15 + board.index.collected_parts();
    (dearest.load, dearest.bound) = (again.steps_spent(), board.index.work().steps_of_a_load(others));
    assert!(dearest.load <= dearest.bound, "{dearest:?}");
    assert!(board.index.work().load_steps <= board.limits.work.load_steps_max, "{dearest:?}");
    rung(dearest.frame / 64);
    rung(dearest.load / 512);
    dearest
}

/// One path through the code for each height, so that a fuzzer climbs.
#[inline(never)]
fn rung(height: u64) {
    macro_rules! rungs {
        ($($rung:literal)*) => { $(if height > $rung { black_box($rung); })* };
    }
    rungs!(1 2 3 4 5 6 7 8 10 12 14 16 18 20 22 24 26 28 30 32 34 36 38 40 42 44 46 48 52 56 60 64 72 80 96 112 128);
}
