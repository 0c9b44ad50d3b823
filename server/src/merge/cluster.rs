//! Near-duplicates become one entry: what people assigned first, then what is certainly the same.
//!
//! Precedence: `assign`, then `combined` (what is one on its board), then `not_duplicate`, then the automatic grouping. Clusters never cross sections. What is
//! identical after [`normalise`] is joined first; then what [`auto_join`] finds beyond doubt. Votes play no part in it.
//!
//! An idea that was assigned to itself, or to a name that is no idea's, was taken apart by a person: nothing joins it
//! automatically.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proto::plenary::Section;

use super::input::{Decisions, Grouping, IdeaKey, RunInput};
use super::item_ids::{Unnamed, claim};
use super::lot::lot_digest;
use super::output::{PairSuggestion, Via};
use crate::merge::similarity::auto_join;
use crate::merge::similarity::normalise::normalise;
use crate::merge::similarity::score::Similar;

/// One or several ideas that are one entry.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Cluster {
    /// The item's id.
    pub id: IdeaKey,
    pub section: Section,
    /// The idea whose words it has.
    pub anchor: usize,
    /// The anchor first, then by id.
    pub members: Vec<(usize, Via)>,
}

/// All ideas, each in one cluster.
pub(super) struct Clusters {
    pub all: Vec<Cluster>,
    /// Idea → cluster.
    pub of_idea: Vec<usize>,
    /// Assignments across sections, which have no effect.
    pub assign_ignored: Vec<IdeaKey>,
    /// Pairs of different clusters that may be the same.
    pub suggestions: Vec<PairSuggestion>,
}

impl Clusters {
    /// The cluster that an id means: the item of that name, else the one that holds the idea of that name.
    pub fn named(&self, id: &IdeaKey, index: &HashMap<&IdeaKey, usize>) -> Option<usize> {
        self.all
            .iter()
            .position(|cluster| cluster.id == *id)
            .or_else(|| index.get(id).map(|&i| self.of_idea[i]))
    }
}

/// Groups the ideas of a sorted input. `tallies` are the votes per idea.
pub(super) fn cluster(input: &RunInput, index: &HashMap<&IdeaKey, usize>, tallies: &[usize]) -> Clusters {
    let assigned = Assigned::read(input, index);
    let mut groups: Vec<Group> = Vec::new();
    let mut of_label: BTreeMap<&IdeaKey, usize> = BTreeMap::new();
    for (idea, label) in assigned.labels.iter().enumerate() {
        let Some(label) = *label else { continue };
        let group = *of_label.entry(label).or_insert_with(|| {
            groups.push(Group { label: Some(label), ideas: Vec::new() });
            groups.len() - 1
        });
        groups[group].ideas.push(idea);
    }
    let words = words(input);
    group_identical(input, &assigned, &words, &mut groups);
    let similar = Similar::new(&input.ideas);
    let mut pairs = similar.pairs(auto_join::SUGGESTED);
    pairs.retain(|&(a, b, _)| input.ideas[a].section() == input.ideas[b].section());
    group_similar(input, &assigned, &similar, &pairs, &mut groups);
    let mut of_idea = vec![0; input.ideas.len()];
    let unnamed: Vec<Unnamed<'_>> =
        groups.iter().map(|group| Unnamed { label: group.label, ideas: &group.ideas }).collect();
    let claims = claim(input, index, tallies, &unnamed);
    let naming = Naming { input, tallies, words: &words };
    let named = groups.iter().zip(claims);
    let mut all: Vec<Cluster> =
        named.map(|(group, claimed)| naming.cluster(group, claimed, &assigned)).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    for (position, cluster) in all.iter().enumerate() {
        for (idea, _) in &cluster.members {
            of_idea[*idea] = position;
        }
    }
    let suggestions = suggestions(input, &assigned, &similar, pairs, &of_idea);
    Clusters { all, of_idea, assign_ignored: assigned.ignored, suggestions }
}

/// The words by which ideas are identical.
fn words(input: &RunInput) -> Vec<String> {
    match input.grouping {
        Grouping::Auto => input.ideas.iter().map(|idea| normalise(&idea.text)).collect(),
        Grouping::Off => vec![String::new(); input.ideas.len()],
    }
}

/// A cluster while it is being made.
struct Group<'a> {
    label: Option<&'a IdeaKey>,
    ideas: Vec<usize>,
}

/// What `assign` says, idea by idea.
struct Assigned<'a> {
    /// The item that a person put the idea in, or whose anchor it is.
    labels: Vec<Option<&'a IdeaKey>>,
    /// Items that nothing joins automatically.
    closed: BTreeSet<&'a IdeaKey>,
    ignored: Vec<IdeaKey>,
    /// Ideas that nobody assigned and that follow another one of their board.
    combined: Vec<Option<usize>>,
}

