//! A run as the plenary's document shows it: facts per item, and the order per section.
//!
//! While tallies are hidden nothing that counts votes leaves this function: support, payments, times and the place by
//! plain count stay behind, and so do the tags that tell of votes. The order itself is what a merge is asked for.

use std::collections::BTreeMap;

use proto::api::translations::Translation;
use proto::ids::{GroupId, IdeaId, PointId};
use proto::plenary::{Because, ItemFacts, Section, Source, Status, Support};

use crate::config::BoundLimits;
use crate::merge::output::{TAG_BEST_BY_TALLY, TAG_HELD_BACK, TAG_NO_VOTES, TAG_SHARED_CONCERN};
use crate::merge::{self, IdeaKey, Item, Run};

/// What the list shows of an idea.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceIdea {
    /// Its words when the run was made.
    pub text: String,
    /// The group's wording of it, if it was promoted.
    pub entry: Option<String>,
    /// BCP 47 tag, or empty.
    pub lang: String,
    /// Language → the same in that language.
    pub translations: BTreeMap<String, Translation>,
    /// People who approve it in its group.
    pub votes: u32,
}

/// May votes be seen?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TalliesShown {
    /// Tallies are live, or the vote is over.
    Yes,
    /// The vote is hidden and still open.
    No,
}

/// What the server writes into the plenary's document.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct List {
    /// All items: by section, listed before below, by number.
    pub items: Vec<(IdeaId, ItemFacts)>,
    /// Section → its items in the same order; only sections that have any.
    pub order: BTreeMap<Section, Vec<IdeaId>>,
}

/// A run that this consultation did not make.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ViewError {
    /// Ids of the server are UUIDs.
    #[error("{0} is not an id of this server")]
    NotAnId(String),
    /// The run has an idea whose words were not given.
    #[error("the words of the idea {0} are missing")]
    NoWords(IdeaId),
}

/// The list that a run makes.
///
/// # Errors
/// When the run names what is not an id, or an idea that is not in `ideas`.
pub fn view(
    run: &Run,
    ideas: &BTreeMap<IdeaId, SourceIdea>,
    tallies: TalliesShown,
) -> Result<List, ViewError> {
    let below: std::collections::BTreeSet<&IdeaKey> = run.below_the_line.iter().collect();
    let mut items = Vec::with_capacity(run.items.len());
    for (item, place) in run.items.iter().zip(run.places()) {
        let status = if below.contains(&item.id) { Status::Below } else { Status::Listed };
        items.push((id(&item.id)?, facts(item, place, status, ideas, tallies)?));
    }
    items.sort_by_key(|(_, facts)| (facts.section, facts.status != Status::Listed, facts.number));
    let mut order: BTreeMap<Section, Vec<IdeaId>> = BTreeMap::new();
    for (id, facts) in &items {
        order.entry(facts.section).or_default().push(*id);
    }
    Ok(List { items, order })
}

fn facts(
    item: &Item,
    place: usize,
    status: Status,
    ideas: &BTreeMap<IdeaId, SourceIdea>,
    tallies: TalliesShown,
) -> Result<ItemFacts, ViewError> {
    let words = |id: IdeaId| ideas.get(&id).ok_or(ViewError::NoWords(id));
    let anchor = id(&item.anchor)?;
    let anchor_words = words(anchor)?;
    let mut sources = Vec::with_capacity(item.members.len());
    for member in &item.members {
        let idea = id(&member.idea)?;
        let SourceIdea { text, entry: _, lang, translations: _, votes } = words(idea)?.clone();
        let (group, via) = (group(member.group.as_str())?, member.via.as_str().to_owned());
        sources.push(Source { idea, group, text, lang, votes: Some(votes), via });
    }
    let points: Result<Vec<PointId>, _> = item.points.iter().map(|point| parse(point.as_str())).collect();
    let mut facts = ItemFacts {
        section: item.section,
        points: points?,
        rank: count(place),
        number: count(item.number),
        t: item.t,
        status,
        support: Some(support(item)?),
        paid_by_group: per_group(&item.paid_by_group, |&share| share)?,
        rank_by_votes: count(item.rank_by_votes),
        because: because(&item.because),
        anchor,
        text: anchor_words.entry.as_ref().unwrap_or(&anchor_words.text).clone(),
        lang: anchor_words.lang.clone(),
        translations: anchor_words.translations.clone(),
        sources,
        more: 0,
        tags: item.tags.clone(),
    };
    match tallies {
        TalliesShown::Yes => {}
        TalliesShown::No => hide_votes(&mut facts),
    }
    Ok(facts)
}

