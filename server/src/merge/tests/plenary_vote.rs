//! The vote of everybody in a run: what more people approve stands first, whatever groups they are from; what was not on the paper
//! stands below.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proto::command::Kind;

use crate::merge::{Ballot, Decisions, MergeIdea, PlenaryBallot, PlenaryInput, RunInput, run};

fn idea(id: &str, group: &str) -> MergeIdea {
    MergeIdea {
        id: id.into(),
        group: group.into(),
        text: format!("words of {id} {group}"),
        lang: "en".to_owned(),
        promoted: true,
        kind: Some(Kind::Recommendation),
        point: None,
        tr: BTreeMap::new(),
    }
}

/// Four ideas of two groups; ten people of A approve `a` and `b` in their group, three of B approve `x`.
fn input() -> RunInput {
    let ballot = |seat: usize, group: &str, approves: &[&str]| Ballot {
        seat: format!("{seat:02}").into(),
        group: group.into(),
        approves: approves.iter().map(|&id| id.into()).collect(),
    };
    let of_a = (0..10).map(|seat| ballot(seat, "A", &["a", "b"]));
    let of_b = (10..13).map(|seat| ballot(seat, "B", &["x"]));
    RunInput {
        ideas: vec![idea("a", "A"), idea("b", "A"), idea("x", "B"), idea("y", "B")],
        ballots: of_a.chain(of_b).collect(),
        pairs: Some(Vec::new()),
        ..RunInput::default()
    }
}

fn vote(paper: &[(&str, &[&str])], approvals: &[&[&str]]) -> PlenaryInput {
    let entry = |(entry, ideas): &(&str, &[&str])| {
        ((*entry).into(), ideas.iter().map(|&id| id.into()).collect::<BTreeSet<_>>())
    };
    let ballot = |(seat, approves): (usize, &&[&str])| PlenaryBallot {
        seat: format!("{seat:02}").into(),
        group: "A".into(),
        approves: approves.iter().map(|&id| id.into()).collect(),
    };
    PlenaryInput {
        paper: paper.iter().map(entry).collect(),
        ballots: approvals.iter().enumerate().map(ballot).collect(),
        lot: vec![7; 32],
    }
}

fn order(input: &RunInput) -> Vec<String> {
    run(input).unwrap().items.iter().map(|item| item.anchor.to_string()).collect()
}

#[test]
fn c34_what_more_people_approve_stands_first_and_what_was_not_on_the_paper_below() {
    let paper: &[(&str, &[&str])] = &[("a", &["a"]), ("x", &["x"]), ("y", &["y"])];
    let approvals: &[&[&str]] = &[&["y", "x"], &["y", "x"], &["y"], &["a"]];
    let input = RunInput { plenary: Some(vote(paper, approvals)), ..input() };
    assert_eq!(order(&input), ["y", "x", "a", "b"]);
    let made = run(&input).unwrap();
    let seats: Vec<usize> = made.items.iter().map(|item| item.support.seats).collect();
    assert_eq!(seats, [3, 2, 1, 10], "of the last one the votes of its group");
    assert_eq!(made.items.iter().map(|item| item.rank).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[test]
fn c34_an_idea_that_became_one_with_an_entry_since_has_its_votes_each_person_once() {
    let paper: &[(&str, &[&str])] = &[("a", &["a"]), ("x", &["x"])];
    let approvals: &[&[&str]] = &[&["a", "x"], &["x"]];
    let decisions = Decisions { assign: BTreeMap::from([("x".into(), "a".into())]), ..Decisions::default() };
    let input = RunInput { plenary: Some(vote(paper, approvals)), decisions, ..input() };
    let made = run(&input).unwrap();
    assert_eq!((made.items[0].anchor.as_str(), made.items[0].support.seats), ("a", 2));
}

#[test]
fn c34_votes_on_what_is_not_there_any_more_are_forgotten() {
    let paper: &[(&str, &[&str])] = &[("a", &["a"]), ("gone", &["gone"])];
    let mut input = RunInput { plenary: Some(vote(paper, &[&["gone"], &["gone", "a"]])), ..input() };
    input.forget_missing();
    assert_eq!(order(&input)[0], "a");
    let plenary = input.plenary.unwrap();
    assert!(
        plenary.paper.len() == 1
            && plenary.ballots.iter().all(|ballot| !ballot.approves.contains(&"gone".into()))
    );
}

proptest! {
    #[test]
    fn c34_more_people_never_cost_an_entry_its_place(
        approvals in prop::collection::vec(prop::collection::btree_set(0..4_usize, 0..4), 1..12),
        at in 0..4_usize,
    ) {
        let ids = ["a", "b", "x", "y"];
        let paper: &[(&str, &[&str])] = &[("a", &["a"]), ("b", &["b"]), ("x", &["x"]), ("y", &["y"])];
        let ballots = |extra: Option<usize>| {
            let mut all: Vec<Vec<&str>> =
                approvals.iter().map(|one| one.iter().map(|at| ids[*at]).collect()).collect();
            all.extend(extra.map(|at| vec![ids[at]]));
            let all: Vec<&[&str]> = all.iter().map(Vec::as_slice).collect();
            RunInput { plenary: Some(vote(paper, &all)), ..input() }
        };
        let place = |input: &RunInput| order(input).iter().position(|id| id == ids[at]).unwrap();
        prop_assert!(place(&ballots(Some(at))) <= place(&ballots(None)));
    }
}
