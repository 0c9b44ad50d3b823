//! A live board without journal and socket: the server's own state machine, told what connections would tell it.
//!
//! A batch waits until [`LiveRoom::flush`], as messages wait in a mailbox. What is not so after a batch ends the test:
//! yrs takes what passed; the board that is loaded from the snapshot shows the words of the live one, and nothing in
//! it waits for what never came.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use proto::api::consultation::{BoardView, IdeaState};
use proto::gate::StateVector;
use proto::ids::{ClientId, ConsultationId, DocumentName, Epoch, GroupId, IdeaId, PointId};
use proto::phase::Phase;
use proto::role::Role;
use proto::wire::frame::{Envelope, read_hocuspocus};
use server::access::Actor;
use server::config::Limits;
use server::consultation::{BoardWrite, IdeaPlan, IdeaWords, Plan};
use server::journal::{LoadedStream, Record, SeatKey, Seq};
use server::room::{
    Completion, LiveDocument, Outbox, OutboxMessage, RoomMessage, RoomState, RoomTurn, RoomWrite,
    Subscription, SubscriptionId, outbox,
};
use server::socket::{Deliveries, DeliveryStep, Do, said};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;
use yrs::updates::decoder::Decode;
use yrs::{Doc, ReadTxn, Transact, Update};

use crate::timed;

/// The server's client id.
pub const SERVER: u64 = (1 << 32) + 7;

/// Frames that wait for one connection; the tests take them out after each step.
const OUTBOX_FRAMES: usize = 1 << 14;

/// Bytes of updates that a connection holds back behind a document's parts.
const HELD_BYTES: usize = 1 << 20;

/// A board with its mailbox; the journal's part is to count.
pub struct LiveRoom {
    state: RoomState,
    seq: Seq,
    group: GroupId,
    limits: Arc<Limits>,
    waiting: Vec<RoomMessage>,
    ideas: u32,
    /// Updates that were accepted from people.
    pub accepted: usize,
    /// What took longest: one batch.
    pub longest: Duration,
}

/// A document opened on a connection.
#[derive(Debug)]
pub struct Connection {
    /// The id under which the room knows it.
    pub id: SubscriptionId,
    /// The key of its frames.
    pub key: String,
    frames: mpsc::Receiver<OutboxMessage>,
    /// What the socket's own code makes of messages: in which order frames go out.
    deliveries: Deliveries,
}

/// What a connection was told.
#[derive(Clone, PartialEq, Debug)]
pub enum Heard {
    /// What does the other side miss?
    Step1(Vec<u8>),
    /// An update, or the answer to one's own step 1.
    Update(Vec<u8>),
    /// One message is durable.
    Acknowledged,
    /// Refused, with the problem's code and detail; the document has ended on this connection.
    Refused(String, String),
    /// An awareness update, whose content is not read.
    Awareness,
    /// Nothing that a phone sees: the connection asks the room what somebody with this state vector still misses.
    Behind(StateVector),
}

impl LiveRoom {
    /// A board in brainstorm with these ideas.
    #[must_use]
    pub fn new(texts: &[&str]) -> Self {
        Self::within(texts, Limits::default())
    }

    /// The same within other limits.
    #[must_use]
    pub fn within(texts: &[&str], limits: Limits) -> Self {
        let group = GroupId(Uuid::from_u128(0x9));
        let (name, epoch) = (DocumentName::Board(group), Epoch(Uuid::from_u128(0xe)));
        let ideas = texts.iter().zip(0..).map(|(text, order)| idea_plan(order, text)).collect();
        let plan = Plan::Board {
            group,
            phase: Phase::Brainstorm,
            ideas,
            kept: BTreeSet::new(),
            card: Vec::new(),
            closed: Vec::new(),
        };
        let limits = Arc::new(limits);
        let document = LiveDocument::begin(name, epoch, ClientId(SERVER));
        let consultation = ConsultationId(Uuid::from_u128(0xc));
        let mut state =
            RoomState::new(document, consultation, HashMap::new(), (0, 0), &plan, Arc::clone(&limits));
        let turn = state.reconcile(&plan).unwrap();
        state.deliver(turn, Some(1));
        let ideas = u32::try_from(texts.len()).unwrap();
        Self {
            state,
            seq: 1,
            group,
            limits,
            waiting: Vec::new(),
            ideas,
            accepted: 0,
            longest: Duration::ZERO,
        }
    }

