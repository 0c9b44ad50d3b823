//! Looks for the dearest frame that the limits allow: `cargo bench -p plenum-proto --bench worst -- [FRAMES]`.
//!
//! Five boards that are worn in different ways. Frames of random shape are sent to each; a frame that took long is
//! varied further, as a hill is climbed. What is counted as its height is time, not steps: a frame whose steps are
//! priced too low is found by it. Prints the dearest of each board; compares nothing.

mod board;

use std::time::Duration;

use board::chance::Chance;
use board::{Board, Cost, Struct, interleave, show, unbounded, update};
use proto::gate::GateLimits;

type Id = (u64, u32);

/// What a frame is like; each number is one of its dimensions.
#[derive(Clone, Copy, Debug)]
struct Shape {
    structs: u64,
    sections: u64,
    /// Behind one unit, behind each other, behind one unit after the other, behind units by lot.
    left: u64,
    /// Before nothing, before the next unit, before a unit by lot.
    right: u64,
    /// Letters, deletions, both in turn.
    content: u64,
    /// Where among the board's units it begins, in thousandths.
    place: u64,
    /// Client ids below, between or above those that are there.
    ids: u64,
    ranges: u64,
    stride: u64,
}

const BOUNDS: [u64; 9] = [2_048, 64, 4, 3, 3, 1_000, 3, 16_384, 4];

impl Shape {
    fn of(numbers: [u64; 9]) -> Self {
        let [structs, sections, left, right, content, place, ids, ranges, stride] = numbers;
        Self { structs, sections, left, right, content, place, ids, ranges, stride }
    }

    fn numbers(self) -> [u64; 9] {
        let Self { structs, sections, left, right, content, place, ids, ranges, stride } = self;
        [structs, sections, left, right, content, place, ids, ranges, stride]
    }

    fn by(chance: &mut Chance) -> Self {
        // Small and large alike: the size is chosen first.
        Self::of(BOUNDS.map(|bound| {
            let most = bound >> chance.below(u64::from(64 - bound.leading_zeros()));
            chance.below(most + 1).min(bound - 1)
        }))
    }

    /// The same but for one or two dimensions.
    fn varied(self, chance: &mut Chance) -> Self {
        let mut numbers = self.numbers();
        for _ in 0..=chance.below(2) {
            let at = chance.below(9) as usize;
            let near = numbers[at].saturating_mul(3) / 2 + 1;
            let other = if chance.below(2) == 0 { near } else { chance.below(BOUNDS[at]) };
            numbers[at] = other.min(BOUNDS[at] - 1);
        }
        Self::of(numbers)
    }

    /// A frame of this shape under client ids that nobody used.
    fn frame(self, units: &[Id], chance: &mut Chance, frame: u64) -> Vec<u8> {
        let base = [1, 400_000_000, 4_000_000_000][self.ids as usize % 3] + frame * 64;
        let start = units.len() * self.place as usize / 1_000;
        let unit = |at: usize| units[at % units.len()];
        let mut sections: Vec<(u64, u32, Vec<Struct>)> =
            (0..=self.sections).map(|at| (base + at, 0, Vec::new())).collect();
        let (mut last, count) = (unit(start), sections.len());
        for at in 0..self.structs as usize {
            let (client, _, structs) = &mut sections[at % count];
            let left = match self.left {
                0 => unit(start),
                1 => last,
                2 => unit(start + at),
                _ => unit(chance.next() as usize),
            };
            let right = match self.right {
                0 => None,
                1 => Some(unit(start + at + 1)),
                _ => Some(unit(chance.next() as usize)),
            };
            let letter = self.content == 0 || (self.content == 2 && at % 2 == 0);
            structs.push(Struct { left: Some(left), right, letter });
            last = (*client, structs.len() as u32 - 1);
        }
        sections.retain(|section| !section.2.is_empty());
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        let (owner, first) = unit(start);
        for at in 0..self.ranges as u32 {
            ranges.push((first + at * (self.stride as u32 + 1), 1 + self.stride as u32 / 2));
        }
        let deletes = if ranges.is_empty() { Vec::new() } else { vec![(owner, ranges)] };
        update(&sections, &deletes)
    }
}

