//! What a step of the gate's meter costs (rule G7): `cargo bench -p plenum-proto --bench work`.
//!
//! Worst-case frames on worst-case texts, each with its steps, the time of the gate and the time of yrs side by side, and
//! how long a load of the board takes afterwards. Prints; compares nothing.

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

const SERVER: u64 = 1 << 32;

struct Anybody;

impl Bindings for Anybody {
    fn may_use(&self, _: ClientId) -> bool {
        true
    }
}

type Id = (u64, u32);

/// A struct behind `left` and before `right`; a letter, or deleted.
#[derive(Clone, Copy)]
struct Struct {
    left: Option<Id>,
    right: Option<Id>,
    letter: bool,
}

fn dead(left: Id, right: Option<Id>) -> Struct {
    Struct { left: Some(left), right, letter: false }
}

type Section = (u64, u32, Vec<Struct>);

fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn update(sections: &[Section], deletes: &[(u64, Vec<(u32, u32)>)]) -> Vec<u8> {
    let mut out = Vec::new();
    number(&mut out, sections.len() as u64);
    for (client, clock, structs) in sections {
        number(&mut out, structs.len() as u64);
        number(&mut out, *client);
        number(&mut out, u64::from(*clock));
        for item in structs {
            let origins =
                if item.left.is_some() { 0x80 } else { 0 } + if item.right.is_some() { 0x40 } else { 0 };
            out.push(origins + if item.letter { 4 } else { 1 });
            for (client, clock) in item.left.iter().chain(&item.right) {
                number(&mut out, *client);
                number(&mut out, u64::from(*clock));
            }
            out.extend_from_slice(if item.letter { &[1, b'x'] } else { &[1] });
        }
    }
    number(&mut out, deletes.len() as u64);
    for (client, ranges) in deletes {
        number(&mut out, *client);
        number(&mut out, ranges.len() as u64);
        for (start, length) in ranges {
            number(&mut out, u64::from(*start));
            number(&mut out, u64::from(*length));
        }
    }
    out
}

/// A board as the server keeps it.
struct Board {
    doc: Doc,
    index: TextIndex,
    /// The last unit of each text.
    ends: Vec<Id>,
}

struct Cost {
    steps: u64,
    gate: Duration,
    yrs: Duration,
    came: Result<(), Refusal>,
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is about time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let came = black_box(work());
    (came, start.elapsed())
}

fn document() -> Doc {
    Doc::with_options(Options {
        client_id: ClientID::new(SERVER),
        offset_kind: OffsetKind::Utf16,
        cleanup_formatting: false,
        ..Options::default()
    })
}

fn apply(doc: &Doc, update: &[u8]) -> usize {
    let mut txn = doc.transact_mut();
    if let Ok(update) = Update::decode_v1(update) {
        let _ = txn.apply_update(update);
    }
    txn.commit();
    txn.encode_update_v1().len()
}

