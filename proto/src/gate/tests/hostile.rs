//! Hostile frames: noise, mutated bytes and well-formed lies. None panics, none is left pending, and after whatever was
//! let through the document and its index are what they would be if they were loaded again.

use proptest::prelude::*;
use proptest::sample::Index;

use super::super::reader::Id;
use super::super::{AwarenessUpdate, GateLimits, StateVector, TextEdit, TextIndex, TextKey};
use super::board::{Board, SERVER, Taken, document, idea, texts};
use super::cases;
use super::forge::{Forged, ForgedContent, id, update};
use super::phone::Phone;

const OWN: u64 = 5;
const SECOND: u64 = 6;
const FOREIGN: u64 = 7;
const NEVER_SEEN: u64 = 8;

/// A board on which the seat 1 (ids 5 and 6) and the seat 2 (id 7) have written; what they sent, and what seat 1 did
/// not send yet.
fn inhabited() -> (Board, Vec<Vec<u8>>) {
    let mut board = Board::new(&["one 😀", "two", ""]);
    let mut frames = Vec::new();
    for (seat, client) in [(1, OWN), (1, SECOND), (2, FOREIGN)] {
        let mut phone = Phone::new(seat, client, &board);
        phone.insert(0, 2, "abc");
        phone.insert(1, 0, "x😀y");
        phone.delete(0, 1, 2);
        phone.insert(2, 0, "new");
        phone.insert(2, 1, "er");
        let step2 = phone.sync_step2(&board);
        frames.append(&mut phone.queue);
        board.receive(seat, &step2).unwrap();
        frames.push(step2);
        frames.push(board.snapshot());
    }
    board.hide(1);
    board.check();
    for client in [OWN, SECOND, NEVER_SEEN] {
        let mut phone = Phone::new(1, client, &board);
        // The first of two is complete without the second.
        phone.insert(0, 1, "more");
        frames.append(&mut phone.queue);
        phone.insert(0, 3, "😀");
        phone.insert(2, 0, "x");
        phone.delete(0, 0, 3);
        frames.push(phone.sync_step2(&board));
    }
    (board, frames)
}

/// Another copy of the document that hears what is fanned out.
struct Listener(yrs::Doc);

impl Listener {
    fn new(board: &Board) -> Self {
        let listener = Self(document(99));
        listener.hear(&board.snapshot());
        listener
    }

    fn hear(&self, update: &[u8]) {
        use yrs::{Transact, Update, updates::decoder::Decode};
        self.0.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
    }
}

/// Gives the frame to the board; true when it was let through and changed something.
fn attack(board: &mut Board, listener: &Listener, frame: &[u8]) -> bool {
    let before = (texts(&board.doc), board.snapshot());
    match board.receive(1, frame) {
        Ok(Taken::Update { fan_out, touches }) => {
            listener.hear(&fan_out);
            board.check();
            assert_eq!(texts(&board.doc), texts(&listener.0));
            for (key, text) in texts(&board.doc) {
                assert!(touches.contains(&key) || before.0.get(&key) == Some(&text), "{key:?} was not named");
            }
            // Twice the same is once.
            assert_eq!(board.receive(1, frame), Ok(Taken::Nothing));
            true
        }
        Ok(Taken::Nothing | Taken::Gap) | Err(_) => {
            assert_eq!(board.snapshot(), before.1);
            false
        }
    }
}

/// An id near what there is: a client, and a clock counted from the end of what is known.
fn near() -> impl Strategy<Value = (u64, i64)> {
    let client = prop_oneof![
        4 => Just(OWN),
        2 => Just(SECOND),
        2 => Just(FOREIGN),
        6 => Just(SERVER),
        1 => Just(NEVER_SEEN),
        1 => Just(SERVER + 1),
    ];
    (client, prop_oneof![6 => -40i64..0, 1 => 0i64..8, 1 => Just(i64::MIN)])
}

