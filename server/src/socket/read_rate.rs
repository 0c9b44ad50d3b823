//! How fast one connection may be read: every frame costs, of whatever kind, and large ones cost more (rule W16).

use std::time::Duration;

use proto::wire::close::CloseReason;
use tokio::time::Instant;

use crate::config::Limits;
use crate::rate::Bucket;
use crate::room::{OutboxMessage, SubscriptionId};

/// The rate of one connection, and since when it has had no rest.
#[derive(Debug)]
pub struct ReadRate {
    bucket: Bucket,
    /// When it was last within its rate.
    rested: Instant,
    flood_time: Duration,
}

impl ReadRate {
    /// A connection that has sent nothing yet.
    #[must_use]
    pub fn new(limits: &Limits, now: Instant) -> Self {
        Self { bucket: Bucket::new(limits.connection_rate, now), rested: now, flood_time: limits.flood_time }
    }

    /// A frame came that costs so much; `seat`: from when on its seat may send again. Says from when on the next is read.
    ///
    /// # Errors
    /// `TooMuch` when it has been over its rate for longer than a phone that brings something back.
    pub fn take(&mut self, cost: usize, seat: Option<Instant>, now: Instant) -> Result<Instant, CloseReason> {
        let Some(next) = self.bucket.take(cost, now).max(seat) else {
            self.rested = now;
            return Ok(now);
        };
        let floods = now.duration_since(self.rested) > self.flood_time;
        if floods { Err(CloseReason::TooMuch) } else { Ok(next) }
    }
}

/// What a frame of so many bytes costs, in messages.
#[must_use]
pub const fn cost(bytes: usize, limits: &Limits) -> usize {
    1 + bytes / limits.costs.unit_bytes
}

/// Whose answer to a state vector this is, if it is one, and what it costs, in messages.
#[must_use]
pub fn cost_of_answer(message: &OutboxMessage, limits: &Limits) -> Option<(SubscriptionId, usize)> {
    let OutboxMessage::Answer(id, _, given) = message else { return None };
    Some((*id, given.parts.bytes() / limits.costs.unit_bytes_of_documents))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use proto::gate::{StateVector, UpdateParts};
    use proto::ids::SeatId;
    use proto::wire::frame::Envelope;
    use yrs::{Doc, Map, ReadTxn, Transact};

    use super::*;
    use crate::clock::tick;
    use crate::live::SeatLimits;
    use crate::room::{Given, Parts, outbox};

    #[tokio::test(start_paused = true)]
    async fn w16_whoever_sends_without_a_rest_is_closed_and_whoever_brings_much_back_is_not() {
        let limits = Limits::default();
        let start = tick();
        let (mut flood, mut now) = (ReadRate::new(&limits, start), start);
        let mut read = 0.0;
        let ended = loop {
            match flood.take(1, None, now) {
                Ok(next) => now = next,
                Err(reason) => break reason,
            }
            read += 1.0;
        };
        assert_eq!(ended, CloseReason::TooMuch);
        let rate = limits.connection_rate;
        let seconds = (now - start).as_secs_f64();
        assert!(read <= rate.burst + rate.per_second * seconds + 1.0, "{read} in {seconds} s");
        let mut honest = ReadRate::new(&limits, start);
        let mut now = start;
        for _ in 0..1_000 {
            now = honest.take(1, None, now).unwrap();
        }
        now += Duration::from_secs(30);
        assert_eq!(honest.take(1, None, now), Ok(now));
    }

    #[test]
    fn w16_a_large_frame_costs_more_than_a_small_one() {
        let limits = Limits::default();
        assert_eq!((cost(6, &limits), cost(limits.message_bytes_max, &limits)), (1, 17));
    }

    /// The answer to somebody who asks for the whole of a document of so many MiB.
    fn answer(mib: usize) -> OutboxMessage {
        let doc = Doc::with_client_id(7);
        let map = doc.get_or_insert_map("ideas");
        let mut txn = doc.transact_mut();
        for key in 0..mib {
            map.insert(&mut txn, key.to_string(), "x".repeat(1024 * 1024));
        }
        let state = Bytes::from(txn.encode_state_as_update_v1(&yrs::StateVector::default()));
        let update = UpdateParts::cut(state, 1024 * 1024).unwrap();
        let parts = Arc::new(Parts::of_update(update, StateVector::default()));
        let envelope = Envelope::Hocuspocus("board".into());
        OutboxMessage::Answer(SubscriptionId::next(), envelope, Given { parts, behind: false })
    }

    #[tokio::test(start_paused = true)]
    async fn w16_whoever_asks_for_a_large_board_again_and_again_gets_it_about_once_a_second() {
        let (limits, answer) = (Limits::default(), answer(16));
        let (mut now, outbox) = (tick(), outbox(4).0);
        let end = now + Duration::from_secs(60);
        let seats = SeatLimits::new(limits.seat_rate, limits.costs.clone(), 1, 1);
        let seat = seats.connect(SeatId(uuid::Uuid::nil()), &outbox, now).unwrap();
        let (mut asked, mut at_once) = (0, 0);
        while now < end {
            // As a connection does: the question is read, its answer is charged, the next is read when the seat may.
            let next = seat.take(1, now);
            let (_, units) = cost_of_answer(&answer, &limits).unwrap();
            seat.payer().owe(units, now);
            asked += 1;
            at_once += usize::from(next.is_none() && asked == at_once + 1);
            now = next.unwrap_or(now);
        }
        assert!(at_once >= 4, "four boards are opened without a wait: {at_once}");
        assert!(asked <= 80, "1,300 before: {asked}");
        assert_eq!(cost_of_answer(&OutboxMessage::Frame(Bytes::new()), &limits), None);
    }
}
