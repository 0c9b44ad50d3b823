//! What seats say in the plenary vote: one approval or none of each entry, by a counter; the highest counter stands.

use proto::ids::{IdeaId, SeatId};
use proto::problem::{Code, Problem};

use super::ballot_box::Approval;
use crate::access::Deed;
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::projection::Write;
use crate::consultation::state::Consultation;
use crate::journal::SeatKey;

/// Approvals in the plenary know no opening: the words of an entry do not change while it is voted on.
const OPENING: u32 = 0;

impl Consultation {
    pub(in crate::consultation) fn decide_approve_entry(
        &self,
        seat: SeatId,
        item: IdeaId,
        on: bool,
        n: Option<u64>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::ApproveEntry, seat, None)?;
        if !self.plenary_vote_is_open() {
            return Err(Problem::new(Code::PlenaryVoteNotOpen));
        }
        let vote = &self.votes().plenary;
        if !vote.electorate.contains(&seat) {
            return Err(Problem::new(Code::LateVoter));
        }
        let entry = vote.paper.iter().find(|entry| entry.item == item);
        if !entry.is_some_and(|entry| self.is_entry_shown(entry)) {
            return Err(Problem::because(Code::NotFound, "There is no such entry on the ballot paper."));
        }
        let by = self.stander(seat);
        let old = vote.ballots.of(by).and_then(|ballot| ballot.get(&item));
        let n = n.unwrap_or_else(|| old.map_or(1, |old| old.n().saturating_add(1)));
        Ok(Outcome::plain(Event::EntryApproved { by, item, on, n }))
    }

    pub(in crate::consultation) fn approve_entry(
        &mut self,
        by: SeatKey,
        item: IdeaId,
        n: u64,
        on: bool,
    ) -> Vec<Write> {
        // What a seat says first counts it among those who voted, also when it approves nothing.
        self.votes_mut().plenary.ballots.say(by, item, &[item], Approval::new(n, on, OPENING));
        Vec::new()
    }

    /// Does the seat say this of the entry already, or something newer?
    pub(in crate::consultation) fn is_entry_approved_already(
        &self,
        by: SeatKey,
        item: IdeaId,
        n: u64,
        on: bool,
    ) -> bool {
        let said = self.votes().plenary.ballots.of(by).and_then(|ballot| ballot.get(&item));
        said.is_some_and(|old| n <= old.n() || old.on() == on)
    }

    /// Has this a newer counter than what the seat said of the entry before?
    pub(in crate::consultation) fn is_newer_on_entry(&self, by: SeatKey, item: IdeaId, n: u64) -> bool {
        let said = self.votes().plenary.ballots.of(by).and_then(|ballot| ballot.get(&item));
        said.is_none_or(|old| n > old.n())
    }

    /// Did the seat ever say anything of this entry?
    pub(in crate::consultation) fn has_voted_on_entry(&self, by: SeatKey, item: IdeaId) -> bool {
        self.votes().plenary.ballots.of(by).is_some_and(|ballot| ballot.contains_key(&item))
    }
}
