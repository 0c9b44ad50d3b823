//! What became of an idea, for whoever holds its receipt. Without the receipt every idea looks as if it never was.

use std::collections::BTreeSet;

use proto::api::idea_outcome::{IdeaOutcome, Owned, Whereabouts};
use proto::ids::{GroupId, IdeaId};
use subtle::ConstantTimeEq;

use crate::consultation::event::Event;
use crate::consultation::ideas::moderation::hiding::IdeaStatus;
use crate::consultation::state::Consultation;

impl Consultation {
    /// What became of an idea, as far as the consultation knows; its place on the list is in the plenary.
    #[must_use]
    pub fn followed(&self, owned: &Owned) -> IdeaOutcome {
        let Owned { idea: id, receipt } = owned;
        let idea = self.ideas().get(id);
        let Some(idea) = idea.filter(|idea| idea.receipt().0.ct_eq(&receipt.hash().0).into()) else {
            return IdeaOutcome::unknown(*id);
        };
        let (place, reason) = match self.fate(*id) {
            None => return IdeaOutcome::unknown(*id),
            Some(IdeaStatus::Waiting) => (Whereabouts::Waiting, None),
            Some(IdeaStatus::Held) => (Whereabouts::Held, None),
            Some(IdeaStatus::Late) => (Whereabouts::Late, None),
            Some(IdeaStatus::Shown | IdeaStatus::Promoted) => (Whereabouts::Shown, None),
            Some(IdeaStatus::Veiled) => (Whereabouts::Hidden, None),
            Some(IdeaStatus::Hidden(hidden)) => (Whereabouts::Hidden, Some(hidden.reason)),
        };
        // What is one with others was sent when any of them was.
        let entry = if idea.is_shown() { self.entry_of(*id) } else { Vec::new() };
        let promoted =
            entry.iter().any(|member| self.ideas().get(member).is_some_and(|idea| idea.is_promoted()));
        let combined = entry.first().copied().filter(|root| root != id);
        IdeaOutcome { idea: *id, place, reason, combined, promoted, listed: None }
    }

    /// The groups in which this changes what becomes of an idea: asked before it is taken in. What the safeguarding contact
    /// only looks at changes nothing, and nobody may notice it.
    #[must_use]
    pub fn groups_with_new_fates(&self, event: &Event) -> BTreeSet<GroupId> {
        if !event.audience().authors {
            return BTreeSet::new();
        }
        let group_of = |id: &IdeaId| self.ideas().get(id).map(|idea| idea.group());
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
            !matches!(event, Event::Endangered { .. }) || self.is_first_danger_report(*id)
        };
        event.changes_board_of().iter().filter(|id| moves(id)).filter_map(group_of).collect()
    }
}
