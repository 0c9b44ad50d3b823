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
//!
//! How much a later load can cost is known here too. Whatever the order in which the structs are integrated again, yrs
//! scans past more than one struct only for one that has a sibling (the same left origin) which it does not depend on;
//! and then it passes no more structs than the text has. [`Sequence::contested`] counts these, see [`Family`].

use std::collections::BTreeMap;

use crate::ids::ClientId;

use super::clocks::Clocks;
use super::meter::{self, Meter};
use super::reader::Id;
use super::refusal::Refusal;
use super::run_list::{At, END, Pages};

/// The units of one text from first to last.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Sequence {
    pages: Pages,
    /// Left origins that more than one run has.
    families: BTreeMap<Option<Id>, Family>,
    contested: u64,
    largest: u32,
}

/// Units that one client id typed in one go, side by side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TypedRun {
    pub client: ClientId,
    pub clocks: Clocks,
    /// The left origin of the first unit; each other one has the unit before it.
    pub left: Option<Id>,
    /// The right origin of all.
    pub right: Option<Id>,
    /// Deleted when it arrived: it is never joined with characters.
    pub dead: bool,
}

/// The runs that have one left origin.
///
/// Structs of a family follow each other with all that hangs on them. A new one that finds siblings between its origins
/// was written without knowing them: from then on the family is contested, because in another order of loading any of
/// them may have to pass all others. While each new one has the sibling before it as its right origin, as when somebody
/// types at one place again and again, no order of loading makes yrs scan.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Family {
    members: u32,
    contested: bool,
}

/// One thing that an insertion did, so that it can be taken back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Did {
    /// A run was cut before this unit.
    Cut(Id),
    /// This unit and those behind it were joined to the run before.
    Joined(Id),
    /// A run that begins with this unit came in.
    Inserted(Id),
    /// A left origin got one more child; what was known of its family before, and how large the largest one was.
    Grew(Option<Id>, Option<Family>, u32),
}

impl TypedRun {
    pub const fn start(&self) -> Id {
        Id { client: self.client, clock: self.clocks.start }
    }

    pub fn unit(&self, id: Id) -> Option<u32> {
        let here = self.client == id.client && self.clocks.start <= id.clock && id.clock < self.clocks.end;
        here.then(|| id.clock - self.clocks.start)
    }

    /// Is `next` what the same client id typed behind this run, in the same go?
    pub fn continues_with(&self, next: &Self) -> bool {
        let last = self.clocks.end.checked_sub(1).map(|clock| Id { client: self.client, clock });
        next.client == self.client
            && next.clocks.start == self.clocks.end
            && next.left == last
            && next.right == self.right
            && next.dead == self.dead
    }
}

/// A border between two units: before the unit of this number in the run at this place.
type Border = (At, u32);

impl Sequence {
    /// In how many runs the text is: at least as many as Yjs has structs, but for what was deleted later.
    pub const fn runs(&self) -> u64 {
        self.pages.len() as u64
    }

    /// How many runs may have to look for their place when the text is loaded in another order.
    pub const fn contested(&self) -> u64 {
        self.contested
    }

    /// How many runs may become contested by one insertion: the largest family.
    pub const fn largest_family(&self) -> u64 {
        self.largest as u64
    }

    /// How many runs hold units of these clocks.
    pub fn runs_in(&self, client: ClientId, clocks: Clocks) -> u64 {
        self.pages.count_in(Id { client, clock: clocks.start }, clocks)
    }

    /// Is there a border between two runs before this unit?
    pub fn begins_a_run(&self, id: Id) -> bool {
        self.pages.find(id).is_none_or(|(_, unit)| unit == 0)
    }

    /// The length of the run that a unit lies in.
    pub fn run_units(&self, id: Id) -> u32 {
        let run = self.pages.find(id).and_then(|(at, _)| self.pages.run(at));
        run.map_or(0, |run| run.clocks.len())
    }

    /// All runs in order.
    pub fn iter(&self) -> impl Iterator<Item = &TypedRun> {
        self.pages.iter()
    }

    /// Could somebody have typed between these two? Without `left` at the beginning, without `right` at the end.
    pub fn may_hold_between(&self, left: Option<Id>, right: Option<Id>) -> bool {
        let (Some(behind), Some(before)) = (self.behind(left), self.before(right)) else { return false };
        let (behind, before) = (self.key(behind), self.key(before));
        let left_sees = left.and_then(|id| self.find(id)).map(|(run, _)| self.before(run.right));
        let right_sees = right.and_then(|id| self.find(id)).map(|(run, (_, unit))| {
            let clock = (run.clocks.start + unit).checked_sub(1).filter(|_| unit > 0);
            self.behind(clock.map(|clock| Id { client: run.client, clock }).or(run.left))
        });
        // A first unit without a left origin sees the beginning of the text, before which nothing stands.
        behind <= before
            && left_sees.flatten().is_none_or(|border| before <= self.key(border))
            && right_sees.flatten().is_none_or(|border| self.key(border) <= behind)
    }

    /// Puts units where every Yjs puts them, and writes down what that did. True when they only continue a run.
    ///
    /// # Errors
    /// When the meter is spent; what was written down until then must be taken back.
    pub fn insert(&mut self, new: TypedRun, meter: &mut Meter, did: &mut Vec<Did>) -> Result<bool, Refusal> {
        let mut from = self.behind(new.left).unwrap_or((self.pages.start(), 0));
        let mut to = self.before(new.right).unwrap_or((END, 0));
        if from.1 > 0 || to.1 > 0 {
            self.cut(from, did);
            // The first cut may have moved the second border, and the second one the first.
            self.cut(self.before(new.right).unwrap_or((END, 0)), did);
            from = self.behind(new.left).unwrap_or((self.pages.start(), 0));
            to = self.before(new.right).unwrap_or((END, 0));
        }
        let (from, to) = (from.0, to.0);
        let at = self.place(&new, from, to, meter)?;
        if let Some(first) = self.pages.run(from)
            && first.left == new.left
        {
            self.grow(new.left, self.pages.key(from) < self.pages.key(to), did);
        }
        if let Some(before) = self.pages.before(at)
            && let Some(run) = self.pages.run_mut(before)
            && run.continues_with(&new)
        {
            run.clocks.end = new.clocks.end;
            did.push(Did::Joined(new.start()));
            return Ok(true);
        }
        self.pages.insert(at, new);
        did.push(Did::Inserted(new.start()));
        Ok(false)
    }

