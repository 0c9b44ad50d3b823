//! Numbers, reasons and the audit, by small cases and by their definitions.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::properties::consultations;
use super::rules::{anchors, ballot, idea, listed, new_item};
use crate::merge::*;

/// Three groups of ten, six and four people; three places. Group A's second wish has more people than what others get.
fn three_groups() -> RunInput {
    let mut ballots: Vec<Ballot> = (0..10).map(|n| ballot(&format!("a{n}"), "A", &["a1", "a2"])).collect();
    ballots.extend((0..6).map(|n| ballot(&format!("b{n}"), "B", &["b"])));
    ballots.extend((0..4).map(|n| ballot(&format!("c{n}"), "C", &["c"])));
    RunInput {
        k: Some(Places::Same(3)),
        weights: Weights::Person,
        ideas: [("a1", "A"), ("a2", "A"), ("b", "B"), ("c", "C")]
            .map(|(id, group)| idea(id, group, id))
            .to_vec(),
        ballots,
        ..RunInput::default()
    }
}

fn item<'a>(run: &'a Run, id: &str) -> &'a Item {
    run.items.iter().find(|item| item.anchor.as_str() == id).unwrap()
}

#[test]
fn the_rule_gives_out_the_places_and_people_number_them() {
    let run = run(&three_groups()).unwrap();
    // The rule: one of A's at 1/10, B at 1/6, A's other at 2/10; C at 1/4 comes too late.
    let by_rank: Vec<usize> = run.items.iter().map(|item| item.support.seats).collect();
    assert_eq!(by_rank, [10, 6, 10, 4]);
    let numbers: Vec<usize> = run.items.iter().map(|item| item.number).collect();
    assert_eq!(numbers, [1, 3, 2, 4]);
    assert_eq!(listed(&run)[2], "b");
    assert_eq!(run.heard[0].item, new_item("c"));
}

#[test]
fn what_people_pinned_stands_first_whoever_approves_it() {
    let mut input = three_groups();
    input.decisions.pins = vec!["c".into()];
    let run = run(&input).unwrap();
    assert_eq!((listed(&run)[0], item(&run, "c").number), ("c", 1));
    assert_eq!(item(&run, "c").because.margin, None, "people put it there");
}

#[test]
fn a_reason_says_who_has_nothing_else_and_when_the_place_is_lost() {
    let run = run(&three_groups()).unwrap();
    let b = &item(&run, "b").because;
    // At 1/6 it comes before C's 1/4, and with four people, as many as C has, the lot or the groups decide; with three it is lost.
    assert_eq!((b.alone, b.most), (Some(6), true));
    assert!(b.margin == Some(2) || b.margin == Some(3), "{b:?}");
    let a = &item(&run, listed(&run)[0]).because;
    assert_eq!((a.alone, a.most), (Some(0), true));
    let c = &item(&run, "c").because;
    assert_eq!((c.alone, c.margin, c.served, c.served_by.as_slice()), (None, None, Some(0), &[][..]));
}

#[test]
fn below_the_line_the_reason_names_what_its_people_have_already() {
    let mut input = three_groups();
    input.k = Some(Places::Same(2));
    let run = run(&input).unwrap();
    let below = item(&run, anchors(&run, &run.below_the_line)[0]);
    assert_eq!(below.support.seats, 10, "A's second wish");
    assert_eq!((below.because.served, below.because.served_by.as_slice()), (Some(10), &[1][..]));
}

#[test]
fn by_plain_count_only_the_distance_is_told() {
    let run = run(&RunInput { rule: Rule::Votes, ..three_groups() }).unwrap();
    let b = &item(&run, "b").because;
    assert_eq!((b.alone, b.most, b.served), (None, false, None));
    assert!(b.margin == Some(2) || b.margin == Some(3), "{b:?}");
}

#[test]
fn a_list_that_leaves_people_out_fails_the_audit() {
    // The largest group first: A's two wishes, and nothing for the ten others.
    let mut input = three_groups();
    input.k = Some(Places::Same(2));
    input.decisions.pins = vec!["a1".into(), "a2".into()];
    let run = run(&input).unwrap();
    let coverage = &run.audit.coverage[0];
    assert_eq!((coverage.voters, coverage.covered, coverage.greedy, coverage.enough), (20, 10, 16, false));
    assert!(!run.audit.represented);
    assert_eq!(run.audit.groups_without, ["B".into(), "C".into()]);
}

