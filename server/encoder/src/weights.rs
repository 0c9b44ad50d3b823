//! The numbers of the encoder, as they are kept and as they are used.
//!
//! The table of pieces stays packed, six bits a number, in the bytes that the binary carries or that a file held: the system reads
//! in what texts touch. The layers are few; they are unpacked when the encoder is first used.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::ModelError;
use crate::bytes::Reader;
use crate::packing::{LAYERS, MAGIC, PARTS, PIECE, ROW_BYTES, ROWS};
use crate::tokenizer::Tokenizer;

/// The table of pieces.
#[derive(Debug)]
pub(crate) struct Table {
    bytes: Cow<'static, [u8]>,
    /// Where the rows begin in the bytes.
    start: usize,
    scale: [f32; PARTS],
    lowest: [f32; PARTS],
}

impl Table {
    /// The numbers of a piece; zeros for one that is not in the table.
    pub(crate) fn row(&self, id: u32) -> [f32; PIECE] {
        let id = id as usize;
        let (scale, lowest) = (self.scale[id % PARTS], self.lowest[id % PARTS]);
        let mut numbers = [0.0; PIECE];
        let start = self.start + id * ROW_BYTES;
        let Some(row) = self.bytes.get(start..start + ROW_BYTES) else { return numbers };
        for (four, packed) in numbers.chunks_exact_mut(4).zip(row.chunks_exact(3)) {
            for (number, code) in four.iter_mut().zip(unpack(packed)) {
                *number = f32::from(code) * scale + lowest;
            }
        }
        numbers
    }
}

/// Four numbers of six bits in three bytes, the first in the lowest bits.
fn unpack(packed: &[u8]) -> [u8; 4] {
    let [a, b, c] = [packed[0], packed[1], packed[2]];
    [a & 63, (a >> 6) | ((b & 15) << 2), (b >> 4) | ((c & 3) << 4), c >> 2]
}

/// A matrix of inputs × outputs, row by row.
#[derive(Debug)]
pub(crate) struct Matrix {
    outputs: usize,
    numbers: Box<[f32]>,
}

impl Matrix {
    /// The product of each row of `inputs` with this matrix, row by row. The rows take turns at each input, so that its numbers
    /// are read once for the whole text.
    pub(crate) fn times(&self, inputs: &[f32]) -> Vec<f32> {
        let width = self.numbers.len() / self.outputs;
        let mut product = vec![0.0; inputs.len() / width * self.outputs];
        for (index, weights) in self.numbers.chunks_exact(self.outputs).enumerate() {
            for (row, product) in inputs.chunks_exact(width).zip(product.chunks_exact_mut(self.outputs)) {
                let factor = row[index];
                for (sum, weight) in product.iter_mut().zip(weights) {
                    *sum += factor * weight;
                }
            }
        }
        product
    }
}

/// One of the three branches, each of which sees so many pieces together.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) projection: Matrix,
    pub(crate) projection_bias: Box<[f32]>,
    pub(crate) first: Matrix,
    pub(crate) first_bias: Box<[f32]>,
    pub(crate) second: Matrix,
    pub(crate) second_bias: Box<[f32]>,
}

/// The layers after the sum, named as in the package.
#[derive(Debug)]
pub(crate) struct Dense {
    pub(crate) d0: Matrix,
    pub(crate) d1: Matrix,
    pub(crate) d2: Matrix,
    pub(crate) d3: Matrix,
    pub(crate) p1: Matrix,
    pub(crate) p3: Matrix,
}

/// All numbers of the encoder.
#[derive(Debug)]
pub(crate) struct Weights {
    pub(crate) table: Table,
    pub(crate) branches: [Branch; 3],
    pub(crate) projected_gain: Box<[f32]>,
    pub(crate) projected_shift: Box<[f32]>,
    pub(crate) joined_gain: Box<[f32]>,
    pub(crate) joined_shift: Box<[f32]>,
    pub(crate) sentence: Matrix,
    pub(crate) sentence_bias: Box<[f32]>,
    pub(crate) dense: Dense,
}

/// Bytes of the SHA-256 at the end of a packed model.
const DIGEST: usize = 32;

