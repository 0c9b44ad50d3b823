//! Adoption: people say that they stand by a version of the list (rule C38).
//!
//! It alone holds what they say, under the pseudonyms that seats have in the room. While it is open no number leaves this file. Those
//! who vote in the plenary may adopt, whether a vote was held or not. Objections are responses to entries; while an adoption is open the
//! list does not show them (`list::responses`).

use std::collections::{BTreeMap, HashMap};

use proto::api::adoption::{AdoptionState, OwnAdoption};
use proto::ids::SeatId;
use proto::plenary::People;
use proto::problem::{Code, Problem};
use proto::role::Role;

use crate::access::Deed;
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::projection::Write;
use crate::consultation::state::Consultation;
use crate::journal::SeatKey;

/// What is said of one version.
#[derive(Debug, Default)]
pub(super) struct Adoption {
    /// The version; 0: none was ever opened.
    version: u32,
    open: bool,
    /// Seat → its counter, and whether it stands by the version.
    said: HashMap<SeatKey, (u64, bool)>,
}

/// What seats that left had said.
pub(super) type AdoptionAside = Vec<(SeatKey, (u64, bool))>;

impl Adoption {
    pub(super) fn take_out(&mut self, seats: &[SeatKey]) -> AdoptionAside {
        seats.iter().filter_map(|by| Some((*by, self.said.remove(by)?))).collect()
    }

    pub(super) fn put_back(&mut self, said: AdoptionAside) {
        self.said.extend(said);
    }

    pub(super) fn speakers(&self) -> impl Iterator<Item = &SeatKey> {
        self.said.keys()
    }
}

impl Consultation {
    pub(in crate::consultation) fn decide_open_adoption(
        &self,
        seat: SeatId,
        version: u32,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Adoption, seat, None)?;
        self.list_is_open_to_decisions()?;
        if !self.has_version(version) {
            return Err(Problem::because(Code::NotFound, "There is no such version of the list."));
        }
        Ok(Outcome::plain(Event::AdoptionOpened { version }))
    }

    pub(in crate::consultation) fn decide_close_adoption(&self, seat: SeatId) -> Result<Outcome, Problem> {
        self.permit(Deed::Adoption, seat, None)?;
        if self.votes().adoption.version == 0 {
            return Err(Problem::new(Code::AdoptionNotOpen));
        }
        Ok(Outcome::plain(Event::AdoptionClosed {}))
    }

    pub(in crate::consultation) fn decide_adopt(
        &self,
        seat: SeatId,
        on: bool,
        n: Option<u64>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Adopt, seat, None)?;
        if !self.adoption_is_open() {
            return Err(Problem::new(Code::AdoptionNotOpen));
        }
        if !self.votes().plenary.electorate.contains(&seat) {
            return Err(Problem::new(Code::LateVoter));
        }
        let by = self.stander(seat);
        let old = self.votes().adoption.said.get(&by);
        let n = n.unwrap_or_else(|| old.map_or(1, |(old, _)| old.saturating_add(1)));
        Ok(Outcome::plain(Event::Adopted { by, on, n }))
    }

    /// Do people adopt a version now?
    #[must_use]
    pub fn adoption_is_open(&self) -> bool {
        self.votes().adoption.open
    }

    pub(in crate::consultation) fn is_adopted_version(&self, version: u32) -> bool {
        self.votes().adoption.open && self.votes().adoption.version == version
    }

    pub(in crate::consultation) fn open_adoption(&mut self, version: u32) -> Vec<Write> {
        let adoption = &mut self.votes_mut().adoption;
        if adoption.version != version {
            adoption.said.clear();
        }
        (adoption.version, adoption.open) = (version, true);
        Vec::new()
    }

    pub(in crate::consultation) fn close_adoption(&mut self) -> Vec<Write> {
        self.votes_mut().adoption.open = false;
        Vec::new()
    }

    pub(in crate::consultation) fn adopt(&mut self, by: SeatKey, n: u64, on: bool) -> Vec<Write> {
        if !self.is_adopted_already(by, n, on) || self.is_newer_adoption(by, n) {
            self.votes_mut().adoption.said.insert(by, (n, on));
        }
        Vec::new()
    }

    /// Does the seat say this already, or something newer?
    pub(in crate::consultation) fn is_adopted_already(&self, by: SeatKey, n: u64, on: bool) -> bool {
        let said = self.votes().adoption.said.get(&by);
        said.map_or(!on, |(old, said)| n <= *old || *said == on)
    }

    pub(in crate::consultation) fn is_newer_adoption(&self, by: SeatKey, n: u64) -> bool {
        self.votes().adoption.said.get(&by).is_none_or(|(old, _)| n > *old)
    }

    pub(in crate::consultation) fn has_adopted(&self, by: SeatKey) -> bool {
        self.votes().adoption.said.contains_key(&by)
    }

    /// The version that was or is adopted, and how many stand by it, as it may be told; none while it is open.
    #[must_use]
    pub fn adoption_result(&self) -> Option<(u32, People, u32)> {
        let adoption = &self.votes().adoption;
        let voters = count(self.votes().plenary.electorate.len());
        (adoption.version > 0 && !adoption.open).then(|| (adoption.version, self.adopted_of(voters), voters))
    }

    /// How many stand by it, as it may be told beside the number of voters.
    pub(in crate::consultation) fn adopted_of(&self, voters: u32) -> People {
        let adopted = count(self.votes().adoption.said.values().filter(|(_, on)| *on).count());
        let parts = BTreeMap::from([(true, adopted), (false, voters.saturating_sub(adopted))]);
        People::parts(&parts).get(&true).copied().unwrap_or(People::Number(0))
    }

    pub(in crate::consultation) fn adoption_turnout(&self) -> (u32, u32) {
        (self.votes().adoption.version, count(self.votes().plenary.electorate.len()))
    }

    /// The adoption as everybody sees it.
    pub(in crate::consultation) fn adoption_state(&self) -> Option<AdoptionState> {
        let (version, open) = (self.votes().adoption.version, self.votes().adoption.open);
        let voters = count(self.votes().plenary.electorate.len());
        let adopted = (!open).then(|| self.adopted_of(voters));
        (version > 0).then_some(AdoptionState { version, open, voters, adopted })
    }

    /// What a participant is told of its own part.
    pub(in crate::consultation) fn own_adoption(&self, seat: SeatId) -> Option<OwnAdoption> {
        let adoption = &self.votes().adoption;
        let is_participant = self.actor(seat).is_some_and(|actor| actor.role == Role::Participant);
        let said = adoption.said.get(&self.stander(seat));
        (is_participant && adoption.version > 0).then(|| OwnAdoption {
            may_adopt: self.votes().plenary.electorate.contains(&seat),
            adopts: said.is_some_and(|(_, on)| *on),
        })
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
