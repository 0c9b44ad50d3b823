//! What of an earlier list must stay, and how far two lists differ.
//!
//! A run never deletes what a person wrote: an item that people worked on and that has no ideas of its own any more
//! stays below the line as an orphan, with where it came from.

use std::collections::{BTreeMap, BTreeSet};

use proto::api::curation::Waiting;
use proto::ids::IdeaId;
use proto::plenary::{Because, ItemFacts, PlenaryItem, Section, Status};
use proto::text::letters::is_empty;

use super::view::List;

/// The tag of an item whose ideas are in other items by now, or gone.
pub const TAG_ORPHAN: &str = "orphan";
/// The tag of an item that staff keep off the list, and that people have worked on.
pub const TAG_EXCLUDED: &str = "excluded";

/// Did people write a wording or a note for it?
#[must_use]
pub fn has_words(item: &PlenaryItem) -> bool {
    !is_empty(&item.wording) || !is_empty(&item.note)
}

/// Adds to a list the items of `before` that people worked on and that are not in it. `still` says whether an idea is
/// still on a board: the words of others are not kept.
pub fn keep_work(
    list: &mut List,
    before: &[PlenaryItem],
    excluded: &BTreeSet<IdeaId>,
    still: impl Fn(IdeaId) -> bool,
) {
    let here: BTreeSet<IdeaId> = list.items.iter().map(|(id, _)| *id).collect();
    let worked = |item: &PlenaryItem| has_words(item) || in_room(item, excluded, &still);
    for item in before.iter().filter(|item| worked(item) && !here.contains(&item.id)) {
        let tag = if excluded.contains(&item.id) { TAG_EXCLUDED } else { TAG_ORPHAN };
        let order = list.order.entry(item.facts.section).or_default();
        order.push(item.id);
        let rank = u32::try_from(order.len()).unwrap_or(u32::MAX);
        list.items.push((item.id, bereft(&item.facts, rank, tag, &still)));
    }
    list.items.sort_by_key(|(_, facts)| (facts.section, facts.status != Status::Listed, facts.number));
}

/// Did the room say anything of it, and are there still words to say it of? What staff keep off is off.
fn in_room(item: &PlenaryItem, excluded: &BTreeSet<IdeaId>, still: impl Fn(IdeaId) -> bool) -> bool {
    let has_source = item.facts.sources.iter().any(|source| still(source.idea));
    !item.responses.is_empty() && has_source && !excluded.contains(&item.id)
}

fn bereft(facts: &ItemFacts, rank: u32, tag: &str, still: impl Fn(IdeaId) -> bool) -> ItemFacts {
    let mut facts = facts.clone();
    facts.sources.retain(|source| still(source.idea));
    facts.sources.iter_mut().for_each(|source| source.votes = None);
    let anchor = facts.sources.iter().find(|source| source.idea == facts.anchor).or(facts.sources.first());
    let (text, lang) = anchor.map(|source| (source.text.clone(), source.lang.clone())).unwrap_or_default();
    if anchor.is_none() {
        facts.translations.clear();
    }
    if let Some(anchor) = anchor
        && anchor.idea != facts.anchor
    {
        facts.translations.clear();
        facts.anchor = anchor.idea;
    }
    ItemFacts {
        rank,
        number: rank,
        because: Because::default(),
        t: None,
        status: Status::Below,
        support: None,
        paid_by_group: BTreeMap::new(),
        rank_by_votes: 0,
        text,
        lang,
        more: 0,
        tags: vec![tag.to_owned()],
        ..facts
    }
}

/// What would change above the line if `after` replaced `before`.
#[must_use]
pub fn difference(before: &[(IdeaId, ItemFacts)], after: &[(IdeaId, ItemFacts)]) -> Waiting {
    let mut waiting = Waiting::default();
    for section in [Section::Challenges, Section::Recommendations, Section::Partnerships, Section::Ideas] {
        let listed = |items: &[(IdeaId, ItemFacts)]| -> Vec<IdeaId> {
            let above =
                items.iter().filter(|(_, item)| item.section == section && item.status == Status::Listed);
            above.map(|(id, _)| *id).collect()
        };
        let (old, new) = (listed(before), listed(after));
        let kept: Vec<usize> = new.iter().filter_map(|id| old.iter().position(|other| other == id)).collect();
        waiting.new += count(new.len() - kept.len());
        waiting.gone += count(old.len() - kept.len());
        waiting.moved += count(kept.len() - longest_rising(&kept));
    }
    waiting
}

