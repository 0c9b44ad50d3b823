//! The ballot box: every ballot, and the tallies that are counted as ballots change.
//!
//! It alone writes ballots and tallies, so a tally is always the sum of the ballots: of each idea by itself, and of each entry
//! of several ideas, where a person counts once. Which ideas are an entry and which of them count its callers say; the box
//! knows pseudonyms and ids, and neither seats nor boards.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proto::ids::IdeaId;

use crate::journal::SeatKey;
use crate::seeded_defects;

/// What a seat says of an idea, by its own counter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Approval {
    n: u64,
    on: bool,
    opening: u32,
}

impl Approval {
    /// Says that a seat approves an idea, or does not, at this opening of its group's vote.
    pub(super) const fn new(n: u64, on: bool, opening: u32) -> Self {
        Self { n, on, opening }
    }

    /// What is said of two ideas that are one: approved if either is, with the counters of both.
    pub(super) const fn or(self, other: Self) -> Self {
        let n = if self.n > other.n { self.n } else { other.n };
        Self { n, on: self.on || other.on, opening: self.opening }
    }

    /// The counter: the higher one stands.
    pub(super) const fn n(self) -> u64 {
        self.n
    }

    /// Does it approve the idea?
    pub(super) const fn on(self) -> bool {
        self.on
    }

    /// At which opening of its group's vote it was said.
    pub(super) const fn opening(self) -> u32 {
        self.opening
    }
}

/// What a seat says, by idea.
pub(super) type SeatBallot = BTreeMap<IdeaId, Approval>;

/// Ballots and what is counted from them.
#[derive(Debug, Default)]
pub(super) struct BallotBox {
    ballots: HashMap<SeatKey, SeatBallot>,
    /// Approvals of each idea by itself.
    tallies: HashMap<IdeaId, u32>,
    /// Votes of each entry that is more than one idea, by the idea that stands for it.
    entries: BTreeMap<IdeaId, u32>,
}

/// Votes that were taken out of the box, to be put back perhaps.
#[derive(Debug, Default)]
pub(in crate::consultation) struct VotesAside(Vec<(SeatKey, SeatBallot)>);

impl BallotBox {
    /// The ballot of a seat, if it ever said anything.
    pub(super) fn of(&self, by: SeatKey) -> Option<&SeatBallot> {
        self.ballots.get(&by)
    }

    /// Every ballot.
    pub(super) fn all(&self) -> impl Iterator<Item = (&SeatKey, &SeatBallot)> {
        self.ballots.iter()
    }

    /// Votes of an entry by the idea that stands for it, and of any other idea by itself.
    pub(super) fn tally(&self, idea: IdeaId) -> u32 {
        self.entries.get(&idea).copied().unwrap_or_else(|| self.own_tally(idea))
    }

    /// Approvals of exactly this idea.
    pub(super) fn own_tally(&self, idea: IdeaId) -> u32 {
        self.tallies.get(&idea).copied().unwrap_or(0)
    }

    /// Does this seat approve one of these?
    pub(super) fn approves_any(&self, by: SeatKey, ideas: &[IdeaId]) -> bool {
        let ballot = self.ballots.get(&by);
        ballot.is_some_and(|ballot| ideas.iter().any(|idea| ballot.get(idea).is_some_and(|a| a.on)))
    }

