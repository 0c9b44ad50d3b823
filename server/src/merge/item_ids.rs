//! Items keep their ids: which item of an earlier run is which cluster of this one.
//!
//! People's work hangs on an id: wording, notes, pins. Items that people worked on choose first. Each takes the
//! cluster that holds the idea it is called after, else its anchor, else the largest part of its ideas. What people
//! assigned has its id from them. An item for which nothing is left has no cluster: whoever shows the list keeps it.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use super::founders::Founders;
use super::input::{Born, IdeaKey, RunInput};
use super::lot::lot_digest;

/// A cluster without an id.
#[derive(Clone, Copy)]
pub(super) struct Unnamed<'a> {
    /// The item that people put its ideas in.
    pub label: Option<&'a IdeaKey>,
    pub ideas: &'a [usize],
}

/// Cluster → the item of an earlier run that it is. `clusters` are in an order that does not depend on arrival.
pub(super) fn claim<'a>(
    input: &'a RunInput,
    index: &HashMap<&IdeaKey, usize>,
    founders: &Founders<'_>,
    tallies: &[usize],
    clusters: &[Unnamed<'a>],
) -> Vec<Option<&'a IdeaKey>> {
    let mut of_idea = vec![usize::MAX; input.ideas.len()];
    for (cluster, unnamed) in clusters.iter().enumerate() {
        unnamed.ideas.iter().for_each(|&idea| of_idea[idea] = cluster);
    }
    let labels: BTreeSet<&IdeaKey> = clusters.iter().filter_map(|cluster| cluster.label).collect();
    let mut items: Vec<(&IdeaKey, &Born)> =
        input.born.iter().filter(|(id, _)| !labels.contains(id)).collect();
    items.sort_by_cached_key(|&(id, born)| {
        let votes = founders.founder(id).map_or(0, |idea| tallies[idea]);
        (!born.worked, born.lost, Reverse(votes), lot_digest(&input.lot, id), id)
    });
    let mut claims = vec![None; clusters.len()];
    let cluster_of = |id: &IdeaKey| index.get(id).map(|&idea| of_idea[idea]);
    for worked in [true, false] {
        let of_rank = || items.iter().filter(|(_, born)| born.worked == worked);
        let mut left = Vec::new();
        for &(id, born) in of_rank() {
            let is_free = |&cluster: &usize| clusters[cluster].label.is_none() && claims[cluster].is_none();
            let own = founders.founder(id).map(|idea| of_idea[idea]).filter(is_free);
            match own.or_else(|| born.anchor.as_ref().and_then(cluster_of).filter(is_free)) {
                Some(cluster) => claims[cluster] = Some(id),
                None => left.push((id, born)),
            }
        }
        for (id, born) in left {
            let mut shared = vec![0usize; clusters.len()];
            born.members.iter().filter_map(cluster_of).for_each(|cluster| shared[cluster] += 1);
            let open = (0..clusters.len()).filter(|&cluster| {
                shared[cluster] > 0 && clusters[cluster].label.is_none() && claims[cluster].is_none()
            });
            let largest =
                open.min_by_key(|&cluster| (Reverse(shared[cluster]), clusters[cluster].ideas.iter().min()));
            if let Some(cluster) = largest {
                claims[cluster] = Some(id);
            }
        }
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::super::{Born, IdeaKey, MergeIdea, RunInput, item_id, run};
    use crate::merge::tests::rules::{ballot, idea};

    const SAME: &str = "All schools will be fully funded";

    /// Ideas with these ids and words.
    fn input(ideas: &[(&str, &str)]) -> RunInput {
        RunInput {
            ideas: ideas.iter().map(|(id, text)| idea(id, "A", text)).collect(),
            ..RunInput::default()
        }
    }

    fn born(members: &[&str], worked: bool) -> Born {
        Born { members: members.iter().map(|&id| id.into()).collect(), worked, ..Born::default() }
    }

    /// Item → its ideas; `new x`: the item that is born with idea x.
    fn items(input: &RunInput) -> Vec<(String, Vec<String>)> {
        let new = |id: &IdeaKey| input.ideas.iter().find(|idea| item_id(&idea.id, idea.section()) == *id);
        let mut items: Vec<_> = run(input)
            .unwrap()
            .items
            .into_iter()
            .map(|item| {
                let mut members: Vec<String> =
                    item.members.into_iter().map(|member| member.idea.to_string()).collect();
                members.sort_unstable();
                (new(&item.id).map_or(item.id.to_string(), |idea| format!("new {}", idea.id)), members)
            })
            .collect();
        items.sort_unstable();
        items
    }

    fn named(item: &str, ideas: &[&str]) -> (String, Vec<String>) {
        (item.to_owned(), ideas.iter().map(|&id| id.to_owned()).collect())
    }

    #[test]
    fn of_two_items_that_become_one_the_name_with_peoples_work_stays() {
        let mut input = input(&[("a", SAME), ("b", SAME)]);
        input.ballots = (0..3).map(|n| ballot(&n.to_string(), "A", &["a"])).collect();
        input.born.insert("a".into(), born(&["a"], false));
        input.born.insert("b".into(), born(&["b"], true));
        assert_eq!(items(&input), [named("b", &["a", "b"])]);
        input.born.get_mut(&IdeaKey::from("b")).unwrap().worked = false;
        assert_eq!(items(&input), [named("a", &["a", "b"])]);
    }

    #[test]
    fn an_item_whose_anchor_has_gone_takes_the_largest_part_of_its_ideas_and_keeps_its_new_anchor() {
        let mut input = input(&[("b", SAME), ("c", SAME), ("d", "Ramps at the town hall"), ("e", "Trees")]);
        input.born.insert("a".into(), born(&["a", "b", "c", "d"], true));
        let parts = [named("a", &["b", "c"]), named("new d", &["d"]), named("new e", &["e"])];
        assert_eq!(items(&input), parts);
        input.born.get_mut(&IdeaKey::from("a")).unwrap().anchor = Some("d".into());
        assert_eq!(items(&input)[0], named("a", &["d"]));
        let anchor = |input: &RunInput| {
            let items = run(input).unwrap().items;
            items.into_iter().find(|item| item.id.as_str() == "a").unwrap().anchor.to_string()
        };
        assert_eq!(anchor(&input), "d");
        input.born.get_mut(&IdeaKey::from("a")).unwrap().anchor = Some("c".into());
        assert_eq!(anchor(&input), "c");
    }

    #[test]
    fn what_people_assigned_is_called_as_they_said_and_an_item_that_lost_all_has_no_cluster() {
        let mut input = input(&[("a", "Trees"), ("b", "Ramps")]);
        input.born.insert("a".into(), born(&["a"], true));
        input.born.insert("b".into(), born(&["b"], true));
        input.decisions.assign.insert("a".into(), "b".into());
        assert_eq!(items(&input), [named("b", &["a", "b"])]);
        // The next run knows that it was lost, and taking the decision back brings it back.
        input.born.insert("a".into(), Born { lost: true, ..born(&["a"], true) });
        input.born.insert("b".into(), born(&["a", "b"], true));
        assert_eq!(items(&input), [named("b", &["a", "b"])]);
        input.decisions.assign.clear();
        assert_eq!(items(&input), [named("a", &["a"]), named("b", &["b"])]);
    }

    #[test]
    fn an_item_that_lost_all_does_not_push_out_one_that_stands() {
        let mut input = input(&[("a", SAME), ("b", SAME)]);
        input.ballots = (0..3).map(|n| ballot(&n.to_string(), "A", &["a"])).collect();
        input.born.insert("a".into(), Born { lost: true, ..born(&["a"], true) });
        input.born.insert("b".into(), born(&["a", "b"], true));
        assert_eq!(items(&input), [named("b", &["a", "b"])]);
    }

    #[test]
    fn a_pin_on_an_item_that_has_no_ideas_any_more_is_no_mistake() {
        let mut input = input(&[("b", "Ramps")]);
        input.born.insert("a".into(), born(&["a", "z"], true));
        input.decisions.pins = vec!["a".into(), "b".into()];
        assert!(run(&RunInput { born: input.born.clone(), ..input.clone() }).is_ok());
        input.forget_missing();
        assert_eq!(input.decisions.pins, [IdeaKey::from("b")]);
    }

    #[test]
    fn a_name_is_never_given_twice() {
        // The item "a" lives on in "b"; the idea "a" is in an item of its own by words.
        let mut input = input(&[("a", "Trees"), ("b", "Ramps")]);
        input.ideas.push(MergeIdea { promoted: true, ..idea("c", "B", "Trees") });
        input.born.insert("a".into(), Born { anchor: Some("b".into()), ..born(&["b"], true) });
        let names: Vec<String> = items(&input).into_iter().map(|(id, _)| id).collect();
        assert_eq!(names, ["a", "new b"]);
    }
}
