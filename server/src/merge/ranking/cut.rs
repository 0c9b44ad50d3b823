//! What is listed, under which numbers, who is heard beside it, and what many share below the line: visibly, never silently.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use proto::plenary::Section;

use crate::merge::input::{GroupKey, IdeaKey, RunInput};
use crate::merge::output::{
    Heard, Item, TAG_HEARD, TAG_HELD_BACK, TAG_NOT_ON_PAPER, TAG_PINNED, TAG_SHARED_CONCERN, places,
};

/// The list, in three parts.
pub(in crate::merge) struct Cut {
    pub listed: Vec<IdeaKey>,
    pub heard: Vec<Heard>,
    pub below_the_line: Vec<IdeaKey>,
}

/// The smallest group that is heard in any case: fewer people could be recognised by it.
const HEARD_VOTERS_MIN: usize = 3;

/// Cuts the ranking at k per section and tags what deserves attention beside it. `items` are by section, by rank;
/// `turnout` is the number of people per group who approve anything that could be listed.
pub(in crate::merge) fn cut(
    input: &RunInput,
    items: &mut [Item],
    turnout: &BTreeMap<&GroupKey, usize>,
) -> Cut {
    let places = places(items);
    let listed = listed(input, items);
    // Where everybody voted, an entry stands beside the list for no group.
    let heard = match &input.plenary {
        None => hear_every_group(items, &places, &listed, turnout),
        Some(_) => Vec::new(),
    };
    let many = shared_by(input);
    for item in items.iter_mut() {
        if heard.iter().any(|heard| heard.item == item.id) {
            item.tags.push(TAG_HEARD.to_owned());
        }
        if !listed.contains(&item.id) && item.support.groups >= many {
            item.tags.push(TAG_SHARED_CONCERN.to_owned());
        }
        item.tags.sort_unstable();
    }
    let is_heard = |id: &IdeaKey| heard.iter().any(|heard| heard.item == *id);
    number(items, &listed);
    let mut by_number: Vec<&Item> = items.iter().collect();
    by_number.sort_by_key(|item| (item.section, item.number));
    let ids = || by_number.iter().map(|item| item.id.clone());
    let below_the_line = ids().filter(|id| !listed.contains(id) && !is_heard(id)).collect();
    let listed = ids().filter(|id| listed.contains(id)).collect();
    Cut { listed, heard, below_the_line }
}

/// The first of each section, but neither what is held back nor what was not on the paper; what people put first is listed all the same.
fn listed(input: &RunInput, items: &[Item]) -> BTreeSet<IdeaKey> {
    let mut listed = BTreeSet::new();
    for section in items.chunk_by(|a, b| a.section == b.section) {
        let may_be = |item: &&Item| !has_tag(item, TAG_HELD_BACK) && !has_tag(item, TAG_NOT_ON_PAPER);
        let pinned = section.iter().filter(|item| has_tag(item, TAG_PINNED));
        let others = section.iter().filter(|item| !has_tag(item, TAG_PINNED)).filter(may_be);
        let places = section.first().map_or(0, |item| input.places(item.section));
        listed.extend(pinned.chain(others).take(places).map(|item| item.id.clone()));
    }
    listed
}

fn has_tag(item: &Item, tag: &str) -> bool {
    item.tags.iter().any(|own| own == tag)
}

/// Numbers the items of each section. The rule gives out the places; among those that have one, the entry that more people
/// approve stands first, and so below the line. Pins come first, in the order that people set.
fn number(items: &mut [Item], listed: &BTreeSet<IdeaKey>) {
    for section in items.chunk_by_mut(|a, b| a.section == b.section) {
        let mut order: Vec<usize> = (0..section.len()).collect();
        order.sort_by_key(|&at| {
            let item = &section[at];
            let pinned = has_tag(item, TAG_PINNED);
            let people = if pinned { 0 } else { item.support.seats };
            // What was not on the paper has votes of its group alone: they are not compared with those of everybody.
            let beside = has_tag(item, TAG_NOT_ON_PAPER);
            (!listed.contains(&item.id), !pinned, beside, Reverse(people), item.rank)
        });
        for (before, at) in order.into_iter().enumerate() {
            section[at].number = before + 1;
        }
    }
}

/// The best-ranked item of every group that is large enough and supports nothing on the list.
fn hear_every_group(
    items: &[Item],
    places: &[usize],
    listed: &BTreeSet<IdeaKey>,
    turnout: &BTreeMap<&GroupKey, usize>,
) -> Vec<Heard> {
    turnout
        .iter()
        .filter(|&(_, &people)| people >= HEARD_VOTERS_MIN)
        .filter_map(|(&group, _)| {
            let of_all = || items.iter().zip(places);
            let supported = || of_all().filter(|(item, _)| item.support.by_group.contains_key(group));
            if supported().any(|(item, _)| listed.contains(&item.id)) {
                return None;
            }
            let (best, _) = supported().min_by_key(|&(item, place)| (place, precedence(item.section)))?;
            Some(Heard { group: group.clone(), item: best.id.clone() })
        })
        .collect()
}

/// Which of two equally ranked items a group would rather have on the list.
const fn precedence(section: Section) -> u8 {
    match section {
        Section::Recommendations => 0,
        Section::Challenges => 1,
        Section::Partnerships => 2,
        Section::Ideas => 3,
    }
}

/// In how many groups support makes a shared concern: a third of them, at least three.
fn shared_by(input: &RunInput) -> usize {
    let groups: BTreeSet<&GroupKey> = input
        .ideas
        .iter()
        .map(|idea| &idea.group)
        .chain(input.ballots.iter().map(|ballot| &ballot.group))
        .collect();
    groups.len().div_ceil(3).max(3)
}
