//! What requests cost: charged to their seat and to their address (rule W16).

use proto::ids::SeatId;
use proto::problem::Problem;

use super::addresses::{CountedUse, Held};
use crate::address_prefix::PrefixId;
use crate::clock::{Tick, tick};
use crate::hub::Hub;
use crate::live::{Caller, SeatPoll};

impl Hub {
    /// One message of a seat over HTTP.
    ///
    /// # Errors
    /// `too-fast` when the seat is over its rate.
    pub fn count(&self, caller: &Caller) -> Result<(), Problem> {
        self.node.seat_limits.take(caller.seat, tick())
    }

    /// One request over HTTP that only looks: says until when it waits, if it does.
    ///
    /// # Errors
    /// `too-fast` when its seat or its address is over its rate.
    pub fn count_read(&self, seat: Option<SeatId>, prefix: PrefixId) -> Result<Option<Tick>, Problem> {
        let now = tick();
        let Some(seat) = seat else { return self.addresses.unseated(prefix, now).map(|()| None) };
        self.addresses.seated(prefix, now)?;
        self.node.seat_limits.read(seat, now)
    }

    /// One request over HTTP that wants to change something. Commands of a seat are counted by themselves as well.
    ///
    /// # Errors
    /// `too-fast` when its address is over its rate.
    pub fn count_write(&self, seat: Option<SeatId>, prefix: PrefixId) -> Result<(), Problem> {
        let now = tick();
        if seat.is_some() { self.addresses.seated(prefix, now) } else { self.addresses.unseated(prefix, now) }
    }

    /// What a request cost more than one.
    pub fn owe(&self, seat: Option<SeatId>, prefix: PrefixId, units: f64) {
        let now = tick();
        self.addresses.owe(prefix, seat.is_some(), units, now);
        if let Some(seat) = seat {
            self.node.seat_limits.owe(seat, units, now);
        }
    }

    /// A request that waits for something later.
    ///
    /// # Errors
    /// `too-fast` when as many of its seat or its address wait.
    pub fn poll(&self, caller: &Caller, prefix: PrefixId) -> Result<(SeatPoll, Held), Problem> {
        let now = tick();
        let seat = self.node.seat_limits.poll(caller.seat, now)?;
        Ok((seat, self.addresses.hold(prefix, CountedUse::Polls, now)?))
    }
}
