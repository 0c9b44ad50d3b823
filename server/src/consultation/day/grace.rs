//! Closing with a grace: a phase change is announced, phones send what they have, then it happens.
//!
//! An announcement is an event, so it stands over a restart. The change itself is made by the consultation's task
//! (`live::state::announced_phases`) as an event of its own, with the role of who announced it.

use std::collections::{BTreeMap, BTreeSet};

use proto::api::clocks::AnnouncedState;
use proto::ids::{GroupId, SeatId};
use proto::phase::Phase;
use proto::problem::{Code, Problem};
use proto::role::Role;
use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::projection::Write;
use crate::consultation::state::Consultation;

/// A phase change that was announced.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Announced {
    pub phase: Phase,
    /// How long that phase is meant to last.
    pub minutes: Option<u32>,
    /// Since when it is known.
    pub since: Millis,
    /// When at the latest.
    pub at: Millis,
    /// Who announced it.
    pub by: Role,
}

impl Announced {
    /// As everybody sees it.
    #[must_use]
    pub const fn shown(&self) -> AnnouncedState {
        AnnouncedState { phase: self.phase, at: self.at }
    }
}

/// What is announced now.
#[derive(Debug, Default)]
pub(super) struct Announcements {
    /// For everybody.
    all: Option<Announced>,
    /// For a group by itself.
    groups: BTreeMap<GroupId, Announced>,
}

impl Announcements {
    pub(super) fn keep(&mut self, groups: &BTreeSet<GroupId>) {
        self.groups.retain(|group, _| groups.contains(group));
    }

    /// Nothing is announced any more, for a group or for everybody.
    pub(super) fn forget(&mut self, group: Option<GroupId>) {
        self.set(group, None);
    }

    fn set(&mut self, group: Option<GroupId>, change: Option<Announced>) {
        match (group, change) {
            (None, change) => self.all = change,
            (Some(group), Some(change)) => drop(self.groups.insert(group, change)),
            (Some(group), None) => drop(self.groups.remove(&group)),
        }
    }
}

impl Consultation {
    pub(in crate::consultation) fn announce(
        &self,
        seat: SeatId,
        (phase, minutes): (Phase, Option<u32>),
        group: Option<GroupId>,
        seconds: u32,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        let longest = context.limits.grace_seconds_max;
        if seconds > longest {
            let detail = format!("A grace lasts {longest} seconds at most.");
            return Err(Problem::because(Code::Malformed, detail));
        }
        let by = self.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?.role;
        let at = context.now + u64::from(seconds) * 1_000;
        let change = Some(Announced { phase, minutes, since: context.now, at, by });
        Ok(Outcome::plain(Event::Announced { group, change }))
    }

    pub(in crate::consultation) fn decide_stay(
        &self,
        seat: SeatId,
        group: Option<GroupId>,
    ) -> Result<Outcome, Problem> {
        self.may_move(seat, group)?;
        if self.announced(group).is_none() {
            return Err(Problem::because(Code::NothingThere, "No phase change is announced here."));
        }
        Ok(Outcome::plain(Event::Announced { group, change: None }))
    }

    pub(in crate::consultation) fn close(
        &mut self,
        group: Option<GroupId>,
        change: Option<Announced>,
    ) -> Vec<Write> {
        self.course_mut().announced.set(group, change);
        Vec::new()
    }

    /// What is announced for a group by itself, or for everybody.
    #[must_use]
    pub fn announced(&self, group: Option<GroupId>) -> Option<&Announced> {
        match group {
            None => self.course().announced.all.as_ref(),
            Some(group) => self.course().announced.groups.get(&group),
        }
    }

    /// Everything that is announced: for everybody first, then group by group.
    pub fn announcements(&self) -> impl Iterator<Item = (Option<GroupId>, &Announced)> {
        let Announcements { all, groups } = &self.course().announced;
        all.iter().map(|change| (None, change)).chain(groups.iter().map(|(id, change)| (Some(*id), change)))
    }

    /// The event of an announced change that happens now.
    #[must_use]
    pub fn carry_out(&self, group: Option<GroupId>, context: Context<'_>) -> Option<Event> {
        let announced = self.announced(group)?;
        Some(self.moved(announced.phase, announced.minutes, group, context))
    }
}
