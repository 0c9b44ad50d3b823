//! Which ideas are one, and why: a union-find whose edges keep their reason.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::input::IdeaKey;
use super::output::Via;

/// Ideas by position, and what joins them.
pub(super) struct Joins<'a> {
    parent: Vec<usize>,
    /// Ideas of a root.
    size: Vec<usize>,
    /// Root → the item that people put it in.
    label: Vec<Option<&'a IdeaKey>>,
    /// Root → was it taken apart by a person? Then nothing joins it by itself.
    closed: Vec<bool>,
    /// Root → the roots that people called different from it.
    apart: HashMap<usize, BTreeSet<usize>>,
    /// Idea → the ideas that were joined with it, and why. The edges of a root make a tree.
    edges: Vec<Vec<(usize, Via)>>,
}

impl<'a> Joins<'a> {
    /// So many ideas, each by itself.
    pub(super) fn new(ideas: usize) -> Self {
        Self {
            parent: (0..ideas).collect(),
            size: vec![1; ideas],
            label: vec![None; ideas],
            closed: vec![false; ideas],
            apart: HashMap::new(),
            edges: vec![Vec::new(); ideas],
        }
    }

    /// The idea that stands for all that are one with this.
    pub(super) fn root(&mut self, idea: usize) -> usize {
        let mut root = idea;
        while self.parent[root] != root {
            root = self.parent[root];
        }
        let mut at = idea;
        while self.parent[at] != root {
            at = std::mem::replace(&mut self.parent[at], root);
        }
        root
    }

    pub(super) fn label(&mut self, idea: usize) -> Option<&'a IdeaKey> {
        let root = self.root(idea);
        self.label[root]
    }

    /// What people put in an item by this name.
    pub(super) fn set_label(&mut self, idea: usize, label: &'a IdeaKey) {
        let root = self.root(idea);
        self.label[root] = Some(label);
    }

    pub(super) fn is_closed(&mut self, idea: usize) -> bool {
        let root = self.root(idea);
        self.closed[root]
    }

    /// A person took it apart.
    pub(super) fn close(&mut self, idea: usize) {
        let root = self.root(idea);
        self.closed[root] = true;
    }

    /// People called the two different; what they joined stays one.
    pub(super) fn keep_apart(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.apart.entry(a).or_default().insert(b);
            self.apart.entry(b).or_default().insert(a);
        }
    }

    pub(super) fn are_apart(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.apart.get(&a).is_some_and(|others| others.contains(&b))
    }

    /// Do people's decisions allow that the two become one without asking, or that anybody is asked about them?
    pub(super) fn is_open(&mut self, a: usize, b: usize) -> bool {
        let both_put = self.label(a).is_some() && self.label(b).is_some();
        !(both_put || self.is_closed(a) || self.is_closed(b) || self.are_apart(a, b))
    }

    /// Makes two one for a reason.
    pub(super) fn join(&mut self, a: usize, b: usize, via: Via) {
        let (x, y) = (self.root(a), self.root(b));
        if x == y {
            return;
        }
        self.edges[a].push((b, via));
        self.edges[b].push((a, via));
        let (stays, goes) = if self.size[x] >= self.size[y] { (x, y) } else { (y, x) };
        self.parent[goes] = stays;
        self.size[stays] += self.size[goes];
        self.label[stays] = self.label[stays].or(self.label[goes]);
        self.closed[stays] |= self.closed[goes];
        for other in self.apart.remove(&goes).unwrap_or_default() {
            if let Some(others) = self.apart.get_mut(&other) {
                others.remove(&goes);
            }
            if other != stays {
                self.apart.entry(other).or_default().insert(stays);
                self.apart.entry(stays).or_default().insert(other);
            }
        }
    }

    /// All ideas, by what they are one with; in the order of the first of each.
    pub(super) fn all(&mut self) -> Vec<Vec<usize>> {
        let mut place: HashMap<usize, usize> = HashMap::new();
        let mut all: Vec<Vec<usize>> = Vec::new();
        for idea in 0..self.parent.len() {
            let at = *place.entry(self.root(idea)).or_insert_with(|| {
                all.push(Vec::new());
                all.len() - 1
            });
            all[at].push(idea);
        }
        all
    }

    /// Every idea that is one with this, and why: the reason is that of the last step from this one.
    pub(super) fn reasons(&self, from: usize) -> Vec<(usize, Via)> {
        let mut reached = vec![(from, Via::Anchor)];
        let mut next = VecDeque::from([(from, from)]);
        while let Some((at, before)) = next.pop_front() {
            for &(other, via) in self.edges[at].iter().filter(|(other, _)| *other != before) {
                reached.push((other, via));
                next.push_back((other, at));
            }
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_idea_has_the_reason_of_the_last_step_from_the_anchor() {
        let mut joins = Joins::new(5);
        joins.join(0, 1, Via::Combined);
        joins.join(1, 2, Via::Identical);
        joins.join(2, 0, Via::Assigned);
        assert_eq!(joins.all(), [vec![0, 1, 2], vec![3], vec![4]]);
        assert_eq!(joins.reasons(0), [(0, Via::Anchor), (1, Via::Combined), (2, Via::Identical)]);
        assert_eq!(joins.reasons(2), [(2, Via::Anchor), (1, Via::Identical), (0, Via::Combined)]);
    }

    #[test]
    fn what_people_called_different_stays_apart_whatever_each_of_them_is_joined_with() {
        let mut joins = Joins::new(6);
        joins.keep_apart(0, 1);
        joins.join(2, 0, Via::Identical);
        joins.join(2, 3, Via::Identical);
        joins.join(4, 1, Via::Identical);
        assert!(!joins.is_open(3, 4) && joins.is_open(3, 5));
        joins.join(3, 4, Via::Assigned);
        assert_eq!(joins.all().len(), 2, "a person may join them all the same");
        assert!(joins.is_open(0, 5));
    }
}