/// Which idea each follows that is combined with others on its board and that nobody assigned. Where that one was put by a
/// person they are put, too, unless it is left alone: then they are one without it.
fn units(
    input: &RunInput,
    index: &HashMap<&IdeaKey, usize>,
    labels: &mut [Option<&IdeaKey>],
) -> Vec<Option<usize>> {
    let mut follows = vec![None; input.ideas.len()];
    let mut heads: BTreeMap<usize, usize> = BTreeMap::new();
    for (idea, root) in &input.decisions.combined {
        let (Some(&idea), Some(&root)) = (index.get(idea), index.get(root)) else { continue };
        if labels[idea].is_some() || input.ideas[idea].section() != input.ideas[root].section() {
            continue;
        }
        let alone = input.decisions.assign.get(&input.ideas[root].id) == Some(&input.ideas[root].id);
        let head = if alone { *heads.entry(root).or_insert(idea) } else { root };
        if head != idea {
            follows[idea] = Some(head);
            labels[idea] = labels[head];
        }
    }
    follows
}

impl<'a> Assigned<'a> {
    fn read(input: &'a RunInput, index: &HashMap<&IdeaKey, usize>) -> Self {
        let mut labels = vec![None; input.ideas.len()];
        let mut closed = BTreeSet::new();
        let mut ignored = Vec::new();
        let mut sections: BTreeMap<&IdeaKey, Section> = BTreeMap::new();
        for (idea, item) in &input.decisions.assign {
            let Some(&position) = index.get(idea) else { continue };
            let own = input.ideas[position].section();
            let section = *sections
                .entry(item)
                .or_insert_with(|| index.get(item).map_or(own, |&i| input.ideas[i].section()));
            if section != own {
                ignored.push(idea.clone());
                continue;
            }
            labels[position] = Some(item);
            if idea == item || !index.contains_key(item) {
                closed.insert(item);
            }
        }
        // The idea that an item is called after belongs to it, unless a person put it elsewhere.
        let targets: BTreeSet<&IdeaKey> = labels.iter().flatten().copied().collect();
        for item in targets {
            if let Some(&position) = index.get(item) {
                labels[position].get_or_insert(item);
            }
        }
        let combined = units(input, index, &mut labels);
        Self { labels, closed, ignored, combined }
    }
}

impl Assigned<'_> {
    /// The ideas that nobody assigned, each with those that follow it.
    fn units(&self) -> Vec<Vec<usize>> {
        let mut units: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for idea in (0..self.labels.len()).filter(|&idea| self.labels[idea].is_none()) {
            match self.combined[idea] {
                Some(head) => units.entry(head).or_default().push(idea),
                None => units.entry(idea).or_default().insert(0, idea),
            }
        }
        units.into_values().collect()
    }
}

/// Adds the ideas that nobody assigned: each to the first group with the same words, else to one of its own.
fn group_identical<'a>(
    input: &'a RunInput,
    assigned: &Assigned<'a>,
    words: &[String],
    groups: &mut Vec<Group<'a>>,
) {
    let mut alike: HashMap<(Section, &str), Vec<usize>> = HashMap::new();
    for (position, group) in groups.iter().enumerate() {
        if group.label.is_some_and(|label| assigned.closed.contains(label)) {
            continue;
        }
        for &idea in &group.ideas {
            let known = alike.entry((input.ideas[idea].section(), words[idea].as_str())).or_default();
            if !known.contains(&position) {
                known.push(position);
            }
        }
    }
    for unit in assigned.units() {
        let key = |&idea: &usize| (input.ideas[idea].section(), words[idea].as_str());
        let same =
            unit.iter().filter(|&&idea| !words[idea].is_empty()).filter_map(|idea| alike.get(&key(idea)));
        let may_join = |group: &usize| {
            unit.iter().all(|&idea| may_join(&input.decisions, input, idea, &groups[*group].ideas))
        };
        let home = same.flatten().copied().find(may_join);
        let home = home.unwrap_or_else(|| {
            groups.push(Group { label: None, ideas: Vec::new() });
            groups.len() - 1
        });
        for idea in unit {
            let known = alike.entry(key(&idea)).or_default();
            if !known.contains(&home) {
                known.push(home);
            }
            groups[home].ideas.push(idea);
        }
    }
}

/// Joins groups whose ideas are alike beyond doubt; never two that people called differently, nor one left alone.
fn group_similar(
    input: &RunInput,
    assigned: &Assigned<'_>,
    similar: &Similar,
    pairs: &[(usize, usize, f64)],
    groups: &mut Vec<Group<'_>>,
) {
    if input.grouping == Grouping::Off {
        return;
    }
    groups.sort_by_key(|group| group.ideas.iter().min().copied());
    // What people put together is not judged by its words: a group is like its anchor, if it still has it.
    let judged = groups.iter().map(|group| {
        let anchor = group.ideas.iter().find(|&&idea| Some(&input.ideas[idea].id) == group.label);
        // Nor is what its moderator put together, but by the idea that stands for it.
        let lead = |idea: &usize| assigned.combined[*idea].is_none_or(|head| !group.ideas.contains(&head));
        anchor.map_or_else(|| group.ideas.iter().copied().filter(lead).collect(), |&anchor| vec![anchor])
    });
    let judged: Vec<Vec<usize>> = judged.collect();
    let ideas: Vec<Vec<usize>> = groups.iter().map(|group| group.ideas.clone()).collect();
    let labels: Vec<Option<&IdeaKey>> = groups.iter().map(|group| group.label).collect();
    let closed = |group: usize| labels[group].is_some_and(|label| assigned.closed.contains(label));
    let may_join_groups = |a: usize, b: usize| {
        (labels[a].is_none() || labels[b].is_none())
            && !closed(a)
            && !closed(b)
            && ideas[a].iter().all(|&idea| may_join(&input.decisions, input, idea, &ideas[b]))
    };
    for joined in auto_join::link(similar, &judged, pairs, &may_join_groups) {
        let label = joined.iter().find_map(|&group| labels[group]);
        let all: Vec<usize> =
            joined.iter().flat_map(|&group| std::mem::take(&mut groups[group].ideas)).collect();
        groups[joined[0]] = Group { label, ideas: all };
    }
    groups.retain(|group| !group.ideas.is_empty());
}

