//! The index beside a document: which clocks lie in which text, which are deleted, and how full each text is.
//!
//! It is built from the document's own snapshot ([`TextIndex::learn`]), grows with every update that the server wrote
//! (`learn`) and every edit that was let through ([`TextIndex::admit`]), and is dropped and rebuilt together with the
//! document. Rebuilt from the snapshot it says the same as the live one, text for text; a property test holds that.
//!
//! It knows clocks, not characters, and no roles: who may edit a text is asked elsewhere.

use std::collections::{BTreeMap, HashMap};

use crate::ids::ClientId;

use super::clocks::{Clocks, Lane, Place};
use super::limits::GateLimits;
use super::meter;
use super::reader::Id;
use super::refusal::Refusal;
use super::resolve::ResolvedEdit;
use super::sequence::{Did, Sequence};
use super::state_vector::StateVector;
use super::texts::{Shape, TextKey};

/// How full a text is, in UTF-16 units.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TextFigures {
    /// What people see.
    pub visible_units: u32,
    /// What was ever inserted, deleted characters included.
    pub inserted_units: u32,
}

/// What a text, or all texts of a document, cost at a load (rule G7).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Work {
    /// Structs of texts that yrs keeps, at most.
    pub parts: u64,
    /// Values of maps that another value replaced: yrs keeps a struct for each, for ever.
    pub replaced: u64,
    /// Comparisons in the worst order of loading, at most.
    pub load_steps: u64,
    /// Of a text: the same after one more insertion that does not know what is there. Not summed.
    pub load_steps_next: u64,
}

impl Work {
    /// Steps that a load of the document costs at most, whatever the order in which it takes the structs. `others`:
    /// structs that lie in no text that is there.
    #[must_use]
    pub const fn steps_of_a_load(self, others: u64) -> u64 {
        // A struct waits at most for each of its origins; each is in at most one range of the delete set.
        let each = meter::STRUCT + 4 * meter::WAIT + meter::RANGE + meter::PIECE;
        let structs = self.parts.saturating_add(self.replaced).saturating_add(others).saturating_mul(each);
        structs.saturating_add(self.load_steps.saturating_add(self.parts).saturating_mul(meter::SCANNED))
    }

    /// This sum with one part of it replaced.
    #[must_use]
    pub(super) const fn with(self, before: Self, after: Self) -> Self {
        Self {
            parts: self.parts.saturating_sub(before.parts).saturating_add(after.parts),
            replaced: self.replaced.saturating_sub(before.replaced).saturating_add(after.replaced),
            load_steps: self.load_steps.saturating_sub(before.load_steps).saturating_add(after.load_steps),
            load_steps_next: 0,
        }
    }
}

/// Whose client ids are whose, on one document, for the seat that is asking.
pub trait Bindings {
    /// May the asking seat write under this id: is it bound to it, or was it never seen on this document?
    fn may_use(&self, client: ClientId) -> bool;
}

/// The number of a shared type in [`TextIndex::branches`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct BranchNo(pub u32);

/// A shared type.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub shape: Shape,
    /// False once it was deleted.
    pub alive: bool,
    /// Where its elements lie: for a text, its characters.
    pub inner: Place,
    pub figures: TextFigures,
    /// The order of its characters, while it is a text and there.
    pub sequence: Sequence,
    /// In at most so many places have deletions cut its runs. Less after a rebuild.
    pub cuts: u64,
    /// While it is a map and there: its values that another one replaced.
    pub replaced: u64,
    /// What of it is counted in the document's sum.
    pub work: Work,
    /// What of it is in the document's sum of visible units.
    pub weighed_units: u32,
}

impl Branch {
    /// What it costs at a load, with these cuts.
    pub fn work_with(&self, cuts: u64) -> Work {
        match self.shape.text() {
            Some(_) if self.alive => {
                let parts = self.sequence.runs().saturating_add(cuts);
                let contested = self.sequence.contested();
                let next = contested.saturating_add(self.sequence.largest_family());
                Work {
                    parts,
                    load_steps: contested.saturating_mul(parts),
                    load_steps_next: next.saturating_mul(parts),
                    replaced: 0,
                }
            }
            None if self.alive => Work { replaced: self.replaced, ..Work::default() },
            Some(_) | None => Work::default(),
        }
    }
}

/// What is written somewhere, as far as people's edits are concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Where {
    /// In this text, which is there.
    Text(BranchNo),
    /// In something that is not there any more.
    Gone,
    /// In something that only the server writes.
    Server,
}

/// See the module's description. The default is the index of an empty document.
#[derive(Clone, Debug, Default)]
pub struct TextIndex {
    pub(super) lanes: BTreeMap<ClientId, Lane>,
    pub(super) branches: Vec<Branch>,
    /// The branch in which each [`Place`] lies. Values of one map key share a place.
    pub(super) places: Vec<(BranchNo, Option<Box<str>>)>,
    pub(super) roots: HashMap<Box<str>, BranchNo>,
    /// Shared types that are there, by the id of the item that holds them.
    pub(super) types: BTreeMap<Id, BranchNo>,
    pub(super) texts: HashMap<TextKey, BranchNo>,
    /// What the last edit that was resolved did to the orders of texts.
    pub(super) tentative: Vec<(BranchNo, Did)>,
    /// What all texts together cost at a load.
    pub(super) work: Work,
    /// Parts of texts and values of maps that are gone.
    pub(super) collected: u64,
    /// UTF-16 units that people see, in all texts that are there.
    pub(super) visible_units: u64,
    /// Steps that the last edit or update cost.
    pub(super) spent: u64,
    /// Room for what one insertion did.
    pub(super) scratch: Vec<Did>,
}