    /// The same board from its snapshot, as after a restart; nobody is connected.
    ///
    /// # Panics
    /// When the snapshot cannot be loaded.
    #[must_use]
    pub fn restored(&self) -> Self {
        let row = self.state.snapshot();
        let bindings = row.bindings.iter().copied().collect();
        let stream = LoadedStream { snapshot: Some(row), records: Vec::new() };
        let document = LiveDocument::load(DocumentName::Board(self.group), &stream).unwrap();
        let plan = Plan::Board {
            group: self.group,
            phase: Phase::Brainstorm,
            ideas: Vec::new(),
            kept: BTreeSet::new(),
            card: Vec::new(),
            closed: Vec::new(),
        };
        let consultation = ConsultationId(Uuid::from_u128(0xc));
        let seqs = (self.seq, self.seq);
        let state = RoomState::new(document, consultation, bindings, seqs, &plan, Arc::clone(&self.limits));
        Self {
            state,
            seq: self.seq,
            group: self.group,
            limits: Arc::clone(&self.limits),
            waiting: Vec::new(),
            ideas: self.ideas,
            accepted: 0,
            longest: Duration::ZERO,
        }
    }

    /// Opens the board for a participant.
    pub fn connect(&mut self, seat: u8) -> Connection {
        let key = DocumentName::Board(self.group).to_string();
        let (queue, frames, _cut): (Outbox, _, _) = outbox(OUTBOX_FRAMES);
        let id = SubscriptionId::next();
        self.waiting.push(RoomMessage::Open(Box::new(Subscription {
            id,
            envelope: Envelope::Hocuspocus(key.as_str().into()),
            outbox: queue,
            actor: Actor { role: Role::Participant, group: Some(self.group) },
            seat: SeatKey([seat; 16]),
            name: "Participant",
        })));
        Connection::of(id, key, frames)
    }

    /// The connection is gone.
    pub fn leave(&mut self, connection: &Connection) {
        self.waiting.push(RoomMessage::Leave(connection.id));
    }

    /// A connection has sent what it was given, and asks what came since.
    pub fn behind(&mut self, connection: &Connection, theirs: StateVector) {
        self.waiting.push(RoomMessage::Behind(connection.id, theirs));
    }

    /// A frame arrives; `false`: it is no message about the board, and would close the socket or be ignored.
    pub fn say(&mut self, connection: &Connection, frame: &Bytes) -> bool {
        let Ok(read) = read_hocuspocus(frame) else { return false };
        let Some(said) = said(read.message, frame, &self.limits).filter(|_| read.key == connection.key)
        else {
            return false;
        };
        self.waiting.push(RoomMessage::Input(connection.id, said));
        true
    }

    /// The server writes.
    pub fn write(&mut self, write: BoardWrite) {
        self.waiting.push(RoomMessage::Write(RoomWrite::Board(write), Completion::default()));
    }

    /// Shows a new idea.
    pub fn put_idea(&mut self, text: &str) {
        self.write(BoardWrite::Put(idea_plan(self.ideas, text)));
        self.ideas += 1;
    }

    /// Takes the waiting messages as one batch; the journal's part is to count.
    ///
    /// # Panics
    /// When the document must be dropped.
    pub fn flush(&mut self) {
        let batch = std::mem::take(&mut self.waiting);
        let (turn, took) = timed(|| self.state.turn(batch));
        let turn: RoomTurn = turn.unwrap();
        self.longest = self.longest.max(took);
        let count = turn.records.len() as u64;
        self.accepted += turn.records.iter().filter(|record| matches!(record, Record::Updated(_))).count();
        self.seq += count;
        let seq = (count > 0).then_some(self.seq);
        self.state.deliver(turn, seq);
        self.state.relay_presence();
    }

