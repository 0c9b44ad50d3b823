//! A list of runs in which a unit is found, and two places are compared, without walking the list.
//!
//! Runs lie in pages of at most [`PAGE_RUNS`]. Pages carry labels that rise along the list, so two places are compared
//! by two numbers; a map leads from the first unit of a run to its page. A page that is full is cut in half; when there
//! is no label left between two pages, all pages get new ones, evenly spread (Dietz and Sleator, *Two algorithms for
//! maintaining order in a list*, 1987, in the simple form with two levels). So finding costs O(log n), comparing O(1),
//! and inserting O(log n) amortized whatever the order of insertions is: there is no luck in it that somebody could
//! take away. A list of one page, as most texts have, keeps no map.

use std::collections::BTreeMap;

use super::clocks::Clocks;
use super::reader::Id;
use super::sequence::TypedRun;

/// Runs of one page at most.
const PAGE_RUNS: usize = 32;

/// The number of a page that is not there.
const NONE: u32 = u32::MAX;

/// A place before a run: the page, and the run's number in it. Valid until the list changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct At {
    page: u32,
    index: u32,
}

/// Behind the last run.
pub(super) const END: At = At { page: NONE, index: 0 };

#[derive(Clone, PartialEq, Eq, Debug)]
struct Page {
    label: u64,
    before: u32,
    next: u32,
    runs: Vec<TypedRun>,
}

/// See the module's description. Empty at first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pages {
    pages: Vec<Page>,
    /// Pages that are out of use.
    free: Vec<u32>,
    first: u32,
    last: u32,
    /// The page of each run, by the run's first unit; empty while there is one page.
    whereabouts: BTreeMap<Id, u32>,
    runs: u32,
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            pages: Vec::new(),
            free: Vec::new(),
            first: NONE,
            last: NONE,
            whereabouts: BTreeMap::new(),
            runs: 0,
        }
    }
}

impl Pages {
    /// How many runs there are.
    pub const fn len(&self) -> u32 {
        self.runs
    }

    /// The first place.
    pub fn start(&self) -> At {
        self.at(self.first, 0)
    }

    pub fn run(&self, at: At) -> Option<&TypedRun> {
        self.page(at.page)?.runs.get(at.index as usize)
    }

    pub fn run_mut(&mut self, at: At) -> Option<&mut TypedRun> {
        self.pages.get_mut(at.page as usize)?.runs.get_mut(at.index as usize)
    }

    /// The place behind this run.
    pub fn after(&self, at: At) -> At {
        self.at(at.page, at.index + 1)
    }

    /// The place of the run before this place.
    pub fn before(&self, at: At) -> Option<At> {
        if let Some(index) = at.index.checked_sub(1) {
            return Some(At { page: at.page, index });
        }
        let page = self.page(at.page).map_or(self.last, |page| page.before);
        let index = u32::try_from(self.page(page)?.runs.len()).ok()?.checked_sub(1)?;
        Some(At { page, index })
    }

    /// Compares like the places in the list.
    pub fn key(&self, at: At) -> (u64, u32) {
        (self.page(at.page).map_or(u64::MAX, |page| page.label), at.index)
    }

    /// The run that a unit lies in, and the number of the unit in it.
    pub fn find(&self, id: Id) -> Option<(At, u32)> {
        let page = if self.whereabouts.is_empty() {
            self.first
        } else {
            *self.whereabouts.range(..=id).next_back().filter(|(start, _)| start.client == id.client)?.1
        };
        let runs = self.page(page)?.runs.iter();
        let (index, unit) = { runs }.enumerate().find_map(|(index, run)| Some((index, run.unit(id)?)))?;
        Some((At { page, index: index as u32 }, unit))
    }

    /// How many runs hold units of these clocks.
    pub fn count_in(&self, first: Id, clocks: Clocks) -> u64 {
        let end = Id { clock: clocks.end, ..first };
        let count = if self.whereabouts.is_empty() {
            let overlaps = |run: &&TypedRun| {
                run.client == first.client && run.clocks.start < clocks.end && run.clocks.end > clocks.start
            };
            self.iter().filter(overlaps).count()
        } else {
            1 + self.whereabouts.range(first..end).count()
        };
        count as u64
    }