#[derive(Clone, Debug)]
enum Lie {
    Gc(u32),
    Item {
        left: Option<(u64, i64)>,
        right: Option<(u64, i64)>,
        parent: Option<(u64, i64)>,
        deleted: bool,
        words: String,
    },
    /// As an honest phone would write it: behind the struct before, or beside a character of a text.
    Behind {
        words: String,
        deleted: bool,
    },
    Inside {
        idea: usize,
        words: String,
    },
    /// Between any two characters of one text, in any order, deleted or not.
    Within {
        idea: usize,
        left: Option<Index>,
        right: Option<Index>,
        words: String,
        deleted: bool,
    },
    /// Between two characters of one text with so many between them, which may have been neighbours.
    Near {
        idea: usize,
        left: Index,
        skip: usize,
        words: String,
        deleted: bool,
    },
}

fn lie() -> impl Strategy<Value = Lie> {
    let words = || prop_oneof![4 => "[a-z]{1,4}".prop_map(String::from), 1 => Just("😀".to_owned())];
    let maybe = || prop::option::of(near());
    prop_oneof![
        1 => (1u32..6).prop_map(Lie::Gc),
        2 => (maybe(), maybe(), maybe(), any::<bool>(), words()).prop_map(
            |(left, right, parent, deleted, words)| Lie::Item { left, right, parent, deleted, words }),
        2 => (words(), any::<bool>()).prop_map(|(words, deleted)| Lie::Behind { words, deleted }),
        2 => (0usize..3, words()).prop_map(|(idea, words)| Lie::Inside { idea, words }),
        30 => (0usize..2, any::<Index>(), prop_oneof![Just(0usize), 1usize..6], words(), prop::bool::weighted(0.2)).prop_map(
            |(idea, left, skip, words, deleted)| Lie::Near { idea: idea * 2, left, skip, words, deleted }),
        4 => (0usize..2, any::<Option<Index>>(), any::<Option<Index>>(), words(), prop::bool::weighted(0.2))
            .prop_map(|(idea, left, right, words, deleted)| Lie::Within {
                idea: idea * 2, left, right, words, deleted,
            }),
    ]
}

#[derive(Clone, Debug)]
struct FrameOfLies {
    /// Client, first clock from the end of what is known, structs.
    sections: Vec<(u64, i64, Vec<Lie>)>,
    deletes: Vec<(u64, Vec<(i64, u32)>)>,
}

fn frame_of_lies() -> impl Strategy<Value = FrameOfLies> {
    let client = prop_oneof![6 => Just(OWN), 3 => Just(SECOND), 1 => Just(FOREIGN), 2 => Just(NEVER_SEEN)];
    let first = prop_oneof![8 => Just(0i64), 2 => -6i64..0, 1 => 1i64..4];
    // One lie that is found out refuses the whole frame: most frames have few.
    let lies = prop_oneof![3 => prop::collection::vec(lie(), 1..2), 1 => prop::collection::vec(lie(), 1..5)];
    let section = (client, first, lies);
    let range = (-40i64..6, 1u32..6);
    let ranges = (near().prop_map(|(client, _)| client), prop::collection::vec(range, 1..3));
    let deletes = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(ranges, 1..3)];
    let sections = prop_oneof![
        3 => prop::collection::vec(section.clone(), 1..2),
        1 => prop::collection::vec(section, 0..4),
    ];
    (sections, deletes).prop_map(|(sections, deletes)| FrameOfLies { sections, deletes })
}

