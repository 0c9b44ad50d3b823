//! The documents that are open on a connection: opened with a token, charged to its seat, left.
//!
//! A document that is not open hears nothing (rule W3). Whoever opens one is looked for again here, because a token may have been
//! exchanged since it was recognised.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use proto::ids::{DocumentName, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;
use proto::wire::close::CloseReason;
use proto::wire::frame::{Envelope, Message, document_of};
use proto::wire::stateless::ServerMessage;
use tokio::time::Instant;

use super::messages::{said, say_to_empty};
use crate::clock::tick;
use crate::hub::{Hub, Sender};
use crate::live::{Caller, OpenPlace, Payer, SeatConnection, Subscriber};
use crate::room::{Outbox, OutboxMessage, RoomHandle, RoomMessage, Subscription, SubscriptionId};

/// A document that is open on this connection.
pub(super) struct OpenDocument {
    id: SubscriptionId,
    caller: Caller,
    /// Was it opened with the organizer key? Then it may also make consultations.
    key_holder: bool,
    /// None for the consultation's own document.
    room: Option<RoomHandle>,
    envelope: Envelope,
    /// Shared by all documents that the same seat has open here.
    counted: Arc<SeatConnection>,
    /// Counted among the seat's, until this is dropped.
    _place: OpenPlace,
}

impl OpenDocument {
    /// How frames about it begin.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Whose it is.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Who sends a command that makes a consultation.
    pub fn sender(&self) -> Sender {
        if self.key_holder { Sender::KeyHolder } else { Sender::Seat(self.caller.clone()) }
    }

    /// Its phone has so many things that it has not sent.
    pub async fn unsent(&self, count: u32) {
        self.caller.unsent(self.id, count).await;
    }

    async fn leave(self) {
        match &self.room {
            Some(room) => {
                let _ = room.tell(RoomMessage::Leave(self.id)).await;
            }
            None => self.caller.unsubscribe(self.id).await,
        }
    }
}

/// All documents that are open on one connection, by their keys.
pub(super) struct Documents {
    hub: Arc<Hub>,
    outbox: Outbox,
    open: HashMap<Box<str>, Box<OpenDocument>>,
    /// The seat that opened the last document: it pays for answers to documents that are closed again.
    payer: Option<Payer>,
    /// Since when no document is open.
    idle_since: Instant,
}

impl Documents {
    /// None is open yet; what they are told goes to this queue.
    pub fn new(hub: Arc<Hub>, outbox: Outbox) -> Self {
        Self { hub, outbox, open: HashMap::new(), payer: None, idle_since: tick() }
    }

    /// Since when none is open; `None` when one is.
    pub fn idle_since(&self) -> Option<Instant> {
        self.open.is_empty().then_some(self.idle_since)
    }

    /// The consultation's own document under this key, if that is what is open.
    pub fn consultation(&self, key: &str) -> Option<&OpenDocument> {
        self.open.get(key).map(|document| &**document).filter(|document| document.room.is_none())
    }

    /// Charges a frame to its seat; one that is about no document to any that has one open here. Says from when on that seat
    /// may send the next one, if not at once.
    pub fn count(&self, key: &str, cost: usize) -> Option<Instant> {
        let open = self.open.get(key).or_else(|| self.open.values().next());
        open.and_then(|open| open.counted.take(cost, tick()))
    }

    /// Who pays for an answer to this subscription.
    pub fn payer_of(&self, id: SubscriptionId) -> Option<Payer> {
        let open = self.open.values().find(|open| open.id == id).map(|open| open.counted.payer());
        open.or_else(|| self.payer.clone())
    }

    /// The room of this subscription, if it is open here and has one.
    pub fn room_of(&self, id: SubscriptionId) -> Option<&RoomHandle> {
        self.open.values().find(|open| open.id == id).and_then(|open| open.room.as_ref())
    }

    /// Opens the document of this key with a token; a denial says why.
    pub async fn authenticate(&mut self, key: &str, token: &str) {
        let envelope = Envelope::Hocuspocus(key.into());
        let opened = match document_of(key).parse::<DocumentName>() {
            Err(unknown) => Err(Problem::because(Code::NotFound, unknown.to_string())),
            Ok(_) if self.open.len() >= self.hub.node.limits.documents_per_connection => {
                Err(Problem::because(Code::TooFast, "Too many documents are open on this connection."))
            }
            Ok(document) => match self.hub.identify_for(token, document) {
                Ok(caller) => self.open(key.into(), document, caller, envelope.clone()).await,
                Err(problem) => Err(problem),
            },
        };
        match opened {
            Ok(()) => {
                if let Some(document) = self.open.get_mut(key) {
                    document.key_holder = self.hub.is_organizer_key(token);
                }
            }
            // The consultation or the room is being started again: nobody is denied anything.
            Err(problem) if problem.code == Code::Unavailable => {
                self.outbox.send(OutboxMessage::Close(CloseReason::TryAgain));
            }
            Err(problem) => {
                // What never passes is told by its code as well: the denial itself has only words.
                let told =
                    [Code::SeatRemoved, Code::ClosedTogether, Code::SeatMoved, Code::Purged, Code::AtTheDoor];
                if told.contains(&problem.code) {
                    let message = ServerMessage::Problem { id: None, problem: problem.clone() };
                    let json = serde_json::to_string(&message).unwrap_or_default();
                    if let Some(frame) = envelope.stateless(&json) {
                        self.outbox.frame(frame);
                    }
                }
                if let Some(frame) = envelope.permission_denied(&problem.detail) {
                    self.outbox.frame(frame);
                }
            }
        }
    }

