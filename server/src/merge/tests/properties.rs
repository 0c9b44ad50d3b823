//! What holds for every merge: the properties of the specification.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proto::command::Kind;
use proto::plenary::Section;

use crate::merge::output::TAG_HELD_BACK;
use crate::merge::tests::rules::{ballot, idea};
use crate::merge::*;

/// Consultations with few words, so that some ideas are the same, and with every setting.
pub(in crate::merge) fn consultations() -> impl Strategy<Value = RunInput> {
    let kinds = prop_oneof![
        Just(None),
        Just(Some(Kind::Challenge)),
        Just(Some(Kind::Recommendation)),
        Just(Some(Kind::Partnership)),
    ];
    let text = prop_oneof!["[a-c]{1,2}", "(more |no |buses |schools |parks |and |for |children |2 |3 ){3,9}"];
    let idea_ = (text, 0..4u8, any::<bool>(), kinds);
    let ideas = prop::collection::vec(idea_, 1..12);
    let ballots = prop::collection::vec((0..4u8, prop::collection::btree_set(0..12usize, 0..6)), 0..24);
    let weights = prop_oneof![Just(Weights::Sqrt), Just(Weights::Person), Just(Weights::Group)];
    let people =
        (prop::collection::vec((0..12usize, 0..12usize), 0..4), prop::collection::vec(0..12usize, 0..3));
    (ideas, ballots, weights, people, 0..6usize).prop_map(|(ideas, ballots, weights, (assign, pins), k)| {
        let name = |n: usize| -> IdeaKey { format!("i{:02}", n % ideas.len()).as_str().into() };
        let mut input =
            RunInput { weights, k: Some(Places::Same(k)), lot: vec![7; 32], ..RunInput::default() };
        for (n, (text, group, promoted, kind)) in ideas.iter().enumerate() {
            let plain = idea(name(n).as_str(), &format!("G{group}"), text);
            input.ideas.push(MergeIdea { promoted: *promoted, kind: *kind, ..plain });
        }
        for (n, (group, approves)) in ballots.iter().enumerate() {
            let mut ballot = ballot(&format!("s{n:02}"), &format!("G{group}"), &[]);
            ballot.approves = approves.iter().map(|&n| name(n)).collect();
            input.ballots.push(ballot);
        }
        input.decisions.assign = assign.iter().map(|&(a, b)| (name(a), name(b))).collect();
        input.decisions.pins = pins.iter().map(|&n| name(n)).collect();
        input
    })
}

pub(in crate::merge) fn promoted(ideas: &[MergeIdea]) -> Vec<MergeIdea> {
    ideas.iter().map(|idea| MergeIdea { promoted: true, ..idea.clone() }).collect()
}

/// The items of a run as the next one knows them; some were worked on.
fn born(run: &Run, worked: u16) -> BTreeMap<IdeaKey, Born> {
    let born = |(at, item): (usize, &Item)| {
        let born = Born {
            anchor: (item.anchor != item.id).then(|| item.anchor.clone()),
            members: item.members.iter().map(|member| member.idea.clone()).collect(),
            worked: worked >> (at % 16) & 1 == 1,
            lost: false,
        };
        (item.id.clone(), born)
    };
    run.items.iter().enumerate().map(born).collect()
}

/// Was it passed over, because it may be the same as an entry with a place?
fn is_held_back(item: &Item) -> bool {
    item.tags.iter().any(|tag| tag == TAG_HELD_BACK)
}

fn bytes(input: &RunInput) -> String {
    run(input).unwrap().to_canonical_json().unwrap()
}

