//! The audit is its definition, and a new idea touches only what it is like: further properties of the specification.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::properties::{consultations, promoted};
use crate::merge::tests::rules::idea;
use crate::merge::*;

/// The places that people who approve an unlisted item are owed, by the definition of EJR+, person by person: for each
/// unlisted item and each l up to k, do those who approve it and fewer than l listed items make l of k of all? Whole
/// numbers: heads are counted, whatever people weigh.
fn owed(input: &RunInput, run: &Run, k: usize) -> BTreeMap<IdeaKey, usize> {
    let item_of: BTreeMap<&IdeaKey, &IdeaKey> = run
        .items
        .iter()
        .flat_map(|item| item.members.iter().map(|member| (&member.idea, &item.id)))
        .collect();
    let ballots: Vec<BTreeSet<&IdeaKey>> = input
        .ballots
        .iter()
        .map(|ballot| ballot.approves.iter().filter_map(|idea| item_of.get(idea).copied()).collect())
        .filter(|ballot: &BTreeSet<&IdeaKey>| !ballot.is_empty())
        .collect();
    let listed: BTreeSet<&IdeaKey> = run.listed.iter().collect();
    let mut owed = BTreeMap::new();
    for item in run.items.iter().map(|item| &item.id).filter(|id| !listed.contains(id)) {
        for l in 1..=k {
            let few = |ballot: &&BTreeSet<&IdeaKey>| ballot.intersection(&listed).count() < l;
            let people = ballots.iter().filter(|ballot| ballot.contains(item)).filter(few).count();
            if people > 0 && people * k >= l * ballots.len() {
                owed.insert(item.clone(), l);
            }
        }
    }
    owed
}

proptest! {
    #[test]
    fn the_audit_finds_what_its_definition_says_and_nothing_else(
        input in consultations(), k in 1..6usize, by_count in any::<bool>(),
    ) {
        let mut input = RunInput { k: Some(Places::Same(k)), ..input };
        input.ideas.iter_mut().for_each(|idea| idea.kind = None);
        input.decisions.assign.clear();
        if by_count {
            input.rule = Rule::Votes;
        }
        let run = run(&input).unwrap();
        let found: BTreeMap<IdeaKey, usize> =
            run.audit.violations.iter().map(|found| (found.item.clone(), found.places)).collect();
        prop_assert_eq!(&found, &owed(&input, &run, k));
        let enough = run.audit.coverage.iter().all(|section| section.enough);
        prop_assert_eq!(run.audit.represented, found.is_empty() && enough);
        for violation in &run.audit.violations {
            prop_assert_eq!(violation.by_group.values().sum::<usize>(), violation.seats);
        }
    }

    #[test]
    fn a_new_idea_joins_or_parts_only_what_shares_a_word_with_it(
        input in consultations(),
        text in "(more |no |buses |schools |parks |and |for |children |2 |3 ){1,9}",
    ) {
        let input = RunInput { ideas: promoted(&input.ideas), ..input };
        let members = |input: &RunInput| -> BTreeSet<BTreeSet<IdeaKey>> {
            let items = run(input).unwrap().items;
            items.into_iter().map(|item| item.members.into_iter().map(|member| member.idea).collect()).collect()
        };
        let mut more = input.clone();
        more.ideas.push(idea("new", "G0", &text));
        let (before, after) = (members(&input), members(&more));
        let words = |text: &str| -> BTreeSet<String> { text.split_whitespace().map(str::to_owned).collect() };
        let touched = |ideas: &BTreeSet<IdeaKey>| {
            let of_all = input.ideas.iter().filter(|idea| ideas.contains(&idea.id));
            of_all.into_iter().any(|idea| !words(&idea.text).is_disjoint(&words(&text)))
        };
        for item in before.iter().filter(|item| !touched(item)) {
            prop_assert!(after.contains(item), "{item:?} shares no word with {text:?}");
        }
    }
}
