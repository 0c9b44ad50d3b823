//! A phone's socket: frames out, frames in, and who waits for which answer.
//!
//! One task. Acknowledgements of a document come in the order of its updates, so a queue per document is enough. When
//! the socket ends, everybody who waits is told why, and who comes later too; a simulated phone does not dial again.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use proto::api::consultation::Answer;
use proto::command::{Action, Command};
use proto::ids::{CommandId, ConsultationId, DocumentName, IdeaId};
use proto::wire::frame::{Envelope, PONG};
use proto::wire::stateless::{ClientMessage, ServerMessage};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::error::PhoneError;
use super::frames::{self, FromServer};
use super::replica::{Copy, Typing};

/// A phone that only listens says now and then that it is there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// Are you there?
const PING: Bytes = Bytes::from_static(&[9]);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What an answer comes back through.
pub(super) type PhoneReply<T> = oneshot::Sender<Result<T, PhoneError>>;

/// What a person wishes of the phone.
pub(super) enum PhoneRequest {
    Command { id: CommandId, action: Box<Action>, reply: PhoneReply<Answer> },
    Open { document: DocumentName, client_id: u64, reply: PhoneReply<()> },
    Type { document: DocumentName, idea: IdeaId, typing: Typing, reply: PhoneReply<()> },
    Read { document: DocumentName, idea: IdeaId, reply: PhoneReply<String> },
}

/// Connects to `/sync` of a server.
pub(super) async fn dial(url: &str) -> Result<Socket, PhoneError> {
    let unreachable = |why: String| PhoneError::Unreachable { url: url.to_owned(), why };
    let Some(rest) = url.strip_prefix("http://") else {
        return Err(unreachable("simulated phones speak http:// only".to_owned()));
    };
    match connect_async(format!("ws://{}/sync", rest.trim_end_matches('/'))).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(answer)) => {
            Err(PhoneError::NotAServer(format!("/sync answered {}", answer.status().as_u16())))
        }
        Err(error) => Err(unreachable(error.to_string())),
    }
}

/// A document that is open, or opening.
struct Open {
    document: DocumentName,
    envelope: Envelope,
    copy: Copy,
    /// Who waits for all of it to be here.
    opening: Option<PhoneReply<()>>,
    /// Who waits for which update to be recorded; `None` for the answers to a step 1.
    unrecorded: VecDeque<Option<PhoneReply<()>>>,
}

/// The socket with everything that waits on it.
pub(super) struct Connection {
    socket: Socket,
    token: String,
    consultation: Envelope,
    documents: HashMap<String, Open>,
    commands: HashMap<CommandId, PhoneReply<Answer>>,
}

impl Connection {
    pub fn new(socket: Socket, consultation: ConsultationId, token: &str) -> Self {
        let name = DocumentName::Consultation(consultation).to_string();
        Self {
            socket,
            token: token.to_owned(),
            consultation: Envelope::Hocuspocus(name.into()),
            documents: HashMap::new(),
            commands: HashMap::new(),
        }
    }

    /// Serves wishes until the handle is dropped or the socket ends.
    pub async fn run(&mut self, mut wishes: mpsc::Receiver<PhoneRequest>) {
        let mut sign_of_life = tokio::time::interval(SIGN_OF_LIFE);
        let end = loop {
            tokio::select! {
                wish = wishes.recv() => match wish {
                    Some(wish) => if let Err(end) = self.wish(wish).await { break end },
                    None => {
                        let _ = self.socket.close(None).await;
                        return;
                    }
                },
                message = self.socket.next() => if let Err(end) = self.message(message).await { break end },
                _ = sign_of_life.tick() => if let Err(end) = self.put(PING).await { break end },
            }
        };
        for (_, reply) in self.commands.drain() {
            let _ = reply.send(Err(end.clone()));
        }
        for (_, open) in self.documents.drain() {
            tell(open, &end);
        }
        while let Some(wish) = wishes.recv().await {
            refuse(wish, end.clone());
        }
    }

