//! Which pairs people are asked about: candidates of different entries about which nobody has decided.

use std::collections::{BTreeSet, HashMap};

use super::candidate_pair::CandidatePair;
use super::candidates::candidates;
use super::input::{GroupKey, IdeaKey, RunInput};
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

/// Clusters of a common group of which a pair of ideas may be the same, and nothing speaks against it. `of_idea` is the cluster of
/// each idea.
pub(super) fn undecided(
    input: &RunInput,
    index: &HashMap<&IdeaKey, usize>,
    of_idea: &[usize],
    pairs: &[CandidatePair],
) -> Vec<(usize, usize)> {
    let mut groups: HashMap<usize, BTreeSet<&GroupKey>> = HashMap::new();
    for (idea, &cluster) in input.ideas.iter().zip(of_idea) {
        groups.entry(cluster).or_default().insert(&idea.group);
    }
    let clusters = pairs.iter().filter(|pair| pair.mark.is_none()).filter_map(|pair| {
        let (a, b) = (of_idea[*index.get(&pair.a)?], of_idea[*index.get(&pair.b)?]);
        Some((a.min(b), a.max(b)))
    });
    let clusters: BTreeSet<(usize, usize)> = clusters.collect();
    clusters.into_iter().filter(|(a, b)| a != b && !groups[a].is_disjoint(&groups[b])).collect()
}
