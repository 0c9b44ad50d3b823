//! The meaning of a text as a vector, computed where the server runs: no text leaves it.
//!
//! The network and its numbers are Google's *universal-sentence-encoder-multilingual*, version 3, in the quantised form of the
//! package that [`packing::PACKAGE`] names (both Apache-2.0). Texts of sixteen languages that say the same have vectors that point
//! the same way. A crate of its own because it knows nothing of the server, and because a debug build of it would be too slow to
//! test with.

mod bytes;
mod network;
pub mod packing;
mod spelling;
mod tokenizer;
mod weights;

use std::borrow::Cow;

pub use network::DIMENSIONS;
use tokenizer::Tokenizer;
use weights::Weights;

/// Pieces of a text that are read at most: about 2,000 letters. What comes after them does not change its vector.
const PIECES_MAX: usize = 512;

/// A sentence encoder for sixteen languages, the six of the United Nations among them.
#[derive(Debug)]
pub struct Encoder {
    tokenizer: Tokenizer,
    weights: Weights,
}

/// Why bytes are no model.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// They end too early.
    #[error("the model is cut off")]
    Cut,
    /// They are not what was written.
    #[error("the model is damaged")]
    Damaged,
    /// They are something else.
    #[error("this is not a model of this version")]
    Other,
}

/// The cosine of two vectors of length 1 and of equally many numbers. Sixteen sums side by side, in one order, so that every machine
/// gives the same number fast.
#[must_use]
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; 16];
    let (left, right) = (a.chunks_exact(16), b.chunks_exact(16));
    let rest: f32 = left.remainder().iter().zip(right.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in left.zip(right) {
        for ((sum, x), y) in sums.iter_mut().zip(x).zip(y) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f32>() + rest
}

impl Encoder {
    /// Reads a packed model, as [`packing::pack`] makes it.
    ///
    /// # Errors
    ///
    /// The bytes are something else, or cut off.
    pub fn read(packed: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        let (tokenizer, weights) = weights::read(packed)?;
        Ok(Self { tokenizer, weights })
    }

    /// Reads a packed model from a file, which can be damaged after it was made.
    ///
    /// # Errors
    ///
    /// The bytes are something else, cut off, or not those that were written.
    pub fn read_checked(packed: Vec<u8>) -> Result<Self, ModelError> {
        if !weights::is_whole(&packed) {
            return Err(if packed.starts_with(packing::MAGIC) {
                ModelError::Damaged
            } else {
                ModelError::Other
            });
        }
        Self::read(Cow::Owned(packed))
    }

    /// The vector of a text: 512 numbers, of length 1. The cosine of two texts is the sum of the products of their numbers.
    #[must_use]
    pub fn encode(&self, text: &str) -> Box<[f32; DIMENSIONS]> {
        network::encode(&self.weights, &self.ids(text))
    }

    /// The ids of a text's pieces.
    #[must_use]
    pub fn ids(&self, text: &str) -> Vec<u32> {
        self.tokenizer.ids(text, PIECES_MAX)
    }
}
