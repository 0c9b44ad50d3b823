//! Seats and staff links: who has a place here, and in which group.

use proto::api::Join;
use proto::ids::{GroupId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;

use super::event::Hash32;
use super::projection::Write;
use super::secret::pseudonym;
use super::state::Consultation;
use crate::access::Actor;
use crate::config::Limits;

/// A participant's place or a staff link.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    /// Its role.
    pub role: Role,
    /// Its group.
    pub group: Option<GroupId>,
    /// The SHA-256 of its token.
    pub token: Hash32,
}

impl Consultation {
    /// The seat as the authorization sees it.
    #[must_use]
    pub fn actor(&self, seat: SeatId) -> Option<Actor> {
        self.seats.get(&seat).map(|seat| Actor { role: seat.role, group: seat.group })
    }

    /// Participants per group.
    #[must_use]
    pub fn participants(&self, group: GroupId) -> u32 {
        let of = |seat: &&Seat| seat.role == Role::Participant && seat.group == Some(group);
        u32::try_from(self.seats.values().filter(of).count()).unwrap_or(u32::MAX)
    }

    /// The group that somebody who comes in is given.
    ///
    /// # Errors
    /// When the door is closed, every seat is taken, or there is no such group.
    pub fn group_for(&self, join: &Join, limits: &Limits) -> Result<GroupId, Problem> {
        if !self.founding.settings.door_open {
            return Err(Problem::new(Code::DoorClosed));
        }
        if self.seats.len() >= limits.seats_max {
            return Err(Problem::because(Code::DoorClosed, "Every seat of this consultation is taken."));
        }
        match join.group {
            Some(group) if self.groups.contains_key(&group) => Ok(group),
            Some(_) => Err(Problem::because(Code::NotFound, "There is no such group in this consultation.")),
            None => {
                let groups = self.founding.groups.iter().map(|(id, _)| *id);
                let smallest = groups.min_by_key(|group| self.participants(*group));
                smallest.ok_or_else(|| Problem::new(Code::NotFound))
            }
        }
    }

    pub(super) fn take_seat(&mut self, seat: SeatId, group: GroupId, token: Hash32) -> Vec<Write> {
        let place = Seat { role: Role::Participant, group: Some(group), token };
        self.seats.insert(seat, place);
        self.voters.insert(pseudonym(&self.keys.ballots, seat), seat);
        Vec::new()
    }
}
