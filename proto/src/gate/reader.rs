//! A cursor over bytes from outside: numbers, ids and strings, or a refusal.
//!
//! It borrows, never allocates, never looks back, and takes every number only in its shortest form, so that two
//! readers cannot read the same bytes differently. It knows nothing of updates; [`super::update`] does.

use crate::ids::ClientId;

use super::refusal::Refusal;

/// One past the last clock: yrs computes with signed 32-bit clocks.
pub(super) const CLOCK_END: u32 = i32::MAX as u32;

/// The largest number that JavaScript holds exactly, plus one.
const NUMBER_END: u64 = 1 << 53;

/// One UTF-16 unit, or one value, of a document: who made it and which of theirs it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Id {
    pub client: ClientId,
    pub clock: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// A reader of the same bytes that stands elsewhere; beyond the end it finds nothing.
    pub const fn at(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub const fn position(&self) -> usize {
        self.at
    }

    /// What was read since `start`.
    pub fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    pub const fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    pub fn byte(&mut self) -> Result<u8, Refusal> {
        let byte = *self.bytes.get(self.at).ok_or(Refusal::Cut)?;
        self.at += 1;
        Ok(byte)
    }

    pub fn take(&mut self, length: usize) -> Result<&'a [u8], Refusal> {
        let end = self.at.checked_add(length).ok_or(Refusal::Cut)?;
        let bytes = self.bytes.get(self.at..end).ok_or(Refusal::Cut)?;
        self.at = end;
        Ok(bytes)
    }

    /// A variable-length number in its shortest form, below 2^53.
    pub fn number(&mut self) -> Result<u64, Refusal> {
        let mut value = 0u64;
        for position in 0..8 {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << (7 * position);
            if byte & 0x80 == 0 {
                let shortest = position == 0 || byte != 0;
                return if shortest && value < NUMBER_END { Ok(value) } else { Err(Refusal::Number) };
            }
        }
        Err(Refusal::Number)
    }

    /// How many parts follow, of which each has at least `bytes_min` bytes: never more than can be there.
    pub fn count(&mut self, bytes_min: usize) -> Result<usize, Refusal> {
        let count = usize::try_from(self.number()?).map_err(|_| Refusal::Cut)?;
        if count > self.left() / bytes_min { Err(Refusal::Cut) } else { Ok(count) }
    }

    pub fn clock(&mut self) -> Result<u32, Refusal> {
        match u32::try_from(self.number()?) {
            Ok(clock) if clock < CLOCK_END => Ok(clock),
            Ok(_) | Err(_) => Err(Refusal::ClockRange),
        }
    }

    /// A length of at least one that fits behind `clock`; gives the end.
    pub fn end_after(&mut self, clock: u32) -> Result<u32, Refusal> {
        let length = u32::try_from(self.number()?).map_err(|_| Refusal::ClockRange)?;
        if length == 0 { Err(Refusal::Empty) } else { end_of(clock, length) }
    }

    /// A client id of anybody.
    pub fn client(&mut self) -> Result<ClientId, Refusal> {
        match self.number()? {
            id if id < ClientId::SERVER_END => Ok(ClientId(id)),
            _ => Err(Refusal::ClientIdRange),
        }
    }

    /// A client id of a person.
    pub fn person(&mut self) -> Result<ClientId, Refusal> {
        let client = self.client()?;
        if client.is_server() { Err(Refusal::ClientIdRange) } else { Ok(client) }
    }

    pub fn id(&mut self) -> Result<Id, Refusal> {
        Ok(Id { client: self.client()?, clock: self.clock()? })
    }

    pub fn text(&mut self) -> Result<&'a str, Refusal> {
        let length = self.count(1)?;
        std::str::from_utf8(self.take(length)?).map_err(|_| Refusal::Text)
    }

    /// Passes a text that our own yrs wrote, and so is one; gives its length in UTF-16 units.
    pub fn units_of_trusted_text(&mut self) -> Result<u32, Refusal> {
        let length = self.count(1)?;
        Ok(units_of(self.take(length)?))
    }

    /// Nothing may follow.
    pub const fn end(&self) -> Result<(), Refusal> {
        if self.left() == 0 { Ok(()) } else { Err(Refusal::Trailing) }
    }
}

/// The end of `length` clocks from `clock` on.
pub(super) fn end_of(clock: u32, length: u32) -> Result<u32, Refusal> {
    match clock.checked_add(length) {
        Some(end) if end <= CLOCK_END => Ok(end),
        Some(_) | None => Err(Refusal::ClockRange),
    }
}

/// Clocks that a text takes: its length in UTF-16 units, as in JavaScript.
pub(super) fn units(text: &str) -> u32 {
    units_of(text.as_bytes())
}

