//! The organizer's control of the plenary vote: open and close it, add a group that was late, let seats vote that came late.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use proto::ids::{GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};

use super::ballot_paper::{ENTRIES_MAX, PaperEntry, ballot_paper, first_of_group, in_scope, places_of_group};
use super::plenary_vote::{Stage, count};
use crate::access::Deed;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::hash::Hash32;
use crate::consultation::state::Consultation;

impl Consultation {
    pub(in crate::consultation) fn decide_open_plenary_vote(
        &self,
        seat: SeatId,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.may_open_plenary_vote(seat)?;
        if !self.plenary_vote_is_open() {
            self.has_room_for_version(&context.limits.versions)?;
        }
        let vote = &self.votes().plenary;
        if vote.stage != Stage::Unopened {
            // The paper stays, and what was said of it.
            let (paper, absent) = (vote.paper.clone(), vote.absent.clone());
            let (_, without_entry) = self.new_paper();
            return Ok(Outcome::plain(Event::PlenaryVoteOpened { paper, absent, without_entry }));
        }
        let (paper, without_entry) = self.new_paper();
        if paper.is_empty() {
            let detail = "There is nothing on the list that everybody could vote on.";
            return Err(Problem::because(Code::NothingThere, detail));
        }
        Ok(Outcome::plain(Event::PlenaryVoteOpened { paper, absent: self.working_groups(), without_entry }))
    }

    /// May this seat open the plenary vote now, whatever the list says?
    ///
    /// # Errors
    /// The reason why not.
    pub fn may_open_plenary_vote(&self, seat: SeatId) -> Result<(), Problem> {
        self.permit(Deed::PlenaryVote, seat, None)?;
        if !self.holds_plenary_vote() {
            return Err(Problem::because(
                Code::NothingThere,
                "This consultation holds no vote of everybody.",
            ));
        }
        let list = self.list();
        let frozen_since =
            self.plenary_vote_stage() == Stage::Closed && list.version != self.votes().plenary.version;
        if list.frozen || frozen_since {
            return Err(Problem::new(Code::ListFrozen));
        }
        if self.announced(None).is_some() {
            let detail = "A change of phase is announced for everybody. Wait for it, or take it back first.";
            return Err(Problem::because(Code::Conflict, detail));
        }
        Ok(())
    }