#[test]
fn the_audit_counts_heads_whatever_the_rule_weighs() {
    // A weight that gives the place to four people leaves sixteen without anything.
    let mut input = three_groups();
    input.k = Some(Places::Same(1));
    input.reference.weights.insert(input.ballots[16].seat.clone(), BallotWeight { p: 1_000_000_000, q: 1 });
    let run = run(&input).unwrap();
    assert_eq!(listed(&run), ["c"]);
    assert!(!run.audit.represented);
}

#[test]
fn a_place_that_hangs_on_one_vote_is_named() {
    let votes = |a: usize, b: usize, lot: u8| {
        let mut ballots: Vec<Ballot> = (0..a).map(|n| ballot(&format!("a{n}"), "A", &["a"])).collect();
        ballots.extend((0..b).map(|n| ballot(&format!("b{n}"), "A", &["b"])));
        let ideas = vec![idea("a", "A", "a"), idea("b", "A", "b")];
        let pairs = Some(Vec::new());
        let input = RunInput {
            k: Some(Places::Same(1)),
            ideas,
            ballots,
            pairs,
            lot: vec![lot; 32],
            ..RunInput::default()
        };
        run(&input).unwrap()
    };
    // One vote more or less makes a tie, which the lot decides.
    let hangs = |lot: u8| listed(&votes(6, 6, lot)) == ["b"];
    assert!((0..8).any(hangs) && !(0..8).all(hangs));
    for lot in 0..8 {
        let close = votes(6, 5, lot).audit;
        let named = if hangs(lot) { vec![new_item("a")] } else { Vec::new() };
        assert_eq!((close.close, close.close_tried), (named, true), "{lot}");
        assert_eq!(votes(9, 5, lot).audit.close, []);
    }
}

proptest! {
    #[test]
    fn numbers_run_from_one_in_each_part_of_a_section_by_people(input in consultations()) {
        let run = run(&input).unwrap();
        let listed: BTreeSet<&IdeaKey> = run.listed.iter().collect();
        for section in run.items.chunk_by(|a, b| a.section == b.section) {
            let mut by_number: Vec<&Item> = section.iter().collect();
            by_number.sort_by_key(|item| item.number);
            let numbers: Vec<usize> = by_number.iter().map(|item| item.number).collect();
            prop_assert_eq!(numbers, (1..=section.len()).collect::<Vec<_>>());
            for pair in by_number.windows(2) {
                let pinned = |item: &Item| item.tags.iter().any(|tag| tag == output::TAG_PINNED);
                let is_listed = |item: &Item| listed.contains(&item.id);
                let same_part = is_listed(pair[0]) == is_listed(pair[1]) && !pinned(pair[0]);
                prop_assert!(is_listed(pair[0]) || !is_listed(pair[1]));
                prop_assert!(!same_part || pair[0].support.seats >= pair[1].support.seats);
            }
        }
    }

    #[test]
    fn a_margin_is_what_the_rule_says_when_so_many_approve_it_no_more(input in consultations()) {
        let input = RunInput { decisions: Decisions::default(), ..input };
        let before = run(&input).unwrap();
        for item in before.items.iter().filter(|item| item.because.margin.is_some()) {
            // Whoever leaves, those with nothing else first: all of them leaving is certainly enough.
            let ideas: BTreeSet<&IdeaKey> = item.members.iter().map(|member| &member.idea).collect();
            let margin = item.because.margin.unwrap();
            prop_assert!(margin >= 1 && margin <= item.support.seats);
            let mut without = input.clone();
            for ballot in &mut without.ballots {
                ballot.approves.retain(|id| !ideas.contains(id));
            }
            // Who took part stays the same.
            let mut took_part = std::collections::BTreeMap::new();
            for ballot in input.ballots.iter().filter(|ballot| !ballot.approves.is_empty()) {
                *took_part.entry(ballot.group.clone()).or_insert(0) += 1;
            }
            without.took_part = took_part;
            prop_assert!(!run(&without).unwrap().listed.contains(&item.id));
        }
    }
}
