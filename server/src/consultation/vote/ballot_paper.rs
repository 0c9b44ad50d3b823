//! The ballot paper of the plenary vote: which entries of the list everybody votes on. A pure function of the list and of the
//! groups' cards.
//!
//! With up to thirty groups each has the same number of places, for the first entries of its own card, so that a small group and a
//! large one are on it alike. An entry of several groups takes a place of each; places that are freed by this stay free. With
//! more groups it is the beginning of the list, and some groups have none.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proto::api::plenary_vote::PaperScope;
use proto::ids::{GroupId, IdeaId};
use proto::plenary::{ItemFacts, Section};
use serde::{Deserialize, Serialize};

/// Most entries on the paper: what somebody reads through on a phone while ten groups report.
pub(in crate::consultation) const ENTRIES_MAX: usize = 30;
/// Most entries of one group.
const ENTRIES_OF_GROUP_MAX: usize = 7;

/// An entry of the paper, as it was when it came onto it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct PaperEntry {
    /// The entry of the list.
    pub item: IdeaId,
    pub section: Section,
    /// The idea whose words it has.
    pub anchor: IdeaId,
    /// Its ideas, each with its group.
    pub ideas: Vec<(IdeaId, GroupId)>,
}

impl PaperEntry {
    /// Of an entry of the list.
    pub(in crate::consultation) fn of(item: IdeaId, facts: &ItemFacts) -> Self {
        let ideas = facts.sources.iter().map(|source| (source.idea, source.group)).collect();
        Self { item, section: facts.section, anchor: facts.anchor, ideas }
    }

    /// The groups that its ideas come from.
    pub(in crate::consultation) fn groups(&self) -> BTreeSet<GroupId> {
        self.ideas.iter().map(|(_, group)| *group).collect()
    }
}

/// How many entries of its own each of so many groups has on the paper.
pub(super) fn places_of_group(groups: usize) -> usize {
    ENTRIES_OF_GROUP_MAX.min(ENTRIES_MAX / groups.max(1))
}

/// The entries that everybody may vote on, if these are the list: recommendations; where no idea has a kind, all.
pub(super) fn in_scope(list: Vec<PaperEntry>, scope: PaperScope) -> Vec<PaperEntry> {
    let kinds = list.iter().any(|entry| entry.section != Section::Ideas);
    let section = if kinds { Section::Recommendations } else { Section::Ideas };
    match scope {
        PaperScope::All => list,
        PaperScope::Recommendations => list.into_iter().filter(|entry| entry.section == section).collect(),
    }
}

/// The paper: of the entries of the list, in its order, those that everybody votes on. `cards` has the groups that take part, each
/// with its promoted ideas in its own order; ideas of other groups do not bring an entry onto the paper.
pub(super) fn ballot_paper(list: &[PaperEntry], cards: &BTreeMap<GroupId, Vec<IdeaId>>) -> Vec<PaperEntry> {
    let of_these = |entry: &&PaperEntry| entry.ideas.iter().any(|(_, group)| cards.contains_key(group));
    if places_of_group(cards.len()) == 0 {
        return list.iter().filter(of_these).take(ENTRIES_MAX).cloned().collect();
    }
    let places = places_of_group(cards.len());
    let first: BTreeSet<usize> =
        cards.iter().flat_map(|(group, card)| first_of_group(list, *group, card, places)).collect();
    first.into_iter().filter_map(|at| list.get(at).cloned()).collect()
}

