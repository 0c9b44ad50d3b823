//! What a connection sends next: frames at once, large documents part by part, later updates behind their parts.
//!
//! The next part of a document is made when the one before has been taken by the other side, and other documents'
//! frames go between two parts. Updates of a document that is on its way wait here up to a bound. Beyond it they are
//! dropped, and when the parts are through the room is asked for the difference: a slow phone on a large, lively board
//! is never cut for that, and never makes anybody hold the board again (rule W15).

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use proto::gate::StateVector;
use proto::wire::close::CloseReason;
use proto::wire::frame::{Body, Envelope};

use crate::room::{Given, OutboxMessage, Parts, SubscriptionId};

/// What is to be done with a message.
#[derive(Debug)]
pub enum Do {
    /// Send it now.
    Send(Bytes),
    /// Nothing now: it waits here, or is not needed.
    Nothing,
    /// End the connection.
    Close(CloseReason),
}

/// One step of a delivery.
#[derive(Debug, Default)]
pub struct DeliveryStep {
    /// To be sent.
    pub frame: Option<Bytes>,
    /// Once it is sent: the room is to be asked what somebody with this state vector is missing.
    pub behind: Option<(SubscriptionId, StateVector)>,
}

/// Everything that is on its way on one connection.
#[derive(Debug, Default)]
pub struct Deliveries {
    all: HashMap<SubscriptionId, Delivery>,
    /// Whose turn it is; those that wait for their room are not here.
    turns: VecDeque<SubscriptionId>,
}

/// One document on its way.
#[derive(Debug)]
struct Delivery {
    envelope: Envelope,
    parts: Option<Progress>,
    /// What came since, in order.
    held: VecDeque<Held>,
    held_bytes: usize,
    /// Was something dropped that came since?
    behind: bool,
    /// Acknowledgements that wait for the step 2: a stock provider that has one for each thing it sent says that it is
    /// synced, and it answers the server's step 1 at once.
    owed: u32,
}

#[derive(Debug)]
struct Progress {
    parts: Arc<Parts>,
    next: usize,
    /// Is it the answer to a step 1? Then its last part is the step 2.
    answer: bool,
}

#[derive(Debug)]
enum Held {
    Update(Body),
    Large(Arc<Parts>),
}

impl Deliveries {
    /// Takes a message out of the connection's queue. `held_bytes_max` bounds what waits behind one document's parts.
    pub fn take(&mut self, message: OutboxMessage, held_bytes_max: usize) -> Do {
        match message {
            OutboxMessage::Frame(frame) => return Do::Send(frame),
            OutboxMessage::Message(envelope, body) => return Do::Send(envelope.frame(&body)),
            OutboxMessage::Close(reason) => return Do::Close(reason),
            OutboxMessage::Update(id, envelope, body) => match self.all.get_mut(&id) {
                None => return Do::Send(envelope.frame(&body)),
                Some(delivery) => {
                    let bytes = body.bytes();
                    delivery.hold(Held::Update(body), bytes, held_bytes_max);
                }
            },
            OutboxMessage::LargeUpdate(id, envelope, parts) => match self.all.get_mut(&id) {
                None => self.begin(id, envelope, Progress { parts, next: 0, answer: false }, false, 0),
                Some(delivery) => {
                    let bytes = parts.bytes();
                    delivery.hold(Held::Large(parts), bytes, held_bytes_max);
                }
            },
            OutboxMessage::Answer(id, envelope, Given { parts, behind }) => {
                let owed = self.all.get(&id).map_or(0, |delivery| delivery.owed);
                self.end(id);
                if parts.count() == 1 && !behind && owed == 0 {
                    let update = parts.part(0).unwrap_or_default();
                    return Do::Send(envelope.frame(&Body::sync_step2(&update)));
                }
                self.begin(id, envelope, Progress { parts, next: 0, answer: true }, behind, owed);
            }
            OutboxMessage::Recorded(id, envelope) => match self.all.get_mut(&id) {
                Some(delivery) if delivery.is_answering() => delivery.owed = delivery.owed.saturating_add(1),
                Some(_) | None => return envelope.sync_status().map_or(Do::Nothing, Do::Send),
            },
            OutboxMessage::Ended(id) => self.end(id),
        }
        Do::Nothing
    }

    fn begin(&mut self, id: SubscriptionId, envelope: Envelope, progress: Progress, behind: bool, owed: u32) {
        let held = VecDeque::new();
        self.all.insert(id, Delivery { envelope, parts: Some(progress), held, held_bytes: 0, behind, owed });
        self.turns.push_back(id);
    }

    /// The document is not wanted any more.
    pub fn end(&mut self, id: SubscriptionId) {
        if self.all.remove(&id).is_some() {
            self.turns.retain(|other| *other != id);
        }
    }

