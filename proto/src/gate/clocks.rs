//! Ranges of clocks: what one client id wrote, where each clock lies, and which of them are deleted.
//!
//! All lookups are binary searches over ranges that touch each other only when they differ, so a text typed by one
//! person in one go is one range however long it is.

/// Clocks from `start` up to, not including, `end`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Clocks {
    pub start: u32,
    pub end: u32,
}

impl Clocks {
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The part of it before `clock`.
    pub fn before(self, clock: u32) -> Self {
        Self { start: self.start, end: self.end.min(clock) }
    }

    /// The part of it from `clock` on.
    pub fn from(self, clock: u32) -> Self {
        Self { start: self.start.max(clock), end: self.end }
    }
}

/// A set of clocks: ranges in rising order that neither overlap nor touch.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct ClockSet(Vec<Clocks>);

impl ClockSet {
    pub fn ranges(&self) -> &[Clocks] {
        &self.0
    }

    pub fn contains(&self, clock: u32) -> bool {
        let at = self.0.partition_point(|range| range.end <= clock);
        self.0.get(at).is_some_and(|range| range.start <= clock)
    }

    /// Is any of these clocks in it?
    pub fn overlaps(&self, clocks: Clocks) -> bool {
        let at = self.0.partition_point(|range| range.end <= clocks.start);
        self.0.get(at).is_some_and(|range| range.start < clocks.end)
    }

    pub fn insert(&mut self, new: Clocks) {
        if new.is_empty() {
            return;
        }
        // All ranges that overlap or touch the new one become one with it. Where there are none, the neighbours lie
        // beyond its ends and change nothing.
        let from = self.0.partition_point(|range| range.end < new.start);
        let to = self.0.partition_point(|range| range.start <= new.end);
        let mut joined = new;
        if let Some(first) = self.0.get(from) {
            joined.start = joined.start.min(first.start);
        }
        if let Some(last) = to.checked_sub(1).and_then(|at| self.0.get(at)) {
            joined.end = joined.end.max(last.end);
        }
        self.0.splice(from..to, [joined]);
    }

    /// Adds many ranges that rise, at the cost of one insertion and their number.
    pub fn insert_rising(&mut self, new: &[Clocks]) {
        let [first, .., _] = new else { return new.iter().for_each(|range| self.insert(*range)) };
        let from = self.0.partition_point(|range| range.end < first.start);
        let mut known = self.0.split_off(from).into_iter().peekable();
        let mut new = new.iter().copied().peekable();
        loop {
            let next = match (known.peek(), new.peek()) {
                (Some(old), Some(added)) if old.start <= added.start => known.next(),
                (_, Some(_)) => new.next(),
                (_, None) => known.next(),
            };
            let Some(next) = next else { return };
            match self.0.last_mut() {
                Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
                Some(_) | None => {
                    if !next.is_empty() {
                        self.0.push(next);
                    }
                }
            }
        }
    }

    /// The parts of `range` that are not in the set, in rising order.
    pub fn missing_from(&self, range: Clocks) -> impl Iterator<Item = Clocks> {
        let first = self.0.partition_point(|known| known.end <= range.start);
        let mut known = self.0.get(first..).unwrap_or_default().iter();
        let mut rest = range;
        std::iter::from_fn(move || {
            while !rest.is_empty() {
                let gap = match known.next() {
                    Some(next) => {
                        let gap = rest.before(next.start);
                        rest = rest.from(next.end);
                        gap
                    }
                    None => std::mem::replace(&mut rest, Clocks { start: 0, end: 0 }),
                };
                if !gap.is_empty() {
                    return Some(gap);
                }
            }
            None
        })
    }
}

/// Where a clock lies: a number that the index gives a meaning.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Place(pub u32);

impl Place {
    /// Collected together with its parent: it lies nowhere any more.
    pub const NOWHERE: Self = Self(u32::MAX);
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Span {
    start: u32,
    place: Place,
}

/// All clocks of one client id from `start` on, without a gap.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Lane {
    spans: Vec<Span>,
    start: u32,
    next: u32,
    pub deleted: ClockSet,
    /// Runs of it in texts that are there.
    pub runs: u64,
    /// In at most so many places has what was deleted cut these runs.
    pub cuts: u64,
}

impl Lane {
    /// An empty lane that begins where another one ends; without another, at the first clock.
    pub fn behind(other: Option<&Self>) -> Self {
        let start = other.map_or(0, Self::next);
        Self { spans: Vec::new(), start, next: start, deleted: ClockSet::default(), runs: 0, cuts: 0 }
    }

    /// At most so many blocks does yrs keep for this client id: its runs, cut by what was deleted of them, and what was
    /// collected between them.
    pub fn blocks(&self) -> u64 {
        // Cuts in texts that are gone are still counted, but each deleted range has two ends.
        self.runs + self.cuts.min(2 * self.deleted.ranges().len() as u64) + self.spans.len() as u64
    }

    /// The first clock that is not there yet.
    pub const fn next(&self) -> u32 {
        self.next
    }

