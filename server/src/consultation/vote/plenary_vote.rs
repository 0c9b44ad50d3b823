//! The plenary vote: who may vote, on which entries, and what is counted (rule C34).
//!
//! It alone holds its ballots, in a ballot box like that of the groups' votes, by entry of the list and under the pseudonyms that
//! seats have in the room. While it is open no tally leaves this file. An entry whose idea is hidden is not on the paper as long
//! as it is hidden, and its approvals do not count; shown again it is there with them, as in the groups' votes (C9): otherwise one
//! false report would cost an entry its votes. What is decided about it is in `plenary_control`, what seats say in
//! `plenary_ballots`.

use std::collections::{BTreeSet, HashSet};

use proto::api::plenary_vote::{
    OwnPlenaryVote, PaperEntryState, PlenaryVoteHeld, PlenaryVoteStage, PlenaryVoteState,
};
use proto::ids::{GroupId, IdeaId, SeatId};
use proto::phase::Phase;
use proto::plenary::People;
use proto::role::Role;

use super::adoption::AdoptionAside;
use super::ballot_box::{BallotBox, VotesAside};
use super::ballot_paper::PaperEntry;
use crate::consultation::hash::Hash32;
use crate::consultation::ideas::idea::Idea;
use crate::consultation::projection::{PlenaryWrite, Write};
use crate::consultation::state::Consultation;
use crate::consultation::vote::Votes;
use crate::journal::SeatKey;

/// How far it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Stage {
    /// It was never opened.
    #[default]
    Unopened,
    /// Seats vote.
    Open,
    /// It is closed; until the list is frozen it may be opened again.
    Closed,
}

/// All of the plenary vote.
#[derive(Debug, Default)]
pub(super) struct PlenaryVote {
    pub(super) stage: Stage,
    /// In the order of the list when it was made; entries of late groups follow.
    pub(super) paper: Vec<PaperEntry>,
    pub(super) electorate: HashSet<SeatId>,
    pub(super) ballots: BallotBox,
    /// Groups that had not closed their own vote when the paper was made, and were not added since.
    pub(super) absent: BTreeSet<GroupId>,
    /// Groups that sent something to the plenary and have no entry on the paper.
    without_entry: u32,
    /// By it ties are broken; drawn when it was closed for the first time.
    pub(super) lot: Option<Hash32>,
    /// How often the list had been frozen when it was closed.
    pub(super) version: u32,
}

/// What seats that left had said, and which of them might vote.
#[derive(Debug, Default)]
pub(in crate::consultation) struct VotersAside {
    votes: VotesAside,
    adoption: AdoptionAside,
    seats: Vec<SeatId>,
}

/// What a merge run reads of a plenary vote that is closed.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct PlenaryResult {
    pub paper: Vec<PaperEntry>,
    /// The group of each seat that voted, and the entries that it approves.
    pub ballots: Vec<(SeatKey, GroupId, Vec<IdeaId>)>,
    pub lot: Hash32,
}

impl Consultation {
    /// Is a plenary vote held here?
    #[must_use]
    pub fn holds_plenary_vote(&self) -> bool {
        match self.founding().settings.plenary_vote {
            PlenaryVoteHeld::On => true,
            PlenaryVoteHeld::Off => false,
            PlenaryVoteHeld::Auto => self.groups().len() > 1,
        }
    }

    /// How far the plenary vote is.
    #[must_use]
    pub const fn plenary_vote_stage(&self) -> Stage {
        self.votes().plenary.stage
    }

    /// Do seats vote in the plenary now?
    #[must_use]
    pub fn plenary_vote_is_open(&self) -> bool {
        self.plenary_vote_stage() == Stage::Open
    }

    /// Was it ever opened?
    pub(in crate::consultation) fn plenary_vote_was_opened(&self) -> bool {
        self.plenary_vote_stage() != Stage::Unopened
    }

    /// Is this idea in an entry of the paper?
    pub(in crate::consultation) fn is_on_paper(&self, idea: IdeaId) -> bool {
        let paper = &self.votes().plenary.paper;
        paper.iter().any(|entry| entry.ideas.iter().any(|(id, _)| *id == idea))
    }

    /// Is this entry of the list on the paper?
    pub(in crate::consultation) fn is_paper_entry(&self, item: IdeaId) -> bool {
        self.votes().plenary.paper.iter().any(|entry| entry.item == item)
    }

    /// Entries of the list whose words nobody may change now.
    pub(in crate::consultation) fn fixed_entries(&self) -> Vec<IdeaId> {
        let paper = self.votes().plenary.paper.iter().filter(|_| self.plenary_vote_is_open());
        paper.map(|entry| entry.item).collect()
    }

    /// Is the idea that has this entry's words to be seen?
    pub(super) fn is_entry_shown(&self, entry: &PaperEntry) -> bool {
        self.ideas().get(&entry.anchor).is_some_and(Idea::is_shown)
    }

