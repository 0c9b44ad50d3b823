//! How a text is spelt for the tokenizer: the character map of the model, and its spaces.

use crate::ModelError;
use crate::bytes::Reader;

/// What stands for a space, also in front of the first word.
pub(crate) const SPACE: char = '\u{2581}';

/// A double array that maps sequences of bytes to replacements, as SentencePiece stores it.
///
/// Each unit is 32 bits: a label in the lowest eight, "a match ends here" in bit 8, and where the children are in
/// the upper 22. Every index is checked, so that a damaged map gives other letters and never a panic.
#[derive(Debug)]
pub(crate) struct CharacterMap {
    units: Box<[u32]>,
    /// Texts that end with a NUL each, one after the other.
    replacements: Box<[u8]>,
}

impl CharacterMap {
    /// Reads the size of the array in bytes, the array, and the replacements.
    pub(crate) fn read(map: &[u8]) -> Result<Self, ModelError> {
        let mut reader = Reader::new(map);
        let size = reader.u32()? as usize;
        let units = reader
            .take(size)?
            .chunks_exact(4)
            .map(|unit| u32::from_le_bytes([unit[0], unit[1], unit[2], unit[3]]));
        Ok(Self { units: units.collect(), replacements: reader.rest().into() })
    }

    /// The longest sequence at the beginning of `bytes` that has a replacement: its length and the replacement.
    fn longest(&self, bytes: &[u8]) -> Option<(usize, &str)> {
        let mut found = None;
        let mut node = children(*self.units.first()?);
        for (index, byte) in bytes.iter().enumerate() {
            node ^= u32::from(*byte);
            let Some(unit) = self.units.get(node as usize) else { break };
            if unit & 0x8000_00FF != u32::from(*byte) {
                break;
            }
            node ^= children(*unit);
            if unit & 0x100 != 0 {
                let value = self.units.get(node as usize)? & 0x7FFF_FFFF;
                found = Some((index + 1, value as usize));
            }
        }
        let (length, start) = found?;
        let rest = self.replacements.get(start..)?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        Some((length, std::str::from_utf8(&rest[..end]).ok()?))
    }

    /// The text in the model's letters: spaces are one mark each, one stands in front, none at the end. Empty if the text has
    /// nothing but spaces.
    pub(crate) fn spell(&self, text: &str) -> String {
        let mut mapped = String::with_capacity(text.len() + 8);
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (length, replacement) = match self.longest(rest.as_bytes()) {
                Some((length, replacement)) if rest.is_char_boundary(length) => (length, replacement),
                Some(_) | None => (first.len_utf8(), &rest[..first.len_utf8()]),
            };
            mapped.push_str(replacement);
            rest = &rest[length..];
        }
        let mut spelt = String::with_capacity(mapped.len() + 8);
        for word in mapped.split(' ').filter(|word| !word.is_empty()) {
            spelt.push(SPACE);
            spelt.push_str(word);
        }
        spelt
    }
}

/// Where the children of a unit begin, to be combined with where it stands.
fn children(unit: u32) -> u32 {
    (unit >> 10) << ((unit & 0x200) >> 6)
}
