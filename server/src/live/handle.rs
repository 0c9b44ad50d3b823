//! How to talk to a running consultation: its mailbox, and what it answers with.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use proto::api::consultation::{Answer, Join, Joined};
use proto::api::ending::Exported;
use proto::api::entry::SeatCode;
use proto::command::Command;
use proto::ids::{CommandId, ConsultationId, DocumentName, SeatId};
use proto::problem::{Code, Problem};
use proto::wire::frame::Envelope;
use tokio::sync::{mpsc, oneshot, watch};

use super::queries::{Opened, View};
use super::state::input::{Arrival, Upload};
use crate::consultation::Hash32;
use crate::journal::Seq;
use crate::room::{Outbox, RoomHandle, SubscriptionId};

/// How to talk to a running consultation.
#[derive(Clone, Debug)]
pub struct ConsultationHandle {
    /// The consultation that the messages go to.
    pub id: ConsultationId,
    mailbox: mpsc::Sender<ConsultationMessage>,
    given_up: Arc<AtomicBool>,
    changes: watch::Receiver<()>,
}

/// What a running consultation is told.
pub enum ConsultationMessage {
    /// A seat sends a command.
    Command(SeatId, Command, oneshot::Sender<Result<Answer, Problem>>),
    /// Somebody takes a seat.
    Join(Join, Arrival, oneshot::Sender<Result<(Joined, Seq), Problem>>),
    /// A phone wants a new token for its seat, and the old one ended.
    Exchange {
        /// For this seat.
        seat: SeatId,
        /// The SHA-256 of the token that ends.
        from: Hash32,
        /// Chosen by the phone.
        request: CommandId,
        /// Answered when it is durable.
        reply: oneshot::Sender<Result<(Joined, Seq), Problem>>,
    },
    /// A seat took an export away; noted if it is of the staff.
    Exported(SeatId, Exported),
    /// A seat uploads a file; answered when it is durable.
    Upload(Box<Upload>, oneshot::Sender<Result<Answer, Problem>>),
    /// A phone wants a code by which staff can move its seat.
    SeatCode(SeatId, oneshot::Sender<Result<SeatCode, Problem>>),
    /// The safeguarding contact read what is reported.
    AlertsRead(SeatId),
    /// Somebody looks at what staff see beside the list.
    WatchCuration,
    /// A connection subscribes to the state.
    Subscribe(Box<Subscriber>),
    /// A connection subscribes no longer.
    Unsubscribe(SubscriptionId),
    /// A connection has so many things that it has not sent yet.
    Unsent(SubscriptionId, u32),
    /// Somebody only reads.
    LiveQuery(LiveQuery),
}

/// Something that is only read.
pub enum LiveQuery {
    /// Of the consultation itself.
    View(Box<dyn FnOnce(&mut View<'_>) + Send>),
    /// A seat opens a document.
    Open(SeatId, DocumentName, oneshot::Sender<Result<Opened, Problem>>),
    /// The server itself reads a document.
    Room(DocumentName, oneshot::Sender<RoomHandle>),
}

/// A connection that subscribes to the consultation's state.
#[derive(Debug)]
pub struct Subscriber {
    /// The id under which the consultation knows the connection.
    pub id: SubscriptionId,
    /// The seat whose token the connection opened with.
    pub seat: SeatId,
    /// How its frames are written.
    pub envelope: Envelope,
    /// Where its frames go.
    pub outbox: Outbox,
}

impl ConsultationHandle {
    /// A handle and its mailbox.
    #[must_use]
    pub fn new(
        id: ConsultationId,
        capacity: usize,
        changes: watch::Receiver<()>,
    ) -> (Self, mpsc::Receiver<ConsultationMessage>) {
        let (mailbox, messages) = mpsc::channel(capacity);
        (Self { id, mailbox, given_up: Arc::default(), changes }, messages)
    }

    /// Changes whenever something changes that an export says; ends with the consultation.
    #[must_use]
    pub const fn changes(&self) -> &watch::Receiver<()> {
        &self.changes
    }

    /// It panicked too often and is not started again.
    pub(super) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    /// Is it unavailable until the server is started again?
    pub(super) fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }

    fn unavailable(&self) -> Problem {
        if !self.is_given_up() {
            return Problem::new(Code::Unavailable);
        }
        let detail = "This consultation ended by an error of the server. What was acknowledged is safe. It is back when the \
                      server is started again; the server's log says more.";
        Problem::because(Code::Unavailable, detail)
    }

    /// Reads something, when everything before is durable.
    ///
    /// # Errors
    /// `unavailable` when the consultation has ended.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut View<'_>) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let query = |reply: oneshot::Sender<T>| {
            ConsultationMessage::LiveQuery(LiveQuery::View(Box::new(move |view| {
                drop(reply.send(query(view)))
            })))
        };
        self.ask(query).await
    }

    /// The room of a document, for the server itself; loaded if it is not live.
    ///
    /// # Errors
    /// `unavailable` when the consultation has ended.
    pub async fn room(&self, document: DocumentName) -> Result<RoomHandle, Problem> {
        self.ask(|reply| ConsultationMessage::LiveQuery(LiveQuery::Room(document, reply))).await
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// `unavailable` when the consultation has ended.
    pub async fn ask<T>(
        &self,
        message: impl FnOnce(oneshot::Sender<T>) -> ConsultationMessage,
    ) -> Result<T, Problem> {
        let (reply, answer) = oneshot::channel();
        self.tell(message(reply)).await?;
        answer.await.map_err(|_| self.unavailable())
    }

    /// Tells and does not wait for an answer.
    ///
    /// # Errors
    /// `unavailable` when the consultation has ended.
    pub async fn tell(&self, message: ConsultationMessage) -> Result<(), Problem> {
        self.mailbox.send(message).await.map_err(|_| self.unavailable())
    }
}
