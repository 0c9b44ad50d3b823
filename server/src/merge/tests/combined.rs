//! What is one on its board is one entry of the list, unless somebody who curates the list says otherwise.

use proptest::prelude::*;

use crate::merge::tests::rules::{ballot, idea};
use crate::merge::*;

fn members(run: &Run) -> Vec<(String, Vec<(String, Via)>)> {
    let members = |item: &Item| item.members.iter().map(|m| (m.idea.to_string(), m.via)).collect();
    let mut all: Vec<_> = run.items.iter().map(|item| (item.anchor.to_string(), members(item))).collect();
    all.sort();
    all
}

fn named(id: &str, all: &[(&str, Via)]) -> (String, Vec<(String, Via)>) {
    (id.to_owned(), all.iter().map(|(id, via)| ((*id).to_owned(), *via)).collect())
}

/// Ideas with nothing in common, of one group, of which `b` and `c` are combined into `a`.
fn input() -> RunInput {
    let mut input = RunInput {
        ideas: vec![
            idea("a", "G", "teach every class how fraud works"),
            idea("b", "G", "lessons"),
            idea("c", "G", "school hours about scams"),
            idea("d", "G", "an open telephone number"),
        ],
        ballots: vec![ballot("1", "G", &["a", "b"]), ballot("2", "G", &["b"]), ballot("3", "G", &["d"])],
        ..RunInput::default()
    };
    for other in ["b", "c"] {
        input.decisions.combined.insert(other.into(), "a".into());
        input
            .ideas
            .iter_mut()
            .filter(|idea| idea.id.as_str() == other)
            .for_each(|idea| idea.promoted = false);
    }
    input
}

#[test]
fn what_is_combined_is_one_entry_with_the_words_of_the_idea_that_stands_for_it() {
    let run = run(&input()).unwrap();
    let entry = named("a", &[("a", Via::Anchor), ("b", Via::Combined), ("c", Via::Combined)]);
    assert_eq!(members(&run), [entry, named("d", &[("d", Via::Anchor)])]);
    assert_eq!(run.items[0].support.seats, 2, "once per person");
}

#[test]
fn what_a_curator_assigns_is_stronger_and_the_rest_stays_one() {
    let mut input = input();
    input.decisions.assign.insert("b".into(), "d".into());
    let found = members(&run(&input).unwrap());
    let expected = [
        named("a", &[("a", Via::Anchor), ("c", Via::Combined)]),
        named("d", &[("d", Via::Anchor), ("b", Via::Assigned)]),
    ];
    assert_eq!(found, expected);
}

#[test]
fn where_the_idea_that_stands_for_others_is_put_they_go_too() {
    let mut input = input();
    input.decisions.assign.insert("a".into(), "d".into());
    let found = members(&run(&input).unwrap());
    let entry = [("d", Via::Anchor), ("a", Via::Assigned), ("b", Via::Combined), ("c", Via::Combined)];
    assert_eq!(found, [named("d", &entry)]);
}

#[test]
fn an_idea_that_is_left_alone_is_left_by_those_that_it_stood_for() {
    let mut input = input();
    input.ideas.iter_mut().for_each(|idea| idea.promoted = true);
    input.decisions.assign.insert("a".into(), "a".into());
    let found = members(&run(&input).unwrap());
    let expected = [
        named("a", &[("a", Via::Anchor)]),
        named("b", &[("b", Via::Anchor), ("c", Via::Combined)]),
        named("d", &[("d", Via::Anchor)]),
    ];
    assert_eq!(found, expected);
}

#[test]
fn an_entry_joins_what_is_the_same_as_one_of_its_ideas_on_another_board() {
    let mut input = input();
    input.ideas.push(idea("x", "H", "School hours about scams."));
    input.ideas.push(idea("y", "H", "Teach every class how fraud works."));
    let run = run(&input).unwrap();
    let all: Vec<_> =
        run.items.iter().find(|item| item.anchor.as_str() == "a").unwrap().members.iter().collect();
    assert_eq!(all.len(), 5, "{all:?}");
}

#[test]
fn a_group_that_promoted_nothing_comes_in_with_entries_not_with_their_ideas() {
    let mut input = input();
    input.ideas.iter_mut().for_each(|idea| idea.promoted = false);
    for n in 0..6 {
        input.ideas.push(MergeIdea { promoted: false, ..idea(&format!("z{n}"), "G", &format!("thing {n}")) });
    }
    input.promoted_at_most = Some(5);
    let run = run(&input).unwrap();
    assert_eq!(run.items.len(), 5, "a and d have votes, three of the others");
    assert!(run.audit.passed_over.is_empty());
}

#[test]
fn unknown_ideas_in_a_combination_are_refused_and_forgotten() {
    let mut input = input();
    input.decisions.combined.insert("gone".into(), "a".into());
    assert!(run(&input).is_err());
    input.forget_missing();
    assert!(run(&input).is_ok());
}

proptest! {
    /// Support is who approves any member, whatever is combined with what; nothing is lost or doubled.
    #[test]
    fn every_idea_is_in_one_entry_and_every_entry_has_who_approves_any_of_it(
        links in prop::collection::btree_map(1usize..6, 0usize..6, 0..5),
        votes in prop::collection::vec(prop::collection::btree_set(0usize..6, 1..4), 1..6),
    ) {
        let name = |n: usize| format!("i{n}");
        let mut input = RunInput {
            ideas: (0..6).map(|n| idea(&name(n), "G", &format!("{n}{n}{n}"))).collect(),
            ..RunInput::default()
        };
        // Each points at a smaller one: roots only.
        let root = |mut at: usize| {
            while let Some(next) = links.get(&at).filter(|next| **next < at) { at = *next; }
            at
        };
        for n in (0..6).filter(|n| root(*n) != *n) {
            input.decisions.combined.insert(name(n).as_str().into(), name(root(n)).as_str().into());
        }
        for (seat, approved) in votes.iter().enumerate() {
            let approved: Vec<String> = approved.iter().map(|n| name(*n)).collect();
            let approved: Vec<&str> = approved.iter().map(String::as_str).collect();
            input.ballots.push(ballot(&seat.to_string(), "G", &approved));
        }
        let run = run(&input).unwrap();
        let mut seen: Vec<String> =
            run.items.iter().flat_map(|item| item.members.iter().map(|m| m.idea.to_string())).collect();
        seen.sort();
        prop_assert_eq!(seen, (0..6).map(name).collect::<Vec<_>>());
        for item in &run.items {
            let ideas: Vec<usize> = (0..6).filter(|n| item.members.iter().any(|m| m.idea.as_str() == name(*n))).collect();
            prop_assert!(ideas.iter().all(|n| root(*n) == root(ideas[0])));
            let voters = votes.iter().filter(|approved| ideas.iter().any(|n| approved.contains(n))).count();
            prop_assert_eq!(item.support.seats, voters);
        }
    }
}
