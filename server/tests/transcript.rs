//! One conversation of a phone with a real server, byte by byte: `proto/transcript.md` is what this test hears and says.
//!
//! `PLENUM_WRITE=1 cargo test -p plenum-server --test transcript` writes the page; without it every byte is compared. Time stands
//! still, and ids are drawn from a counter, so that each run says the same. `tests/harness/golden.test.mjs` reads the page with
//! lib0 alone.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use proto::api::consultation::{Created, Joined};
use proto::board::{IDEAS, idea};
use proto::gate::{AwarenessEntry, write_awareness};
use proto::ids::{ClientId, Receipt};
use proto::wire::frame::Envelope;
use serde_json::{Value, json};
use server::clock::{Clock, Entropy};
use server::config::{Config, Limits};
use server::lifecycle::{Running, start_by};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use uuid::Uuid;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Doc, Map, Out, ReadTxn, StateVector, Text, Transact, Update};

/// Whatever is waited for comes much sooner.
const DEADLINE: Duration = Duration::from_secs(20);
/// The time of day at which everything happens, in milliseconds since 1970.
const NOW: u64 = 1_800_000_000_000;
/// Client ids of the documents of the phone and of its neighbour.
const PHONE: u64 = 1_001;
const NEIGHBOUR: u64 = 2_002;
const PING: &[u8] = &[9];

/// The idea that the neighbour shares, and the one that the phone does.
const FIRST: Uuid = Uuid::from_u128(0x1dea_0000_0000_4000_8000_0000_0000_0001);
const SECOND: Uuid = Uuid::from_u128(0x1dea_0000_0000_4000_8000_0000_0000_0002);

const HEAD: &str = "# A transcript

One phone, from opening its socket to its end, byte by byte. Everything here went over a socket between a phone and a real
server: `server/tests/transcript.rs` plays it, compares every byte with this page, and writes the page anew when it is
run with `PLENUM_WRITE=1`. Nothing is edited by hand. Rules in brackets are those of `README.md`, where its encodings are as well.

Each line says who sends the bytes and what they mean; below it is one WebSocket message in hex. Messages are binary, but for the
last: that is the payload of the WebSocket's own close frame.

Before it begins, the organizer made a consultation with one group over HTTP and moved it to *brainstorm*; somebody of
this group, called the neighbour here, shared one idea and opened the board on another socket. The phone got its seat and
its token from `POST /api/join`. The server's clock stands still at 1800000000000, and its ids and secrets are drawn from a counter.

