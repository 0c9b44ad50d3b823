//! Who somebody is, by their token.

use proto::ids::{ConsultationId, DocumentName, SeatId};
use proto::problem::{Code, Problem};
use subtle::ConstantTimeEq;

use super::Hub;
use crate::consultation::Hash32;
use crate::consultation::secret::hash_token;
use crate::live::{Caller, Locator};

/// Who sends a command.
#[derive(Clone, Debug)]
pub enum Sender {
    /// Nobody that is known: may join.
    Anybody,
    /// Who has the organizer key: may create and join.
    KeyHolder,
    /// A seat or staff link.
    Seat(Caller),
}

impl Hub {
    /// Is this the organizer key?
    #[must_use]
    pub fn is_organizer_key(&self, token: &str) -> bool {
        token.as_bytes().ct_eq(self.organizer_key.as_bytes()).into()
    }

    /// Who has this token, wherever it is from.
    ///
    /// # Errors
    /// `unauthorized` when nobody has it, `purged` when its consultation was deleted, `seat-closed` when its seat was closed, `at-the-door` while it was not let in.
    pub fn identify(&self, token: &str) -> Result<Sender, Problem> {
        if self.is_organizer_key(token) {
            return Ok(Sender::KeyHolder);
        }
        let caller = self.node.directory.by_token(hash_token(token));
        let Some(caller) = caller else { return Err(self.nobody(hash_token(token))) };
        if let Some(how) = self.node.directory.closed(caller.seat) {
            return Err(Problem::new(how));
        }
        if self.node.directory.is_at_door(caller.seat) {
            return Err(Problem::new(Code::AtTheDoor));
        }
        Ok(Sender::Seat(caller))
    }

    /// Why a token is nobody's.
    fn nobody(&self, token: Hash32) -> Problem {
        if self.node.directory.by_former_token(token).is_some() {
            return Problem::new(Code::SeatMoved);
        }
        if self.node.directory.told_of_deletion(token).is_some() {
            return self.purged_for(token);
        }
        Problem::new(Code::Unauthorized)
    }

    /// `purged`, and which certificate there is of it for an organizer.
    pub(super) fn purged_for(&self, token: Hash32) -> Problem {
        let certificate = self.node.directory.told_of_deletion(token).flatten();
        Problem { certificate: certificate.map(Box::new), ..Problem::new(Code::Purged) }
    }

    /// Who has this token in the consultation that a thing belongs to; the organizer key is its organizer.
    ///
    /// # Errors
    /// `purged` when it was deleted, `not-found` when there is no such thing, `unauthorized` when nobody has the token,
    /// `forbidden` when the token is of another consultation.
    pub fn identify_at(&self, token: &str, locator: Locator) -> Result<Caller, Problem> {
        if let Locator::Consultation(id) = locator
            && self.node.directory.is_purged(id)
        {
            return Err(self.purged_for(hash_token(token)));
        }
        let sender = self.identify(token)?;
        let consultation =
            self.node.directory.consultation_of(locator).ok_or_else(|| Problem::new(Code::NotFound))?;
        match sender {
            Sender::Anybody => Err(Problem::new(Code::Unauthorized)),
            Sender::KeyHolder => {
                self.node.directory.organizer_of(consultation).ok_or_else(|| Problem::new(Code::NotFound))
            }
            Sender::Seat(caller) if caller.consultation.id == consultation => Ok(caller),
            Sender::Seat(_) => {
                Err(Problem::because(Code::Forbidden, "This belongs to another consultation."))
            }
        }
    }

    /// Who has this token at this document.
    ///
    /// # Errors
    /// As [`Hub::identify_at`].
    pub fn identify_for(&self, token: &str, document: DocumentName) -> Result<Caller, Problem> {
        let locator = match document {
            DocumentName::Board(group) => Locator::Group(group),
            DocumentName::Plenary(id) | DocumentName::Consultation(id) => Locator::Consultation(id),
        };
        self.identify_at(token, locator)
    }

    /// The seat that a ticket was made for, if the token that it was made with is still good; without one, for who holds
    /// the organizer key.
    #[must_use]
    pub fn ticketed(
        &self,
        consultation: ConsultationId,
        seat: SeatId,
        token: Option<Hash32>,
    ) -> Option<Caller> {
        let caller = match token {
            Some(token) => self.node.directory.by_token(token),
            None => self.node.directory.organizer_of(consultation),
        };
        let is_it = |caller: &Caller| caller.seat == seat && caller.consultation.id == consultation;
        let shut = |seat| self.node.directory.closed(seat).is_some() || self.node.directory.is_at_door(seat);
        caller.filter(is_it).filter(|caller| !shut(caller.seat))
    }
}
