//! Tickets for the y-websocket wire: one seat, one document, until a time or until its token ends. Signed, not stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proto::api::consultation::Ticket;
use proto::ids::{ConsultationId, DocumentName, SeatId};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::clock::Millis;
use crate::consultation::Hash32;
use crate::consultation::secret::mac;

/// What is signed with the key says what it is; the number rises when claims change.
const DOMAIN: &[u8] = b"ticket 2";

/// Makes and reads tickets.
pub struct Tickets {
    key: [u8; 32],
    lifetime: Millis,
}

/// Who asked for a ticket.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Holder {
    #[serde(rename = "c")]
    pub consultation: ConsultationId,
    /// The seat or staff link.
    #[serde(rename = "s")]
    pub seat: SeatId,
    /// The hash of the token that it had then; none for who holds the server's organizer key.
    #[serde(rename = "t")]
    pub token: Option<Hash32>,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    #[serde(flatten)]
    holder: Holder,
    #[serde(rename = "d")]
    document: DocumentName,
    #[serde(rename = "e")]
    expires: Millis,
}

impl Tickets {
    /// Tickets signed with this key.
    #[must_use]
    pub fn new(key: [u8; 32], lifetime: std::time::Duration) -> Self {
        Self { key, lifetime: Millis::try_from(lifetime.as_millis()).unwrap_or(Millis::MAX) }
    }

    /// A ticket for somebody and a document.
    #[must_use]
    pub fn make(&self, holder: Holder, document: DocumentName, now: Millis) -> Ticket {
        let expires = now.saturating_add(self.lifetime);
        let claims = Claims { holder, document, expires };
        let claims = serde_json::to_vec(&claims).unwrap_or_default();
        let seal = mac(&self.key, &[DOMAIN, &claims]);
        let ticket = format!("{}.{}", URL_SAFE_NO_PAD.encode(claims), URL_SAFE_NO_PAD.encode(seal));
        Ticket { ticket, expires }
    }

    /// Whose ticket for this document it is; `None`: nobody's, another document's, or no longer.
    #[must_use]
    pub fn read(&self, ticket: &str, document: DocumentName, now: Millis) -> Option<Holder> {
        let (claims, seal) = ticket.split_once('.')?;
        let (claims, seal) = (URL_SAFE_NO_PAD.decode(claims).ok()?, URL_SAFE_NO_PAD.decode(seal).ok()?);
        let valid: bool = mac(&self.key, &[DOMAIN, &claims]).as_slice().ct_eq(&seal).into();
        let claims: Claims = serde_json::from_slice(&claims).ok().filter(|_| valid)?;
        (claims.document == document && now < claims.expires).then_some(claims.holder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::ids::GroupId;
    use std::time::Duration;
    use uuid::Uuid;

    #[test]
    fn a_ticket_is_good_for_its_seat_document_and_time_and_for_nothing_else() {
        let tickets = Tickets::new([1; 32], Duration::from_secs(10));
        let (consultation, seat) = (ConsultationId(Uuid::from_u128(1)), SeatId(Uuid::from_u128(2)));
        let holder = Holder { consultation, seat, token: Some(Hash32([4; 32])) };
        let document = DocumentName::Board(GroupId(Uuid::from_u128(3)));
        let ticket = tickets.make(holder.clone(), document, 1_000).ticket;
        assert_eq!(tickets.read(&ticket, document, 10_999), Some(holder));
        assert_eq!(tickets.read(&ticket, document, 11_000), None);
        assert_eq!(tickets.read(&ticket, DocumentName::Plenary(consultation), 1_000), None);
        assert_eq!(Tickets::new([2; 32], Duration::from_secs(10)).read(&ticket, document, 1_000), None);
        let forged = ticket.replace('.', ".A");
        assert_eq!(tickets.read(&forged, document, 1_000), None);
    }
}