";

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A phone: its socket, its document, and what came that nobody has looked at yet.
struct Phone {
    socket: Socket,
    /// The names of its two documents.
    consultation: String,
    board: String,
    token: String,
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
fn read(frame: &[u8]) -> (String, String, &[u8]) {
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
fn text(text: &str) -> Vec<u8> {
    assert!(text.len() < 128, "one byte says how long it is");
    [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()
}

impl Phone {
    async fn connect(stage: &Stage, client: u64) -> Self {
        let key = stage.created.join_url.rsplit('#').next().unwrap();
        let request = json!({ "key": key, "request": Uuid::from_u128(u128::from(client)).to_string() });
        let seat: Joined = serde_json::from_value(stage.post("join", "", &request).await).unwrap();
        let url = format!("{}/sync", stage.running.local_url().replace("http", "ws"));
        let (socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
        let consultation = format!("consultation/{}", seat.consultation);
        let doc = Doc::with_client_id(client);
        Self { socket, consultation, board: seat.board, token: seat.token, doc, pending: VecDeque::new() }
    }

    async fn say(&mut self, frame: Bytes) {
        self.socket.send(Message::Binary(frame)).await.unwrap();
    }

    /// The next frame about this document, which is of this kind. Documents overtake each other; what one says has an order.
    async fn hear(&mut self, document: &str, kind: &str) -> Bytes {
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
    async fn hear_the_end(&mut self) -> Vec<u8> {
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
    fn waiting(&self) -> Vec<String> {
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
    fn opens(&self, document: &str) -> Bytes {
        [text(document), vec![2, 0], text(&self.token)].concat().into()
    }

    fn step1(&self) -> Bytes {
        self.envelope().sync_step1(&self.doc.transact().state_vector().encode_v1())
    }

    /// Answers the server's step 1: what it lacks, which is nothing.
    fn step2(&self, step1: &Bytes) -> Bytes {
        let theirs = StateVector::decode_v1(read(step1).2).unwrap();
        self.envelope().sync_step2(&self.doc.transact().encode_state_as_update_v1(&theirs))
    }

    fn takes(&self, frame: &Bytes) {
        let update = Update::decode_v1(read(frame).2).unwrap();
        self.doc.transact_mut().apply_update(update).unwrap();
    }

    /// Types letters at the end of an idea.
    fn types(&self, id: Uuid, letters: &str) -> Bytes {
        let mut txn = self.doc.transact_mut();
        let Some(Out::YMap(entry)) = txn.get_map(IDEAS).unwrap().get(&txn, &id.to_string()) else { panic!() };
        let Some(Out::YText(text)) = entry.get(&txn, idea::TEXT) else { panic!() };
        let end = text.len(&txn);
        text.insert(&mut txn, end, letters);
        self.envelope().update(&txn.encode_update_v1())
    }

    /// Says that it edits an idea.
    fn edits(&self, id: Uuid) -> Bytes {
        let state = json!({ "idea": id.to_string() }).to_string();
        let entry =
            AwarenessEntry { client: ClientId(self.doc.client_id().get()), clock: 1, state: Some(state) };
        self.envelope().awareness(&write_awareness([&entry]))
    }

    fn commands(&self, command: &Value) -> Bytes {
        Envelope::Hocuspocus(self.consultation.as_str().into()).stateless(&command.to_string()).unwrap()
    }
}

/// A server, and what the organizer has made on it.
struct Stage {
    running: Running,
    created: Created,
    http: reqwest::Client,
    _folder: tempfile::TempDir,
}

impl Stage {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            data: folder.path().to_owned(),
            public_url: Some("https://plenum.example".to_owned()),
            also_known_as: Vec::new(),
            organizer_key: Some("key".to_owned()),
            embeddings: None,
            limits: Limits::default(),
        };
        let (clock, entropy) = (Clock::Manual(Arc::new(NOW.into())), Entropy::Counter(Arc::default()));
        let running = start_by(config, clock, entropy).await.unwrap();
        let http = reqwest::Client::new();
        let wish = json!({ "title": "Water for all", "groups": ["Harbour"] });
        let request = http.post(format!("{}/api/consultations", running.local_url())).bearer_auth("key");
        let created = request.json(&wish).send().await.unwrap().json().await.unwrap();
        Self { running, created, http, _folder: folder }
    }

    async fn post(&self, path: &str, token: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}/api/{path}", self.running.local_url())).json(body);
        let answer = request.bearer_auth(token).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }

    async fn enters(&self, phase: &str, command: u128) {
        let command = json!({ "id": Uuid::from_u128(command).to_string(), "do": "phase", "phase": phase });
        self.post("commands", &self.created.organizer.token, &command).await;
    }

    /// A command that shares an idea; its receipt is 32 times this byte.
    fn share(&self, id: Uuid, words: &str, receipt: u8) -> Value {
        json!({
            "id": Uuid::from_u128(0xc0de_0000_0000_4000_8000_0000_0000_0000 + u128::from(receipt)).to_string(), "do": "share", "idea": id.to_string(),
            "group": self.created.groups[0].id, "lang": "en", "text": words, "receipt": Receipt::from_bytes([receipt; 32]).hash(),
        })
    }
}

/// The page as it grows.
struct Transcript {
    page: String,
    lines: usize,
}

impl Transcript {
    fn line(&mut self, who: &str, bytes: &[u8], meaning: &str) {
        self.lines += 1;
        let digits = hex::encode(bytes);
        let rows: Vec<&str> =
            digits.as_bytes().chunks(120).map(|row| std::str::from_utf8(row).unwrap()).collect();
        let (line, hex) = (self.lines, rows.join("\n"));
        write!(self.page, "{line}. **{who}**: {meaning}\n\n```\n{hex}\n```\n\n").unwrap();
    }

    /// The same, and in words what stands in a stateless message.
    fn frame(&mut self, who: &str, frame: &[u8], meaning: &str) {
        self.line(who, frame, meaning);
        let (_, kind, payload) = read(frame);
        if kind.starts_with("stateless") {
            write!(self.page, "```json\n{}\n```\n\n", std::str::from_utf8(payload).unwrap()).unwrap();
        }
    }

    async fn says(&mut self, phone: &mut Phone, frame: Bytes, meaning: &str) {
        self.frame("phone", &frame, meaning);
        phone.say(frame).await;
    }

    async fn hears(&mut self, phone: &mut Phone, document: &str, kind: &str, meaning: &str) -> Bytes {
        let frame = phone.hear(document, kind).await;
        self.frame("server", &frame, meaning);
        frame
    }
}

/// Opens the board without writing any of it down.
async fn neighbour(stage: &Stage) -> Phone {
    let mut phone = Phone::connect(stage, NEIGHBOUR).await;
    stage.post("commands", &phone.token, &stage.share(FIRST, "Clean water near every school", 1)).await;
    let board = phone.board.clone();
    phone.say(phone.opens(&board)).await;
    phone.hear(&board, "authenticated").await;
    phone.say(phone.step1()).await;
    let step1 = phone.hear(&board, "step 1").await;
    let step2 = phone.hear(&board, "step 2").await;
    phone.takes(&step2);
    phone.say(phone.step2(&step1)).await;
    phone.hear(&board, "sync status").await;
    phone
}

async fn opens_the_consultation(page: &mut Transcript, phone: &mut Phone) {
    let consultation = phone.consultation.clone();
    page.says(
        phone,
        phone.opens(&consultation),
        "The phone opens the consultation's own document with its token (W2, W3).",
    )
    .await;
    page.hears(
        phone,
        &consultation,
        "authenticated",
        "The server knows the seat; this document is empty, so its scope is `readonly` (W3).",
    )
    .await;
    page.hears(phone, &consultation, "stateless welcome", "The server says which protocol it speaks (W18).")
        .await;
    page.hears(
        phone,
        &consultation,
        "stateless state",
        "The server sends the consultation as everybody sees it (W11).",
    )
    .await;
    page.hears(
        phone,
        &consultation,
        "stateless you",
        "The server sends what concerns this seat alone (W11).",
    )
    .await;
}

async fn opens_the_board(page: &mut Transcript, phone: &mut Phone) {
    let board = phone.board.clone();
    page.says(phone, phone.opens(&board), "The phone opens its group's board with the same token (W3).")
        .await;
    page.hears(
        phone,
        &board,
        "authenticated",
        "The server accepts the token again; on this board the seat may write (W3).",
    )
    .await;
    page.says(
        phone,
        phone.step1(),
        "The phone sends its step 1, the state vector of an empty document (W3).",
    )
    .await;
    let step1 = page
        .hears(
            phone,
            &board,
            "step 1",
            "The server sends its own step 1 first: the board's state vector (W3).",
        )
        .await;
    let step2 = page
        .hears(
            phone,
            &board,
            "step 2",
            "The server sends the board's first state, which is small enough for one part (W15).",
        )
        .await;
    phone.takes(&step2);
    page.says(
        phone,
        phone.step2(&step1),
        "The phone answers the server's step 1: it has nothing that the server lacks.",
    )
    .await;
    page.hears(phone, &board, "sync status", "The server acknowledges the step 2 like every update (W4).")
        .await;
}

async fn writes(page: &mut Transcript, phone: &mut Phone, neighbour: &mut Phone) {
    let board = phone.board.clone();
    page.says(
        phone,
        phone.types(FIRST, "!"),
        "The phone puts a letter at the end of the neighbour's idea (B1).",
    )
    .await;
    let pages = page
        .hears(
            phone,
            &board,
            "update",
            "Before anybody sees letters of a new page, the server counts the page in `about.pages` (W8).",
        )
        .await;
    phone.takes(&pages);
    neighbour.hear(&board, "update").await;
    page.hears(phone, &board, "sync status", "The server acknowledges the letter: it is durable (W4).").await;
    let letter = neighbour.hear(&board, "update").await;
    neighbour.takes(&letter);
    page.says(phone, phone.edits(FIRST), "The phone says that it edits this idea (W9).").await;
    neighbour.hear(&board, "awareness").await;
    neighbour.say(neighbour.edits(FIRST)).await;
    page.hears(
        phone,
        &board,
        "awareness",
        "The server relays that the neighbour edits it too, under an id that the server gives (W9).",
    )
    .await;
    neighbour.say(neighbour.types(FIRST, "?")).await;
    let pages = page
        .hears(
            phone,
            &board,
            "update",
            "The server counts the neighbour's page, which writes for the first time (W8).",
        )
        .await;
    phone.takes(&pages);
    let letter = page
        .hears(
            phone,
            &board,
            "update",
            "The server sends a letter of the neighbour, which is durable already (W4).",
        )
        .await;
    phone.takes(&letter);
    page.says(phone, Bytes::from_static(PING), "The phone asks whether the server is still there (W10).")
        .await;
    page.hears(phone, "", "pong", "The server answers that it is (W10).").await;
}

async fn decides(page: &mut Transcript, phone: &mut Phone, stage: &Stage) {
    let (consultation, board) = (phone.consultation.clone(), phone.board.clone());
    let mut command = stage.share(SECOND, "Teach pupils to test it", 2);
    command["type"] = json!("command");
    page.says(phone, phone.commands(&command), "The phone sends a command: it shares an idea (C1).").await;
    let idea = page
        .hears(
            phone,
            &board,
            "update",
            "The server puts the idea on the board, for everybody who has it open (B2).",
        )
        .await;
    phone.takes(&idea);
    page.hears(
        phone,
        &consultation,
        "stateless answer",
        "The server answers: the command is durable and visible (C4).",
    )
    .await;
    stage.enters("vote", 2).await;
    page.hears(
        phone,
        &board,
        "update",
        "The organizer moved the group to *vote*: the server locks the board (B6).",
    )
    .await;
    page.hears(
        phone,
        &consultation,
        "stateless state",
        "The server pushes the state, because something in it changed (W11).",
    )
    .await;
}

#[tokio::test]
async fn w1_w2_w3_w4_w9_w10_w11_w18_the_transcript_is_what_a_phone_and_the_server_say() {
    let stage = Stage::new().await;
    stage.enters("brainstorm", 1).await;
    let mut neighbour = neighbour(&stage).await;
    let mut phone = Phone::connect(&stage, PHONE).await;
    let board = phone.board.clone();
    let mut page = Transcript { page: HEAD.to_owned(), lines: 0 };

    opens_the_consultation(&mut page, &mut phone).await;
    opens_the_board(&mut page, &mut phone).await;
    writes(&mut page, &mut phone, &mut neighbour).await;

    decides(&mut page, &mut phone, &stage).await;

    let close = [text(&board), vec![7], text("")].concat();
    page.says(
        &mut phone,
        close.into(),
        "The phone closes the board; the socket and the other document stay open (W1).",
    )
    .await;
    assert_eq!(phone.waiting(), [""; 0], "nothing that the server said is left out");
    drop(neighbour);
    let ((), end) = tokio::join!(stage.running.stop(), phone.hear_the_end());
    page.line(
        "server",
        &end,
        "The server stops: it closes the socket with code 1012 (the first two bytes) and its words; phones come back (W10).",
    );
    assert_eq!(phone.waiting(), [""; 0], "nothing came after the last line");
    holds(page.page.trim_end());
}

/// The page says this, or is written when that is asked for.
fn holds(now: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../proto/transcript.md");
    let now = format!("{now}\n");
    if std::env::var_os("PLENUM_WRITE").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let first = now.lines().zip(committed.lines()).find(|(now, committed)| now != committed);
    assert!(
        committed == now,
        "{first:?}: PLENUM_WRITE=1 cargo test -p plenum-server --test transcript writes {path}"
    );
}
