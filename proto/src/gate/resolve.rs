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
use super::meter::{self, Meter};
use super::order::{Circle, Step, in_causal_order};
use super::reader::{Id, Reader};
use super::refusal::Refusal;
use super::sequence::{Did, TypedRun};
use super::texts::TextKey;
use super::update::{ClientStructs, Content, Struct, TextEdit, read_struct};
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
    /// By how much the cuts in each client id's runs change.
    pub(super) cuts: Vec<(ClientId, i64)>,
    pub(super) steps: u64,
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

    /// What it costs, here and in yrs, in steps of about 50 ns (rule G7).
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// UTF-16 units by which it makes what people see longer; nothing when it makes it shorter.
    #[must_use]
    pub fn grows_by(&self) -> u64 {
        let sum =
            |part: fn(&Change) -> u32| self.changes.values().map(|one| u64::from(part(one))).sum::<u64>();
        sum(|change| change.gained).saturating_sub(sum(|change| change.lost))
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
    /// By how much the places change in which its deletions cut runs.
    pub cuts: i64,
    inserted: u32,
    gained: u32,
    lost: u32,
}

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
            cuts: Vec::new(),
            meter: Meter::with(limits.work.frame_steps_max),
            did: Vec::new(),
        };
        let came = resolving.run(edit).and_then(|()| Ok(resolving.within(limits)?));
        let spent = resolving.meter.spent();
        let came = came.map(|()| resolving.finish());
        self.spent = spent;
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
    cuts: Vec<(ClientId, i64)>,
    meter: Meter,
    /// What the last insertion did.
    did: Vec<Did>,
}

