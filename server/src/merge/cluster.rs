//! Ideas become entries: what people put together, then what is identical. Nothing else is joined without asking.
//!
//! Precedence: `assign`, then `combined` (what is one on its board), then `not_duplicate`, then [`identity`]: the same words in the
//! same section for the same discussion point. Entries never cross sections. Votes play no part in it. Each join keeps its reason
//! ([`Joins`]).
//!
//! An idea that was assigned to itself, or to an item that is called after no idea, was taken apart by a person: nothing joins it
//! automatically. What an item's id means: [`Founders`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proto::plenary::Section;

use super::candidate_pair::CandidatePair;
use super::founders::Founders;
use super::input::{Grouping, IdeaKey, PointKey, RunInput};
use super::item_ids::{Unnamed, claim};
use super::joins::Joins;
use super::lot::lot_digest;
use super::output::Via;
use super::suggestions::{suggestions, undecided};
use crate::isolated::isolated;
use crate::merge::similarity::identity::identity;

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
    pub suggestions: Vec<CandidatePair>,
    /// Clusters that hold each other back: the second of them to have its turn gets no place.
    undecided: Vec<(usize, usize)>,
    of_id: HashMap<IdeaKey, usize>,
    /// Item → the idea that it would be born with.
    founders: HashMap<IdeaKey, usize>,
}

impl Clusters {
    /// The cluster that an id means: the item of that id, else the one that holds the idea of that id.
    pub fn named(&self, id: &IdeaKey, index: &HashMap<&IdeaKey, usize>) -> Option<usize> {
        self.of_id.get(id).copied().or_else(|| index.get(id).map(|&idea| self.of_idea[idea]))
    }

    /// May there be an item of this id, though there is none now?
    pub fn may_be(&self, id: &IdeaKey) -> bool {
        self.founders.contains_key(id)
    }

    /// Candidate → the candidates that may hold it back: a group in common, and a pair of their ideas that may say the same, that nothing
    /// speaks against and that nobody has decided about. `place` is the candidate of each cluster.
    pub fn alike(&self, candidates: &[usize], place: &[Option<usize>]) -> Vec<Vec<usize>> {
        let mut alike: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); candidates.len()];
        for &(a, b) in &self.undecided {
            if let (Some(a), Some(b)) = (place[a], place[b]) {
                alike[a].insert(b);
                alike[b].insert(a);
            }
        }
        alike.into_iter().map(|others| others.into_iter().collect()).collect()
    }
}

/// Groups the ideas of a sorted input. `tallies` are the votes per idea.
pub(super) fn cluster(input: &RunInput, index: &HashMap<&IdeaKey, usize>, tallies: &[usize]) -> Clusters {
    let founders = Founders::read(input, index);
    let assigned = Assigned::read(input, index, &founders);
    let mut joins = assigned.joins(input, index, &founders);
    join_identical(input, &mut joins);
    let groups: Vec<Group<'_>> =
        joins.all().into_iter().map(|ideas| Group { label: joins.label(ideas[0]), ideas }).collect();
    let unnamed: Vec<Unnamed<'_>> =
        groups.iter().map(|group| Unnamed { label: group.label, ideas: &group.ideas }).collect();
    let claims = claim(input, index, &founders, tallies, &unnamed);
    let naming = Naming { input, tallies, joins: &joins, assigned: &assigned, founders: &founders };
    let mut all: Vec<Cluster> =
        groups.iter().zip(claims).map(|(group, claimed)| naming.cluster(group, claimed)).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    let mut of_idea = vec![0; input.ideas.len()];
    let mut of_id = HashMap::with_capacity(all.len());
    for (position, cluster) in all.iter().enumerate() {
        of_id.entry(cluster.id.clone()).or_insert(position);
        for (idea, _) in &cluster.members {
            of_idea[*idea] = position;
        }
    }
    let suggestions = suggestions(input, index, &mut joins);
    let undecided = undecided(input, index, &of_idea, &suggestions);
    let (assign_ignored, founders) = (assigned.ignored, founders.into_founders());
    Clusters { all, of_idea, assign_ignored, suggestions, undecided, of_id, founders }
}

/// Ideas that are one, and the name that people gave them.
struct Group<'a> {
    label: Option<&'a IdeaKey>,
    ideas: Vec<usize>,
}

/// What people put together, idea by idea.
struct Assigned<'a> {
    /// The item that a person put the idea in, or whose anchor it is.
    labels: Vec<Option<&'a IdeaKey>>,
    /// Items that nothing joins automatically.
    closed: BTreeSet<&'a IdeaKey>,
    ignored: Vec<IdeaKey>,
    /// Ideas that nobody assigned and that follow another one of their board.
    combined: Vec<Option<usize>>,
}

/// Which idea each follows that is combined with others on its board and that nobody assigned. Where that one is left alone by a
/// person they are one without it.
fn followed(
    input: &RunInput,
    index: &HashMap<&IdeaKey, usize>,
    labels: &[Option<&IdeaKey>],
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
        }
    }
    follows
}

