//! In which order the characters of one text stand, deleted ones included, and whether two could ever have been neighbours.
//!
//! A phone types between two characters that stand beside each other on its screen, and says so: its left and its right
//! origin. A liar can name any two. Yjs places such a struct somewhere all the same, but where depends on what has
//! arrived before it, so the server, its phones and the reloaded document would show the same letters in another order.
//! So the gate asks: is there a moment of this text at which these two were neighbours?
//!
//! The least that somebody who refers to a character must have seen is the character, its own two origins, theirs, and
//! so on. Within that, a character stands directly before its right origin and directly behind its left one (it was
//! typed between them). So nothing that had to be seen stands between `left` and `right` exactly when `left` stands
//! before `right`, `right` not behind the right origin of `left`, and `left` not before the left origin of `right`.
//! This asks less than what an honest phone has seen, because it leaves out what else that phone typed; it suffices all
//! the same, because two structs of one client id arrive everywhere in one order, as if they were of two people with
//! ids of their own.
//!
//! The order itself is that of YATA (Nicolaescu, Jahns, Derntl, Klamma: *Near Real-Time Peer-to-Peer Shared Editing on
//! Extensible Data Types*, 2016) in the form of Yjs 13.6. It keeps no characters.

use crate::ids::ClientId;

use super::clocks::Clocks;
use super::reader::Id;

/// The units of one text from first to last.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Sequence(Vec<Run>);

/// Units that one client id typed in one go, side by side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Run {
    pub client: ClientId,
    pub clocks: Clocks,
    /// The left origin of the first unit; each other one has the unit before it.
    pub left: Option<Id>,
    /// The right origin of all.
    pub right: Option<Id>,
    /// Deleted when it arrived: it is never joined with characters.
    pub dead: bool,
}

impl Run {
    fn unit(&self, id: Id) -> Option<u32> {
        let here = self.client == id.client && self.clocks.start <= id.clock && id.clock < self.clocks.end;
        here.then(|| id.clock - self.clocks.start)
    }

    /// Is `next` what the same client id typed behind this run, in the same go?
    fn continues_with(&self, next: &Self) -> bool {
        let last = self.clocks.end.checked_sub(1).map(|clock| Id { client: self.client, clock });
        next.client == self.client
            && next.clocks.start == self.clocks.end
            && next.left == last
            && next.right == self.right
            && next.dead == self.dead
    }
}

/// A border between two units: before the unit of this number in this run; the end is before a run that is not there.
type Border = (usize, u32);

impl Sequence {
    /// In how many runs the text is: at least as many as Yjs has structs, but for what was deleted later.
    pub fn runs(&self) -> u64 {
        self.0.len() as u64
    }

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
    pub fn insert(&mut self, new: Run) -> bool {
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

    /// Takes out what a client id wrote from a clock on.
    pub fn forget(&mut self, client: ClientId, from: u32) {
        for run in self.0.iter_mut().filter(|run| run.client == client) {
            run.clocks = run.clocks.before(from);
        }
        self.0.retain(|run| !run.clocks.is_empty());
    }

    /// Where among the runs `from..to`, which others typed at the same place, the new one belongs.
    fn place(&self, new: &Run, from: usize, to: usize) -> usize {
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

    fn find(&self, id: Id) -> Option<(&Run, Border)> {
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
            let rest = Run { clocks: run.clocks.from(clock), left, ..*run };
            run.clocks = run.clocks.before(clock);
            self.0.insert(number + 1, rest);
        }
        number + 1
    }
}

#[cfg(test)]
impl Sequence {
    /// All units in order.
    pub fn units(&self) -> impl Iterator<Item = Id> {
        let runs = self.0.iter();
        runs.flat_map(|run| (run.clocks.start..run.clocks.end).map(|clock| Id { client: run.client, clock }))
    }
}