    /// Takes back what an insertion did last.
    pub fn take_back(&mut self, did: Did) {
        match did {
            Did::Inserted(start) => {
                if let Some((at, _)) = self.pages.find(start) {
                    self.pages.remove(at);
                }
            }
            Did::Joined(start) => {
                if let Some((at, _)) = self.pages.find(start)
                    && let Some(run) = self.pages.run_mut(at)
                {
                    run.clocks.end = start.clock;
                }
            }
            Did::Cut(start) => {
                let Some((at, _)) = self.pages.find(start) else { return };
                let Some(before) = self.pages.before(at) else { return };
                let rest = self.pages.run(at).map(|rest| rest.clocks.end);
                if let (Some(end), Some(run)) = (rest, self.pages.run_mut(before)) {
                    run.clocks.end = end;
                    self.pages.remove(at);
                }
            }
            Did::Grew(left, before, largest) => {
                self.largest = largest;
                let now = match before {
                    Some(family) => self.families.insert(left, family),
                    None => self.families.remove(&left),
                };
                let count = |family: Option<Family>| {
                    family.filter(|family| family.contested).map_or(0, |family| u64::from(family.members))
                };
                self.contested = self.contested.saturating_sub(count(now)).saturating_add(count(before));
            }
        }
    }

    /// One more run has this left origin. `blindly`: something stands between its origins.
    fn grow(&mut self, left: Option<Id>, blindly: bool, did: &mut Vec<Did>) {
        let before = self.families.get(&left).copied();
        did.push(Did::Grew(left, before, self.largest));
        let Family { members, contested } = before.unwrap_or(Family { members: 1, contested: false });
        let after = Family { members: members.saturating_add(1), contested: contested || blindly };
        if after.contested {
            self.contested += u64::from(if contested { 1 } else { after.members });
        }
        self.largest = self.largest.max(after.members);
        self.families.insert(left, after);
    }

    /// Where among the runs `from..to`, which others typed at the same place, the new one belongs.
    fn place(&self, new: &TypedRun, from: At, to: At, meter: &mut Meter) -> Result<At, Refusal> {
        let mut at = from;
        let (first, mut best) = (self.pages.key(from), self.pages.key(from));
        let (mut conflicting, mut most) = (0u64, 0u64);
        let mut here = from;
        let end = self.pages.key(to);
        while self.pages.key(here) < end {
            let Some(other) = self.pages.run(here) else { break };
            meter.spend(meter::SCANNED)?;
            conflicting += 1;
            let moves = if other.left == new.left {
                if other.client >= new.client && other.right == new.right {
                    break;
                }
                other.client < new.client
            } else {
                let origin = other.left.and_then(|left| self.pages.find(left));
                match origin.map(|(origin, _)| self.pages.key(origin)) {
                    Some(origin) if first <= origin && origin < self.pages.key(here) => origin < best,
                    Some(_) | None => break,
                }
            };
            here = self.pages.after(here);
            if moves {
                most = most.max(conflicting);
                meter.spend(meter::cleared(most))?;
                conflicting = 0;
                (at, best) = (here, self.pages.key(here));
            }
        }
        Ok(at)
    }

    fn find(&self, id: Id) -> Option<(&TypedRun, Border)> {
        let border = self.pages.find(id)?;
        Some((self.pages.run(border.0)?, border))
    }

    /// The border behind a unit, or the beginning; nothing when there is no such unit.
    fn behind(&self, id: Option<Id>) -> Option<Border> {
        let Some(id) = id else { return Some((self.pages.start(), 0)) };
        let (run, (at, unit)) = self.find(id)?;
        Some(if unit + 1 == run.clocks.len() { (self.pages.after(at), 0) } else { (at, unit + 1) })
    }

    /// The border before a unit, or the end; nothing when there is no such unit.
    fn before(&self, id: Option<Id>) -> Option<Border> {
        let Some(id) = id else { return Some((END, 0)) };
        self.pages.find(id)
    }

    /// Compares like the borders in the text.
    fn key(&self, (at, unit): Border) -> ((u64, u32), u32) {
        (self.pages.key(at), unit)
    }

    /// Makes a border lie between two runs.
    fn cut(&mut self, (at, unit): Border, did: &mut Vec<Did>) {
        if unit == 0 {
            return;
        }
        let Some(run) = self.pages.run_mut(at) else { return };
        let clock = run.clocks.start + unit;
        let left = clock.checked_sub(1).map(|clock| Id { client: run.client, clock });
        let rest = TypedRun { clocks: run.clocks.from(clock), left, ..*run };
        run.clocks = run.clocks.before(clock);
        did.push(Did::Cut(rest.start()));
        self.pages.insert(self.pages.after(at), rest);
    }
}

#[cfg(test)]
impl Sequence {
    /// All units in order.
    pub fn units(&self) -> impl Iterator<Item = Id> {
        let runs = self.iter();
        runs.flat_map(|run| (run.clocks.start..run.clocks.end).map(|clock| Id { client: run.client, clock }))
    }
}
