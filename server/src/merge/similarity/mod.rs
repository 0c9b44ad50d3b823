//! How alike two texts are: when they are the same, and by their words, stems and negations a score.

pub(super) mod identity;
pub(super) mod lexicon;
pub(super) mod mark;
pub(super) mod near;
pub(super) mod normalise;
pub(super) mod score;
pub(super) mod words;
