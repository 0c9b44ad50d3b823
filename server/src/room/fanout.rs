//! From a room to its connections: one encoded frame, shared by all.
//!
//! A connection's queue is bounded. Presence may be dropped when it is full; an update never: the connection is cut,
//! and comes back with its state vector (invariant I9).

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use proto::gate::write_awareness;
use proto::problem::Problem;
use proto::wire::close::CloseReason;
use proto::wire::frame::Envelope;
use proto::wire::stateless::ServerMessage;
use tokio::sync::{Notify, mpsc};

use super::presence::Change;
use super::{Subscription, SubscriptionId};
use crate::journal::SeatKey;

/// What a connection's task is told to send.
#[derive(Clone, Debug)]
pub enum OutboxMessage {
    /// A frame.
    Frame(Bytes),
    /// The end.
    Close(CloseReason),
}

impl OutboxMessage {
    /// Bytes that it holds.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        match self {
            Self::Frame(frame) => frame.len(),
            Self::Close(_) => 0,
        }
    }
}

/// The bounded queue of one connection.
#[derive(Clone, Debug)]
pub struct Outbox {
    queue: mpsc::Sender<OutboxMessage>,
    cut: Arc<Notify>,
    waiting: Waiting,
}

/// How many bytes wait for one connection.
#[derive(Clone, Debug, Default)]
pub struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    /// Bytes that were queued and not sent yet.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// So many bytes were sent.
    pub fn sent(&self, bytes: usize) {
        self.0.fetch_sub(bytes, Ordering::Relaxed);
    }

    fn queued(&self, bytes: usize) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// A queue with room for `capacity` frames: its two ends, and what tells the connection that it was cut.
#[must_use]
pub fn outbox(capacity: usize) -> (Outbox, mpsc::Receiver<OutboxMessage>, Arc<Notify>) {
    let (queue, messages) = mpsc::channel(capacity);
    let cut = Arc::new(Notify::new());
    (Outbox { queue, cut: Arc::clone(&cut), waiting: Waiting::default() }, messages, cut)
}

impl Outbox {
    /// Sends what must not be lost. `false`: the connection is gone, or was cut because it does not keep up.
    pub fn send(&self, message: OutboxMessage) -> bool {
        let bytes = message.bytes();
        // Before it is taken out on the other side.
        self.waiting.queued(bytes);
        match self.queue.try_send(message) {
            Ok(()) => return true,
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.cut.notify_one();
            }
            Err(mpsc::error::TrySendError::Closed(_)) => {}
        }
        self.waiting.sent(bytes);
        false
    }

    /// How much waits here.
    #[must_use]
    pub const fn waiting(&self) -> &Waiting {
        &self.waiting
    }

    /// Sends a frame that must not be lost.
    pub fn frame(&self, frame: Bytes) -> bool {
        self.send(OutboxMessage::Frame(frame))
    }

    /// Sends a frame that may be dropped: presence. Kept out of a queue that is half full.
    pub fn droppable(&self, frame: Bytes) {
        if self.queue.capacity() * 2 > self.queue.max_capacity() {
            self.frame(frame);
        }
    }
}

/// A subscription and where it stands.
#[derive(Debug)]
pub struct Subscriber {
    pub(super) of: Subscription,
    /// Has it had its step 2? Before that it is told nothing.
    pub(super) synced: bool,
    /// Was it asked for what is missing, and has not answered yet (rule W6)?
    pub(super) asked: bool,
    /// Acknowledgements that wait for that answer.
    pub(super) owed: u32,
}

/// Everybody who has this document open.
#[derive(Debug, Default)]
pub struct Subscribers {
    all: HashMap<SubscriptionId, Subscriber>,
}

impl Subscribers {
    pub(super) fn open(&mut self, of: Subscription) {
        let subscriber = Subscriber { of, synced: false, asked: false, owed: 0 };
        self.all.insert(subscriber.of.id, subscriber);
    }

