//! The account of each seat, on all its connections and over HTTP together (rule W16): messages, reads, connections, open
//! documents, requests that wait.
//!
//! On a socket who is over the rate waits, and nothing is dropped. Over HTTP a read waits for a moment, because nothing is
//! lost by it; everything else that is over the rate is told so. Of too many connections, or of one document that is open
//! too often, the oldest is closed: it is most likely one that its phone has left behind without a word.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use proto::ids::{DocumentName, SeatId};
use proto::problem::{Code, Problem};
use proto::wire::close::CloseReason;

use crate::clock::Tick;
use crate::config::CostLimits;
use crate::rate::{Bucket, Rate};
use crate::room::{Outbox, OutboxMessage};

/// What one seat may use.
#[derive(Debug)]
pub struct SeatLimit {
    bucket: Mutex<Bucket>,
    reads: Mutex<Bucket>,
    polls: AtomicUsize,
    connections: Mutex<VecDeque<(u64, Outbox)>>,
    /// Open documents by connection, oldest first.
    open: Mutex<Vec<(DocumentName, u64)>>,
}

/// A connection of a seat, counted until this is dropped.
#[derive(Debug)]
pub struct SeatConnection {
    seat: SeatId,
    number: u64,
    limit: Arc<SeatLimit>,
}

/// Who pays for what a seat asked for, also when the connection has let go of the document meanwhile.
#[derive(Clone, Debug)]
pub struct Payer(Arc<SeatLimit>);

/// A document that a seat has open on a connection, counted until this is dropped.
#[derive(Debug)]
pub struct OpenPlace {
    document: DocumentName,
    connection: Arc<SeatConnection>,
}

/// A request of a seat that waits for something later, counted until this is dropped.
#[derive(Debug)]
pub struct SeatPoll(Arc<SeatLimit>);

/// The limit of each seat that is connected, or sent something lately.
#[derive(Debug)]
pub struct SeatLimits {
    seats: Mutex<HashMap<SeatId, Arc<SeatLimit>>>,
    rate: Rate,
    costs: CostLimits,
    connections_max: usize,
    seats_max: usize,
}

impl SeatLimits {
    /// The same for each of so many seats.
    #[must_use]
    pub fn new(rate: Rate, costs: CostLimits, connections_max: usize, seats_max: usize) -> Self {
        Self { seats: Mutex::default(), rate, costs, connections_max, seats_max }
    }

    /// One message of a seat that came by itself.
    ///
    /// # Errors
    /// `too-fast` when the seat is over its rate, or when as many other seats as are counted are busy at this moment.
    pub fn take(&self, seat: SeatId, now: Tick) -> Result<(), Problem> {
        let taken = locked(&self.of(seat, now)?.bucket).try_take(now);
        if taken { Ok(()) } else { Err(Problem::new(Code::TooFast)) }
    }

    /// A read of a seat over HTTP: says until when it waits, if it does.
    ///
    /// # Errors
    /// `too-fast` when that would be too long, or when as many other seats as are counted are busy at this moment.
    pub fn read(&self, seat: SeatId, now: Tick) -> Result<Option<Tick>, Problem> {
        let limit = self.of(seat, now)?;
        let mut reads = locked(&limit.reads);
        if reads.waits(now).is_some_and(|until| until > now + self.costs.read_wait) {
            return Err(Problem::new(Code::TooFast));
        }
        Ok(reads.take(1, now))
    }

    /// A request of a seat cost more than one read.
    pub fn owe(&self, seat: SeatId, cost: f64, now: Tick) {
        if let Ok(limit) = self.of(seat, now) {
            locked(&limit.reads).owe(cost, now);
        }
    }

    /// One more request of a seat that waits for something later.
    ///
    /// # Errors
    /// `too-fast` when as many wait already.
    pub fn poll(&self, seat: SeatId, now: Tick) -> Result<SeatPoll, Problem> {
        let limit = self.of(seat, now)?;
        // Counted before it is compared: two that come at once must not both be the last.
        let before = limit.polls.fetch_add(1, Ordering::Relaxed);
        let poll = SeatPoll(limit);
        if before >= self.costs.polls_of_seat {
            return Err(Problem::because(Code::TooFast, "This seat has as many requests waiting as it may."));
        }
        Ok(poll)
    }

