//! Which pairs people are asked about: candidates of different entries about which nobody has decided.

use std::collections::HashMap;

use super::candidate_pair::CandidatePair;
use super::candidates::candidates;
use super::input::{IdeaKey, RunInput};
use super::joins::Joins;

/// The candidate pairs of different entries about which people have not decided, the most similar first. Where the input has no
/// candidates they come from the words alone.
pub(super) fn suggestions(
    input: &RunInput,
    index: &HashMap<&IdeaKey, usize>,
    joins: &mut Joins<'_>,
) -> Vec<CandidatePair> {
    let mut pairs = input.pairs.clone().unwrap_or_else(|| candidates(&input.ideas, |_| None).pairs);
    pairs.retain(|pair| match (index.get(&pair.a), index.get(&pair.b)) {
        (Some(&a), Some(&b)) => {
            let one_section = input.ideas[a].section() == input.ideas[b].section();
            one_section && joins.root(a) != joins.root(b) && joins.is_open(a, b)
        }
        _ => false,
    });
    pairs
}
