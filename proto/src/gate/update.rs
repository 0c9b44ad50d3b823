//! An update from outside, read for the first time: a [`TextEdit`], or a refusal.
//!
//! Guarantees what can be known without the document (rules 1, 3 and half of 5): counts that fit the bytes, shortest
//! numbers, no trailing bytes, each client once, sections of people only, content that is characters or a deletion,
//! parents by id only, delete ranges in order. Whether origins exist, lie in one text, and belong to clocks that
//! continue is asked of the document's [`super::TextIndex`] in step two.
//!
//! The edit keeps the frame and reads its structs again in step two instead of storing them: nothing is allocated per
//! struct. It does not borrow, so that it can travel to the room's task.

use bytes::Bytes;

use crate::ids::ClientId;

use super::clocks::Clocks;
use super::limits::GateLimits;
use super::reader::{Id, Reader, end_of, units};
use super::refusal::Refusal;

/// The bits beside the content's number in a struct's first byte.
pub(super) mod info {
    pub const ORIGIN: u8 = 0x80;
    pub const RIGHT_ORIGIN: u8 = 0x40;
    pub const PARENT_SUB: u8 = 0x20;
    pub const CONTENT: u8 = 0x1f;
}

/// The content's number in a struct's first byte.
pub(super) mod content {
    pub const GC: u8 = 0;
    pub const DELETED: u8 = 1;
    pub const JSON: u8 = 2;
    pub const BINARY: u8 = 3;
    pub const STRING: u8 = 4;
    pub const EMBED: u8 = 5;
    pub const FORMAT: u8 = 6;
    pub const TYPE: u8 = 7;
    pub const ANY: u8 = 8;
    pub const DOC: u8 = 9;
    pub const SKIP: u8 = 10;
}

/// The fewest bytes that a section, a struct, a client's ranges and a range can have.
const SECTION_BYTES_MIN: usize = 5;
const STRUCT_BYTES_MIN: usize = 2;
const RANGES_BYTES_MIN: usize = 4;
const RANGE_BYTES_MIN: usize = 2;

/// An update that inserts characters and deletes characters, and nothing else, as far as its bytes can tell.
#[derive(Clone, Debug)]
pub struct TextEdit {
    frame: Bytes,
    sections: Vec<ClientStructs>,
    deletes_at: usize,
}

/// The structs of one client id.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClientStructs {
    pub client: ClientId,
    pub clocks: Clocks,
    pub structs: usize,
    /// Where its first struct begins in the frame.
    pub at: usize,
}

/// One struct; what it says, and the bytes in which it says so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Struct<'a> {
    pub clocks: Clocks,
    pub left: Option<Id>,
    pub right: Option<Id>,
    /// Present only when both origins are absent.
    pub parent: Option<Id>,
    pub content: Content<'a>,
    pub bytes: &'a [u8],
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Content<'a> {
    /// Deleted long ago together with its parent; says nothing about where it was.
    Gc,
    /// Deleted since.
    Deleted,
    Characters(&'a str),
}

impl TextEdit {
    /// Reads an update (v1) from outside.
    ///
    /// # Errors
    /// When it is anything else than characters and deletions, well formed and within the limits.
    pub fn read(frame: Bytes, limits: &GateLimits) -> Result<Self, Refusal> {
        #[cfg(feature = "gate-off")]
        if super::off::is_off() {
            return Ok(Self { frame, sections: Vec::new(), deletes_at: 0 });
        }
        if frame.len() > limits.update_bytes_max {
            return Err(Refusal::TooLarge);
        }
        let mut reader = Reader::new(&frame);
        let sections = read_sections(&mut reader, limits)?;
        let deletes_at = reader.position();
        let end = check_deletes(reader, limits)?;
        end.end()?;
        Ok(Self { frame, sections, deletes_at })
    }

    /// The client ids under which it writes.
    pub fn client_ids(&self) -> impl Iterator<Item = ClientId> {
        self.sections.iter().map(|section| section.client)
    }

    pub(super) fn sections(&self) -> &[ClientStructs] {
        &self.sections
    }

    pub(super) fn frame(&self) -> &[u8] {
        &self.frame
    }

    /// Its delete ranges; they were checked when it was read.
    pub(super) fn deletes(&self) -> Result<Deletes<'_>, Refusal> {
        Deletes::new(Reader::at(&self.frame, self.deletes_at))
    }
}

