//! Ballots: which ideas a seat approves, and the tallies that come of it.
//!
//! A ballot is kept under the seat's pseudonym. Of two decisions on one idea the one with the higher counter stands, in
//! whatever order they arrive.

use proto::api::Tallies;
use proto::ids::{GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};

use super::decide::Decided;
use super::event::Event;
use super::projection::{BoardWrite, Write};
use super::secret::pseudonym;
use super::state::Consultation;
use crate::access::Deed;
use crate::journal::SeatKey;

/// What a seat says of an idea, by its own counter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Approval {
    pub(super) n: u64,
    pub(super) on: bool,
    /// At which opening of its group's vote.
    pub(super) opening: u32,
}

impl Consultation {
    /// Every ballot that is not empty: the seat's home group and the ideas it approves.
    pub fn ballots(&self) -> impl Iterator<Item = (SeatKey, GroupId, Vec<IdeaId>)> {
        self.ballots.iter().filter_map(|(key, approvals)| {
            let group = self.seats.get(self.voters.get(key)?)?.group?;
            let approved: Vec<_> =
                approvals.iter().filter(|(id, a)| a.on && self.counts(**id)).map(|(id, _)| *id).collect();
            (!approved.is_empty()).then_some((*key, group, approved))
        })
    }

    /// Does an approval of this idea count, and use the budget? Not while the idea is hidden.
    pub(super) fn counts(&self, idea: IdeaId) -> bool {
        self.ideas.get(&idea).is_some_and(|idea| idea.hidden.is_none())
    }

    pub(super) fn decide_approve(
        &self,
        seat: SeatId,
        id: IdeaId,
        on: bool,
        n: Option<u64>,
    ) -> Result<Decided, Problem> {
        let idea = self.find(id)?;
        // Who was moved may still take back what it approved in its former group.
        let home = self.actor(seat).and_then(|actor| actor.group);
        let taken_back = !on && self.approves(seat, id);
        self.permit(Deed::Approve, seat, if taken_back { home } else { Some(idea.group) })?;
        if !idea.is_shown() {
            return Err(Problem::because(Code::NotFound, "There is no such idea on a board."));
        }
        let by = pseudonym(&self.keys.ballots, seat);
        let ballot = self.ballots.get(&by);
        let old = ballot.and_then(|ballot| ballot.get(&id)).copied();
        let n = n.unwrap_or_else(|| old.map_or(1, |old| old.n.saturating_add(1)));
        let changes = old.is_none_or(|old| n > old.n && on != old.on);
        if on && changes {
            let used =
                ballot.map_or(0, |ballot| ballot.iter().filter(|(id, a)| a.on && self.counts(**id)).count());
            if self.founding.settings.votes.is_some_and(|votes| used >= votes as usize) {
                return Err(Problem::new(Code::OverBudget));
            }
        }
        Ok(Decided::plain(Event::Approved { by, idea: id, on, n }))
    }

    fn approves(&self, seat: SeatId, idea: IdeaId) -> bool {
        let ballot = self.ballots.get(&pseudonym(&self.keys.ballots, seat));
        ballot.and_then(|ballot| ballot.get(&idea)).is_some_and(|approval| approval.on)
    }

    pub(super) fn approve(&mut self, by: SeatKey, id: IdeaId, n: u64, on: bool) -> Vec<Write> {
        let Some(group) = self.ideas.get(&id).map(|idea| idea.group) else { return Vec::new() };
        let opening = self.groups.get(&group).map_or(0, |group| group.openings.0);
        let new = Approval { n, on, opening };
        let approvals = self.ballots.entry(by).or_default();
        let old = approvals.get(&id).copied();
        if old.is_some_and(|old| new.n <= old.n) {
            return Vec::new();
        }
        approvals.insert(id, new);
        let tally = self.tallies.entry(id).or_default();
        match (old.is_some_and(|old| old.on), new.on) {
            (false, true) => *tally += 1,
            (true, false) => *tally = tally.saturating_sub(1),
            (true, true) | (false, false) => return Vec::new(),
        }
        let shown = self.shown_tally(id, group).filter(|_| self.counts(id));
        shown.map(|votes| Write::Board(group, BoardWrite::Tally(id, Some(votes)))).into_iter().collect()
    }

    /// Votes of an idea.
    #[must_use]
    pub fn tally(&self, idea: IdeaId) -> u32 {
        self.tallies.get(&idea).copied().unwrap_or(0)
    }

    /// May people of this group see tallies now?
    #[must_use]
    pub fn tallies_shown(&self, group: Option<GroupId>) -> bool {
        match self.founding.settings.tallies {
            Tallies::Live => true,
            Tallies::Hidden => self.phase_of(group).vote_is_over(),
        }
    }

    pub(super) fn shown_tally(&self, idea: IdeaId, group: GroupId) -> Option<u32> {
        self.tallies_shown(Some(group)).then(|| self.tally(idea))
    }
}
