//! Trusted mode: the index learns what our own yrs encoded, a whole snapshot or one update.
//!
//! What is known already is skipped, so the same update may be learned twice. The rules for where a struct lies are
//! those of yrs: beside its left origin, else beside its right one, else in its parent; and nowhere, when all of these
//! were collected.

use crate::ids::ClientId;

use super::clocks::{Clocks, Place};
use super::index::{Branch, BranchNo, TextFigures, TextIndex, Work};
use super::meter::{self, Meter};
use super::order::{Circle, Step, in_causal_order};
use super::reader::{Id, Reader};
use super::refusal::Refusal;
use super::sequence::{Sequence, TypedRun};
use super::texts::Shape;
use super::trusted::{Parent, TrustedContent, TrustedStruct, read_sections, read_struct};
use super::update::{ClientStructs, Deletes};

/// What an update added to the index.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Learned {
    /// Clocks that were not known before.
    pub units: u64,
    /// Clocks that were not known to be deleted.
    pub deleted_units: u64,
    /// Texts that were not there before.
    pub texts: u32,
}

/// A trusted update that cannot be of this document. The index is half-way and must be dropped.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LearnError {
    /// It is not an update that yrs encodes.
    #[error("the update cannot be read: {0}")]
    Malformed(#[from] Refusal),
    /// It begins behind the clocks that are known.
    #[error("something before this update is missing")]
    Gap,
    /// It refers to something unknown, or to itself in a circle.
    #[error("the update refers to something that is missing")]
    Unresolved,
}

impl From<Circle> for LearnError {
    fn from(_: Circle) -> Self {
        Self::Unresolved
    }
}

/// Where a section stands.
struct Walk<'a> {
    section: ClientStructs,
    reader: Reader<'a>,
    clock: u32,
    left: usize,
}

/// Where a struct belongs.
enum Home {
    At(Place),
    Waits(Step),
}

impl TextIndex {
    /// Takes in an update (v1) that our own yrs encoded: a snapshot, or what the server wrote.
    ///
    /// # Errors
    /// When it is no such update or does not continue what is known; the index must then be rebuilt.
    pub fn learn(&mut self, trusted_update_v1: &[u8]) -> Result<Learned, LearnError> {
        self.take_back();
        let mut reader = Reader::new(trusted_update_v1);
        let sections = read_sections(&mut reader)?;
        let mut learned = Learned::default();
        let mut meter = Meter::counting();
        let mut walks = Vec::with_capacity(sections.len());
        for section in sections {
            if section.clocks.start > self.next_clock(section.client) {
                return Err(LearnError::Gap);
            }
            self.lanes.entry(section.client).or_default();
            let reader = Reader::at(trusted_update_v1, section.at);
            walks.push(Walk { section, reader, clock: section.clocks.start, left: section.structs });
        }
        in_causal_order(walks.len(), |at| self.learn_next(&mut walks, at, &mut learned, &mut meter))?;
        self.learn_deletions(Deletes::new(reader)?, &mut learned, &mut meter)?;
        self.spent = meter.spent();
        Ok(learned)
    }

    fn learn_deletions(
        &mut self,
        mut deletes: Deletes<'_>,
        learned: &mut Learned,
        meter: &mut Meter,
    ) -> Result<(), LearnError> {
        // Of one client at a time: its set grows once, not once for each range.
        let mut ranges: Vec<Clocks> = Vec::new();
        let mut whose: Option<ClientId> = None;
        while let Some((client, range)) = deletes.step()? {
            meter.spend(meter::RANGE)?;
            if whose.is_some_and(|whose| whose != client) {
                self.are_deleted(whose, &mut ranges);
            }
            whose = Some(client);
            let lane = self.lanes.get(&client).filter(|lane| range.end <= lane.next());
            let pieces: Vec<_> = Self::living_pieces(lane.ok_or(LearnError::Unresolved)?, range).collect();
            for (piece, place) in pieces {
                meter.spend(meter::PIECE)?;
                learned.deleted_units += u64::from(piece.len());
                self.learn_deletion(Id { client, clock: piece.start }, piece, place);
            }
            ranges.push(range);
        }
        self.are_deleted(whose, &mut ranges);
        Ok(())
    }