/// Suggestions that an idea takes part in, at most, unless the other idea has no better one.
const SUGGESTIONS_PER_IDEA: usize = 10;

/// Words that a suggestion names as its reason.
const SHARED_WORDS: usize = 5;

/// Pairs of different clusters about which people have not decided, the most similar first.
fn suggestions(
    input: &RunInput,
    assigned: &Assigned<'_>,
    similar: &Similar,
    mut pairs: Vec<(usize, usize, f64)>,
    of_idea: &[usize],
) -> Vec<PairSuggestion> {
    pairs.sort_by(|x, y| y.2.total_cmp(&x.2).then((x.0, x.1).cmp(&(y.0, y.1))));
    let left_alone = |idea: usize| assigned.labels[idea].is_some_and(|label| assigned.closed.contains(label));
    let mut taken = vec![0; input.ideas.len()];
    let mut suggestions = Vec::new();
    for (a, b, score) in pairs {
        let decided = (assigned.labels[a].is_some() && assigned.labels[b].is_some())
            || left_alone(a)
            || left_alone(b)
            || !may_join(&input.decisions, input, a, &[b]);
        let enough = taken[a].min(taken[b]) >= SUGGESTIONS_PER_IDEA;
        if of_idea[a] == of_idea[b] || decided || enough {
            continue;
        }
        taken[a] += 1;
        taken[b] += 1;
        let shared = similar.shared(a, b, SHARED_WORDS);
        suggestions.push(PairSuggestion {
            a: input.ideas[a].id.clone(),
            b: input.ideas[b].id.clone(),
            score,
            shared,
        });
    }
    suggestions
}

/// Did nobody say that the idea is no duplicate of one of these?
fn may_join(decisions: &Decisions, input: &RunInput, idea: usize, members: &[usize]) -> bool {
    decisions.not_duplicate.is_empty()
        || members.iter().all(|&member| {
            let (a, b) = (&input.ideas[idea].id, &input.ideas[member].id);
            let pair = if a <= b { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) };
            !decisions.not_duplicate.contains(&pair)
        })
}

/// How a cluster gets its name and its words.
struct Naming<'a> {
    input: &'a RunInput,
    tallies: &'a [usize],
    words: &'a [String],
}

impl Naming<'_> {
    fn cluster(&self, group: &Group<'_>, claimed: Option<&IdeaKey>, assigned: &Assigned<'_>) -> Cluster {
        let ideas = &self.input.ideas;
        let find = |id: &IdeaKey| group.ideas.iter().copied().find(|&idea| ideas[idea].id == *id);
        let id = group.label.or(claimed);
        let anchor = match id {
            Some(id) => find(id).or_else(|| find(self.input.born.get(id)?.anchor.as_ref()?)),
            None => self.input.decisions.pins.iter().find_map(find),
        };
        // What is combined into another idea of the group leaves it the words.
        let lead = group.ideas.iter().copied();
        let lead =
            lead.filter(|&idea| assigned.combined[idea].is_none_or(|head| !group.ideas.contains(&head)));
        let anchor = anchor.or_else(|| self.best(lead)).unwrap_or(group.ideas[0]);
        let mut members: Vec<(usize, Via)> = group
            .ideas
            .iter()
            .map(|&idea| {
                let via = match assigned.labels[idea] {
                    _ if idea == anchor => Via::Anchor,
                    _ if assigned.combined[idea].is_some_and(|head| group.ideas.contains(&head)) => {
                        Via::Combined
                    }
                    Some(_) => Via::Assigned,
                    None if self.words[idea] == self.words[anchor] => Via::Identical,
                    None => Via::Similar,
                };
                (idea, via)
            })
            .collect();
        members.sort_by_key(|&(idea, via)| (via != Via::Anchor, idea));
        let id = id.unwrap_or(&ideas[anchor].id).clone();
        Cluster { id, section: ideas[anchor].section(), anchor, members }
    }

    /// The idea that the most people approve; ties by lot.
    fn best(&self, ideas: impl Iterator<Item = usize>) -> Option<usize> {
        ideas.min_by_key(|&idea| {
            let id = &self.input.ideas[idea].id;
            (std::cmp::Reverse(self.tallies[idea]), lot_digest(&self.input.lot, id))
        })
    }
}
