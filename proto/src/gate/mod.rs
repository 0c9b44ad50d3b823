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
//! The rules, each with tests that name it (`G1` …):
//!
//! 1. Sizes and counts are under caps and fit the bytes; numbers are in their shortest form; nothing follows.
//! 2. Each client id is a person's, appears once, and may be used by the asking seat if it brings something new. Known
//!    clocks are dropped, a straddling struct is trimmed, the rest continues exactly; else it is a gap.
//! 3. Content is characters, a deletion or a bare `GC`; no keys, no roots.
//! 4. Origins and parent lie in one text, which is there, and the origins could have been neighbours.
//! 5. Delete ranges are well formed; known deletions are dropped; what is newly deleted lies in texts.
//! 6. Texts stay under a visible length and under a number of characters over their lives.
//! 7. The work is bounded before it is done: a frame has a budget of steps, and what is let through keeps the document
//!    cheap to load in any order (`meter`, `sequence`).
//! 8. No letter acts instead of being read ([`crate::letters::acts`]): no control but a line break and a tab, nothing that
//!    turns the order of a line around. Only what is new is looked at, so what older versions let through is still there.
//!
//! Nothing here recurses, allocates by a count from outside, or panics on any bytes. It does not know roles, phases or
//! seats, and does no I/O. What people wrote is looked at for rule 8 alone.

mod awareness;
mod clocks;
mod erasure;
mod index;
mod learn;
mod limits;
mod meter;
#[cfg(feature = "gate-off")]
pub mod off;
mod order;
mod pages;
mod parts;
mod reader;
mod refusal;
mod resolve;
mod sequence;
mod state_vector;
#[cfg(test)]
mod tests;
mod texts;
mod trusted;
mod update;
mod written;

pub use awareness::{AwarenessEntry, AwarenessUpdate, write_awareness};
pub use index::{Bindings, TextFigures, TextIndex, Work};
pub use learn::{LearnError, Learned};
pub use limits::{GateLimits, WorkLimits};
pub use parts::{CutError, UpdateParts};
pub use refusal::Refusal;
pub use resolve::{Resolved, ResolvedEdit};
pub use state_vector::StateVector;
pub use texts::{StatementPart, TextKey};
pub use update::TextEdit;
