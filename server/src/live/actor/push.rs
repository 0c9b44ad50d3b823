//! Frames to the connections that subscribe to a consultation's state.

use std::collections::HashMap;

use bytes::Bytes;
use proto::ids::SeatId;
use proto::wire::close::CloseReason;
use proto::wire::frame::Envelope;
use proto::wire::stateless::ServerMessage;

use crate::live::handle::Subscriber;
use crate::live::state::To;
use crate::room::{OutboxMessage, SubscriptionId};

/// The connections, by their ids.
#[derive(Default)]
pub struct Subscribers {
    connections: HashMap<SubscriptionId, Subscriber>,
}

impl Subscribers {
    /// A connection subscribes.
    pub fn add(&mut self, subscriber: Subscriber) {
        self.connections.insert(subscriber.id, subscriber);
    }

    /// A connection ended.
    pub fn remove(&mut self, connection: SubscriptionId) {
        self.connections.remove(&connection);
    }

    /// The connections of these seats end: something else has closed them.
    pub fn remove_seats(&mut self, is_gone: impl Fn(SeatId) -> bool) {
        self.connections.retain(|_, subscriber| !is_gone(subscriber.seat));
    }

    /// Closes one connection.
    pub fn close(&mut self, connection: SubscriptionId, reason: CloseReason) {
        if let Some(subscriber) = self.connections.remove(&connection) {
            subscriber.outbox.send(OutboxMessage::Close(reason));
        }
    }

    /// Closes all of them.
    pub fn close_all(&mut self, reason: CloseReason) {
        for (_, subscriber) in self.connections.drain() {
            subscriber.outbox.send(OutboxMessage::Close(reason));
        }
    }

    /// Tells all of them to come back, because the consultation ended by a fault.
    pub fn try_again(&self) {
        for subscriber in self.connections.values() {
            subscriber.outbox.send(OutboxMessage::Close(CloseReason::TryAgain));
        }
    }

    /// Sends a message: written once as JSON, and once as a frame for all connections with the same envelope.
    pub fn tell(&mut self, to: &To, message: &ServerMessage) {
        let json = serde_json::to_string(message).unwrap_or_default();
        let mut frames = Frames { json: &json, last: None };
        match to {
            // A connection that takes no frame any more is ending by itself.
            To::All => self.connections.retain(|_, subscriber| frames.send(subscriber)),
            To::Some(connections) => {
                for subscriber in connections.iter().filter_map(|id| self.connections.get(id)) {
                    frames.send(subscriber);
                }
            }
        }
    }
}

/// One message as frames.
struct Frames<'a> {
    json: &'a str,
    /// The envelope for which a frame was written last.
    last: Option<(Envelope, Bytes)>,
}

impl Frames<'_> {
    fn send(&mut self, subscriber: &Subscriber) -> bool {
        let frame = match &self.last {
            Some((envelope, frame)) if *envelope == subscriber.envelope => Some(frame.clone()),
            _ => subscriber.envelope.stateless(self.json),
        };
        let Some(frame) = frame else { return true };
        self.last = Some((subscriber.envelope.clone(), frame.clone()));
        subscriber.outbox.frame(frame)
    }
}
