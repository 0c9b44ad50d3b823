//! Sealed parcels that a phone leaves for the phone that takes its seat along: in memory, for some minutes, fetched once.
//!
//! The key is in the QR code and never comes here, so this node cannot read them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use proto::api::entry::Handover;
use proto::problem::{Code, Problem};
use tokio::time::Instant;

use super::Caller;
use crate::clock::Millis;

struct Kept {
    of: Caller,
    left: Millis,
    until: Instant,
    parcel: Handover,
}

/// Parcels by id.
pub struct Handovers {
    max: usize,
    time: Duration,
    kept: Mutex<HashMap<String, Kept>>,
}

impl Handovers {
    /// So many, for so long.
    #[must_use]
    pub fn new(max: usize, time: Duration) -> Self {
        Self { max, time, kept: Mutex::default() }
    }

    /// Keeps a parcel; the seat's former one goes.
    ///
    /// # Errors
    /// `unavailable` when too many wait to be fetched.
    pub fn leave(
        &self,
        id: &str,
        of: Caller,
        left: Millis,
        parcel: Handover,
        now: Instant,
    ) -> Result<(), Problem> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, other| other.until > now && other.of.seat != of.seat);
        if kept.len() >= self.max {
            let detail = "Too many phones are being changed at this moment. Try again in a minute.";
            return Err(Problem::because(Code::Unavailable, detail));
        }
        kept.insert(id.to_owned(), Kept { of, left, until: now + self.time, parcel });
        Ok(())
    }

    /// Whose parcel it is, and when it was left.
    pub fn look(&self, id: &str, now: Instant) -> Option<(Caller, Millis)> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(id).filter(|kept| kept.until > now).map(|kept| (kept.of.clone(), kept.left))
    }

    /// Gives a parcel out; it is not here any more.
    pub fn fetch(&self, id: &str, now: Instant) -> Option<Handover> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(id).filter(|kept| kept.until > now).map(|kept| kept.parcel)
    }
}

#[cfg(test)]
mod tests {
    use proto::ids::{ConsultationId, SeatId};

    use super::super::ConsultationHandle;
    use super::*;

    fn seat(number: u128) -> Caller {
        let consultation = {
            let changes = tokio::sync::watch::channel(()).1;
            ConsultationHandle::new(ConsultationId(uuid::Uuid::nil()), 1, changes).0
        };
        Caller { consultation, seat: SeatId(uuid::Uuid::from_u128(number)), token: None }
    }

    fn parcel(words: &str) -> Handover {
        Handover { sealed: words.to_owned() }
    }

    #[tokio::test(start_paused = true)]
    async fn a_parcel_is_fetched_once_and_in_time() {
        let parcels = Handovers::new(10, Duration::from_secs(60));
        let start = Instant::now();
        parcels.leave("a", seat(1), 7, parcel("one"), start).unwrap();
        assert_eq!(parcels.fetch("b", start), None);
        let looked = parcels.look("a", start).map(|(of, left)| (of.seat, left));
        assert_eq!(looked, Some((seat(1).seat, 7)), "looking takes nothing");
        assert_eq!(parcels.fetch("a", start), Some(parcel("one")));
        assert_eq!(parcels.fetch("a", start), None, "once");
        parcels.leave("a", seat(1), 7, parcel("two"), start).unwrap();
        let later = start + Duration::from_secs(60);
        assert!(parcels.look("a", later).is_none());
        assert_eq!(parcels.fetch("a", later), None, "its time is over");
    }

    #[tokio::test(start_paused = true)]
    async fn a_seat_has_one_parcel_and_all_have_a_bound() {
        let parcels = Handovers::new(2, Duration::from_secs(60));
        let start = Instant::now();
        for id in ["a", "b", "c"] {
            parcels.leave(id, seat(1), 7, parcel(id), start).unwrap();
        }
        assert_eq!(parcels.fetch("a", start), None, "the newer one took its place");
        parcels.leave("d", seat(2), 7, parcel("d"), start).unwrap();
        assert_eq!(parcels.leave("e", seat(3), 7, parcel("e"), start).unwrap_err().code, Code::Unavailable);
        let later = start + Duration::from_secs(61);
        assert!(parcels.leave("e", seat(3), 7, parcel("e"), later).is_ok(), "what nobody fetched goes");
    }
}