/// Where a section stands, and what of it is new.
struct Walk<'a> {
    section: ClientStructs,
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
            self.meter.spend(meter::WAIT)?;
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
            self.meter.spend(meter::STRUCT)?;
            let left = self.before(at, &item).or(item.left);
            let Some(walk) = self.walks.get_mut(at) else { return Ok(Step::Done) };
            let added = item.clocks.from(walk.fresh.lane.next());
            walk.fresh.write(&item, added, left, place)?;
            (walk.reader, walk.clock, walk.left) = (reader, item.clocks.end, walk.left - 1);
            let (client, next) = (walk.section.client, walk.fresh.lane.next());
            if let Home::In(branch) = home {
                let dead = !matches!(item.content, Content::Characters(_));
                self.insert(branch, TypedRun { client, clocks: added, left, right: item.right, dead })?;
            }
            return Ok(Step::Took(next));
        }
        Ok(Step::Done)
    }

    /// Rule 4: characters stand between two that could have been neighbours.
    fn insert(&mut self, number: BranchNo, run: TypedRun) -> Result<(), Refusal> {
        let Some(branch) = self.index.branch_mut(number) else { return Err(Refusal::NotAText) };
        if !branch.sequence.may_hold_between(run.left, run.right) {
            return Err(Refusal::NeverNeighbours);
        }
        self.did.clear();
        let came = branch.sequence.insert(run, &mut self.meter, &mut self.did);
        self.index.tentative.extend(self.did.iter().map(|did| (number, *did)));
        came?;
        for at in 0..self.did.len() {
            if let Some(did) = self.did.get(at) {
                self.pay_for(number, *did)?;
            }
        }
        let change = self.changes.entry(number).or_default();
        change.inserted = change.inserted.saturating_add(run.clocks.len());
        if !run.dead {
            change.gained = change.gained.saturating_add(run.clocks.len());
        }
        Ok(())
    }

    /// Rule 7: what yrs will do besides comparing.
    fn pay_for(&mut self, number: BranchNo, did: Did) -> Result<(), Refusal> {
        match did {
            Did::Cut(start) => {
                let sequence = self.index.branch(number).map(|branch| &branch.sequence);
                let before = start.clock.checked_sub(1).map(|clock| Id { clock, ..start });
                let sides = [before, Some(start)].into_iter().flatten();
                let units = sequence.map_or(0, |text| sides.map(|side| text.run_units(side)).sum());
                self.meter.spend(meter::cut(self.blocks_of(start.client), units))
            }
            Did::Joined(_) | Did::Inserted(_) | Did::Grew(..) => Ok(()),
        }
    }

    /// Blocks that yrs keeps for a client id, those of this edit included.
    fn blocks_of(&self, client: ClientId) -> u64 {
        let known = self.index.lanes.get(&client).map_or(0, Lane::blocks);
        let new = self.walk_of(client).and_then(|at| self.walks.get(at));
        known + new.map_or(0, |walk| walk.section.structs as u64)
    }

    /// The number of the section of a client id.
    fn walk_of(&self, client: ClientId) -> Option<usize> {
        self.walks.binary_search_by(|walk| client.cmp(&walk.section.client)).ok()
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
        let section = self.walk_of(id.client);
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
        self.meter.spend(meter::RANGE)?;
        let lane = self.index.lanes.get(&client);
        let fresh = self.walk_of(client).and_then(|at| self.walks.get(at)).map(|walk| &walk.fresh.lane);
        let next = fresh.or(lane).map_or(0, Lane::next);
        if range.end > next {
            return Err(self.unknown(client));
        }
        let known =
            lane.into_iter().flat_map(|lane| TextIndex::living_pieces(lane, range.before(lane.next())));
        let new = fresh.into_iter().flat_map(|lane| TextIndex::living_pieces(lane, range.from(lane.start())));
        for (piece, place) in known.chain(new) {
            self.meter.spend(meter::PIECE)?;
            let place = self.index.where_is(place);
            if place == Where::Server {
                return Err(Refusal::DeletesNoText.into());
            }
            // Where a text is gone, all of it is deleted: there are no such pieces.
            if let Where::Text(branch) = place {
                let change = self.changes.entry(branch).or_default();
                change.lost = change.lost.saturating_add(piece.len());
                let home = if fresh.is_some_and(|fresh| piece.start >= fresh.start()) { fresh } else { lane };
                if let (Some(branch), Some(lane)) = (self.index.branch(branch), home) {
                    let cuts = TextIndex::cuts_of(branch, lane, client, piece);
                    change.cuts += cuts;
                    self.cuts.push((client, cuts));
                    let first = Id { client, clock: piece.start };
                    // yrs cuts at both ends, and joins what lies deleted side by side.
                    let units = branch.sequence.run_units(first);
                    self.meter.spend(2 * meter::cut(self.blocks_of(client), units))?;
                    let runs = branch.sequence.runs_in(client, piece);
                    self.meter.spend(meter::RUN.saturating_mul(runs))?;
                }
            }
            // Its set of deleted clocks is copied once, and only when something new comes into it.
            if self.deleted.last().is_none_or(|last| last.0 != client) {
                let ranges = lane.map_or(0, |lane| lane.deleted.ranges().len());
                self.meter.spend(meter::joined_ranges(ranges))?;
            }
            match self.deleted.last_mut() {
                Some((whose, last)) if *whose == client && last.end == piece.start => last.end = piece.end,
                Some(_) | None => self.deleted.push((client, piece)),
            }
        }
        Ok(())
    }

    /// Rules 6 and 7: how long texts get, how much they take over their lives, and what the document costs at a load.
    fn within(&self, limits: &GateLimits) -> Result<(), Refusal> {
        if self.deleted.len() > limits.structs_max {
            return Err(Refusal::TooLaborious);
        }
        let mut document = self.index.work;
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
            let work = branch.work_with(branch.cuts.saturating_add_signed(change.cuts));
            if work.parts > limits.work.text_parts_max && work.parts > branch.work.parts {
                return Err(Refusal::TextWornOut);
            }
            document = document.with(branch.work, work);
        }
        let more = document.parts > self.index.work.parts && document.parts > limits.work.document_parts_max;
        let slower = document.load_steps > self.index.work.load_steps
            && document.load_steps > limits.work.load_steps_max;
        if more || slower {
            return Err(Refusal::DocumentFragmented);
        }
        let blocks = |walk: &Walk<'_>| self.blocks_of(walk.section.client);
        if self.walks.iter().any(|walk| blocks(walk) > limits.work.client_blocks_max) {
            return Err(Refusal::TooLaborious);
        }
        Ok(())
    }

    fn finish(self) -> Resolved {
        let Self { index, walks, deleted, changes, cuts, meter, .. } = self;
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
            cuts,
            steps: meter.spent(),
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
