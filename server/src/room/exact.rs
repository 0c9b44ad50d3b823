//! The figures of a plenary that its document does not tell, because everybody in the room receives it.
//!
//! They come with the very writes that show *some* in their place, so the two never speak of different lists.

use std::collections::HashMap;
use std::sync::Arc;

use proto::ids::IdeaId;
use proto::plenary::{PlenaryItem, Room};

use crate::consultation::{Plan, PlenaryWrite, RunFacts};

/// Which figures somebody may read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Figures {
    /// Fewer than five people are *some*.
    Told,
    /// Numbers.
    Exact,
}

/// A list's figures.
#[derive(Debug, Default)]
pub struct Exact {
    run: Option<Arc<RunFacts>>,
    room: HashMap<IdeaId, Room>,
}

impl Exact {
    /// The document was brought to what its consultation says.
    pub(super) fn reconciled(&mut self, plan: &Plan) {
        match plan {
            Plan::Board { .. } => {}
            Plan::Plenary { run, room, .. } => {
                self.run.clone_from(run);
                self.room = room.iter().cloned().collect();
            }
        }
    }

    /// The document was written to.
    pub(super) fn written(&mut self, write: &PlenaryWrite) {
        match write {
            PlenaryWrite::Run(run) => self.run = Some(Arc::clone(run)),
            PlenaryWrite::Room { items, gone: _ } => self.room.extend(items.iter().cloned()),
            PlenaryWrite::Reword(_) | PlenaryWrite::Frozen { .. } | PlenaryWrite::Phase(_) => {}
        }
    }

    /// Puts numbers in the place of what the document tells.
    pub(super) fn put_in(&self, items: &mut [PlenaryItem]) {
        let facts: HashMap<_, _> =
            self.run.iter().flat_map(|run| &run.items).map(|(id, facts)| (*id, facts)).collect();
        for item in items {
            if let Some(&facts) = facts.get(&item.id) {
                item.facts.clone_from(facts);
            }
            // What is shown of an entry is shown: also when it said nothing at first and is off the list by now.
            if let Some(room) = self.room.get(&item.id).filter(|_| !item.room.is_empty()) {
                item.room.clone_from(room);
            }
        }
    }
}
