//! From a text to the ids of its pieces: a unigram tokenizer as SentencePiece trains it.

use crate::ModelError;
use crate::bytes::{Reader, Value};
use crate::spelling::CharacterMap;

/// The id of a piece that the model does not know.
const UNKNOWN: u32 = 0;
/// The id in front of every text.
const BEGIN: u32 = 1;
/// The id behind every text.
const END: u32 = 2;
/// What an unknown character costs beyond the rarest piece.
const UNKNOWN_PENALTY: f64 = 10.0;

/// The pieces of the vocabulary with their scores, and how texts are spelt before they are cut into pieces.
#[derive(Debug)]
pub(crate) struct Tokenizer {
    map: CharacterMap,
    /// The letters of all pieces, one after the other.
    letters: Box<[u8]>,
    /// In the order of their letters, so that the pieces which begin alike stand together.
    pieces: Box<[Piece]>,
    lowest: f64,
    /// Characters of the longest piece.
    longest: usize,
    vocabulary: u32,
}

/// A piece of the vocabulary.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: u32,
    length: u32,
    id: u32,
    score: f32,
}

impl Tokenizer {
    /// Reads a `ModelProto` of SentencePiece: its pieces in order of id, and its character map.
    ///
    /// # Errors
    ///
    /// The bytes are cut off, or are no such model.
    pub(crate) fn read(model: &[u8]) -> Result<Self, ModelError> {
        let mut reader = Reader::new(model);
        let (mut letters, mut pieces, mut map) = (Vec::new(), Vec::new(), None);
        while !reader.is_empty() {
            let field = reader.field()?;
            match (field.number, field.value) {
                (1, Value::Bytes(piece)) => {
                    let (text, score) = read_piece(piece)?;
                    let id = u32::try_from(pieces.len()).map_err(|_| ModelError::Other)?;
                    let start = u32::try_from(letters.len()).map_err(|_| ModelError::Other)?;
                    let length = u32::try_from(text.len()).map_err(|_| ModelError::Other)?;
                    letters.extend_from_slice(text.as_bytes());
                    pieces.push((Piece { start, length, id, score }, text.chars().count()));
                }
                (3, Value::Bytes(normaliser)) => map = Some(read_map(normaliser)?),
                _ => {}
            }
        }
        let lowest = pieces.iter().map(|(piece, _)| f64::from(piece.score)).fold(0.0, f64::min);
        let longest = pieces.iter().map(|(_, length)| *length).max().ok_or(ModelError::Other)?;
        let vocabulary = u32::try_from(pieces.len()).map_err(|_| ModelError::Other)?;
        let mut pieces: Vec<Piece> = pieces.into_iter().map(|(piece, _)| piece).collect();
        pieces.sort_by(|a, b| a.letters(&letters).cmp(b.letters(&letters)));
        let map = map.ok_or(ModelError::Other)?;
        Ok(Self { map, letters: letters.into(), pieces: pieces.into(), lowest, longest, vocabulary })
    }

    /// How many ids there are.
    pub(crate) const fn vocabulary(&self) -> u32 {
        self.vocabulary
    }

    /// The ids of a text, between that of the beginning and that of the end; `most` pieces at most, so that a long text costs no
    /// more than its beginning.
    pub(crate) fn ids(&self, text: &str, most: usize) -> Vec<u32> {
        // No piece has fewer than one character, and the map makes at most a few of one: more are never needed.
        let start = text.char_indices().nth(most * self.longest).map_or(text, |(end, _)| &text[..end]);
        let spelt = self.map.spell(start);
        let mut ids = vec![BEGIN];
        if spelt.is_empty() {
            ids.push(UNKNOWN);
        } else {
            ids.extend(self.segment(&spelt).into_iter().take(most));
        }
        ids.push(END);
        ids
    }

    /// The pieces with the highest sum of scores. Of equal sums the one that was found first stays.
    fn segment(&self, text: &str) -> Vec<u32> {
        let ends: Vec<usize> = text.char_indices().map(|(index, _)| index).chain([text.len()]).collect();
        let count = ends.len() - 1;
        // The best way to each place: its sum, where its last piece begins, and the id of that piece.
        let mut best: Vec<(f64, usize, u32)> = vec![(f64::NEG_INFINITY, 0, UNKNOWN); count + 1];
        best[0].0 = 0.0;
        for start in 0..count {
            let so_far = best[start].0;
            let mut single = false;
            let mut alike = &self.pieces[..];
            for end in start + 1..=count.min(start + self.longest) {
                let prefix = &text.as_bytes()[ends[start]..ends[end]];
                let first = alike.partition_point(|piece| piece.letters(&self.letters) < prefix);
                alike = &alike[first..];
                let last = alike.partition_point(|piece| piece.letters(&self.letters).starts_with(prefix));
                alike = &alike[..last];
                let Some(piece) = alike.first() else { break };
                if piece.length as usize == prefix.len() {
                    single |= end == start + 1;
                    improve(&mut best[end], so_far + f64::from(piece.score), start, piece.id);
                }
            }
            if !single {
                improve(&mut best[start + 1], so_far + self.lowest - UNKNOWN_PENALTY, start, UNKNOWN);
            }
        }
        let mut ids = Vec::new();
        let mut place = count;
        while place > 0 {
            let (_, start, id) = best[place];
            ids.push(id);
            place = start;
        }
        ids.reverse();
        ids
    }
}

impl Piece {
    fn letters(self, all: &[u8]) -> &[u8] {
        &all[self.start as usize..(self.start + self.length) as usize]
    }
}

fn improve(place: &mut (f64, usize, u32), sum: f64, start: usize, id: u32) {
    if sum > place.0 {
        *place = (sum, start, id);
    }
}

fn read_piece(message: &[u8]) -> Result<(&str, f32), ModelError> {
    let mut reader = Reader::new(message);
    let (mut text, mut score) = ("", 0.0);
    while !reader.is_empty() {
        let field = reader.field()?;
        match (field.number, field.value) {
            (1, Value::Bytes(letters)) => {
                text = std::str::from_utf8(letters).map_err(|_| ModelError::Other)?
            }
            (2, Value::Float(value)) => score = value,
            _ => {}
        }
    }
    Ok((text, score))
}

fn read_map(normaliser: &[u8]) -> Result<CharacterMap, ModelError> {
    let mut reader = Reader::new(normaliser);
    while !reader.is_empty() {
        let field = reader.field()?;
        if let (2, Value::Bytes(map)) = (field.number, field.value) {
            return CharacterMap::read(map);
        }
    }
    Err(ModelError::Other)
}
