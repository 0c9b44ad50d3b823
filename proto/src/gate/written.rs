//! What passed, in our own bytes: the update that yrs is given, with what is new and nothing else.
//!
//! Structs are written as they came, except that one of which a part is known is trimmed, and a deletion whose place is
//! gone becomes a bare `GC`, as yrs and Yjs would make it. Nobody is ever sent these bytes: what is fanned out is the
//! document's own encoding.

use crate::ids::ClientId;
use crate::text::letters::acts;

use super::clocks::{Clocks, Lane, Place};
use super::reader::{Id, put_id, put_number, put_text, without_first};
use super::refusal::Refusal;
use super::update::{Content, Struct, content, info};

/// What is new under one client id.
#[derive(Debug)]
pub(super) struct FreshSection {
    pub client: ClientId,
    /// Begins where the known clocks end.
    pub lane: Lane,
    structs: u64,
    out: Vec<u8>,
}

impl FreshSection {
    /// Nothing yet, behind what is known under this id.
    pub fn behind(known: Option<&Lane>, client: ClientId) -> Self {
        Self { client, lane: Lane::behind(known), structs: 0, out: Vec::new() }
    }

    /// Writes the new part, `added`, of a struct that lies in `place`, behind `left`.
    pub fn write(
        &mut self,
        item: &Struct<'_>,
        added: Clocks,
        left: Option<Id>,
        place: Place,
    ) -> Result<(), Refusal> {
        let trimmed = added != item.clocks;
        match item.content {
            Content::Characters(text) if trimmed => {
                let rest = without_first(text, added.start.saturating_sub(item.clocks.start))?;
                only_letters(rest)?;
                self.put_origins(content::STRING, left, item.right);
                put_text(&mut self.out, rest);
            }
            Content::Deleted if trimmed && place != Place::NOWHERE => {
                self.put_origins(content::DELETED, left, item.right);
                put_number(&mut self.out, u64::from(added.len()));
            }
            Content::Gc | Content::Deleted if place == Place::NOWHERE => {
                self.out.push(content::GC);
                put_number(&mut self.out, u64::from(added.len()));
            }
            Content::Characters(text) => {
                only_letters(text)?;
                self.out.extend_from_slice(item.bytes);
            }
            Content::Deleted | Content::Gc => self.out.extend_from_slice(item.bytes),
        }
        self.structs += 1;
        self.lane.extend_to(added.end, place);
        if !matches!(item.content, Content::Characters(_)) {
            self.lane.deleted.insert(added);
        }
        Ok(())
    }

    fn put_origins(&mut self, content: u8, left: Option<Id>, right: Option<Id>) {
        let left_bit = if left.is_some() { info::ORIGIN } else { 0 };
        let right_bit = if right.is_some() { info::RIGHT_ORIGIN } else { 0 };
        self.out.push(content + left_bit + right_bit);
        for id in left.into_iter().chain(right) {
            put_id(&mut self.out, id);
        }
    }
}

/// Rule 8. One look at each byte of the frame at most: what was looked at is new, and written once.
fn only_letters(text: &str) -> Result<(), Refusal> {
    text.chars().find(|letter| acts(*letter)).map_or(Ok(()), |letter| Err(Refusal::Letters(letter)))
}

/// The update (v1) with these sections and this delete set, in which the ranges of one client stand together.
pub(super) fn write_update(sections: &[FreshSection], deleted: &[(ClientId, Clocks)]) -> Vec<u8> {
    let mut out = Vec::new();
    put_number(&mut out, sections.len() as u64);
    for section in sections {
        put_number(&mut out, section.structs);
        put_id(&mut out, Id { client: section.client, clock: section.lane.start() });
        out.extend_from_slice(&section.out);
    }
    let groups = || deleted.chunk_by(|left, right| left.0 == right.0);
    put_number(&mut out, groups().count() as u64);
    for ranges in groups() {
        put_number(&mut out, ranges.first().map_or(0, |(client, _)| client.0));
        put_number(&mut out, ranges.len() as u64);
        for (_, range) in ranges {
            put_number(&mut out, u64::from(range.start));
            put_number(&mut out, u64::from(range.len()));
        }
    }
    out
}