    /// One more connection of a seat; beyond the bound its oldest one is closed.
    ///
    /// # Errors
    /// `too-fast` when as many other seats as are counted are busy at this moment, or when the seat owes so much that new
    /// connections are no honest phone's: who is closed and comes back at once, again and again.
    pub fn connect(&self, seat: SeatId, outbox: &Outbox, now: Tick) -> Result<SeatConnection, Problem> {
        let limit = self.of(seat, now)?;
        let owed = locked(&limit.bucket).waits(now);
        if owed.is_some_and(|until| until > now + self.costs.connect_owing) {
            return Err(Problem::new(Code::TooFast));
        }
        let mut connections = locked(&limit.connections);
        let number = connections.back().map_or(0, |(number, _)| number + 1);
        connections.push_back((number, outbox.clone()));
        if connections.len() > self.connections_max
            && let Some((_, oldest)) = connections.pop_front()
        {
            oldest.send(OutboxMessage::Close(CloseReason::Replaced));
        }
        drop(connections);
        Ok(SeatConnection { seat, number, limit })
    }

    /// Those of these seats that have a connection.
    pub fn connected(&self, of: impl Iterator<Item = SeatId>) -> HashSet<SeatId> {
        let seats = locked(&self.seats);
        let is_connected =
            |seat: &SeatId| seats.get(seat).is_some_and(|one| !locked(&one.connections).is_empty());
        of.filter(is_connected).collect()
    }

    /// Ends every connection of a seat.
    pub fn close(&self, seat: SeatId, reason: CloseReason) {
        let limit = locked(&self.seats).get(&seat).map(Arc::clone);
        let Some(limit) = limit else { return };
        for (_, connection) in locked(&limit.connections).drain(..) {
            connection.send(OutboxMessage::Close(reason));
        }
    }

    fn of(&self, seat: SeatId, now: Tick) -> Result<Arc<SeatLimit>, Problem> {
        let mut seats = locked(&self.seats);
        if let Some(limit) = seats.get(&seat) {
            return Ok(Arc::clone(limit));
        }
        if seats.len() >= self.seats_max {
            seats.retain(|_, limit| {
                Arc::strong_count(limit) > 1
                    || !locked(&limit.bucket).is_full(now)
                    || !locked(&limit.reads).is_full(now)
            });
        }
        if seats.len() >= self.seats_max {
            return Err(Problem::new(Code::TooFast));
        }
        let limit = Arc::new(SeatLimit {
            bucket: Mutex::new(Bucket::new(self.rate, now)),
            reads: Mutex::new(Bucket::new(self.costs.reads_of_seat, now)),
            polls: AtomicUsize::new(0),
            connections: Mutex::default(),
            open: Mutex::default(),
        });
        seats.insert(seat, Arc::clone(&limit));
        Ok(limit)
    }
}

impl SeatConnection {
    /// The seat whose budget and connections these are.
    #[must_use]
    pub const fn seat(&self) -> SeatId {
        self.seat
    }

    /// A message of the seat that costs so many; says from when on the next may be read, if not at once.
    pub fn take(&self, cost: usize, now: Tick) -> Option<Tick> {
        locked(&self.limit.bucket).take(cost, now)
    }

    /// Its seat, for what is known to cost something only afterwards.
    #[must_use]
    pub fn payer(&self) -> Payer {
        Payer(Arc::clone(&self.limit))
    }

    /// The seat opens a document here; of more than `max` on its other connections the oldest is closed.
    ///
    /// # Errors
    /// `too-fast` when this very connection has it open so often already.
    pub fn open(self: &Arc<Self>, document: DocumentName, max: usize) -> Result<OpenPlace, Problem> {
        let mut open = locked(&self.limit.open);
        let here = open.iter().filter(|(what, on)| *what == document && *on == self.number).count();
        if here >= max {
            let detail = format!("This connection has this document open {max} times already.");
            return Err(Problem::because(Code::TooFast, detail));
        }
        open.push((document, self.number));
        let all = open.iter().filter(|(what, _)| *what == document).count();
        let oldest = open.iter().position(|(what, on)| *what == document && *on != self.number);
        if all > max
            && let Some(oldest) = oldest
        {
            let (_, number) = open.remove(oldest);
            let connections = locked(&self.limit.connections);
            if let Some((_, outbox)) = connections.iter().find(|(known, _)| *known == number) {
                outbox.send(OutboxMessage::Close(CloseReason::Replaced));
            }
        }
        drop(open);
        Ok(OpenPlace { document, connection: Arc::clone(self) })
    }
}

