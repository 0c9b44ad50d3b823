//! The bounds of the gate, each with its unit and its reason.
//!
//! Every figure can be set by the server's configuration; the defaults are those of the specification. Nothing in
//! the gate allocates by a number that came from outside; these bounds keep the *work* small as well.

use super::index::{TextFigures, Work};
use super::meter;
use super::texts::TextKey;
use crate::text::lengths;

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
    /// How much work a frame, a text and a document may make.
    pub work: WorkLimits,
}

/// Rule G7: how much work a frame may make now, and what was accepted at every later load.
///
/// A *part* of a text is a struct of it as yrs keeps it: what one client id typed in one go, cut where others typed
/// inside it and where a part of it was deleted. A *step* is about 50 ns of one core (`meter.rs`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WorkLimits {
    /// Steps that one frame may cost the gate and yrs together: 5 ms. A sync step 2 has more, by the delete ranges that
    /// it may repeat.
    pub frame_steps_max: u64,
    /// Parts of one text. At nine tenths the server replaces the text; nobody's text has so many by hand.
    pub text_parts_max: u64,
    /// Blocks that yrs keeps for one person's client id, in one array that every cut moves. A page that reaches it is
    /// refused and goes on under a new id.
    pub client_blocks_max: u64,
    /// Parts of all texts of a document: what a load takes in before it compares anything, at 1 µs a piece. At nine tenths the
    /// server replaces the heaviest texts.
    pub document_parts_max: u64,
    /// Values of a document that the server replaced by others, tallies above all, as long as its texts are in as many parts as
    /// they may be: each is a struct of 1 µs at every load, for ever. Beyond it the server begins the document anew
    /// ([`GateLimits::is_worn_out`]).
    pub replaced_values_max: u64,
    /// Parts of texts and replaced values together. Where texts are in few parts, more values may be replaced.
    pub structs_max: u64,
    /// Parts of texts and values of maps that are gone. yrs joins them only when it loads them, so a room then loads its document
    /// anew.
    pub collected_parts_max: u64,
    /// Comparisons that a load of the document can need in the worst order of loading: for each text, its contested parts
    /// times its parts, at 330 ns a piece. At a half the server replaces the heaviest texts.
    pub load_steps_max: u64,
    /// Comparisons that one text may need, or would need after one more concurrent insertion, before it is replaced.
    pub text_load_steps: u64,
    /// Steps of what came since the last snapshot, of the server as well as of people, after which a room writes the next one: a
    /// load repeats them.
    pub replayed_steps_max: u64,
    /// Texts of fewer parts are never replaced because the document has too many: it would help too little. While a board has so
    /// many texts as it may, some text has as many when the document is heavy.
    pub text_parts_min: u64,
    /// Texts that the server replaces in one turn because the document has too many parts.
    pub renewals_per_turn: usize,
}

impl Default for WorkLimits {
    fn default() -> Self {
        Self {
            frame_steps_max: 100_000,
            text_parts_max: 8_192,
            client_blocks_max: 32_768,
            document_parts_max: 60_000,
            replaced_values_max: 40_000,
            structs_max: 100_000,
            collected_parts_max: 50_000,
            load_steps_max: 300_000,
            text_load_steps: 150_000,
            replayed_steps_max: 500_000,
            text_parts_min: 4,
            renewals_per_turn: 8,
        }
    }
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
            board_text_units_max: lengths::IDEA_UNITS_MAX,
            plenary_text_units_max: lengths::ENTRY_UNITS_MAX,
            work: WorkLimits::default(),
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
        let repeated = (ranges as u64).saturating_mul(2 * meter::RANGE);
        limits.work.frame_steps_max = limits.work.frame_steps_max.saturating_add(repeated);
        limits
    }

    /// Visible UTF-16 units that this text may have.
    #[must_use]
    pub const fn text_units_max(&self, key: &TextKey) -> u32 {
        match key {
            TextKey::Idea(_) | TextKey::Entry(_) | TextKey::IdeaTranslation(..) => self.board_text_units_max,
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

    /// Is this text in so many parts, or so contested, that the server replaces it by a new one with the same words?
    #[must_use]
    pub const fn is_fragmented(&self, text: Work) -> bool {
        text.parts >= self.work.text_parts_max / 10 * 9 || text.load_steps_next >= self.work.text_load_steps
    }

    /// Is the whole document so near its bounds that the server replaces its heaviest texts?
    #[must_use]
    pub const fn is_heavy(&self, document: Work) -> bool {
        document.parts >= self.work.document_parts_max / 10 * 9
            || document.load_steps >= self.work.load_steps_max / 2
    }

    /// Has the server replaced so many values of this document, or have so many pages written in it, that it begins the
    /// document anew, with the same words and values under another epoch (rule W8)? `pages` is [`super::TextIndex::pages`].
    #[must_use]
    pub const fn is_worn_out(&self, document: Work, pages: usize) -> bool {
        let structs = document.parts.saturating_add(document.replaced);
        let replaced =
            document.replaced >= self.work.replaced_values_max && structs >= self.work.structs_max / 10 * 9;
        replaced || pages >= self.state_vector_entries_max / 10 * 9
    }

    /// UTF-16 units that may be inserted into this text over its life.
    #[must_use]
    pub const fn inserted_units_max(&self, key: &TextKey) -> u32 {
        self.text_units_max(key).saturating_mul(self.inserted_per_life_factor)
    }
}
