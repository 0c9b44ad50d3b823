//! One live document in memory, with its connections: the mailbox through which everybody talks to it.
//!
//! A room is one task and owns its document (invariant I3). It drains its mailbox up to a bound, applies all of it,
//! appends once, then tells everybody: the busier it gets, the larger the batch, the cheaper an edit. The path of an
//! edit through this folder: `state` (gate, authorization, apply) → `actor` (journal) → `fanout` (frames and acks).

mod actor;
mod document;
mod document_parts;
mod fanout;
mod idle_texts;
mod ledger_throttle;
mod loading;
mod presence;
mod recent_writers;
mod reports;
mod shared;
mod state;
#[cfg(test)]
mod worn_tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proto::api::consultation::BoardView;
use proto::gate::{AwarenessUpdate, Refusal, StateVector, TextEdit, TextKey};
use proto::ids::{ClientId, ConsultationId, DocumentName, IdeaId};
use proto::plenary::{DoubtfulTexts, PlenaryView};
use proto::role::Role;
use proto::wire::frame::Envelope;
use tokio::sync::{mpsc, oneshot};

use crate::access::Actor;
use crate::consultation::{BoardWrite, PlenaryWrite};
use crate::journal::{SeatKey, Seq};

pub use actor::{RoomParts, run};
pub use document::{DocumentError, LiveDocument};
pub use document_parts::{Given, Parts};
pub use fanout::{Outbox, OutboxMessage, outbox};
pub use idle_texts::IdleText;
pub use loading::{Restored, restore};
pub use reports::{ReportSender, RoomReport};
pub use shared::Shared;
pub use state::{RoomState, RoomTurn};

/// Which subscription of which connection; never used twice in a process.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SubscriptionId(u64);

impl SubscriptionId {
    /// The next one.
    #[must_use]
    pub fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A document opened on a connection.
#[derive(Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Subscription {
    pub id: SubscriptionId,
    /// How its frames are written.
    pub envelope: Envelope,
    /// Where its frames go.
    pub outbox: Outbox,
    /// Who it is, for the authorization.
    pub actor: Actor,
    /// Who it is, for the bindings of client ids.
    pub seat: SeatKey,
    /// The name that staff are shown under in the plenary.
    pub name: &'static str,
}

/// What a connection says to a room.
#[derive(Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum RoomInput {
    Step1(StateVector),
    /// Step 2: an update, acknowledged like one.
    Step2(TextEdit),
    Update(TextEdit),
    Awareness(AwarenessUpdate),
    /// Asks for everybody's awareness.
    QueryAwareness,
    /// Bytes that the gate refused at once.
    Refused(Refusal),
}

/// What a room is told.
#[derive(Debug)]
pub enum RoomMessage {
    /// A connection opens the document.
    Open(Box<Subscription>),
    /// A connection leaves the document.
    Leave(SubscriptionId),
    /// A connection says something.
    Input(SubscriptionId, RoomInput),
    /// A connection has sent parts and dropped what came after them: what does somebody with this state vector miss?
    Behind(SubscriptionId, StateVector),
    /// The server writes.
    Write(RoomWrite, Completion),
    /// A seat has no place here any more: the document ends on all its connections.
    Dismiss(SeatKey, Completion),
    /// Somebody reads the board; with a sequence number, when there is something after it.
    ReadBoard(Option<Seq>, oneshot::Sender<Shared<BoardView>>),
    /// Whose seat writes in an idea under this id? For the consultation alone.
    WhoWrites(IdeaId, ClientId, oneshot::Sender<Option<SeatKey>>),
    /// Somebody reads the plenary.
    ReadPlenary(oneshot::Sender<Shared<PlenaryView>>),
    /// Staff ask for the texts that were taken off the list because they resemble deleted words (rule C25).
    ReadDoubtful(oneshot::Sender<DoubtfulTexts>),
    /// The consultation was deleted: all connections close.
    Purged,
}

/// Somebody of the staff wrote in a text: what the consultation's ledger tells.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct StaffWrote {
    /// In which role.
    pub by: Role,
    /// In which text.
    pub text: TextKey,
}

/// A change that only the server makes.
#[derive(Clone, Debug)]
pub enum RoomWrite {
    /// To a board.
    Board(BoardWrite),
    /// To the plenary.
    Plenary(PlenaryWrite),
    /// To the files alone: they still hold words that are gone from the document.
    Scrub,
}