impl FrameOfLies {
    /// The bytes of it on this board.
    fn bytes(&self, board: &Board) -> Vec<u8> {
        let known = |client: u64| {
            let mut state = board.index.state();
            i64::from(state.find(|(known, _)| known.0 == client).map_or(0, |(_, clock)| clock))
        };
        let clock = |client: u64, from_end: i64| known(client).saturating_add(from_end).max(0) as u32;
        let at = |(client, from_end): (u64, i64)| id(client, clock(client, from_end));
        let mut sections: Vec<(u64, u32, Vec<Forged>)> = Vec::new();
        for (client, first, lies) in &self.sections {
            if sections.iter().any(|(other, ..)| other == client) {
                continue;
            }
            let first = clock(*client, *first);
            let mut next = first;
            let mut structs = Vec::new();
            for lie in lies {
                let forged = forge(board, lie, *client, next, at);
                next += match &forged {
                    Forged::Gc(length) => *length,
                    Forged::Item { content: ForgedContent::Deleted(length), .. } => *length,
                    Forged::Item { content: ForgedContent::Characters(text), .. } => {
                        text.encode_utf16().count() as u32
                    }
                };
                structs.push(forged);
            }
            sections.push((*client, first, structs));
        }
        let mut deletes: Vec<(u64, Vec<(u32, u32)>)> = Vec::new();
        for (client, ranges) in &self.deletes {
            if deletes.iter().all(|(other, _)| other != client) {
                let mut ranges: Vec<_> =
                    ranges.iter().map(|(start, length)| (clock(*client, *start), *length)).collect();
                ranges.sort_unstable();
                deletes.push((*client, ranges));
            }
        }
        update(&sections, &deletes)
    }
}

fn forge(board: &Board, lie: &Lie, client: u64, next: u32, at: impl Fn((u64, i64)) -> Id) -> Forged {
    let content = |deleted: bool, words: &str| {
        if deleted {
            ForgedContent::Deleted(words.len() as u32)
        } else {
            ForgedContent::Characters(words.to_owned())
        }
    };
    match lie {
        Lie::Gc(length) => Forged::Gc(*length),
        Lie::Item { left, right, parent, deleted, words } => Forged::Item {
            left: left.map(&at),
            right: right.map(&at),
            parent: parent.map(&at),
            content: content(*deleted, words),
        },
        Lie::Behind { words, deleted } => Forged::Item {
            left: Some(id(client, next.saturating_sub(1))),
            right: None,
            parent: None,
            content: content(*deleted, words),
        },
        Lie::Inside { idea: number, words } => {
            let key = idea(*number);
            let parent = board.index.text(&key).map_or(id(SERVER, 1), |_| board.parent_of(&key));
            Forged::Item { left: None, right: None, parent: Some(parent), content: content(false, words) }
        }
        Lie::Within { idea: number, left, right, words, deleted } => {
            let key = idea(*number);
            let ids = ids_in(board, &key);
            let pick = |index: &Option<Index>| Some(*index.as_ref()?.get(&ids));
            let parent = board.index.text(&key).map(|_| board.parent_of(&key));
            let (left, right) = (pick(left), pick(right));
            Forged::Item { left, right, parent, content: content(*deleted, words) }
        }
        Lie::Near { idea: number, left, skip, words, deleted } => {
            let key = idea(*number);
            let ids = ids_in(board, &key);
            // Number 0 is the beginning.
            let before = left.index(ids.len() + 1);
            let left = before.checked_sub(1).map(|at| ids[at]);
            let right = ids.get(before + skip).copied();
            let parent = board.index.text(&key).map(|_| board.parent_of(&key));
            Forged::Item { left, right, parent, content: content(*deleted, words) }
        }
    }
}

/// The ids of all characters of a text in their order, visible or not.
fn ids_in(board: &Board, key: &TextKey) -> Vec<Id> {
    let Some(branch) = board.index.texts.get(key) else { return Vec::new() };
    board.index.branch(*branch).unwrap().sequence.units().collect()
}

