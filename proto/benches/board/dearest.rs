//! The dearest document that the limits allow, and its load: for the bench that prints it and the test that bounds it (rule G7).
//!
//! A board of 10,000 ideas with every fact, a translation each, and as many words as a board may have; parts of texts,
//! replaced tallies, what is left of texts that are gone, and comparisons, each at its limit; and so much written since the
//! last snapshot that the next one is due.

use std::time::Duration;

use proto::gate::{GateLimits, Refusal, TextIndex};
use proto::ids::IdeaId;
use uuid::Uuid;
use yrs::{Any, Map, MapPrelim, MapRef, Out, ReadTxn, Text, TextPrelim, Transact, TransactionMut, WriteTxn};

use super::{Board, dead, document, interleave, take_in, timed, unbounded, update};

/// Ideas of one board, and translations of them (rule B7).
pub const IDEAS: u128 = 10_000;
pub const TRANSLATIONS: u128 = 5_000;
/// UTF-16 units of each idea and of each translation: six million together.
const UNITS: (usize, usize) = (500, 200);
/// Records after which a room writes a snapshot, whatever they cost.
const RECORDS_MAX: usize = 1_000;

fn key(idea: u128) -> String {
    IdeaId(Uuid::from_u128(idea)).to_string()
}

/// A board as large as it may be, as the server writes it: every fact of every idea, each counted once.
pub fn full_board(letter: &str) -> Board {
    let doc = document();
    let mut board = Board { doc: doc.clone(), index: TextIndex::default(), ends: Vec::new() };
    let mut txn = doc.transact_mut();
    let ideas = txn.get_or_insert_map("ideas");
    let (words, translation) = (letter.repeat(UNITS.0), letter.repeat(UNITS.1));
    for idea in 0..IDEAS {
        let map: MapRef = ideas.insert(&mut txn, key(idea), MapPrelim::default());
        map.insert(&mut txn, "text", TextPrelim::new(&*words));
        let tr: MapRef = map.insert(&mut txn, "tr", MapPrelim::default());
        for fact in ["point", "kind", "lang", "state", "into"] {
            map.insert(&mut txn, fact, "a-fact-of-an-idea");
        }
        for fact in ["spoken", "locked"] {
            map.insert(&mut txn, fact, true);
        }
        map.insert(&mut txn, "order", idea as i64);
        map.insert(&mut txn, "tally", Any::Null);
        if idea < TRANSLATIONS {
            tr.insert(&mut txn, "fr", TextPrelim::new(&*translation));
        }
    }
    for idea in 0..IDEAS {
        count(&mut txn, idea, 1);
    }
    drop(txn);
    let _ = board.index.learn(&board.snapshot());
    board.ends = ends(&board);
    board
}

/// Shows another tally of an idea.
fn count(txn: &mut TransactionMut<'_>, idea: u128, tally: i64) {
    let ideas = txn.get_or_insert_map("ideas");
    if let Some(Out::YMap(map)) = ideas.get(txn, &key(idea)) {
        map.insert(txn, "tally", tally);
    }
}

/// The last unit of each idea.
fn ends(board: &Board) -> Vec<super::Id> {
    let txn = board.doc.transact();
    let Some(ideas) = txn.get_map("ideas") else { return Vec::new() };
    let end = |idea| {
        let Some(Out::YMap(map)) = ideas.get(&txn, &key(idea)) else { return None };
        let Some(Out::YText(text)) = map.get(&txn, "text") else { return None };
        let unit = yrs::IndexedSequence::sticky_index(&text, &txn, text.len(&txn) - 1, yrs::Assoc::After)?;
        unit.id().map(|id| (id.client.get(), id.clock))
    };
    (0..IDEAS).filter_map(end).collect()
}

