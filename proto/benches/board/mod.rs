//! A board as the server keeps it, and frames and times for the benches about work (rule G7).

#![allow(dead_code, reason = "each bench uses a part of it")]

pub mod chance;
pub mod dearest;

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use proto::gate::{Bindings, GateLimits, Refusal, Resolved, TextEdit, TextIndex, WorkLimits};
use proto::ids::{ClientId, IdeaId};
use uuid::Uuid;
use yrs::updates::decoder::Decode;
use yrs::{
    ClientID, Doc, Map, MapPrelim, MapRef, OffsetKind, Options, ReadTxn, StateVector, TextPrelim, Transact,
    Update, WriteTxn,
};

/// The attacks write their updates with it, too.
#[path = "../../../tests/attack/src/forge.rs"]
#[expect(clippy::unwrap_used, reason = "written for tests")]
mod forge;

use forge::Forged;
pub use forge::{Id, Ranges};

pub const SERVER: u64 = 1 << 32;

pub struct Anybody;

impl Bindings for Anybody {
    fn may_use(&self, _: ClientId) -> bool {
        true
    }
}

/// A struct behind `left` and before `right`; a letter, or deleted.
#[derive(Clone, Copy)]
pub struct Struct {
    pub left: Option<Id>,
    pub right: Option<Id>,
    pub letter: bool,
}

pub fn dead(left: Id, right: Option<Id>) -> Struct {
    Struct { left: Some(left), right, letter: false }
}

pub type Section = (u64, u32, Vec<Struct>);

impl From<&Struct> for Forged {
    fn from(&Struct { left, right, letter }: &Struct) -> Self {
        let words = if letter { Ok("x".to_owned()) } else { Err(1) };
        Self::Item { left, right, parent: None, words }
    }
}

pub fn update(sections: &[Section], deletes: &[Ranges]) -> Vec<u8> {
    let forged = |(client, clock, structs): &Section| {
        (*client, *clock, structs.iter().map(Forged::from).collect::<Vec<_>>())
    };
    forge::update(&sections.iter().map(forged).collect::<Vec<_>>(), deletes)
}

/// A board as the server keeps it.
pub struct Board {
    pub doc: Doc,
    pub index: TextIndex,
    /// The last unit of each text.
    pub ends: Vec<Id>,
}

pub struct Cost {
    pub steps: u64,
    pub gate: Duration,
    pub yrs: Duration,
    pub came: Result<(), Refusal>,
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is about time")]
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let came = black_box(work());
    (came, start.elapsed())
}

pub fn document() -> Doc {
    document_of(SERVER)
}

pub fn document_of(client: u64) -> Doc {
    Doc::with_options(Options {
        client_id: ClientID::new(client),
        offset_kind: OffsetKind::Utf16,
        cleanup_formatting: false,
        ..Options::default()
    })
}

/// As a room that is loaded takes in a record.
pub fn take_in(doc: &Doc, update: &[u8]) {
    let mut txn = doc.transact_mut();
    if let Ok(update) = Update::decode_v1(update) {
        let _ = txn.apply_update(update);
    }
    txn.commit();
}

/// As a room takes in an edit: what came of it is encoded for everybody.
pub fn apply(doc: &Doc, update: &[u8]) -> usize {
    let mut txn = doc.transact_mut();
    if let Ok(update) = Update::decode_v1(update) {
        let _ = txn.apply_update(update);
    }
    txn.commit();
    txn.encode_update_v1().len()
}

impl Cost {
    pub fn time(&self) -> Duration {
        self.gate + self.yrs
    }
}

impl Board {
    /// So many ideas with these words.
    pub fn new(texts: u128, words: &str) -> Self {
        let doc = document();
        let mut txn = doc.transact_mut();
        let ideas = txn.get_or_insert_map("ideas");
        let mut board = Self { doc: doc.clone(), index: TextIndex::default(), ends: Vec::new() };
        let mut clock = 0;
        for idea in 0..texts {
            let id = IdeaId(Uuid::from_u128(idea)).to_string();
            let map: MapRef = ideas.insert(&mut txn, id, MapPrelim::default());
            map.insert(&mut txn, "text", TextPrelim::new(words));
            clock += 2 + words.len() as u32;
            board.ends.push((SERVER, clock - 1));
        }
        drop(txn);
        let _ = board.index.learn(&board.snapshot());
        board
    }

