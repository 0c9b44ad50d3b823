//! A group calls for help, and somebody of the staff ends the call.

use proto::ids::{GroupId, SeatId};
use proto::problem::Problem;

use crate::access::Deed;
use crate::clock::Millis;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::projection::Write;
use crate::consultation::state::Consultation;

const MINUTE: Millis = 60_000;

impl Consultation {
    pub(in crate::consultation) fn decide_help(
        &self,
        seat: SeatId,
        group: GroupId,
        on: bool,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(if on { Deed::CallHelp } else { Deed::EndHelp }, seat, Some(group))?;
        // Who calls again changes nothing about when it was called.
        let called = self.groups.get(&group).and_then(|group| group.help);
        let at = on.then(|| called.unwrap_or(context.now - context.now % MINUTE));
        Ok(Outcome::plain(Event::Help { group, at }))
    }

    pub(in crate::consultation) fn call_help(&mut self, group: GroupId, at: Option<Millis>) -> Vec<Write> {
        if let Some(group) = self.groups.get_mut(&group) {
            group.help = at;
        }
        Vec::new()
    }
}
