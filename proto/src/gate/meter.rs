//! The gate counts its own work in steps while it does it, and refuses a frame when the frame's budget is spent (rule G7).
//!
//! A step stands for about 50 ns of one core. The prices were fitted to `benches/gate.rs`, which prints time and steps side by side. They are paid
//! before the work is done, so a refused frame costs no more than its budget. yrs applies what the gate lets through
//! and does the same scan, so the count bounds yrs as well; what yrs does beside the scan has its own prices below.
//!
//! The prices are constants and not limits: they say what work costs, not how much of it is allowed.

use super::refusal::Refusal;

/// One struct: read, looked up, written anew; decoded, integrated and encoded by yrs.
pub(super) const STRUCT: u64 = 20;

/// One struct that waits for another one of the same update, and is read again.
pub(super) const WAIT: u64 = 4;

/// One struct that is passed while the place of a new one is looked for: 100 ns here and 230 ns in yrs, where it hangs on one
/// that was passed before; much less where it is a sibling.
pub(super) const SCANNED: u64 = 6;

/// One range of a delete set: two binary searches.
pub(super) const RANGE: u64 = 2;

/// One piece that is newly deleted, without the blocks that yrs moves for it.
pub(super) const PIECE: u64 = 12;

/// One more run inside such a piece.
pub(super) const RUN: u64 = 2;

/// yrs keeps the blocks of a client id in one array and moves those behind a cut: so many are moved in one step.
const BLOCKS_MOVED_PER_STEP: u64 = 128;

/// yrs counts the characters before a cut and copies those behind it: so many UTF-16 units in one step.
const UNITS_COPIED_PER_STEP: u64 = 64;

/// Ranges of a client id's delete set that are copied in one step when it grows.
const RANGES_COPIED_PER_STEP: u64 = 64;

/// yrs empties a hash table when a struct moves its place: so many entries of it in one step.
const ENTRIES_CLEARED_PER_STEP: u64 = 512;

/// What cutting a block costs yrs: `blocks` of its client id lie in one array, `units` in the block.
pub(super) const fn cut(blocks: u64, units: u32) -> u64 {
    1 + blocks / BLOCKS_MOVED_PER_STEP + units as u64 / UNITS_COPIED_PER_STEP
}

/// What it costs to put new ranges among `ranges` of one client id.
pub(super) const fn joined_ranges(ranges: usize) -> u64 {
    ranges as u64 / RANGES_COPIED_PER_STEP
}

/// What it costs to empty a table that once held so many entries.
pub(super) const fn cleared(entries: u64) -> u64 {
    entries / ENTRIES_CLEARED_PER_STEP
}

/// How many steps are left.
#[derive(Clone, Debug)]
pub(super) struct Meter {
    spent: u64,
    budget: u64,
}

impl Meter {
    /// A meter that ends the work when so many steps are spent.
    pub const fn with(budget: u64) -> Self {
        Self { spent: 0, budget }
    }

    /// A meter that only counts: for what was accepted before.
    pub const fn counting() -> Self {
        Self::with(u64::MAX)
    }

    /// Pays for work that is about to be done.
    pub const fn spend(&mut self, steps: u64) -> Result<(), Refusal> {
        self.spent = self.spent.saturating_add(steps);
        if self.spent > self.budget { Err(Refusal::TooLaborious) } else { Ok(()) }
    }

    /// Steps that were spent, those of a refused piece of work included.
    pub const fn spent(&self) -> u64 {
        self.spent
    }
}
