//! Why an entry stands where it stands, in sentences that can be read aloud; and nothing before votes may be seen.

use proto::plenary::{Because, ItemFacts, Status};

use super::line::Line;
use super::words::Words;
use crate::merge::output::{
    TAG_BEST_BY_TALLY, TAG_HEARD, TAG_HELD_BACK, TAG_NOT_ON_PAPER, TAG_PINNED, TAG_SHARED_CONCERN,
};
use crate::plenary::export::small_counts;
use crate::plenary::export::small_counts::Figure;

/// The sentences; none while the vote is hidden.
pub(super) fn why(words: &Words, facts: &ItemFacts) -> Option<Line> {
    let support = small_counts::support(facts)?;
    let shared = &words.shared;
    let tagged = |tag: &str| facts.tags.iter().any(|known| known == tag);
    let mut sentences = Vec::new();
    if tagged(TAG_PINNED) {
        sentences.push(shared.why_pinned.line());
    }
    match (support.seats, support.groups) {
        (Figure::Number(0), _) => sentences.push(shared.why_no_votes.line()),
        (Figure::Number(_), Figure::Number(groups)) => sentences.push(
            shared
                .why_support
                .with(&[("people", words.people(support.seats)), ("groups", words.groups(groups))]),
        ),
        (Figure::Number(_) | Figure::Some, _) => sentences.push(shared.why_some.line()),
    }
    let reason = because(words, facts);
    let marked = tagged(TAG_HELD_BACK) || tagged(TAG_NOT_ON_PAPER);
    let told = !reason.is_empty() || marked;
    sentences.extend(reason);
    if tagged(TAG_HELD_BACK) {
        sentences.push(shared.why_held_back.line());
    }
    if tagged(TAG_NOT_ON_PAPER) {
        sentences.push(shared.why_not_on_paper.line());
    }
    if tagged(TAG_HEARD) {
        sentences.push(shared.why_heard.line());
    }
    if tagged(TAG_BEST_BY_TALLY) {
        sentences.push(shared.why_best_by_tally.line());
    }
    if tagged(TAG_SHARED_CONCERN) {
        sentences.push(shared.why_shared_concern.line());
    } else if facts.status == Status::Below && !told && support.seats != Figure::Number(0) {
        sentences.push(shared.why_below.line());
    }
    Some(Line::joined(sentences, words.language.gap()))
}

/// Why it has a place or none, counted in people, and what would take its place away.
fn because(words: &Words, facts: &ItemFacts) -> Vec<Line> {
    let shared = &words.shared;
    let all = facts.support.as_ref().map_or(0, |support| support.seats);
    let Because { alone, most, margin, served, served_by } = &facts.because;
    let mut sentences = Vec::new();
    if let Some(alone) = alone.filter(|&alone| alone > 0) {
        let people = words.people(small_counts::part(alone, all));
        sentences.push(shared.why_alone.with(&[("people", people)]));
    } else if *most {
        sentences.push(shared.why_most.line());
    }
    if let Some(margin) = *margin {
        sentences.push(words.counted(&shared.why_margin, margin));
    }
    if let Some(served) = served.filter(|&served| served > 0) {
        let numbers = Line::joined(served_by.iter().copied().map(Line::number), words.own.between.text());
        let people = words.people(small_counts::part(served, all));
        sentences.push(shared.why_served.with(&[("people", people), ("numbers", numbers)]));
    }
    sentences
}
