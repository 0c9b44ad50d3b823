//! Ballots: which ideas a seat approves, and the tallies that come of it.
//!
//! A ballot is kept under the seat's pseudonym, in the ballot box (`ballot_box`). Of two decisions on one idea the one with the
//! higher counter stands, in whatever order they arrive. Ideas that are combined are voted on as one (`ideas::combining`); a
//! ballot is never rewritten. Here is who may vote, on what, and what boards show of it.

use std::collections::{BTreeMap, BTreeSet};

use proto::api::consultation::Tallies;
use proto::ids::{GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};

use crate::access::Deed;
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::people::removal::few_votes::Tally;
use crate::consultation::projection::{BoardWrite, Write};
use crate::consultation::secret::pseudonym;
use crate::consultation::state::Consultation;
use crate::consultation::vote::ballot_box::{Approval, VotesAside};
use crate::journal::SeatKey;
use crate::seeded_defects;

impl Consultation {
    /// Every ballot that is not empty: the seat's home group and the ideas it approves.
    pub fn ballots(&self) -> impl Iterator<Item = (SeatKey, GroupId, Vec<IdeaId>)> {
        self.votes().ballots.all().filter_map(|(key, approvals)| {
            let group = self.seats().get(&self.voter(key)?)?.group()?;
            let approved: Vec<_> =
                approvals.iter().filter(|(id, a)| a.on() && self.counts(**id)).map(|(id, _)| *id).collect();
            (!approved.is_empty()).then_some((*key, group, approved))
        })
    }

    /// How many of a group approve anything.
    pub(in crate::consultation) fn voters_of(&self, group: GroupId) -> u32 {
        let at_home = |key| self.voter(key).and_then(|seat| self.seats().get(&seat)?.group()) == Some(group);
        let voted = self.votes().ballots.all().filter(|(key, ballot)| {
            at_home(*key) && ballot.iter().any(|(id, approval)| approval.on() && self.counts(*id))
        });
        u32::try_from(voted.count()).unwrap_or(u32::MAX)
    }

    /// Does an approval of this idea count, and use the budget? Not while the idea is hidden or says nothing.
    pub(in crate::consultation) fn counts(&self, idea: IdeaId) -> bool {
        self.ideas().get(&idea).is_some_and(|idea| !idea.is_taken_off()) && !self.is_empty_now(idea)
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
        let by = pseudonym(&self.keys().ballots, seat);
        let taken_back = !on && self.approves_any(by, &self.entry_of(id));
        self.permit(Deed::Approve, seat, if taken_back { home } else { Some(idea.group()) })?;
        if !idea.is_open() {
            return Err(Problem::because(Code::NotFound, "There is no such idea on a board."));
        }
        let ballot = self.votes().ballots.of(by);
        // Of ideas that are one, the one that stands for all is voted on, with the counters of all.
        let entry = self.entry_of(id);
        let id = entry.first().copied().unwrap_or(id);
        let said = entry.iter().filter_map(|idea| ballot?.get(idea));
        let old = said.copied().reduce(Approval::or);
        let n = n.unwrap_or_else(|| old.map_or(1, |old| old.n().saturating_add(1)));
        let changes = old.is_none_or(|old| n > old.n() && on != old.on());
        if on && changes {
            self.says_something(id)?;
            let used = self.approved_entries(by).len();
            let over = self.founding().settings.votes.is_some_and(|votes| used >= votes as usize);
            if over && !seeded_defects::is("budget-off") {
                return Err(Problem::new(Code::OverBudget));
            }
        }
        Ok(Outcome::plain(Event::Approved { by, idea: id, on, n }))
    }

    /// Did the seat say something newer of an idea of the entry that is meant?
    pub(in crate::consultation) fn is_older(&self, by: SeatKey, id: IdeaId, n: u64) -> bool {
        let ballot = self.votes().ballots.of(by);
        let entry = self.entry_of(id);
        entry.iter().filter_map(|idea| ballot?.get(idea)).any(|said| n <= said.n())
    }

