//! Somebody takes a seat: by a new seat, or by the seat that their card was made for; a request that is repeated is answered again.

use proto::api::consultation::{Admission, Join};
use proto::ids::{GroupId, SeatId};
use proto::problem::{Code, Problem};

use crate::clock::Millis;
use crate::config::Limits;
use crate::consultation::event::Event;
use crate::consultation::people::entry::door::{EntranceKind, SeatPlacement};
use crate::consultation::secret::hash_token;
use crate::consultation::state::Consultation;

/// What a request to join means.
#[derive(Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Joining {
    /// The seat that is given.
    pub seat: SeatId,
    pub group: GroupId,
    /// The event; none when this very request was decided before, and its answer was lost.
    pub event: Option<Event>,
    /// Is it a new seat, and not one that its card was made for?
    pub is_new: bool,
}

impl Consultation {
    /// Decides a request to join. `requested` is the seat that is drawn from the request, `token` what its phone is given.
    ///
    /// # Errors
    /// When the seat was closed, the door is, every seat is taken, the way is shut, the group is not theirs to choose, or the
    /// seat of this request has another phone by now.
    pub fn decide_join(
        &self,
        join: &Join,
        way: EntranceKind,
        (requested, token): (SeatId, &str),
        limits: &Limits,
        now: Millis,
    ) -> Result<Joining, Problem> {
        if let Some(how) = self.how_closed(requested) {
            return Err(Problem::new(how));
        }
        if let Some((seat, group)) = self.existing_seat(way, requested, token) {
            return Ok(Joining { seat, group, event: None, is_new: false });
        }
        let token = hash_token(token);
        let card = if let EntranceKind::Card(card) = way { Some(card) } else { None };
        match (self.admit(join, way, limits, now)?, card) {
            (SeatPlacement::Again(seat, _), _) if self.is_closed(seat) => {
                Err(Problem::new(self.how_closed(seat).unwrap_or(Code::SeatRemoved)))
            }
            (SeatPlacement::Again(seat, group), Some(card)) => {
                let event = Some(Event::Reseated { seat, card, token });
                Ok(Joining { seat, group, event, is_new: false })
            }
            (SeatPlacement::New(_), _) if self.seats().contains_key(&requested) => {
                Err(Problem::because(Code::Conflict, "The seat of this request has another phone by now."))
            }
            (SeatPlacement::New(group) | SeatPlacement::Again(_, group), card) => {
                let waits = self.founding().settings.admission == Admission::Waves;
                let event = Some(Event::Seated { seat: requested, group, token, card, waits });
                Ok(Joining { seat: requested, group, event, is_new: true })
            }
        }
    }

    /// Was this seat closed, and how?
    #[must_use]
    pub fn how_closed(&self, seat: SeatId) -> Option<Code> {
        let how = if self.is_closed_together(seat) { Code::ClosedTogether } else { Code::SeatRemoved };
        self.is_closed(seat).then_some(how)
    }
}
