//! The order index beside a plain list (rule G4), what is taken back, and what loading in any order can cost (rule G7).

use proptest::prelude::*;
use proptest::sample::Index;

use super::super::meter::{Meter, SCANNED};
use super::super::reader::Id;
use super::super::sequence::{Did, Sequence, TypedRun};
use super::cases;
use super::forge::id;
use super::list::List;
use crate::gate::clocks::Clocks;
use crate::ids::ClientId;

const CLIENTS: usize = 7;

/// Somebody writes: under one of some ids, behind a unit, before one a little further on.
#[derive(Clone, Debug)]
struct Writing {
    client: usize,
    left: Index,
    /// At one of few places, where many meet.
    crowded: bool,
    skip: usize,
    units: u32,
    dead: bool,
    /// Taken back afterwards, as when the phase does not allow it.
    refused: bool,
}

fn writing() -> impl Strategy<Value = Writing> {
    let skip = prop_oneof![4 => Just(0usize), 3 => 1usize..6, 2 => 6usize..60, 1 => Just(usize::MAX)];
    (0..CLIENTS, any::<Index>(), any::<bool>(), skip, 1u32..4, any::<bool>(), prop::bool::weighted(0.2))
        .prop_map(|(client, left, crowded, skip, units, dead, refused)| Writing {
            client,
            left,
            crowded,
            skip,
            units,
            dead,
            refused,
        })
}

/// What was inserted, in the order of insertion.
#[derive(Default)]
struct History {
    sequence: Sequence,
    list: List,
    runs: Vec<TypedRun>,
    next: [u32; CLIENTS],
}

impl History {
    fn run(&self, writing: &Writing) -> TypedRun {
        let units: Vec<Id> = self.sequence.units().collect();
        let places = if writing.crowded { units.len().min(3) } else { units.len() };
        let at = writing.left.index(places + 1);
        let start = self.next[writing.client];
        TypedRun {
            client: ClientId(1 + writing.client as u64),
            clocks: Clocks { start, end: start + writing.units },
            left: at.checked_sub(1).map(|at| units[at]),
            right: units.get(at.saturating_add(writing.skip)).copied(),
            dead: writing.dead,
        }
    }

    fn write(&mut self, writing: &Writing) {
        let run = self.run(writing);
        let may = self.sequence.may_hold_between(run.left, run.right);
        assert_eq!(may, self.list.may_hold_between(run.left, run.right), "{run:?}");
        if !may {
            return;
        }
        if writing.refused {
            let before = self.sequence.clone();
            let mut did = Vec::new();
            insert(&mut self.sequence, run, &mut did);
            did.into_iter().rev().for_each(|did| self.sequence.take_back(did));
            assert_eq!(whole(&before), whole(&self.sequence));
            return;
        }
        insert(&mut self.sequence, run, &mut Vec::new());
        self.list.insert(run);
        self.runs.push(run);
        self.next[writing.client] = run.clocks.end;
    }

    fn check(&self) {
        let (ours, theirs): (Vec<Id>, Vec<Id>) =
            (self.sequence.units().collect(), self.list.units().collect());
        assert_eq!(ours, theirs);
        for unit in ours {
            assert!(self.sequence.run_units(unit) > 0);
        }
        assert_eq!(self.sequence.runs(), self.sequence.iter().count() as u64);
    }

    /// The same runs, each after what it refers to, in the order of these lots.
    fn again(&self, lots: &[u32]) -> (Sequence, u64) {
        let mut sequence = Sequence::default();
        let mut meter = Meter::counting();
        let lot = |at: usize| lots[at % lots.len()].wrapping_mul(at as u32 * 2 + 1);
        let mut left: Vec<usize> = (0..self.runs.len()).collect();
        let mut next = [0u32; CLIENTS];
        while !left.is_empty() {
            let there = |id: &Id| id.clock < next[id.client.0 as usize - 1];
            let ready = left.iter().copied().filter(|at| {
                let run = &self.runs[*at];
                let follows = next[run.client.0 as usize - 1] == run.clocks.start;
                follows && [run.left, run.right].iter().flatten().all(there)
            });
            let at = ready.min_by_key(|at| lot(*at)).unwrap();
            let run = self.runs[at];
            left.retain(|other| *other != at);
            sequence.insert(run, &mut meter, &mut Vec::new()).unwrap();
            next[run.client.0 as usize - 1] = run.clocks.end;
        }
        (sequence, meter.spent())
    }
}

