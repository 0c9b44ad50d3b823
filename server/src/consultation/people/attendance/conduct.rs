//! What is known of seats beside that they came: is there a phone, did it write, did it vote (rule C28).
//!
//! Kept as sets of seats and told as numbers. Who has a phone, who typed in a text and who shared is in memory only and known
//! since the server started; of an older seat it may be unknown whether it wrote, and then it never counts as silent. No board
//! is read for it: rooms tell who typed when they are loaded, and after that each seat once.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use proto::api::desk::{Ballots, Conduct};
use proto::api::entry::SeatsOnly;
use proto::ids::{GroupId, SeatId};

use crate::consultation::people::seats::Seat;
use crate::consultation::state::Consultation;
use crate::journal::SeatKey;

/// Which seats typed in a text of a board, as far as boards were loaded since the server started. Rooms write it.
#[derive(Clone, Debug, Default)]
pub struct Typists(Arc<Mutex<Typed>>);

#[derive(Debug, Default)]
struct Typed {
    seats: HashSet<SeatKey>,
    boards: HashSet<GroupId>,
}

/// Which seats are there.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    /// Those with a connection now.
    pub present: HashSet<SeatId>,
    /// Those that had one since the server started.
    pub seen: HashSet<SeatId>,
    /// The number under which those without one are kept, when staff are told of them.
    pub number: u32,
    /// In order, those that had none when the sender of a command was told; `None`: it does not say when that was.
    pub absent_then: Option<Vec<SeatId>>,
}

/// What is known of one seat.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::consultation) struct Known {
    phone: bool,
    seen: bool,
    /// `None`: it may have written before the server started.
    wrote: Option<bool>,
    ideas: u32,
    voted: bool,
    /// A card is one person: it is never closed for doing nothing.
    by_card: bool,
}

/// What is looked at once for many seats.
pub(in crate::consultation) struct Looking<'a> {
    sight: &'a Sight,
    spoke: HashSet<SeatId>,
    typed: MutexGuard<'a, Typed>,
}

impl Typists {
    /// A board is loaded, and these seats typed in it at some time.
    pub fn loaded(&self, board: GroupId, seats: impl Iterator<Item = SeatKey>) {
        let mut typed = self.lock();
        typed.boards.insert(board);
        typed.seats.extend(seats);
    }

    /// These seats type.
    pub fn note(&self, seats: BTreeSet<SeatKey>) {
        if !seats.is_empty() {
            self.lock().seats.extend(seats);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Typed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Did it certainly never write or vote?
    pub(in crate::consultation) const fn is_silent(self) -> bool {
        matches!(self.wrote, Some(false)) && !self.voted && !self.by_card
    }

    /// Has it no phone that is connected?
    pub(in crate::consultation) const fn is_absent(self) -> bool {
        !self.phone && !self.by_card
    }

    /// Is it one of these?
    pub(in crate::consultation) const fn is(self, only: SeatsOnly) -> bool {
        match only {
            SeatsOnly::Silent => self.is_silent(),
            SeatsOnly::Absent => self.is_absent(),
            SeatsOnly::Idle => self.is_silent() && self.is_absent(),
        }
    }

    /// Adds this seat to the numbers that attendance tells.
    pub(in crate::consultation) fn count(self, conduct: &mut Conduct) {
        let wrote = self.wrote == Some(true);
        for (number, counts) in [
            (&mut conduct.phones, self.phone),
            (&mut conduct.unseen, !self.seen),
            (&mut conduct.wrote, wrote),
            (&mut conduct.unsure, self.wrote.is_none()),
            (&mut conduct.voted, self.voted),
            (&mut conduct.silent, self.is(SeatsOnly::Silent)),
            (&mut conduct.absent, self.is(SeatsOnly::Absent)),
            (&mut conduct.idle, self.is(SeatsOnly::Idle)),
        ] {
            *number += u32::from(counts);
        }
        conduct.ideas += self.ideas;
    }
}

impl Consultation {
    /// Where rooms write who types.
    #[must_use]
    pub const fn typists(&self) -> &Typists {
        &self.people().typists
    }

    /// Looks at what is known of seats now.
    pub(in crate::consultation) fn looking<'a>(&'a self, sight: &'a Sight) -> Looking<'a> {
        let spoke =
            self.ballot_keys().chain(self.signers()).chain(self.standers()).chain(self.plenary_voters());
        let spoke = spoke.filter_map(|key| self.voter(key)).collect();
        Looking { sight, spoke, typed: self.people().typists.lock() }
    }

    pub(in crate::consultation) fn known_of(&self, id: SeatId, seat: &Seat, looking: &Looking<'_>) -> Known {
        let ideas = self.shared_by(id);
        let typed = seat.hand().is_some_and(|hand| looking.typed.seats.contains(&hand));
        let wrote = match ideas > 0 || typed {
            true => Some(true),
            false => (!self.may_have_written(seat, looking)).then_some(false),
        };
        Known {
            phone: looking.sight.present.contains(&id),
            seen: looking.sight.seen.contains(&id) || looking.sight.present.contains(&id),
            wrote,
            ideas,
            voted: looking.spoke.contains(&id),
            by_card: seat.came_by_card(),
        }
    }

    /// May it have written before the server started? Who shared an idea is not stored; who typed stands in the boards,
    /// which are not read for this.
    fn may_have_written(&self, seat: &Seat, looking: &Looking<'_>) -> bool {
        if !self.people().seats.is_older(seat) {
            return false;
        }
        let unread = |group: GroupId| {
            !looking.typed.boards.contains(&group) && (seat.has_moved() || seat.group() == Some(group))
        };
        self.may_have_shared(seat.order()) || self.forgotten_boards().any(unread)
    }

    /// Ballots of the group vote, and answers in the plenary, by what is known of the seats that gave them; `None` of fewer
    /// than `least`.
    pub(in crate::consultation) fn ballots_told(
        &self,
        looking: &Looking<'_>,
        least: usize,
    ) -> (Option<Ballots>, Option<Ballots>) {
        let voted: HashSet<SeatId> = self.ballots().filter_map(|(key, ..)| self.voter(&key)).collect();
        let stood: HashSet<SeatId> = self.speakers().filter_map(|key| self.voter(key)).collect();
        let opened = |seat: &Seat| seat.group().and_then(|group| self.voters_from(group));
        (
            self.told_of(&voted, looking, least, opened),
            self.told_of(&stood, looking, least, |_| self.plenary_from()),
        )
    }

    fn told_of(
        &self,
        seats: &HashSet<SeatId>,
        looking: &Looking<'_>,
        least: usize,
        opened: impl Fn(&Seat) -> Option<u64>,
    ) -> Option<Ballots> {
        if seats.len() < least {
            return None;
        }
        let mut told = Ballots::default();
        for (id, seat) in seats.iter().filter_map(|id| Some((*id, self.seats().get(id)?))) {
            let known = self.known_of(id, seat, looking);
            told.seats += 1;
            told.only += u32::from(known.wrote == Some(false));
            told.late += u32::from(opened(seat).is_some_and(|from| seat.order() >= from));
            told.unseen += u32::from(!known.seen);
        }
        Some(told)
    }
}