    /// Is there something to send that need not wait for anybody?
    pub fn has_next(&self) -> bool {
        !self.turns.is_empty()
    }

    /// The next step of the document whose turn it is.
    pub fn next_step(&mut self) -> DeliveryStep {
        let Some(id) = self.turns.pop_front() else { return DeliveryStep::default() };
        let Some(delivery) = self.all.get_mut(&id) else { return DeliveryStep::default() };
        let step = delivery.step(id);
        if delivery.is_done() {
            self.all.remove(&id);
        } else if !delivery.waits() {
            self.turns.push_back(id);
        }
        step
    }
}

impl Delivery {
    fn hold(&mut self, held: Held, bytes: usize, bytes_max: usize) {
        if self.behind {
            return;
        }
        if self.held_bytes + bytes > bytes_max && self.parts.is_some() {
            self.behind = true;
            self.held.clear();
            self.held_bytes = 0;
        } else {
            self.held_bytes += bytes;
            self.held.push_back(held);
        }
    }

    fn step(&mut self, id: SubscriptionId) -> DeliveryStep {
        if let Some(progress) = &mut self.parts {
            let part = progress.parts.part(progress.next).unwrap_or_default();
            progress.next += 1;
            let last = progress.next >= progress.parts.count();
            // Whoever still misses something is not told that this was all.
            let body = if last && progress.answer && !self.behind {
                Body::sync_step2(&part)
            } else {
                Body::update(&part)
            };
            let frame = Some(self.envelope.frame(&body));
            let behind = (last && self.behind).then(|| (id, progress.parts.after().clone()));
            if last {
                self.parts = None;
            }
            return DeliveryStep { frame, behind };
        }
        if self.owed > 0 {
            self.owed -= 1;
            return DeliveryStep { frame: self.envelope.sync_status(), behind: None };
        }
        match self.held.pop_front() {
            Some(Held::Update(body)) => {
                self.held_bytes -= body.bytes();
                DeliveryStep { frame: Some(self.envelope.frame(&body)), behind: None }
            }
            Some(Held::Large(parts)) => {
                self.held_bytes -= parts.bytes();
                self.parts = Some(Progress { parts, next: 0, answer: false });
                DeliveryStep::default()
            }
            None => DeliveryStep::default(),
        }
    }

    /// Is the step 2 still to come?
    fn is_answering(&self) -> bool {
        self.behind || self.owed > 0 || self.parts.as_ref().is_some_and(|progress| progress.answer)
    }

    /// Does it wait for the room's answer?
    fn waits(&self) -> bool {
        self.parts.is_none() && self.behind
    }

