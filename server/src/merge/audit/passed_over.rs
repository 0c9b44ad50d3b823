//! Ideas that a group's moderator did not promote although people of the group want them more than what was promoted.

use std::collections::BTreeMap;

use crate::merge::input::{GroupKey, RunInput};
use crate::merge::output::PassedOverIdea;

/// Unpromoted ideas with more votes than the promoted idea of their group that has the fewest.
pub(in crate::merge) fn passed_over(input: &RunInput, tallies: &[usize]) -> Vec<PassedOverIdea> {
    let mut weakest: BTreeMap<&GroupKey, usize> = BTreeMap::new();
    for (position, idea) in input.ideas.iter().enumerate().filter(|(_, idea)| idea.promoted) {
        let weakest = weakest.entry(&idea.group).or_insert(position);
        if tallies[position] < tallies[*weakest] {
            *weakest = position;
        }
    }
    input
        .ideas
        .iter()
        .enumerate()
        .filter(|(_, idea)| !idea.promoted && !input.decisions.combined.contains_key(&idea.id))
        .filter_map(|(position, idea)| {
            let than = *weakest.get(&idea.group)?;
            (tallies[position] > tallies[than]).then(|| PassedOverIdea {
                idea: idea.id.clone(),
                group: idea.group.clone(),
                votes: tallies[position],
                than: input.ideas[than].id.clone(),
                than_votes: tallies[than],
            })
        })
        .collect()
}
