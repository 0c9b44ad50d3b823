//! The bounds of the gate, each with its unit and its reason.
//!
//! Every figure can be set by the server's configuration; the defaults are those of the specification. Nothing in
//! the gate allocates by a number that came from outside; these bounds keep the *work* small as well.

use super::index::TextFigures;
use super::texts::TextKey;

/// What one message from outside may ask of us.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GateLimits {
    /// Bytes of one update.
    pub update_bytes_max: usize,
    /// Structs in one update, and ranges that it newly deletes. An honest phone sends one to three while it is online and some hundreds after a
    /// long time offline, because Yjs joins what was typed in one go.
    pub structs_max: usize,
    /// Client ids that write in one update: pages of one seat.
    pub client_sections_max: usize,
    /// Ranges in the delete set of one update; see [`GateLimits::for_sync_step2`].
    pub delete_ranges_max: usize,
    /// UTF-16 units that one `GC` or deleted struct may stand for.
    pub deleted_units_max: u32,
    /// Entries of a state vector: every client id that ever wrote on the document.
    pub state_vector_entries_max: usize,
    /// Entries of an awareness update.
    pub awareness_entries_max: usize,
    /// Bytes of one awareness state, as JSON text.
    pub awareness_state_bytes_max: usize,
    /// A text takes at most this many times its longest visible length over its life, deleted characters included.
    pub inserted_per_life_factor: u32,
    /// Visible UTF-16 units of a text on a board.
    pub board_text_units_max: u32,
    /// Visible UTF-16 units of a text in the plenary.
    pub plenary_text_units_max: u32,
    /// New structs in a text, times the parts that it is in. yrs compares a new struct with those that were written at
    /// the same place; forged origins can make that all of them, for each, at 75 ns a piece (`benches/gate.rs`).
    pub comparisons_max: u64,
}

impl Default for GateLimits {
    fn default() -> Self {
        Self {
            update_bytes_max: 64 * 1024,
            structs_max: 2048,
            client_sections_max: 64,
            delete_ranges_max: 16 * 1024,
            deleted_units_max: 1 << 20,
            state_vector_entries_max: 4096,
            awareness_entries_max: 64,
            awareness_state_bytes_max: 2048,
            inserted_per_life_factor: 20,
            board_text_units_max: 1000,
            plenary_text_units_max: 4000,
            comparisons_max: 1_500_000,
        }
    }
}

/// Bytes of one delete range at most: two numbers below 2^31.
const RANGE_BYTES_MAX: usize = 10;

impl GateLimits {
    /// The same limits for a sync step 2, which carries the phone's whole delete set, other people's deletions
    /// included: the frame limit plus twice the board's own delete set.
    ///
    /// `ranges` is [`super::TextIndex::delete_ranges`].
    #[must_use]
    pub const fn for_sync_step2(&self, ranges: usize) -> Self {
        let mut limits = *self;
        limits.delete_ranges_max = limits.delete_ranges_max.saturating_add(ranges.saturating_mul(2));
        limits.update_bytes_max =
            limits.update_bytes_max.saturating_add(ranges.saturating_mul(2 * RANGE_BYTES_MAX));
        limits
    }

    /// Visible UTF-16 units that this text may have.
    #[must_use]
    pub const fn text_units_max(&self, key: &TextKey) -> u32 {
        match key {
            TextKey::Idea(_) | TextKey::IdeaTranslation(..) => self.board_text_units_max,
            TextKey::Wording(_) | TextKey::Note(_) | TextKey::ItemTranslation(..) | TextKey::Statement(_) => {
                self.plenary_text_units_max
            }
        }
    }

    /// Is this text so near the end of its life that the server replaces it by a new one with the same words? Nine
    /// tenths: what people write until the replacement reaches them must still fit.
    #[must_use]
    pub const fn is_worn(&self, key: &TextKey, figures: TextFigures) -> bool {
        figures.inserted_units >= self.inserted_units_max(key) / 10 * 9
    }

    /// UTF-16 units that may be inserted into this text over its life.
    #[must_use]
    pub const fn inserted_units_max(&self, key: &TextKey) -> u32 {
        self.text_units_max(key).saturating_mul(self.inserted_per_life_factor)
    }
}