    fn is_done(&self) -> bool {
        self.parts.is_none() && !self.behind && self.owed == 0 && self.held.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proto::gate::UpdateParts;
    use proto::ids::ClientId;
    use yrs::{Doc, Map, ReadTxn, Transact};

    use super::*;

    const HELD_MAX: usize = 100;

    fn envelope() -> Envelope {
        Envelope::Hocuspocus("board/x".into())
    }

    /// A document of some KiB in several parts.
    fn large() -> Arc<Parts> {
        let doc = Doc::with_client_id(7);
        let map = doc.get_or_insert_map("ideas");
        let mut txn = doc.transact_mut();
        for key in 0..40 {
            map.insert(&mut txn, key.to_string(), "x".repeat(100));
        }
        let state = txn.encode_state_as_update_v1(&yrs::StateVector::default());
        let update = UpdateParts::cut(Bytes::from(state), 1_000).unwrap();
        assert!(update.count() > 3);
        Arc::new(Parts::of_update(update, StateVector::of_document([(ClientId(1 << 32), 40)].into_iter())))
    }

    fn answer(id: SubscriptionId, parts: &Arc<Parts>, behind: bool) -> OutboxMessage {
        OutboxMessage::Answer(id, envelope(), Given { parts: Arc::clone(parts), behind })
    }

    fn update(id: SubscriptionId, bytes: usize) -> OutboxMessage {
        OutboxMessage::Update(id, envelope(), Body::update(&vec![7; bytes]))
    }

    /// Everything that goes until it waits for its room; the room's question at the end.
    fn all(deliveries: &mut Deliveries) -> (Vec<Bytes>, Option<SubscriptionId>) {
        let mut frames = Vec::new();
        let mut behind = None;
        while deliveries.has_next() {
            let step = deliveries.next_step();
            frames.extend(step.frame);
            behind = step.behind.map(|(id, _)| id).or(behind);
        }
        (frames, behind)
    }

    /// The parts as frames; the last one is the step 2 if nothing is missing behind it.
    fn frames(parts: &Parts, synced: bool) -> Vec<Bytes> {
        let last = parts.count() - 1;
        let frame = |at: usize| {
            let part = parts.part(at).unwrap();
            let step2 = synced && at == last;
            envelope().frame(&if step2 { Body::sync_step2(&part) } else { Body::update(&part) })
        };
        (0..=last).map(frame).collect()
    }

    #[test]
    fn w15_later_updates_go_behind_the_parts_and_others_between_them() {
        let (mut deliveries, id, parts) = (Deliveries::default(), SubscriptionId::next(), large());
        assert!(matches!(deliveries.take(answer(id, &parts, false), HELD_MAX), Do::Nothing));
        let first = deliveries.next_step().frame.unwrap();
        assert!(matches!(deliveries.take(update(id, 20), HELD_MAX), Do::Nothing), "it waits");
        let other = SubscriptionId::next();
        assert!(matches!(deliveries.take(update(other, 20), HELD_MAX), Do::Send(_)), "others do not");
        let (rest, behind) = all(&mut deliveries);
        let mut expected = frames(&parts, true);
        expected.push(envelope().update(&[7; 20]));
        assert_eq!([vec![first], rest].concat(), expected);
        assert_eq!(behind, None);
        assert!(matches!(deliveries.take(update(id, 20), HELD_MAX), Do::Send(_)), "it is through");
    }

    #[test]
    fn w15_when_too_much_comes_meanwhile_the_room_is_asked_and_nothing_is_step_2_before_its_answer() {
        let (mut deliveries, id, parts) = (Deliveries::default(), SubscriptionId::next(), large());
        deliveries.take(answer(id, &parts, false), HELD_MAX);
        for _ in 0..5 {
            deliveries.take(update(id, 40), HELD_MAX);
        }
        let (sent, behind) = all(&mut deliveries);
        assert_eq!((sent, behind), (frames(&parts, false), Some(id)));
        // What comes before the answer is in the answer.
        assert!(matches!(deliveries.take(update(id, 40), HELD_MAX), Do::Nothing));
        assert!(!deliveries.has_next());
        deliveries.take(answer(id, &parts, false), HELD_MAX);
        assert_eq!(all(&mut deliveries), (frames(&parts, true), None));
    }

    #[test]
    fn w15_a_copy_that_is_a_little_old_is_followed_by_a_question() {
        let (mut deliveries, id, parts) = (Deliveries::default(), SubscriptionId::next(), large());
        deliveries.take(answer(id, &parts, true), HELD_MAX);
        assert_eq!(all(&mut deliveries), (frames(&parts, false), Some(id)));
    }

    #[test]
    fn w15_a_large_update_goes_in_parts_in_its_place_and_none_of_them_is_step_2() {
        let (mut deliveries, id, parts) = (Deliveries::default(), SubscriptionId::next(), large());
        let large_update = || OutboxMessage::LargeUpdate(id, envelope(), Arc::clone(&parts));
        let held_max = 1 << 20;
        deliveries.take(large_update(), held_max);
        deliveries.take(update(id, 20), held_max);
        deliveries.take(large_update(), held_max);
        let mut expected = frames(&parts, false);
        expected.push(envelope().update(&[7; 20]));
        expected.extend(frames(&parts, false));
        assert_eq!(all(&mut deliveries), (expected, None));
    }

    #[test]
    fn w15_an_acknowledgement_comes_after_the_step_2_that_is_on_its_way() {
        let (mut deliveries, id, parts) = (Deliveries::default(), SubscriptionId::next(), large());
        let recorded = || OutboxMessage::Recorded(id, envelope());
        let status = envelope().sync_status().unwrap();
        deliveries.take(answer(id, &parts, true), HELD_MAX);
        assert!(matches!(deliveries.take(recorded(), HELD_MAX), Do::Nothing), "it waits");
        assert_eq!(
            all(&mut deliveries),
            (frames(&parts, false), Some(id)),
            "what is missing is asked for first"
        );
        assert!(matches!(deliveries.take(recorded(), HELD_MAX), Do::Nothing), "it waits as well");
        deliveries.take(answer(id, &parts, false), HELD_MAX);
        deliveries.take(update(id, 20), HELD_MAX);
        let mut expected = frames(&parts, true);
        expected.extend([status.clone(), status, envelope().update(&[7; 20])]);
        assert_eq!(all(&mut deliveries), (expected, None));
        assert!(matches!(deliveries.take(recorded(), HELD_MAX), Do::Send(_)), "it is through");
    }

    #[test]
    fn w15_of_a_document_that_ended_nothing_more_goes() {
        let (mut deliveries, id, parts) = (Deliveries::default(), SubscriptionId::next(), large());
        deliveries.take(answer(id, &parts, false), HELD_MAX);
        deliveries.take(update(id, 20), HELD_MAX);
        deliveries.take(OutboxMessage::Ended(id), HELD_MAX);
        assert!(!deliveries.has_next());
    }
}