fn because(because: &merge::Because) -> Because {
    let merge::Because { alone, most, margin, served, served_by } = because;
    Because {
        alone: alone.map(count),
        most: *most,
        margin: margin.map(count),
        served: served.map(count),
        served_by: served_by.iter().map(|&number| count(number)).collect(),
    }
}

/// Lets each item name no more sources than one value of a document may hold (rule B9), the first of them; of the others it
/// says how many they are. Gives these, each with its item.
pub fn name_few(list: &mut List, limits: &BoundLimits) -> BTreeMap<IdeaId, IdeaId> {
    let mut beyond = BTreeMap::new();
    for (id, facts) in &mut list.items {
        let mut bytes = 0_usize;
        let fits = facts.sources.iter().take(limits.sources_max).take_while(|source| {
            bytes = bytes.saturating_add(source.text.len());
            bytes <= limits.sources_bytes_max
        });
        // Its anchor is always among them.
        let named = fits.count().max(1);
        let rest = facts.sources.split_off(named.min(facts.sources.len()));
        facts.more = count(rest.len());
        beyond.extend(rest.into_iter().map(|source| (source.idea, *id)));
    }
    beyond
}

/// Takes out everything that counts votes, the order by people too. A place of 0 by plain count means: not shown.
fn hide_votes(facts: &mut ItemFacts) {
    facts.t = None;
    facts.support = None;
    facts.paid_by_group.clear();
    facts.rank_by_votes = 0;
    facts.number = facts.rank;
    facts.because = Because::default();
    for source in &mut facts.sources {
        source.votes = None;
    }
    facts.tags.retain(|tag| {
        ![TAG_NO_VOTES, TAG_SHARED_CONCERN, TAG_BEST_BY_TALLY, TAG_HELD_BACK].contains(&tag.as_str())
    });
}

fn support(item: &Item) -> Result<Support, ViewError> {
    Ok(Support {
        seats: count(item.support.seats),
        groups: count(item.support.groups),
        by_group: per_group(&item.support.by_group, |&people| count(people))?,
    })
}

fn per_group<T, U>(
    values: &BTreeMap<merge::GroupKey, T>,
    convert: impl Fn(&T) -> U,
) -> Result<BTreeMap<GroupId, U>, ViewError> {
    values.iter().map(|(key, value)| Ok((group(key.as_str())?, convert(value)))).collect()
}

fn id(key: &IdeaKey) -> Result<IdeaId, ViewError> {
    parse(key.as_str())
}

fn group(key: &str) -> Result<GroupId, ViewError> {
    parse(key)
}

fn parse<T: std::str::FromStr>(text: &str) -> Result<T, ViewError> {
    text.parse().map_err(|_| ViewError::NotAnId(text.to_owned()))
}

