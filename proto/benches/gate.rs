//! How long the gate takes: `cargo bench -p plenum-proto --bench gate`. Prints medians; compares nothing.

mod board;

use std::time::Duration;

use board::{Anybody, SERVER, dead, document_of, take_in, timed, unbounded, update};
use bytes::Bytes;
use proto::gate::{GateLimits, Resolved, TextEdit, TextIndex};
use proto::ids::IdeaId;
use uuid::Uuid;
use yrs::{Doc, Map, MapPrelim, MapRef, Out, ReadTxn, StateVector, Text, TextPrelim, Transact, WriteTxn};

const IDEAS: u128 = 500;
const PHONES: u64 = 30;

fn snapshot(doc: &Doc) -> Vec<u8> {
    doc.transact().encode_state_as_update_v1(&StateVector::default())
}

fn type_into(doc: &Doc, idea: u128, words: &str) -> Vec<u8> {
    let mut txn = doc.transact_mut();
    let ideas = txn.get_or_insert_map("ideas");
    let Some(Out::YMap(map)) = ideas.get(&txn, &IdeaId(Uuid::from_u128(idea)).to_string()) else {
        return Vec::new();
    };
    let Some(Out::YText(text)) = map.get(&txn, "text") else { return Vec::new() };
    let at = text.len(&txn) / 2;
    text.insert(&mut txn, at, words);
    if at > 4 {
        text.remove_range(&mut txn, at - 4, 2);
    }
    txn.commit();
    txn.encode_update_v1()
}

/// 500 ideas of about 120 characters in which 30 phones have written.
fn written_board() -> Doc {
    let doc = document_of(SERVER);
    let mut txn = doc.transact_mut();
    let ideas = txn.get_or_insert_map("ideas");
    for idea in 0..IDEAS {
        let map: MapRef =
            ideas.insert(&mut txn, IdeaId(Uuid::from_u128(idea)).to_string(), MapPrelim::default());
        for key in ["point", "kind", "lang", "order", "tally", "state"] {
            map.insert(&mut txn, key, "value");
        }
        map.insert(&mut txn, "text", TextPrelim::new("a wording of some length ".repeat(4)));
        map.insert(&mut txn, "tr", MapPrelim::default());
    }
    drop(txn);
    for client in 1..=PHONES {
        let phone = document_of(client);
        take_in(&phone, &snapshot(&doc));
        for idea in 0..IDEAS {
            if (idea + u128::from(client)).is_multiple_of(5) {
                take_in(&doc, &type_into(&phone, idea, "and more "));
            }
        }
    }
    doc
}

fn median<T>(runs: usize, mut run: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..runs).map(|_| timed(&mut run).1).collect();
    times.sort_unstable();
    times.get(runs / 2).copied().unwrap_or_default()
}

fn show(what: &str, time: Duration) {
    println!("{what:58} {:>10.2} µs", time.as_secs_f64() * 1e6);
}

fn small_edits(limits: &GateLimits) {
    let doc = written_board();
    let whole = snapshot(&doc);
    println!("a board of {IDEAS} ideas, {} KiB", whole.len() / 1024);
    let mut index = TextIndex::default();
    let _ = index.learn(&whole);
    show("learn it", median(20, || TextIndex::default().learn(&whole).map(|learned| learned.units)));
    let phone = document_of(999);
    take_in(&phone, &whole);
    let frame = Bytes::from(type_into(&phone, 250, "x"));
    show("read a small edit", median(10_000, || TextEdit::read(frame.clone(), limits).map(drop)));
    let Ok(edit) = TextEdit::read(frame, limits) else { return };
    show("resolve it", median(10_000, || index.resolve(&edit, &Anybody, limits).map(drop)));
    let everything = phone.transact().encode_state_as_update_v1(&doc.transact().state_vector());
    let limits = limits.for_sync_step2(index.delete_ranges());
    let Ok(step2) = TextEdit::read(everything.into(), &limits) else { return };
    let ranges = index.delete_ranges();
    let time = median(200, || index.resolve(&step2, &Anybody, &limits).map(drop));
    show(&format!("resolve a step 2 that repeats {ranges} delete ranges"), time);
}

