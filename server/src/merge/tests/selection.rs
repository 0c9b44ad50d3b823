//! What nobody can gain a place by: wordings of one idea, phones that do nothing, a group that is divided.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proto::api::curation::PairMark;

use super::properties::{consultations, promoted};
use crate::merge::output::{TAG_HELD_BACK, TAG_NOT_ON_PAPER};
use crate::merge::tests::rules::{ballot, idea};
use crate::merge::*;

/// The ideas whose words listed items have.
fn listed(run: &Run) -> BTreeSet<IdeaKey> {
    let listed: BTreeSet<&IdeaKey> = run.listed.iter().collect();
    run.items.iter().filter(|item| listed.contains(&item.id)).map(|item| item.anchor.clone()).collect()
}

/// Ideas of one section, each an entry, with these pairs alone.
fn with_pairs(input: &RunInput, pairs: &[(usize, usize, Option<PairMark>)]) -> RunInput {
    let mut input = RunInput { ideas: promoted(&input.ideas), ..input.clone() };
    input.ideas.iter_mut().for_each(|idea| idea.kind = None);
    input.decisions = Decisions::default();
    input.reference.grouping = Grouping::Off;
    let id = |at: usize| input.ideas[at % input.ideas.len()].id.clone();
    let pair = |&(a, b, mark): &(usize, usize, _)| CandidatePair {
        a: id(a),
        b: id(b),
        score: 0.9,
        shared: Vec::new(),
        mark,
    };
    input.pairs = Some(pairs.iter().map(pair).filter(|pair| pair.a != pair.b).collect());
    input
}

proptest! {
    #[test]
    fn a_wording_that_may_be_the_same_gains_its_group_no_place(
        input in consultations(), at in 0..12usize, rule in prop_oneof![Just(Rule::Phragmen), Just(Rule::EqualShares), Just(Rule::Votes)],
    ) {
        let one = RunInput { rule, ..with_pairs(&input, &[]) };
        let original = one.ideas[at % one.ideas.len()].clone();
        let clone = MergeIdea { id: "clone".into(), ..original.clone() };
        let mut both = one.clone();
        both.ideas.push(clone.clone());
        for ballot in both.ballots.iter_mut().filter(|ballot| ballot.approves.contains(&original.id)) {
            ballot.approves.insert(clone.id.clone());
        }
        let pair = CandidatePair { a: original.id.clone(), b: clone.id.clone(), score: 1.0, shared: Vec::new(), mark: None };
        both.pairs = Some(vec![pair]);
        let found = run(&both).unwrap();
        let named = |id: IdeaKey| if id == clone.id { original.id.clone() } else { id };
        let places: Vec<IdeaKey> = listed(&found).into_iter().map(named).collect();
        prop_assert_eq!(places.len(), places.iter().collect::<BTreeSet<_>>().len(), "one of both");
        // Where a place is drawn by lot, the second wording may draw what the first could have drawn; it gains nothing else.
        let places: BTreeSet<IdeaKey> = places.into_iter().collect();
        let mut by_its_lot = both.clone();
        by_its_lot.ideas.retain(|idea| idea.id != original.id);
        by_its_lot.ballots.iter_mut().for_each(|ballot| { ballot.approves.remove(&original.id); });
        by_its_lot.pairs = Some(Vec::new());
        let drawn: BTreeSet<IdeaKey> = listed(&run(&by_its_lot).unwrap()).into_iter().map(named).collect();
        prop_assert!(places == listed(&run(&one).unwrap()) || places == drawn, "{places:?}");
    }

    #[test]
    fn a_longer_list_begins_with_the_shorter_one_whatever_is_held_back(
        input in consultations(), pairs in prop::collection::vec((0..12usize, 0..12usize, Just(None)), 0..6), k in 0..6usize,
    ) {
        let list = |k| RunInput { k: Some(Places::Same(k)), ..with_pairs(&input, &pairs) };
        let (short, long) = (run(&list(k)).unwrap(), run(&list(k + 1)).unwrap());
        let order = |run: &Run| run.items.iter().map(|item| item.anchor.clone()).collect::<Vec<_>>();
        prop_assert_eq!(order(&short), order(&long));
        prop_assert!(listed(&short).is_subset(&listed(&long)) && short.listed.len() <= k);
    }

    #[test]
    fn phones_that_do_nothing_change_no_place(input in consultations(), idle in prop::collection::vec(0..4u8, 1..9)) {
        let mut with = input.clone();
        for (n, group) in idle.iter().enumerate() {
            with.ballots.push(ballot(&format!("idle{n}"), &format!("G{group}"), &[]));
        }
        let (one, other) = (run(&input).unwrap(), run(&with).unwrap());
        prop_assert_eq!((one.items, one.listed, one.heard), (other.items, other.listed, other.heard));
    }
}