fn insert(sequence: &mut Sequence, run: TypedRun, did: &mut Vec<Did>) -> u64 {
    let mut meter = Meter::counting();
    sequence.insert(run, &mut meter, did).unwrap();
    meter.spent()
}

/// All that matters of a sequence.
fn whole(sequence: &Sequence) -> (Vec<TypedRun>, u64, u64, u64) {
    let runs = sequence.iter().copied().collect();
    (runs, sequence.runs(), sequence.contested(), sequence.largest_family())
}

/// What any load may cost at most, as the index says it.
fn bound(sequence: &Sequence) -> u64 {
    SCANNED * (sequence.contested() + 1) * sequence.runs()
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn g4_the_index_has_the_order_of_a_plain_list_and_takes_back_what_was_refused(
        writings in prop::collection::vec(writing(), 1..250),
    ) {
        let mut history = History::default();
        for writing in &writings {
            history.write(writing);
        }
        history.check();
    }

    #[test]
    fn g7_no_order_of_loading_costs_more_than_the_index_says(
        writings in prop::collection::vec(writing(), 1..120),
        lots in prop::collection::vec(any::<u32>(), 40),
    ) {
        let mut history = History::default();
        for writing in &writings {
            history.write(writing);
        }
        let rising: Vec<u32> = (0..lots.len() as u32).collect();
        for lots in [&lots, &rising] {
            let (again, steps) = history.again(lots);
            prop_assert_eq!(
                again.units().collect::<Vec<_>>(), history.sequence.units().collect::<Vec<_>>());
            prop_assert!(steps <= bound(&history.sequence), "{} steps, bound {}", steps, bound(&history.sequence));
            prop_assert!(steps <= bound(&again), "{} steps, by the rebuilt one {}", steps, bound(&again));
        }
    }
}

#[test]
fn g7_siblings_that_came_cheaply_are_known_to_load_dearly() {
    // Each new id is smaller than those that are there, so it stands before them at once: no step is wasted.
    let mut sequence = Sequence::default();
    let run = |client: u64, clock: u32| TypedRun {
        client: ClientId(client),
        clocks: Clocks { start: clock, end: clock + 1 },
        left: Some(id(1, 0)),
        right: None,
        dead: true,
    };
    insert(&mut sequence, TypedRun { left: None, ..run(1, 0) }, &mut Vec::new());
    let mut steps = 0;
    for client in (2..102).rev() {
        steps += insert(&mut sequence, run(client, 0), &mut Vec::new());
    }
    assert_eq!(steps, 99 * SCANNED);
    assert_eq!((sequence.contested(), sequence.runs()), (100, 101));
    // In the opposite order each passes all that are there.
    let mut again = Sequence::default();
    insert(&mut again, TypedRun { left: None, ..run(1, 0) }, &mut Vec::new());
    let steps: u64 = (2..102).map(|client| insert(&mut again, run(client, 0), &mut Vec::new())).sum();
    assert!(steps >= SCANNED * 99 * 100 / 2, "{steps}");
    assert!(steps <= bound(&sequence));
}

#[test]
fn g7_who_types_at_one_place_again_and_again_contests_nothing() {
    let mut sequence = Sequence::default();
    let mut right = None;
    for line in 0..200u32 {
        let run = TypedRun {
            client: ClientId(1 + u64::from(line % 5)),
            clocks: Clocks { start: line / 5, end: line / 5 + 1 },
            left: None,
            right,
            dead: false,
        };
        assert_eq!(insert(&mut sequence, run, &mut Vec::new()), 0);
        right = Some(run.start());
    }
    assert_eq!((sequence.contested(), sequence.largest_family()), (0, 200));
}
