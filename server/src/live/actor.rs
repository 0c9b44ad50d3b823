//! The loop of a running consultation: drain, take a turn, append once and wait, carry out the effects, answer queries.
//!
//! It decides nothing. A failed append ends it; so does the deletion of the consultation.

pub(super) mod documents;
pub(super) mod perform;
pub(super) mod purge;
pub(super) mod push;
pub(super) mod replies;
pub(super) mod rooms;

use std::sync::Arc;

use proto::ids::ConsultationId;
use tokio::sync::{mpsc, watch};

use super::handle::{ConsultationMessage, LiveQuery};
use super::jobs::Jobs;
use super::node::Node;
use super::queries::View;
use super::state::{Answered, Input, Live, Turn};
use crate::clock::{Tick, tick};
use crate::consultation::Consultation;
use crate::journal::{Append, JournalError, Seq, Stream, TextChange};
use crate::rate::Bucket;
use crate::seeded_defects;
use crate::stop_signal::Stopping;
use crate::watch::Count;
use push::Subscribers;
use replies::{Replies, Reply};
use rooms::Rooms;

/// A running consultation with everything that it holds.
pub struct LiveActor {
    pub(super) live: Live,
    pub(super) node: Arc<Node>,
    pub(super) rooms: Rooms,
    pub(super) jobs: Jobs,
    pub(super) subscribers: Subscribers,
    pub(super) replies: Replies,
    mailbox: mpsc::Receiver<ConsultationMessage>,
    pub(super) life: Life,
}

/// What a consultation and its rooms hold for as long as they live.
#[derive(Clone, Debug)]
pub struct Life {
    /// When the last one is dropped, all have ended.
    pub(super) _lives: mpsc::Sender<()>,
    /// Notified when something changes that an export says.
    pub(super) changed: watch::Sender<()>,
}

/// Does the consultation go on?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Goes {
    On,
    /// It was deleted.
    Ended,
}

impl Drop for LiveActor {
    fn drop(&mut self) {
        // A panic: connections are told to come back. Rooms end with their consultation and tell their own.
        if std::thread::panicking() {
            self.subscribers.try_again();
        }
    }
}

impl LiveActor {
    /// The actor of a consultation.
    #[must_use]
    pub(super) fn new(
        consultation: Consultation,
        owed_scrubs: Vec<(Stream, Seq)>,
        node: Arc<Node>,
        mailbox: mpsc::Receiver<ConsultationMessage>,
        life: Life,
    ) -> Self {
        let running = || node.clock.running();
        let live = Live::new(consultation, &node.env(&running));
        Self {
            live,
            rooms: Rooms::new(&node.limits, owed_scrubs),
            jobs: Jobs::default(),
            subscribers: Subscribers::default(),
            replies: Replies::default(),
            mailbox,
            life,
            node,
        }
    }

    /// Whose it is.
    #[must_use]
    pub(super) const fn id(&self) -> ConsultationId {
        self.live.id()
    }

    /// What was decided so far, read-only.
    #[must_use]
    pub(super) const fn consultation(&self) -> &Consultation {
        self.live.consultation()
    }

    /// Runs until the server stops, the consultation is deleted, or the journal fails.
    pub(super) async fn run(mut self, mut stop: Stopping) {
        let id = self.id();
        if let Err(error) = self.serve(&mut stop).await {
            // The journal takes nothing more: the process must end and be started again.
            tracing::error!(consultation = %id, %error, "a consultation ended by a fault");
        }
        self.rooms.end().await;
    }

    async fn serve(&mut self, stop: &mut Stopping) -> Result<(), JournalError> {
        let node = Arc::clone(&self.node);
        let running = || node.clock.running();
        let batch_max = node.limits.batch_messages;
        let mut messages = Vec::with_capacity(batch_max);
        let mut bucket = Bucket::new(node.limits.consultation_rate, tick());
        let turn = self.live.begin(&node.env(&running));
        if self.commit(turn).await? == Goes::Ended {
            return Ok(());
        }
        self.settle_scrubs().await;
        loop {
            let due = self.live.next_due(&node.env(&running));
            let mut inputs = Vec::new();
            tokio::select! {
                () = stop.wait() => return Ok(()),
                count = self.mailbox.recv_many(&mut messages, batch_max) => {
                    if count == 0 {
                        return Ok(());
                    }
                }
                Some(report) = self.rooms.reports.recv() => inputs.push(Input::Room(report)),
                done = self.jobs.next() => inputs.push(Input::Done(done)),
                Some(ended) = self.rooms.tasks.join_next() => {
                    // Its people were told to come back; it is loaded again when somebody opens it.
                    if ended.is_err() {
                        node.watch.count(Count::RoomPanicked);
                    }
                    continue;
                }
                () = sleep_until(due) => {}
            }
            let busy_until = bucket.take(messages.len(), tick());
            // What rooms report comes before what people want: hidden words are kept before they are asked for.
            while let Ok(report) = self.rooms.reports.try_recv() {
                inputs.push(Input::Room(report));
            }
            let mut queries = Vec::new();
            for message in messages.drain(..) {
                self.sort(message, &mut inputs, &mut queries);
            }
            let turn = self.live.turn(inputs, &node.env(&running));
            if self.commit(turn).await? == Goes::Ended {
                return Ok(());
            }
            for query in queries {
                self.answer(query);
            }
            sleep_until_if(busy_until).await;
        }
    }

