//! Who votes in a section, and with what weight.
//!
//! Each section is a contest by itself: its candidates are the clusters with a promoted idea, its voters the people
//! who approve at least one of them, once per person, counted in their home group. So weight follows turnout.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;

use proto::plenary::Section;

use super::cluster::{Clusters, lot_digest};
use super::input::{BallotWeight, GroupKey, IdeaKey, Input, Weights};

/// What one section is decided by. Candidates are sorted by the static tie key: the lowest index wins ties.
pub(super) struct Contest<'a> {
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
pub(super) struct Voter {
    /// Which of the contest's groups.
    pub group: usize,
    /// For floats.
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
pub(super) fn contest<'a>(
    input: &'a Input,
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
    let mut groups: Vec<&GroupKey> = input.ballots.iter().map(|ballot| &ballot.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let number: HashMap<&GroupKey, usize> = groups.iter().copied().zip(0..).collect();
    let mut voters = Vec::new();
    let mut given = Vec::new();
    for (ballot, approved) in input.ballots.iter().zip(approvals) {
        let mut approves: Vec<usize> =
            approved.iter().filter_map(|&idea| place[clusters.of_idea[idea]]).collect();
        approves.sort_unstable();
        approves.dedup();
        if !approves.is_empty() {
            let exact_weight = ballot.weight.unwrap_or(BallotWeight { p: 1, q: 1 });
            voters.push(Voter { group: number[&ballot.group], weight: 1.0, exact_weight, approves });
            given.push(ballot.weight);
        }
    }
    weigh(&mut voters, &given, input.weights, groups.len());
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

/// Gives every voter a weight: integers, so that no platform rounds differently; or the one that the ballot brings.
fn weigh(voters: &mut [Voter], given: &[Option<BallotWeight>], weights: Weights, groups: usize) {
    let mut turnout = vec![0u64; groups];
    for voter in voters.iter() {
        turnout[voter.group] += 1;
    }
    let of_group = |people: u64| {
        let weight = match weights {
            Weights::Sqrt => (1_000_000_000_000 / people).isqrt(),
            Weights::Person => 1_000_000,
            Weights::Group => 1_000_000 / people,
        };
        weight.max(1)
    };
    let largest = turnout.iter().copied().filter(|&people| people > 0).max();
    let cap = match weights {
        // The largest group's is the smallest weight.
        Weights::Sqrt => largest.map_or(u64::MAX, |people| 3 * of_group(people)),
        Weights::Person | Weights::Group => u64::MAX,
    };
    for (voter, given) in voters.iter_mut().zip(given) {
        voter.exact_weight =
            given.unwrap_or_else(|| BallotWeight { p: of_group(turnout[voter.group]).min(cap), q: 1 });
        voter.weight = voter.exact_weight.p as f64 / voter.exact_weight.q as f64;
    }
}

/// The static tie key: supporting groups, supporters, lot. With a `tie_order` in the input: that.
fn tie_order(input: &Input, clusters: &Clusters, candidates: &[usize], voters: &[Voter]) -> Vec<usize> {
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