proptest! {
    #[test]
    fn i8_merging_twice_gives_the_same_bytes(input in consultations()) {
        prop_assert_eq!(bytes(&input), bytes(&input));
    }

    #[test]
    fn the_order_of_arrival_plays_no_part(input in consultations(), seed in any::<u64>()) {
        let mut shuffled = input.clone();
        let place = |n: usize| (seed.rotate_left(n as u32 * 7) ^ n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut order: Vec<usize> = (0..input.ideas.len()).collect();
        order.sort_by_key(|&n| place(n));
        shuffled.ideas = order.iter().map(|&n| input.ideas[n].clone()).collect();
        let mut order: Vec<usize> = (0..input.ballots.len()).collect();
        order.sort_by_key(|&n| place(n));
        shuffled.ballots = order.iter().map(|&n| input.ballots[n].clone()).collect();
        prop_assert_eq!(bytes(&input), bytes(&shuffled));
    }

    #[test]
    fn a_vote_changes_no_membership(input in consultations()) {
        let members = |input: &RunInput| -> BTreeSet<BTreeSet<IdeaKey>> {
            let everything = RunInput { ideas: promoted(&input.ideas), ..input.clone() };
            let items = run(&everything).unwrap().items;
            items.into_iter().map(|item| item.members.into_iter().map(|member| member.idea).collect()).collect()
        };
        let mut silent = input.clone();
        silent.ballots.clear();
        prop_assert_eq!(members(&input), members(&silent));
    }

    #[test]
    fn what_is_no_duplicate_is_never_joined_nor_suggested(input in consultations()) {
        let mut input = RunInput { ideas: promoted(&input.ideas), ..input };
        input.decisions.assign.clear();
        let ids: Vec<IdeaKey> = input.ideas.iter().map(|idea| idea.id.clone()).collect();
        for (n, a) in ids.iter().enumerate() {
            input.decisions.not_duplicate.extend(ids[..n].iter().map(|b| (a.clone(), b.clone())));
        }
        let run = run(&input).unwrap();
        prop_assert!(run.items.iter().all(|item| item.members.len() == 1));
        prop_assert!(run.suggestions.is_empty());
    }

    #[test]
    fn an_assignment_holds_whatever_the_words_are(input in consultations(), a in 0..12usize, b in 0..12usize) {
        let mut input = RunInput { ideas: promoted(&input.ideas), ..input };
        input.ideas.iter_mut().for_each(|idea| idea.kind = None);
        let id = |n: usize| input.ideas[n % input.ideas.len()].id.clone();
        let (a, b) = (id(a), id(b));
        input.decisions.assign.insert(b.clone(), b.clone());
        input.decisions.assign.insert(a.clone(), b.clone());
        let run = run(&input).unwrap();
        let holds = |item: &&Item| item.members.iter().any(|member| member.idea == a);
        prop_assert_eq!(&run.items.iter().find(holds).unwrap().id, &item_id(&b, Section::Ideas));
    }

    #[test]
    fn payments_sum_to_one_and_only_supporting_groups_pay(input in consultations()) {
        for item in run(&input).unwrap().items {
            let paid: f64 = item.paid_by_group.values().sum();
            match item.t {
                Some(_) => prop_assert!((paid - 1.0).abs() < 1e-9, "{}: {}", item.id, paid),
                None => prop_assert!(item.paid_by_group.is_empty() && (item.support.seats == 0 || is_held_back(&item))),
            }
            for (group, share) in &item.paid_by_group {
                prop_assert!(*share > 0.0 && item.support.by_group.contains_key(group));
            }
        }
    }

    #[test]
    fn by_equal_shares_too_each_coin_is_paid_by_supporters_and_twice_is_the_same(input in consultations()) {
        let input = RunInput { rule: Rule::EqualShares, ..input };
        prop_assert_eq!(bytes(&input), bytes(&input));
        for item in run(&input).unwrap().items {
            let paid: f64 = item.paid_by_group.values().sum();
            prop_assert_eq!(item.t.is_some(), item.support.seats > 0 && !is_held_back(&item));
            prop_assert!(item.t.is_none() || (paid - 1.0).abs() < 1e-9, "{}: {}", item.id, paid);
            for (group, share) in &item.paid_by_group {
                prop_assert!(*share > 0.0 && item.support.by_group.contains_key(group));
            }
        }
    }

    #[test]
    fn a_longer_list_begins_with_the_shorter_one(input in consultations(), k in 0..8usize) {
        let list = |k: usize| {
            let run = run(&RunInput { k: Some(Places::Same(k)), ..input.clone() }).unwrap();
            let listed: BTreeSet<IdeaKey> = run.listed.iter().cloned().collect();
            let section = |section| -> Vec<IdeaKey> {
                let of_section = run.items.iter().filter(|item| item.section == section);
                of_section.map(|item| item.id.clone()).filter(|id| listed.contains(id)).collect()
            };
            [Section::Challenges, Section::Recommendations, Section::Partnerships, Section::Ideas].map(section)
        };
        for (shorter, longer) in list(k).iter().zip(list(k + 1)) {
            prop_assert!(longer.starts_with(shorter));
        }
    }

    #[test]
    fn every_idea_is_in_at_most_one_item_and_every_item_in_one_part(input in consultations()) {
        let run = run(&input).unwrap();
        let mut ideas = BTreeSet::new();
        for member in run.items.iter().flat_map(|item| &item.members) {
            prop_assert!(ideas.insert(member.idea.clone()));
        }
        let heard: BTreeSet<IdeaKey> = run.heard.iter().map(|heard| heard.item.clone()).collect();
        prop_assert_eq!(run.listed.len() + heard.len() + run.below_the_line.len(), run.items.len());
        let names: BTreeSet<&IdeaKey> = run.items.iter().map(|item| &item.id).collect();
        prop_assert_eq!(names.len(), run.items.len());
        let ranks: Vec<usize> = run.items.iter().map(|item| item.rank).collect();
        prop_assert_eq!(ranks, (1..=run.items.len()).collect::<Vec<_>>());
        prop_assert!(run.items.is_sorted_by_key(|item| item.section));
    }

    #[test]
    fn a_withdrawn_idea_appears_nowhere(input in consultations(), which in 0..12usize) {
        let mut input = input;
        let gone = input.ideas[which % input.ideas.len()].id.clone();
        input.ideas.retain(|idea| idea.id != gone);
        // An item that people assigned to keeps its name; that is a name, and holds no words.
        input.decisions.assign.retain(|_, item| *item != gone);
        input.forget_missing();
        let quoted = format!("{:?}", gone.as_str());
        prop_assert!(!bytes(&input).contains(&quoted));
    }

    #[test]
    fn nothing_lists_more_than_k_and_the_audit_never_names_a_listed_item(input in consultations()) {
        let run = run(&input).unwrap();
        for violation in &run.audit.violations {
            prop_assert!(!run.listed.contains(&violation.item));
        }
        for (item, place) in run.items.iter().zip(run.places()) {
            let has_place = place <= input.places(item.section) && !is_held_back(item);
            prop_assert_eq!(run.listed.contains(&item.id), has_place);
        }
    }

    #[test]
    fn ids_of_untouched_components_stay_whatever_the_votes_are(input in consultations(), worked in any::<u16>()) {
        let before = run(&RunInput { ideas: promoted(&input.ideas), ..input.clone() }).unwrap();
        let mut again = RunInput { ideas: promoted(&input.ideas), born: born(&before, worked), ..input };
        again.ballots.clear();
        let names = |run: &Run| -> BTreeSet<(IdeaKey, IdeaKey, BTreeSet<IdeaKey>)> {
            let members = |item: &Item| item.members.iter().map(|member| member.idea.clone()).collect();
            run.items.iter().map(|item| (item.id.clone(), item.anchor.clone(), members(item))).collect()
        };
        prop_assert_eq!(names(&before), names(&run(&again).unwrap()));
    }

    #[test]
    fn a_source_that_goes_takes_no_name_along_as_long_as_any_is_left(
        input in consultations(), gone in 0..12usize, worked in any::<u16>()
    ) {
        let mut input = RunInput { ideas: promoted(&input.ideas), ..input };
        let before = run(&input).unwrap();
        input.born = born(&before, worked);
        let gone = input.ideas[gone % input.ideas.len()].id.clone();
        input.ideas.retain(|idea| idea.id != gone);
        input.forget_missing();
        let after = run(&input).unwrap().items;
        for (id, born) in input.born.iter().filter(|(_, born)| born.worked) {
            let holds = |item: &&Item| item.members.iter().any(|member| born.members.contains(&member.idea));
            let stays = after.iter().any(|item| item.id == *id);
            // Unless what is left of it joined an item that has work, too, or that people assigned it to.
            let taken = |item: &Item| {
                let worked = input.born.get(&item.id).is_some_and(|other| other.worked);
                worked || input.decisions.assign.values().any(|label| *label == item.id || item_id(label, item.section) == item.id)
            };
            prop_assert!(stays || after.iter().filter(holds).all(taken), "{} of {:?}", id, born.members);
        }
    }

    #[test]
    fn a_new_idea_with_words_of_its_own_changes_no_other_item(input in consultations()) {
        let input = RunInput { ideas: promoted(&input.ideas), ..input };
        let members = |input: &RunInput| -> BTreeSet<BTreeSet<IdeaKey>> {
            let items = run(input).unwrap().items;
            items.into_iter().map(|item| item.members.into_iter().map(|member| member.idea).collect()).collect()
        };
        let mut more = input.clone();
        more.ideas.push(idea("new", "G0", "Щедрые чаевые музыкантам"));
        let mut expected = members(&input);
        expected.insert(BTreeSet::from(["new".into()]));
        prop_assert_eq!(members(&more), expected);
    }

    #[test]
    fn what_people_pin_comes_first_and_what_they_exclude_is_nowhere(input in consultations(), out in 0..12usize) {
        let mut input = RunInput { ideas: promoted(&input.ideas), ..input };
        input.decisions.assign.clear();
        let out = input.ideas[out % input.ideas.len()].id.clone();
        input.decisions.exclude.insert(out.clone());
        let run = run(&input).unwrap();
        prop_assert!(run.items.iter().flat_map(|item| &item.members).all(|member| member.idea != out));
        prop_assert_eq!(run.audit.excluded.len(), 1);
        for section in run.items.chunk_by(|a, b| a.section == b.section) {
            let pinned = |item: &Item| item.tags.contains(&output::TAG_PINNED.to_owned());
            prop_assert!(section.is_sorted_by_key(|item| !pinned(item)));
        }
    }
}
