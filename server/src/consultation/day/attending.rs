//! What a moderator attends to: a board that has to be out of sight at once, a group that calls for help.

use std::collections::BTreeSet;

use proto::ids::{GroupId, IdeaId, SeatId};
use proto::problem::Problem;

use crate::access::Deed;
use crate::clock::Millis;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::projection::{BoardWrite, Write};
use crate::consultation::state::Consultation;

const MINUTE: Millis = 60_000;

impl Consultation {
    pub(in crate::consultation) fn decide_hide_board(
        &self,
        seat: SeatId,
        group: GroupId,
        on: bool,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Hide, seat, Some(group))?;
        let texts = if on { self.list_without(&self.shown_in(group)) } else { None };
        let decided = Outcome::plain(Event::BoardHidden { group, on });
        Ok(Outcome { texts: texts.into_iter().collect(), ..decided })
    }

    /// Every idea of the board is hidden, and what is shared meanwhile waits; or all are shown again as they were.
    pub(in crate::consultation) fn hide_board(&mut self, group: GroupId, on: bool) -> Vec<Write> {
        let shown = self.shown_in(group);
        let Some(place) = self.groups.get_mut(&group) else { return Vec::new() };
        place.hidden = on;
        for id in &place.ideas {
            if let Some(idea) = self.ideas.get_mut(id) {
                idea.veiled = on;
            }
        }
        if on {
            let hide = |id: &IdeaId| Write::Board(group, BoardWrite::Hide(*id));
            let mut writes: Vec<Write> = shown.iter().map(hide).collect();
            writes.extend(self.leave_list(&shown));
            return writes;
        }
        let before: BTreeSet<IdeaId> = shown.into_iter().collect();
        let mut back = self.shown_in(group);
        back.retain(|id| !before.contains(id));
        // Votes were taken meanwhile: what is one counts anew.
        self.regroup(back)
    }

    fn shown_in(&self, group: GroupId) -> Vec<IdeaId> {
        let shown = self.ideas_of(group).filter(|(_, idea)| idea.is_shown());
        let mut shown: Vec<_> = shown.map(|(id, idea)| (idea.order, id)).collect();
        shown.sort_unstable();
        shown.into_iter().map(|(_, id)| id).collect()
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
