//! What a moderator attends to: a board that has to be out of sight at once, a group that calls for help.

use proto::ids::{GroupId, IdeaId, SeatId};
use proto::problem::Problem;

use super::decide::{Context, Decided};
use super::event::Event;
use super::projection::{BoardWrite, Write};
use super::state::Consultation;
use crate::access::Deed;
use crate::clock::Millis;

const MINUTE: Millis = 60_000;

impl Consultation {
    pub(super) fn decide_hide_board(
        &self,
        seat: SeatId,
        group: GroupId,
        on: bool,
    ) -> Result<Decided, Problem> {
        self.permit(Deed::Hide, seat, Some(group))?;
        let texts = if on { self.list_without(&self.shown_in(group)) } else { None };
        let decided = Decided::plain(Event::BoardHidden { group, on });
        Ok(Decided { texts: texts.into_iter().collect(), ..decided })
    }

    /// Every idea of the board is hidden, and what is shared meanwhile waits; or all are shown again as they were.
    pub(super) fn hide_board(&mut self, group: GroupId, on: bool) -> Vec<Write> {
        let Some(place) = self.groups.get_mut(&group) else { return Vec::new() };
        place.hidden = on;
        let shown = self.shown_in(group);
        for idea in self.ideas.values_mut().filter(|idea| idea.group == group) {
            idea.veiled = on;
        }
        if on {
            let hide = |id: &IdeaId| Write::Board(group, BoardWrite::Hide(*id));
            let mut writes: Vec<Write> = shown.iter().map(hide).collect();
            writes.extend(self.leave_list(&shown));
            return writes;
        }
        let mut back = self.shown_in(group);
        back.retain(|id| !shown.contains(id));
        // Votes were taken meanwhile: what is one counts anew.
        self.regroup(back)
    }

    fn shown_in(&self, group: GroupId) -> Vec<IdeaId> {
        let shown = self.ideas.iter().filter(|(_, idea)| idea.group == group && idea.is_shown());
        let mut shown: Vec<_> = shown.map(|(id, idea)| (idea.order, *id)).collect();
        shown.sort_unstable();
        shown.into_iter().map(|(_, id)| id).collect()
    }

    pub(super) fn decide_help(
        &self,
        seat: SeatId,
        group: GroupId,
        on: bool,
        context: Context<'_>,
    ) -> Result<Decided, Problem> {
        self.permit(if on { Deed::CallHelp } else { Deed::EndHelp }, seat, Some(group))?;
        // Who calls again changes nothing about when it was called.
        let called = self.groups.get(&group).and_then(|group| group.help);
        let at = on.then(|| called.unwrap_or(context.now - context.now % MINUTE));
        Ok(Decided::plain(Event::Help { group, at }))
    }

    pub(super) fn call_help(&mut self, group: GroupId, at: Option<Millis>) -> Vec<Write> {
        if let Some(group) = self.groups.get_mut(&group) {
            group.help = at;
        }
        Vec::new()
    }
}