/// Three ideas of A, one of B; everybody of A approves all of A, and less of the later ones.
fn wordings() -> RunInput {
    let ideas = [("a1", "A"), ("a2", "A"), ("a3", "A"), ("b", "B")];
    let mut input = RunInput {
        ideas: ideas.map(|(id, group)| idea(id, group, id)).to_vec(),
        k: Some(Places::Same(3)),
        ..RunInput::default()
    };
    let of_a = (0..6)
        .map(|n| ballot(&format!("a{n}"), "A", if n < 4 { &["a1", "a2", "a3"] } else { &["a1", "a2"] }));
    input.ballots = of_a.chain([ballot("b", "B", &["b"])]).collect();
    input
}

fn held_back(input: &RunInput) -> Vec<String> {
    let run = run(input).unwrap();
    let held = run.items.iter().filter(|item| item.tags.iter().any(|tag| tag == TAG_HELD_BACK));
    held.map(|item| item.anchor.to_string()).collect()
}

#[test]
fn an_entry_is_held_back_by_one_of_its_group_that_has_a_place_and_spends_nothing() {
    let input = with_pairs(&wordings(), &[(0, 1, None)]);
    let run = run(&input).unwrap();
    assert_eq!(held_back(&input).len(), 1, "the second of both to have its turn");
    let last = run.items.last().unwrap();
    assert_eq!((last.t, last.paid_by_group.len(), last.support.seats), (None, 0, 6));
    assert!(run.below_the_line.contains(&last.id) && run.listed.len() == 3);
}

#[test]
fn nothing_is_held_back_through_a_third_nor_across_groups_nor_where_a_text_says_something_else() {
    // a1 may be the same as a2, and a2 as a3: without a2, a3 has its place.
    let mut chain = with_pairs(&wordings(), &[(0, 1, None), (1, 2, None)]);
    chain.reference.tie_order = ["a1", "a2", "a3", "b"].map(IdeaKey::from).to_vec();
    assert_eq!(held_back(&chain), ["a2"]);
    assert!(held_back(&with_pairs(&wordings(), &[(0, 3, None)])).is_empty(), "another group");
    for mark in [PairMark::Negation, PairMark::Number, PairMark::SaysMore] {
        assert!(held_back(&with_pairs(&wordings(), &[(0, 1, Some(mark))])).is_empty(), "{mark:?}");
    }
    let mut decided = with_pairs(&wordings(), &[(0, 1, None)]);
    decided.decisions.not_duplicate.insert(("a1".into(), "a2".into()));
    assert!(held_back(&decided).is_empty(), "a person said that they differ");
}

#[test]
fn c34_what_was_not_on_the_paper_stands_below_the_line_marked_unless_people_put_it_first() {
    let mut input = with_pairs(&wordings(), &[]);
    let paper = ["a1", "b"].map(|id| (IdeaKey::from(id), BTreeSet::from([IdeaKey::from(id)])));
    let vote = PlenaryBallot { seat: "1".into(), group: "A".into(), approves: BTreeSet::from(["b".into()]) };
    input.plenary = Some(PlenaryInput { paper: paper.into(), ballots: vec![vote], lot: vec![7; 32] });
    let marked = |run: &Run| -> Vec<String> {
        let marked = run.items.iter().filter(|item| item.tags.iter().any(|tag| tag == TAG_NOT_ON_PAPER));
        marked.map(|item| item.anchor.to_string()).collect()
    };
    let made = run(&input).unwrap();
    assert_eq!(listed(&made), ["a1", "b"].map(IdeaKey::from).into(), "though there are three places");
    assert_eq!(marked(&made), ["a2", "a3"]);
    assert!(made.heard.is_empty(), "everybody voted");
    input.decisions.pins = vec!["a3".into()];
    input.k = Some(Places::Same(2));
    let made = run(&input).unwrap();
    assert_eq!(listed(&made), ["a3", "b"].map(IdeaKey::from).into(), "what people put first takes a place");
}

#[test]
fn a_group_that_promoted_nothing_comes_in_with_as_many_as_it_may_promote() {
    let mut input = with_pairs(&wordings(), &[]);
    input.ideas.iter_mut().filter(|idea| idea.group.as_str() == "A").for_each(|idea| idea.promoted = false);
    input.promoted_at_most = Some(2);
    let of_a = |input: &RunInput| {
        let items = run(input).unwrap().items;
        items
            .iter()
            .filter(|item| item.members[0].group.as_str() == "A")
            .map(|item| item.anchor.to_string())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(of_a(&input), ["a1", "a2"].map(str::to_owned).into());
    input.promoted_at_most = None;
    assert_eq!(of_a(&input).len(), 3, "of two groups each may promote seven");
}