/// People and places are far fewer than 2^32; more than that reads as 2^32 - 1.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::{Ballot, MergeIdea, Places, RunInput, run};
    use proto::command::Kind;
    use uuid::Uuid;

    fn idea_id(n: u128) -> IdeaId {
        IdeaId(Uuid::from_u128(n))
    }

    fn group_id(n: u128) -> GroupId {
        GroupId(Uuid::from_u128(1000 + n))
    }

    /// Two recommendations and a challenge of one group, k = 1.
    fn input() -> RunInput {
        let kinds = [Kind::Recommendation, Kind::Recommendation, Kind::Challenge];
        let idea = |n: usize| MergeIdea {
            id: idea_id(n as u128).into(),
            group: group_id(0).into(),
            text: format!("idea {n}"),
            lang: "en".to_owned(),
            promoted: true,
            kind: Some(kinds[n]),
            point: Some(PointId(Uuid::from_u128(5)).into()),
            tr: BTreeMap::new(),
        };
        let ballot = |seat: &str, approves: &[u128]| Ballot {
            seat: seat.into(),
            group: group_id(0).into(),
            approves: approves.iter().map(|&n| idea_id(n).into()).collect(),
        };
        RunInput {
            k: Some(Places::Same(1)),
            ideas: (0..3).map(idea).collect(),
            ballots: vec![ballot("1", &[0, 2]), ballot("2", &[1]), ballot("3", &[1])],
            ..RunInput::default()
        }
    }

    fn words() -> BTreeMap<IdeaId, SourceIdea> {
        let words = |n| SourceIdea {
            text: format!("idea {n}"),
            entry: None,
            lang: "en".to_owned(),
            translations: BTreeMap::new(),
            votes: 1,
        };
        (0..3).map(|n| (idea_id(n), words(n))).collect()
    }

    #[test]
    fn items_come_by_section_listed_first_and_the_order_says_the_same() {
        let list = view(&run(&input()).unwrap(), &words(), TalliesShown::Yes).unwrap();
        let ids: Vec<IdeaId> = list.items.iter().map(|(id, _)| *id).collect();
        let anchors: Vec<IdeaId> = list.items.iter().map(|(_, item)| item.anchor).collect();
        assert_eq!(anchors, [idea_id(2), idea_id(1), idea_id(0)]);
        assert_eq!(list.order[&Section::Recommendations], ids[1..]);
        let (_, facts) = &list.items[1];
        assert_eq!((facts.status, facts.rank, facts.text.as_str()), (Status::Listed, 1, "idea 1"));
        assert_eq!(facts.support.as_ref().map(|support| support.by_group[&group_id(0)]), Some(2));
        assert_eq!(list.items[2].1.status, Status::Below);
    }

    #[test]
    fn while_the_vote_is_hidden_nothing_that_counts_votes_is_shown() {
        let list = view(&run(&input()).unwrap(), &words(), TalliesShown::No).unwrap();
        for (_, facts) in &list.items {
            assert_eq!((facts.t, &facts.support, facts.rank_by_votes), (None, &None, 0));
            assert!(facts.paid_by_group.is_empty());
            assert!(facts.sources.iter().all(|source| source.votes.is_none()));
        }
    }

    #[test]
    fn b9_an_item_names_few_of_very_many_sources_and_says_how_many_more_there_are() {
        let made = run(&input()).unwrap();
        let mut list = view(&made, &words(), TalliesShown::Yes).unwrap();
        let (item, facts) = &mut list.items[0];
        let (item, first) = (*item, facts.sources[0].clone());
        let source = |n: u128| Source { idea: idea_id(10 + n), text: "更".repeat(1_000), ..first.clone() };
        facts.sources = (0..10_000).map(source).collect();
        let beyond = name_few(&mut list, &BoundLimits::default());
        let facts = &list.items[0].1;
        assert_eq!(facts.sources.len() + facts.more as usize, 10_000);
        assert_eq!((facts.sources[0].idea, beyond.len()), (idea_id(10), facts.more as usize));
        assert!(beyond.values().all(|of| *of == item));
        let bytes = serde_json::to_vec(facts).unwrap().len();
        assert!(bytes <= 32 * 1024, "{bytes} bytes, one part");
        assert!(list.items[1..].iter().all(|(_, facts)| facts.more == 0 && facts.sources.len() == 1));
    }

    #[test]
    fn a_run_of_somebody_else_is_refused() {
        let made = run(&input()).unwrap();
        assert_eq!(view(&made, &BTreeMap::new(), TalliesShown::Yes), Err(ViewError::NoWords(idea_id(2))));
        let mut foreign = made;
        foreign.items[0].id = "x".into();
        assert_eq!(view(&foreign, &words(), TalliesShown::Yes), Err(ViewError::NotAnId("x".to_owned())));
    }
}
