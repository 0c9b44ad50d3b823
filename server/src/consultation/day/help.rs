//! A group calls for help, and somebody of the staff ends the call.

use std::collections::{BTreeMap, BTreeSet};

use proto::ids::{GroupId, SeatId};
use proto::problem::Problem;

use crate::access::Deed;
use crate::clock::{MINUTE, Millis};
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::projection::Write;
use crate::consultation::state::Consultation;

/// The minute in which each group called for help that has not had it yet.
#[derive(Debug, Default)]
pub(super) struct Calls(BTreeMap<GroupId, Millis>);

impl Calls {
    pub(super) fn keep(&mut self, groups: &BTreeSet<GroupId>) {
        self.0.retain(|group, _| groups.contains(group));
    }
}

impl Consultation {
    /// The minute in which a group called for help, if it waits for it.
    pub(in crate::consultation) fn help_of(&self, group: GroupId) -> Option<Millis> {
        self.course().calls.0.get(&group).copied()
    }

    pub(in crate::consultation) fn decide_help(
        &self,
        seat: SeatId,
        group: GroupId,
        on: bool,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(if on { Deed::CallHelp } else { Deed::EndHelp }, seat, Some(group))?;
        // Who calls again changes nothing about when it was called.
        let called = self.help_of(group);
        let at = on.then(|| called.unwrap_or(context.now - context.now % MINUTE));
        Ok(Outcome::plain(Event::Help { group, at }))
    }

    pub(in crate::consultation) fn call_help(&mut self, group: GroupId, at: Option<Millis>) -> Vec<Write> {
        let calls = &mut self.course_mut().calls.0;
        match at {
            Some(at) => calls.insert(group, at),
            None => calls.remove(&group),
        };
        Vec::new()
    }
}
