//! Seats and staff links: who has a place here, and in which group.

use proto::ids::{CardId, GroupId, SeatId};
use proto::role::Role;

use super::decision::Hash32;
use super::event::StaffLink;
use super::projection::Write;
use super::secret::pseudonym;
use super::state::Consultation;
use crate::access::Actor;

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

impl Seat {
    /// Of somebody who came by a staff link.
    #[must_use]
    pub const fn staff(link: &StaffLink) -> Self {
        Self { role: link.role, group: link.group, token: link.token }
    }
}

impl Consultation {
    /// The seat as the authorization sees it.
    #[must_use]
    pub fn actor(&self, seat: SeatId) -> Option<Actor> {
        let open = self.seats.get(&seat).filter(|_| !self.closed.contains_key(&seat));
        open.map(|seat| Actor { role: seat.role, group: seat.group })
    }

    /// Participants per group.
    #[must_use]
    pub fn participants(&self, group: GroupId) -> u32 {
        let of = |seat: &&Seat| seat.role == Role::Participant && seat.group == Some(group);
        // Closed seats count as before: what a desk is told must not say whether somebody had written.
        u32::try_from(self.seats.values().filter(of).count()).unwrap_or(u32::MAX)
    }

    pub(super) fn take_seat(
        &mut self,
        seat: SeatId,
        group: GroupId,
        token: Hash32,
        card: Option<CardId>,
    ) -> Vec<Write> {
        if let Some(card) = card {
            self.use_card(card, seat);
        }
        let place = Seat { role: Role::Participant, group: Some(group), token };
        self.seats.insert(seat, place);
        self.voters.insert(pseudonym(&self.keys.ballots, seat), seat);
        Vec::new()
    }
}