/// Held until a write is durable and shown; a room that ends before that drops it, and whoever waits hears it.
#[derive(Debug, Default)]
pub struct Completion {
    /// The decision that is shown by it; 0: none.
    decided: Seq,
    sender: Option<mpsc::Sender<()>>,
}

impl Completion {
    /// Tells `sender` when the write is done.
    #[must_use]
    pub const fn of(sender: mpsc::Sender<()>) -> Self {
        Self { decided: 0, sender: Some(sender) }
    }

    /// The same of a write that shows the decision at `seq` and those before it.
    #[must_use]
    pub const fn at(seq: Seq, sender: mpsc::Sender<()>) -> Self {
        Self { decided: seq, sender: Some(sender) }
    }

    /// The same where nobody waits.
    #[must_use]
    pub const fn shown(seq: Seq) -> Self {
        Self { decided: seq, sender: None }
    }

    /// The write is durable and shown.
    pub fn done(self) {
        if let Some(sender) = self.sender {
            // Its queue has room for every write that it waits for.
            let _ = sender.try_send(());
        }
    }
}

/// UTF-16 units that people see in a document: its room counts them after each turn, its consultation adds what is on its way.
#[derive(Clone, Debug, Default)]
pub struct DocumentSize(Arc<AtomicU64>);

impl DocumentSize {
    /// As its room last counted them, with what is on its way.
    #[must_use]
    pub fn units(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// So many more are on their way; the room counts anew when it has them.
    pub fn add(&self, units: u64) {
        self.0.fetch_add(units, Ordering::Relaxed);
    }

    /// The room has counted.
    pub fn set(&self, units: u64) {
        self.0.store(units, Ordering::Relaxed);
    }
}

/// How to talk to a room.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct RoomHandle {
    pub document: DocumentName,
    pub consultation: ConsultationId,
    mailbox: mpsc::Sender<RoomMessage>,
    size: DocumentSize,
}

/// The room has ended; it is loaded again when it is opened again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the room has ended")]
pub struct RoomEnded;

impl RoomHandle {
    /// A handle and its mailbox.
    #[must_use]
    pub fn new(
        document: DocumentName,
        consultation: ConsultationId,
        capacity: usize,
        size: DocumentSize,
    ) -> (Self, mpsc::Receiver<RoomMessage>) {
        let (mailbox, messages) = mpsc::channel(capacity);
        (Self { document, consultation, mailbox, size }, messages)
    }

    /// Tells the room something; waits while its mailbox is full.
    ///
    /// # Errors
    /// When the room has ended.
    pub async fn tell(&self, message: RoomMessage) -> Result<(), RoomEnded> {
        self.mailbox.send(message).await.map_err(|_| RoomEnded)
    }

    /// Reads the board; with `after`, waits for something later.
    ///
    /// # Errors
    /// When the room has ended.
    pub async fn read_board(&self, after: Option<Seq>) -> Result<Shared<BoardView>, RoomEnded> {
        let (reply, answer) = oneshot::channel();
        self.tell(RoomMessage::ReadBoard(after, reply)).await?;
        answer.await.map_err(|_| RoomEnded)
    }

    /// Whose seat writes in an idea under this id.
    ///
    /// # Errors
    /// When the room has ended.
    pub async fn who_writes(&self, idea: IdeaId, writer: ClientId) -> Result<Option<SeatKey>, RoomEnded> {
        let (reply, answer) = oneshot::channel();
        self.tell(RoomMessage::WhoWrites(idea, writer, reply)).await?;
        answer.await.map_err(|_| RoomEnded)
    }

    /// Reads the plenary.
    ///
    /// # Errors
    /// When the room has ended.
    pub async fn read_plenary(&self) -> Result<Shared<PlenaryView>, RoomEnded> {
        let (reply, answer) = oneshot::channel();
        self.tell(RoomMessage::ReadPlenary(reply)).await?;
        answer.await.map_err(|_| RoomEnded)
    }

    /// Reads what was taken off the list because of deleted words; for who may settle it.
    ///
    /// # Errors
    /// When the room has ended.
    pub async fn read_doubtful(&self) -> Result<DoubtfulTexts, RoomEnded> {
        let (reply, answer) = oneshot::channel();
        self.tell(RoomMessage::ReadDoubtful(reply)).await?;
        answer.await.map_err(|_| RoomEnded)
    }

    /// How much the document shows.
    #[must_use]
    pub const fn size(&self) -> &DocumentSize {
        &self.size
    }

    /// Has the room ended?
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.mailbox.is_closed()
    }
}
