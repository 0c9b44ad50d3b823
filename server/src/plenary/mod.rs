//! What becomes of a run: the list that everybody sees, and the files that leave the house.
//!
//! Pure, like the merge itself. [`view`] turns a run into what the server writes in the plenary's document; [`export`]
//! turns the list, with the words that people gave it there, into files. The document itself is a room like any other.

pub mod audit;
pub mod carried_over;
pub mod export;
pub mod view;

pub use view::{List, SourceIdea, TalliesShown, ViewError, name_few, view};