/// The same of UTF-8 bytes. A load counts all that is on a board, 20 MB: so bytes are added up as bytes, many at once.
fn units_of(bytes: &[u8]) -> u32 {
    /// As many as one byte can count, two units each.
    const CHUNK: usize = 127;
    // A lead byte of four-byte characters stands for two units, any other lead byte for one.
    let units = |sum: u8, byte: &u8| {
        sum.wrapping_add(u8::from(byte & 0xc0 != 0x80)).wrapping_add(u8::from(*byte >= 0xf0))
    };
    bytes.chunks(CHUNK).fold(0u32, |sum, chunk| sum.saturating_add(u32::from(chunk.iter().fold(0, units))))
}

/// The text without its first `units`, unless that would cut a character in half.
pub(super) fn without_first(text: &str, units: u32) -> Result<&str, Refusal> {
    let mut before = 0u32;
    for (at, character) in text.char_indices() {
        if before == units {
            return Ok(text.get(at..).unwrap_or_default());
        }
        before = before.saturating_add(if character.len_utf16() == 2 { 2 } else { 1 });
        if before > units {
            return Err(Refusal::HalfCharacter);
        }
    }
    Ok("")
}

pub(super) fn put_number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(0x80 + (value & 0x7f) as u8);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn put_id(out: &mut Vec<u8>, id: Id) {
    put_number(out, id.client.0);
    put_number(out, u64::from(id.clock));
}

pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_in_their_shortest_form_only() {
        for (bytes, number) in [
            (&b"\x00"[..], Ok(0)),
            (b"\x7f", Ok(127)),
            (b"\x80\x01", Ok(128)),
            (b"\xff\xff\xff\xff\xff\xff\xff\x0f", Ok((1 << 53) - 1)),
            (b"\x80\x80\x80\x80\x80\x80\x80\x10", Err(Refusal::Number)),
            (b"\xff\xff\xff\xff\xff\xff\xff\xff\x01", Err(Refusal::Number)),
            (b"\x80\x00", Err(Refusal::Number)),
            (b"\x80", Err(Refusal::Cut)),
            (b"", Err(Refusal::Cut)),
        ] {
            assert_eq!(Reader::new(bytes).number(), number, "{bytes:x?}");
        }
    }

    #[test]
    fn a_count_is_never_larger_than_what_can_follow() {
        assert_eq!(Reader::new(b"\x02abcd").count(2), Ok(2));
        assert_eq!(Reader::new(b"\x03abcd").count(2), Err(Refusal::Cut));
        assert_eq!(Reader::new(b"\x80\x80\x80\x40").count(1), Err(Refusal::Cut));
    }

    #[test]
    fn ids_and_clocks_have_ends() {
        let mut bytes = Vec::new();
        put_number(&mut bytes, ClientId::SERVER_END - 1);
        assert_eq!(Reader::new(&bytes).client(), Ok(ClientId(ClientId::SERVER_END - 1)));
        assert_eq!(Reader::new(&bytes).person(), Err(Refusal::ClientIdRange));
        bytes.clear();
        put_number(&mut bytes, ClientId::SERVER_END);
        assert_eq!(Reader::new(&bytes).client(), Err(Refusal::ClientIdRange));
        bytes.clear();
        put_number(&mut bytes, u64::from(CLOCK_END));
        assert_eq!(Reader::new(&bytes).clock(), Err(Refusal::ClockRange));
        assert_eq!(Reader::new(&bytes).end_after(1), Err(Refusal::ClockRange));
        assert_eq!(Reader::new(&bytes).end_after(0), Ok(CLOCK_END));
    }

    #[test]
    fn units_are_those_of_utf_16() {
        for text in ["", "a", "é", "€", "😀", "a😀b", "👨‍👩‍👧", "سلام", "\u{fffd}"] {
            for text in [text.to_owned(), text.repeat(1_000)] {
                assert_eq!(units(&text) as usize, text.encode_utf16().count(), "{text}");
            }
        }
    }

    #[test]
    fn a_character_is_never_cut_in_half() {
        assert_eq!(without_first("a😀b", 1), Ok("😀b"));
        assert_eq!(without_first("a😀b", 2), Err(Refusal::HalfCharacter));
        assert_eq!(without_first("a😀b", 3), Ok("b"));
        assert_eq!(without_first("😀", 1), Err(Refusal::HalfCharacter));
        assert_eq!(without_first("é", 0), Ok("é"));
        assert_eq!(without_first("a😀", 3), Ok(""));
    }

    #[test]
    fn what_is_written_reads_back() {
        for value in [0, 1, 127, 128, 300, 1 << 20, (1 << 53) - 1] {
            let mut out = Vec::new();
            put_number(&mut out, value);
            let mut reader = Reader::new(&out);
            assert_eq!(reader.number(), Ok(value));
            assert_eq!(reader.end(), Ok(()));
        }
    }
}