    pub fn snapshot(&self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(&StateVector::default())
    }

    pub fn send(&mut self, frame: Vec<u8>, limits: &GateLimits) -> Cost {
        let refused = |came, steps, gate| Cost { steps, gate, yrs: Duration::ZERO, came: Err(came) };
        let edit = match TextEdit::read(Bytes::from(frame), limits) {
            Ok(edit) => edit,
            Err(refusal) => return refused(refusal, 0, Duration::ZERO),
        };
        let (resolved, gate) = timed(|| self.index.resolve(&edit, &Anybody, limits));
        let steps = self.index.steps_spent();
        match resolved {
            Ok(Resolved::Edit(edit)) => {
                let (_, yrs) = timed(|| apply(&self.doc, edit.bytes()));
                let ((), admitted) = timed(|| self.index.admit(edit));
                Cost { steps, gate: gate + admitted, yrs, came: Ok(()) }
            }
            Ok(Resolved::Nothing | Resolved::Gap) => refused(Refusal::Unknown, steps, gate),
            Err(refusal) => refused(refusal, steps, gate),
        }
    }

    pub fn load(&self, what: &str) {
        let snapshot = self.snapshot();
        let doc = document();
        let ((), yrs) = timed(|| take_in(&doc, &snapshot));
        let mut index = TextIndex::default();
        let (_, learn) = timed(|| index.learn(&snapshot).is_ok());
        let work = self.index.work();
        println!(
            "{what:66} {:>7} KiB {:>7} parts, bound {:>8}: {:>8} steps, gate {:>7.1} ms, yrs {:>7.1} ms",
            snapshot.len() / 1024,
            work.parts,
            work.load_steps,
            index.steps_spent(),
            learn.as_secs_f64() * 1e3,
            yrs.as_secs_f64() * 1e3
        );
    }
}

pub fn show(what: &str, cost: &Cost) {
    let word = match cost.came {
        Ok(()) => "taken".to_owned(),
        Err(refusal) => format!("{refusal}"),
    };
    let (gate, yrs) = (cost.gate.as_secs_f64() * 1e6, cost.yrs.as_secs_f64() * 1e6);
    println!(
        "{what:66} {:>9} steps, gate {gate:>8.0} µs, yrs {yrs:>8.0} µs, {:>4.0} ns a step: {word}",
        cost.steps,
        (gate + yrs) * 1e3 / cost.steps.max(1) as f64
    );
}

/// Limits that let everything through, however much work it makes.
pub fn unbounded() -> GateLimits {
    let work = WorkLimits {
        frame_steps_max: u64::MAX,
        text_parts_max: u64::MAX,
        client_blocks_max: u64::MAX,
        document_parts_max: u64::MAX,
        load_steps_max: u64::MAX,
        ..WorkLimits::default()
    };
    GateLimits { work, inserted_per_life_factor: 100, ..GateLimits::default() }
}

/// `runs` one-unit runs of two client ids in turn behind each other; the dearest frame.
pub fn interleave(board: &mut Board, text: usize, clients: [u64; 2], runs: u32, limits: &GateLimits) -> Cost {
    let mut worst = Cost { steps: 0, gate: Duration::ZERO, yrs: Duration::ZERO, came: Ok(()) };
    let mut end = board.ends[text];
    let mut clock =
        clients.map(|client| board.index.state().find(|(id, _)| id.0 == client).map_or(0, |(_, next)| next));
    let mut left = runs;
    while left > 0 {
        let mut sections: [Section; 2] =
            [(clients[0], clock[0], Vec::new()), (clients[1], clock[1], Vec::new())];
        for at in 0..left.min(2_000) {
            let who = at as usize % 2;
            sections[who].2.push(dead(end, None));
            end = (clients[who], clock[who]);
            clock[who] += 1;
        }
        left -= left.min(2_000);
        let cost = board.send(update(&sections, &[]), limits);
        if cost.came.is_err() || cost.gate + cost.yrs > worst.gate + worst.yrs {
            worst = cost;
        }
    }
    board.ends[text] = end;
    worst
}