/// How many can stay where they are while the others move around them.
fn longest_rising(places: &[usize]) -> usize {
    let mut ends: Vec<usize> = Vec::new();
    for &place in places {
        let at = ends.partition_point(|&end| end < place);
        match ends.get_mut(at) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    ends.len()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::plenary::{Responses, Source};
    use uuid::Uuid;

    fn id(n: u128) -> IdeaId {
        IdeaId(Uuid::from_u128(n))
    }

    fn item(n: u128, rank: u32, status: Status) -> (IdeaId, ItemFacts) {
        let source = Source {
            idea: id(n),
            group: proto::ids::GroupId(Uuid::from_u128(1)),
            text: format!("idea {n}"),
            lang: "en".to_owned(),
            votes: Some(3),
            via: "anchor".to_owned(),
        };
        let facts = ItemFacts {
            section: Section::Recommendations,
            points: Vec::new(),
            rank,
            number: rank,
            because: Because::default(),
            t: Some(1.0),
            status,
            support: Some(proto::plenary::Support::default()),
            paid_by_group: BTreeMap::new(),
            rank_by_votes: rank,
            anchor: id(n),
            text: format!("idea {n}"),
            lang: "en".to_owned(),
            translations: BTreeMap::new(),
            sources: vec![source],
            more: 0,
            tags: Vec::new(),
        };
        (id(n), facts)
    }

    fn listed(order: &[u128]) -> Vec<(IdeaId, ItemFacts)> {
        order.iter().zip(1..).map(|(&n, rank)| item(n, rank, Status::Listed)).collect()
    }

    #[test]
    fn what_waits_is_counted_as_a_person_would() {
        let difference = |a: &[u128], b: &[u128]| difference(&listed(a), &listed(b));
        assert_eq!(difference(&[1, 2, 3], &[1, 2, 3]), Waiting::default());
        assert_eq!(difference(&[1, 2, 3], &[4, 1, 2, 3]), Waiting { new: 1, moved: 0, gone: 0 });
        assert_eq!(difference(&[1, 2, 3], &[4, 3, 1, 5]), Waiting { new: 2, moved: 1, gone: 1 });
        assert_eq!(difference(&[], &[]), Waiting::default());
    }

    #[test]
    fn an_item_that_people_worked_on_stays_below_the_line_with_where_it_came_from() {
        let (first, facts) = item(1, 1, Status::Listed);
        let worked = PlenaryItem {
            id: first,
            wording: "Better".to_owned(),
            note: String::new(),
            voted: None,
            responses: Responses::default(),
            facts: facts.clone(),
        };
        let idle = PlenaryItem { id: id(9), wording: String::new(), ..worked.clone() };
        let mut list = List { items: listed(&[2]), order: BTreeMap::new() };
        list.order.insert(Section::Recommendations, vec![id(2)]);
        keep_work(&mut list, &[worked.clone(), idle.clone()], &BTreeSet::new(), |_| true);
        assert_eq!(list.order[&Section::Recommendations], [id(2), id(1)]);
        let (orphan, facts) = &list.items[1];
        assert_eq!((*orphan, facts.status, facts.rank), (id(1), Status::Below, 2));
        assert_eq!((facts.tags.as_slice(), facts.sources.len()), (&[TAG_ORPHAN.to_owned()][..], 1));
        assert_eq!((facts.t, &facts.support, facts.sources[0].votes), (None, &None, None));

        let mut again = List::default();
        keep_work(&mut again, &[worked], &BTreeSet::from([id(1)]), |_| false);
        let (_, facts) = &again.items[0];
        assert!(facts.sources.is_empty() && facts.text.is_empty(), "words that were taken back are not kept");
        assert_eq!(facts.tags, [TAG_EXCLUDED]);
    }

    #[test]
    fn an_orphan_keeps_its_support_in_the_room_while_it_has_words() {
        let (id, facts) = item(1, 1, Status::Listed);
        let responses = Responses { object: 3, ..Responses::default() };
        let item =
            PlenaryItem { id, wording: String::new(), note: String::new(), voted: None, responses, facts };
        let kept = |excluded: &[IdeaId], still: bool| {
            let mut list = List::default();
            let excluded = excluded.iter().copied().collect();
            keep_work(&mut list, std::slice::from_ref(&item), &excluded, |_| still);
            list.items.into_iter().map(|(id, facts)| (id, facts.tags)).collect::<Vec<_>>()
        };
        assert_eq!(kept(&[], true), [(id, vec![TAG_ORPHAN.to_owned()])]);
        assert!(kept(&[], false).is_empty(), "its ideas were taken back: nothing is left to be supported");
        assert!(kept(&[id], true).is_empty(), "it is kept off the list");
    }
}