fn read_sections(reader: &mut Reader<'_>, limits: &GateLimits) -> Result<Vec<ClientStructs>, Refusal> {
    let count = reader.count(SECTION_BYTES_MIN)?;
    if count > limits.client_sections_max {
        return Err(Refusal::TooMany);
    }
    let mut structs_left = limits.structs_max;
    let mut sections: Vec<ClientStructs> = Vec::with_capacity(count);
    for _ in 0..count {
        let structs = reader.count(STRUCT_BYTES_MIN)?;
        if structs == 0 {
            return Err(Refusal::Empty);
        }
        structs_left = structs_left.checked_sub(structs).ok_or(Refusal::TooMany)?;
        let client = reader.person()?;
        if sections.iter().any(|section| section.client == client) {
            return Err(Refusal::ClientTwice);
        }
        let start = reader.clock()?;
        let at = reader.position();
        let mut end = start;
        for _ in 0..structs {
            let item = read_struct(reader, end)?;
            let deleted = !matches!(item.content, Content::Characters(_));
            if deleted && item.clocks.len() > limits.deleted_units_max {
                return Err(Refusal::TooLarge);
            }
            end = item.clocks.end;
        }
        sections.push(ClientStructs { client, clocks: Clocks { start, end }, structs, at });
    }
    Ok(sections)
}

/// Reads the struct whose first clock is `clock`.
pub(super) fn read_struct<'a>(reader: &mut Reader<'a>, clock: u32) -> Result<Struct<'a>, Refusal> {
    let start = reader.position();
    let first = reader.byte()?;
    let mut item = Struct {
        clocks: Clocks { start: clock, end: clock },
        left: None,
        right: None,
        parent: None,
        content: Content::Gc,
        bytes: &[],
    };
    if first == content::GC {
        item.clocks.end = reader.end_after(clock)?;
        item.bytes = reader.since(start);
        return Ok(item);
    }
    // Refused before its references are read: yrs and Yjs disagree on what follows.
    match first & info::CONTENT {
        content::STRING | content::DELETED => {}
        content::SKIP => return Err(Refusal::Skip),
        _ => return Err(Refusal::Content),
    }
    if first & info::PARENT_SUB != 0 {
        return Err(Refusal::MapKey);
    }
    item.left = if first & info::ORIGIN != 0 { Some(reader.id()?) } else { None };
    item.right = if first & info::RIGHT_ORIGIN != 0 { Some(reader.id()?) } else { None };
    if item.left.is_none() && item.right.is_none() {
        item.parent = match reader.number()? {
            0 => Some(reader.id()?),
            1 => return Err(Refusal::RootName),
            _ => return Err(Refusal::Number),
        };
    }
    if first & info::CONTENT == content::STRING {
        let text = reader.text()?;
        if text.is_empty() {
            return Err(Refusal::Empty);
        }
        item.clocks.end = end_of(clock, units(text))?;
        item.content = Content::Characters(text);
    } else {
        item.clocks.end = reader.end_after(clock)?;
        item.content = Content::Deleted;
    }
    item.bytes = reader.since(start);
    Ok(item)
}

/// Walks a delete set: each client's ranges in rising order, without overlap.
#[derive(Clone, Debug)]
pub(super) struct Deletes<'a> {
    reader: Reader<'a>,
    clients_left: usize,
    ranges_left: usize,
    client: ClientId,
    floor: u32,
    /// The last range was the first of its client.
    first: bool,
}

impl<'a> Deletes<'a> {
    pub fn new(mut reader: Reader<'a>) -> Result<Self, Refusal> {
        let clients_left = reader.count(RANGES_BYTES_MIN)?;
        Ok(Self { reader, clients_left, ranges_left: 0, client: ClientId(0), floor: 0, first: false })
    }

    /// The next range, or nothing when the delete set ends.
    pub fn step(&mut self) -> Result<Option<(ClientId, Clocks)>, Refusal> {
        self.first = self.ranges_left == 0;
        if self.first {
            if self.clients_left == 0 {
                return Ok(None);
            }
            self.clients_left -= 1;
            self.client = self.reader.client()?;
            self.ranges_left = self.reader.count(RANGE_BYTES_MIN)?;
            self.floor = 0;
            if self.ranges_left == 0 {
                return Err(Refusal::Empty);
            }
        }
        self.ranges_left -= 1;
        let start = self.reader.clock()?;
        let end = self.reader.end_after(start)?;
        if start < self.floor {
            return Err(Refusal::DeleteSet);
        }
        self.floor = end;
        Ok(Some((self.client, Clocks { start, end })))
    }
}

fn check_deletes<'a>(reader: Reader<'a>, limits: &GateLimits) -> Result<Reader<'a>, Refusal> {
    let mut deletes = Deletes::new(reader)?;
    let mut ranges = 0;
    let mut clients: Vec<ClientId> = Vec::new();
    while let Some((client, _)) = deletes.step()? {
        ranges += 1;
        if ranges > limits.delete_ranges_max {
            return Err(Refusal::TooMany);
        }
        if deletes.first {
            clients.push(client);
        }
    }
    clients.sort_unstable();
    if clients.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(Refusal::ClientTwice);
    }
    Ok(deletes.reader)
}