/// What a mutation does to bytes: replace, insert, remove, or repeat some.
#[derive(Clone, Debug)]
enum Mutation {
    Set(Index, u8),
    Add(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Repeat(Index, Index),
    Cut(Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let byte = || prop_oneof![Just(0u8), Just(1), Just(0x7f), Just(0x80), Just(0xff), any::<u8>()];
    prop_oneof![
        4 => (any::<Index>(), byte()).prop_map(|(at, byte)| Mutation::Set(at, byte)),
        4 => (any::<Index>(), prop_oneof![Just(1u8), Just(255), 0u8..8]).prop_map(|(at, by)| Mutation::Add(at, by)),
        1 => (any::<Index>(), byte()).prop_map(|(at, byte)| Mutation::Insert(at, byte)),
        1 => any::<Index>().prop_map(Mutation::Remove),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Mutation::Repeat(from, to)),
        1 => any::<Index>().prop_map(Mutation::Cut),
    ]
}

fn mutated(mut bytes: Vec<u8>, mutations: &[Mutation]) -> Vec<u8> {
    for mutation in mutations {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match mutation {
            Mutation::Set(at, byte) => bytes[at.index(length)] = *byte,
            Mutation::Add(at, by) => bytes[at.index(length)] = bytes[at.index(length)].wrapping_add(*by),
            Mutation::Insert(at, byte) => bytes.insert(at.index(length), *byte),
            Mutation::Remove(at) => drop(bytes.remove(at.index(length))),
            Mutation::Repeat(from, to) => {
                let (from, to) = (from.index(length), to.index(length));
                let part = bytes[from.min(to)..from.max(to)].to_vec();
                bytes.splice(to..to, part);
            }
            Mutation::Cut(at) => bytes.truncate(at.index(length)),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn well_formed_lies_leave_a_document_that_loads_again_and_an_index_that_agrees(
        frames in prop::collection::vec(frame_of_lies(), 1..40),
    ) {
        let (mut board, _) = inhabited();
        let listener = Listener::new(&board);
        for frame in frames {
            let bytes = frame.bytes(&board);
            attack(&mut board, &listener, &bytes);
        }
    }

    #[test]
    fn mutated_frames_leave_a_document_that_loads_again_and_an_index_that_agrees(
        attacks in prop::collection::vec(
            (any::<Index>(), prop::collection::vec(mutation(), 1..4)), 1..40),
    ) {
        let (mut board, frames) = inhabited();
        let listener = Listener::new(&board);
        for (frame, mutations) in attacks {
            let bytes = mutated(frames[frame.index(frames.len())].clone(), &mutations);
            attack(&mut board, &listener, &bytes);
        }
    }

    #[test]
    fn mutated_lies_do_no_harm_either(
        attacks in prop::collection::vec((frame_of_lies(), prop::collection::vec(mutation(), 1..3)), 1..30),
    ) {
        let (mut board, _) = inhabited();
        let listener = Listener::new(&board);
        for (frame, mutations) in attacks {
            let bytes = mutated(frame.bytes(&board), &mutations);
            attack(&mut board, &listener, &bytes);
        }
    }

    #[test]
    fn noise_makes_no_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let limits = GateLimits::default();
        let _ = TextEdit::read(bytes.clone().into(), &limits);
        let _ = StateVector::read(&bytes, &limits);
        let _ = AwarenessUpdate::read(&bytes, &limits);
        let _ = TextIndex::default().learn(&bytes);
    }
}

#[test]
fn enough_lies_and_mutated_frames_are_let_through_for_these_tests_to_say_something() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut taken, mut mutants) = (0, 0);
    for _ in 0..40 {
        let (mut board, frames) = inhabited();
        let listener = Listener::new(&board);
        for _ in 0..20 {
            let bytes = frame_of_lies().new_tree(&mut runner).unwrap().current().bytes(&board);
            taken += usize::from(attack(&mut board, &listener, &bytes));
            let mutations = prop::collection::vec(mutation(), 1..4).new_tree(&mut runner).unwrap().current();
            let frame = any::<Index>().new_tree(&mut runner).unwrap().current();
            let bytes = mutated(frames[frame.index(frames.len())].clone(), &mutations);
            mutants += usize::from(attack(&mut board, &listener, &bytes));
        }
    }
    assert!(taken > 160, "{taken} of 800 lies");
    assert!(mutants > 4, "{mutants} of 800 mutated frames");
}
