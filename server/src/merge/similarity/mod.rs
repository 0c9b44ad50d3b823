//! How alike two texts are: words, stems, negations, a score; and what is joined without asking.

pub(super) mod auto_join;
pub(super) mod lexicon;
pub(super) mod normalise;
pub(super) mod score;
pub(super) mod words;
