//! What an update deletes, and structs written without it.
//!
//! A document's encoding that was made a while ago holds words that were deleted since. They are never sent: where an encoding has
//! a deleted character or value, this writes that it is deleted, as yrs does when it encodes the document now. Ids, clocks and
//! origins stay, so whoever applies it has the same document.

use std::collections::BTreeMap;

use crate::ids::ClientId;

use super::clocks::{ClockSet, Clocks};
use super::reader::{Id, Reader, put_id, put_number};
use super::refusal::Refusal;
use super::trusted::{TrustedStruct, read_sections, read_struct, skip_any};
use super::update::{content, info};
use super::update_parts::{CutError, PartSpan};

/// Clocks of each client id that are deleted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Deletions(BTreeMap<ClientId, ClockSet>);

/// Characters or values of one struct that follow each other and are all deleted, or all not.
#[derive(Clone, Copy)]
struct Stretch {
    deleted: bool,
    clocks: Clocks,
    values: usize,
    from: usize,
    to: usize,
}

impl Deletions {
    /// The delete set of an update (v1) that our own yrs encoded.
    ///
    /// # Errors
    /// When it is no such update.
    pub fn of(trusted_update_v1: &[u8]) -> Result<Self, CutError> {
        let mut reader = Reader::new(trusted_update_v1);
        read_sections(&mut reader)?;
        let mut all: BTreeMap<ClientId, ClockSet> = BTreeMap::new();
        for _ in 0..reader.count(3)? {
            let set = all.entry(reader.client()?).or_default();
            for _ in 0..reader.count(2)? {
                let start = reader.clock()?;
                set.insert(Clocks { start, end: reader.end_after(start)? });
            }
        }
        reader.end()?;
        Ok(Self(all))
    }

    /// Writes structs with their head, without what is deleted of them.
    pub(super) fn put(&self, out: &mut Vec<u8>, whole: &[u8], span: &PartSpan) {
        let bytes = whole.get(span.from..span.to).unwrap_or_default();
        let written = match self.0.get(&span.client).filter(|gone| gone.overlaps(span.clocks)) {
            Some(gone) => without(bytes, span, gone).ok(),
            None => None,
        };
        let (count, bytes) = written.as_ref().map_or((span.count, bytes), |(count, bytes)| (*count, bytes));
        put_number(out, count as u64);
        put_number(out, span.client.0);
        put_number(out, u64::from(span.clocks.start));
        out.extend_from_slice(bytes);
    }
}

/// The structs of a span without what is gone, and how many they are.
fn without(bytes: &[u8], span: &PartSpan, gone: &ClockSet) -> Result<(usize, Vec<u8>), Refusal> {
    let (mut out, mut count) = (Vec::with_capacity(bytes.len()), 0);
    let (mut reader, mut clock) = (Reader::new(bytes), span.clocks.start);
    for _ in 0..span.count {
        let from = reader.position();
        let item = read_struct(&mut reader, clock)?;
        clock = item.clocks.end;
        let stretches = match item.info & info::CONTENT {
            _ if !gone.overlaps(item.clocks) => Vec::new(),
            content::STRING => of_text(bytes, &item, gone)?,
            content::ANY => of_values(bytes, &item, gone)?,
            // Types stay what their values lie in; nothing else is in our documents.
            _ => Vec::new(),
        };
        if stretches.iter().any(|stretch| stretch.deleted) {
            let head = bytes.get(from..item.content_at).unwrap_or_default();
            stretches
                .iter()
                .for_each(|stretch| put_stretch(&mut out, bytes, (span.client, &item, head), stretch));
            count += stretches.len();
        } else {
            out.extend_from_slice(reader.since(from));
            count += 1;
        }
    }
    Ok((count, out))
}

/// A character of two units is deleted when both are.
fn of_text(bytes: &[u8], item: &TrustedStruct<'_>, gone: &ClockSet) -> Result<Vec<Stretch>, Refusal> {
    let mut reader = Reader::at(bytes, item.content_at);
    let text = reader.text()?;
    let (mut all, mut clock, mut at) = (Vec::new(), item.clocks.start, reader.position() - text.len());
    for character in text.chars() {
        let clocks = Clocks { start: clock, end: clock + character.len_utf16() as u32 };
        let deleted = (clocks.start..clocks.end).all(|clock| gone.contains(clock));
        grow(&mut all, Stretch { deleted, clocks, values: 1, from: at, to: at + character.len_utf8() });
        (clock, at) = (clocks.end, at + character.len_utf8());
    }
    Ok(all)
}

fn of_values(bytes: &[u8], item: &TrustedStruct<'_>, gone: &ClockSet) -> Result<Vec<Stretch>, Refusal> {
    let mut reader = Reader::at(bytes, item.content_at);
    let mut all = Vec::new();
    let count = reader.count(1)?;
    for clock in (item.clocks.start..).take(count) {
        let from = reader.position();
        skip_any(&mut reader)?;
        let clocks = Clocks { start: clock, end: clock + 1 };
        grow(
            &mut all,
            Stretch { deleted: gone.contains(clock), clocks, values: 1, from, to: reader.position() },
        );
    }
    Ok(all)
}

/// Adds to the last stretch, or begins another one.
fn grow(all: &mut Vec<Stretch>, next: Stretch) {
    match all.last_mut().filter(|last| last.deleted == next.deleted) {
        Some(last) => {
            (last.clocks.end, last.to) = (next.clocks.end, next.to);
            last.values += next.values;
        }
        None => all.push(next),
    }
}

/// The first stretch has the head of its struct; each other one comes behind the one before, as yrs cuts a struct.
fn put_stretch(
    out: &mut Vec<u8>,
    bytes: &[u8],
    (client, item, head): (ClientId, &TrustedStruct<'_>, &[u8]),
    stretch: &Stretch,
) {
    let kind = item.info & info::CONTENT;
    let first = item.info & !info::CONTENT | if stretch.deleted { content::DELETED } else { kind };
    if stretch.clocks.start == item.clocks.start {
        out.push(first);
        out.extend_from_slice(head.get(1..).unwrap_or_default());
    } else {
        out.push(first | info::ORIGIN);
        put_id(out, Id { client, clock: stretch.clocks.start - 1 });
        if let Some(right) = item.right {
            put_id(out, right);
        }
    }
    let content = bytes.get(stretch.from..stretch.to).unwrap_or_default();
    if stretch.deleted {
        put_number(out, u64::from(stretch.clocks.len()));
    } else {
        put_number(out, if kind == content::STRING { content.len() } else { stretch.values } as u64);
        out.extend_from_slice(content);
    }
}