/// A change by the server, as it is in the journal.
fn written(board: &mut Board, write: impl FnOnce(&mut TransactionMut<'_>)) -> Vec<u8> {
    let mut txn = board.doc.transact_mut();
    write(&mut txn);
    txn.commit();
    let update = txn.encode_update_v1();
    drop(txn);
    let _ = board.index.learn(&update);
    update
}

/// Two client ids for a text.
fn clients(text: usize) -> [u64; 2] {
    [1_000 + 2 * text as u64, 900_000_000 - text as u64]
}

/// The dearest board, as the journal has it: the snapshot and what came since.
pub fn dearest(limits: &GateLimits) -> (Board, Vec<Vec<u8>>) {
    let mut board = full_board("漢");
    let work = limits.work;
    // What is left of texts that are gone.
    let mut gone = 0;
    while board.index.collected_parts() + 1_000 < work.collected_parts_max {
        let left = work.collected_parts_max - board.index.collected_parts();
        interleave(&mut board, gone, clients(gone), left.min(7_000) as u32 - 100, &unbounded());
        written(&mut board, |txn| {
            let ideas = txn.get_or_insert_map("ideas");
            if let Some(Out::YMap(map)) = ideas.get(txn, &key(gone as u128)) {
                map.insert(txn, "text", TextPrelim::new("漢".repeat(UNITS.0)));
            }
        });
        gone += 1;
    }
    // Tallies in turn, so that none is joined with the one before.
    let mut tally = 0;
    while board.index.work().replaced < work.replaced_values_max - 1_000 {
        tally += 1;
        written(&mut board, |txn| {
            let idea = |at: u128| (tally as u128 * 500 + at) % IDEAS;
            (0..500).for_each(|at| count(txn, idea(at), tally));
        });
    }
    contest(&mut board, limits);
    // Parts, but for those that come after the snapshot.
    for text in (gone..board.ends.len()).rev() {
        let left = (work.document_parts_max - 20_000).saturating_sub(board.index.work().parts);
        if left < 100 {
            break;
        }
        interleave(&mut board, text, clients(text), left.min(7_000) as u32, &unbounded());
    }
    let mut records = vec![board.snapshot()];
    records.extend(since_the_snapshot(&mut board, limits));
    (board, records)
}

/// Comparisons to their limit.
fn contest(board: &mut Board, limits: &GateLimits) {
    for end in board.ends.clone().into_iter().skip(100) {
        for client in (1..250u64).rev() {
            let client = client * 1_000_000 + u64::from(end.1);
            match board.send(update(&[(client, 0, vec![dead(end, None); 30])], &[]), limits).came {
                Ok(()) => {}
                Err(Refusal::DocumentFragmented) => return,
                Err(_) => break,
            }
        }
    }
}

/// So much by people and by the server that a snapshot is due.
fn since_the_snapshot(board: &mut Board, limits: &GateLimits) -> Vec<Vec<u8>> {
    let (mut records, mut spent) = (Vec::new(), 0);
    let mut at = 0u32;
    while spent < limits.work.replayed_steps_max && records.len() < RECORDS_MAX && at < 3_000 {
        let end = board.ends[5_000 + at as usize];
        // Some frames that are as dear as any, and then so many small ones that a snapshot is due.
        let room_left = board.index.work().parts + 2_000 < limits.work.document_parts_max;
        let frame = chain(end, 700_000_000 + 2 * u64::from(at), if room_left { 1_900 } else { 1 });
        let cost = board.send(frame.clone(), limits);
        if cost.came.is_ok() {
            spent += cost.steps;
            records.push(frame);
        }
        if board.index.work().replaced + 2 < limits.work.replaced_values_max && at.is_multiple_of(2) {
            records.push(written(board, |txn| count(txn, u128::from(at), 9)));
            spent += board.index.steps_spent();
        }
        at += 1;
    }
    records
}

/// A frame of structs behind each other by two client ids in turn, so that none is joined with the one before.
fn chain(mut end: super::Id, client: u64, count: u32) -> Vec<u8> {
    let mut sections = [(client, 0, Vec::new()), (client + 1, 0, Vec::new())];
    for at in 0..count {
        let (client, _, structs) = &mut sections[at as usize % 2];
        structs.push(dead(end, None));
        end = (*client, at / 2);
    }
    let sections: Vec<_> = sections.into_iter().filter(|section| !section.2.is_empty()).collect();
    update(&sections, &[])
}

/// What a load took: in all, then yrs and gate for the snapshot, and both for what came since; and the steps of the gate.
#[derive(Clone, Copy)]
pub struct Load {
    pub whole: Duration,
    pub yrs: Duration,
    pub gate: Duration,
    pub since: Duration,
    pub steps: u64,
}

/// Loads a document as the server does: yrs and the gate read the snapshot side by side.
pub fn load(records: &[Vec<u8>]) -> (Load, TextIndex) {
    let (doc, mut index) = (document(), TextIndex::default());
    let (snapshot, since) = records.split_first().map_or((&[][..], &[][..]), |(first, rest)| (first, rest));
    let mut steps = 0;
    let (((yrs, gate), since), whole) = timed(|| {
        let snapshot = std::thread::scope(|scope| {
            let learning = scope.spawn(|| timed(|| index.learn(snapshot).is_ok()).1);
            let yrs = timed(|| take_in(&doc, snapshot)).1;
            (yrs, learning.join().unwrap_or_default())
        });
        steps += index.steps_spent();
        let since = timed(|| {
            for record in since {
                take_in(&doc, record);
                let _ = index.learn(record);
                steps += index.steps_spent();
            }
        });
        (snapshot, since.1)
    });
    (Load { whole, yrs, gate, since, steps }, index)
}