impl TextIndex {
    /// The next clock of each client id that ever wrote here, in rising order of ids.
    pub fn state(&self) -> impl Iterator<Item = (ClientId, u32)> {
        self.lanes.iter().map(|(client, lane)| (*client, lane.next()))
    }

    /// Has this client id ever written here?
    #[must_use]
    pub fn has_written(&self, client: ClientId) -> bool {
        self.lanes.contains_key(&client)
    }

    /// Client ids of people that ever wrote here.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.lanes.keys().filter(|client| !client.is_server()).count()
    }

    /// The texts that are there, in no order.
    pub fn keys(&self) -> impl Iterator<Item = &TextKey> {
        self.texts.keys()
    }

    /// How full a text is; nothing when there is no such text (any more).
    #[must_use]
    pub fn text(&self, key: &TextKey) -> Option<TextFigures> {
        Some(self.branch(*self.texts.get(key)?)?.figures)
    }

    /// What a text costs at a load; nothing when there is no such text (any more).
    #[must_use]
    pub fn work_of(&self, key: &TextKey) -> Option<Work> {
        Some(self.branch(*self.texts.get(key)?)?.work)
    }

    /// The texts whose replacement takes most off what a load costs, the heaviest first, at most `count`; none of them is in
    /// few parts.
    #[must_use]
    pub fn heaviest(&self, limits: &GateLimits, count: usize) -> Vec<TextKey> {
        let share = |part: u64, whole: u64| part.saturating_mul(1 << 20) / whole.max(1);
        let weight = |work: Work| {
            share(work.load_steps, limits.work.load_steps_max)
                .max(share(work.parts, limits.work.document_parts_max))
        };
        let texts = self.texts.iter().filter_map(|(key, number)| Some((key, self.branch(*number)?.work)));
        let worth = texts.filter(|(_, work)| work.parts >= limits.work.text_parts_min);
        // Of equals the same one, whatever the order of the map.
        let mut heaviest: Vec<(u64, &TextKey)> = worth.map(|(key, work)| (weight(work), key)).collect();
        if heaviest.len() > count {
            heaviest.select_nth_unstable_by(count, |one, other| other.cmp(one));
            heaviest.truncate(count);
        }
        heaviest.sort_unstable_by(|one, other| other.cmp(one));
        heaviest.into_iter().map(|(_, key)| key.clone()).collect()
    }

    /// What all texts together cost at a load.
    #[must_use]
    pub const fn work(&self) -> Work {
        self.work
    }

    /// Parts of texts and values of maps that are gone, which yrs keeps until the document is loaded again.
    #[must_use]
    pub const fn collected_parts(&self) -> u64 {
        self.collected
    }

    /// Steps that the last edit that was resolved, or the last update that was learned, cost; also if it was refused.
    #[must_use]
    pub const fn steps_spent(&self) -> u64 {
        self.spent
    }

    /// UTF-16 units that people see, in all texts that are there (rule B7).
    #[must_use]
    pub const fn visible_units(&self) -> u64 {
        self.visible_units
    }

    /// Ranges in the document's delete set: what a phone's sync step 2 may repeat
    /// ([`super::GateLimits::for_sync_step2`]).
    #[must_use]
    pub fn delete_ranges(&self) -> usize {
        self.lanes.values().map(|lane| lane.deleted.ranges().len()).sum()
    }

    /// Rule W8: is this the state vector of somebody who knows this epoch of the document?
    ///
    /// `server` is the server's client id in this epoch.
    ///
    /// # Errors
    /// [`Refusal::OtherEpoch`] when it names another server, or more than we have of an id that the asking seat may
    /// not use. More than we have of its own is what it wrote offline.
    pub fn check_state_vector(
        &self,
        state: &StateVector,
        server: ClientId,
        who: &dyn Bindings,
    ) -> Result<(), Refusal> {
        for &(client, clock) in state.entries() {
            let beyond = clock > self.next_clock(client);
            let allowed =
                if client.is_server() { client == server && !beyond } else { !beyond || who.may_use(client) };
            if !allowed {
                return Err(Refusal::OtherEpoch);
            }
        }
        Ok(())
    }

    /// Takes an edit into the index that [`TextIndex::resolve`] let through, that was authorized, and that yrs has
    /// applied. It must be the last one that was resolved.
    pub fn admit(&mut self, edit: ResolvedEdit) {
        for (client, fresh) in &edit.fresh {
            self.lanes.entry(*client).or_default().absorb(fresh);
        }
        for ranges in edit.deleted.chunk_by(|one, next| one.0 == next.0) {
            let Some((client, _)) = ranges.first() else { continue };
            let clocks: Vec<Clocks> = ranges.iter().map(|(_, range)| *range).collect();
            if let Some(lane) = self.lanes.get_mut(client) {
                lane.deleted.insert_rising(&clocks);
            }
        }
        for (client, cuts) in &edit.cuts {
            if let Some(lane) = self.lanes.get_mut(client) {
                lane.cuts = lane.cuts.saturating_add_signed(*cuts);
            }
        }
        for (_, did) in std::mem::take(&mut self.tentative) {
            self.count_run(did);
        }
        for (number, change) in &edit.changes {
            if let Some(branch) = self.branch_mut(*number) {
                branch.figures = change.applied_to(branch.figures);
                branch.cuts = branch.cuts.saturating_add_signed(change.cuts);
            }
            self.weigh(*number);
        }
    }

    /// Counts a run of a client id more, if something made one.
    pub(super) fn count_run(&mut self, did: Did) {
        match did {
            Did::Cut(start) | Did::Inserted(start) => {
                if let Some(lane) = self.lanes.get_mut(&start.client) {
                    lane.runs += 1;
                }
            }
            Did::Joined(_) | Did::Grew(..) => {}
        }
    }

    /// Brings the sum of work up to date after a text has changed.
    pub(super) fn weigh(&mut self, number: BranchNo) {
        let Some(branch) = self.branches.get_mut(number.0 as usize) else { return };
        let (before, after) = (branch.work, branch.work_with(branch.cuts));
        branch.work = after;
        self.work = self.work.with(before, after);
        let is_text = branch.alive && branch.shape.text().is_some();
        let units = if is_text { branch.figures.visible_units } else { 0 };
        let others = self.visible_units.saturating_sub(u64::from(branch.weighed_units));
        branch.weighed_units = units;
        self.visible_units = others.saturating_add(u64::from(units));
    }

    /// Takes an edit that was resolved and not admitted out of the orders of texts.
    pub(super) fn take_back(&mut self) {
        for (number, did) in std::mem::take(&mut self.tentative).into_iter().rev() {
            if let Some(branch) = self.branch_mut(number) {
                branch.sequence.take_back(did);
            }
        }
    }

    /// The clock that the next letter of a page has; 0 when it never wrote.
    #[must_use]
    pub fn next_clock(&self, client: ClientId) -> u32 {
        self.lanes.get(&client).map_or(0, Lane::next)
    }

    pub(super) fn branch(&self, number: BranchNo) -> Option<&Branch> {
        self.branches.get(number.0 as usize)
    }

    pub(super) fn branch_mut(&mut self, number: BranchNo) -> Option<&mut Branch> {
        self.branches.get_mut(number.0 as usize)
    }

    pub(super) fn place_of(&self, id: Id) -> Option<Place> {
        self.lanes.get(&id.client)?.place_of(id.clock)
    }

    pub(super) fn where_is(&self, place: Place) -> Where {
        match self.places.get(place.0 as usize) {
            None => Where::Gone,
            Some((_, Some(_key))) => Where::Server,
            Some((number, None)) => {
                self.branch(*number).map_or(Where::Gone, |branch| Self::where_in(*number, branch))
            }
        }
    }

    fn where_in(number: BranchNo, branch: &Branch) -> Where {
        match branch.shape.text() {
            Some(_) if branch.alive => Where::Text(number),
            Some(_) => Where::Gone,
            None => Where::Server,
        }
    }

    /// Where something lies whose parent is this item; nothing when there is no such item here.
    pub(super) fn inside(&self, parent: Id) -> Option<Where> {
        if let Some(number) = self.types.get(&parent) {
            return self.branch(*number).map(|branch| Self::where_in(*number, branch));
        }
        let lane = self.lanes.get(&parent.client).filter(|lane| parent.clock < lane.next())?;
        Some(if lane.deleted.contains(parent.clock) { Where::Gone } else { Where::Server })
    }

    /// How full the text of this branch is, and its name.
    pub(super) fn text_of(&self, number: BranchNo) -> Option<(&TextKey, &Branch)> {
        let branch = self.branch(number)?;
        branch.shape.text().map(|key| (key, branch))
    }

    /// By how much the cuts of a text change when a piece of it is deleted: a border between what is there and what is not
    /// counts where it lies inside a run.
    pub(super) fn cuts_of(branch: &Branch, lane: &Lane, client: ClientId, piece: Clocks) -> i64 {
        let side = |clock: u32, neighbour: Option<u32>| {
            if branch.sequence.begins_a_run(Id { client, clock }) {
                return 0;
            }
            if neighbour.is_some_and(|clock| lane.deleted.contains(clock)) { -1 } else { 1 }
        };
        side(piece.start, piece.start.checked_sub(1)) + side(piece.end, Some(piece.end))
    }

    /// The pieces of a range that are not deleted yet, each with where it lies.
    pub(super) fn living_pieces(lane: &Lane, range: Clocks) -> impl Iterator<Item = (Clocks, Place)> {
        lane.deleted.missing_from(range).flat_map(|part| lane.pieces(part))
    }
}
