//! A phone byte by byte: it says frames, hears frames of a kind, and has a Yjs document of its board.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use proto::board::{IDEAS, idea};
use proto::gate::{AwarenessEntry, write_awareness};
use proto::ids::ClientId;
use proto::wire::frame::Envelope;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use uuid::Uuid;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Doc, Map, Out, ReadTxn, StateVector, Text, Transact, Update};

use super::stage::Stage;

/// Whatever is waited for comes much sooner.
const DEADLINE: Duration = Duration::from_secs(20);
/// A sign of life.
pub const PING: &[u8] = &[9];

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A phone: its socket, its document, and what came that nobody has looked at yet.
pub struct Phone {
    socket: Socket,
    /// The names of its two documents.
    pub consultation: String,
    pub board: String,
    pub token: String,
    doc: Doc,
    pending: VecDeque<Bytes>,
}

/// A number of lib0 below 2^14 at the beginning, and what follows it.
fn number(bytes: &[u8]) -> (usize, &[u8]) {
    match bytes {
        [low, high, rest @ ..] if low & 0x80 != 0 => {
            (usize::from(low & 0x7f) | usize::from(*high) << 7, rest)
        }
        [low, rest @ ..] => (usize::from(*low), rest),
        [] => panic!("a frame ends too early"),
    }
}

/// The document of a frame, its kind in one word, and its payload.
pub fn read(frame: &[u8]) -> (String, String, &[u8]) {
    if let [9] | [10] = frame {
        return (String::new(), if frame == PING { "ping" } else { "pong" }.to_owned(), &[]);
    }
    let (length, rest) = number(frame);
    let (key, rest) = rest.split_at(length);
    let (kind, rest) = number(rest);
    let (step, after) = number(rest);
    let (name, payload) = match (kind, step) {
        (0, 0) => ("step 1", number(after).1),
        (0, 1) => ("step 2", number(after).1),
        (0, 2) => ("update", number(after).1),
        (1, _) => ("awareness", number(rest).1),
        (2, 0) => ("token", number(after).1),
        (2, 2) => ("authenticated", number(after).1),
        (5, _) => ("stateless", number(rest).1),
        (7, _) => ("close", number(rest).1),
        (8, _) => ("sync status", rest),
        other => panic!("no kind of frame that belongs here: {other:?}"),
    };
    let mut name = name.to_owned();
    if kind == 5 {
        let said: Value = serde_json::from_slice(payload).unwrap();
        name = format!("{name} {}", said["type"].as_str().unwrap());
    }
    (String::from_utf8(key.to_vec()).unwrap(), name, payload)
}

/// A text with its length before it, as lib0 writes it.
pub fn text(text: &str) -> Vec<u8> {
    assert!(text.len() < 128, "one byte says how long it is");
    [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()
}

impl Phone {
    pub async fn connect(stage: &Stage, client: u64) -> Self {
        let seat = stage.join(Some(Uuid::from_u128(u128::from(client)))).await.unwrap();
        let (socket, _) = tokio_tungstenite::connect_async(stage.socket()).await.unwrap();
        let consultation = format!("consultation/{}", seat.consultation);
        let doc = Doc::with_client_id(client);
        Self { socket, consultation, board: seat.board, token: seat.token, doc, pending: VecDeque::new() }
    }

    pub async fn say(&mut self, frame: Bytes) {
        self.socket.send(Message::Binary(frame)).await.unwrap();
    }

    /// The next frame about this document, which is of this kind. Documents overtake each other; what one says has an order.
    pub async fn hear(&mut self, document: &str, kind: &str) -> Bytes {
        loop {
            if let Some(at) = self.pending.iter().position(|frame| read(frame).0 == document) {
                let frame = self.pending.remove(at).unwrap();
                assert_eq!(read(&frame).1, kind, "about {document:?}; later: {:?}", self.waiting());
                return frame;
            }
            assert!(self.take_in(kind).await.is_none(), "the socket ended: no {kind} of {document:?}");
        }
    }

    /// The close frame with which the server ends the socket: its payload.
    pub async fn hear_the_end(&mut self) -> Vec<u8> {
        loop {
            if let Some(payload) = self.take_in("end").await {
                return payload;
            }
        }
    }

    /// Keeps the next message for later; the payload of the close frame if the socket ends.
    async fn take_in(&mut self, wanted: &str) -> Option<Vec<u8>> {
        let next = timeout(DEADLINE, self.socket.next()).await;
        let next = next.unwrap_or_else(|_| panic!("no {wanted} in time: {:?}", self.waiting()));
        match next.unwrap().unwrap() {
            // The server asks who is silent whether they are there (rule W10): on a slow machine, here too.
            Message::Binary(frame) if frame == PING => None,
            Message::Binary(frame) => {
                self.pending.push_back(frame);
                None
            }
            Message::Close(close) => {
                let close = close.unwrap();
                Some([&u16::from(close.code).to_be_bytes(), close.reason.as_bytes()].concat())
            }
            Message::Text(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => None,
        }
    }

    /// What came and was not looked at.
    pub fn waiting(&self) -> Vec<String> {
        let words = |frame: &Bytes| {
            let (key, name, _) = read(frame);
            format!("{name} of {key}")
        };
        self.pending.iter().map(words).collect()
    }

    fn envelope(&self) -> Envelope {
        Envelope::Hocuspocus(self.board.as_str().into())
    }

    /// The token for a document, as the first message about it.
    pub fn opens(&self, document: &str) -> Bytes {
        [text(document), vec![2, 0], text(&self.token)].concat().into()
    }

    pub fn step1(&self) -> Bytes {
        self.envelope().sync_step1(&self.doc.transact().state_vector().encode_v1())
    }

    /// Answers the server's step 1: what it lacks, which is nothing.
    pub fn step2(&self, step1: &Bytes) -> Bytes {
        let theirs = StateVector::decode_v1(read(step1).2).unwrap();
        self.envelope().sync_step2(&self.doc.transact().encode_state_as_update_v1(&theirs))
    }

    pub fn takes(&self, frame: &Bytes) {
        let update = Update::decode_v1(read(frame).2).unwrap();
        self.doc.transact_mut().apply_update(update).unwrap();
    }

    /// Types letters at the end of an idea.
    pub fn types(&self, id: Uuid, letters: &str) -> Bytes {
        let mut txn = self.doc.transact_mut();
        let Some(Out::YMap(entry)) = txn.get_map(IDEAS).unwrap().get(&txn, &id.to_string()) else { panic!() };
        let Some(Out::YText(text)) = entry.get(&txn, idea::TEXT) else { panic!() };
        let end = text.len(&txn);
        text.insert(&mut txn, end, letters);
        self.envelope().update(&txn.encode_update_v1())
    }

    /// Says that it edits an idea.
    pub fn edits(&self, id: Uuid) -> Bytes {
        let state = json!({ "idea": id.to_string() }).to_string();
        let entry =
            AwarenessEntry { client: ClientId(self.doc.client_id().get()), clock: 1, state: Some(state) };
        self.envelope().awareness(&write_awareness([&entry]))
    }

    pub fn commands(&self, command: &Value) -> Bytes {
        Envelope::Hocuspocus(self.consultation.as_str().into()).stateless(&command.to_string()).unwrap()
    }
}
