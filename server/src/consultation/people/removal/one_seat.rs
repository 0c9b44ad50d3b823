//! A seat that is closed because somebody disrupts a board, and what is undone with it.
//!
//! The moderator points at letters, or at somebody who is said to edit an idea; whose seat that is stands in the room of
//! the board and is told to nobody. Ideas that the seat shared stay, because nobody knows which they are, and so do its
//! votes: a tally that falls would tell how it voted. What it wrote in texts is undone in all of them, its own or not.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use proto::ids::{GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;

use crate::access::Deed;
use crate::consultation::event::Event;
use crate::consultation::projection::{BoardWrite, Write};
use crate::consultation::secret::pseudonym;
use crate::consultation::state::Consultation;
use crate::journal::SeatKey;

/// Seats that were removed.
#[derive(Debug, Default)]
pub(in crate::consultation::people) struct RemovedSeats {
    /// One by one, with the group whose moderator did it.
    alone: BTreeMap<SeatId, GroupId>,
    /// Together with others.
    together: HashSet<SeatId>,
}

impl RemovedSeats {
    /// Seats are removed together.
    pub(in crate::consultation::people) fn remove_together(&mut self, seats: &[SeatId]) {
        self.together.extend(seats.iter().copied());
    }

    /// Seats that were removed together are there again.
    pub(in crate::consultation::people) fn restore(&mut self, seats: &BTreeSet<SeatId>) {
        self.together.retain(|seat| !seats.contains(seat));
    }
}

impl Consultation {
    /// May this seat close the seat of who writes in this idea? Gives the idea's group.
    ///
    /// # Errors
    /// The reason why not.
    pub fn permit_remove(&self, seat: SeatId, idea: IdeaId) -> Result<GroupId, Problem> {
        let group = self.find(idea)?.group();
        self.permit(Deed::RemoveWriter, seat, Some(group))?;
        if self.is_on_board(idea) { Ok(group) } else { Err(Problem::new(Code::NotFound)) }
    }

    /// What it means to close the seat that writes under this pseudonym.
    ///
    /// # Errors
    /// When it is not a participant's: staff are not closed like this. It may be in another group by now.
    pub fn decide_remove(&self, group: GroupId, writer: SeatKey) -> Result<Event, Problem> {
        let key = &self.keys().bindings;
        let found = self.seats().iter().find(|(id, _)| pseudonym(key, **id) == writer);
        match found {
            // A seat that was closed together with others may still have letters to undo.
            Some((id, _)) if self.was_closed_alone(*id) => {
                Err(Problem::because(Code::NotFound, "This seat is closed already."))
            }
            Some((id, seat)) if seat.role() == Role::Participant => {
                Ok(Event::SeatClosed { seat: *id, group })
            }
            _ => Err(Problem::because(Code::Forbidden, "Only a participant's seat can be closed.")),
        }
    }

    pub(in crate::consultation) fn close_seat(&mut self, seat: SeatId, group: GroupId) -> Vec<Write> {
        self.people_mut().removed.alone.insert(seat, group);
        vec![Write::Board(group, BoardWrite::Undo(pseudonym(&self.keys().bindings, seat)))]
    }

    /// Was this seat closed?
    #[must_use]
    pub fn is_closed(&self, seat: SeatId) -> bool {
        self.was_closed_alone(seat) || self.was_closed_together(seat)
    }

    /// Was it closed together with others, and not alone?
    #[must_use]
    pub fn is_closed_together(&self, seat: SeatId) -> bool {
        self.was_closed_together(seat) && !self.was_closed_alone(seat)
    }

    /// Was it closed alone, perhaps together with others as well?
    pub(in crate::consultation::people) fn was_closed_alone(&self, seat: SeatId) -> bool {
        self.people().removed.alone.contains_key(&seat)
    }

    /// Was it closed together with others, perhaps alone as well?
    pub(in crate::consultation::people) fn was_closed_together(&self, seat: SeatId) -> bool {
        self.people().removed.together.contains(&seat)
    }

    /// The pseudonyms of the seats that were closed on a group's board.
    pub(in crate::consultation) fn closed_writers(&self, group: GroupId) -> Vec<SeatKey> {
        let closed = self.people().removed.alone.iter().filter(|(_, of)| **of == group);
        closed.map(|(seat, _)| pseudonym(&self.keys().bindings, *seat)).collect()
    }
}