    /// Makes a turn durable, then carries out what follows from it.
    async fn commit(&mut self, turn: Turn) -> Result<Goes, JournalError> {
        let Turn { refusals, append, undelivered } = turn;
        for (reply, problem) in refusals {
            self.replies.respond(reply, Answered::Refused(problem));
        }
        let last = match append {
            Some(append) => self.append(append, undelivered.records()).await?,
            None => None,
        };
        if undelivered.outdates_exports() {
            self.life.changed.send_replace(());
        }
        let node = Arc::clone(&self.node);
        let running = || node.clock.running();
        let effects = self.live.durable(undelivered, last, &node.env(&running));
        self.perform(effects).await
    }

    /// Appends, and says which record was the last of this consultation's own stream.
    async fn append(&self, append: Append, records: u64) -> Result<Option<Seq>, JournalError> {
        let panics = append.texts.iter().any(
            |text| matches!(text, TextChange::Put(_, words) if seeded_defects::asked_by(words, "PANIC AFTER COMMIT")),
        );
        let stopped = || JournalError::Stopped("its writer has ended".to_owned());
        let last = self.node.journal.append(append).await.unwrap_or_else(|_| Err(stopped()))?;
        assert!(!panics, "a seeded defect: durable, and nobody was told");
        Ok((records > 0).then_some(last))
    }

    /// What changes something is an input of the turn; what only reads waits until the turn is durable.
    fn sort(&mut self, message: ConsultationMessage, inputs: &mut Vec<Input>, queries: &mut Vec<LiveQuery>) {
        match message {
            ConsultationMessage::Command(seat, command, reply) => {
                let reply = self.replies.add(Reply::Answer(reply));
                inputs.push(Input::Command { seat, command, reply });
            }
            ConsultationMessage::Join(join, arrival, reply) => {
                let reply = self.replies.add(Reply::Joined(reply));
                inputs.push(Input::Join { join, arrival, reply });
            }
            ConsultationMessage::Exchange { seat, from, request, reply } => {
                let reply = self.replies.add(Reply::Joined(reply));
                inputs.push(Input::Exchange { seat, from, request, reply });
            }
            ConsultationMessage::Upload(upload, reply) => {
                let reply = self.replies.add(Reply::Answer(reply));
                inputs.push(Input::Upload { upload, reply });
            }
            ConsultationMessage::SeatCode(seat, reply) => {
                let reply = self.replies.add(Reply::SeatCode(reply));
                inputs.push(Input::SeatCode { seat, reply });
            }
            ConsultationMessage::Exported(seat, exported) => inputs.push(Input::Exported(seat, exported)),
            ConsultationMessage::AlertsRead(seat) => inputs.push(Input::Opened(seat)),
            ConsultationMessage::WatchCuration => inputs.push(Input::CurationWatched),
            ConsultationMessage::Subscribe(subscriber) => {
                inputs.push(Input::Connected { connection: subscriber.id, seat: subscriber.seat });
                self.subscribers.add(*subscriber);
            }
            ConsultationMessage::Unsubscribe(connection) => {
                self.subscribers.remove(connection);
                inputs.push(Input::Disconnected(connection));
            }
            ConsultationMessage::Unsent(connection, count) => {
                inputs.push(Input::Unsent { connection, count })
            }
            ConsultationMessage::LiveQuery(query) => {
                if let LiveQuery::Open(seat, ..) = &query {
                    inputs.push(Input::Opened(*seat));
                }
                queries.push(query);
            }
        }
    }

    /// Queries see durable state only: they are answered after the turn in which they arrived.
    fn answer(&mut self, query: LiveQuery) {
        match query {
            LiveQuery::View(read) => {
                let node = Arc::clone(&self.node);
                let running = || node.clock.running();
                let env = node.env(&running);
                read(&mut View::new(&mut self.live, &env));
            }
            LiveQuery::Open(seat, document, reply) => {
                let _ = reply.send(self.open(seat, document));
            }
            LiveQuery::Room(document, reply) => {
                let _ = reply.send(self.room(document));
            }
        }
    }
}

async fn sleep_until(due: Option<Tick>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

async fn sleep_until_if(due: Option<Tick>) {
    if let Some(due) = due {
        tokio::time::sleep_until(due).await;
    }
}