/// Siblings at one place, which yrs compares with each other: how long the worst frames take, were they let through.
fn laborious(limits: &GateLimits) {
    let open = unbounded();
    let doc = document_of(SERVER);
    let mut txn = doc.transact_mut();
    let ideas = txn.get_or_insert_map("ideas");
    let map: MapRef = ideas.insert(&mut txn, IdeaId(Uuid::from_u128(0)).to_string(), MapPrelim::default());
    map.insert(&mut txn, "text", TextPrelim::new("a"));
    drop(txn);
    let mut index = TextIndex::default();
    let _ = index.learn(&snapshot(&doc));
    let Some((_, last)) = index.state().next() else { return };
    // Rising client ids: each new sibling is compared with all that are there.
    for client in 1..=24 {
        let there = (client - 1) * 800;
        let Ok(edit) = TextEdit::read(siblings(client, 800, last - 1).into(), &open) else { return };
        let refused = index.resolve(&edit, &Anybody, limits).is_err();
        let Ok(Resolved::Edit(edit)) = index.resolve(&edit, &Anybody, &open) else { return };
        let time = median(1, || take_in(&doc, edit.bytes()));
        index.admit(edit);
        if matches!(client, 1 | 2 | 6 | 12 | 24) {
            let word = if refused { "refused" } else { "taken" };
            show(&format!("800 siblings beside {there} ({word}) cost yrs"), time);
        }
    }
}

/// One seat types much into many ideas under one id, then deletes every other character: as many cuts as a frame may
/// make in one long list of yrs.
fn cuts(limits: &GateLimits) {
    let doc = document_of(SERVER);
    let mut txn = doc.transact_mut();
    let ideas = txn.get_or_insert_map("ideas");
    for idea in 0..IDEAS {
        let map: MapRef =
            ideas.insert(&mut txn, IdeaId(Uuid::from_u128(idea)).to_string(), MapPrelim::default());
        map.insert(&mut txn, "text", TextPrelim::new("a"));
    }
    drop(txn);
    let mut index = TextIndex::default();
    let _ = index.learn(&snapshot(&doc));
    let phone = document_of(1);
    take_in(&phone, &snapshot(&doc));
    for idea in 0..IDEAS {
        let update = type_into(&phone, idea, &"x".repeat(900));
        if take(&doc, &mut index, &update, limits).is_none() {
            return;
        }
    }
    let per_frame = limits.structs_max as u64;
    for frame in 0..100 {
        let update = every_other(1, frame * per_frame * 2, per_frame);
        let Some(time) = take(&doc, &mut index, &update, &unbounded()) else { return };
        if matches!(frame, 0 | 10 | 50 | 99) {
            show(&format!("{per_frame} cuts after {} cost yrs", frame * per_frame), time);
        }
    }
}

/// Resolves, applies and admits; how long the applying took.
fn take(doc: &Doc, index: &mut TextIndex, update: &[u8], limits: &GateLimits) -> Option<Duration> {
    let edit = TextEdit::read(Bytes::copy_from_slice(update), limits);
    match edit.and_then(|edit| index.resolve(&edit, &Anybody, limits)) {
        Ok(Resolved::Edit(edit)) => {
            let time = median(1, || take_in(doc, edit.bytes()));
            index.admit(edit);
            Some(time)
        }
        Ok(Resolved::Nothing | Resolved::Gap) => None,
        Err(refusal) => {
            println!("refused: {refusal}");
            None
        }
    }
}

fn every_other(client: u64, from: u64, count: u64) -> Vec<u8> {
    let ranges = (0..count as u32).map(|at| (from as u32 + 2 * at, 1)).collect();
    update(&[], &[(client, ranges)])
}

/// `count` deleted characters, all behind the same one.
fn siblings(client: u64, count: usize, origin: u32) -> Vec<u8> {
    update(&[(client, 0, vec![dead((SERVER, origin), None); count])], &[])
}

fn main() {
    let limits = GateLimits::default();
    small_edits(&limits);
    laborious(&limits);
    cuts(&limits);
}
