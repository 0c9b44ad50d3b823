//! Reports, and ideas by which somebody may be in danger.
//!
//! A report is anonymous: who made it is counted in memory against a bound and stands nowhere. A report of danger hides
//! the idea at once for everybody and is told to the safeguarding contact alone; for everybody else the idea is hidden
//! and being looked at. So that nobody can silence others with it, each seat has few of them, and an idea that the
//! contact has shown again is not hidden by a further one.

use proto::command::ReportReason;
use proto::desk::{Alert, AlertState};
use proto::ids::{IdeaId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;

use super::decide::{Context, Decided};
use super::desk::desk_idea;
use super::event::Event;
use super::projection::{BoardWrite, Write};
use super::state::Consultation;
use crate::access::{Actor, Deed, may_ever};
use crate::clock::Millis;

/// The reason that everybody but the safeguarding contact is told.
pub const LOOKED_AT: &str = "looked-at";

const MINUTE: Millis = 60_000;

/// An idea by which somebody may be in danger.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Danger {
    /// The minute of the first report.
    pub at: Millis,
    /// How many reported it.
    pub reports: u32,
    /// What was done about it.
    pub state: AlertState,
}

impl Danger {
    /// Does it hide the idea?
    #[must_use]
    pub const fn hides(&self) -> bool {
        match self.state {
            AlertState::New | AlertState::Acknowledged | AlertState::Kept => true,
            AlertState::Shown => false,
        }
    }
}

impl Consultation {
    pub(super) fn decide_report(
        &self,
        seat: SeatId,
        id: IdeaId,
        why: ReportReason,
        context: Context<'_>,
    ) -> Result<Decided, Problem> {
        let idea = self.find(id)?;
        let listed = self.run_facts.as_ref().is_some_and(|run| run.mentions(id));
        let deed = if listed { Deed::ReportListed } else { Deed::Report };
        self.permit(deed, seat, Some(idea.group))?;
        let moderates = may_ever(Deed::Hide, self.actor(seat).ok_or_else(gone)?, Some(idea.group));
        if !idea.is_shown() && !moderates {
            return Err(gone());
        }
        let (reports, dangers) = self.reports.get(&seat).copied().unwrap_or_default();
        let limits = context.limits;
        let danger = why == ReportReason::Danger;
        if reports >= limits.reports_per_seat || (danger && dangers >= limits.danger_reports_per_seat) {
            return Err(Problem::new(Code::TooManyReports));
        }
        if !danger {
            return Ok(Decided::plain(Event::Reported { idea: id }));
        }
        if idea.hidden.as_ref().is_some_and(|hidden| hidden.erased) {
            return Err(gone());
        }
        let at = context.now - context.now % MINUTE;
        let texts = if self.is_news(id) { self.list_without(&[id]) } else { None };
        let decided = Decided::plain(Event::Endangered { idea: id, at });
        Ok(Decided { texts: texts.into_iter().collect(), ..decided })
    }

    /// Counts a report of a seat: in memory only.
    pub fn count_report(&mut self, seat: SeatId, why: ReportReason) {
        let counts = self.reports.entry(seat).or_default();
        counts.0 += 1;
        counts.1 += u32::from(why == ReportReason::Danger);
    }

    /// Would a report of danger hide this idea? Only the first one does.
    pub(super) fn is_news(&self, id: IdeaId) -> bool {
        self.ideas.get(&id).is_some_and(|idea| idea.danger.is_none())
    }

    pub(super) fn decide_safeguard(
        &self,
        seat: SeatId,
        id: IdeaId,
        state: AlertState,
    ) -> Result<Decided, Problem> {
        self.permit(Deed::Safeguard, seat, None)?;
        let danger = self.find(id)?.danger.ok_or_else(gone)?;
        if state == AlertState::Acknowledged && danger.state != AlertState::New {
            // Seen already; what was decided since stands.
            return Ok(Decided::plain(Event::Safeguarded { idea: id, state: danger.state }));
        }
        Ok(Decided::plain(Event::Safeguarded { idea: id, state }))
    }

    pub(super) fn note_report(&mut self, id: IdeaId) -> Vec<Write> {
        if let Some(idea) = self.ideas.get_mut(&id) {
            idea.reports += 1;
        }
        Vec::new()
    }

    pub(super) fn endanger(&mut self, id: IdeaId, at: Millis) -> Vec<Write> {
        let Some(idea) = self.ideas.get_mut(&id) else { return Vec::new() };
        if let Some(danger) = &mut idea.danger {
            danger.reports += 1;
            return Vec::new();
        }
        let danger = Some(Danger { at, reports: 1, state: AlertState::New });
        self.take_off(id, BoardWrite::Hide(id), |idea| idea.danger = danger)
    }

    pub(super) fn safeguard(&mut self, id: IdeaId, state: AlertState) -> Vec<Write> {
        let Some(idea) = self.ideas.get_mut(&id) else { return Vec::new() };
        let Some(mut danger) = idea.danger else { return Vec::new() };
        danger.state = state;
        if danger.hides() {
            return self.take_off(id, BoardWrite::Hide(id), |idea| idea.danger = Some(danger));
        }
        idea.danger = Some(danger);
        self.regroup(self.entry_of(id))
    }

    /// What the safeguarding contact is told; `None` for everybody else.
    #[must_use]
    pub fn alerts(&self, actor: Actor) -> Option<Vec<Alert>> {
        if !may_ever(Deed::Safeguard, actor, None) || actor.role != Role::Safeguarding {
            return None;
        }
        let alerts = self.ideas.iter().filter_map(|(id, idea)| {
            let Danger { at, reports, state } = idea.danger?;
            Some(Alert { idea: desk_idea(*id, idea), group: idea.group, at, reports, state })
        });
        let mut alerts: Vec<Alert> = alerts.collect();
        alerts.sort_unstable_by_key(|alert| (alert.at, alert.idea.id));
        Some(alerts)
    }
}

fn gone() -> Problem {
    Problem::because(Code::NotFound, "There is no such idea on a board.")
}
