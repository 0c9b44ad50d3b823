//! Who votes in a section, and with what weight.
//!
//! Each section is a contest by itself: its candidates are the clusters with a promoted idea, its voters the people
//! who approve at least one of them, once per person. What a person weighs is the same in every section (`weights`).

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;

use proto::plenary::Section;

use crate::merge::cluster::Clusters;
use crate::merge::input::{Ballot, BallotWeight, GroupKey, IdeaKey, RunInput};
use crate::merge::lot::lot_digest;
use crate::merge::ranking::weights::GroupWeights;

/// What one section is decided by. Candidates are sorted by the static tie key: the lowest index wins ties.
#[derive(Clone)]
pub(in crate::merge) struct Contest<'a> {
    /// The groups, rising.
    pub groups: Vec<&'a GroupKey>,
    /// Candidate → cluster.
    pub candidates: Vec<usize>,
    /// Candidate → what decides when everything else is equal.
    pub ties: Vec<Tie>,
    /// Voters, in the order of their seats.
    pub voters: Vec<Voter>,
    /// Candidate → voters who approve it, rising.
    pub supporters: Vec<Vec<usize>>,
    /// Candidate → candidates of its groups that may say the same, about which nobody has decided: it has no place beside one of them.
    pub alike: Vec<Vec<usize>>,
}

/// Breaks ties between candidates that have as many groups and as many people.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::merge) struct Tie {
    /// The place in the order that reference data gives; above all else.
    given: usize,
    /// SHA-256 of the lot and the item's id.
    lot: [u8; 32],
    item: IdeaKey,
}

/// A person in a contest.
#[derive(Clone)]
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

    /// One more voter. Gives its position.
    pub fn add(&mut self, voter: Voter) -> usize {
        let position = self.voters.len();
        voter.approves.iter().for_each(|&candidate| self.supporters[candidate].push(position));
        self.voters.push(voter);
        position
    }

    /// A voter approves a candidate that it did not approve, or does not any more.
    pub fn toggle(&mut self, voter: usize, candidate: usize) {
        flip(&mut self.voters[voter].approves, candidate);
        flip(&mut self.supporters[candidate], voter);
    }

    /// The same with its candidates in the order of the static tie key: supporting groups, supporters, lot. Also old → new.
    pub fn sorted(mut self) -> (Self, Vec<usize>) {
        let groups = |candidate: usize| {
            let mut groups: Vec<usize> =
                self.supporters[candidate].iter().map(|&voter| self.voters[voter].group).collect();
            groups.sort_unstable();
            groups.dedup();
            groups.len()
        };
        let key = |candidate: usize| {
            let tie = &self.ties[candidate];
            let people = self.supporters[candidate].len();
            (tie.given, Reverse(groups(candidate)), Reverse(people), tie)
        };
        let mut keys: Vec<_> =
            (0..self.candidates.len()).map(|candidate| (key(candidate), candidate)).collect();
        keys.sort_unstable();
        let order: Vec<usize> = keys.into_iter().map(|(_, old)| old).collect();
        let mut renamed = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            renamed[old] = new;
        }
        self.candidates = order.iter().map(|&old| self.candidates[old]).collect();
        self.ties = order.iter().map(|&old| self.ties[old].clone()).collect();
        self.supporters = order.iter().map(|&old| std::mem::take(&mut self.supporters[old])).collect();
        let alike = |old: usize| self.alike[old].iter().map(|&other| renamed[other]).collect();
        self.alike = order.iter().map(|&old| alike(old)).collect();
        for voter in &mut self.voters {
            voter.approves.iter_mut().for_each(|candidate| *candidate = renamed[*candidate]);
            voter.approves.sort_unstable();
        }
        (self, renamed)
    }

    /// Is this candidate held back by one that has a place?
    pub fn is_held_back(&self, candidate: usize, has_place: &[bool]) -> bool {
        self.alike[candidate].iter().any(|&other| has_place[other])
    }

    /// Candidates by plain count, first to last.
    pub fn by_votes(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.candidates.len()).collect();
        order.sort_by_key(|&candidate| (Reverse(self.supporters[candidate].len()), candidate));
        order
    }
}