impl Drop for OpenPlace {
    fn drop(&mut self) {
        let mut open = locked(&self.connection.limit.open);
        let mine = |(document, on): &(DocumentName, u64)| {
            *document == self.document && *on == self.connection.number
        };
        if let Some(at) = open.iter().position(mine) {
            open.remove(at);
        }
    }
}

impl Payer {
    /// Something cost as much as so many messages: the seat's next ones are read later.
    pub fn owe(&self, units: usize, now: Tick) {
        locked(&self.0.bucket).owe(units as f64, now);
    }
}

impl Drop for SeatPoll {
    fn drop(&mut self) {
        self.0.polls.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for SeatConnection {
    fn drop(&mut self) {
        locked(&self.limit.connections).retain(|(number, _)| *number != self.number);
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
        let start = crate::clock::tick();
        let seat_limits = SeatLimits::new(RATE, CostLimits::default(), 2, 10);
        let taken = (0..500).filter(|_| seat_limits.take(seat(1), start).is_ok()).count();
        assert_eq!(taken, 100);
        assert_eq!(seat_limits.take(seat(1), start).map_err(|problem| problem.code), Err(Code::TooFast));
        assert!(seat_limits.take(seat(2), start).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn w16_reads_wait_for_their_turn_and_those_that_would_wait_too_long_are_refused() {
        let now = crate::clock::tick();
        let reads_of_seat = Rate { per_second: 10.0, burst: 20.0 };
        let read_wait = Duration::from_secs(2);
        let costs = CostLimits { reads_of_seat, read_wait, ..CostLimits::default() };
        let seat_limits = SeatLimits::new(RATE, costs, 2, 10);
        let answers: Vec<_> = (0..1_000).map(|_| seat_limits.read(seat(1), now)).collect();
        let at_once = answers.iter().filter(|answer| matches!(answer, Ok(None))).count();
        let waits: Vec<_> =
            answers.iter().filter_map(|answer| answer.as_ref().ok().copied().flatten()).collect();
        assert_eq!((at_once, waits.len()), (20, 21), "as many wait as have their turn in two seconds");
        assert!(waits.iter().all(|until| *until <= now + read_wait + Duration::from_millis(100)));
        assert!(answers[41..].iter().all(|answer| answer.as_ref().is_err_and(|e| e.code == Code::TooFast)));
        assert_eq!(seat_limits.read(seat(2), now), Ok(None), "others read as before");
    }

    #[tokio::test(start_paused = true)]
    async fn all_connections_of_a_seat_and_http_share_its_rate() {
        let start = crate::clock::tick();
        let seat_limits = SeatLimits::new(RATE, CostLimits::default(), 2, 10);
        let (outbox, _frames, _cut) = outbox(4);
        let (one, two) = (
            seat_limits.connect(seat(1), &outbox, start).unwrap(),
            seat_limits.connect(seat(1), &outbox, start).unwrap(),
        );
        for _ in 0..50 {
            assert_eq!((one.take(1, start), two.take(1, start)), (None, None));
        }
        assert!(one.take(1, start).is_some());
        assert!(seat_limits.take(seat(1), start).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn of_too_many_connections_the_oldest_is_closed() {
        let start = crate::clock::tick();
        let seat_limits = SeatLimits::new(RATE, CostLimits::default(), 2, 10);
        let mut queues = Vec::new();
        let mut kept = Vec::new();
        for _ in 0..3 {
            let (outbox, frames, _cut) = outbox(4);
            kept.push(seat_limits.connect(seat(1), &outbox, start).unwrap());
            queues.push(frames);
        }
        let mut closed = |at: usize| matches!(queues[at].try_recv(), Ok(OutboxMessage::Close(_)));
        assert_eq!([closed(0), closed(1), closed(2)], [true, false, false]);
        // One that left makes room.
        kept.remove(1);
        let (outbox, frames, _cut) = outbox(4);
        kept.push(seat_limits.connect(seat(1), &outbox, start).unwrap());
        queues.push(frames);
        let mut closed = |at: usize| matches!(queues[at].try_recv(), Ok(OutboxMessage::Close(_)));
        assert_eq!([closed(1), closed(2), closed(3)], [false, false, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn seats_that_have_rested_are_forgotten_and_busy_or_connected_ones_are_not() {
        let start = crate::clock::tick();
        let seat_limits = SeatLimits::new(Rate { per_second: 1.0, burst: 2.0 }, CostLimits::default(), 2, 3);
        let (outbox, _frames, _cut) = outbox(4);
        let connected = seat_limits.connect(seat(0), &outbox, start).unwrap();
        for number in 1..3 {
            assert!(seat_limits.take(seat(number), start).is_ok());
        }
        assert!(seat_limits.take(seat(3), start).is_err(), "all that are counted are busy");
        let later = start + Duration::from_secs(5);
        assert!(seat_limits.take(seat(3), later).is_ok());
        assert_eq!(locked(&seat_limits.seats).len(), 2);
        assert_eq!(connected.seat(), seat(0));
    }

    #[tokio::test(start_paused = true)]
    async fn w16_of_a_document_that_is_open_too_often_the_oldest_connection_is_closed() {
        let start = crate::clock::tick();
        let seat_limits = SeatLimits::new(RATE, CostLimits::default(), 24, 10);
        let document = DocumentName::Board(proto::ids::GroupId(uuid::Uuid::nil()));
        let (mut queues, mut kept) = (Vec::new(), Vec::new());
        for _ in 0..6 {
            let (outbox, frames, _cut) = outbox(4);
            let connection = Arc::new(seat_limits.connect(seat(1), &outbox, start).unwrap());
            kept.push((connection.open(document, 4).unwrap(), connection));
            queues.push(frames);
        }
        let mut closed = |at: usize| matches!(queues[at].try_recv(), Ok(OutboxMessage::Close(_)));
        assert_eq!([0, 1, 2, 3, 4, 5].map(&mut closed), [true, true, false, false, false, false]);
        // On one connection the newest is refused, and one that was closed makes room.
        let (_, last) = &kept[5];
        let more: Vec<_> = (0..3).map(|_| last.open(document, 4).unwrap()).collect();
        assert_eq!(last.open(document, 4).map_err(|problem| problem.code).err(), Some(Code::TooFast));
        drop(more);
        assert!(last.open(document, 4).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn w16_a_seat_that_reads_much_waits_and_one_that_reads_far_too_much_is_told_so() {
        let start = crate::clock::tick();
        let costs = CostLimits::default();
        let seat_limits = SeatLimits::new(RATE, costs.clone(), 2, 10);
        // A board of 186 KiB, again and again.
        let mut answered = 0.0;
        let mut now = start;
        while now < start + Duration::from_secs(10) {
            match seat_limits.read(seat(1), now) {
                Ok(until) => {
                    now = until.unwrap_or(now);
                    seat_limits.owe(seat(1), 11.6, now);
                    answered += 1.0;
                }
                Err(problem) => {
                    assert_eq!(problem.code, Code::TooFast);
                    now += Duration::from_millis(100);
                }
            }
        }
        let most = (costs.reads_of_seat.burst + 12.0 * costs.reads_of_seat.per_second) / 12.6;
        assert!(answered <= most + 2.0, "{answered} boards in ten seconds, {most} paid for");
        assert!(seat_limits.take(seat(1), now).is_ok(), "who reads can still vote");
        assert_eq!(seat_limits.read(seat(2), now).ok(), Some(None));
    }

    #[tokio::test(start_paused = true)]
    async fn w16_a_seat_has_few_requests_that_wait() {
        let (now, costs) = (crate::clock::tick(), CostLimits::default());
        let seat_limits = SeatLimits::new(RATE, costs.clone(), 2, 10);
        let mut polls: Vec<_> =
            (0..costs.polls_of_seat).map(|_| seat_limits.poll(seat(1), now).unwrap()).collect();
        assert!(seat_limits.poll(seat(1), now).is_err() && seat_limits.poll(seat(2), now).is_ok());
        polls.pop();
        assert!(seat_limits.poll(seat(1), now).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn w16_a_seat_that_owes_much_opens_no_connection_until_it_is_paid() {
        let start = crate::clock::tick();
        let seat_limits = SeatLimits::new(RATE, CostLimits::default(), 24, 10);
        let (outbox, _frames, _cut) = outbox(4);
        let one = seat_limits.connect(seat(1), &outbox, start).unwrap();
        one.take(100, start);
        assert!(seat_limits.connect(seat(1), &outbox, start).is_ok(), "a phone that brought much back");
        one.take(200, start);
        assert!(seat_limits.connect(seat(1), &outbox, start).is_err());
        assert!(seat_limits.connect(seat(2), &outbox, start).is_ok());
        assert!(seat_limits.connect(seat(1), &outbox, start + Duration::from_secs(6)).is_ok());
    }
}
