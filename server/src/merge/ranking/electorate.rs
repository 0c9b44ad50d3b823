//! Who votes in a section, and with what weight.
//!
//! Each section is a contest by itself: its candidates are the clusters with a promoted idea, its voters the people
//! who approve at least one of them, once per person, counted in their home group. So weight follows turnout.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;

use proto::plenary::Section;

use crate::merge::cluster::Clusters;
use crate::merge::input::{Ballot, BallotWeight, GroupKey, IdeaKey, RunInput, Weights};
use crate::merge::lot::lot_digest;

/// What one section is decided by. Candidates are sorted by the static tie key: the lowest index wins ties.
pub(in crate::merge) struct Contest<'a> {
    /// The groups, rising.
    pub groups: Vec<&'a GroupKey>,
    /// Candidate → cluster.
    pub candidates: Vec<usize>,
    /// Voters, in the order of their seats.
    pub voters: Vec<Voter>,
    /// Candidate → voters who approve it, rising.
    pub supporters: Vec<Vec<usize>>,
}

/// A person in a contest.
pub(in crate::merge) struct Voter {
    /// Which of the contest's groups.
    pub group: usize,
    /// The weight as a float, for sums in which rounding does no harm.
    pub weight: f64,
    /// The same without rounding.
    pub exact_weight: BallotWeight,
    /// The candidates, rising.
    pub approves: Vec<usize>,
}

impl Contest<'_> {
    /// What voters have, added up by group in the order in which they are given.
    pub fn by_group<T: Copy + Default + AddAssign>(
        &self,
        each: impl IntoIterator<Item = (usize, T)>,
    ) -> BTreeMap<GroupKey, T> {
        let mut each: Vec<(usize, T)> =
            each.into_iter().map(|(voter, has)| (self.voters[voter].group, has)).collect();
        each.sort_by_key(|&(group, _)| group);
        let of_group = |all: &[(usize, T)]| {
            let mut sum = T::default();
            all.iter().for_each(|&(_, has)| sum += has);
            (self.groups[all[0].0].clone(), sum)
        };
        each.chunk_by(|a, b| a.0 == b.0).map(of_group).collect()
    }

    /// Candidates by plain count, first to last.
    pub fn by_votes(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.candidates.len()).collect();
        order.sort_by_key(|&candidate| (Reverse(self.supporters[candidate].len()), candidate));
        order
    }
}

/// The contest of one section. `approvals` are the ideas of each ballot; `eligible` says which clusters may be listed.
pub(in crate::merge) fn contest<'a>(
    input: &'a RunInput,
    approvals: &[Vec<usize>],
    clusters: &Clusters,
    section: Section,
    eligible: &[bool],
) -> Contest<'a> {
    let mut candidates: Vec<usize> = (0..clusters.all.len())
        .filter(|&cluster| eligible[cluster] && clusters.all[cluster].section == section)
        .collect();
    let mut place: Vec<Option<usize>> = vec![None; clusters.all.len()];
    for (candidate, &cluster) in candidates.iter().enumerate() {
        place[cluster] = Some(candidate);
    }
    let (groups, mut voters) = voters(input, approvals, &|idea| place[clusters.of_idea[idea]]);
    let order = tie_order(input, clusters, &candidates, &voters);
    let mut renamed = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        renamed[old] = new;
    }
    candidates = order.iter().map(|&old| candidates[old]).collect();
    let mut supporters = vec![Vec::new(); candidates.len()];
    for (position, voter) in voters.iter_mut().enumerate() {
        for candidate in &mut voter.approves {
            *candidate = renamed[*candidate];
            supporters[*candidate].push(position);
        }
        voter.approves.sort_unstable();
    }
    Contest { groups, candidates, voters, supporters }
}

/// Who approves any candidate, in the order of the ballots, and the groups, by name.
fn voters<'a>(
    input: &'a RunInput,
    approvals: &[Vec<usize>],
    candidate_of: &dyn Fn(usize) -> Option<usize>,
) -> (Vec<&'a GroupKey>, Vec<Voter>) {
    let mut groups: Vec<&GroupKey> = input.ballots.iter().map(|ballot| &ballot.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let number: HashMap<&GroupKey, usize> = groups.iter().copied().zip(0..).collect();
    let mut turnout = vec![0; groups.len()];
    let mut filled = Vec::new();
    for (ballot, approved) in input.ballots.iter().zip(approvals) {
        let mut approves: Vec<usize> = approved.iter().filter_map(|&idea| candidate_of(idea)).collect();
        approves.sort_unstable();
        approves.dedup();
        if !approves.is_empty() {
            let group = number[&ballot.group];
            turnout[group] += 1;
            filled.push((ballot, group, approves));
        }
    }
    let weights = group_weights(&turnout, input.weights);
    let voter = |(ballot, group, approves): (&Ballot, usize, Vec<usize>)| {
        let exact_weight = ballot.weight.unwrap_or(BallotWeight { p: weights[group], q: 1 });
        let weight = exact_weight.p as f64 / exact_weight.q as f64;
        Voter { group, weight, exact_weight, approves }
    };
    let voters = filled.into_iter().map(voter).collect();
    (groups, voters)
}

/// What a person of each group weighs, given how many of it vote: integers, so that no platform rounds differently.
fn group_weights(turnout: &[u64], weights: Weights) -> Vec<u64> {
    let of_group = |people: u64| match weights {
        Weights::Sqrt => (1_000_000_000_000 / people).isqrt().max(1),
        Weights::Person => 1_000_000,
        Weights::Group => (1_000_000 / people).max(1),
    };
    let all: Vec<u64> = turnout.iter().map(|&people| of_group(people.max(1))).collect();
    let voting = all.iter().zip(turnout).filter(|&(_, &people)| people > 0);
    let cap = match weights {
        Weights::Sqrt => voting.map(|(&weight, _)| 3 * weight).min().unwrap_or(u64::MAX),
        Weights::Person | Weights::Group => u64::MAX,
    };
    all.into_iter().map(|weight| weight.min(cap)).collect()
}

/// The static tie key: supporting groups, supporters, lot. With a `tie_order` in the input: that.
fn tie_order(input: &RunInput, clusters: &Clusters, candidates: &[usize], voters: &[Voter]) -> Vec<usize> {
    let mut people = vec![0usize; candidates.len()];
    let mut groups = vec![std::collections::BTreeSet::new(); candidates.len()];
    for voter in voters {
        for &candidate in &voter.approves {
            people[candidate] += 1;
            groups[candidate].insert(voter.group);
        }
    }
    let given: HashMap<&IdeaKey, usize> =
        input.tie_order.iter().enumerate().map(|(at, id)| (id, at)).collect();
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_cached_key(|&candidate| {
        let cluster = &clusters.all[candidates[candidate]];
        let first = cluster
            .members
            .iter()
            .filter_map(|&(idea, _)| given.get(&input.ideas[idea].id))
            .min()
            .map_or(usize::MAX, |&at| at);
        let anchor = &input.ideas[cluster.anchor].id;
        (
            first,
            Reverse(groups[candidate].len()),
            Reverse(people[candidate]),
            lot_digest(&input.lot, anchor),
            anchor.clone(),
        )
    });
    order
}
