//! The order of a text as a plain list, searched from its beginning: a model that the real index is compared with.

use super::super::reader::Id;
use super::super::sequence::TypedRun;

/// The runs of one text from first to last.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct List(Vec<TypedRun>);

/// A border between two units: before the unit of this number in this run; the end is before a run that is not there.
type Border = (usize, u32);

impl List {
    /// Could somebody have typed between these two? Without `left` at the beginning, without `right` at the end.
    pub fn may_hold_between(&self, left: Option<Id>, right: Option<Id>) -> bool {
        let (Some(behind), Some(before)) = (self.behind(left), self.before(right)) else { return false };
        let left_sees = left.and_then(|id| self.find(id)).map(|(run, _)| self.before(run.right));
        let right_sees = right.and_then(|id| self.find(id)).map(|(run, (_, unit))| {
            let clock = (run.clocks.start + unit).checked_sub(1).filter(|_| unit > 0);
            self.behind(clock.map(|clock| Id { client: run.client, clock }).or(run.left))
        });
        // A first unit without a left origin sees the beginning of the text, before which nothing stands.
        behind <= before
            && left_sees.flatten().is_none_or(|border| before <= border)
            && right_sees.flatten().is_none_or(|border| border <= behind)
    }

    /// Puts units where every Yjs puts them. True when they only continue a run.
    pub fn insert(&mut self, new: TypedRun) -> bool {
        let from = self.behind(new.left).unwrap_or((0, 0));
        let from = self.cut(from);
        let to = self.before(new.right).unwrap_or((self.0.len(), 0));
        let to = self.cut(to);
        let at = self.place(&new, from, to);
        if let Some(before) = at.checked_sub(1).and_then(|before| self.0.get_mut(before))
            && before.continues_with(&new)
        {
            before.clocks.end = new.clocks.end;
            return true;
        }
        self.0.insert(at, new);
        false
    }

    /// Where among the runs `from..to`, which others typed at the same place, the new one belongs.
    fn place(&self, new: &TypedRun, from: usize, to: usize) -> usize {
        let mut at = from;
        for (number, other) in self.0.iter().enumerate().take(to).skip(from) {
            if other.left == new.left {
                if other.client < new.client {
                    at = number + 1;
                } else if other.right == new.right {
                    break;
                }
            } else {
                let origin = other.left.and_then(|left| self.find(left)).map(|(_, (run, _))| run);
                match origin {
                    Some(run) if (from..number).contains(&run) => {
                        if run < at {
                            at = number + 1;
                        }
                    }
                    Some(_) | None => break,
                }
            }
        }
        at
    }

    fn find(&self, id: Id) -> Option<(&TypedRun, Border)> {
        let mut runs = self.0.iter().enumerate();
        runs.find_map(|(number, run)| run.unit(id).map(|unit| (run, (number, unit))))
    }

    /// The border behind a unit, or the beginning; nothing when there is no such unit.
    fn behind(&self, id: Option<Id>) -> Option<Border> {
        let Some(id) = id else { return Some((0, 0)) };
        let (run, (number, unit)) = self.find(id)?;
        Some(if unit + 1 == run.clocks.len() { (number + 1, 0) } else { (number, unit + 1) })
    }

    /// The border before a unit, or the end; nothing when there is no such unit.
    fn before(&self, id: Option<Id>) -> Option<Border> {
        let Some(id) = id else { return Some((self.0.len(), 0)) };
        self.find(id).map(|(_, border)| border)
    }

    /// Makes a border lie between two runs; gives the number of the second.
    fn cut(&mut self, (number, unit): Border) -> usize {
        if unit == 0 {
            return number;
        }
        if let Some(run) = self.0.get_mut(number) {
            let clock = run.clocks.start + unit;
            let left = clock.checked_sub(1).map(|clock| Id { client: run.client, clock });
            let rest = TypedRun { clocks: run.clocks.from(clock), left, ..*run };
            run.clocks = run.clocks.before(clock);
            self.0.insert(number + 1, rest);
        }
        number + 1
    }
}

impl List {
    /// All units in order.
    pub fn units(&self) -> impl Iterator<Item = Id> {
        let runs = self.0.iter();
        runs.flat_map(|run| (run.clocks.start..run.clocks.end).map(|clock| Id { client: run.client, clock }))
    }
}
