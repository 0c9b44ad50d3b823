//! Why an entry stands where it stands, in sentences that can be read aloud; and nothing before votes may be seen.

use proto::ids::GroupId;
use proto::plenary::{ItemFacts, Status};

use super::line::Line;
use super::words::Words;
use crate::merge::output::{TAG_BEST_BY_TALLY, TAG_HEARD, TAG_PINNED, TAG_SHARED_CONCERN};
use crate::plenary::export::small_counts;
use crate::plenary::export::small_counts::Figure;

/// The sentences; none while the vote is hidden.
pub(super) fn why(words: &Words, facts: &ItemFacts, name: &dyn Fn(&GroupId) -> Line) -> Option<Line> {
    let support = small_counts::support(facts)?;
    let shared = &words.shared;
    let tagged = |tag: &str| facts.tags.iter().any(|known| known == tag);
    let mut sentences = Vec::new();
    if tagged(TAG_PINNED) {
        sentences.push(shared.why_pinned.line());
    }
    sentences.extend(paid(words, facts, name));
    match (support.seats, support.groups) {
        (Figure::Number(0), _) => sentences.push(shared.why_no_votes.line()),
        (Figure::Number(_), Figure::Number(groups)) => sentences.push(
            shared
                .why_support
                .with(&[("people", words.people(support.seats)), ("groups", words.groups(groups))]),
        ),
        (Figure::Number(_) | Figure::Some, _) => sentences.push(shared.why_some.line()),
    }
    if support.seats != Figure::Number(0) && facts.rank_by_votes > 0 {
        let same = facts.rank_by_votes == facts.rank;
        let sentence = if same { &shared.why_same_count } else { &shared.why_by_count };
        sentences.push(sentence.with(&[("n", Line::number(facts.rank_by_votes))]));
    }
    if tagged(TAG_HEARD) {
        sentences.push(shared.why_heard.line());
    }
    if tagged(TAG_BEST_BY_TALLY) {
        sentences.push(shared.why_best_by_tally.line());
    }
    if tagged(TAG_SHARED_CONCERN) {
        sentences.push(shared.why_shared_concern.line());
    } else if facts.status == Status::Below && support.seats != Figure::Number(0) {
        sentences.push(shared.why_below.line());
    }
    Some(Line::joined(sentences, words.language.gap()))
}

/// Who paid. Shares that may be told come first, by size; the order of the others must not tell them.
fn paid(words: &Words, facts: &ItemFacts, name: &dyn Fn(&GroupId) -> Line) -> Option<Line> {
    let mut shares: Vec<(GroupId, Figure)> = small_counts::paid(facts).into_iter().collect();
    shares.sort_by_key(|&(group, share)| match share {
        Figure::Number(percent) => (0, std::cmp::Reverse(percent), group),
        Figure::Some => (1, std::cmp::Reverse(0), group),
    });
    if let [(group, _)] = shares.as_slice() {
        return Some(words.shared.why_paid_alone.with(&[("groups", name(group))]));
    }
    let shares = shares.iter().map(|&(group, share)| {
        words.shared.why_share.with(&[("group", name(&group)), ("share", words.percent(share))])
    });
    let groups = Line::joined(shares, words.own.between.text());
    (!groups.0.is_empty()).then(|| words.shared.why_paid.with(&[("groups", groups)]))
}