    /// Does the ballot say this already, of every idea of the entry that is meant, or something newer?
    pub(in crate::consultation) fn is_said_already(&self, by: SeatKey, id: IdeaId, n: u64, on: bool) -> bool {
        let opening = self.ideas().get(&id).map_or(0, |idea| self.openings_of(idea.group()));
        let said = |idea: &IdeaId| self.votes().ballots.of(by).and_then(|ballot| ballot.get(idea));
        // Ideas that are one share their counters: what is older than the newest of them says nothing any more, of none of them.
        if self.is_older(by, id, n) && !seeded_defects::is("older-vote-wins") {
            return true;
        }
        let meant = |idea: &IdeaId| *idea == id || (!on && self.approves_any(by, &[*idea]));
        self.entry_of(id).iter().chain([&id]).filter(|idea| meant(idea)).all(|idea| match said(idea) {
            None => !on,
            // Who approves again after the vote opened again confirms it.
            Some(old) if seeded_defects::is("older-vote-wins") => on == old.on(),
            Some(old) => n <= old.n() || (old.on() == on && (!on || old.opening() == opening)),
        })
    }

    /// The entries that a seat approves: ideas that are one count once.
    pub(in crate::consultation) fn approved_entries(&self, by: SeatKey) -> BTreeSet<IdeaId> {
        let ballot = self.votes().ballots.of(by);
        let approved = ballot.into_iter().flatten().filter(|(idea, a)| a.on() && self.counts(**idea));
        approved.map(|(idea, _)| self.root_of(*idea)).collect()
    }

    /// Takes in what a seat says of an entry by one of its ideas.
    pub(in crate::consultation) fn approve(
        &mut self,
        by: SeatKey,
        id: IdeaId,
        n: u64,
        on: bool,
    ) -> Vec<Write> {
        let Some(group) = self.ideas().get(&id).map(|idea| idea.group()) else { return Vec::new() };
        let opening = self.openings_of(group);
        let entry = self.entry_of(id);
        let changed = self.votes_mut().ballots.say(by, id, &entry, Approval::new(n, on, opening));
        self.show_tallies(changed)
    }

    /// What boards show of these ideas, whose votes changed.
    fn show_tallies(&self, changed: BTreeSet<IdeaId>) -> Vec<Write> {
        let shown = |idea: IdeaId| {
            let group = self.ideas().get(&idea)?.group();
            let tally = Some(self.shown_tally(idea, group)?);
            Some(Write::Board(group, BoardWrite::Tally(idea, tally)))
        };
        changed.into_iter().filter(|idea| self.is_on_board(*idea)).filter_map(shown).collect()
    }

    /// Counts the votes of the entries that these ideas stand for.
    pub(in crate::consultation) fn recount(&mut self, ideas: &BTreeSet<IdeaId>) {
        for idea in ideas {
            let leads = self.root_of(*idea) == *idea;
            let entry = if leads { self.entry_of(*idea) } else { Vec::new() };
            self.votes_mut().ballots.count_entry(*idea, &entry.into_iter().collect());
        }
    }

    /// Counts the entries of ideas whose own tallies changed, and says what boards show of them.
    fn recount_entries_of(&mut self, mut changed: BTreeSet<IdeaId>) -> Vec<Write> {
        // Who approved several ideas of one entry is one vote of it: entries are counted anew.
        let roots: BTreeSet<IdeaId> = changed.iter().map(|idea| self.root_of(*idea)).collect();
        self.recount(&roots);
        changed.extend(roots);
        self.show_tallies(changed)
    }

    /// Takes the votes of these seats out of every tally but those that are kept.
    pub(in crate::consultation) fn take_votes_out(
        &mut self,
        seats: &[SeatKey],
        kept: &BTreeSet<Tally>,
    ) -> (VotesAside, Vec<Write>) {
        let group_of = |id| self.ideas().get(id).map(|idea| idea.group());
        let voted = seats.iter().filter_map(|by| self.votes().ballots.of(*by)).flat_map(BTreeMap::keys);
        let stay: BTreeSet<IdeaId> = voted
            .filter(|id| group_of(id).is_some_and(|group| kept.contains(&Tally::Vote(group))))
            .copied()
            .collect();
        let (aside, fell) = self.votes_mut().ballots.take_out(seats, |id| stay.contains(id));
        (aside, self.recount_entries_of(fell))
    }

