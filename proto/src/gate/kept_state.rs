//! What a document said a while ago, encoded and cut once, for everybody who misses any of it (rule W15).
//!
//! Encoding a large document takes longer than a turn may, and each phone that comes back misses something else. So a room keeps
//! pieces: an encoding of everything, then one of what was written after it, and so on. Who asks is sent the parts in which there is
//! something that it does not have, and at last what came after the last piece. Guarantees: parts in their order wait for nothing;
//! what was deleted since is not in them ([`Deletions`]); their deletions are left out, so an update with the document's whole
//! delete set must follow. Somebody who has a part of a span of structs is sent all of it.

use std::sync::Arc;

use bytes::Bytes;

use super::deletions::Deletions;
use super::reader::put_number;
use super::state_vector::StateVector;
use super::update_parts::{CutError, HEAD_BYTES, Part, UpdateParts};

/// See the module's description. Empty at first. A clone shares the pieces.
#[derive(Clone, Debug, Default)]
pub struct KeptState {
    pieces: Vec<Arc<UpdateParts>>,
    state: StateVector,
    structs: usize,
}

/// Which part of which piece.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PartNumber(u32, u32);

impl KeptState {
    /// Keeps another piece: what was written after [`KeptState::state`], as an update (v1) that our own yrs encoded.
    ///
    /// # Errors
    /// When it is no such update.
    pub fn add(&mut self, trusted_update_v1: Bytes, part_bytes_max: usize) -> Result<(), CutError> {
        let (piece, sections) = UpdateParts::cut_structs(trusted_update_v1, part_bytes_max)?;
        self.structs += sections.iter().map(|section| section.structs).sum::<usize>();
        self.state.join(sections.iter().map(|section| (section.client, section.clocks.end)));
        self.pieces.push(Arc::new(piece));
        Ok(())
    }

    /// What somebody has who has all pieces.
    #[must_use]
    pub const fn state(&self) -> &StateVector {
        &self.state
    }

    /// Structs in all pieces.
    #[must_use]
    pub const fn structs(&self) -> usize {
        self.structs
    }

    /// The parts in which there is something that somebody with this state vector misses, in their order, and their bytes together.
    #[must_use]
    pub fn missing(&self, theirs: &StateVector) -> (Vec<PartNumber>, usize) {
        let (mut numbers, mut bytes) = (Vec::new(), 0);
        for (piece, parts) in (0..).zip(&self.pieces) {
            for (number, part) in (0..).zip(parts.parts()) {
                let missing = part.bytes_missing(theirs);
                if missing > 0 {
                    numbers.push(PartNumber(piece, number));
                    bytes += missing;
                }
            }
        }
        (numbers, bytes)
    }

    /// A part, as an update (v1), for somebody with this state vector; without what is deleted by now.
    #[must_use]
    pub fn part(
        &self,
        PartNumber(piece, number): PartNumber,
        theirs: &StateVector,
        gone: &Deletions,
    ) -> Bytes {
        let piece = self.pieces.get(piece as usize);
        let part = piece.and_then(|piece| Some((piece.whole(), piece.parts().get(number as usize)?)));
        let (whole, part) = part.unwrap_or((&[], const { &Part::NONE }));
        let missing = || part.structs.iter().filter(|span| span.clocks.end > theirs.clock(span.client));
        let mut out = Vec::with_capacity(part.bytes_missing(theirs) + HEAD_BYTES);
        put_number(&mut out, missing().count() as u64);
        missing().for_each(|span| gone.put(&mut out, whole, span));
        put_number(&mut out, 0);
        Bytes::from(out)
    }
}
