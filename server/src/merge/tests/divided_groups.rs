//! A bloc of 24 people beside three groups of 20 that forms several small groups: how many of ten places it gets.
//!
//! Forty boards drawn by a seed: twelve ideas a group, the first ones more popular, five approvals a person, the best seven (or what a
//! group of so many may promote) sent to the plenary. The bloc wants the same twelve ideas in how many groups ever it sits.

use std::collections::{BTreeMap, BTreeSet};

use crate::merge::tests::rules::{ballot, idea};
use crate::merge::*;

const BOARDS: u64 = 40;
const IDEAS: usize = 12;

/// A small generator of numbers under a seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }

    /// Five of twelve, the n-th with a weight of 12 − n.
    fn approvals(&mut self) -> BTreeSet<usize> {
        let mut approved = BTreeSet::new();
        while approved.len() < 5 {
            let mut left = self.below(IDEAS * (IDEAS + 1) / 2);
            let mut at = 0;
            while left >= IDEAS - at {
                left -= IDEAS - at;
                at += 1;
            }
            approved.insert(at);
        }
        approved
    }
}

/// A board: three groups of 20 and the bloc in so many parts.
fn board(seed: u64, parts: usize) -> RunInput {
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15 ^ (seed + 1).wrapping_mul(0x2545_f491_4f6c_dd1d));
    let groups: Vec<(String, usize)> = (0..3)
        .map(|n| (format!("G{n}"), 20))
        .chain((0..parts).map(|n| (format!("bloc{n}"), 24 / parts)))
        .collect();
    let most = (30 / groups.len()).clamp(1, 7);
    let mut input = RunInput {
        k: Some(Places::Same(10)),
        lot: vec![7; 32],
        pairs: Some(Vec::new()),
        ..RunInput::default()
    };
    for (group, people) in &groups {
        let own = |at: usize| format!("{group}-{at:02}");
        let mut tally = [0usize; IDEAS];
        for person in 0..*people {
            let approved = draw.approvals();
            approved.iter().for_each(|&at| tally[at] += 1);
            let approved: Vec<String> = approved.into_iter().map(own).collect();
            let approved: Vec<&str> = approved.iter().map(String::as_str).collect();
            input.ballots.push(ballot(&format!("{group}-{person:02}"), group, &approved));
        }
        let mut best: Vec<usize> = (0..IDEAS).collect();
        best.sort_by_key(|&at| std::cmp::Reverse(tally[at]));
        for at in 0..IDEAS {
            let promoted = best[..most].contains(&at);
            let id = own(at);
            input.ideas.push(MergeIdea { promoted, ..idea(&id, group, &id) });
        }
    }
    input
}

/// Everybody votes on what was promoted; the bloc approves all that is its own, the others theirs.
fn with_plenary_vote(input: RunInput) -> RunInput {
    let side = |group: &GroupKey| {
        if group.as_str().starts_with("bloc") { "bloc".to_owned() } else { group.to_string() }
    };
    let promoted = input.ideas.iter().filter(|idea| idea.promoted);
    let mut of_side: BTreeMap<String, BTreeSet<IdeaKey>> = BTreeMap::new();
    for idea in promoted.clone() {
        of_side.entry(side(&idea.group)).or_default().insert(idea.id.clone());
    }
    let paper = promoted.map(|idea| (idea.id.clone(), BTreeSet::from([idea.id.clone()]))).collect();
    let ballots = input.ballots.iter().map(|ballot| PlenaryBallot {
        seat: ballot.seat.clone(),
        group: ballot.group.clone(),
        approves: of_side[&side(&ballot.group)].clone(),
    });
    let plenary = PlenaryInput { paper, ballots: ballots.collect(), lot: vec![9; 32] };
    RunInput { plenary: Some(plenary), ..input }
}

/// Places of the bloc, on the mean of all boards.
fn places(parts: usize, prepare: impl Fn(RunInput) -> RunInput) -> f64 {
    let of_bloc = |seed| {
        let run = run(&prepare(board(seed, parts))).unwrap();
        let listed: BTreeSet<&IdeaKey> = run.listed.iter().collect();
        let bloc =
            |item: &&Item| listed.contains(&item.id) && item.members[0].group.as_str().starts_with("bloc");
        run.items.iter().filter(bloc).count()
    };
    (0..BOARDS).map(of_bloc).sum::<usize>() as f64 / BOARDS as f64
}

#[test]
fn a_bloc_that_divides_gains_at_most_one_place_of_ten_and_none_where_everybody_votes() {
    let found = |prepare: fn(RunInput) -> RunInput| [1, 2, 3, 4, 6].map(|parts| places(parts, prepare));
    let (groups, everybody) = (found(|input| input), found(with_plenary_vote));
    println!("groups' ballots: {groups:?}; everybody's: {everybody:?}");
    assert!(groups[0] <= 3.0, "{groups:?}");
    assert!(groups[1..].iter().all(|&places| places <= 4.1), "{groups:?}");
    assert!(everybody[1..].iter().all(|&places| places <= everybody[0]), "{everybody:?}");
}