    pub(in crate::consultation) fn decide_close_plenary_vote(
        &self,
        seat: SeatId,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::PlenaryVote, seat, None)?;
        match self.plenary_vote_stage() {
            Stage::Unopened => Err(Problem::new(Code::PlenaryVoteNotOpen)),
            Stage::Open | Stage::Closed => {
                let drawn = self.votes().plenary.lot.unwrap_or_else(|| Hash32(context.entropy.bytes()));
                Ok(Outcome::plain(Event::PlenaryVoteClosed { lot: drawn }))
            }
        }
    }

    pub(in crate::consultation) fn decide_add_group_to_paper(
        &self,
        seat: SeatId,
        group: GroupId,
    ) -> Result<Outcome, Problem> {
        self.may_add_group_to_paper(seat, group)?;
        let vote = &self.votes().plenary;
        if !vote.absent.contains(&group) {
            // It is there already.
            return Ok(Outcome::plain(Event::GroupAddedToPaper { group, entries: Vec::new() }));
        }
        let list = in_scope(self.listed_entries(), self.founding().settings.ballot_paper);
        let places = places_of_group(self.reporting_groups().len()).max(1);
        let first = first_of_group(&list, group, &self.card_on_paper(group), places);
        let room = ENTRIES_MAX.saturating_sub(vote.paper.len());
        let mut new = 0;
        let entries: Vec<PaperEntry> = first
            .into_iter()
            .filter_map(|at| list.get(at).cloned())
            .filter(|entry| {
                let known = self.is_paper_entry(entry.item);
                new += usize::from(!known);
                known || new <= room
            })
            .collect();
        if entries.is_empty() {
            let detail = "This group sent nothing to the plenary that there is room for on the ballot paper.";
            return Err(Problem::because(Code::NothingThere, detail));
        }
        Ok(Outcome::plain(Event::GroupAddedToPaper { group, entries }))
    }

    /// May this seat put a group's entries on the paper now, whatever the list says?
    ///
    /// # Errors
    /// The reason why not.
    pub fn may_add_group_to_paper(&self, seat: SeatId, group: GroupId) -> Result<(), Problem> {
        self.permit(Deed::PlenaryVote, seat, None)?;
        if !self.groups().contains_key(&group) {
            return Err(Problem::because(Code::NotFound, "There is no such group in this consultation."));
        }
        if !self.plenary_vote_is_open() {
            return Err(Problem::new(Code::PlenaryVoteNotOpen));
        }
        if self.is_working(group) {
            return Err(Problem::new(Code::GroupWorking));
        }
        Ok(())
    }

    pub(in crate::consultation) fn decide_let_voters_in(
        &self,
        seat: SeatId,
        most: Option<u32>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::PlenaryVote, seat, None)?;
        if self.plenary_vote_stage() == Stage::Closed {
            return Err(Problem::new(Code::PlenaryVoteNotOpen));
        }
        let mut seats = self.late_voters();
        seats.truncate(most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX));
        if seats.is_empty() {
            return Err(Problem::because(Code::NothingThere, "Nobody came after the plenary had begun."));
        }
        Ok(Outcome::plain(Event::VotersLetIn { seats }))
    }

    /// Nothing of the list is decided while everybody votes on it.
    pub(in crate::consultation) fn list_is_open_to_decisions(&self) -> Result<(), Problem> {
        if self.plenary_vote_is_open() { Err(Problem::new(Code::PlenaryVoteOpen)) } else { Ok(()) }
    }

    /// Which ideas are one is not decided any more of an idea that everybody votes on, or voted on.
    pub(in crate::consultation) fn is_open_to_combining(&self, ideas: &[IdeaId]) -> Result<(), Problem> {
        if !ideas.iter().any(|idea| self.is_on_paper(*idea)) {
            return Ok(());
        }
        self.list_is_open_to_decisions()?;
        Err(Problem::because(Code::InUse, "Everybody has voted on this entry as it is."))
    }

    /// Has this group not closed its own vote, though people are in it?
    pub(super) fn is_working(&self, group: GroupId) -> bool {
        !self.phase_of(Some(group)).vote_is_over() && self.participants(group) > 0
    }

    /// The groups that have not closed their own vote.
    pub(super) fn working_groups(&self) -> BTreeSet<GroupId> {
        self.groups().keys().copied().filter(|group| self.is_working(*group)).collect()
    }

    /// The groups that share the places of the paper: those in which people are, and those that sent something.
    fn reporting_groups(&self) -> BTreeSet<GroupId> {
        let people = self.participants_of_all();
        let reports = |group: &GroupId| {
            people.get(group).copied().unwrap_or(0) > 0 || !self.card_order(*group).is_empty()
        };
        self.groups().keys().copied().filter(reports).collect()
    }

    /// A group's promoted ideas in its own order: that of its card, and by votes where nobody ordered it.
    fn card_on_paper(&self, group: GroupId) -> Vec<IdeaId> {
        let mut card = self.card_order(group);
        if self.ordered_card(group).is_empty() {
            card.sort_by_key(|idea| Reverse(self.tally(*idea)));
        }
        card
    }

    /// The entries of the list as it is.
    fn listed_entries(&self) -> Vec<PaperEntry> {
        let Some(run) = self.run_facts() else { return Vec::new() };
        let mut entries: Vec<PaperEntry> = run
            .items
            .iter()
            .filter(|(item, facts)| !facts.sources.is_empty() && !self.list().exclude.contains(item))
            .map(|(item, facts)| PaperEntry::of(*item, facts))
            .collect();
        for (idea, item) in &run.beyond {
            let group = self.ideas().get(idea).map(|idea| idea.group());
            if let (Some(group), Some(entry)) = (group, entries.iter_mut().find(|entry| entry.item == *item))
            {
                entry.ideas.push((*idea, group));
            }
        }
        entries
    }

    /// The paper as it would be made now, and how many groups sent something and have nothing on it.
    fn new_paper(&self) -> (Vec<PaperEntry>, u32) {
        let list = in_scope(self.listed_entries(), self.founding().settings.ballot_paper);
        let reporting = self.reporting_groups();
        let cards: BTreeMap<GroupId, Vec<IdeaId>> =
            reporting.iter().map(|group| (*group, self.card_on_paper(*group))).collect();
        // Who still works takes places, and comes onto the paper later.
        let paper = if places_of_group(cards.len()) == 0 {
            let ready = cards.into_iter().filter(|(group, _)| !self.is_working(*group)).collect();
            ballot_paper(&list, &ready)
        } else {
            let ready = |entry: &PaperEntry| entry.ideas.iter().any(|(_, group)| !self.is_working(*group));
            ballot_paper(&list, &cards).into_iter().filter(ready).collect()
        };
        let on_paper: BTreeSet<GroupId> = paper.iter().flat_map(PaperEntry::groups).collect();
        let on_list: BTreeSet<GroupId> = list.iter().flat_map(PaperEntry::groups).collect();
        let without = on_list.difference(&on_paper).filter(|group| !self.is_working(**group)).count();
        (paper, count(without))
    }
}