    /// Puts a run before a place.
    pub fn insert(&mut self, at: At, run: TypedRun) {
        let number = if at == END { self.last } else { at.page };
        let start = run.start();
        let Some(page) = self.pages.get_mut(number as usize) else {
            self.pages.reserve_exact(1);
            self.pages.push(Page { label: u64::MAX / 2, before: NONE, next: NONE, runs: vec![run] });
            (self.first, self.last, self.runs) = (0, 0, 1);
            return;
        };
        let index = if at == END { page.runs.len() } else { at.index as usize };
        page.runs.insert(index.min(page.runs.len()), run);
        let full = page.runs.len() > PAGE_RUNS;
        self.runs += 1;
        if !self.whereabouts.is_empty() {
            self.whereabouts.insert(start, number);
        }
        if full {
            self.split(number);
        }
    }

    /// Takes a run out.
    pub fn remove(&mut self, at: At) -> Option<TypedRun> {
        let only = self.first == self.last;
        let page = self.pages.get_mut(at.page as usize)?;
        if at.index as usize >= page.runs.len() {
            return None;
        }
        let run = page.runs.remove(at.index as usize);
        self.runs -= 1;
        self.whereabouts.remove(&run.start());
        if page.runs.is_empty() && !only {
            let (before, next) = (page.before, page.next);
            match self.pages.get_mut(before as usize) {
                Some(page) => page.next = next,
                None => self.first = next,
            }
            match self.pages.get_mut(next as usize) {
                Some(page) => page.before = before,
                None => self.last = before,
            }
            self.free.push(at.page);
        }
        Some(run)
    }

    pub fn iter(&self) -> impl Iterator<Item = &TypedRun> {
        let pages = std::iter::successors(self.page(self.first), |page| self.page(page.next));
        pages.flat_map(|page| &page.runs)
    }

    fn page(&self, number: u32) -> Option<&Page> {
        self.pages.get(number as usize)
    }

    /// A place that may lie behind the last run of its page.
    fn at(&self, page: u32, index: u32) -> At {
        match self.page(page) {
            Some(here) if (index as usize) < here.runs.len() => At { page, index },
            Some(here) if here.next != NONE => At { page: here.next, index: 0 },
            Some(_) | None => END,
        }
    }

    /// Moves the second half of a page into a new one behind it.
    fn split(&mut self, number: u32) {
        let Some(page) = self.pages.get_mut(number as usize) else { return };
        let runs = page.runs.split_off(PAGE_RUNS / 2);
        let (label, next) = (page.label, page.next);
        let limit = self.page(next).map_or(u64::MAX, |next| next.label);
        let between = label + (limit - label) / 2;
        let new = Page { label: between, before: number, next, runs };
        let added = match self.free.pop() {
            Some(free) => free,
            None => {
                self.pages.push(Page { label: 0, before: NONE, next: NONE, runs: Vec::new() });
                self.pages.len() as u32 - 1
            }
        };
        if self.whereabouts.is_empty()
            && let Some(page) = self.page(number)
        {
            let starts: Vec<Id> = page.runs.iter().map(TypedRun::start).collect();
            self.whereabouts.extend(starts.into_iter().map(|start| (start, number)));
        }
        self.whereabouts.extend(new.runs.iter().map(|run| (run.start(), added)));
        if let Some(page) = self.pages.get_mut(added as usize) {
            *page = new;
        }
        if let Some(page) = self.pages.get_mut(number as usize) {
            page.next = added;
        }
        match self.pages.get_mut(next as usize) {
            Some(page) => page.before = added,
            None => self.last = added,
        }
        if between == label {
            self.spread_labels();
        }
    }

    fn spread_labels(&mut self) {
        let step = u64::MAX / (self.pages.len() as u64 + 2);
        let (mut label, mut number) = (0, self.first);
        while let Some(page) = self.pages.get_mut(number as usize) {
            label += step;
            page.label = label;
            number = page.next;
        }
    }
}
