//! Who comes in, by which way: typed codes take their turn, keys do not wait; and what phones leave for each other.

use proto::api::consultation::{Join, JoinInfo, Joined};
use proto::api::entry::{Handover, HandoverPlace, HandoverView};
use proto::ids::{ConsultationId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;
use tokio::time::{Instant, sleep_until};

use super::addresses::{CountedUse, Held};
use super::allowance::SeatPoll;
use super::mailbox::{Arrival, ConsultationHandle, ConsultationMessage, Look};
use super::{Caller, Hub};
use crate::consultation::EntranceKind;
use crate::consultation::secret::{hash_token, normal_code};
use crate::prefix::PrefixId;

/// Who asks, as far as that is known before there is a seat.
#[derive(Clone, Debug)]
pub struct Client {
    /// From which place; none: it is the server's own.
    pub prefix: Option<PrefixId>,
    /// The place in the queue of typed codes that it was given.
    pub ticket: Option<String>,
    /// The token that it sent, if any: whose consultation it is does not wait at the door.
    pub token: Option<String>,
}

impl Client {
    /// Somebody from this place; without one it is the server itself.
    #[must_use]
    pub const fn at(prefix: Option<PrefixId>) -> Self {
        Self { prefix, ticket: None, token: None }
    }
}

impl Hub {
    /// Takes a seat, for somebody who comes from this place.
    ///
    /// # Errors
    /// When the code or key is not known, the door is closed, or there are too many typed tries.
    pub async fn join(&self, client: Client, join: Join) -> Result<(Joined, u64), Problem> {
        let (handle, way) = self.door(&client, join.code.as_deref(), join.key.as_deref()).await?;
        if let Some(prefix) = client.prefix
            && !self.is_host(&client, handle.id)
            && let Some(until) = self.addresses.join(prefix, handle.id, Instant::now())?
        {
            sleep_until(until).await;
        }
        let arrival = Arrival { way, prefix: client.prefix };
        handle.ask(|reply| ConsultationMessage::Join(join, arrival, reply)).await?
    }

    /// What somebody sees before joining, by a typed code or a key of 32 hex digits.
    ///
    /// # Errors
    /// As [`Hub::join`].
    pub async fn doorstep(&self, client: &Client, code_or_key: &str) -> Result<JoinInfo, Problem> {
        let (handle, way) = if code_or_key.len() == 32 {
            self.door(client, None, Some(code_or_key)).await?
        } else {
            self.door(client, Some(code_or_key), None).await?
        };
        handle.ask(|reply| ConsultationMessage::Look(Look::JoinInfo(way, reply))).await
    }

    /// Is this the operator, or who organizes the consultation? They may let in as many as they want, as fast as they want.
    fn is_host(&self, client: &Client, consultation: ConsultationId) -> bool {
        let Some(token) = &client.token else { return false };
        if self.is_organizer_key(token) {
            return true;
        }
        let organizer = self.directory.organizer_of(consultation);
        let caller = self.directory.by_token(hash_token(token));
        caller.zip(organizer).is_some_and(|(caller, organizer)| caller.seat == organizer.seat)
    }

    /// A typed code takes its turn, right or wrong, whatever it is of; a key does not wait.
    async fn door(
        &self,
        client: &Client,
        code: Option<&str>,
        key: Option<&str>,
    ) -> Result<(ConsultationHandle, EntranceKind), Problem> {
        let unknown = || Problem::new(Code::UnknownCode);
        match (code, key) {
            (None, Some(key)) => self.directory.by_key(key).ok_or_else(unknown),
            (Some(code), None) => {
                if let Some(prefix) = client.prefix {
                    self.tries.take(prefix, client.ticket.as_deref()).await?;
                }
                let found = normal_code(code).and_then(|code| self.directory.by_code(&code));
                if let Some(prefix) = client.prefix.filter(|_| found.is_none()) {
                    self.tries.wrong(prefix);
                }
                found.ok_or_else(unknown)
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

    /// One request over HTTP that only looks: says until when it waits, if it does.
    ///
    /// # Errors
    /// `too-fast` when its seat or its address is over its rate.
    pub fn count_read(&self, seat: Option<SeatId>, prefix: PrefixId) -> Result<Option<Instant>, Problem> {
        let now = Instant::now();
        let Some(seat) = seat else { return self.addresses.unseated(prefix, now).map(|()| None) };
        self.addresses.seated(prefix, now)?;
        self.allowances.read(seat, now)
    }

    /// One request over HTTP that wants to change something. Commands of a seat are counted by themselves as well.
    ///
    /// # Errors
    /// `too-fast` when its address is over its rate.
    pub fn count_write(&self, seat: Option<SeatId>, prefix: PrefixId) -> Result<(), Problem> {
        let now = Instant::now();
        if seat.is_some() { self.addresses.seated(prefix, now) } else { self.addresses.unseated(prefix, now) }
    }

    /// What a request cost more than one.
    pub fn owe(&self, seat: Option<SeatId>, prefix: PrefixId, units: f64) {
        let now = Instant::now();
        self.addresses.owe(prefix, seat.is_some(), units, now);
        if let Some(seat) = seat {
            self.allowances.owe(seat, units, now);
        }
    }

    /// A request that waits for something later.
    ///
    /// # Errors
    /// `too-fast` when as many of its seat or its address wait.
    pub fn poll(&self, caller: &Caller, prefix: PrefixId) -> Result<(SeatPoll, Held), Problem> {
        let now = Instant::now();
        let seat = self.allowances.poll(caller.seat, now)?;
        Ok((seat, self.addresses.hold(prefix, CountedUse::Polls, now)?))
    }

    /// Keeps what a phone leaves for another one; a newer parcel of the same seat takes its place.
    ///
    /// # Errors
    /// `unavailable` when too many wait to be fetched.
    pub fn leave_parcel(&self, caller: &Caller, parcel: Handover) -> Result<HandoverPlace, Problem> {
        let id = hex::encode(self.entropy.bytes::<16>());
        let now = self.clock.now();
        self.parcels.leave(&id, caller.clone(), now, parcel, Instant::now())?;
        let expires = now + u64::try_from(self.limits.parcel_time.as_millis()).unwrap_or(0);
        Ok(HandoverPlace { id, expires })
    }

    /// What is in a parcel, as far as this server knows it; the parcel stays.
    ///
    /// # Errors
    /// `not-found` when it was fetched, its time is over, or its seat is on another phone by now.
    pub async fn look_at_parcel(&self, id: &str) -> Result<HandoverView, Problem> {
        let found = self.parcels.look(id, Instant::now()).filter(|(of, _)| self.directory.still_has(of));
        let (of, left) = found.ok_or_else(no_parcel)?;
        let view = of.view().await?;
        if view.you.role != Role::Participant {
            return Err(no_parcel());
        }
        let group = view.state.groups.iter().find(|group| Some(group.id) == view.you.group);
        Ok(HandoverView {
            consultation: view.state.id,
            group: group.map(|group| group.name.clone()).unwrap_or_default(),
            title: view.state.title,
            left,
            now: self.clock.now(),
        })
    }

    /// Gives a parcel out, once.
    ///
    /// # Errors
    /// `not-found` when it was fetched, or its time is over.
    pub fn fetch_parcel(&self, id: &str) -> Result<Handover, Problem> {
        self.parcels.fetch(id, Instant::now()).ok_or_else(no_parcel)
    }
}

fn no_parcel() -> Problem {
    Problem::because(Code::NotFound, "This was fetched already, or its time is over. Show a new QR code.")
}
