//! What one seat may use, on all its connections and over HTTP together: messages per second, and connections.
//!
//! On a socket who is over the rate waits, and nothing is dropped. Over HTTP nobody can be made to wait for free: there a
//! seat that is over it is told so. Of too many connections the oldest is closed: it is most likely one that its phone has
//! left behind without a word.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use proto::ids::SeatId;
use proto::problem::{Code, Problem};
use proto::wire::close::CloseReason;
use tokio::time::Instant;

use crate::rate::{Bucket, Rate};
use crate::room::{Outbox, OutboxMessage};

/// What one seat may use.
#[derive(Debug)]
pub struct Allowance {
    bucket: Mutex<Bucket>,
    connections: Mutex<VecDeque<(u64, Outbox)>>,
}

/// A connection of a seat, counted until this is dropped.
#[derive(Debug)]
pub struct SeatConnection {
    seat: SeatId,
    number: u64,
    allowance: Arc<Allowance>,
}

/// The allowance of each seat that is connected, or sent something lately.
#[derive(Debug)]
pub struct Allowances {
    seats: Mutex<HashMap<SeatId, Arc<Allowance>>>,
    rate: Rate,
    connections_max: usize,
    seats_max: usize,
}

impl Allowances {
    /// The same for each of so many seats.
    #[must_use]
    pub fn new(rate: Rate, connections_max: usize, seats_max: usize) -> Self {
        Self { seats: Mutex::default(), rate, connections_max, seats_max }
    }

    /// One message of a seat that came by itself.
    ///
    /// # Errors
    /// `too-fast` when the seat is over its rate, or when as many other seats as are counted are busy at this moment.
    pub fn take(&self, seat: SeatId, now: Instant) -> Result<(), Problem> {
        let taken = locked(&self.of(seat, now)?.bucket).try_take(now);
        if taken { Ok(()) } else { Err(Problem::new(Code::TooFast)) }
    }

    /// One more connection of a seat; beyond the bound its oldest one is closed.
    ///
    /// # Errors
    /// `too-fast` when as many other seats as are counted are busy at this moment.
    pub fn connect(&self, seat: SeatId, outbox: &Outbox, now: Instant) -> Result<SeatConnection, Problem> {
        let allowance = self.of(seat, now)?;
        let mut connections = locked(&allowance.connections);
        let number = connections.back().map_or(0, |(number, _)| number + 1);
        connections.push_back((number, outbox.clone()));
        if connections.len() > self.connections_max
            && let Some((_, oldest)) = connections.pop_front()
        {
            oldest.send(OutboxMessage::Close(CloseReason::Replaced));
        }
        drop(connections);
        Ok(SeatConnection { seat, number, allowance })
    }

    /// Ends every connection of a seat.
    pub fn close(&self, seat: SeatId, reason: CloseReason) {
        let allowance = locked(&self.seats).get(&seat).map(Arc::clone);
        let Some(allowance) = allowance else { return };
        for (_, connection) in locked(&allowance.connections).drain(..) {
            connection.send(OutboxMessage::Close(reason));
        }
    }

    fn of(&self, seat: SeatId, now: Instant) -> Result<Arc<Allowance>, Problem> {
        let mut seats = locked(&self.seats);
        if let Some(allowance) = seats.get(&seat) {
            return Ok(Arc::clone(allowance));
        }
        if seats.len() >= self.seats_max {
            seats.retain(|_, allowance| {
                Arc::strong_count(allowance) > 1 || !locked(&allowance.bucket).is_full(now)
            });
        }
        if seats.len() >= self.seats_max {
            return Err(Problem::new(Code::TooFast));
        }
        let bucket = Mutex::new(Bucket::new(self.rate, now));
        let allowance = Arc::new(Allowance { bucket, connections: Mutex::default() });
        seats.insert(seat, Arc::clone(&allowance));
        Ok(allowance)
    }
}

impl SeatConnection {
    /// Whose.
    #[must_use]
    pub const fn seat(&self) -> SeatId {
        self.seat
    }

    /// One message of the seat; says from when on the next may be read, if not at once.
    pub fn take(&self, now: Instant) -> Option<Instant> {
        locked(&self.allowance.bucket).take(1, now)
    }
}

impl Drop for SeatConnection {
    fn drop(&mut self) {
        locked(&self.allowance.connections).retain(|(number, _)| *number != self.number);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::room::outbox;

    fn seat(number: u128) -> SeatId {
        SeatId(uuid::Uuid::from_u128(number))
    }

    const RATE: Rate = Rate { per_second: 20.0, burst: 100.0 };

    #[tokio::test(start_paused = true)]
    async fn a_seat_over_its_rate_is_told_so_and_others_are_not() {
        let start = Instant::now();
        let allowances = Allowances::new(RATE, 2, 10);
        let taken = (0..500).filter(|_| allowances.take(seat(1), start).is_ok()).count();
        assert_eq!(taken, 100);
        assert_eq!(allowances.take(seat(1), start).map_err(|problem| problem.code), Err(Code::TooFast));
        assert!(allowances.take(seat(2), start).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn all_connections_of_a_seat_and_http_share_its_rate() {
        let start = Instant::now();
        let allowances = Allowances::new(RATE, 2, 10);
        let (outbox, _frames, _cut) = outbox(4);
        let (one, two) = (
            allowances.connect(seat(1), &outbox, start).unwrap(),
            allowances.connect(seat(1), &outbox, start).unwrap(),
        );
        for _ in 0..50 {
            assert_eq!((one.take(start), two.take(start)), (None, None));
        }
        assert!(one.take(start).is_some());
        assert!(allowances.take(seat(1), start).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn of_too_many_connections_the_oldest_is_closed() {
        let start = Instant::now();
        let allowances = Allowances::new(RATE, 2, 10);
        let mut queues = Vec::new();
        let mut kept = Vec::new();
        for _ in 0..3 {
            let (outbox, frames, _cut) = outbox(4);
            kept.push(allowances.connect(seat(1), &outbox, start).unwrap());
            queues.push(frames);
        }
        let mut closed = |at: usize| matches!(queues[at].try_recv(), Ok(OutboxMessage::Close(_)));
        assert_eq!([closed(0), closed(1), closed(2)], [true, false, false]);
        // One that left makes room.
        kept.remove(1);
        let (outbox, frames, _cut) = outbox(4);
        kept.push(allowances.connect(seat(1), &outbox, start).unwrap());
        queues.push(frames);
        let mut closed = |at: usize| matches!(queues[at].try_recv(), Ok(OutboxMessage::Close(_)));
        assert_eq!([closed(1), closed(2), closed(3)], [false, false, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn seats_that_have_rested_are_forgotten_and_busy_or_connected_ones_are_not() {
        let start = Instant::now();
        let allowances = Allowances::new(Rate { per_second: 1.0, burst: 2.0 }, 2, 3);
        let (outbox, _frames, _cut) = outbox(4);
        let connected = allowances.connect(seat(0), &outbox, start).unwrap();
        for number in 1..3 {
            assert!(allowances.take(seat(number), start).is_ok());
        }
        assert!(allowances.take(seat(3), start).is_err(), "all that are counted are busy");
        let later = start + Duration::from_secs(5);
        assert!(allowances.take(seat(3), later).is_ok());
        assert_eq!(locked(&allowances.seats).len(), 2);
        assert_eq!(connected.seat(), seat(0));
    }
}
