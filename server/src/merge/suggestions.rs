//! Which pairs people are asked about: candidates of different entries about which nobody has decided.

use super::input::RunInput;
use super::joins::Joins;
use super::output::PairSuggestion;
use crate::merge::similarity::score::{SUGGESTED, Similar};

/// Suggestions that an idea takes part in, at most, unless the other idea has no better one.
const SUGGESTIONS_PER_IDEA: usize = 10;

/// Words that a suggestion names as its reason.
const SHARED_WORDS: usize = 5;

/// Pairs of different entries about which people have not decided, the most similar first.
pub(super) fn suggestions(input: &RunInput, joins: &mut Joins<'_>, similar: &Similar) -> Vec<PairSuggestion> {
    let mut pairs = similar.pairs(SUGGESTED);
    pairs.retain(|&(a, b, _)| input.ideas[a].section() == input.ideas[b].section());
    pairs.sort_by(|x, y| y.2.total_cmp(&x.2).then((x.0, x.1).cmp(&(y.0, y.1))));
    let mut taken = vec![0; input.ideas.len()];
    let mut suggestions = Vec::new();
    for (a, b, score) in pairs {
        let enough = taken[a].min(taken[b]) >= SUGGESTIONS_PER_IDEA;
        if joins.root(a) == joins.root(b) || !joins.is_open(a, b) || enough {
            continue;
        }
        taken[a] += 1;
        taken[b] += 1;
        let shared = similar.shared(a, b, SHARED_WORDS);
        suggestions.push(PairSuggestion {
            a: input.ideas[a].id.clone(),
            b: input.ideas[b].id.clone(),
            score,
            shared,
        });
    }
    suggestions
}
