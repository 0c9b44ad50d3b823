//! A group's card: the ideas that it sends to the plenary, what divides it, and how long its rapporteur has.

use std::collections::BTreeMap;

use proto::api::group_card::{CardFigures, CardIdea, Disagreement, GroupCard, Why};
use proto::ids::{GroupId, IdeaId};
use proto::phase::Phase;

use crate::consultation::day::phases::Span;
use crate::consultation::ideas::idea::Idea;
use crate::consultation::state::Consultation;

/// The minutes of the plenary when neither its clock nor the agenda says them: those of the model day.
const PLENARY_MINUTES: u32 = 15;
/// Nobody says anything in less than this many seconds.
const SECONDS_MIN: u32 = 20;
/// Nobody listens longer.
const SECONDS_MAX: u32 = 600;

impl Consultation {
    /// A group's card, as far as the consultation knows it: the words of the board come later.
    #[must_use]
    pub fn group_card(&self, group: GroupId) -> Option<GroupCard> {
        let name = self.groups().get(&group)?;
        let stands =
            |id: IdeaId, idea: &Idea| idea.is_shown() && self.root_of(id) == id && !self.is_empty_now(id);
        let mut shown: Vec<(IdeaId, &Idea)> =
            self.ideas_of(group).filter(|(id, idea)| stands(*id, idea)).collect();
        let entries = self.card_order(group);
        shown.sort_unstable_by_key(|(id, idea)| (idea.order(), *id));
        let votes = self.tallies_shown(Some(group));
        let voters = self.voters_of(group);
        let ideas = entries.iter().filter_map(|id| Some((id, self.ideas().get(id)?)));
        Some(GroupCard {
            group,
            name: name.clone(),
            seconds: self.speaking_seconds(),
            ideas: ideas.map(|(id, idea)| self.card_idea(*id, idea)).collect(),
            disagreement: if votes { self.disagreement(&shown, &entries, voters) } else { None },
            figures: CardFigures {
                seats: self.participants(group),
                voters: votes.then_some(voters),
                ideas: u32::try_from(shown.len()).unwrap_or(u32::MAX),
            },
            signed: self.signed(group),
        })
    }

    fn card_idea(&self, id: IdeaId, idea: &Idea) -> CardIdea {
        CardIdea {
            id,
            text: idea.text().to_owned(),
            original: None,
            lang: idea.lang().to_owned(),
            translations: BTreeMap::new(),
            point: idea.point(),
            kind: idea.kind(),
            votes: self.shown_tally(id, idea.group()),
        }
    }

    /// What most of the group wanted and is not promoted; else what is promoted and divides the group most evenly.
    fn disagreement(
        &self,
        shown: &[(IdeaId, &Idea)],
        entries: &[IdeaId],
        voters: u32,
    ) -> Option<Disagreement> {
        let promoted = || shown.iter().filter(|(id, _)| entries.contains(id));
        let fewest = promoted().map(|(id, _)| self.tally(*id)).min()?;
        let passed = shown.iter().filter(|(id, _)| !entries.contains(id) && self.tally(*id) > fewest);
        // The first of several on the board: `max_by_key` would give the last.
        if let Some((id, idea)) = passed.rev().max_by_key(|(id, _)| self.tally(*id)) {
            return Some(Disagreement { why: Why::Unpromoted, idea: self.card_idea(*id, idea) });
        }
        let divides = |id: &IdeaId| (self.tally(*id) * 2).abs_diff(voters);
        let (id, idea) = promoted().min_by_key(|(id, _)| divides(id))?;
        // Nearer to half than to all or none.
        (voters > 1 && divides(id) * 2 < voters)
            .then(|| Disagreement { why: Why::Divided, idea: self.card_idea(*id, idea) })
    }

    /// The minutes of the plenary, divided among the groups that have something to report.
    fn speaking_seconds(&self) -> u32 {
        let Span { started_at, ends_at } = self.phase_clock(None);
        let clock = ends_at.filter(|_| self.phase() == Phase::Plenary);
        let set = clock.map(|end| u32::try_from(end.saturating_sub(started_at) / 1_000));
        let agenda = self.founding().programme.agenda.iter().filter(|entry| entry.phase == Phase::Plenary);
        let agenda: u32 = agenda.map(|entry| entry.minutes).sum();
        let minutes = if agenda > 0 { agenda } else { PLENARY_MINUTES };
        let seconds = set.and_then(Result::ok).unwrap_or(minutes.saturating_mul(60));
        let reports =
            |group: &&GroupId| self.ideas_of(**group).any(|(_, idea)| idea.is_promoted() && idea.is_shown());
        let groups = u32::try_from(self.groups().keys().filter(reports).count()).unwrap_or(u32::MAX);
        (seconds / groups.max(1)).clamp(SECONDS_MIN, SECONDS_MAX)
    }
}
