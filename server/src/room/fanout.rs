//! From a room to its connections: one encoded message, shared by all; the connection puts the document's key before it.
//!
//! A connection's queue is bounded. Presence may be dropped when it is full; an update never: the connection is cut,
//! and comes back with its state vector (invariant I9).

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use proto::gate::{CutError, StateVector, UpdateParts, write_awareness};
use proto::problem::Problem;
use proto::wire::close::CloseReason;
use proto::wire::frame::{Body, Envelope};
use proto::wire::stateless::ServerMessage;
use tokio::sync::{Notify, mpsc};

use super::document_parts::{Given, Parts};
use super::presence::PresenceChange;
use super::{Subscription, SubscriptionId};
use crate::journal::SeatKey;

/// What a connection's task is told to send.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum OutboxMessage {
    Frame(Bytes),
    /// A message that may overtake parts: presence.
    Message(Envelope, Body),
    /// An update of a document: never before the parts of that document that were queued earlier.
    Update(SubscriptionId, Envelope, Body),
    /// The same, too large for one message.
    LargeUpdate(SubscriptionId, Envelope, Arc<Parts>),
    /// The answer to a step 1; its last part is the step 2.
    Answer(SubscriptionId, Envelope, Given),
    /// One update or step 2 of the phone is durable (rule W4): never before the step 2 that is on its way.
    Recorded(SubscriptionId, Envelope),
    /// The document has ended on this connection: nothing more of it is sent.
    Ended(SubscriptionId),
    /// The end.
    Close(CloseReason),
}

impl OutboxMessage {
    /// Bytes that it holds alone; parts are shared.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        match self {
            Self::Frame(frame) => frame.len(),
            Self::Message(_, body) | Self::Update(_, _, body) => body.bytes(),
            Self::LargeUpdate(..)
            | Self::Answer(..)
            | Self::Recorded(..)
            | Self::Ended(_)
            | Self::Close(_) => 0,
        }
    }
}

/// The bounded queue of one connection.
#[derive(Clone, Debug)]
pub struct Outbox {
    queue: mpsc::Sender<OutboxMessage>,
    cut: Arc<Notify>,
    waiting: UnsentBytes,
}

/// How many bytes wait for one connection.
#[derive(Clone, Debug, Default)]
pub struct UnsentBytes(Arc<AtomicUsize>);

impl UnsentBytes {
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
    (Outbox { queue, cut: Arc::clone(&cut), waiting: UnsentBytes::default() }, messages, cut)
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
    pub const fn waiting(&self) -> &UnsentBytes {
        &self.waiting
    }

    /// Sends a frame that must not be lost.
    pub fn frame(&self, frame: Bytes) -> bool {
        self.send(OutboxMessage::Frame(frame))
    }

    /// Sends what may be dropped: presence. Kept out of a queue that is half full.
    pub fn droppable(&self, message: OutboxMessage) {
        if self.queue.capacity() * 2 > self.queue.max_capacity() {
            self.send(message);
        }
    }
}

/// A subscription and where it stands.
#[derive(Debug)]
pub struct RoomSubscriber {
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
pub struct RoomSubscribers {
    all: HashMap<SubscriptionId, RoomSubscriber>,
}

impl RoomSubscribers {
    pub(super) fn open(&mut self, of: Subscription) {
        let subscriber = RoomSubscriber { of, synced: false, asked: false, owed: 0 };
        self.all.insert(subscriber.of.id, subscriber);
    }

    /// Every connection of a seat.
    pub(super) fn of_seat(&self, seat: SeatKey) -> Vec<SubscriptionId> {
        self.all.iter().filter(|(_, one)| one.of.seat == seat).map(|(id, _)| *id).collect()
    }

    pub(super) fn close(&mut self, id: SubscriptionId) -> Option<RoomSubscriber> {
        self.all.remove(&id)
    }

    pub(super) fn get(&self, id: SubscriptionId) -> Option<&RoomSubscriber> {
        self.all.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: SubscriptionId) -> Option<&mut RoomSubscriber> {
        self.all.get_mut(&id)
    }

    /// Ends the connection of a subscription.
    pub(super) fn end_one(&mut self, id: SubscriptionId, reason: CloseReason) {
        if let Some(subscriber) = self.all.remove(&id) {
            subscriber.of.outbox.send(OutboxMessage::Close(reason));
        }
    }

    /// Sends an update to everybody but its only author, if it has only one: who wrote it has it.
    ///
    /// # Errors
    /// When it is too large for one message and cannot be cut.
    pub(super) fn update(
        &mut self,
        update: Vec<u8>,
        author: Option<SubscriptionId>,
        part_bytes_max: usize,
    ) -> Result<(), CutError> {
        let small = (update.len() <= part_bytes_max).then(|| Body::update(&update));
        let large = match small {
            Some(_) => None,
            None => {
                let update = UpdateParts::cut(Bytes::from(update), part_bytes_max)?;
                Some(Arc::new(Parts::of_update(update, StateVector::default())))
            }
        };
        self.all.retain(|id, subscriber| {
            if !subscriber.synced || author == Some(*id) {
                return true;
            }
            let envelope = subscriber.of.envelope.clone();
            let messages = [
                small.clone().map(|body| OutboxMessage::Update(*id, envelope.clone(), body)),
                large.clone().map(|parts| OutboxMessage::LargeUpdate(*id, envelope, parts)),
            ];
            messages.into_iter().flatten().all(|message| subscriber.of.outbox.send(message))
        });
        Ok(())
    }

    /// Sends presence to everybody, without what they said themselves.
    pub(super) fn presence(&self, changes: &[PresenceChange]) {
        let all = Body::awareness(&write_awareness(changes.iter().map(|(_, entry)| entry)));
        for (id, subscriber) in &self.all {
            let is_own = |change: &&PresenceChange| change.0 == Some(*id);
            if !subscriber.synced || changes.iter().all(|change| is_own(&change)) {
                continue;
            }
            let body = if changes.iter().any(|change| is_own(&change)) {
                let others = changes.iter().filter(|change| !is_own(change));
                Body::awareness(&write_awareness(others.map(|(_, entry)| entry)))
            } else {
                all.clone()
            };
            subscriber.of.outbox.droppable(OutboxMessage::Message(subscriber.of.envelope.clone(), body));
        }
    }

    /// Ends a document on a connection with the reason (rule W5).
    pub(super) fn refuse(&mut self, id: SubscriptionId, problem: &Problem) {
        let Some(RoomSubscriber { of, .. }) = self.all.remove(&id) else { return };
        match &of.envelope {
            Envelope::Hocuspocus(key) => {
                let message = ServerMessage::Refused { document: key.to_string(), problem: problem.clone() };
                let json = serde_json::to_string(&message).unwrap_or_default();
                let frames = [of.envelope.stateless(&json), of.envelope.close(&problem.detail)];
                of.outbox.send(OutboxMessage::Ended(id));
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

impl Drop for RoomSubscribers {
    fn drop(&mut self) {
        // Whoever is still here was told nothing: the room panicked, or its consultation did.
        self.end(CloseReason::TryAgain);
    }
}
