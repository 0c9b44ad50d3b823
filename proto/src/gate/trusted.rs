//! The whole update grammar (v1), for updates that our own yrs encoded. Nothing from outside is ever read here.
//!
//! Reads where each struct lies and how many clocks it takes; values are skipped, not kept, and nested ones without
//! recursion. Weak links are no part of our documents and end the reading.

use crate::ids::ClientId;

use super::clocks::Clocks;
use super::reader::{Id, Reader, end_of};
use super::refusal::Refusal;
use super::update::{ClientStructs, content, info};

/// One struct of a trusted update.
#[derive(Clone, Copy, Debug)]
pub(super) struct TrustedStruct<'a> {
    pub clocks: Clocks,
    pub left: Option<Id>,
    pub right: Option<Id>,
    /// Present only when both origins are absent.
    pub parent: Option<Parent<'a>>,
    /// The map key, when there is a parent.
    pub key: Option<&'a str>,
    pub content: TrustedContent,
    /// The first byte: the content's number and the bits beside it.
    pub info: u8,
    /// Where the content begins.
    pub content_at: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Parent<'a> {
    Root(&'a str),
    Item(Id),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TrustedContent {
    /// Collected with its parent.
    Gc,
    /// Deleted, its place known.
    Deleted,
    /// A shared type of this number.
    Type(u8),
    /// Characters or any other value.
    Value,
}

/// Reads where each section begins and ends, and leaves the reader at the delete set.
pub(super) fn read_sections(reader: &mut Reader<'_>) -> Result<Vec<ClientStructs>, Refusal> {
    let mut sections = Vec::new();
    for _ in 0..reader.count(4)? {
        let structs = reader.count(2)?;
        let client = reader.client()?;
        let start = reader.clock()?;
        let at = reader.position();
        let mut end = start;
        for _ in 0..structs {
            end = read_struct(reader, end)?.clocks.end;
        }
        sections.push(ClientStructs { client, clocks: Clocks { start, end }, structs, at });
    }
    // The walk looks sections up by client.
    sections.sort_unstable_by_key(|section: &ClientStructs| section.client);
    if sections.windows(2).any(|pair| client_of(pair.first()) == client_of(pair.last())) {
        return Err(Refusal::ClientTwice);
    }
    Ok(sections)
}

fn client_of(section: Option<&ClientStructs>) -> Option<ClientId> {
    section.map(|section| section.client)
}

/// Reads the struct whose first clock is `clock`.
pub(super) fn read_struct<'a>(reader: &mut Reader<'a>, clock: u32) -> Result<TrustedStruct<'a>, Refusal> {
    let first = reader.byte()?;
    let mut item = TrustedStruct {
        clocks: Clocks { start: clock, end: clock },
        left: None,
        right: None,
        parent: None,
        key: None,
        content: TrustedContent::Gc,
        info: first,
        content_at: reader.position(),
    };
    match first {
        content::GC => {
            item.clocks.end = reader.end_after(clock)?;
            return Ok(item);
        }
        content::SKIP => return Err(Refusal::Skip),
        _ => {}
    }
    item.left = if first & info::ORIGIN != 0 { Some(reader.id()?) } else { None };
    item.right = if first & info::RIGHT_ORIGIN != 0 { Some(reader.id()?) } else { None };
    if item.left.is_none() && item.right.is_none() {
        item.parent = Some(match reader.number()? {
            1 => Parent::Root(reader.text()?),
            _ => Parent::Item(reader.id()?),
        });
        if first & info::PARENT_SUB != 0 {
            item.key = Some(reader.text()?);
        }
    }
    item.content_at = reader.position();
    (item.content, item.clocks.end) = read_content(reader, first & info::CONTENT, clock)?;
    Ok(item)
}

