//! The end: figures, retention, and what became of an idea.

pub(super) mod idea_outcome;
pub(super) mod retention;
