//! One connection: frames in, frames out, life signs, and the end.
//!
//! A connection that sends too fast is read more slowly; one that does not take what it is sent is cut. What a frame means goes
//! on in `documents` (open, say, leave), `messages` (what the gate makes of it) and `commands`.

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message as Payload, WebSocket};
use bytes::Bytes;
use proto::problem::{Code, Problem};
use proto::wire::close::CloseReason;
use proto::wire::frame::{self, Envelope, Message};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::Wire;
use super::commands::Commands;
use super::deliveries::{Deliveries, Do};
use super::documents::Documents;
use super::read_rate::{ReadRate, cost, cost_of_answer};
use crate::address_prefix::PrefixId;
use crate::clock::tick;
use crate::config::Limits;
use crate::hub::Hub;
use crate::room::{Outbox, OutboxMessage, RoomMessage, outbox};

struct Connection {
    hub: Arc<Hub>,
    outbox: Outbox,
    documents: Documents,
    deliveries: Deliveries,
    commands: Commands,
    y_websocket: bool,
}

/// Serves a socket until it ends.
pub async fn serve(socket: WebSocket, hub: Arc<Hub>, wire: Wire, prefix: PrefixId) {
    let (outbox, frames, cut) = outbox(hub.node.limits.outbox_frames);
    let y_websocket = !matches!(wire, Wire::Hocuspocus);
    let mut connection = Connection {
        documents: Documents::new(Arc::clone(&hub), outbox.clone()),
        commands: Commands::new(Arc::clone(&hub), prefix, outbox.clone()),
        hub,
        outbox,
        deliveries: Deliveries::default(),
        y_websocket,
    };
    let opened = match wire {
        Wire::Hocuspocus => Ok(()),
        Wire::YWebsocket(document, caller) => {
            Box::pin(connection.documents.open(Box::from(""), document, caller, Envelope::YWebsocket)).await
        }
        Wire::Unauthorized => Err(Problem::new(Code::Unauthorized)),
    };
    let mut socket = socket;
    let reason = match opened {
        Ok(()) => connection.pump(&mut socket, frames, &cut).await,
        Err(problem) if problem.code == Code::Unavailable => Some(CloseReason::TryAgain),
        Err(_) => Some(CloseReason::Unauthorized),
    };
    Box::pin(connection.documents.leave_all()).await;
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
        let mut flood = ReadRate::new(&limits, started);
        let waiting = self.outbox.waiting().clone();
        let (mut heard, mut told, mut asked, mut resume) = (started, started, started, started);
        loop {
            // Whom we have not told anything, or who has not told us anything: a phone that only listens on a lively
            // board is asked whether it is still there, too.
            let life = told.min(heard.max(asked)) + limits.keep_alive;
            let silent = self.documents.idle_since();
            let silent = silent.map_or(heard + limits.gone_after, |since| since + limits.hello_time);
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
                            match flood.take(cost, self.documents.count("", cost), heard) {
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
                Some(_) = self.commands.next() => {}
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
        if let Some(payer) = self.documents.payer_of(id) {
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
        let step = self.deliveries.next_step();
        if let Some(frame) = step.frame {
            send(socket, Payload::Binary(frame), limits).await?;
        }
        let Some((id, theirs)) = step.behind else { return Ok(()) };
        let Some(room) = self.documents.room_of(id) else { return Ok(()) };
        room.tell(RoomMessage::Behind(id, theirs)).await.map_err(|_| Some(CloseReason::TryAgain))
    }

    fn sign_of_life(&self) -> Bytes {
        if self.y_websocket {
            Envelope::YWebsocket.keep_alive()
        } else {
            Envelope::Hocuspocus("".into()).keep_alive()
        }
    }

    /// Takes a frame in; says from when on its seat may send the next one, if not at once.
    async fn take(&mut self, bytes: &Bytes, cost: usize) -> Result<Option<Instant>, CloseReason> {
        let read = if self.y_websocket { frame::read_y_websocket } else { frame::read_hocuspocus };
        let frame = read(bytes).map_err(|_| CloseReason::NotAMessage)?;
        let resume = self.documents.count(frame.key, cost);
        match frame.message {
            Message::Ping => {
                self.outbox.frame(frame::PONG);
            }
            Message::Pong => {}
            // Boxed because they are rare: thousands of idle connections would each keep room for them.
            Message::Token(token) => {
                Box::pin(self.leave(frame.key)).await;
                Box::pin(self.documents.authenticate(frame.key, token)).await;
            }
            Message::Close => Box::pin(self.leave(frame.key)).await,
            Message::Stateless(json) => {
                if let Some(document) = self.documents.consultation(frame.key) {
                    Box::pin(self.commands.take(document, json)).await;
                }
            }
            Message::SyncStep1(_)
            | Message::SyncStep2(_)
            | Message::Update(_)
            | Message::Awareness(_)
            | Message::QueryAwareness => self.documents.say(frame.key, frame.message, bytes).await?,
        }
        Ok(resume)
    }

    async fn leave(&mut self, key: &str) {
        if let Some(id) = self.documents.leave(key).await {
            self.deliveries.end(id);
        }
    }
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