/// Is a packed model as it was made? A file may be damaged.
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    let parts = bytes.split_last_chunk::<DIGEST>();
    parts.is_some_and(|(model, digest)| Sha256::digest(model).as_slice() == digest)
}

/// What stands in a packed model: the vocabulary, and the numbers.
///
/// # Errors
///
/// The bytes are of another format, or cut off.
pub(crate) fn read(bytes: Cow<'static, [u8]>) -> Result<(Tokenizer, Weights), ModelError> {
    let (model, _) = bytes.split_last_chunk::<DIGEST>().ok_or(ModelError::Cut)?;
    let mut reader = Reader::new(model);
    if reader.take(MAGIC.len())? != MAGIC {
        return Err(ModelError::Other);
    }
    let length = reader.u32()? as usize;
    let tokenizer = Tokenizer::read(reader.take(length)?)?;
    let mut layers = Layers { reader, next: 0 };
    let (scale, lowest) = (layers.parts()?, layers.parts()?);
    let (mut projected_gain, mut projected_shift) = (Vec::new(), Vec::new());
    let mut branch = || -> Result<Branch, ModelError> {
        let (projection, projection_bias) = (layers.matrix()?, layers.vector()?);
        projected_gain.extend(layers.vector()?);
        projected_shift.extend(layers.vector()?);
        let (first, first_bias) = (layers.matrix()?, layers.vector()?);
        let (second, second_bias) = (layers.matrix()?, layers.vector()?);
        Ok(Branch { projection, projection_bias, first, first_bias, second, second_bias })
    };
    let branches = [branch()?, branch()?, branch()?];
    let (joined_gain, joined_shift) = (layers.vector()?, layers.vector()?);
    let (sentence, sentence_bias) = (layers.matrix()?, layers.vector()?);
    let (d0, d1, d2, d3) = (layers.matrix()?, layers.matrix()?, layers.matrix()?, layers.matrix()?);
    let dense = Dense { d0, d1, d2, d3, p1: layers.matrix()?, p3: layers.matrix()? };
    let table = layers.reader.rest().len();
    if table != ROWS * PARTS * ROW_BYTES || tokenizer.vocabulary() as usize > ROWS * PARTS {
        return Err(ModelError::Cut);
    }
    let table = Table { start: model.len() - table, bytes, scale, lowest };
    let (projected_gain, projected_shift) = (projected_gain.into(), projected_shift.into());
    let weights = Weights {
        table,
        branches,
        projected_gain,
        projected_shift,
        joined_gain,
        joined_shift,
        sentence,
        sentence_bias,
        dense,
    };
    Ok((tokenizer, weights))
}

/// Reads the layers in the order of [`LAYERS`].
struct Layers<'a> {
    reader: Reader<'a>,
    next: usize,
}

impl Layers<'_> {
    fn shape(&mut self) -> Result<(usize, usize), ModelError> {
        let (_, inputs, outputs) = LAYERS.get(self.next).ok_or(ModelError::Other)?;
        self.next += 1;
        Ok((*inputs, *outputs))
    }

    fn floats(&mut self, count: usize) -> Result<Vec<f32>, ModelError> {
        let bytes = self.reader.take(count * 4)?.chunks_exact(4);
        Ok(bytes.map(|number| f32::from_le_bytes([number[0], number[1], number[2], number[3]])).collect())
    }

    fn vector(&mut self) -> Result<Box<[f32]>, ModelError> {
        let (_, outputs) = self.shape()?;
        self.floats(outputs).map(Vec::into_boxed_slice)
    }

    fn parts(&mut self) -> Result<[f32; PARTS], ModelError> {
        self.vector()?.as_ref().try_into().map_err(|_| ModelError::Other)
    }

    fn matrix(&mut self) -> Result<Matrix, ModelError> {
        let (inputs, outputs) = self.shape()?;
        let count = self.reader.take(2)?;
        let values = self.floats(usize::from(u16::from_le_bytes([count[0], count[1]])))?;
        let codes = self.reader.take(inputs * outputs)?;
        let number = |code: &u8| values.get(usize::from(*code)).copied().ok_or(ModelError::Cut);
        let numbers = codes.iter().map(number).collect::<Result<_, _>>()?;
        Ok(Matrix { outputs, numbers })
    }
}