fn read_content(reader: &mut Reader<'_>, kind: u8, clock: u32) -> Result<(TrustedContent, u32), Refusal> {
    let one = end_of(clock, 1)?;
    Ok(match kind {
        content::DELETED => (TrustedContent::Deleted, reader.end_after(clock)?),
        content::STRING => (TrustedContent::Value, end_of(clock, reader.units_of_trusted_text()?)?),
        content::JSON | content::ANY => {
            let count = reader.count(1)?;
            for _ in 0..count {
                if kind == content::ANY { skip_any(reader)? } else { reader.text().map(drop)? }
            }
            (TrustedContent::Value, end_of(clock, u32::try_from(count).map_err(|_| Refusal::ClockRange)?)?)
        }
        content::BINARY | content::EMBED => {
            skip_bytes(reader)?;
            (TrustedContent::Value, one)
        }
        content::FORMAT => {
            reader.text()?;
            reader.text()?;
            (TrustedContent::Value, one)
        }
        content::TYPE => (TrustedContent::Type(read_type(reader)?), one),
        content::DOC => {
            reader.text()?;
            skip_any(reader)?;
            (TrustedContent::Value, one)
        }
        _ => return Err(Refusal::Content),
    })
}

fn skip_bytes(reader: &mut Reader<'_>) -> Result<(), Refusal> {
    let length = reader.count(1)?;
    reader.take(length).map(drop)
}

const TYPE_XML_ELEMENT: u8 = 3;
const TYPE_WEAK_LINK: u8 = 7;

fn read_type(reader: &mut Reader<'_>) -> Result<u8, Refusal> {
    let kind = reader.byte()?;
    match kind {
        TYPE_XML_ELEMENT => reader.text().map(drop)?,
        TYPE_WEAK_LINK => return Err(Refusal::Content),
        _ => {}
    }
    Ok(kind)
}

/// Skips one value of lib0's `any` encoding, whatever is nested in it.
pub(super) fn skip_any(reader: &mut Reader<'_>) -> Result<(), Refusal> {
    // Containers that are being skipped: values left, and whether each has a key.
    let mut open: Vec<(usize, bool)> = Vec::new();
    loop {
        match reader.byte()? {
            120 | 121 | 126 | 127 => {}
            122 | 123 => reader.take(8).map(drop)?,
            124 => reader.take(4).map(drop)?,
            125 => while reader.byte()? & 0x80 != 0 {},
            116 | 119 => skip_bytes(reader)?,
            118 => open.push((reader.count(2)?, true)),
            117 => open.push((reader.count(1)?, false)),
            _ => return Err(Refusal::Content),
        }
        while open.last().is_some_and(|&(values, _)| values == 0) {
            open.pop();
        }
        let Some((values, keyed)) = open.last_mut() else { return Ok(()) };
        *values -= 1;
        if *keyed {
            reader.text()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipped(hex: &str) -> Result<usize, Refusal> {
        let bytes = hex::decode(hex).unwrap();
        let mut reader = Reader::new(&bytes);
        skip_any(&mut reader)?;
        Ok(reader.left())
    }

    #[test]
    fn values_are_skipped_whole() {
        for value in [
            "7f",
            "7e",
            "79",
            "78",
            "7d41",
            "7dbf9f01",
            "7c00000000",
            "7b0000000000000000",
            "7a0000000000000000",
            "7702c3a9",
            "7403010203",
            "7500",
            "7600",
            "75037e7500767d01",
        ] {
            // The last one is cut off on purpose.
            let whole = value != "75037e7500767d01";
            assert_eq!(skipped(&format!("{value}aa")).is_ok(), whole, "{value}");
        }
        assert_eq!(skipped("75027601016175017879aa"), Ok(1));
        assert_eq!(skipped("75017600aa"), Ok(1));
        assert_eq!(skipped("73"), Err(Refusal::Content));
    }

    #[test]
    fn nesting_takes_no_stack() {
        let mut bytes = [0x75, 0x01].repeat(100_000);
        bytes.push(0x7e);
        let mut reader = Reader::new(&bytes);
        assert_eq!(skip_any(&mut reader), Ok(()));
        assert_eq!(reader.left(), 0);
    }
}
