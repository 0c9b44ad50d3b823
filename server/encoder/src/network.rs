//! From the ids of a text to its vector: the layers of the encoder.
//!
//! All sums run in one order, input by input, and no two products are fused, so that every machine gives the same numbers.

use crate::packing::PIECE;
use crate::weights::{Matrix, Weights};

/// Numbers of a vector.
pub const DIMENSIONS: usize = 512;
/// What keeps a layer of equal numbers from a division by zero.
const EPSILON: f64 = 1e-12;
/// Numbers of a piece in each of the three branches.
pub(crate) const BRANCH: usize = 256;
/// Pieces that each branch sees together, and how many of them stand before the middle one.
pub(crate) const BRANCHES: [(usize, usize); 3] = [(2, 0), (3, 1), (5, 2)];
/// Numbers of a piece before the sum: those of the table, and those of the branches.
const JOINED: usize = PIECE + BRANCH * BRANCHES.len();

/// The vector of a text: its length is 1.
pub(crate) fn encode(weights: &Weights, ids: &[u32]) -> Box<[f32; DIMENSIONS]> {
    let pieces: Vec<f32> = ids.iter().flat_map(|id| weights.table.row(*id)).collect();
    let projected = project(weights, &pieces, ids.len());
    let mut joined = vec![0.0; ids.len() * JOINED];
    for (joined, piece) in joined.chunks_exact_mut(JOINED).zip(pieces.chunks_exact(PIECE)) {
        joined[..PIECE].copy_from_slice(piece);
    }
    for (index, (branch, (width, before))) in weights.branches.iter().zip(BRANCHES).enumerate() {
        let own = columns(&projected, index * BRANCH, BRANCH * BRANCHES.len());
        let hidden = convolve(&own, &branch.first, &branch.first_bias, width, before);
        let seen = convolve(&hidden, &branch.second, &branch.second_bias, width, before);
        let start = PIECE + index * BRANCH;
        for (joined, seen) in joined.chunks_exact_mut(JOINED).zip(seen.chunks_exact(BRANCH)) {
            joined[start..start + BRANCH].copy_from_slice(seen);
        }
    }
    let mut sum = vec![0.0; JOINED];
    for piece in joined.chunks_exact_mut(JOINED) {
        normalise(piece, &weights.joined_gain, &weights.joined_shift);
        add(&mut sum, piece);
    }
    sentence(weights, &sum, ids.len())
}

/// Each piece in the three branches, one beside the other, normalised together.
fn project(weights: &Weights, pieces: &[f32], count: usize) -> Vec<f32> {
    let width = BRANCH * BRANCHES.len();
    let mut projected = vec![0.0; count * width];
    for (index, branch) in weights.branches.iter().enumerate() {
        let own = branch.projection.times(pieces);
        for (all, own) in projected.chunks_exact_mut(width).zip(own.chunks_exact(BRANCH)) {
            let all = &mut all[index * BRANCH..(index + 1) * BRANCH];
            all.copy_from_slice(own);
            add(all, &branch.projection_bias);
        }
    }
    for piece in projected.chunks_exact_mut(width) {
        normalise(piece, &weights.projected_gain, &weights.projected_shift);
    }
    projected
}

/// A convolution over `width` pieces of which `before` stand before the middle one, and what it began with added.
fn convolve(input: &[f32], matrix: &Matrix, bias: &[f32], width: usize, before: usize) -> Vec<f32> {
    let count = input.len() / BRANCH;
    let mut windows = vec![0.0; count * width * BRANCH];
    for (place, window) in windows.chunks_exact_mut(width * BRANCH).enumerate() {
        for (offset, slot) in window.chunks_exact_mut(BRANCH).enumerate() {
            let seen = (place + offset)
                .checked_sub(before)
                .and_then(|seen| input.get(seen * BRANCH..(seen + 1) * BRANCH));
            if let Some(seen) = seen {
                slot.copy_from_slice(seen);
            }
        }
    }
    let mut output = matrix.times(&windows);
    for (output, kept) in output.chunks_exact_mut(BRANCH).zip(input.chunks_exact(BRANCH)) {
        add(output, bias);
        for (number, kept) in output.iter_mut().zip(kept) {
            *number = number.max(0.0) + kept;
        }
    }
    output
}

/// The vector of the sum of a text's pieces.
fn sentence(weights: &Weights, sum: &[f32], count: usize) -> Box<[f32; DIMENSIONS]> {
    #[expect(clippy::cast_precision_loss, reason = "a text has at most a few hundred pieces")]
    let count = count as f32;
    let mut middle = weights.sentence.times(sum);
    for (number, bias) in middle.iter_mut().zip(&weights.sentence_bias) {
        *number = (*number + count * bias) / count.sqrt();
    }
    let dense = &weights.dense;
    let first = positive(dense.d0.times(&middle));
    let second = positive(together(dense.p1.times(&middle), &dense.d1.times(&first)));
    let third = positive(dense.d2.times(&second));
    let last = together(dense.p3.times(&second), &dense.d3.times(&third));
    let mut vector = Box::new([0.0; DIMENSIONS]);
    for (number, value) in vector.iter_mut().zip(&last) {
        *number = value.tanh();
    }
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    vector.iter_mut().for_each(|number| *number /= length);
    vector
}

/// Layer normalisation by the variance of the numbers themselves.
fn normalise(numbers: &mut [f32], gain: &[f32], shift: &[f32]) {
    #[expect(clippy::cast_precision_loss, reason = "a layer has at most 1,280 numbers")]
    let count = numbers.len() as f64;
    let mean = numbers.iter().map(|number| f64::from(*number)).sum::<f64>() / count;
    let variance = numbers.iter().map(|number| (f64::from(*number) - mean).powi(2)).sum::<f64>() / count;
    let scale = (variance + EPSILON).sqrt();
    for ((number, gain), shift) in numbers.iter_mut().zip(gain).zip(shift) {
        #[expect(clippy::cast_possible_truncation, reason = "the layers count in 32 bits")]
        let centred = ((f64::from(*number) - mean) / scale) as f32;
        *number = centred * gain + shift;
    }
}

fn columns(rows: &[f32], start: usize, width: usize) -> Vec<f32> {
    rows.chunks_exact(width).flat_map(|row| &row[start..start + BRANCH]).copied().collect()
}

fn add(to: &mut [f32], numbers: &[f32]) {
    for (to, number) in to.iter_mut().zip(numbers) {
        *to += number;
    }
}

fn together(mut a: Vec<f32>, b: &[f32]) -> Vec<f32> {
    add(&mut a, b);
    a
}

fn positive(mut numbers: Vec<f32>) -> Vec<f32> {
    numbers.iter_mut().for_each(|number| *number = number.max(0.0));
    numbers
}
