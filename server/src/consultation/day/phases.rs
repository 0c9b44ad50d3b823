//! Phases and their clocks, of the consultation and of groups that are ahead or behind.

use std::collections::{BTreeMap, BTreeSet};

use proto::ids::{GroupId, SeatId};
use proto::phase::Phase;
use proto::problem::{Code, Problem};
use proto::role::Role;
use serde::{Deserialize, Serialize};

use crate::access::Deed;
use crate::clock::Millis;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::hash::Hash32;
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

/// Phases and their clocks, as they are now.
#[derive(Debug)]
pub(super) struct Phases {
    /// Of everybody, but for groups that are ahead or behind.
    all: (Phase, Span),
    groups: BTreeMap<GroupId, GroupPhases>,
    /// How many seats had been taken when the plenary began.
    plenary_from: Option<u64>,
    /// How many groups had a seat when the first group had its vote behind it.
    reviewing: Option<u32>,
}

#[derive(Debug, Default)]
struct GroupPhases {
    /// Where it is, if not where everybody is.
    own: Option<(Phase, Span)>,
    /// How often its vote was opened.
    openings: u32,
    /// How many seats had been taken when its vote was first opened.
    voters_from: Option<u64>,
}

impl Phases {
    /// Everybody is in the lobby since then.
    pub(super) const fn new(since: Millis) -> Self {
        let all = (Phase::Lobby, Span { started_at: since, ends_at: None });
        Self { all, groups: BTreeMap::new(), plenary_from: None, reviewing: None }
    }

    pub(super) fn keep(&mut self, groups: &BTreeSet<GroupId>) {
        self.groups.retain(|group, _| groups.contains(group));
    }

    fn own(&self, group: Option<GroupId>) -> Option<(Phase, Span)> {
        self.groups.get(&group?)?.own
    }

    fn of(&self, group: Option<GroupId>) -> (Phase, Span) {
        self.own(group).unwrap_or(self.all)
    }

    /// A group comes into a phase, alone or with everybody: a vote that opens is counted. Gives the phase that it was in.
    fn come(&mut self, group: GroupId, phase: Phase, taken: u64) -> Phase {
        let (from, _) = self.of(Some(group));
        let group = self.groups.entry(group).or_default();
        if phase == Phase::Vote {
            group.voters_from = group.voters_from.or(Some(taken));
            group.openings += u32::from(from != phase);
        }
        from
    }

    /// A group is in a phase of its own.
    fn go_apart(&mut self, group: GroupId, place: (Phase, Span)) {
        self.groups.entry(group).or_default().own = Some(place);
    }

    /// Everybody is in one phase.
    fn go_together(&mut self, phase: Phase, span: Span, taken: u64) {
        self.all = (phase, span);
        if phase == Phase::Plenary {
            self.plenary_from = self.plenary_from.or(Some(taken));
        }
        for group in self.groups.values_mut() {
            group.own = None;
        }
    }

    /// A clock ends at another time. A group's clock of its own is a place of its own, in the same phase.
    pub(super) fn end_at(&mut self, group: Option<GroupId>, ends_at: Millis) {
        let (phase, span) = self.of(group);
        let place = (phase, Span { ends_at: Some(ends_at), ..span });
        match group {
            None => self.all = place,
            Some(group) => self.go_apart(group, place),
        }
    }
}

impl Consultation {
    /// The phase of a group; of the consultation when there is no such group.
    #[must_use]
    pub fn phase_of(&self, group: Option<GroupId>) -> Phase {
        self.course().phases.of(group).0
    }

    /// The phase of everybody, but for groups that are ahead or behind.
    pub(in crate::consultation) const fn phase(&self) -> Phase {
        self.course().phases.all.0
    }

    /// The clock of the phase of a group, or of everybody.
    pub(in crate::consultation) fn phase_clock(&self, group: Option<GroupId>) -> Span {
        self.course().phases.of(group).1
    }

    /// Where a group is, if not where everybody is.
    pub(in crate::consultation) fn own_phase(&self, group: GroupId) -> Option<(Phase, Span)> {
        self.course().phases.own(Some(group))
    }

    /// How often the vote of a group was opened.
    pub(in crate::consultation) fn openings_of(&self, group: GroupId) -> u32 {
        self.course().phases.groups.get(&group).map_or(0, |group| group.openings)
    }

    /// How many seats had been taken when the vote of a group was first opened.
    pub(in crate::consultation) fn voters_from(&self, group: GroupId) -> Option<u64> {
        self.course().phases.groups.get(&group)?.voters_from
    }

    /// How many seats had been taken when the plenary began.
    pub(in crate::consultation) const fn plenary_from(&self) -> Option<u64> {
        self.course().phases.plenary_from
    }

    /// How many groups have a seat; from the first review on as many as then had one (rule C32).
    pub(in crate::consultation) fn groups_that_take_part(&self) -> u32 {
        self.course().phases.reviewing.unwrap_or_else(|| self.groups_with_a_seat())
    }

    fn groups_with_a_seat(&self) -> u32 {
        u32::try_from(self.participants_of_all().len()).unwrap_or(u32::MAX)
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
        if group.is_none() && phase != Phase::Plenary {
            self.list_is_open_to_decisions()?;
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
        if moderates && !self.founding().settings.groups_move {
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
        let closes = group.is_none() && phase.vote_is_over() && self.lot().is_none();
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
            None => self.groups().keys().copied().collect(),
        };
        let taken = self.taken();
        let points = self.founding().points.clone();
        if phase.vote_is_over() && self.course().phases.reviewing.is_none() {
            let groups = self.groups_with_a_seat();
            self.course_mut().phases.reviewing = Some(groups).filter(|groups| *groups > 0);
        }
        let course = self.course_mut();
        for group in &moved {
            course.announced.forget(Some(*group));
            let from = course.phases.come(*group, phase, taken);
            if phase == Phase::Brainstorm && from != phase {
                course.points.begin(*group, &points, span);
            }
        }
        match only {
            Some(group) => course.phases.go_apart(group, (phase, span)),
            None => {
                course.announced.forget(None);
                course.phases.go_together(phase, span, taken);
            }
        }
        let mut writes: Vec<Write> =
            moved.iter().map(|group| Write::Board(*group, BoardWrite::Phase(phase))).collect();
        for (id, idea) in self.ideas() {
            if idea.is_shown() && moved.contains(&idea.group()) {
                let tally = self.shown_tally(*id, idea.group());
                writes.push(Write::Board(idea.group(), BoardWrite::Tally(*id, tally)));
            }
        }
        if only.is_none() {
            writes.push(Write::Plenary(PlenaryWrite::Phase(phase)));
        }
        writes
    }
}
