//! What staff see beside the list: pairs that may be the same, and ideas that were passed over.

use std::collections::{BTreeMap, HashSet};

use proto::api::curation::{Curation, ListDecisions, NamedIdea, PassedOver, Suggestion};
use proto::ids::{IdeaId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;

use crate::access::{Actor, Deed, may_ever};
use crate::live::state::Live;
use crate::plenary::TalliesShown;

/// What a run tells staff beside the list.
#[derive(Clone, Debug, Default)]
pub struct Suggested {
    /// Pairs that may be the same.
    pub suggestions: Vec<Suggestion>,
    /// Ideas that were passed over.
    pub passed_over: Vec<PassedOver>,
    /// Items that staff keep off the list → the idea whose words each has.
    pub kept_off: BTreeMap<IdeaId, IdeaId>,
    /// Ideas of which a text could not be read: each is an entry of its own.
    pub unread: Vec<IdeaId>,
    /// The words of all of these.
    pub ideas: BTreeMap<IdeaId, NamedIdea>,
}

impl Suggested {
    /// The words of ideas that were taken back are told to nobody.
    pub(in crate::live::state) fn forget(&mut self, gone: &HashSet<IdeaId>) {
        self.suggestions.retain(|pair| !gone.contains(&pair.a) && !gone.contains(&pair.b));
        self.passed_over.retain(|passed| !gone.contains(&passed.idea) && !gone.contains(&passed.than));
        self.kept_off.retain(|_, anchor| !gone.contains(anchor));
        self.unread.retain(|idea| !gone.contains(idea));
        self.ideas.retain(|idea, _| !gone.contains(idea));
    }

    /// Has nobody decided about this pair yet?
    fn is_open(&self, decisions: &ListDecisions, a: IdeaId, b: IdeaId) -> bool {
        let assigned = |idea: IdeaId| decisions.assign.get(&idea).copied();
        let had = |idea: IdeaId| self.ideas.get(&idea).and_then(|idea| idea.item).unwrap_or(idea);
        // An idea's id means the item that is called after it.
        let item = |idea: IdeaId| had(assigned(idea).unwrap_or(idea));
        let together = item(a) == item(b) && (assigned(a).is_some() || assigned(b).is_some());
        let left_alone = assigned(a) == Some(a) || assigned(b) == Some(b);
        let both = assigned(a).is_some() && assigned(b).is_some();
        let kept_off = [a, b].iter().any(|idea| {
            decisions.exclude.contains(idea)
                || decisions.exclude.contains(&item(*idea))
                || self.kept_off.values().any(|anchor| anchor == idea)
        });
        !(together
            || left_alone
            || both
            || kept_off
            || decisions.not_duplicate.contains(&(a.min(b), a.max(b))))
    }
}

impl Live {
    /// What staff see beside the list, for this seat.
    pub(in crate::live) fn curation(&self, seat: SeatId) -> Result<Curation, Problem> {
        let actor = self.consultation.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        if !may_ever(Deed::ReadSuggestions, actor, actor.group) {
            return Err(Problem::new(Code::Forbidden));
        }
        Ok(self.curation_of(actor))
    }

    pub(in crate::live::state) fn curation_of(&self, actor: Actor) -> Curation {
        let decisions = self.consultation.list();
        let mut curation = Curation {
            run: self.consultation.run(),
            live: self.is_live(),
            waiting: self.merges.waiting.filter(|_| decisions.frozen),
            decisions: decisions.clone(),
            ..Curation::default()
        };
        let Some(found) = &self.merges.suggested else { return curation };
        let everything = match actor.role {
            Role::Organizer | Role::Editor => true,
            Role::Moderator
            | Role::Rapporteur
            | Role::Translator
            | Role::Participant
            | Role::Projector
            | Role::Safeguarding => false,
        };
        // A moderator reads the own board and the list.
        let may_read = |idea: &IdeaId| {
            let known = found.ideas.get(idea);
            known.is_some_and(|idea| everything || idea.item.is_some() || Some(idea.group) == actor.group)
        };
        let open = found.suggestions.iter().filter(|pair| found.is_open(decisions, pair.a, pair.b));
        curation.suggestions = open.filter(|pair| may_read(&pair.a) && may_read(&pair.b)).cloned().collect();
        if self.tallies_shown() == TalliesShown::Yes {
            let passed = found.passed_over.iter();
            curation.passed_over =
                passed.filter(|passed| everything || Some(passed.group) == actor.group).cloned().collect();
        }
        let kept_off = found.kept_off.iter().filter(|(_, anchor)| may_read(anchor));
        curation.kept_off = kept_off.map(|(item, anchor)| (*item, *anchor)).collect();
        curation.unread = found.unread.iter().filter(|idea| may_read(idea)).copied().collect();
        curation.ideas = found.ideas.clone().into_iter().filter(|(id, _)| may_read(id)).collect();
        curation
    }
}
