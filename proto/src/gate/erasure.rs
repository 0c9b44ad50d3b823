//! Taking out what a page wrote in a text: who wrote there, and the update that deletes its letters.
//!
//! For the server alone: what people may delete is asked in `resolve`.

use std::collections::HashMap;

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

    /// The letters of these pages that are not deleted, by where they lie: one walk over what they wrote, however many texts the
    /// document has.
    #[must_use]
    pub fn letters_of(&self, pages: &[ClientId]) -> Letters {
        let mut pages = pages.to_vec();
        pages.sort_unstable();
        pages.dedup();
        let mut letters = Letters::default();
        for page in pages {
            let Some(lane) = self.lanes.get(&page) else { continue };
            for (range, place) in Self::living_pieces(lane, all_of(lane)) {
                letters.walked += 1;
                letters.by_place.entry(place.0).or_default().push((page, range));
            }
        }
        letters
    }

    /// Are some of these letters in this text?
    #[must_use]
    pub fn has_letters(&self, text: &TextKey, letters: &Letters) -> bool {
        let branch = self.texts.get(text).and_then(|number| self.branch(*number));
        branch.is_some_and(|branch| letters.by_place.contains_key(&branch.inner.0))
    }

    /// Were some of these letters in this text when their pages had written so far (the next clock of each)?
    #[must_use]
    pub fn has_letters_before(
        &self,
        text: &TextKey,
        letters: &Letters,
        clocks: &HashMap<ClientId, u32>,
    ) -> bool {
        let branch = self.texts.get(text).and_then(|number| self.branch(*number));
        let here = branch.and_then(|branch| letters.by_place.get(&branch.inner.0));
        let is_before =
            |(page, range): &(ClientId, Clocks)| clocks.get(page).is_some_and(|next| range.start < *next);
        here.is_some_and(|here| here.iter().any(is_before))
    }

    /// The update (v1) that deletes these letters in a text, as far as they are still there; nothing when there is none.
    #[must_use]
    pub fn erasure(&self, text: &TextKey, letters: &Letters) -> Option<Vec<u8>> {
        let branch = self.branch(*self.texts.get(text)?)?;
        let here = letters.by_place.get(&branch.inner.0)?;
        let living = here.iter().filter_map(|(page, range)| {
            let lane = self.lanes.get(page)?;
            let pieces = Self::living_pieces(lane, *range).filter(|(_, place)| *place == branch.inner);
            Some(pieces.map(|(range, _)| (*page, range)))
        });
        let ranges: Vec<(ClientId, Clocks)> = living.flatten().collect();
        (!ranges.is_empty()).then(|| write_update(&[], &ranges))
    }
}

/// What pages wrote, by where it lies ([`TextIndex::letters_of`]).
#[derive(Debug, Default)]
pub struct Letters {
    by_place: HashMap<u32, Vec<(ClientId, Clocks)>>,
    /// Pieces that were looked at.
    walked: usize,
}

const fn all_of(lane: &Lane) -> Clocks {
    Clocks { start: lane.start(), end: lane.next() }
}

#[cfg(test)]
mod tests {
    use yrs::updates::decoder::Decode;
    use yrs::{GetString, Map, Out, ReadTxn, Text, Transact, Update, WriteTxn};

    use super::super::tests::board::{document, idea, put_idea};
    use super::*;

    const IDEAS: usize = 1_000;
    const PAGE: u64 = 77;

    /// A board on which a page has written a letter in every second idea.
    fn written() -> (yrs::Doc, TextIndex) {
        let (server, page, mut index) = (document((1 << 32) + 7), document(PAGE), TextIndex::default());
        let mut txn = server.transact_mut();
        (0..IDEAS).for_each(|number| put_idea(&mut txn, number, "An idea"));
        let all = txn.encode_update_v1();
        drop(txn);
        index.learn(&all).unwrap();
        let mut txn = page.transact_mut();
        txn.apply_update(Update::decode_v1(&all).unwrap()).unwrap();
        let before = txn.state_vector();
        let ideas = txn.get_or_insert_map("ideas");
        for number in (0..IDEAS).step_by(2) {
            let TextKey::Idea(id) = idea(number) else { unreachable!() };
            let Some(Out::YMap(map)) = ideas.get(&txn, &id.to_string()) else { unreachable!() };
            let Some(Out::YText(text)) = map.get(&txn, "text") else { unreachable!() };
            text.insert(&mut txn, 0, "x");
        }
        let mine = txn.encode_diff_v1(&before);
        drop(txn);
        index.learn(&mine).unwrap();
        (page, index)
    }

    #[test]
    fn a_seat_is_undone_on_a_large_board_in_one_walk_over_what_it_wrote() {
        let (page, mut index) = written();
        let letters = index.letters_of(&[ClientId(PAGE), ClientId(PAGE), ClientId(78)]);
        assert_eq!(letters.walked, IDEAS / 2, "each piece once, not once for each idea");
        for number in 0..IDEAS {
            let erasure = index.erasure(&idea(number), &letters);
            assert_eq!(erasure.is_some(), number % 2 == 0);
            assert_eq!(index.has_letters(&idea(number), &letters), number % 2 == 0);
            let Some(erasure) = erasure else { continue };
            index.learn(&erasure).unwrap();
            page.transact_mut().apply_update(Update::decode_v1(&erasure).unwrap()).unwrap();
            assert_eq!(index.erasure(&idea(number), &letters), None, "what is deleted is not deleted again");
        }
        let txn = page.transact();
        let ideas = txn.get_map("ideas").unwrap();
        let texts = ideas
            .iter(&txn)
            .filter_map(|(_, idea)| if let Out::YMap(map) = idea { map.get(&txn, "text") } else { None });
        let says = |text| if let Out::YText(text) = text { text.get_string(&txn) } else { String::new() };
        assert!(texts.map(says).all(|text| text == "An idea"));
    }
}