    /// The board as HTTP shows it.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn board(&mut self) -> BoardView {
        let (reply, mut answer) = oneshot::channel();
        self.waiting.push(RoomMessage::ReadBoard(None, reply));
        self.flush();
        BoardView::clone(&answer.try_recv().unwrap())
    }

    /// The snapshot's bytes.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        self.state.snapshot().state.to_vec()
    }

    /// The live board, and the board loaded from its snapshot, show the same.
    ///
    /// # Panics
    /// When they differ, or something waits for what never came.
    pub fn check(&mut self) {
        let live = self.board();
        let row = self.state.snapshot();
        let waits = Doc::new();
        waits.transact_mut().apply_update(Update::decode_v1(&row.state).unwrap()).unwrap();
        assert!(!waits.transact().has_missing_updates(), "the snapshot waits for what never came");
        let name = DocumentName::Board(self.group);
        let stream = LoadedStream { snapshot: Some(row), records: Vec::new() };
        let again = LiveDocument::load(name, &stream).unwrap().board(live.seq);
        assert_eq!(texts(&live), texts(&again), "live and loaded from the snapshot");
    }
}

impl Connection {
    /// A connection whose frames come out here.
    #[must_use]
    pub fn of(id: SubscriptionId, key: String, frames: mpsc::Receiver<OutboxMessage>) -> Self {
        Self { id, key, frames, deliveries: Deliveries::default() }
    }

    /// Everything that was told since the last time.
    ///
    /// # Panics
    /// When the server sends what no phone can read.
    pub fn heard(&mut self) -> Vec<Heard> {
        let mut heard = Vec::new();
        while let Ok(message) = self.frames.try_recv() {
            match self.deliveries.take(message, HELD_BYTES) {
                Do::Send(frame) => heard.extend(read(&frame)),
                Do::Nothing | Do::Close(_) => {}
            }
            while self.deliveries.has_next() {
                let DeliveryStep { frame, behind } = self.deliveries.next_step();
                heard.extend(frame.and_then(|frame| read(&frame)));
                heard.extend(behind.map(|(_, theirs)| Heard::Behind(theirs)));
            }
        }
        heard
    }
}

/// Reads a frame of the server; nothing for the end of a document, which follows a refusal.
fn read(frame: &[u8]) -> Option<Heard> {
    let mut rest = frame;
    let _key = take(&mut rest);
    let kind = take_number(&mut rest);
    match kind {
        0 => {
            let step = take_number(&mut rest);
            let payload = take(&mut rest).to_vec();
            Some(if step == 0 { Heard::Step1(payload) } else { Heard::Update(payload) })
        }
        1 => Some(Heard::Awareness),
        5 => {
            let message: serde_json::Value = serde_json::from_slice(take(&mut rest)).unwrap();
            let word = |name: &str| message["problem"][name].as_str().unwrap().to_owned();
            Some(Heard::Refused(word("code"), word("detail")))
        }
        7 => None,
        8 => Some(Heard::Acknowledged),
        other => panic!("a message of type {other}"),
    }
}

fn take_number(rest: &mut &[u8]) -> u64 {
    let mut value = 0;
    for position in 0.. {
        let (byte, later) = rest.split_first().unwrap();
        *rest = later;
        value |= u64::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}

fn take<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let length = usize::try_from(take_number(rest)).unwrap();
    let (bytes, later) = rest.split_at(length);
    *rest = later;
    bytes
}

/// The words of each idea.
#[must_use]
pub fn texts(board: &BoardView) -> BTreeMap<String, &str> {
    board.ideas.iter().map(|idea| (idea.id.to_string(), idea.text.as_str())).collect()
}

fn idea_plan(order: u32, text: &str) -> IdeaPlan {
    IdeaPlan {
        id: IdeaId(Uuid::from_u128(0x1dea << 64 | u128::from(order))),
        words: IdeaWords { text: text.into(), ..IdeaWords::default() },
        point: PointId(Uuid::from_u128(0x7)),
        spoken: false,
        kind: None,
        kind_proposed: false,
        lang: "en".to_owned(),
        order,
        tally: None,
        state: IdeaState::Shown,
        into: None,
        locked: false,
    }
}