    /// Does the list lack the words of an entry of the paper? What was hidden and is shown again comes back with the next run.
    #[must_use]
    pub fn list_lacks_paper_entry(&self) -> bool {
        let on_list: HashSet<IdeaId> = self
            .run_facts()
            .map(|run| run.sources().map(|source| source.idea).chain(run.beyond.keys().copied()).collect())
            .unwrap_or_default();
        let mut shown = self.votes().plenary.paper.iter().filter(|entry| self.is_entry_shown(entry));
        shown.any(|entry| !on_list.contains(&entry.anchor))
    }

    /// Those who vote in the plenary are the seats that are in a group now: it begins.
    pub(in crate::consultation) fn gather_electorate(&mut self) {
        if self.plenary_vote_was_opened() {
            return;
        }
        let here: HashSet<SeatId> = self.joined_seats().collect();
        self.votes_mut().plenary.electorate = here;
    }

    /// Seats of participants that are in a group, and neither wait at the door nor are closed.
    fn joined_seats(&self) -> impl Iterator<Item = SeatId> {
        let joined = self.seats().iter().filter(|(id, seat)| {
            seat.role() == Role::Participant
                && seat.group().is_some()
                && !seat.waits()
                && !self.is_closed(**id)
        });
        joined.map(|(id, _)| *id)
    }

    /// Seats that came after the plenary had begun, in the order in which they came.
    pub(super) fn late_voters(&self) -> Vec<SeatId> {
        let electorate = &self.votes().plenary.electorate;
        let mut late: Vec<SeatId> = self.joined_seats().filter(|seat| !electorate.contains(seat)).collect();
        late.sort_unstable_by_key(|seat| self.seats().get(seat).map(|seat| seat.order()));
        late
    }

    pub(in crate::consultation) fn open_plenary_vote(
        &mut self,
        paper: &[PaperEntry],
        absent: &BTreeSet<GroupId>,
        without_entry: u32,
    ) -> Vec<Write> {
        let vote = &mut self.votes_mut().plenary;
        vote.stage = Stage::Open;
        vote.paper = paper.to_vec();
        vote.absent.clone_from(absent);
        vote.without_entry = without_entry;
        self.owe_version(true);
        self.fix_words()
    }

    pub(in crate::consultation) fn close_plenary_vote(&mut self, lot: Hash32) -> Vec<Write> {
        let version = self.list().version;
        let vote = &mut self.votes_mut().plenary;
        vote.stage = Stage::Closed;
        vote.lot = vote.lot.or(Some(lot));
        vote.version = version;
        self.owe_version(false);
        let mut writes = self.fix_words();
        writes.extend(self.version_shown().map(|shown| Write::Plenary(PlenaryWrite::Version(shown))));
        writes
    }

    /// A group's entries come onto the paper; of one that is there already further ideas belong to it.
    pub(in crate::consultation) fn add_group_to_paper(
        &mut self,
        group: GroupId,
        entries: &[PaperEntry],
    ) -> Vec<Write> {
        let vote = &mut self.votes_mut().plenary;
        vote.absent.remove(&group);
        for entry in entries {
            match vote.paper.iter_mut().find(|known| known.item == entry.item) {
                Some(known) => known.ideas.clone_from(&entry.ideas),
                None => vote.paper.push(entry.clone()),
            }
        }
        self.fix_words()
    }

    pub(in crate::consultation) fn let_voters_in(&mut self, seats: &[SeatId]) -> Vec<Write> {
        self.votes_mut().plenary.electorate.extend(seats);
        Vec::new()
    }

    fn fix_words(&self) -> Vec<Write> {
        vec![Write::Plenary(PlenaryWrite::FixedWords(self.fixed_entries()))]
    }

    /// Seats leave the plenary vote with what they said in it.
    pub(in crate::consultation) fn leave_plenary_vote(
        &mut self,
        seats: &[SeatId],
        stands: &HashSet<SeatKey>,
        votes_stay: bool,
    ) -> VotersAside {
        let stands: Vec<SeatKey> = stands.iter().copied().collect();
        // Where their votes stay because they are few, who voted goes on counting among the voters.
        let stay: HashSet<SeatId> = seats.iter().copied().filter(|_| votes_stay).collect();
        let voted = |seat: &SeatId| stay.contains(seat) && self.has_voted_in_plenary(*seat);
        let leave: Vec<SeatId> = seats.iter().copied().filter(|seat| !voted(seat)).collect();
        let all = self.votes_mut();
        let (votes, adoption) = if votes_stay {
            (VotesAside::default(), AdoptionAside::default())
        } else {
            (all.plenary.ballots.take_out(&stands, |_| false).0, all.adoption.take_out(&stands))
        };
        let seats = leave.into_iter().filter(|seat| all.plenary.electorate.remove(seat)).collect();
        VotersAside { votes, adoption, seats }
    }

    /// Seats that are there again say what they said.
    pub(in crate::consultation) fn return_to_plenary_vote(&mut self, aside: VotersAside) {
        let vote = &mut self.votes_mut().plenary;
        vote.electorate.extend(aside.seats);
        vote.ballots.put_back(aside.votes);
        self.votes_mut().adoption.put_back(aside.adoption);
    }

