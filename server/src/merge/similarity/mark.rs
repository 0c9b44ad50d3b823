//! What speaks against two texts being the same, for the person who is asked: the one negates, has another number, or says more.

use std::collections::BTreeSet;

use proto::api::curation::PairMark;

use super::words::ReadText;

/// The most serious one. Across languages only numbers can be compared.
pub(in crate::merge) fn mark(a: &ReadText, b: &ReadText) -> Option<PairMark> {
    let comparable = a.language == b.language;
    if comparable && (a.turns != b.turns || a.turns_a_word_of(b) || b.turns_a_word_of(a)) {
        return Some(PairMark::Negation);
    }
    if a.numbers != b.numbers {
        return Some(PairMark::Number);
    }
    let says_more =
        |more: &BTreeSet<&str>, less: &BTreeSet<&str>| more.len() > less.len() && less.is_subset(more);
    let (left, right) = (a.stems(), b.stems());
    (comparable
        && !left.is_empty()
        && !right.is_empty()
        && (says_more(&left, &right) || says_more(&right, &left)))
    .then_some(PairMark::SaysMore)
}