    pub const fn start(&self) -> u32 {
        self.start
    }

    /// Appends the clocks up to `end`, which lie in `place`.
    pub fn extend_to(&mut self, end: u32, place: Place) {
        if end > self.next {
            if self.spans.last().is_none_or(|last| last.place != place) {
                self.spans.push(Span { start: self.next, place });
            }
            self.next = end;
        }
    }

    pub fn place_of(&self, clock: u32) -> Option<Place> {
        if clock >= self.next {
            return None;
        }
        let after = self.spans.partition_point(|span| span.start <= clock);
        Some(self.spans.get(after.checked_sub(1)?)?.place)
    }

    /// The parts of `range` that are there, each with its place.
    pub fn pieces(&self, range: Clocks) -> impl Iterator<Item = (Clocks, Place)> {
        let range = range.before(self.next).from(self.start);
        let first = self.spans.partition_point(|span| span.start <= range.start).saturating_sub(1);
        let spans = self.spans.get(first..).unwrap_or_default();
        spans.iter().enumerate().map_while(move |(at, span)| {
            let end = spans.get(at + 1).map_or(self.next, |next| next.start);
            let piece = range.from(span.start).before(end);
            (!piece.is_empty()).then_some((piece, span.place))
        })
    }

    /// Takes over what another lane has behind this one's end.
    pub fn absorb(&mut self, behind: &Self) {
        for (piece, place) in behind.pieces(Clocks { start: self.next, end: behind.next }) {
            self.extend_to(piece.end, place);
        }
        self.deleted.insert_rising(behind.deleted.ranges());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn clocks(start: u32, end: u32) -> Clocks {
        Clocks { start, end }
    }

    #[test]
    fn a_lane_knows_where_each_clock_lies() {
        let mut lane = Lane::default();
        lane.extend_to(3, Place(1));
        lane.extend_to(5, Place(1));
        lane.extend_to(6, Place::NOWHERE);
        lane.extend_to(9, Place(2));
        lane.extend_to(9, Place(7));
        lane.extend_to(8, Place(8));
        assert_eq!(lane.spans.len(), 3);
        assert_eq!(lane.next(), 9);
        let places: Vec<_> = (0..10).map(|clock| lane.place_of(clock)).collect();
        assert_eq!(places[4], Some(Place(1)));
        assert_eq!(places[5], Some(Place::NOWHERE));
        assert_eq!(places[6], Some(Place(2)));
        assert_eq!(places[9], None);
        let pieces: Vec<_> = lane.pieces(clocks(4, 20)).collect();
        assert_eq!(
            pieces,
            [(clocks(4, 5), Place(1)), (clocks(5, 6), Place::NOWHERE), (clocks(6, 9), Place(2))]
        );
        assert_eq!(lane.pieces(clocks(9, 12)).count(), 0);
        assert_eq!(Lane::default().pieces(clocks(0, 12)).count(), 0);
    }

    #[test]
    fn a_lane_takes_over_what_lies_behind_its_end() {
        let mut lane = Lane::default();
        lane.extend_to(4, Place(1));
        let mut behind = Lane::behind(Some(&lane));
        assert_eq!(behind.place_of(3), None);
        behind.extend_to(6, Place(1));
        behind.extend_to(8, Place(2));
        behind.deleted.insert(clocks(5, 7));
        lane.absorb(&behind);
        assert_eq!(
            lane.pieces(clocks(0, 9)).collect::<Vec<_>>(),
            [(clocks(0, 6), Place(1)), (clocks(6, 8), Place(2))]
        );
        assert_eq!(lane.deleted.ranges(), [clocks(5, 7)]);
    }

    proptest! {
        #[test]
        fn a_clock_set_is_a_set_of_clocks(
            inserted in prop::collection::vec((0u32..60, 0u32..8), 0..20),
            rising in prop::collection::vec((0u32..60, 0u32..8), 0..6),
            asked in (0u32..70, 0u32..20),
        ) {
            let mut set = ClockSet::default();
            let mut model = std::collections::BTreeSet::new();
            for (start, length) in inserted {
                set.insert(clocks(start, start + length));
                model.extend(start..start + length);
            }
            let mut rising = rising;
            rising.sort_unstable();
            model.extend(rising.iter().flat_map(|(start, length)| *start..start + length));
            let rising: Vec<_> =
                rising.into_iter().map(|(start, length)| clocks(start, start + length)).collect();
            set.insert_rising(&rising);
            for pair in set.0.windows(2) {
                prop_assert!(pair[0].end < pair[1].start);
            }
            let asked = clocks(asked.0, asked.0 + asked.1);
            let missing: Vec<u32> = set.missing_from(asked).flat_map(|part| part.start..part.end).collect();
            let expected: Vec<u32> = (asked.start..asked.end).filter(|clock| !model.contains(clock)).collect();
            prop_assert_eq!(missing, expected);
            for clock in 0..80 {
                prop_assert_eq!(set.contains(clock), model.contains(&clock));
            }
        }
    }
}