    /// Who approves one of these.
    pub(super) fn supporters<'a>(
        &'a self,
        ideas: &'a BTreeSet<IdeaId>,
    ) -> impl Iterator<Item = SeatKey> + 'a {
        self.ballots.iter().filter(|(_, ballot)| approves_one(ballot, ideas)).map(|(by, _)| *by)
    }

    /// Takes in what a seat says of an entry (the idea that stands for it first) by one of its ideas. An approval stands on
    /// that idea; who takes the approval of an entry back takes back what it gave to any of them. Gives the ideas whose votes
    /// changed.
    pub(super) fn say(
        &mut self,
        by: SeatKey,
        id: IdeaId,
        entry: &[IdeaId],
        new: Approval,
    ) -> BTreeSet<IdeaId> {
        let before = self.approves_any(by, entry);
        let given = |idea: &IdeaId| self.approves_any(by, &[*idea]);
        let meant: Vec<IdeaId> =
            entry.iter().copied().filter(|idea| *idea == id || (!new.on && given(idea))).collect();
        let mut changed: BTreeSet<IdeaId> =
            meant.into_iter().filter(|idea| self.say_of_one(by, *idea, new)).collect();
        let after = self.approves_any(by, entry);
        if let (Some(root), true) = (entry.first(), entry.len() > 1) {
            let votes = self.entries.entry(*root).or_default();
            match (before, after) {
                (false, true) => *votes += 1,
                (true, false) => *votes = votes.saturating_sub(1),
                (true, true) | (false, false) => {}
            }
            if before != after {
                changed.insert(*root);
            }
        }
        changed
    }

    /// Writes on a ballot what a seat says of one idea. True when the vote changed.
    fn say_of_one(&mut self, by: SeatKey, id: IdeaId, new: Approval) -> bool {
        let ballot = self.ballots.entry(by).or_default();
        let old = ballot.get(&id).copied();
        if old.is_some_and(|old| new.n <= old.n) && !seeded_defects::is("older-vote-wins") {
            return false;
        }
        ballot.insert(id, new);
        let tally = self.tallies.entry(id).or_default();
        match (old.is_some_and(|old| old.on), new.on) {
            (false, true) => *tally += 1,
            (true, false) => *tally = tally.saturating_sub(1),
            (true, true) | (false, false) => return false,
        }
        true
    }

    /// Counts the votes of what an idea stands for: an entry of more than one idea, or nothing but itself.
    pub(super) fn count_entry(&mut self, idea: IdeaId, entry: &BTreeSet<IdeaId>) {
        if entry.len() > 1 {
            let votes = u32::try_from(self.supporters(entry).count()).unwrap_or(u32::MAX);
            let add_up = seeded_defects::is("tallies-add-up");
            let votes = if add_up { entry.iter().map(|one| self.own_tally(*one)).sum() } else { votes };
            self.entries.insert(idea, votes);
        } else {
            self.forget_entry(idea);
        }
    }

    /// An idea stands for no entry any more.
    pub(super) fn forget_entry(&mut self, idea: IdeaId) {
        self.entries.remove(&idea);
    }

    /// An idea is gone for good, and what was said of it.
    pub(super) fn forget(&mut self, idea: IdeaId) {
        self.tallies.remove(&idea);
        self.forget_entry(idea);
        for ballot in self.ballots.values_mut() {
            ballot.remove(&idea);
        }
    }

    /// Takes the votes of these seats out, but those on ideas that stay. Gives the ideas whose own tally fell; entries are to
    /// be counted anew.
    pub(super) fn take_out(
        &mut self,
        seats: &[SeatKey],
        stays: impl Fn(&IdeaId) -> bool,
    ) -> (VotesAside, BTreeSet<IdeaId>) {
        let (mut aside, mut fell) = (VotesAside::default(), BTreeSet::new());
        for by in seats {
            let Some(ballot) = self.ballots.remove(by) else { continue };
            let (stay, ballot): (SeatBallot, SeatBallot) = ballot.into_iter().partition(|(id, _)| stays(id));
            if !stay.is_empty() {
                self.ballots.insert(*by, stay);
            }
            for (idea, _) in ballot.iter().filter(|(_, approval)| approval.on) {
                let tally = self.tallies.entry(*idea).or_default();
                *tally = tally.saturating_sub(1);
                fell.insert(*idea);
            }
            aside.0.push((*by, ballot));
        }
        (aside, fell)
    }

    /// Puts votes back that were taken out, beside what stayed on their ballots. Gives the ideas whose own tally rose.
    pub(super) fn put_back(&mut self, aside: VotesAside) -> BTreeSet<IdeaId> {
        let mut rose = BTreeSet::new();
        for (by, ballot) in aside.0 {
            for (idea, _) in ballot.iter().filter(|(_, approval)| approval.on) {
                *self.tallies.entry(*idea).or_default() += 1;
                rose.insert(*idea);
            }
            self.ballots.entry(by).or_default().extend(ballot);
        }
        rose
    }
}

/// Does this ballot approve one of these? Walks through the shorter of both.
fn approves_one(ballot: &SeatBallot, ideas: &BTreeSet<IdeaId>) -> bool {
    if ballot.len() < ideas.len() {
        return ballot.iter().any(|(idea, approval)| approval.on && ideas.contains(idea));
    }
    ideas.iter().any(|idea| ballot.get(idea).is_some_and(|approval| approval.on))
}
