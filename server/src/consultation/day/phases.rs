//! Phases and their clocks, of the consultation and of groups that are ahead or behind.

use proto::ids::{GroupId, SeatId};
use proto::phase::Phase;
use proto::problem::{Code, Problem};
use proto::role::Role;
use serde::{Deserialize, Serialize};

use crate::access::Deed;
use crate::clock::Millis;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::event_record::Hash32;
use crate::consultation::projection::{BoardWrite, PlenaryWrite, Write};
use crate::consultation::state::Consultation;

/// No phase and no point lasts longer.
pub(in crate::consultation) const DAY_MINUTES: u32 = 24 * 60;

/// When a phase began and when it is meant to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Span {
    /// Since when.
    pub started_at: Millis,
    /// Until when.
    pub ends_at: Option<Millis>,
}

impl Consultation {
    /// The phase of a group; of the consultation when there is no such group.
    #[must_use]
    pub fn phase_of(&self, group: Option<GroupId>) -> Phase {
        group
            .and_then(|group| self.groups.get(&group))
            .and_then(|group| group.own)
            .map_or(self.phase, |(phase, _)| phase)
    }

    pub(in crate::consultation) fn decide_phase(
        &self,
        seat: SeatId,
        (phase, minutes): (Phase, Option<u32>),
        group: Option<GroupId>,
        grace_seconds: Option<u32>,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.may_move(seat, group)?;
        if minutes.is_some_and(|minutes| minutes > DAY_MINUTES) {
            return Err(Problem::because(Code::Malformed, "A phase lasts a day at most."));
        }
        match grace_seconds {
            None | Some(0) => Ok(Outcome::plain(self.moved(phase, minutes, group, context))),
            Some(seconds) => self.announce(seat, (phase, minutes), group, seconds, context),
        }
    }

    /// May this seat decide where the group, or everybody, stands?
    pub(in crate::consultation) fn may_move(
        &self,
        seat: SeatId,
        group: Option<GroupId>,
    ) -> Result<(), Problem> {
        let deed = if group.is_some() { Deed::MoveGroup } else { Deed::MoveAll };
        self.permit(deed, seat, group)?;
        let moderates = self.actor(seat).is_some_and(|actor| actor.role == Role::Moderator);
        if moderates && !self.founding.settings.groups_move {
            return Err(Problem::new(Code::GroupsStay));
        }
        Ok(())
    }

    /// The event of a move that happens now.
    pub(in crate::consultation) fn moved(
        &self,
        phase: Phase,
        minutes: Option<u32>,
        group: Option<GroupId>,
        context: Context<'_>,
    ) -> Event {
        let ends_at = minutes.map(|minutes| context.now + u64::from(minutes) * 60_000);
        let closes = group.is_none() && phase.vote_is_over() && self.lot.is_none();
        let lot = closes.then(|| Hash32(context.entropy.bytes()));
        Event::Moved { phase, group, started_at: context.now, ends_at, lot }
    }

    pub(in crate::consultation) fn enter(
        &mut self,
        phase: Phase,
        only: Option<GroupId>,
        span: Span,
    ) -> Vec<Write> {
        let moved: Vec<GroupId> = match only {
            Some(group) => vec![group],
            None => self.groups.keys().copied().collect(),
        };
        let taken = Some(self.taken());
        for group in &moved {
            let from = self.phase_of(Some(*group));
            if let Some(group) = self.groups.get_mut(group) {
                group.closing = None;
                if phase == Phase::Vote {
                    group.voters_from = group.voters_from.or(taken);
                }
                group.enters(from, phase, &self.founding.points, span);
            }
        }
        match only {
            Some(group) => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.own = Some((phase, span));
                }
            }
            None => {
                self.closing = None;
                self.phase = phase;
                if phase == Phase::Plenary {
                    self.plenary_from = self.plenary_from.or(taken);
                }
                self.clock = span;
                for group in self.groups.values_mut() {
                    group.own = None;
                }
            }
        }
        let mut writes: Vec<Write> =
            moved.iter().map(|group| Write::Board(*group, BoardWrite::Phase(phase))).collect();
        for (id, idea) in self.ideas() {
            if idea.is_shown() && moved.contains(&idea.group) {
                let tally = self.shown_tally(*id, idea.group);
                writes.push(Write::Board(idea.group, BoardWrite::Tally(*id, tally)));
            }
        }
        if only.is_none() {
            writes.push(Write::Plenary(PlenaryWrite::Phase(phase)));
        }
        writes
    }
}
