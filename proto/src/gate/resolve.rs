//! Step two: what is new in an edit, in which texts, and may it be let through?
//!
//! Holds rules 2 to 6 against one document's index. It changes nothing: the answer carries what yrs is to be given, as
//! our own bytes, and what the index will take in once yrs has applied it. Clocks that are known are dropped whoever
//! sends them; the server's content stays. Deletions that are known are dropped too: a stock provider repeats
//! everybody's.
//!
//! A struct whose place was collected becomes a bare `GC` when it is a deletion (yrs and Yjs would make it one), and is
//! refused when it has characters: nothing may be lost without a word.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::ids::ClientId;

use super::clocks::{Clocks, Lane, Place};
use super::index::{Bindings, BranchNo, TextFigures, TextIndex, Where};
use super::limits::GateLimits;
use super::order::{Circle, Step, in_causal_order};
use super::reader::{Id, Reader};
use super::refusal::Refusal;
use super::sequence::Run;
use super::texts::TextKey;
use super::update::{Content, Section, Struct, TextEdit, read_struct};
use super::written::{FreshSection, write_update};

/// What an edit means to a document.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// All of it is known: acknowledge it, and that is all.
    Nothing,
    /// Something before it is missing (rule W6).
    Gap,
    /// It is new and within the rules; whether this seat may edit these texts now is still to be asked.
    Edit(ResolvedEdit),
}

/// An edit that is new, complete and within the rules.
#[derive(Clone, Debug)]
pub struct ResolvedEdit {
    pub(super) touches: Vec<TextKey>,
    pub(super) clients: Vec<ClientId>,
    pub(super) bytes: Bytes,
    pub(super) fresh: Vec<(ClientId, Lane)>,
    pub(super) deleted: Vec<(ClientId, Clocks)>,
    pub(super) changes: BTreeMap<BranchNo, Change>,
}

impl ResolvedEdit {
    /// The texts in which something is newly inserted or newly deleted, each once.
    ///
    /// Empty when there is nothing but tombstones of a text that is not there any more.
    #[must_use]
    pub fn touches(&self) -> &[TextKey] {
        &self.touches
    }

    /// What yrs is to be given: an update (v1) with what is new and nothing else.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The client ids under which it writes something new: to be bound to the seat.
    #[must_use]
    pub fn clients(&self) -> &[ClientId] {
        &self.clients
    }
}

/// What an edit does to one text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Change {
    /// Places in which its deletions may cut runs.
    pub cuts: u64,
    /// New structs whose place yrs has to look for.
    walks: u64,
    inserted: u32,
    gained: u32,
    lost: u32,
}

/// A deletion may cut a run at both of its ends.
pub(super) const CUTS_PER_DELETION: u64 = 2;

impl Change {
    pub const fn applied_to(&self, figures: TextFigures) -> TextFigures {
        TextFigures {
            visible_units: figures.visible_units.saturating_add(self.gained).saturating_sub(self.lost),
            inserted_units: figures.inserted_units.saturating_add(self.inserted),
        }
    }
}

/// Why resolving ends early.
enum Stop {
    Refused(Refusal),
    Gap,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Circle> for Stop {
    fn from(_: Circle) -> Self {
        Self::Refused(Refusal::Circle)
    }
}

impl TextIndex {
    /// Rules 2 to 6: what is new in this edit? Changes nothing that is told; what it puts into the orders of texts is
    /// taken back when the next edit comes, unless this one was admitted.
    ///
    /// # Errors
    /// When something new in it is not allowed to anybody, or not under these client ids.
    pub fn resolve(
        &mut self,
        edit: &TextEdit,
        who: &dyn Bindings,
        limits: &GateLimits,
    ) -> Result<Resolved, Refusal> {
        #[cfg(feature = "gate-off")]
        if super::off::is_off() {
            return Ok(Resolved::Edit(ResolvedEdit::unread(edit.frame())));
        }
        self.take_back();
        let mut resolving = Resolving {
            index: self,
            who,
            walks: Vec::with_capacity(edit.sections().len()),
            deleted: Vec::new(),
            changes: BTreeMap::new(),
        };
        let came = resolving.run(edit).and_then(|()| Ok(resolving.within(limits)?));
        let came = came.map(|()| resolving.finish());
        if came.is_err() {
            self.take_back();
        }
        match came {
            Ok(resolved) => Ok(resolved),
            Err(Stop::Gap) => Ok(Resolved::Gap),
            Err(Stop::Refused(refusal)) => Err(refusal),
        }
    }
}

struct Resolving<'a> {
    index: &'a mut TextIndex,
    who: &'a dyn Bindings,
    /// By descending client id, as Yjs writes them.
    walks: Vec<Walk<'a>>,
    deleted: Vec<(ClientId, Clocks)>,
    changes: BTreeMap<BranchNo, Change>,
}

/// Where a section stands, and what of it is new.
struct Walk<'a> {
    section: Section,
    reader: Reader<'a>,
    clock: u32,
    left: usize,
    fresh: FreshSection,
}

