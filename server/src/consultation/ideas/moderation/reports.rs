//! Reports, and ideas by which somebody may be in danger.
//!
//! A report is anonymous: who made it is counted in memory against a bound and stands nowhere. A report of danger hides
//! the idea at once for everybody and is told to the safeguarding contact alone; for everybody else the idea is held in the
//! group, without a reason. So that one person cannot empty a board with it, whatever number of seats they have: each seat
//! has few of them; an idea that the contact has shown again is not hidden by a further one; when single reports have
//! hidden some ideas in a short time, a further one waits (`second_look`).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use proto::api::desk::{Alert, AlertState, Alerts, DeskIdea};
use proto::command::ReportReason;
use proto::ids::{GroupId, IdeaId, SeatId, WordsHash};
use proto::problem::{Code, Problem};
use proto::role::Role;

use crate::access::{Actor, Deed, may_ever};
use crate::clock::{MINUTE, Millis};
use crate::config::DeskLimits;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::ideas::idea::Idea;
use crate::consultation::ideas::moderation::danger::{Danger, DangerEffect};
use crate::consultation::projection::{BoardWrite, Write};
use crate::consultation::state::Consultation;
use crate::consultation::text_rules::says_what_was_read;
use crate::consultation::view::desk::desk_idea;
use crate::journal::TextChange;

/// Who reported what since the server started: in memory only.
#[derive(Debug, Default)]
pub(in crate::consultation::ideas) struct Reports {
    /// How many reports, and reports of danger, each seat made.
    by_seat: HashMap<SeatId, (u32, u32)>,
    /// Who reported an idea as a danger, so that nobody is their own second look.
    of_danger: BTreeMap<IdeaId, BTreeSet<SeatId>>,
}

impl Consultation {
    pub(in crate::consultation) fn decide_report(
        &self,
        seat: SeatId,
        id: IdeaId,
        why: ReportReason,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        let idea = self.find(id)?;
        let listed = self.run_facts().is_some_and(|run| run.mentions(id));
        let deed = if listed { Deed::ReportListed } else { Deed::Report };
        self.permit(deed, seat, Some(idea.group()))?;
        let actor = self.actor(seat).ok_or_else(gone)?;
        let moderates = may_ever(Deed::Hide, actor, Some(idea.group()));
        if !idea.is_shown() && !moderates {
            return Err(gone());
        }
        let (reports, dangers) = self.contributions().reports.by_seat.get(&seat).copied().unwrap_or_default();
        let limits = context.limits;
        let danger = why == ReportReason::Danger;
        if reports >= limits.reports_per_seat || (danger && dangers >= limits.danger_reports_per_seat) {
            return Err(Problem::new(Code::TooManyReports));
        }
        if !danger {
            return Ok(Outcome::plain(Event::Reported { idea: id }));
        }
        if idea.is_erased() {
            return Err(gone());
        }
        let at = context.now - context.now % MINUTE;
        // A staff link is one person.
        let staff = actor.role != Role::Participant;
        let effect =
            if staff { DangerEffect::HidesByStaff } else { self.effect_of_report(seat, id, context) };
        let leaves = effect != DangerEffect::Waits && self.is_first_danger_report(id);
        let texts = if leaves { self.list_without(&[id]) } else { None };
        let decided = Outcome::plain(Event::Endangered { idea: id, at, effect, listed });
        Ok(Outcome { texts: texts.into_iter().collect(), ..decided })
    }

    /// Counts a report of a seat: in memory only.
    pub fn count_report(&mut self, seat: SeatId, idea: IdeaId, why: ReportReason) {
        let reports = &mut self.contributions_mut().reports;
        let counts = reports.by_seat.entry(seat).or_default();
        counts.0 += 1;
        if why == ReportReason::Danger {
            counts.1 += 1;
            reports.of_danger.entry(idea).or_default().insert(seat);
        }
    }

