//! Sealed parcels that a phone leaves for the phone that takes its seat along: in memory, for some minutes, fetched once.
//!
//! The key is in the QR code and never comes here, so this node cannot read them.

pub(super) mod token_exchange;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use proto::api::entry::{Handover, HandoverPlace, HandoverView};
use proto::problem::{Code, Problem};
use proto::role::Role;

use super::Hub;
use crate::clock::{Millis, Tick, tick};
use crate::live::Caller;

struct Kept {
    of: Caller,
    left: Millis,
    until: Tick,
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
        now: Tick,
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
    pub fn look(&self, id: &str, now: Tick) -> Option<(Caller, Millis)> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(id).filter(|kept| kept.until > now).map(|kept| (kept.of.clone(), kept.left))
    }

    /// Gives a parcel out; it is not here any more.
    pub fn fetch(&self, id: &str, now: Tick) -> Option<Handover> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(id).filter(|kept| kept.until > now).map(|kept| kept.parcel)
    }
}

impl Hub {
    /// Keeps what a phone leaves for another one; a newer parcel of the same seat takes its place.
    ///
    /// # Errors
    /// `unavailable` when too many wait to be fetched.
    pub fn leave_parcel(&self, caller: &Caller, parcel: Handover) -> Result<HandoverPlace, Problem> {
        let id = hex::encode(self.node.entropy.bytes::<16>());
        let now = self.node.clock.now();
        self.parcels.leave(&id, caller.clone(), now, parcel, tick())?;
        let expires = now + u64::try_from(self.node.limits.parcel_time.as_millis()).unwrap_or(0);
        Ok(HandoverPlace { id, expires })
    }

    /// What is in a parcel, as far as this server knows it; the parcel stays.
    ///
    /// # Errors
    /// `not-found` when it was fetched, its time is over, or its seat is on another phone by now.
    pub async fn look_at_parcel(&self, id: &str) -> Result<HandoverView, Problem> {
        let found = self.parcels.look(id, tick()).filter(|(of, _)| self.node.directory.still_has(of));
        let (of, left) = found.ok_or_else(no_parcel)?;
        let view = of.read(|view, seat| view.of_seat(seat)).await?;
        if view.you.role != Role::Participant {
            return Err(no_parcel());
        }
        let group = view.state.groups.iter().find(|group| Some(group.id) == view.you.group);
        Ok(HandoverView {
            consultation: view.state.id,
            group: group.map(|group| group.name.clone()).unwrap_or_default(),
            title: view.state.title,
            left,
            now: self.node.clock.now(),
        })
    }

    /// Gives a parcel out, once.
    ///
    /// # Errors
    /// `not-found` when it was fetched, or its time is over.
    pub fn fetch_parcel(&self, id: &str) -> Result<Handover, Problem> {
        self.parcels.fetch(id, tick()).ok_or_else(no_parcel)
    }
}

fn no_parcel() -> Problem {
    Problem::because(Code::NotFound, "This was fetched already, or its time is over. Show a new QR code.")
}

#[cfg(test)]
mod tests {
    use proto::ids::{ConsultationId, SeatId};

    use super::*;
    use crate::live::ConsultationHandle;

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
        let start = tick();
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
        let start = tick();
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
