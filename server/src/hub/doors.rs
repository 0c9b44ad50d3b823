//! Who comes in, by which way: typed codes take their turn, keys do not wait; and what phones leave for each other.

use proto::api::{Doorstep, Join, Joined};
use proto::doors::{Parcel, ParcelPlace};
use proto::problem::{Code, Problem};
use tokio::time::Instant;

use super::mailbox::{Arrival, ConsultationHandle, ConsultationMessage, Look};
use super::{Caller, Hub};
use crate::consultation::Way;
use crate::consultation::secret::normal_code;
use crate::prefix::PrefixId;

impl Hub {
    /// Takes a seat, for somebody who comes from this place.
    ///
    /// # Errors
    /// When the code or key is not known, the door is closed, or there are too many typed tries.
    pub async fn join(&self, join: Join, prefix: Option<PrefixId>) -> Result<(Joined, u64), Problem> {
        let (handle, way) = self.door(join.code.as_deref(), join.key.as_deref()).await?;
        handle.ask(|reply| ConsultationMessage::Join(join, Arrival { way, prefix }, reply)).await?
    }

    /// What somebody sees before joining, by a typed code or a key of 32 hex digits.
    ///
    /// # Errors
    /// As [`Hub::join`].
    pub async fn doorstep(&self, code_or_key: &str) -> Result<Doorstep, Problem> {
        let (handle, way) = if code_or_key.len() == 32 {
            self.door(None, Some(code_or_key)).await?
        } else {
            self.door(Some(code_or_key), None).await?
        };
        handle.ask(|reply| ConsultationMessage::Look(Look::Doorstep(way, reply))).await
    }

    /// A typed code takes its turn, right or wrong, whatever it is of; a key does not wait.
    async fn door(
        &self,
        code: Option<&str>,
        key: Option<&str>,
    ) -> Result<(ConsultationHandle, Way), Problem> {
        let unknown = || Problem::new(Code::UnknownCode);
        match (code, key) {
            (None, Some(key)) => self.directory.by_key(key).ok_or_else(unknown),
            (Some(code), None) => {
                self.tries.take().await?;
                normal_code(code).and_then(|code| self.directory.by_code(&code)).ok_or_else(unknown)
            }
            _ => Err(Problem::because(Code::Malformed, "Join with either a \"code\" or a \"key\".")),
        }
    }

    /// One message of a seat over HTTP.
    ///
    /// # Errors
    /// `too-fast` when the seat is over its rate.
    pub fn count(&self, caller: &Caller) -> Result<(), Problem> {
        self.allowances.take(caller.seat, Instant::now())
    }

    /// Keeps what a phone leaves for another one; a newer parcel of the same seat takes its place.
    ///
    /// # Errors
    /// `unavailable` when too many wait to be fetched.
    pub fn leave_parcel(&self, caller: &Caller, parcel: Parcel) -> Result<ParcelPlace, Problem> {
        let id = hex::encode(self.entropy.bytes::<16>());
        self.parcels.leave(&id, caller.seat, parcel, Instant::now())?;
        let expires = self.clock.now() + u64::try_from(self.limits.parcel_time.as_millis()).unwrap_or(0);
        Ok(ParcelPlace { id, expires })
    }

    /// Gives a parcel out, once.
    ///
    /// # Errors
    /// `not-found` when it was fetched, or its time is over.
    pub fn fetch_parcel(&self, id: &str) -> Result<Parcel, Problem> {
        let found = self.parcels.fetch(id, Instant::now());
        found.ok_or_else(|| {
            Problem::because(
                Code::NotFound,
                "This was fetched already, or its time is over. Show a new QR code.",
            )
        })
    }
}