    /// Did this seat report the idea as a danger, since the server started?
    pub(in crate::consultation::ideas) fn has_reported_danger(&self, seat: SeatId, idea: IdeaId) -> bool {
        self.contributions().reports.of_danger.get(&idea).is_some_and(|seats| seats.contains(&seat))
    }

    /// Would a report of danger that does not wait hide this idea? Only the first one does.
    pub(in crate::consultation) fn is_first_danger_report(&self, id: IdeaId) -> bool {
        let danger = self.ideas().get(&id).map(|idea| idea.danger());
        danger.is_some_and(|danger| danger.is_none_or(|danger| danger.state() == AlertState::Waiting))
    }

    pub(in crate::consultation) fn decide_safeguard(
        &self,
        seat: SeatId,
        id: IdeaId,
        state: AlertState,
        read: Option<WordsHash>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Safeguard, seat, None)?;
        let idea = self.find(id)?;
        let danger = idea.danger().ok_or_else(gone)?;
        says_what_was_read(self.alert_text(id, idea), read)?;
        let open = matches!(danger.state(), AlertState::New | AlertState::Waiting);
        if state == AlertState::Acknowledged && !open {
            // Seen already; what was decided since stands.
            return Ok(Outcome::plain(Event::Safeguarded { idea: id, state: danger.state() }));
        }
        let texts = self.list_without_held(&[id], state);
        Ok(Outcome { texts, ..Outcome::plain(Event::Safeguarded { idea: id, state }) })
    }

    pub(in crate::consultation) fn decide_safeguard_all(
        &self,
        seat: SeatId,
        group: GroupId,
        state: AlertState,
        read: &BTreeMap<IdeaId, WordsHash>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Safeguard, seat, None)?;
        if !self.groups().contains_key(&group) {
            return Err(Problem::because(Code::NotFound, "There is no such group in this consultation."));
        }
        let undecided = |danger: Danger| match danger.state() {
            AlertState::New | AlertState::Waiting | AlertState::Acknowledged => true,
            AlertState::Kept | AlertState::Shown => false,
        };
        // A report that came when the contact had begun to decide was read by nobody.
        let was_read = |id: IdeaId, idea: &Idea| {
            read.get(&id).is_some_and(|read| *read == WordsHash::of(self.alert_text(id, idea)))
        };
        let open = self.ideas_of(group).filter(|(_, idea)| idea.danger().is_some_and(undecided));
        let open = open.filter(|(id, idea)| was_read(*id, idea));
        let mut ideas: Vec<IdeaId> = open.map(|(id, _)| id).collect();
        ideas.sort_unstable();
        let texts = self.list_without_held(&ideas, state);
        Ok(Outcome { texts, ..Outcome::plain(Event::SafeguardedAll { ideas, state }) })
    }

    /// The row of the list without the ideas that leave it when the safeguarding contact decides this.
    fn list_without_held(&self, ideas: &[IdeaId], state: AlertState) -> Vec<TextChange> {
        let leave = |id: &&IdeaId| self.changes_sight(**id, state) == Some(true);
        let leaving: Vec<IdeaId> = ideas.iter().filter(leave).copied().collect();
        self.list_without(&leaving).into_iter().collect()
    }

    /// Does this decision of the safeguarding contact hide an idea (`true`), or show it again? `None`: neither.
    pub(in crate::consultation) fn changes_sight(&self, id: IdeaId, state: AlertState) -> Option<bool> {
        let before = self.ideas().get(&id)?.danger()?;
        let mut after = before;
        after.settle(state);
        (before.hides() != after.hides()).then(|| after.hides())
    }

    pub(in crate::consultation) fn note_report(&mut self, id: IdeaId) -> Vec<Write> {
        if let Some(idea) = self.idea_mut(id) {
            idea.count_report();
        }
        Vec::new()
    }

    pub(in crate::consultation) fn endanger(
        &mut self,
        id: IdeaId,
        at: Millis,
        (effect, listed): (DangerEffect, bool),
    ) -> Vec<Write> {
        let taken = self.taken();
        let Some(idea) = self.idea_mut(id) else { return Vec::new() };
        let mut danger = idea.danger().unwrap_or_else(|| Danger::new(at, taken));
        let hides = danger.report(at, effect, listed);
        if hides {
            return self.take_off(id, BoardWrite::Hide(id), |idea| idea.endanger(danger));
        }
        idea.endanger(danger);
        Vec::new()
    }

    pub(in crate::consultation) fn safeguard(&mut self, id: IdeaId, state: AlertState) -> Vec<Write> {
        let Some(idea) = self.idea_mut(id) else { return Vec::new() };
        let Some(mut danger) = idea.danger() else { return Vec::new() };
        let before = danger.state();
        danger.settle(state);
        if danger.hides() {
            return self.take_off(id, BoardWrite::Hide(id), |idea| idea.endanger(danger));
        }
        idea.endanger(danger);
        // What was never off its board is there as it is.
        if before == AlertState::Waiting { Vec::new() } else { self.regroup(self.entry_of(id)) }
    }

    /// Does a report of danger in this group wait for the safeguarding contact's look?
    pub(in crate::consultation) fn report_waits(&self, group: GroupId) -> bool {
        let unread = |danger: Danger| matches!(danger.state(), AlertState::New | AlertState::Waiting);
        self.ideas_of(group).any(|(_, idea)| idea.danger().is_some_and(unread))
    }

    /// What an idea says, for the safeguarding contact: of what is on its board, and perhaps in other words by now, those that
    /// were kept last.
    fn alert_text<'a>(&'a self, id: IdeaId, idea: &'a Idea) -> &'a str {
        let last = self.wordings_of(id).last();
        last.filter(|_| idea.is_shown()).map_or(idea.text(), |last| &last.text)
    }

    /// What the safeguarding contact is told, from a place in the order of [`Alerts`] on, in one message or page; `None` for
    /// everybody else.
    #[must_use]
    pub fn alerts(&self, actor: Actor, from: usize, limits: &DeskLimits) -> Option<Alerts> {
        if !may_ever(Deed::Safeguard, actor, None) || actor.role != Role::Safeguarding {
            return None;
        }
        let mut told = Alerts::default();
        let mut reported: Vec<(u8, Reverse<(Millis, IdeaId)>)> = Vec::new();
        for (id, idea) in self.ideas() {
            let Some(danger) = idea.danger() else { continue };
            reported.push((urgency(danger), Reverse((danger.at(), *id))));
        }
        told.all = u32::try_from(reported.len()).unwrap_or(u32::MAX);
        reported.sort_unstable();
        let mut words = 0;
        for (_, Reverse((_, id))) in reported.into_iter().skip(from).take(limits.ideas_max) {
            let Some(alert) = self.alert(id) else { continue };
            words += alert.idea.text.len();
            // One is told however long it is.
            if words > limits.words_bytes_max && !told.alerts.is_empty() {
                break;
            }
            told.alerts.push(alert);
        }
        Some(told)
    }

    fn alert(&self, id: IdeaId) -> Option<Alert> {
        let idea = self.ideas().get(&id)?;
        let danger = idea.danger()?;
        let (at, reports) = (danger.at(), danger.reports());
        let (state, again) = (danger.state(), danger.again());
        let told = DeskIdea { text: self.alert_text(id, idea).to_owned(), ..desk_idea(id, idea) };
        Some(Alert { idea: told, group: idea.group(), at, reports, state, again })
    }
}

/// In which order reports are read: what everybody can still read first, then what nobody has decided about.
const fn urgency(danger: Danger) -> u8 {
    match danger.state() {
        AlertState::Waiting => 0,
        AlertState::Shown if danger.again() > 0 => 0,
        AlertState::New | AlertState::Acknowledged => 1,
        AlertState::Kept | AlertState::Shown => 2,
    }
}

fn gone() -> Problem {
    Problem::because(Code::NotFound, "There is no such idea on a board.")
}
