//! Near-duplicates become one entry: what people assigned first, then what is certainly the same.
//!
//! Precedence: `assign`, then `not_duplicate`, then the automatic grouping. Clusters never cross sections. At present
//! the automatic grouping takes only what is identical after [`normalise`]; similarity joins in [`group_alike`].
//!
//! An idea that was assigned to itself, or to a name that is no idea's, was taken apart by a person: nothing joins it
//! automatically.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proto::plenary::Section;
use sha2::{Digest, Sha256};

use super::input::{Decisions, Grouping, IdeaKey, Input};
use super::normalise::normalise;
use super::output::Via;

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

/// What ties are broken by: nobody knew the lot when ids were chosen.
pub(super) fn lot_digest(lot: &[u8], id: &IdeaKey) -> [u8; 32] {
    Sha256::new().chain_update(lot).chain_update(id.0.as_bytes()).finalize().into()
}

/// Groups the ideas of a sorted input. `tallies` are the votes per idea.
pub(super) fn cluster(input: &Input, index: &HashMap<&IdeaKey, usize>, tallies: &[usize]) -> Clusters {
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
    group_alike(input, &assigned, &mut groups);
    let mut of_idea = vec![0; input.ideas.len()];
    let mut all: Vec<Cluster> =
        groups.iter().map(|group| Naming { input, tallies }.cluster(group, &assigned)).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    for (position, cluster) in all.iter().enumerate() {
        for (idea, _) in &cluster.members {
            of_idea[*idea] = position;
        }
    }
    Clusters { all, of_idea, assign_ignored: assigned.ignored }
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
}

impl<'a> Assigned<'a> {
    fn read(input: &'a Input, index: &HashMap<&IdeaKey, usize>) -> Self {
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
        Self { labels, closed, ignored }
    }
}

/// Adds the ideas that nobody assigned: each to the first group with the same words, else to one of its own.
fn group_alike<'a>(input: &'a Input, assigned: &Assigned<'a>, groups: &mut Vec<Group<'a>>) {
    let words: Vec<String> = match input.grouping {
        Grouping::Auto => input.ideas.iter().map(|idea| normalise(&idea.text)).collect(),
        Grouping::Off => vec![String::new(); input.ideas.len()],
    };
    let mut alike: HashMap<(Section, &str), Vec<usize>> = HashMap::new();
    for (position, group) in groups.iter().enumerate() {
        if group.label.is_some_and(|label| assigned.closed.contains(label)) {
            continue;
        }
        for &idea in &group.ideas {
            let known = alike.entry((input.ideas[idea].section(), &words[idea])).or_default();
            if !known.contains(&position) {
                known.push(position);
            }
        }
    }
    for (idea, words) in words.iter().enumerate() {
        if assigned.labels[idea].is_some() {
            continue;
        }
        let known = alike.entry((input.ideas[idea].section(), words)).or_default();
        let home = known.iter().copied().find(|&group| {
            !words.is_empty() && may_join(&input.decisions, input, idea, &groups[group].ideas)
        });
        match home {
            Some(group) => groups[group].ideas.push(idea),
            None => {
                known.push(groups.len());
                groups.push(Group { label: None, ideas: vec![idea] });
            }
        }
    }
}

/// Did nobody say that the idea is no duplicate of one of these?
fn may_join(decisions: &Decisions, input: &Input, idea: usize, members: &[usize]) -> bool {
    decisions.not_duplicate.is_empty()
        || members.iter().all(|&member| {
            let (a, b) = (&input.ideas[idea].id, &input.ideas[member].id);
            let pair = if a <= b { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) };
            !decisions.not_duplicate.contains(&pair)
        })
}

/// How a cluster gets its name and its words.
struct Naming<'a> {
    input: &'a Input,
    tallies: &'a [usize],
}

impl Naming<'_> {
    fn cluster(&self, group: &Group<'_>, assigned: &Assigned<'_>) -> Cluster {
        let ideas = &self.input.ideas;
        let pinned = || {
            let mut pins = self.input.decisions.pins.iter();
            pins.find_map(|pin| group.ideas.iter().copied().find(|&idea| ideas[idea].id == *pin))
        };
        let born =
            || self.best(group.ideas.iter().copied().filter(|&i| self.input.born.contains(&ideas[i].id)));
        let (id, anchor) = match group.label {
            Some(label) => (Some(label), group.ideas.iter().copied().find(|&idea| ideas[idea].id == *label)),
            None => (None, pinned().or_else(born)),
        };
        let anchor = anchor.or_else(|| self.best(group.ideas.iter().copied())).unwrap_or(group.ideas[0]);
        let mut members: Vec<(usize, Via)> = group
            .ideas
            .iter()
            .map(|&idea| {
                let via = match assigned.labels[idea] {
                    _ if idea == anchor => Via::Anchor,
                    Some(_) => Via::Assigned,
                    None => Via::Identical,
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
