//! Taking out what a page wrote in a text: who wrote there, and the update that deletes its letters.
//!
//! For the server alone: what people may delete is asked in `resolve`.

use crate::ids::ClientId;

use super::clocks::{Clocks, Lane};
use super::index::TextIndex;
use super::texts::TextKey;
use super::written::write_update;

impl TextIndex {
    /// Did a page ever write letters in this text, deleted ones included?
    #[must_use]
    pub fn wrote_in(&self, text: &TextKey, page: ClientId) -> bool {
        let Some(branch) = self.texts.get(text).and_then(|number| self.branch(*number)) else { return false };
        let Some(lane) = self.lanes.get(&page) else { return false };
        lane.pieces(all_of(lane)).any(|(_, place)| place == branch.inner)
    }

    /// The update (v1) that deletes every letter of these pages in a text; nothing when there is none.
    #[must_use]
    pub fn erasure(&self, text: &TextKey, pages: &[ClientId]) -> Option<Vec<u8>> {
        let branch = self.branch(*self.texts.get(text)?)?;
        let mut pages = pages.to_vec();
        pages.sort_unstable();
        pages.dedup();
        let letters = pages.iter().filter_map(|page| Some((*page, self.lanes.get(page)?)));
        let ranges: Vec<(ClientId, Clocks)> = letters
            .flat_map(|(page, lane)| {
                let living = Self::living_pieces(lane, all_of(lane));
                living.filter(|(_, place)| *place == branch.inner).map(move |(range, _)| (page, range))
            })
            .collect();
        (!ranges.is_empty()).then(|| write_update(&[], &ranges))
    }
}

const fn all_of(lane: &Lane) -> Clocks {
    Clocks { start: lane.start(), end: lane.next() }
}
