//! The plenary vote in a run: entries of the ballot paper stand before the others of their section, those that more people approve
//! first; every person weighs the same.
//!
//! Ballots name entries; what is counted is who approves any idea of an entry of the run. So the result does not depend on how a run
//! calls its entries, and ideas that became one with an entry of the paper since have its votes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proto::plenary::Section;

use super::electorate::{Contest, contest};
use super::weights::GroupWeights;
use crate::merge::cluster::Clusters;
use crate::merge::input::{Ballot, IdeaKey, PlenaryBallot, Reference, RunInput, Weights};

/// The vote over the clusters of a run.
pub(in crate::merge) struct PlenaryVote {
    /// The run's input with the ballots of this vote, each person weighing the same.
    input: RunInput,
    /// Ballot → ideas of the entries that it approves.
    approvals: Vec<Vec<usize>>,
    /// Cluster → is it on the paper?
    on_paper: Vec<bool>,
}

impl PlenaryVote {
    /// Of a run's input, if such a vote was held.
    pub(in crate::merge) fn of(
        input: &RunInput,
        index: &HashMap<&IdeaKey, usize>,
        clusters: &Clusters,
    ) -> Option<Self> {
        let plenary = input.plenary.as_ref()?;
        let ideas_of = |entry: &IdeaKey| plenary.paper.get(entry).into_iter().flatten();
        let mut on_paper = vec![false; clusters.all.len()];
        for idea in plenary.paper.values().flatten().filter_map(|idea| index.get(idea)) {
            on_paper[clusters.of_idea[*idea]] = true;
        }
        let approved = |ballot: &PlenaryBallot| {
            ballot.approves.iter().flat_map(ideas_of).filter_map(|idea| index.get(idea).copied()).collect()
        };
        let approvals = plenary.ballots.iter().map(approved).collect();
        let ballot = |ballot: &PlenaryBallot| Ballot {
            seat: ballot.seat.clone(),
            group: ballot.group.clone(),
            approves: BTreeSet::new(),
        };
        let ballots = plenary.ballots.iter().map(ballot).collect();
        let reference = Reference { weights: BTreeMap::new(), ..input.reference.clone() };
        let mut input = RunInput { ballots, reference, plenary: None, ..input.clone() };
        (input.weights, input.lot) = (Weights::Person, plenary.lot.clone());
        Some(Self { input, approvals, on_paper })
    }

    /// The contest of a section that was on the paper, decided by this vote; none of another section.
    pub(in crate::merge) fn contest(
        &self,
        clusters: &Clusters,
        section: Section,
        eligible: &[bool],
    ) -> Option<Contest<'_>> {
        let on_paper: Vec<bool> =
            eligible.iter().zip(&self.on_paper).map(|(eligible, on_paper)| *eligible && *on_paper).collect();
        let here = (0..on_paper.len()).any(|at| on_paper[at] && clusters.all[at].section == section);
        let weights = GroupWeights::of(&self.input);
        here.then(|| contest(&self.input, &self.approvals, clusters, section, &on_paper, &weights))
    }

    /// The clusters that were not on the paper, of those that may be listed.
    pub(in crate::merge) fn others(&self, eligible: &[bool]) -> Vec<bool> {
        eligible.iter().zip(&self.on_paper).map(|(eligible, on_paper)| *eligible && !*on_paper).collect()
    }
}
