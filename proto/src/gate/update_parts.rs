//! Cuts an update that our own yrs encoded into parts that are sent one after the other, each small and complete.
//!
//! A whole document in one message cannot be sent to everybody (rule W15), so it leaves in parts. Guarantees: a part
//! begins and ends between two structs; whoever applies the parts in their order never waits for anything, because each
//! struct comes behind all that it refers to; deletions come behind all structs; all parts together say what the whole
//! update says. A part is larger than asked for only when one struct is. The cuts are offsets into the whole: the bytes
//! of a part are made when they are sent, so that fifty people who are sent the same document hold it once.

use std::cmp::Reverse;

use bytes::Bytes;

use crate::ids::ClientId;

use super::clocks::Clocks;
use super::order::{Circle, Step, in_causal_order};
use super::reader::{Id, Reader, put_number};
use super::refusal::Refusal;
use super::state_vector::StateVector;
use super::trusted::{Parent, TrustedStruct, read_sections, read_struct};
use super::update::ClientStructs;

/// An update (v1) and where it is cut.
#[derive(Clone, Debug)]
pub struct UpdateParts {
    whole: Bytes,
    /// Empty: the whole is small enough to be the only part.
    parts: Vec<Part>,
}

/// An update that cannot be cut, because yrs did not encode it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CutError {
    /// It is not an update that yrs encodes.
    #[error("the update cannot be read: {0}")]
    Malformed(#[from] Refusal),
    /// Its structs refer to each other in a circle, or to what comes behind the end of a section.
    #[error("the update refers to something that is missing")]
    Unresolved,
}

impl From<Circle> for CutError {
    fn from(_: Circle) -> Self {
        Self::Unresolved
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub structs: Vec<PartSpan>,
    deletions: Vec<PartSpan>,
    bytes: usize,
}

/// Structs, or deleted ranges, of one client id that follow each other in the whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartSpan {
    pub client: ClientId,
    /// The clocks of the structs; none for deleted ranges, which have their clocks with them.
    pub clocks: Clocks,
    pub count: usize,
    pub from: usize,
    pub to: usize,
}

/// The two counts at the head of an update, and the three numbers at the head of a section, at their longest.
pub(super) const HEAD_BYTES: usize = 20;
const SPAN_BYTES: usize = 24;

impl UpdateParts {
    /// Cuts an update (v1) that our own yrs encoded into parts of at most `part_bytes_max` bytes.
    ///
    /// # Errors
    /// When it is no such update.
    pub fn cut(trusted_update_v1: Bytes, part_bytes_max: usize) -> Result<Self, CutError> {
        if trusted_update_v1.len() <= part_bytes_max {
            return Ok(Self { whole: trusted_update_v1, parts: Vec::new() });
        }
        let mut reader = Reader::new(&trusted_update_v1);
        let sections = read_sections(&mut reader)?;
        let mut cutter = Cutter::new(part_bytes_max);
        cutter.cut_structs(&trusted_update_v1, sections)?;
        cutter.cut_deletions(reader)?;
        let parts = cutter.finish();
        Ok(Self { whole: trusted_update_v1, parts })
    }

    /// The same of its structs alone, and which clocks they reach. Its deletions are left out.
    pub(super) fn cut_structs(
        trusted_update_v1: Bytes,
        part_bytes_max: usize,
    ) -> Result<(Self, Vec<ClientStructs>), CutError> {
        let sections = read_sections(&mut Reader::new(&trusted_update_v1))?;
        let mut cutter = Cutter::new(part_bytes_max);
        cutter.cut_structs(&trusted_update_v1, sections.clone())?;
        let parts = cutter.finish();
        Ok((Self { whole: trusted_update_v1, parts }, sections))
    }

    /// Its parts; none when it is small enough to be the only one.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub(super) fn whole(&self) -> &[u8] {
        &self.whole
    }

    /// In how many parts it is; at least one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.parts.len().max(1)
    }

    /// Bytes of the whole update: what it holds in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.whole.len()
    }

    /// The part of this number, as an update (v1); nothing beyond the last.
    #[must_use]
    pub fn part(&self, number: usize) -> Option<Bytes> {
        if self.parts.is_empty() {
            return (number == 0).then(|| self.whole.clone());
        }
        Some(self.parts.get(number)?.written(&self.whole))
    }
}

impl Part {
    pub(super) const NONE: Self = Self { structs: Vec::new(), deletions: Vec::new(), bytes: 0 };

    /// Bytes of the structs of which somebody with this state vector misses any.
    pub(super) fn bytes_missing(&self, theirs: &StateVector) -> usize {
        let missing = self.structs.iter().filter(|span| span.clocks.end > theirs.clock(span.client));
        missing.map(|span| span.to - span.from + SPAN_BYTES).sum()
    }

    fn is_empty(&self) -> bool {
        self.structs.is_empty() && self.deletions.is_empty()
    }

    fn written(&self, whole: &[u8]) -> Bytes {
        let mut out = Vec::with_capacity(self.bytes + HEAD_BYTES);
        put_number(&mut out, self.structs.len() as u64);
        for span in &self.structs {
            put_number(&mut out, span.count as u64);
            put_number(&mut out, span.client.0);
            put_number(&mut out, u64::from(span.clocks.start));
            out.extend_from_slice(whole.get(span.from..span.to).unwrap_or_default());
        }
        put_number(&mut out, self.deletions.len() as u64);
        for span in &self.deletions {
            put_number(&mut out, span.client.0);
            put_number(&mut out, span.count as u64);
            out.extend_from_slice(whole.get(span.from..span.to).unwrap_or_default());
        }
        Bytes::from(out)
    }
}