/// Puts a number into a rising row, or takes it out.
fn flip(row: &mut Vec<usize>, number: usize) {
    match row.binary_search(&number) {
        Ok(at) => drop(row.remove(at)),
        Err(at) => row.insert(at, number),
    }
}

/// The contest of one section. `approvals` are the ideas of each ballot; `eligible` says which clusters may be listed.
pub(in crate::merge) fn contest<'a>(
    input: &'a RunInput,
    approvals: &[Vec<usize>],
    clusters: &Clusters,
    section: Section,
    eligible: &[bool],
    weights: &GroupWeights<'_>,
) -> Contest<'a> {
    let candidates: Vec<usize> = (0..clusters.all.len())
        .filter(|&cluster| eligible[cluster] && clusters.all[cluster].section == section)
        .collect();
    let mut place: Vec<Option<usize>> = vec![None; clusters.all.len()];
    for (candidate, &cluster) in candidates.iter().enumerate() {
        place[cluster] = Some(candidate);
    }
    let (groups, voters) = voters(input, approvals, weights, &|idea| place[clusters.of_idea[idea]]);
    let mut supporters = vec![Vec::new(); candidates.len()];
    for (position, voter) in voters.iter().enumerate() {
        voter.approves.iter().for_each(|&candidate| supporters[candidate].push(position));
    }
    let ties = ties(input, clusters, &candidates);
    let alike = clusters.alike(&candidates, &place);
    Contest { groups, candidates, ties, voters, supporters, alike }.sorted().0
}

/// Who approves any candidate, in the order of the ballots, and the groups, by name.
fn voters<'a>(
    input: &'a RunInput,
    approvals: &[Vec<usize>],
    weights: &GroupWeights<'_>,
    candidate_of: &dyn Fn(usize) -> Option<usize>,
) -> (Vec<&'a GroupKey>, Vec<Voter>) {
    let mut groups: Vec<&GroupKey> = input.ballots.iter().map(|ballot| &ballot.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let number: HashMap<&GroupKey, usize> = groups.iter().copied().zip(0..).collect();
    let mut filled = Vec::new();
    for (ballot, approved) in input.ballots.iter().zip(approvals) {
        let mut approves: Vec<usize> = approved.iter().filter_map(|&idea| candidate_of(idea)).collect();
        approves.sort_unstable();
        approves.dedup();
        if !approves.is_empty() {
            let group = number[&ballot.group];
            filled.push((ballot, group, approves));
        }
    }
    let voter = |(ballot, group, approves): (&Ballot, usize, Vec<usize>)| {
        let own = input.reference.weights.get(&ballot.seat).copied();
        let exact_weight = own.unwrap_or(BallotWeight { p: weights.person_of(&ballot.group), q: 1 });
        let weight = exact_weight.p as f64 / exact_weight.q as f64;
        Voter { group, weight, exact_weight, approves }
    };
    let voters = filled.into_iter().map(voter).collect();
    (groups, voters)
}

/// What decides between candidates with the same number of groups and of people: the lot. With a `tie_order` in the input: that.
fn ties(input: &RunInput, clusters: &Clusters, candidates: &[usize]) -> Vec<Tie> {
    let given: HashMap<&IdeaKey, usize> =
        input.reference.tie_order.iter().enumerate().map(|(at, id)| (id, at)).collect();
    let tie = |&candidate: &usize| {
        let cluster = &clusters.all[candidate];
        let ideas = cluster.members.iter().map(|&(idea, _)| &input.ideas[idea].id);
        let given = ideas.filter_map(|id| given.get(id)).min().map_or(usize::MAX, |&at| at);
        Tie { given, lot: lot_digest(&input.lot, &cluster.id), item: cluster.id.clone() }
    };
    candidates.iter().map(tie).collect()
}