impl Board {
    /// So many ideas with these words.
    fn new(texts: u128, words: &str) -> Self {
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

    fn snapshot(&self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(&StateVector::default())
    }

    fn send(&mut self, frame: Vec<u8>, limits: &GateLimits) -> Cost {
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

    fn load(&self, what: &str) {
        let snapshot = self.snapshot();
        let doc = document();
        let (_, yrs) = timed(|| apply(&doc, &snapshot));
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

fn show(what: &str, cost: &Cost) {
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

fn unbounded() -> GateLimits {
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
fn interleave(board: &mut Board, text: usize, clients: [u64; 2], runs: u32, limits: &GateLimits) -> Cost {
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

/// Finding 1: 17,800 runs in turn, then siblings behind the first letter.
fn finding_one() {
    let (open, limits) = (unbounded(), GateLimits::default());
    let mut board = Board::new(1, "x");
    let first = board.ends[0];
    show(
        "17,800 runs by two: the dearest of the frames",
        &interleave(&mut board, 0, [1_001, 2_000_001], 17_800, &open),
    );
    board.load("  its load");
    let mut client = 4_000_000_000;
    for count in [60, 250, 2_000] {
        let frame = update(&[(client, 0, vec![dead(first, None); count])], &[]);
        show(&format!("{count} siblings behind its first letter"), &board.send(frame, &limits));
        client += 1;
    }
    let frame = update(&[(client, 0, vec![dead(first, None); 60])], &[]);
    show("60 of them, with no bound", &board.send(frame, &open));
    board.load("  its load");
}

fn many_texts(texts: usize, runs: u32) {
    let open = unbounded();
    let mut board = Board::new(texts as u128, "x");
    let mut worst: Option<Cost> = None;
    for text in 0..texts {
        let clients = [1_000 + 2 * text as u64, 900_000_000 - text as u64];
        let cost = interleave(&mut board, text, clients, runs, &open);
        if worst.as_ref().is_none_or(|worst| worst.gate + worst.yrs < cost.gate + cost.yrs) {
            worst = Some(cost);
        }
    }
    if let Some(worst) = worst {
        show(&format!("{texts} texts of {runs} runs: the dearest frame"), &worst);
    }
    board.load("  its load");
}

/// Cheap now, dear at a load: siblings of ever smaller client ids, 30 in a frame, until the limits say no.
fn contested(limits: &GateLimits, texts: u128) {
    let mut board = Board::new(texts, "x");
    let ends = board.ends.clone();
    let mut sum = (0u64, Duration::ZERO, 0u32);
    'all: for end in ends {
        for client in (1..250u64).rev() {
            let frame = update(&[(client * 1_000_000 + u64::from(end.1), 0, vec![dead(end, None); 30])], &[]);
            let cost = board.send(frame, limits);
            if let Err(refusal) = cost.came {
                println!("  siblings of smaller ids: {refusal} after {} frames", sum.2);
                if refusal == Refusal::DocumentFragmented {
                    break 'all;
                }
                break;
            }
            sum = (sum.0 + cost.steps, sum.1 + cost.gate + cost.yrs, sum.2 + 1);
        }
    }
    println!("  {} frames cost {} steps and {:.1} ms", sum.2, sum.0, sum.1.as_secs_f64() * 1e3);
    board.load(&format!("siblings in {texts} texts: the load"));
}

/// Cuts into what stands at the front of the array of a client id with very many blocks.
fn cuts(limits: &GateLimits, lane: u32) {
    let open = unbounded();
    let words = "x".repeat(900);
    let mut board = Board::new(40, &words);
    let writer = 77;
    let end = board.ends[0];
    // 900 letters that follow each other: one block.
    let mut letters = vec![Struct { left: Some(end), right: None, letter: true }];
    letters.extend((0..80).map(|at| Struct { left: Some((writer, at)), right: None, letter: true }));
    show("81 letters", &board.send(update(&[(writer, 0, letters)], &[]), &open));
    let mut clock = 81;
    while clock < lane {
        let text = board.ends[1 + (clock as usize / 2_000) % 39];
        let structs = vec![dead(text, None); 2_000];
        board.send(update(&[(writer, clock, structs)], &[]), &open);
        clock += 2_000;
    }
    for count in [20u32, 80] {
        let client = 5_000 + u64::from(count);
        let structs = (0..count).map(|at| dead((writer, at), Some((writer, at + 1)))).collect();
        show(
            &format!("{count} cuts at the front of {lane} blocks"),
            &board.send(update(&[(client, 0, structs)], &[]), &open),
        );
    }
    // Letters and deletions in turn: when the letters go, all of it becomes one block, piece by piece.
    let mut board = Board::new(40, "x");
    let writer = 78;
    let mut last = board.ends[1];
    let structs = (0..1_900u32).map(|at| {
        let item = Struct { left: Some(last), right: None, letter: at % 2 == 0 };
        last = (writer, at);
        item
    });
    let structs = structs.collect();
    show("letters and deletions in turn", &board.send(update(&[(writer, 0, structs)], &[]), &open));
    let mut clock = 1_900;
    while clock < lane {
        let structs = vec![dead(board.ends[2 + (clock as usize / 2_000) % 38], None); 2_000];
        board.send(update(&[(writer, clock, structs)], &[]), &open);
        clock += 2_000;
    }
    show("one range over 1,000 of them", &board.send(update(&[], &[(writer, vec![(0, 1_900)])]), limits));
    show("one range over 50 of them", &board.send(update(&[], &[(writer, vec![(0, 100)])]), &open));
    show("one range over the rest", &board.send(update(&[], &[(writer, vec![(100, 1_800)])]), &open));
}

/// The server replaces a text.
fn replaced(runs: u32) {
    let mut board = Board::new(2, "x");
    interleave(&mut board, 0, [1_001, 2_000_001], runs, &unbounded());
    let (update, yrs) = timed(|| {
        let mut txn = board.doc.transact_mut();
        let ideas = txn.get_or_insert_map("ideas");
        if let Some(yrs::Out::YMap(map)) = ideas.get(&txn, &IdeaId(Uuid::from_u128(0)).to_string()) {
            map.insert(&mut txn, "text", TextPrelim::new("x"));
        }
        txn.commit();
        txn.encode_update_v1()
    });
    let (_, gate) = timed(|| board.index.learn(&update).is_ok());
    let (gate, yrs) = (gate.as_secs_f64() * 1e3, yrs.as_secs_f64() * 1e3);
    println!("a text of {runs} runs is replaced: {} bytes, gate {gate:.1} ms, yrs {yrs:.1} ms", update.len());
    board.load("  its load");
}

fn main() {
    let limits = GateLimits::default();
    finding_one();
    many_texts(50, 4_000);
    many_texts(50, 8_000);
    contested(&limits, 1);
    contested(&limits, 50);
    cuts(&limits, 30_000);
    replaced(7_400);
    replaced(17_800);
}