impl<'a> Assigned<'a> {
    fn read(input: &'a RunInput, index: &HashMap<&IdeaKey, usize>, founders: &'a Founders<'a>) -> Self {
        let mut labels = vec![None; input.ideas.len()];
        let mut closed = BTreeSet::new();
        let mut ignored = Vec::new();
        let mut sections: BTreeMap<&IdeaKey, Section> = BTreeMap::new();
        for (idea, item) in &input.decisions.assign {
            let Some(&position) = index.get(idea) else { continue };
            let is_itself = idea == item;
            let item = founders.item(item);
            let own = input.ideas[position].section();
            let middle = founders.middle(item);
            let section =
                *sections.entry(item).or_insert_with(|| middle.map_or(own, |i| input.ideas[i].section()));
            if section != own {
                ignored.push(idea.clone());
                continue;
            }
            labels[position] = Some(item);
            if is_itself || middle.is_none_or(|idea| idea == position) {
                closed.insert(item);
            }
        }
        // The idea that an item is called after belongs to it, unless a person put it elsewhere.
        let targets: BTreeSet<&IdeaKey> = labels.iter().flatten().copied().collect();
        for item in targets {
            if let Some(position) = founders.middle(item) {
                labels[position].get_or_insert(item);
            }
        }
        let combined = followed(input, index, &labels);
        Self { labels, closed, ignored, combined }
    }

    /// What people put together, and what they called different.
    fn joins(
        &self,
        input: &RunInput,
        index: &HashMap<&IdeaKey, usize>,
        founders: &Founders<'_>,
    ) -> Joins<'a> {
        let mut joins = Joins::new(input.ideas.len());
        // The idea that an item is called after is in the middle of it, else its first.
        let mut middle: BTreeMap<&IdeaKey, usize> = BTreeMap::new();
        for (idea, label) in self.labels.iter().enumerate() {
            let Some(label) = *label else { continue };
            let own = founders.middle(label).filter(|own| self.labels[*own] == Some(label));
            let middle = *middle.entry(label).or_insert_with(|| own.unwrap_or(idea));
            joins.join(middle, idea, Via::Assigned);
            joins.set_label(idea, label);
            if self.closed.contains(label) {
                joins.close(idea);
            }
        }
        for (idea, head) in self.combined.iter().enumerate() {
            if let Some(head) = *head {
                joins.join(head, idea, Via::Combined);
            }
        }
        for (a, b) in &input.decisions.not_duplicate {
            if let (Some(&a), Some(&b)) = (index.get(a), index.get(b)) {
                joins.keep_apart(a, b);
            }
        }
        joins
    }
}

/// Joins what has the same words, as far as people's decisions allow; first with what people put together.
fn join_identical(input: &RunInput, joins: &mut Joins<'_>) {
    match input.reference.grouping {
        Grouping::Auto => {}
        Grouping::Off => return,
    }
    let mut alike: BTreeMap<(Section, Option<&PointKey>, String), Vec<usize>> = BTreeMap::new();
    for (position, idea) in input.ideas.iter().enumerate() {
        // What cannot be read is an entry of its own.
        let words = isolated(&idea.text, identity).unwrap_or_default();
        if !words.is_empty() {
            alike.entry((idea.section(), idea.point.as_ref(), words)).or_default().push(position);
        }
    }
    for mut ideas in alike.into_values().filter(|ideas| ideas.len() > 1) {
        ideas.sort_by_key(|&idea| (joins.label(idea).is_none(), idea));
        // One idea of each entry that has these words.
        let mut homes: Vec<usize> = Vec::new();
        for idea in ideas {
            if joins.is_closed(idea) {
                continue;
            }
            let root = joins.root(idea);
            if homes.iter().any(|&home| joins.root(home) == root) {
                continue;
            }
            match homes.iter().copied().find(|&home| joins.is_open(home, idea)) {
                Some(home) => joins.join(home, idea, Via::Identical),
                None => homes.push(idea),
            }
        }
    }
}

/// How a cluster gets its name and its words.
struct Naming<'a> {
    input: &'a RunInput,
    tallies: &'a [usize],
    joins: &'a Joins<'a>,
    assigned: &'a Assigned<'a>,
    founders: &'a Founders<'a>,
}

impl Naming<'_> {
    fn cluster(&self, group: &Group<'_>, claimed: Option<&IdeaKey>) -> Cluster {
        let ideas = &self.input.ideas;
        let find = |id: &IdeaKey| group.ideas.iter().copied().find(|&idea| ideas[idea].id == *id);
        let id = group.label.or(claimed);
        let anchor = match id {
            Some(id) => {
                let had = [self.founders.worded(id), self.founders.founder(id)];
                had.into_iter().flatten().find(|idea| group.ideas.contains(idea))
            }
            None => self.input.decisions.pins.iter().find_map(find),
        };
        // What is combined into another idea of the group leaves it the words.
        let lead = group.ideas.iter().copied();
        let lead =
            lead.filter(|&idea| self.assigned.combined[idea].is_none_or(|head| !group.ideas.contains(&head)));
        let anchor = anchor.or_else(|| self.best(lead)).unwrap_or(group.ideas[0]);
        let mut members = self.joins.reasons(anchor);
        members.sort_by_key(|&(idea, via)| (via != Via::Anchor, idea));
        // No other item has the id of this idea: that one would have claimed it.
        let id = id.unwrap_or_else(|| self.founders.id(anchor)).clone();
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