    /// Every connection of a seat.
    pub(super) fn of_seat(&self, seat: SeatKey) -> Vec<SubscriptionId> {
        self.all.iter().filter(|(_, one)| one.of.seat == seat).map(|(id, _)| *id).collect()
    }

    pub(super) fn close(&mut self, id: SubscriptionId) -> Option<Subscriber> {
        self.all.remove(&id)
    }

    pub(super) fn get(&self, id: SubscriptionId) -> Option<&Subscriber> {
        self.all.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: SubscriptionId) -> Option<&mut Subscriber> {
        self.all.get_mut(&id)
    }

    /// Ends the connection of a subscription.
    pub(super) fn end_one(&mut self, id: SubscriptionId, reason: CloseReason) {
        if let Some(subscriber) = self.all.remove(&id) {
            subscriber.of.outbox.send(OutboxMessage::Close(reason));
        }
    }

    /// Sends an update to everybody but its only author, if it has only one: who wrote it has it.
    pub(super) fn update(&mut self, update: &[u8], author: Option<SubscriptionId>) {
        let mut frames = Frames::default();
        self.all.retain(|id, subscriber| {
            if !subscriber.synced || author == Some(*id) {
                return true;
            }
            subscriber
                .of
                .outbox
                .frame(frames.get(&subscriber.of.envelope, |envelope| envelope.update(update)))
        });
    }

    /// Sends presence to everybody, without what they said themselves.
    pub(super) fn presence(&self, changes: &[Change]) {
        let all = write_awareness(changes.iter().map(|(_, entry)| entry));
        let mut frames = Frames::default();
        for (id, subscriber) in &self.all {
            let envelope = &subscriber.of.envelope;
            let is_own = |change: &&Change| change.0 == Some(*id);
            if !subscriber.synced || changes.iter().all(|change| is_own(&change)) {
                continue;
            }
            let frame = if changes.iter().any(|change| is_own(&change)) {
                let others = changes.iter().filter(|change| !is_own(change));
                envelope.awareness(&write_awareness(others.map(|(_, entry)| entry)))
            } else {
                frames.get(envelope, |envelope| envelope.awareness(&all))
            };
            subscriber.of.outbox.droppable(frame);
        }
    }

    /// Ends a document on a connection with the reason (rule W5).
    pub(super) fn refuse(&mut self, id: SubscriptionId, problem: &Problem) {
        let Some(Subscriber { of, .. }) = self.all.remove(&id) else { return };
        match &of.envelope {
            Envelope::Hocuspocus(key) => {
                let message = ServerMessage::Refused { document: key.to_string(), problem: problem.clone() };
                let json = serde_json::to_string(&message).unwrap_or_default();
                let frames = [of.envelope.stateless(&json), of.envelope.close(&problem.detail)];
                for frame in frames.into_iter().flatten() {
                    of.outbox.frame(frame);
                }
            }
            Envelope::YWebsocket => {
                of.outbox.send(OutboxMessage::Close(CloseReason::Refused));
            }
        }
    }

    /// Tells everybody that the room ends: by a fault, or because the server stops.
    pub(super) fn end(&mut self, reason: CloseReason) {
        for (_, subscriber) in self.all.drain() {
            subscriber.of.outbox.send(OutboxMessage::Close(reason));
        }
    }
}

/// One encoding for each envelope that somebody uses; nearly always the same.
#[derive(Default)]
struct Frames {
    made: Vec<(Envelope, Bytes)>,
}

impl Frames {
    /// Distinct envelopes whose frames are kept; more (sessions with keys of their own) are encoded each time.
    const KEPT_MAX: usize = 8;

    fn get(&mut self, envelope: &Envelope, make: impl FnOnce(&Envelope) -> Bytes) -> Bytes {
        if let Some((_, frame)) = self.made.iter().find(|(known, _)| known == envelope) {
            return frame.clone();
        }
        let frame = make(envelope);
        if self.made.len() < Self::KEPT_MAX {
            self.made.push((envelope.clone(), frame.clone()));
        }
        frame
    }
}
