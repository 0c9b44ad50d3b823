//! One connection: frames in, frames out, life signs, and the end.
//!
//! Frames end here (invariant I1): what goes on to a room is a small typed value that the gate has read. A connection
//! that sends too fast is read more slowly; one that does not take what it is sent is cut.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message as Payload, WebSocket};
use bytes::Bytes;
use proto::api::consultation::Answer;
use proto::command::Action;
use proto::gate::{AwarenessUpdate, StateVector, TextEdit};
use proto::ids::{CommandId, DocumentName, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;
use proto::wire::close::CloseReason;
use proto::wire::frame::{self, Envelope, Message, document_of};
use proto::wire::stateless::{ClientMessage, ServerMessage};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::Wire;
use super::deliveries::{Deliveries, Do};
use super::flood::{Flood, cost, cost_of_answer};
use crate::clock::tick;
use crate::config::Limits;
use crate::hub::{Client, Hub, Sender};
use crate::live::{Caller, OpenPlace, Payer, SeatConnection, Subscriber};
use crate::prefix::PrefixId;
use crate::room::{
    Outbox, OutboxMessage, RoomHandle, RoomInput, RoomMessage, Subscription, SubscriptionId, outbox,
};

/// A document that is open on this connection.
struct OpenDocument {
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

struct Connection {
    hub: Arc<Hub>,
    /// From which place it comes.
    prefix: PrefixId,
    outbox: Outbox,
    documents: HashMap<Box<str>, Box<OpenDocument>>,
    /// The seat that opened the last document: it pays for answers to documents that are closed again.
    payer: Option<Payer>,
    deliveries: Deliveries,
    commands: JoinSet<()>,
    y_websocket: bool,
    /// Since when no document is open.
    idle_since: Instant,
}

/// Serves a socket until it ends.
pub async fn serve(socket: WebSocket, hub: Arc<Hub>, wire: Wire, prefix: PrefixId) {
    let (outbox, frames, cut) = outbox(hub.node.limits.outbox_frames);
    let y_websocket = !matches!(wire, Wire::Hocuspocus);
    let mut connection = Connection {
        hub,
        prefix,
        outbox,
        documents: HashMap::new(),
        payer: None,
        deliveries: Deliveries::default(),
        commands: JoinSet::new(),
        y_websocket,
        idle_since: tick(),
    };
    let opened = match wire {
        Wire::Hocuspocus => Ok(()),
        Wire::YWebsocket(document, caller) => {
            Box::pin(connection.open(Box::from(""), document, caller, Envelope::YWebsocket)).await
        }
        Wire::Unauthorized => Err(Problem::new(Code::Unauthorized)),
    };
    let mut socket = socket;
    let reason = match opened {
        Ok(()) => connection.pump(&mut socket, frames, &cut).await,
        Err(problem) if problem.code == Code::Unavailable => Some(CloseReason::TryAgain),
        Err(_) => Some(CloseReason::Unauthorized),
    };
    Box::pin(connection.leave_all()).await;
    if let Some(reason) = reason {
        let close = CloseFrame { code: reason.code(), reason: reason.words().into() };
        let _ = timeout(connection.hub.node.limits.send_time, socket.send(Payload::Close(Some(close)))).await;
        if reason == CloseReason::TooMuch {
            // The rest of the message is still on its way. Ending now would reset the connection, and the reason
            // with it.
            tokio::time::sleep(connection.hub.node.limits.last_word_time).await;
        }
    }
}

impl Connection {
    /// Moves frames both ways. `Some`: why the server ends it; `None`: the other side did.
    async fn pump(
        &mut self,
        socket: &mut WebSocket,
        mut frames: mpsc::Receiver<OutboxMessage>,
        cut: &tokio::sync::Notify,
    ) -> Option<CloseReason> {
        let limits = Arc::clone(&self.hub.node.limits);
        let mut stop = self.hub.node.stopping();
        let started = tick();
        let mut flood = Flood::new(&limits, started);
        let waiting = self.outbox.waiting().clone();
        let (mut heard, mut told, mut asked, mut resume) = (started, started, started, started);
        loop {
            // Whom we have not told anything, or who has not told us anything: a phone that only listens on a lively
            // board is asked whether it is still there, too.
            let life = told.min(heard.max(asked)) + limits.keep_alive;
            let silent = if self.documents.is_empty() {
                self.idle_since + limits.hello_time
            } else {
                heard + limits.gone_after
            };
            tokio::select! {
                () = stop.wait() => return Some(CloseReason::Restarting),
                () = cut.notified() => return Some(CloseReason::TooSlow),
                message = frames.recv() => {
                    let message = message?;
                    waiting.sent(message.bytes());
                    told = tick();
                    if let Err(end) = self.pass_on(socket, message, &limits).await {
                        return end;
                    }
                }
                () = std::future::ready(()), if self.deliveries.has_next() => {
                    told = tick();
                    if let Err(end) = self.send_part(socket, &limits).await {
                        return end;
                    }
                }
                payload = socket.recv(), if tick() >= resume && waiting.bytes() <= limits.outbox_bytes => {
                    heard = tick();
                    match payload? {
                        Ok(Payload::Binary(bytes)) => {
                            let cost = cost(bytes.len(), &limits);
                            match self.take(&bytes, cost).await.and_then(|seat| flood.take(cost, seat, heard)) {
                                Ok(next) => resume = next,
                                Err(reason) => return Some(reason),
                            }
                        }
                        // The library answers a ping: that is work like any other.
                        Ok(Payload::Ping(bytes) | Payload::Pong(bytes)) => {
                            let cost = cost(bytes.len(), &limits);
                            match flood.take(cost, self.count("", cost), heard) {
                                Ok(next) => resume = next,
                                Err(reason) => return Some(reason),
                            }
                        }
                        Ok(Payload::Text(_)) => return Some(CloseReason::NotAMessage),
                        Ok(Payload::Close(_)) => return None,
                        Err(error) => return too_large(&error),
                    }
                }
                () = tokio::time::sleep_until(resume), if tick() < resume => {}
                () = tokio::time::sleep_until(life) => {
                    told = tick();
                    asked = told;
                    if let Err(end) = self.show_life(socket, &limits).await {
                        return end;
                    }
                }
                () = tokio::time::sleep_until(silent) => return Some(CloseReason::Silent),
                Some(_) = self.commands.join_next() => {}
            }
        }
    }

    /// Sends what comes out of the queue, or keeps it until its turn comes.
    async fn pass_on(
        &mut self,
        socket: &mut WebSocket,
        message: OutboxMessage,
        limits: &Limits,
    ) -> Result<(), Option<CloseReason>> {
        self.charge(&message, limits);
        match self.deliveries.take(message, limits.delivery.held_bytes_max) {
            Do::Send(frame) => send(socket, Payload::Binary(frame), limits).await,
            Do::Nothing => Ok(()),
            Do::Close(reason) => Err(Some(reason)),
        }
    }

    /// Charges the answer to a state vector: whoever says another one each time has the document encoded each time (rule W16).
    fn charge(&self, message: &OutboxMessage, limits: &Limits) {
        let Some((id, units)) = cost_of_answer(message, limits) else { return };
        let open = self.documents.values().find(|open| open.id == id).map(|open| open.counted.payer());
        if let Some(payer) = open.or_else(|| self.payer.clone()) {
            payer.owe(units, tick());
        }
    }

    async fn show_life(&self, socket: &mut WebSocket, limits: &Limits) -> Result<(), Option<CloseReason>> {
        send(socket, Payload::Binary(self.sign_of_life()), limits).await?;
        send(socket, Payload::Ping(Bytes::new()), limits).await
    }

    /// Sends the next part of a document that is on its way, and asks its room for what had to be dropped meanwhile.
    async fn send_part(
        &mut self,
        socket: &mut WebSocket,
        limits: &Limits,
    ) -> Result<(), Option<CloseReason>> {
        let step = self.deliveries.next();
        if let Some(frame) = step.frame {
            send(socket, Payload::Binary(frame), limits).await?;
        }
        let Some((id, theirs)) = step.behind else { return Ok(()) };
        let room = self.documents.values().find(|open| open.id == id).and_then(|open| open.room.as_ref());
        let Some(room) = room else { return Ok(()) };
        room.tell(RoomMessage::Behind(id, theirs)).await.map_err(|_| Some(CloseReason::TryAgain))
    }

    fn sign_of_life(&self) -> Bytes {
        if self.y_websocket {
            Envelope::YWebsocket.keep_alive()
        } else {
            Envelope::Hocuspocus("".into()).keep_alive()
        }
    }

    /// Charges a frame to its seat; one that is about no document to any that has one open here. Says from when on that seat
    /// may send the next one, if not at once.
    fn count(&self, key: &str, cost: usize) -> Option<Instant> {
        let open = self.documents.get(key).or_else(|| self.documents.values().next());
        open.and_then(|open| open.counted.take(cost, tick()))
    }

    /// Takes a frame in; says from when on its seat may send the next one, if not at once.
    async fn take(&mut self, bytes: &Bytes, cost: usize) -> Result<Option<Instant>, CloseReason> {
        let read = if self.y_websocket { frame::read_y_websocket } else { frame::read_hocuspocus };
        let frame = read(bytes).map_err(|_| CloseReason::NotAMessage)?;
        let resume = self.count(frame.key, cost);
        match frame.message {
            Message::Ping => {
                self.outbox.frame(frame::PONG);
            }
            Message::Pong => {}
            // Boxed because they are rare: thousands of idle connections would each keep room for them.
            Message::Token(token) => Box::pin(self.authenticate(frame.key, token)).await,
            Message::Close => Box::pin(self.leave(frame.key)).await,
            Message::Stateless(json) => Box::pin(self.stateless(frame.key, json)).await,
            Message::SyncStep1(_)
            | Message::SyncStep2(_)
            | Message::Update(_)
            | Message::Awareness(_)
            | Message::QueryAwareness => self.say(frame.key, frame.message, bytes).await?,
        }
        Ok(resume)
    }

    async fn authenticate(&mut self, key: &str, token: &str) {
        self.leave(key).await;
        let envelope = Envelope::Hocuspocus(key.into());
        let opened = match document_of(key).parse::<DocumentName>() {
            Err(unknown) => Err(Problem::because(Code::NotFound, unknown.to_string())),
            Ok(_) if self.documents.len() >= self.hub.node.limits.documents_per_connection => {
                Err(Problem::because(Code::TooFast, "Too many documents are open on this connection."))
            }
            Ok(document) => match self.hub.identify_for(token, document) {
                Ok(caller) => self.open(key.into(), document, caller, envelope.clone()).await,
                Err(problem) => Err(problem),
            },
        };
        match opened {
            Ok(()) => {
                if let Some(document) = self.documents.get_mut(key) {
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

    async fn open(
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
        self.documents.insert(
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
        let mut open = self.documents.values().map(|open| &open.counted);
        match open.find(|counted| counted.seat() == seat) {
            Some(counted) => Ok(Arc::clone(counted)),
            None => self.hub.connect(seat, &self.outbox).map(Arc::new),
        }
    }

    /// A message about an open document; for one that is not open it is ignored (rule W3).
    async fn say(&mut self, key: &str, message: Message<'_>, frame: &Bytes) -> Result<(), CloseReason> {
        let Some(document) = self.documents.get(key) else { return Ok(()) };
        let Some(room) = &document.room else {
            say_to_empty(document, &self.outbox, message);
            return Ok(());
        };
        let Some(said) = said(message, frame, &self.hub.node.limits) else { return Ok(()) };
        // A room that ended may not have been able to say so: a panic says nothing. Coming back loads it again.
        room.tell(RoomMessage::Input(document.id, said)).await.map_err(|_| CloseReason::TryAgain)
    }

    async fn stateless(&mut self, key: &str, json: &str) {
        let Some(document) = self.documents.get(key).filter(|document| document.room.is_none()) else {
            return;
        };
        let (envelope, outbox) = (document.envelope.clone(), self.outbox.clone());
        let command = match ClientMessage::from_json(json) {
            Ok(ClientMessage::Command(command)) => command,
            Ok(ClientMessage::Unsent(count)) => {
                document.caller.unsent(document.id, count).await;
                return;
            }
            Err(error) => {
                let problem = Problem::because(Code::Malformed, error.to_string());
                answer(&envelope, &outbox, id_of(json), Err(problem));
                return;
            }
        };
        let id = command.id;
        // Handed over here, so that commands are decided in the order in which they came; awaited elsewhere.
        let makes = document.key_holder && matches!(command.action, Action::Create(_));
        let sender = if makes { Sender::KeyHolder } else { Sender::Seat(document.caller.clone()) };
        let answering = self.hub.begin_command(&sender, Client::at(Some(self.prefix)), command).await;
        self.commands.spawn(async move {
            answer(&envelope, &outbox, Some(id), answering.await);
        });
    }

    async fn leave(&mut self, key: &str) {
        if let Some(document) = self.documents.remove(key) {
            self.deliveries.end(document.id);
            leave(*document).await;
            self.idle_since = tick();
        }
    }

    async fn leave_all(&mut self) {
        for (_, document) in self.documents.drain() {
            leave(*document).await;
        }
    }
}

/// What a message about a document says to its room, read by the gate: this is where bytes end. Nothing for messages
/// that are not about a document's content. `message` borrows from `frame`.
#[must_use]
pub fn said(message: Message<'_>, frame: &Bytes, limits: &Limits) -> Option<RoomInput> {
    // A step 2 repeats the whole delete set; the room's index says what of it is new.
    let wide = limits.gate.for_sync_step2(limits.step2_ranges_max);
    let limits = &limits.gate;
    let edit = |bytes: &[u8], limits| TextEdit::read(frame.slice_ref(bytes), limits);
    let said = match message {
        Message::SyncStep1(bytes) => StateVector::read(bytes, limits).map(RoomInput::Step1),
        Message::SyncStep2(bytes) => edit(bytes, &wide).map(RoomInput::Step2),
        Message::Update(bytes) => edit(bytes, limits).map(RoomInput::Update),
        Message::Awareness(bytes) => AwarenessUpdate::read(bytes, limits).map(RoomInput::Awareness),
        Message::QueryAwareness => Ok(RoomInput::QueryAwareness),
        Message::Token(_) | Message::Stateless(_) | Message::Close | Message::Ping | Message::Pong => {
            return None;
        }
    };
    Some(said.unwrap_or_else(RoomInput::Refused))
}

async fn leave(document: OpenDocument) {
    match &document.room {
        Some(room) => {
            let _ = room.tell(RoomMessage::Leave(document.id)).await;
        }
        None => document.caller.unsubscribe(document.id).await,
    }
}

/// The consultation's own document is empty and stays so.
fn say_to_empty(document: &OpenDocument, outbox: &Outbox, message: Message<'_>) {
    const EMPTY_STATE_VECTOR: &[u8] = &[0];
    const EMPTY_UPDATE: &[u8] = &[0, 0];
    match message {
        Message::SyncStep1(_) => {
            outbox.frame(document.envelope.sync_step1(EMPTY_STATE_VECTOR));
            outbox.frame(document.envelope.sync_step2(EMPTY_UPDATE));
        }
        Message::SyncStep2(update) | Message::Update(update) => {
            let frame = if update == EMPTY_UPDATE {
                document.envelope.sync_status()
            } else {
                document.envelope.close("this document is empty and stays so")
            };
            if let Some(frame) = frame {
                outbox.frame(frame);
            }
        }
        Message::Awareness(_)
        | Message::QueryAwareness
        | Message::Token(_)
        | Message::Stateless(_)
        | Message::Close
        | Message::Ping
        | Message::Pong => {}
    }
}

fn answer(envelope: &Envelope, outbox: &Outbox, id: Option<CommandId>, answer: Result<Answer, Problem>) {
    let message = match answer {
        Ok(answer) => ServerMessage::Answer(answer),
        Err(problem) => ServerMessage::Problem { id, problem },
    };
    let json = serde_json::to_string(&message).unwrap_or_default();
    if let Some(frame) = envelope.stateless(&json) {
        outbox.frame(frame);
    }
}

/// The id of a command that could not be read otherwise, so that its sender knows which one.
fn id_of(json: &str) -> Option<CommandId> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    value.get("id")?.as_str()?.parse().ok()
}

/// Sends one message.
///
/// # Errors
/// Why the connection ends: what is too large to be sent is our own fault, what is not taken in time is the other side's,
/// and nothing can be said to somebody who is gone.
async fn send(socket: &mut WebSocket, payload: Payload, limits: &Limits) -> Result<(), Option<CloseReason>> {
    let bytes = match &payload {
        Payload::Binary(frame) => frame.len(),
        Payload::Text(_) | Payload::Ping(_) | Payload::Pong(_) | Payload::Close(_) => 0,
    };
    if bytes > limits.delivery.frame_bytes_max {
        tracing::error!(bytes, "a message of ours is too large to be sent");
        return Err(Some(CloseReason::NotSent));
    }
    match timeout(limits.send_time, socket.send(payload)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(None),
        Err(_) => Err(Some(CloseReason::TooSlow)),
    }
}

fn too_large(error: &axum::Error) -> Option<CloseReason> {
    // tungstenite's capacity error has no type of its own behind axum's.
    error.to_string().contains("too long").then_some(CloseReason::TooMuch)
}