/// Where a section stands.
struct Walk<'a> {
    section: ClientStructs,
    reader: Reader<'a>,
    clock: u32,
    left: usize,
    /// Its span in the part of this number.
    span: Option<(usize, usize)>,
}

struct Cutter {
    part_bytes_max: usize,
    done: Vec<Part>,
    current: Part,
}

impl Cutter {
    fn new(part_bytes_max: usize) -> Self {
        Self {
            part_bytes_max: part_bytes_max.saturating_sub(HEAD_BYTES),
            done: Vec::new(),
            current: Part::default(),
        }
    }

    /// The server's section has the largest id and goes first: what people see of a board grows from its beginning.
    fn cut_structs(&mut self, whole: &[u8], mut sections: Vec<ClientStructs>) -> Result<(), CutError> {
        sections.sort_unstable_by_key(|section| Reverse(section.client));
        let mut walks: Vec<Walk<'_>> = sections
            .into_iter()
            .map(|section| Walk {
                section,
                reader: Reader::at(whole, section.at),
                clock: section.clocks.start,
                left: section.structs,
                span: None,
            })
            .collect();
        in_causal_order(walks.len(), |at| self.cut_next(&mut walks, at))
    }

    fn cut_next(&mut self, walks: &mut [Walk<'_>], at: usize) -> Result<Step, CutError> {
        let Some(walk) = walks.get(at).filter(|walk| walk.left > 0) else { return Ok(Step::Done) };
        let (mut reader, from) = (walk.reader, walk.reader.position());
        let item = read_struct(&mut reader, walk.clock)?;
        if let Some(wait) = waits(walks, &item)? {
            return Ok(wait);
        }
        let to = reader.position();
        let Some(walk) = walks.get_mut(at) else { return Ok(Step::Done) };
        self.take(walk, (from, to), item.clocks.end);
        (walk.reader, walk.clock, walk.left) = (reader, item.clocks.end, walk.left - 1);
        Ok(Step::Took(walk.clock))
    }

    fn take(&mut self, walk: &mut Walk<'_>, (from, to): (usize, usize), end: u32) {
        let begun = walk.span.filter(|(part, _)| *part == self.done.len());
        self.make_room(to - from + if begun.is_none() { SPAN_BYTES } else { 0 });
        let begun = begun.filter(|(part, _)| *part == self.done.len());
        if let Some(span) = begun.and_then(|(_, at)| self.current.structs.get_mut(at)) {
            span.count += 1;
            (span.to, span.clocks.end) = (to, end);
        } else {
            walk.span = Some((self.done.len(), self.current.structs.len()));
            self.current.structs.push(PartSpan {
                client: walk.section.client,
                clocks: Clocks { start: walk.clock, end },
                count: 1,
                from,
                to,
            });
        }
    }

    /// Deletions come behind all structs: nobody may hear of the deletion of something that is not there yet.
    fn cut_deletions(&mut self, mut reader: Reader<'_>) -> Result<(), CutError> {
        for _ in 0..reader.count(3)? {
            let client = reader.client()?;
            let mut open: Option<PartSpan> = None;
            for _ in 0..reader.count(2)? {
                let from = reader.position();
                let start = reader.clock()?;
                reader.end_after(start)?;
                let to = reader.position();
                let parts = self.done.len();
                self.make_room(to - from + if open.is_none() { SPAN_BYTES } else { 0 });
                if parts != self.done.len() {
                    open = None;
                }
                match (&mut open, self.current.deletions.last_mut()) {
                    (Some(_), Some(span)) => (span.count, span.to) = (span.count + 1, to),
                    (_, _) => {
                        let span =
                            PartSpan { client, clocks: Clocks { start: 0, end: 0 }, count: 1, from, to };
                        self.current.deletions.push(span);
                        open = Some(span);
                    }
                }
            }
        }
        Ok(reader.end()?)
    }

    /// Closes the current part when so many more bytes have no room in it, and counts them.
    fn make_room(&mut self, bytes: usize) {
        if !self.current.is_empty() && self.current.bytes + bytes > self.part_bytes_max {
            self.done.push(std::mem::take(&mut self.current));
        }
        self.current.bytes += bytes;
    }

    fn finish(mut self) -> Vec<Part> {
        if !self.current.is_empty() {
            self.done.push(self.current);
        }
        self.done
    }
}

/// For which other section must this struct wait? What no section has is known to whoever is sent the update.
fn waits(walks: &[Walk<'_>], item: &TrustedStruct<'_>) -> Result<Option<Step>, CutError> {
    let parent = match item.parent {
        Some(Parent::Item(id)) => Some(id),
        Some(Parent::Root(_)) | None => None,
    };
    for Id { client, clock } in [item.left, item.right, parent].into_iter().flatten() {
        let found = walks.binary_search_by_key(&Reverse(client), |walk| Reverse(walk.section.client));
        let Ok(section) = found else { continue };
        let Some(walk) = walks.get(section).filter(|walk| clock >= walk.clock) else { continue };
        if clock >= walk.section.clocks.end {
            return Err(CutError::Unresolved);
        }
        return Ok(Some(Step::Waits { section, clock }));
    }
    Ok(None)
}
