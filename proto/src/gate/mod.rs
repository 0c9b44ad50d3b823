//! What may reach yrs: bytes from outside become small typed values, or are refused.
//!
//! yrs decodes hostile bytes unsafely: measured on 0.28.1, a few dozen bytes abort the process, never return, or make a
//! board that can never be read again, and no `catch_unwind` helps. So an update passes two steps before yrs sees it:
//!
//! 1. [`TextEdit::read`], without the document: bytes → a value that can only insert and delete characters;
//! 2. [`TextIndex::resolve`], beside one document: what of it is new, in which texts, within which bounds.
//!
//! What passes is encoded anew ([`ResolvedEdit::bytes`]); then it is authorized by the texts it touches, applied, and
//! taken into the index ([`TextIndex::admit`]). State vectors and awareness have readers of the same kind.
//!
//! The rules are G1 to G8 of the specification (`README.md`, section G), each with tests that name it. Of letters (G8) only what is
//! new is looked at, so what older versions let through is still there.
//!
//! Nothing here recurses, allocates by a count from outside, or panics on any bytes. It does not know roles, phases or
//! seats, and does no I/O. What people wrote is looked at for G8 alone.

mod awareness;
mod clocks;
mod deletions;
mod erasure;
mod index;
mod kept_state;
mod learn;
mod limits;
mod meter;
#[cfg(feature = "gate-off")]
pub mod off;
mod order;
mod reader;
mod refusal;
mod resolve;
mod run_list;
mod sequence;
mod state_vector;
#[cfg(test)]
mod tests;
mod texts;
mod trusted;
mod update;
mod update_parts;
mod written;

pub use awareness::{AwarenessEntry, AwarenessUpdate, write_awareness};
pub use deletions::Deletions;
pub use index::{Bindings, TextFigures, TextIndex, Work};
pub use kept_state::{KeptState, PartNumber};
pub use learn::{LearnError, Learned};
pub use limits::{GateLimits, WorkLimits};
pub use refusal::Refusal;
pub use resolve::{Resolved, ResolvedEdit};
pub use state_vector::StateVector;
pub use texts::{StatementPart, TextKey};
pub use update::TextEdit;
pub use update_parts::{CutError, UpdateParts};
