//! Ballots: which ideas a seat approves, and the tallies that come of it.
//!
//! A ballot is kept under the seat's pseudonym. Of two decisions on one idea the one with the higher counter stands, in
//! whatever order they arrive. Ideas that are combined are voted on as one (`ideas::combining`); a ballot is never rewritten.

use std::collections::BTreeSet;

use proto::api::consultation::Tallies;
use proto::ids::{GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};

use crate::access::Deed;
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::projection::{BoardWrite, Write};
use crate::consultation::secret::pseudonym;
use crate::consultation::state::Consultation;
use crate::journal::SeatKey;

/// What a seat says of an idea, by its own counter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Approval {
    pub(in crate::consultation) n: u64,
    pub(in crate::consultation) on: bool,
    /// At which opening of its group's vote.
    pub(in crate::consultation) opening: u32,
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

    /// How many of a group approve anything.
    pub(in crate::consultation) fn voters_of(&self, group: GroupId) -> u32 {
        let at_home = |key| self.voters.get(key).and_then(|seat| self.seats.get(seat)?.group) == Some(group);
        let voted = self.ballots.iter().filter(|(key, ballot)| {
            at_home(*key) && ballot.iter().any(|(id, approval)| approval.on && self.counts(*id))
        });
        u32::try_from(voted.count()).unwrap_or(u32::MAX)
    }

    /// Does an approval of this idea count, and use the budget? Not while the idea is hidden.
    pub(in crate::consultation) fn counts(&self, idea: IdeaId) -> bool {
        self.ideas.get(&idea).is_some_and(|idea| !idea.is_taken_off())
    }

    pub(in crate::consultation) fn decide_approve(
        &self,
        seat: SeatId,
        id: IdeaId,
        on: bool,
        n: Option<u64>,
    ) -> Result<Outcome, Problem> {
        let idea = self.find(id)?;
        // Who was moved may still take back what it approved in its former group.
        let home = self.actor(seat).and_then(|actor| actor.group);
        let by = pseudonym(&self.keys.ballots, seat);
        let taken_back = !on && self.approves_any(by, &self.entry_of(id));
        self.permit(Deed::Approve, seat, if taken_back { home } else { Some(idea.group) })?;
        if !idea.is_open() {
            return Err(Problem::because(Code::NotFound, "There is no such idea on a board."));
        }
        let ballot = self.ballots.get(&by);
        // Of ideas that are one, the one that stands for all is voted on, with the counters of all.
        let entry = self.entry_of(id);
        let id = entry.first().copied().unwrap_or(id);
        let said = entry.iter().filter_map(|idea| ballot?.get(idea));
        let old = said.fold(None::<Approval>, |old, next| {
            Some(old.map_or(*next, |old| Approval { n: old.n.max(next.n), on: old.on || next.on, ..old }))
        });
        let n = n.unwrap_or_else(|| old.map_or(1, |old| old.n.saturating_add(1)));
        let changes = old.is_none_or(|old| n > old.n && on != old.on);
        if on && changes {
            let used = self.approved_entries(by).len();
            if self.founding.settings.votes.is_some_and(|votes| used >= votes as usize) {
                return Err(Problem::new(Code::OverBudget));
            }
        }
        Ok(Outcome::plain(Event::Approved { by, idea: id, on, n }))
    }

    /// Does the ballot say this already, of every idea of the entry that is meant, or something newer?
    pub(in crate::consultation) fn is_said_already(&self, by: SeatKey, id: IdeaId, n: u64, on: bool) -> bool {
        let opening = self.ideas.get(&id).and_then(|idea| self.groups.get(&idea.group));
        let opening = opening.map_or(0, |group| group.openings.0);
        let said = |idea: &IdeaId| self.ballots.get(&by).and_then(|ballot| ballot.get(idea));
        let meant = |idea: &IdeaId| *idea == id || (!on && self.approves_any(by, &[*idea]));
        self.entry_of(id).iter().chain([&id]).filter(|idea| meant(idea)).all(|idea| match said(idea) {
            None => !on,
            // Who approves again after the vote opened again confirms it.
            Some(old) => n <= old.n || (old.on == on && (!on || old.opening == opening)),
        })
    }

    /// The entries that a seat approves: ideas that are one count once.
    pub(in crate::consultation) fn approved_entries(&self, by: SeatKey) -> BTreeSet<IdeaId> {
        let ballot = self.ballots.get(&by);
        let approved = ballot.into_iter().flatten().filter(|(idea, a)| a.on && self.counts(**idea));
        approved.map(|(idea, _)| self.root_of(*idea)).collect()
    }

    /// Takes in what a seat says of an entry by one of its ideas. An approval stands on that idea; who takes the approval
    /// of an entry back takes back what it gave to any of them.
    pub(in crate::consultation) fn approve(
        &mut self,
        by: SeatKey,
        id: IdeaId,
        n: u64,
        on: bool,
    ) -> Vec<Write> {
        let Some(group) = self.ideas.get(&id).map(|idea| idea.group) else { return Vec::new() };
        let opening = self.groups.get(&group).map_or(0, |group| group.openings.0);
        let new = Approval { n, on, opening };
        let entry = self.entry_of(id);
        let before = self.approves_any(by, &entry);
        let given = |idea: &IdeaId| self.approves_any(by, &[*idea]);
        let meant: Vec<IdeaId> =
            entry.iter().copied().filter(|idea| *idea == id || (!new.on && given(idea))).collect();
        let mut changed: BTreeSet<IdeaId> =
            meant.into_iter().filter(|idea| self.say(by, *idea, new)).collect();
        let after = self.approves_any(by, &entry);
        if let (Some(root), true) = (entry.first(), entry.len() > 1) {
            let votes = self.combined.votes.entry(*root).or_default();
            match (before, after) {
                (false, true) => *votes += 1,
                (true, false) => *votes = votes.saturating_sub(1),
                (true, true) | (false, false) => {}
            }
            if before != after {
                changed.insert(*root);
            }
        }
        let shown =
            |idea| Some(Write::Board(group, BoardWrite::Tally(idea, Some(self.shown_tally(idea, group)?))));
        changed.into_iter().filter(|idea| self.is_on_board(*idea)).filter_map(shown).collect()
    }

    /// Writes on a ballot what a seat says of one idea. True when the vote changed.
    fn say(&mut self, by: SeatKey, id: IdeaId, new: Approval) -> bool {
        let approvals = self.ballots.entry(by).or_default();
        let old = approvals.get(&id).copied();
        if old.is_some_and(|old| new.n <= old.n) {
            return false;
        }
        approvals.insert(id, new);
        let tally = self.tallies.entry(id).or_default();
        match (old.is_some_and(|old| old.on), new.on) {
            (false, true) => *tally += 1,
            (true, false) => *tally = tally.saturating_sub(1),
            (true, true) | (false, false) => return false,
        }
        true
    }

    /// Votes that are known, given or taken back: at most one of each seat on each idea.
    #[cfg(test)]
    pub(in crate::consultation) fn approvals(&self) -> usize {
        self.ballots.values().map(std::collections::BTreeMap::len).sum()
    }

    /// Votes of an entry by the idea that stands for it, and of any other idea by itself.
    #[must_use]
    pub fn tally(&self, idea: IdeaId) -> u32 {
        self.combined.votes.get(&idea).copied().unwrap_or_else(|| self.own_tally(idea))
    }

    /// People who approve exactly this idea, whatever it is combined with.
    #[must_use]
    pub fn own_tally(&self, idea: IdeaId) -> u32 {
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

    pub(in crate::consultation) fn shown_tally(&self, idea: IdeaId, group: GroupId) -> Option<u32> {
        self.tallies_shown(Some(group)).then(|| self.tally(idea))
    }
}