    fn has_voted_in_plenary(&self, seat: SeatId) -> bool {
        let by = self.stander(seat);
        self.votes().plenary.ballots.of(by).is_some() || self.has_adopted(by)
    }

    /// The seats that said anything in the plenary vote, by the pseudonyms that they have in the room.
    pub(in crate::consultation) fn plenary_voters(&self) -> impl Iterator<Item = &SeatKey> {
        let Votes { plenary, adoption, .. } = self.votes();
        let voted = plenary.ballots.all().map(|(by, _)| by);
        voted.chain(adoption.speakers().filter(|by| plenary.ballots.of(**by).is_none()))
    }

    /// What a run reads of the vote; none until it is closed.
    #[must_use]
    pub fn plenary_result(&self) -> Option<PlenaryResult> {
        let vote = &self.votes().plenary;
        let (Stage::Closed, Some(lot)) = (vote.stage, vote.lot) else { return None };
        let shown: Vec<&PaperEntry> = vote.paper.iter().filter(|entry| self.is_entry_shown(entry)).collect();
        let ballot = |(by, said): (&SeatKey, &super::ballot_box::SeatBallot)| {
            let group = self.seats().get(&self.voter(by)?)?.group()?;
            let approved = shown.iter().map(|entry| entry.item);
            let approved: Vec<IdeaId> =
                approved.filter(|item| said.get(item).is_some_and(|one| one.on())).collect();
            (!approved.is_empty()).then_some((*by, group, approved))
        };
        let ballots = vote.ballots.all().filter_map(ballot).collect();
        Some(PlenaryResult { paper: shown.into_iter().cloned().collect(), ballots, lot })
    }

    /// The vote as everybody sees it; none before the plenary, and where none is held.
    pub(in crate::consultation) fn plenary_vote_state(&self) -> Option<PlenaryVoteState> {
        let vote = &self.votes().plenary;
        let begun = self.phase() >= Phase::Plenary || self.plenary_vote_was_opened();
        if !begun || !(self.holds_plenary_vote() || self.plenary_vote_was_opened()) {
            return None;
        }
        let closed = vote.stage == Stage::Closed;
        let entry = |entry: &PaperEntry| PaperEntryState {
            item: entry.item,
            section: entry.section,
            groups: entry.groups().into_iter().collect(),
            approvals: closed.then(|| People::of(vote.ballots.own_tally(entry.item))),
        };
        let absent = match vote.stage {
            Stage::Unopened => self.working_groups(),
            Stage::Open | Stage::Closed => vote.absent.clone(),
        };
        let (ready, working) = absent.into_iter().partition(|group| !self.is_working(*group));
        Some(PlenaryVoteState {
            stage: match vote.stage {
                Stage::Unopened => PlenaryVoteStage::Waiting,
                Stage::Open => PlenaryVoteStage::Open,
                Stage::Closed => PlenaryVoteStage::Closed,
            },
            paper: vote.paper.iter().filter(|entry| self.is_entry_shown(entry)).map(entry).collect(),
            voters: count(vote.electorate.len()),
            voted: count(vote.ballots.all().count()),
            late: count(self.late_voters().len()),
            working,
            ready,
            without_entry: vote.without_entry,
        })
    }

    /// What a participant is told of its own part; none before the vote was opened.
    pub(in crate::consultation) fn own_plenary_vote(&self, seat: SeatId) -> Option<OwnPlenaryVote> {
        let vote = &self.votes().plenary;
        let is_participant = self.actor(seat).is_some_and(|actor| actor.role == Role::Participant);
        if !is_participant || !self.plenary_vote_was_opened() {
            return None;
        }
        let said = vote.ballots.of(self.stander(seat));
        let approved = said.into_iter().flatten().filter(|(_, one)| one.on()).map(|(item, _)| *item);
        Some(OwnPlenaryVote {
            may_vote: vote.electorate.contains(&seat),
            voted: said.is_some(),
            approved: approved.collect(),
        })
    }

    /// How many approve an entry, also while it is a secret: for tests that look behind it.
    #[must_use]
    #[cfg(test)]
    pub fn plenary_tally(&self, item: IdeaId) -> u32 {
        self.votes().plenary.ballots.own_tally(item)
    }

    /// An idea is gone for good: an entry of its words alone is off the paper, and every vote on it.
    pub(in crate::consultation) fn forget_in_plenary_vote(&mut self, idea: IdeaId) {
        let vote = &mut self.votes_mut().plenary;
        let gone: Vec<IdeaId> =
            vote.paper.iter().filter(|entry| entry.anchor == idea).map(|entry| entry.item).collect();
        vote.paper.retain(|entry| entry.anchor != idea);
        for entry in &mut vote.paper {
            entry.ideas.retain(|(id, _)| *id != idea);
        }
        gone.into_iter().for_each(|item| vote.ballots.forget(item));
    }

    /// What the ledger says of its end: who might vote, and who did.
    pub(in crate::consultation) fn plenary_turnout(&self) -> (u32, u32) {
        let vote = &self.votes().plenary;
        (count(vote.electorate.len()), count(vote.ballots.all().count()))
    }
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