    fn are_deleted(&mut self, client: Option<ClientId>, ranges: &mut Vec<Clocks>) {
        if let Some(lane) = client.and_then(|client| self.lanes.get_mut(&client)) {
            lane.deleted.insert_rising(ranges);
        }
        ranges.clear();
    }

    fn learn_next(
        &mut self,
        walks: &mut [Walk<'_>],
        at: usize,
        learned: &mut Learned,
        meter: &mut Meter,
    ) -> Result<Step, LearnError> {
        meter.spend(meter::WAIT)?;
        let Some(walk) = walks.get(at).filter(|walk| walk.left > 0) else { return Ok(Step::Done) };
        let mut reader = walk.reader;
        let item = read_struct(&mut reader, walk.clock)?;
        let client = walk.section.client;
        if item.clocks.end > self.next_clock(client) {
            match self.home(walks, &item)? {
                Home::At(place) => {
                    meter.spend(meter::STRUCT)?;
                    self.learn_struct(client, &item, place, learned, meter)?;
                }
                Home::Waits(step) => return Ok(step),
            }
        }
        if let Some(walk) = walks.get_mut(at) {
            (walk.reader, walk.clock, walk.left) = (reader, item.clocks.end, walk.left - 1);
        }
        Ok(Step::Took(self.next_clock(client)))
    }

    fn home(&mut self, walks: &[Walk<'_>], item: &TrustedStruct<'_>) -> Result<Home, LearnError> {
        let parent = match item.parent {
            Some(Parent::Item(id)) => Some(id),
            Some(Parent::Root(_)) | None => None,
        };
        for id in [item.left, item.right, parent].into_iter().flatten() {
            if self.place_of(id).is_none() {
                let at = walks.binary_search_by_key(&id.client, |walk| walk.section.client);
                let section = at.map_err(|_| LearnError::Unresolved)?;
                let there = walks.get(section).is_some_and(|walk| id.clock < walk.section.clocks.end);
                let wait = Step::Waits { section, clock: id.clock };
                return if there { Ok(Home::Waits(wait)) } else { Err(LearnError::Unresolved) };
            }
        }
        let beside = [item.left, item.right].into_iter().flatten().filter_map(|id| self.place_of(id));
        if let Some(place) = { beside }.find(|place| *place != Place::NOWHERE) {
            return Ok(Home::At(place));
        }
        let branch = match item.parent {
            Some(Parent::Root(name)) => Some(self.root(name)),
            Some(Parent::Item(id)) => self.types.get(&id).copied(),
            None => None,
        };
        Ok(Home::At(match (branch, item.key) {
            (None, _) => Place::NOWHERE,
            (Some(branch), None) => self.branch(branch).map_or(Place::NOWHERE, |branch| branch.inner),
            (Some(branch), Some(key)) => self.new_place(branch, Some(key)),
        }))
    }

    fn learn_struct(
        &mut self,
        client: ClientId,
        item: &TrustedStruct<'_>,
        place: Place,
        learned: &mut Learned,
        meter: &mut Meter,
    ) -> Result<(), LearnError> {
        let lane = self.lanes.entry(client).or_default();
        let added = item.clocks.from(lane.next());
        lane.extend_to(item.clocks.end, place);
        learned.units += u64::from(added.len());
        let deleted = match item.content {
            TrustedContent::Gc | TrustedContent::Deleted => true,
            TrustedContent::Type(_) | TrustedContent::Value => place == Place::NOWHERE,
        };
        if deleted {
            lane.deleted.insert(added);
            learned.deleted_units += u64::from(added.len());
        }
        let before = added.start.checked_sub(1).map(|clock| Id { client, clock });
        let left = if added == item.clocks { item.left } else { before };
        let run = TypedRun { client, clocks: added, left, right: item.right, dead: deleted };
        let Some((parent, key)) = self.places.get(place.0 as usize).cloned() else { return Ok(()) };
        let mut scratch = std::mem::take(&mut self.scratch);
        if key.is_none()
            && let Some(branch) = self.branch_mut(parent)
        {
            if let Shape::Text(_) = branch.shape {
                branch.sequence.insert(run, meter, &mut scratch)?;
            }
            branch.figures.inserted_units = branch.figures.inserted_units.saturating_add(added.len());
            if !deleted {
                branch.figures.visible_units = branch.figures.visible_units.saturating_add(added.len());
            }
            for did in scratch.drain(..) {
                self.count_run(did);
            }
            self.weigh(parent);
        } else if deleted && key.is_some() {
            self.note_replaced(parent, 1);
        }
        self.scratch = scratch;
        if let TrustedContent::Type(kind) = item.content {
            let key = key.as_deref().unwrap_or_default();
            let shape = self.branch(parent).map_or(Shape::Other, |parent| parent.shape.child(key, kind));
            let branch = self.new_branch(shape.clone());
            self.types.insert(Id { client, clock: added.start }, branch);
            if let Shape::Text(key) = shape {
                self.texts.insert(key, branch);
                learned.texts += 1;
            }
        }
        Ok(())
    }

    /// Takes note that `piece`, which lies in `place` and begins at `first`, was deleted.
    fn learn_deletion(&mut self, first: Id, piece: Clocks, place: Place) {
        if let Some((number, None)) = self.places.get(place.0 as usize).cloned()
            && let (Some(branch), Some(lane)) = (self.branch(number), self.lanes.get(&first.client))
        {
            let cuts = Self::cuts_of(branch, lane, first.client, piece);
            if let Some(branch) = self.branch_mut(number) {
                branch.figures.visible_units = branch.figures.visible_units.saturating_sub(piece.len());
                branch.cuts = branch.cuts.saturating_add_signed(cuts);
            }
            if let Some(lane) = self.lanes.get_mut(&first.client) {
                lane.cuts = lane.cuts.saturating_add_signed(cuts);
            }
            self.weigh(number);
        } else if let Some((number, Some(_))) = self.places.get(place.0 as usize) {
            self.note_replaced(*number, u64::from(piece.len()));
        }
        let types = self.types.range(first..Id { clock: piece.end, ..first });
        let types: Vec<(Id, BranchNo)> = types.map(|(id, branch)| (*id, *branch)).collect();
        for (id, number) in types {
            self.types.remove(&id);
            let Some(branch) = self.branch_mut(number) else { continue };
            branch.alive = false;
            let gone = std::mem::take(&mut branch.sequence);
            let parts = branch.work.parts.saturating_add(std::mem::take(&mut branch.replaced));
            self.collected = self.collected.saturating_add(parts);
            for run in gone.iter() {
                if let Some(lane) = self.lanes.get_mut(&run.client) {
                    lane.runs = lane.runs.saturating_sub(1);
                }
            }
            self.weigh(number);
            let Some(branch) = self.branch(number) else { continue };
            if let Shape::Text(key) = branch.shape.clone()
                && self.texts.get(&key) == Some(&number)
            {
                self.texts.remove(&key);
            }
        }
    }

    /// Values of a map are not the newest of their keys any more, or their map is gone.
    fn note_replaced(&mut self, map: BranchNo, values: u64) {
        let Some(branch) = self.branch_mut(map) else { return };
        if branch.alive {
            branch.replaced = branch.replaced.saturating_add(values);
            self.weigh(map);
        } else {
            self.collected = self.collected.saturating_add(values);
        }
    }

    fn root(&mut self, name: &str) -> BranchNo {
        if let Some(branch) = self.roots.get(name) {
            return *branch;
        }
        let branch = self.new_branch(Shape::root(name));
        self.roots.insert(name.into(), branch);
        branch
    }

    fn new_branch(&mut self, shape: Shape) -> BranchNo {
        let number = BranchNo(self.branches.len() as u32);
        let inner = self.new_place(number, None);
        let figures = TextFigures::default();
        let (sequence, work) = (Sequence::default(), Work::default());
        self.branches.push(Branch {
            shape,
            alive: true,
            inner,
            figures,
            sequence,
            cuts: 0,
            replaced: 0,
            work,
            weighed_units: 0,
        });
        number
    }

    fn new_place(&mut self, branch: BranchNo, key: Option<&str>) -> Place {
        let place = Place(self.places.len() as u32);
        self.places.push((branch, key.map(Into::into)));
        place
    }
}