    /// Tells a connection what this server speaks, before everything else about its consultation (rule W18).
    fn welcome(&self, envelope: &Envelope) {
        let message = ServerMessage::Welcome { protocol: proto::PROTOCOL };
        if let Some(frame) = serde_json::to_string(&message).ok().and_then(|json| envelope.stateless(&json)) {
            self.outbox.frame(frame);
        }
    }

    /// Opens a document for a caller under a key.
    ///
    /// # Errors
    /// When the seat may not read it, has it open too often, or has another token by now.
    pub async fn open(
        &mut self,
        key: Box<str>,
        document: DocumentName,
        caller: Caller,
        envelope: Envelope,
    ) -> Result<(), Problem> {
        let opened = caller.open(document).await?;
        let counted = self.counted(caller.seat)?;
        let place = counted.open(document, self.subscriptions_max(opened.actor.role))?;
        // Its token may have been exchanged since it was recognised. From here on its end would reach this connection.
        if !self.hub.still_has(&caller) {
            return Err(Problem::new(Code::SeatMoved));
        }
        if let Some(frame) = envelope.authenticated(opened.scope) {
            self.outbox.frame(frame);
        }
        let id = SubscriptionId::next();
        match &opened.room {
            Some(room) => {
                let subscription = Subscription {
                    id,
                    envelope: envelope.clone(),
                    outbox: self.outbox.clone(),
                    actor: opened.actor,
                    seat: opened.seat,
                    name: opened.name,
                };
                let told = room.tell(RoomMessage::Open(Box::new(subscription))).await;
                told.map_err(|_| Problem::new(Code::Unavailable))?;
            }
            None => {
                let subscriber = Subscriber {
                    id,
                    seat: caller.seat,
                    envelope: envelope.clone(),
                    outbox: self.outbox.clone(),
                };
                self.welcome(&envelope);
                caller.subscribe(subscriber).await?;
            }
        }
        self.payer = Some(counted.payer());
        self.open.insert(
            key,
            Box::new(OpenDocument {
                id,
                caller,
                key_holder: false,
                room: opened.room,
                envelope,
                counted,
                _place: place,
            }),
        );
        Ok(())
    }

    /// How often a seat of this role may have the same document open.
    fn subscriptions_max(&self, role: Role) -> usize {
        let costs = &self.hub.node.limits.costs;
        if role == Role::Participant { costs.subscriptions_of_seat } else { costs.subscriptions_of_staff }
    }

    /// This connection, counted once for each seat that has documents open here.
    fn counted(&self, seat: SeatId) -> Result<Arc<SeatConnection>, Problem> {
        let mut open = self.open.values().map(|open| &open.counted);
        match open.find(|counted| counted.seat() == seat) {
            Some(counted) => Ok(Arc::clone(counted)),
            None => self.hub.connect(seat, &self.outbox).map(Arc::new),
        }
    }

    /// Tells a document's room what a message says; about one that is not open it is ignored (rule W3).
    pub async fn say(&self, key: &str, message: Message<'_>, frame: &Bytes) -> Result<(), CloseReason> {
        let Some(document) = self.open.get(key) else { return Ok(()) };
        let Some(room) = &document.room else {
            say_to_empty(&document.envelope, &self.outbox, message);
            return Ok(());
        };
        let Some(said) = said(message, frame, &self.hub.node.limits) else { return Ok(()) };
        // A room that ended may not have been able to say so: a panic says nothing. Coming back loads it again.
        room.tell(RoomMessage::Input(document.id, said)).await.map_err(|_| CloseReason::TryAgain)
    }

    /// Leaves a document; its subscription, if it was open.
    pub async fn leave(&mut self, key: &str) -> Option<SubscriptionId> {
        let document = self.open.remove(key)?;
        let id = document.id;
        document.leave().await;
        self.idle_since = tick();
        Some(id)
    }

    /// Leaves all of them: the connection ends.
    pub async fn leave_all(&mut self) {
        for (_, document) in self.open.drain() {
            document.leave().await;
        }
    }
}
