//! What became of an idea, for whoever holds its receipt. Without the receipt every idea looks as if it never was.

use std::collections::BTreeSet;

use proto::api::idea_outcome::{Fate, Owned, Whereabouts};
use proto::ids::{GroupId, IdeaId};
use subtle::ConstantTimeEq;

use crate::consultation::event::Event;
use crate::consultation::ideas::hiding::Fate as Became;
use crate::consultation::state::Consultation;

impl Consultation {
    /// What became of an idea, as far as the consultation knows; its place on the list is in the plenary.
    #[must_use]
    pub fn followed(&self, owned: &Owned) -> Fate {
        let Owned { idea: id, receipt } = owned;
        let idea = self.ideas.get(id);
        let Some(idea) = idea.filter(|idea| idea.receipt.0.ct_eq(&receipt.hash().0).into()) else {
            return Fate::unknown(*id);
        };
        let (place, reason) = match self.fate(*id) {
            None => return Fate::unknown(*id),
            Some(Became::Waiting) => (Whereabouts::Waiting, None),
            Some(Became::Held) => (Whereabouts::Held, None),
            Some(Became::Late) => (Whereabouts::Late, None),
            Some(Became::Shown | Became::Promoted) => (Whereabouts::Shown, None),
            Some(Became::Veiled) => (Whereabouts::Hidden, None),
            Some(Became::Hidden(hidden)) => (Whereabouts::Hidden, Some(hidden.reason)),
        };
        // What is one with others was sent when any of them was.
        let entry = if idea.is_shown() { self.entry_of(*id) } else { Vec::new() };
        let promoted = entry.iter().any(|member| self.ideas.get(member).is_some_and(|idea| idea.promoted));
        let combined = entry.first().copied().filter(|root| root != id);
        Fate { idea: *id, place, reason, combined, promoted, listed: None }
    }

    /// The groups in which this changes what becomes of an idea: asked before it is taken in. What the safeguarding contact
    /// only looks at changes nothing, and nobody may notice it.
    #[must_use]
    pub fn groups_with_new_fates(&self, event: &Event) -> BTreeSet<GroupId> {
        if !event.hears().authors {
            return BTreeSet::new();
        }
        let group_of = |id: &IdeaId| self.ideas.get(id).map(|idea| idea.group);
        if let Event::Revealed { group, .. } | Event::BoardHidden { group, .. } = event {
            return BTreeSet::from([*group]);
        }
        if let Event::Admitted { idea, .. } | Event::Edited { idea, .. } = event {
            return group_of(idea).into_iter().collect();
        }
        let moves = |id: &IdeaId| {
            if let Event::Safeguarded { state, .. } | Event::SafeguardedAll { state, .. } = event {
                return self.changes_sight(*id, *state).is_some();
            }
            !matches!(event, Event::Endangered { .. }) || self.is_news(*id)
        };
        event.off_or_on().iter().filter(|id| moves(id)).filter_map(group_of).collect()
    }
}