/// Where a struct belongs.
enum Home {
    In(BranchNo),
    /// Beside or in something that was collected, or it is a bare `GC`.
    Nowhere,
    Waits(Step),
}

impl<'a> Resolving<'a> {
    fn run(&mut self, edit: &'a TextEdit) -> Result<(), Stop> {
        let mut gap = false;
        for section in edit.sections() {
            let known = self.index.next_clock(section.client);
            if section.clocks.end <= known {
                continue;
            }
            if !self.who.may_use(section.client) {
                return Err(Refusal::ForeignClient.into());
            }
            gap |= section.clocks.start > known;
            self.walks.push(Walk {
                section: *section,
                reader: Reader::at(edit.frame(), section.at),
                clock: section.clocks.start,
                left: section.structs,
                fresh: FreshSection::behind(self.index.lanes.get(&section.client), section.client),
            });
        }
        if gap {
            return Err(Stop::Gap);
        }
        self.walks.sort_unstable_by_key(|walk| std::cmp::Reverse(walk.section.client));
        in_causal_order(self.walks.len(), |at| self.next(at))?;
        let mut deletes = edit.deletes()?;
        while let Some((client, range)) = deletes.step()? {
            self.delete(client, range)?;
        }
        Ok(())
    }

    /// Takes the next new struct of a section.
    fn next(&mut self, at: usize) -> Result<Step, Stop> {
        let Some(walk) = self.walks.get_mut(at) else { return Ok(Step::Done) };
        while walk.left > 0 {
            let mut reader = walk.reader;
            let item = read_struct(&mut reader, walk.clock)?;
            if item.clocks.end <= walk.fresh.lane.next() {
                (walk.reader, walk.clock, walk.left) = (reader, item.clocks.end, walk.left - 1);
                continue;
            }
            let home = self.home(at, &item)?;
            let place = match home {
                Home::Waits(step) => return Ok(step),
                Home::In(branch) => self.index.branch(branch).map_or(Place::NOWHERE, |branch| branch.inner),
                Home::Nowhere => Place::NOWHERE,
            };
            let left = self.before(at, &item).or(item.left);
            let Some(walk) = self.walks.get_mut(at) else { return Ok(Step::Done) };
            let added = item.clocks.from(walk.fresh.lane.next());
            walk.fresh.write(&item, added, left, place)?;
            (walk.reader, walk.clock, walk.left) = (reader, item.clocks.end, walk.left - 1);
            let (client, next) = (walk.section.client, walk.fresh.lane.next());
            if let Home::In(branch) = home {
                let dead = !matches!(item.content, Content::Characters(_));
                self.insert(branch, Run { client, clocks: added, left, right: item.right, dead })?;
            }
            return Ok(Step::Took(next));
        }
        Ok(Step::Done)
    }

    /// Rule 4: characters stand between two that could have been neighbours.
    fn insert(&mut self, number: BranchNo, run: Run) -> Result<(), Refusal> {
        let change = self.changes.entry(number).or_default();
        let Some(branch) = self.index.branch_mut(number) else { return Err(Refusal::NotAText) };
        if !branch.sequence.may_hold_between(run.left, run.right) {
            return Err(Refusal::NeverNeighbours);
        }
        if !branch.sequence.insert(run) {
            change.walks += 1;
        }
        let from = Id { client: run.client, clock: run.clocks.start };
        if self.index.tentative.last().is_none_or(|last| (last.0, last.1.client) != (number, run.client)) {
            self.index.tentative.push((number, from));
        }
        change.inserted = change.inserted.saturating_add(run.clocks.len());
        if !run.dead {
            change.gained = change.gained.saturating_add(run.clocks.len());
        }
        Ok(())
    }

    /// Rule 4: everything that a struct refers to lies in one text, which is there.
    fn home(&self, at: usize, item: &Struct<'_>) -> Result<Home, Stop> {
        if let Content::Gc = item.content {
            return Ok(Home::Nowhere);
        }
        let mut home = None;
        for id in [item.left, item.right, self.before(at, item)].into_iter().flatten() {
            let place = match self.find(id)? {
                Found::At(place) => place,
                Found::Later(step) => return Ok(Home::Waits(step)),
            };
            join(&mut home, self.index.where_is(place))?;
        }
        if let Some(parent) = item.parent {
            let inside = match self.index.inside(parent) {
                Some(inside) => inside,
                // People make no types: whatever it is that is new here, it is none.
                None => match self.find(parent)? {
                    Found::At(_) | Found::Later(_) => Where::Server,
                },
            };
            join(&mut home, inside)?;
        }
        match (home, item.content) {
            (Some(Where::Text(branch)), _) => Ok(Home::In(branch)),
            (Some(Where::Gone), Content::Deleted) => Ok(Home::Nowhere),
            (Some(Where::Gone), Content::Characters(_) | Content::Gc) => Err(Refusal::TextGone.into()),
            (Some(Where::Server) | None, _) => Err(Refusal::NotAText.into()),
        }
    }