    /// Puts votes back that were taken out.
    pub(in crate::consultation) fn put_votes_back(&mut self, aside: VotesAside) -> Vec<Write> {
        let rose = self.votes_mut().ballots.put_back(aside);
        self.recount_entries_of(rose)
    }

    /// An idea stands for no entry now: it is taken off its board.
    pub(in crate::consultation) fn forget_entry_votes(&mut self, idea: IdeaId) {
        self.votes_mut().ballots.forget_entry(idea);
    }

    /// An idea is gone for good, and every vote on it.
    pub(in crate::consultation) fn forget_votes(&mut self, idea: IdeaId) {
        self.votes_mut().ballots.forget(idea);
        self.forget_in_plenary_vote(idea);
        self.forget_rewording(idea);
    }

    /// Votes that are known, given or taken back: at most one of each seat on each idea.
    #[cfg(test)]
    pub(in crate::consultation) fn approvals(&self) -> usize {
        self.votes().ballots.all().map(|(_, ballot)| ballot.len()).sum()
    }

    /// Everything that every ballot says, to be compared.
    #[cfg(test)]
    pub(in crate::consultation) fn every_ballot(&self) -> BTreeMap<SeatKey, String> {
        self.votes().ballots.all().map(|(by, ballot)| (*by, format!("{ballot:?}"))).collect()
    }

    /// Every approval: whose it is, and of which idea, in any order.
    pub(in crate::consultation) fn approvals_given(&self) -> impl Iterator<Item = (SeatKey, IdeaId)> {
        self.votes()
            .ballots
            .all()
            .flat_map(|(by, ballot)| ballot.iter().filter(|(_, one)| one.on()).map(|(idea, _)| (*by, *idea)))
    }

    /// Who ever said anything of an idea, by the pseudonyms of ballots.
    pub(in crate::consultation) fn ballot_keys(&self) -> impl Iterator<Item = &SeatKey> {
        self.votes().ballots.all().map(|(by, _)| by)
    }

    /// Did this seat ever say anything of this idea?
    pub(in crate::consultation) fn has_voted_on(&self, by: SeatKey, idea: IdeaId) -> bool {
        self.votes().ballots.of(by).is_some_and(|ballot| ballot.contains_key(&idea))
    }

    /// Does this seat approve one of these?
    pub(in crate::consultation) fn approves_any(&self, by: SeatKey, ideas: &[IdeaId]) -> bool {
        self.votes().ballots.approves_any(by, ideas)
    }

    /// Seats that approve one of these ideas, hidden or not.
    #[must_use]
    pub fn supporters(&self, ideas: &BTreeSet<IdeaId>) -> Vec<SeatId> {
        let supporters = self.votes().ballots.supporters(ideas);
        supporters.filter_map(|key| self.voter(&key)).collect()
    }

    /// Votes of an entry by the idea that stands for it, and of any other idea by itself.
    #[must_use]
    pub fn tally(&self, idea: IdeaId) -> u32 {
        self.votes().ballots.tally(idea)
    }

    /// People who approve exactly this idea, whatever it is combined with.
    #[must_use]
    pub fn own_tally(&self, idea: IdeaId) -> u32 {
        self.votes().ballots.own_tally(idea)
    }

    /// May people of this group see tallies now?
    #[must_use]
    pub fn tallies_shown(&self, group: Option<GroupId>) -> bool {
        match self.founding().settings.tallies {
            Tallies::Live => true,
            Tallies::Hidden => self.phase_of(group).vote_is_over(),
        }
    }

    pub(in crate::consultation) fn shown_tally(&self, idea: IdeaId, group: GroupId) -> Option<u32> {
        self.tallies_shown(Some(group)).then(|| self.tally(idea))
    }
}