/// Where on the list a group's first entries are: in the order of its card, then of the list.
pub(super) fn first_of_group(
    list: &[PaperEntry],
    group: GroupId,
    card: &[IdeaId],
    places: usize,
) -> Vec<usize> {
    let on_card: HashMap<IdeaId, usize> = card.iter().enumerate().map(|(at, idea)| (*idea, at)).collect();
    let place = |entry: &PaperEntry| {
        let own = entry.ideas.iter().filter(|(_, of)| *of == group);
        own.map(|(idea, _)| on_card.get(idea).copied().unwrap_or(usize::MAX)).min()
    };
    let mut entries: Vec<(usize, usize)> =
        list.iter().enumerate().filter_map(|(at, entry)| Some((place(entry)?, at))).collect();
    entries.sort_unstable();
    entries.into_iter().take(places).map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn idea(n: u128) -> IdeaId {
        IdeaId(Uuid::from_u128(n))
    }

    fn group(n: u128) -> GroupId {
        GroupId(Uuid::from_u128(n))
    }

    /// An entry of ideas, each of a group.
    fn entry(ideas: &[(u128, u128)]) -> PaperEntry {
        let first = idea(ideas[0].0);
        let ideas = ideas.iter().map(|(id, of)| (idea(*id), group(*of))).collect();
        PaperEntry { item: first, section: Section::Recommendations, anchor: first, ideas }
    }

    /// So many groups, each with so many ideas: idea 100·g + i, in this order on the card.
    fn hall(groups: u128, ideas: u128) -> (Vec<PaperEntry>, BTreeMap<GroupId, Vec<IdeaId>>) {
        let of = |g: u128| (0..ideas).map(move |i| 100 * g + i);
        let list = (1..=groups).flat_map(|g| of(g).map(move |id| entry(&[(id, g)]))).collect();
        let cards = (1..=groups).map(|g| (group(g), of(g).map(idea).collect())).collect();
        (list, cards)
    }

    fn items(paper: &[PaperEntry]) -> Vec<u128> {
        paper.iter().map(|entry| entry.item.0.as_u128()).collect()
    }

    #[test]
    fn c34_each_group_has_its_first_entries_in_the_order_of_its_card() {
        let (list, mut cards) = hall(10, 9);
        assert_eq!(ballot_paper(&list, &cards).len(), 30, "three of each of ten groups");
        cards.insert(group(4), [8, 2, 5, 0, 1].iter().map(|i| idea(400 + i)).collect());
        let paper = ballot_paper(&list, &cards);
        let of_four: Vec<u128> = items(&paper).into_iter().filter(|id| id / 100 == 4).collect();
        assert_eq!(of_four, [402, 405, 408], "its first three, in the order of the list");
        assert_eq!(ballot_paper(&hall(2, 9).0, &hall(2, 9).1).len(), 14, "never more than seven of a group");
    }

    #[test]
    fn c34_a_combined_entry_counts_for_each_of_its_groups_and_the_place_that_it_frees_stays_free() {
        let (mut list, cards) = hall(10, 9);
        // Idea 100 of group 1 and idea 200 of group 2 are one entry.
        list[0].ideas.push((idea(200), group(2)));
        list.retain(|entry| entry.item != idea(200));
        let paper = ballot_paper(&list, &cards);
        assert_eq!(paper.len(), 29);
        let of = |g: u128| paper.iter().filter(|entry| entry.groups().contains(&group(g))).count();
        assert_eq!((of(1), of(2), of(3)), (3, 3, 3));
    }

    #[test]
    fn c34_more_than_thirty_groups_vote_on_the_beginning_of_the_list() {
        let (list, cards) = hall(31, 2);
        let paper = ballot_paper(&list, &cards);
        assert_eq!(items(&paper), items(&list[..30]));
        let (list, cards) = hall(30, 2);
        assert_eq!(ballot_paper(&list, &cards).len(), 30, "one of each");
    }

    #[test]
    fn c34_a_group_that_does_not_take_part_brings_no_entry() {
        let (list, mut cards) = hall(3, 2);
        cards.remove(&group(2));
        assert_eq!(items(&ballot_paper(&list, &cards)), [100, 101, 300, 301]);
    }

    #[test]
    fn c34_recommendations_are_voted_on_or_everything_where_no_idea_has_a_kind() {
        let with = |section, id| PaperEntry { section, ..entry(&[(id, 1)]) };
        let list =
            vec![with(Section::Challenges, 1), with(Section::Recommendations, 2), with(Section::Ideas, 3)];
        assert_eq!(items(&in_scope(list.clone(), PaperScope::Recommendations)), [2]);
        assert_eq!(items(&in_scope(list, PaperScope::All)), [1, 2, 3]);
        let plain = vec![with(Section::Ideas, 4)];
        assert_eq!(items(&in_scope(plain, PaperScope::Recommendations)), [4]);
    }
}
