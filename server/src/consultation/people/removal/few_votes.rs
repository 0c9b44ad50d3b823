//! Tallies that would fall by the votes of one to four seats: closing many seats together leaves these votes in.
//!
//! Most of the seats that are closed together never voted. So the number of seats says nothing about whose votes a falling
//! tally is a sum of; the number of those that voted does. It is counted for each tally that people can see fall: the vote of
//! each group, the card of each group, and what is said in the plenary. What stays is written in the event, because a journal of today must
//! mean the same tomorrow.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use proto::ids::{GroupId, SeatId};
use serde::{Deserialize, Serialize};

use crate::consultation::state::Consultation;
use crate::journal::SeatKey;

/// Where a seat says something that is counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tally {
    /// In the vote on the ideas of this group.
    Vote(GroupId),
    /// On the card of this group.
    Card(GroupId),
    /// In the plenary.
    Room,
    /// In the plenary vote.
    PlenaryVote,
}

/// In which tallies each seat is counted.
pub(in crate::consultation) type CountedTallies = HashMap<SeatId, BTreeSet<Tally>>;

impl Consultation {
    /// In which tallies each seat is counted now; seats that are in none are not in it.
    pub(in crate::consultation) fn counted(&self) -> CountedTallies {
        let mut counted = CountedTallies::new();
        let mut count = |by: &SeatKey, tally| {
            if let Some(seat) = self.voter(by) {
                counted.entry(seat).or_default().insert(tally);
            }
        };
        for (by, idea) in self.approvals_given() {
            if let Some(idea) = self.ideas().get(&idea) {
                count(&by, Tally::Vote(idea.group()));
            }
        }
        self.signed_cards().for_each(|(by, group)| count(by, Tally::Card(group)));
        self.speakers().for_each(|by| count(by, Tally::Room));
        self.plenary_voters().for_each(|by| count(by, Tally::PlenaryVote));
        counted
    }

    /// Would closing these seats after an undoing tell how a few of them voted?
    pub(in crate::consultation) fn tells_on_few(
        &self,
        seats: &HashSet<SeatId>,
        counted: &CountedTallies,
        least: usize,
    ) -> bool {
        self.undone_closings().any(|before| {
            let differ = before.iter().filter(|seat| !seats.contains(seat));
            let differ = differ.chain(seats.iter().filter(|seat| !before.contains(seat)));
            before.iter().any(|seat| seats.contains(seat)) && !few_of(differ, counted, least).is_empty()
        })
    }
}

/// The tallies in which some of these seats are counted, but fewer than `least`.
pub(in crate::consultation) fn few_of<'a>(
    seats: impl Iterator<Item = &'a SeatId>,
    counted: &CountedTallies,
    least: usize,
) -> BTreeSet<Tally> {
    let mut counts: BTreeMap<Tally, usize> = BTreeMap::new();
    for tally in seats.filter_map(|seat| counted.get(seat)).flatten() {
        *counts.entry(*tally).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count < least).map(|(tally, _)| tally).collect()
}