    /// For a struct of which a part is known: the clock before the rest, which becomes its left origin.
    fn before(&self, at: usize, item: &Struct<'_>) -> Option<Id> {
        let walk = self.walks.get(at)?;
        let known = walk.fresh.lane.next();
        let clock = known.checked_sub(1).filter(|_| item.clocks.start < known)?;
        Some(Id { client: walk.section.client, clock })
    }

    fn find(&self, id: Id) -> Result<Found, Stop> {
        if let Some(place) = self.index.place_of(id) {
            return Ok(Found::At(place));
        }
        let section = self.walks.iter().position(|walk| walk.section.client == id.client);
        let walk = section.and_then(|at| Some((at, self.walks.get(at)?)));
        match walk {
            Some((section, walk)) if id.clock < walk.section.clocks.end => Ok(walk
                .fresh
                .lane
                .place_of(id.clock)
                .map_or(Found::Later(Step::Waits { section, clock: id.clock }), Found::At)),
            Some(_) | None => Err(self.unknown(id.client)),
        }
    }

    /// Something that is not here and not in the update. If the seat itself may have made it, it has more to send.
    fn unknown(&self, client: ClientId) -> Stop {
        let own = !client.is_server() && self.who.may_use(client);
        if own { Stop::Gap } else { Stop::Refused(Refusal::Unknown) }
    }

    /// Rule 5: what is newly deleted lies in texts.
    fn delete(&mut self, client: ClientId, range: Clocks) -> Result<(), Stop> {
        let lane = self.index.lanes.get(&client);
        let fresh = self.walks.iter().find(|walk| walk.section.client == client).map(|walk| &walk.fresh.lane);
        let next = fresh.or(lane).map_or(0, Lane::next);
        if range.end > next {
            return Err(self.unknown(client));
        }
        let known =
            lane.into_iter().flat_map(|lane| TextIndex::living_pieces(lane, range.before(lane.next())));
        let new = fresh.into_iter().flat_map(|lane| TextIndex::living_pieces(lane, range.from(lane.start())));
        let mut hull: Option<Clocks> = None;
        let mut last = None;
        for (piece, place) in known.chain(new) {
            let place = self.index.where_is(place);
            if place == Where::Server {
                return Err(Refusal::DeletesNoText.into());
            }
            // Where a text is gone, all of it is deleted: there are no such pieces.
            if let Where::Text(branch) = place {
                let change = self.changes.entry(branch).or_default();
                change.lost = change.lost.saturating_add(piece.len());
                if last.replace(branch) != Some(branch) {
                    change.cuts += CUTS_PER_DELETION;
                }
            }
            // One range stays one, with what lies deleted inside it: as small as what came.
            let start = hull.map_or(piece.start, |hull| hull.start);
            hull = Some(Clocks { start, end: piece.end });
        }
        self.deleted.extend(hull.map(|hull| (client, hull)));
        Ok(())
    }

    /// Rule 6: how long texts get, how much they take over their lives, and how laborious the edit is for yrs.
    fn within(&self, limits: &GateLimits) -> Result<(), Refusal> {
        if self.deleted.len() > limits.structs_max {
            return Err(Refusal::TooLaborious);
        }
        for (number, change) in &self.changes {
            let Some((key, branch)) = self.index.text_of(*number) else { return Err(Refusal::NotAText) };
            let after = change.applied_to(branch.figures);
            // Who makes a text shorter may do so however long it is.
            let longer = after.visible_units > branch.figures.visible_units;
            if longer && after.visible_units > limits.text_units_max(key) {
                return Err(Refusal::TextTooLong);
            }
            if change.inserted > 0 && after.inserted_units > limits.inserted_units_max(key) {
                return Err(Refusal::TextWornOut);
            }
            let parts = branch.sequence.runs().saturating_add(branch.cuts).saturating_add(change.cuts);
            let comparisons = change.walks.saturating_mul(parts);
            if comparisons > limits.comparisons_max {
                return Err(Refusal::TooLaborious);
            }
        }
        Ok(())
    }

    fn finish(self) -> Resolved {
        let Self { index, walks, deleted, changes, .. } = self;
        if walks.is_empty() && deleted.is_empty() {
            return Resolved::Nothing;
        }
        let fresh: Vec<FreshSection> = walks.into_iter().map(|walk| walk.fresh).collect();
        let touched = changes.keys().filter_map(|number| index.text_of(*number));
        let edit = ResolvedEdit {
            touches: touched.map(|(key, _)| key.clone()).collect(),
            clients: fresh.iter().map(|section| section.client).collect(),
            bytes: write_update(&fresh, &deleted).into(),
            fresh: fresh.into_iter().map(|section| (section.client, section.lane)).collect(),
            deleted,
            changes,
        };
        Resolved::Edit(edit)
    }
}

/// What an id is.
enum Found {
    At(Place),
    /// In this update, but not yet taken.
    Later(Step),
}

/// Adds one more thing that a struct refers to.
fn join(home: &mut Option<Where>, next: Where) -> Result<(), Refusal> {
    match home {
        Some(home) if *home != next => Err(Refusal::TwoTexts),
        Some(_) => Ok(()),
        None => {
            *home = Some(next);
            Ok(())
        }
    }
}