    async fn message(&mut self, message: Option<Result<Message, Error>>) -> Result<(), PhoneError> {
        let ended = |why: String| Err(PhoneError::Ended(why));
        match message {
            Some(Ok(Message::Binary(bytes))) => self.frame(&bytes).await,
            Some(Ok(Message::Close(Some(close)))) => ended(format!("{} ({})", close.reason, close.code)),
            Some(Ok(Message::Close(None))) | None => ended("the server hung up".to_owned()),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Text(_) | Message::Frame(_))) => Ok(()),
            Some(Err(error)) => ended(error.to_string()),
        }
    }

    async fn wish(&mut self, wish: PhoneRequest) -> Result<(), PhoneError> {
        match wish {
            PhoneRequest::Command { id, action, reply } => {
                self.commands.insert(id, reply);
                let message = ClientMessage::Command(Command { id, action: *action });
                match self.consultation.stateless(&message.to_json()) {
                    Some(frame) => self.put(frame).await,
                    None => Ok(()),
                }
            }
            PhoneRequest::Open { document, client_id, reply } => {
                let name = document.to_string();
                let frame = frames::token(&name, &self.token);
                let open = Open {
                    document,
                    envelope: Envelope::Hocuspocus(name.as_str().into()),
                    copy: Copy::new(client_id),
                    opening: Some(reply),
                    unrecorded: VecDeque::new(),
                };
                self.documents.insert(name, open);
                self.put(frame).await
            }
            PhoneRequest::Type { document, idea, typing, reply } => {
                self.type_in(document, idea, &typing, reply).await
            }
            PhoneRequest::Read { document, idea, reply } => {
                let open = self.documents.get(&document.to_string());
                let words = open.and_then(|open| open.copy.wording(idea));
                let _ = reply.send(words.ok_or(PhoneError::NoSuchIdea(idea)));
                Ok(())
            }
        }
    }

    async fn type_in(
        &mut self,
        document: DocumentName,
        idea: IdeaId,
        typing: &Typing,
        reply: PhoneReply<()>,
    ) -> Result<(), PhoneError> {
        let open = self.documents.get_mut(&document.to_string());
        let typed = open.and_then(|open| Some((open.copy.type_in(idea, typing)?, open)));
        let Some((update, open)) = typed else {
            let _ = reply.send(Err(PhoneError::NoSuchIdea(idea)));
            return Ok(());
        };
        open.unrecorded.push_back(Some(reply));
        let frame = open.envelope.update(&update);
        self.put(frame).await
    }

    async fn frame(&mut self, bytes: &Bytes) -> Result<(), PhoneError> {
        let Some((key, message)) = frames::read(bytes) else {
            return Err(PhoneError::NotAServer("it sent bytes that are no message".to_owned()));
        };
        if message == FromServer::Ping {
            return self.put(PONG).await;
        }
        if let FromServer::Stateless(json) = message {
            self.stateless(json);
            return Ok(());
        }
        let Some(open) = self.documents.get_mut(key) else { return Ok(()) };
        let reply = match message {
            FromServer::Authenticated => open.hello(),
            FromServer::Step1(state_vector) => {
                open.unrecorded.push_back(None);
                Some(open.envelope.sync_step2(&open.copy.missing(state_vector)?))
            }
            FromServer::Step2(update) => {
                open.copy.apply(update)?;
                open.is_here();
                None
            }
            FromServer::Update(update) => {
                open.copy.apply(update)?;
                None
            }
            FromServer::Recorded => {
                if let Some(Some(reply)) = open.unrecorded.pop_front() {
                    let _ = reply.send(Ok(()));
                }
                None
            }
            FromServer::Denied(why) | FromServer::Closed(why) => {
                let end = PhoneError::Denied { document: key.to_owned(), why: why.to_owned() };
                if let Some(open) = self.documents.remove(key) {
                    tell(open, &end);
                }
                None
            }
            FromServer::Stateless(_) | FromServer::Ping | FromServer::Other => None,
        };
        match reply {
            Some(frame) => self.put(frame).await,
            None => Ok(()),
        }
    }

    fn stateless(&mut self, json: &str) {
        // A message of a kind that this phone does not know is for other phones.
        let Ok(message) = serde_json::from_str::<ServerMessage>(json) else { return };
        match message {
            ServerMessage::Answer(answer) => {
                if let Some(reply) = self.commands.remove(&answer.id) {
                    let _ = reply.send(Ok(answer));
                }
            }
            ServerMessage::Problem { id, problem } => {
                if let Some(reply) = id.and_then(|id| self.commands.remove(&id)) {
                    let _ = reply.send(Err(PhoneError::Refused(problem)));
                }
            }
            ServerMessage::Refused { document, problem } => {
                if let Some(open) = self.documents.remove(&document) {
                    tell(open, &PhoneError::Refused(problem));
                }
            }
            ServerMessage::Welcome { .. }
            | ServerMessage::State { .. }
            | ServerMessage::You { .. }
            | ServerMessage::Curation { .. }
            | ServerMessage::Purged { .. }
            | ServerMessage::Desk { .. }
            | ServerMessage::Fates { .. }
            | ServerMessage::Alerts { .. } => {}
        }
    }

    async fn put(&mut self, frame: Bytes) -> Result<(), PhoneError> {
        let sent = self.socket.send(Message::Binary(frame)).await;
        sent.map_err(|error| PhoneError::Ended(error.to_string()))
    }
}

impl Open {
    /// The token was accepted: a board asks for its content, the consultation has none.
    fn hello(&mut self) -> Option<Bytes> {
        match self.document {
            DocumentName::Consultation(_) => {
                self.is_here();
                None
            }
            DocumentName::Board(_) | DocumentName::Plenary(_) => {
                Some(self.envelope.sync_step1(&self.copy.state_vector()))
            }
        }
    }

    fn is_here(&mut self) {
        if let Some(reply) = self.opening.take() {
            let _ = reply.send(Ok(()));
        }
    }
}

/// Tells everybody who waits on a document why it ended.
fn tell(open: Open, end: &PhoneError) {
    for reply in open.unrecorded.into_iter().flatten().chain(open.opening) {
        let _ = reply.send(Err(end.clone()));
    }
}

/// Answers a wish that came after the end.
fn refuse(wish: PhoneRequest, end: PhoneError) {
    match wish {
        PhoneRequest::Command { reply, .. } => drop(reply.send(Err(end))),
        PhoneRequest::Open { reply, .. } | PhoneRequest::Type { reply, .. } => drop(reply.send(Err(end))),
        PhoneRequest::Read { reply, .. } => drop(reply.send(Err(end))),
    }
}