/// A board that is worn in one way, and the units that frames may name.
fn worn(kind: usize) -> (&'static str, Board, Vec<Id>) {
    let open = unbounded();
    match kind {
        0 => {
            let board = Board::new(1_000, &"x".repeat(500));
            let units = board.ends.iter().flat_map(|end| (0..500).map(|at| (end.0, end.1 - at))).collect();
            ("1,000 ideas as they were shared", board, units)
        }
        1 => {
            let mut board = Board::new(1, "x");
            interleave(&mut board, 0, [1_001, 2_000_001], 7_000, &open);
            let units = (0..3_500).flat_map(|at| [(1_001, at), (2_000_001, at)]).collect();
            ("one text of 7,000 runs by two", board, units)
        }
        2 => {
            let mut board = Board::new(25, "x");
            let mut units = Vec::new();
            for text in 0..25u64 {
                let clients = [1_000 + 2 * text, 900_000_000 - text];
                interleave(&mut board, text as usize, clients, 7_000, &open);
                units.extend((0..3_500).flat_map(|at| clients.map(|client| (client, at))));
            }
            ("25 such texts", board, units)
        }
        3 => {
            let mut board = Board::new(10, "x");
            let (mut clock, mut units) = (0u32, Vec::new());
            for text in 0..10 {
                let mut last = board.ends[text];
                let structs: Vec<_> = (0..3_000u32)
                    .map(|at| {
                        let item = Struct { left: Some(last), right: None, letter: at % 2 == 0 };
                        last = (77, clock + at);
                        item
                    })
                    .collect();
                for part in structs.chunks(1_500) {
                    board.send(update(&[(77, clock, part.to_vec())], &[]), &open);
                    units.extend((clock..clock + part.len() as u32).map(|at| (77, at)));
                    clock += part.len() as u32;
                }
            }
            ("30,000 letters and deletions of one id", board, units)
        }
        _ => {
            let mut board = Board::new(4, "x");
            let mut units = Vec::new();
            for client in 0..3_000u64 {
                let end = board.ends[client as usize % 4];
                let structs = vec![Struct { left: Some(end), right: None, letter: true }; 2];
                if board.send(update(&[(3_000_000 - client * 7, 0, structs)], &[]), &open).came.is_ok() {
                    units.push((3_000_000 - client * 7, 0));
                }
            }
            ("siblings by 3,000 ids", board, units)
        }
    }
}

const WORN: usize = 5;
/// How often a frame that looks dear is sent again, a taken one to a fresh board; the shortest time counts.
const AGAIN: usize = 4;
/// Frames after which a board is made anew, because what was taken wears it further.
const FRESH_AFTER: u64 = 400;

fn climb(kind: usize, frames: u64) {
    let limits = GateLimits::default();
    let mut chance = Chance(kind as u64);
    let mut best: Option<(Shape, Cost)> = None;
    let (mut name, mut board, mut units) = worn(kind);
    let (mut taken, mut over) = (0u64, 0u64);
    for frame in 0..frames {
        if frame % FRESH_AFTER == FRESH_AFTER - 1 {
            (name, board, units) = worn(kind);
        }
        let shape = match &best {
            Some((shape, _)) if chance.below(2) == 0 => shape.varied(&mut chance),
            _ => Shape::by(&mut chance),
        };
        let bytes = shape.frame(&units, &mut chance, frame);
        let mut cost = board.send(bytes.clone(), &limits);
        taken += u64::from(cost.came.is_ok());
        // Whatever else this machine did meanwhile counts as well: what looks dear is sent again.
        for _ in 0..AGAIN {
            if best.as_ref().is_some_and(|(_, best)| cost.time() <= best.time()) {
                break;
            }
            // A refused frame changes nothing.
            let refused = cost.came.is_err();
            let again = if refused {
                board.send(bytes.clone(), &limits)
            } else {
                worn(kind).1.send(bytes.clone(), &limits)
            };
            if again.came.is_err() == refused && again.time() < cost.time() {
                cost = again;
            }
        }
        over += u64::from(cost.time() > Duration::from_millis(5));
        if best.as_ref().is_none_or(|(_, best)| cost.time() > best.time()) {
            best = Some((shape, cost));
        }
    }
    println!(
        "{name}: {frames} frames, {taken} taken, {over} seemed to take over 5 ms; the dearest, sent {AGAIN} times more:"
    );
    if let Some((shape, cost)) = best {
        show(&format!("  {:?}", shape.numbers()), &cost);
    }
}

fn main() {
    let frames = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(4_000);
    for kind in 0..WORN {
        climb(kind, frames);
    }
}
