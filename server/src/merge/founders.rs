//! What an item's id means: which idea the item is called after, and which item people mean by an id.
//!
//! An item has an id of its own: [`item_id`] of the idea whose words it had first. Items of lists that an older version made have the
//! id of that idea; they keep it. An idea's id means the item that is called after it.

use std::collections::{BTreeMap, HashMap};

use super::input::{Born, IdeaKey, RunInput};
use super::keys::item_id;

/// Ideas and the items that are called after them.
pub(super) struct Founders<'a> {
    born: &'a BTreeMap<IdeaKey, Born>,
    index: &'a HashMap<&'a IdeaKey, usize>,
    /// Idea → the id of an item that is born with its words.
    ids: Vec<IdeaKey>,
    /// The same the other way round.
    founders: HashMap<IdeaKey, usize>,
}

impl<'a> Founders<'a> {
    /// Of a sorted input.
    pub(super) fn read(input: &'a RunInput, index: &'a HashMap<&'a IdeaKey, usize>) -> Self {
        let ids: Vec<IdeaKey> = input.ideas.iter().map(|idea| item_id(&idea.id, idea.section())).collect();
        let founders = ids.iter().cloned().zip(0..).collect();
        Self { born: &input.born, index, ids, founders }
    }

    /// The idea that an item is called after.
    pub(super) fn founder(&self, item: &IdeaKey) -> Option<usize> {
        self.founders.get(item).or_else(|| self.index.get(item)).copied()
    }

    /// The idea whose words an item had in the last run.
    pub(super) fn worded(&self, item: &IdeaKey) -> Option<usize> {
        let born = self.born.get(item).filter(|born| !born.lost)?;
        self.index.get(born.anchor.as_ref()?).copied()
    }

    /// The idea around which people put others: the one that the item is called after, else the one whose words it had.
    pub(super) fn middle(&self, item: &IdeaKey) -> Option<usize> {
        self.founder(item).or_else(|| self.worded(item))
    }

    /// The item that people mean by the id of an item, or of the idea that it is called after.
    pub(super) fn item<'b>(&'b self, named: &'b IdeaKey) -> &'b IdeaKey {
        match self.index.get(named) {
            Some(idea) if !self.born.contains_key(named) => &self.ids[*idea],
            Some(_) | None => named,
        }
    }

    /// The id of an item that is born with this idea's words.
    pub(super) fn id(&self, idea: usize) -> &IdeaKey {
        &self.ids[idea]
    }

    /// Item → the idea that it would be born with.
    pub(super) fn into_founders(self) -> HashMap<IdeaKey, usize> {
        self.founders
    }
}
