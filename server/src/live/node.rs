//! What all consultations of a server share: journal, directory, limits, clock, randomness, the encoder.

pub(super) mod deleted_tokens;
pub(super) mod directory;
pub(super) mod purge_answers;
pub(super) mod seat_limits;

use std::sync::Arc;

use proto::ids::ConsultationId;
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::state::Env;
use crate::clock::{Clock, Entropy, Millis, tick};
use crate::config::Limits;
use crate::consultation::{Consultation, EventRecord};
use crate::embeddings::Embedder;
use crate::journal::{Journal, JournalError, Record, Stream};
use crate::seeded_defects;
use crate::stop_signal::{StopSignal, Stopping};
use crate::watch::Watch;
use directory::Directory;
use purge_answers::PurgeAnswers;
use seat_limits::SeatLimits;

/// What every part of the server shares.
pub struct Node {
    /// The bounds of every consultation of this server.
    pub limits: Arc<Limits>,
    /// The time of day.
    pub clock: Clock,
    /// Where ids, tokens and keys come from: a parameter, so that tests can repeat them.
    pub entropy: Entropy,
    /// The address people type, without a trailing slash.
    pub public_url: String,
    /// What is counted of slow turns.
    pub watch: Arc<Watch>,
    /// The threads on which consultations, rooms and handlers work.
    pub work: Handle,
    /// Where everything is kept.
    pub journal: Arc<dyn Journal>,
    /// Who says which texts mean the same, if anybody can.
    pub embedder: Option<Arc<Embedder>>,
    /// Who is found by which token, code, key or group.
    pub directory: Directory,
    /// Answers to deletions that can be asked for again.
    pub purge_answers: PurgeAnswers,
    /// What each seat may use.
    pub seat_limits: SeatLimits,
    pub(super) tasks: Mutex<JoinSet<()>>,
    pub(super) stop: StopSignal,
}

/// What a node is made of.
pub struct NodeParts {
    /// Where everything is kept.
    pub journal: Arc<dyn Journal>,
    /// The bounds of every consultation of this server.
    pub limits: Limits,
    /// The time of day.
    pub clock: Clock,
    /// Where ids, tokens and keys come from.
    pub entropy: Entropy,
    /// The address people type.
    pub public_url: String,
    /// Who says which texts mean the same.
    pub embedder: Option<Arc<Embedder>>,
    /// The threads on which consultations, rooms and handlers work.
    pub work: Handle,
}

impl Node {
    /// A node on which nothing runs yet.
    #[must_use]
    pub fn new(parts: NodeParts) -> Self {
        let NodeParts { journal, limits, clock, entropy, public_url, embedder, work } = parts;
        let seat_limits = SeatLimits::new(
            limits.seat_rate,
            limits.costs.clone(),
            limits.connections_per_seat,
            limits.seats_counted,
        );
        Self {
            purge_answers: PurgeAnswers::new(limits.purge_answers.max),
            directory: Directory::new(limits.purge_answers.tokens_max),
            watch: Arc::new(Watch::new(limits.work.turn_time, limits.work.turn_log_pause)),
            limits: Arc::new(limits),
            clock,
            entropy,
            public_url,
            work,
            journal,
            embedder,
            seat_limits,
            tasks: Mutex::new(JoinSet::new()),
            stop: StopSignal::default(),
        }
    }

    /// A consultation as its journal has it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn load(&self, id: ConsultationId) -> Result<Consultation, JournalError> {
        load(&*self.journal, id, self.limits.commands_remembered)
    }

    /// Stops every consultation: what was accepted is durable when this returns.
    pub async fn stop(&self) {
        self.stop.stop();
        let mut tasks = self.tasks.lock().await;
        while tasks.join_next().await.is_some() {}
        self.purge_answers.end().await;
    }

    /// Notified when the server stops.
    #[must_use]
    pub fn stopping(&self) -> Stopping {
        self.stop.listener()
    }

    /// What a turn of a consultation depends on, at this moment.
    pub(super) fn env<'a>(&'a self, running: &'a (dyn Fn() -> Millis + Sync)) -> Env<'a> {
        Env {
            now: self.clock.now(),
            tick: tick(),
            running,
            entropy: &self.entropy,
            limits: &self.limits,
            public_url: &self.public_url,
            embedding_model: self.embedder.as_ref().map(|embedder| embedder.model()),
            texts_leave: self.embedder.as_ref().is_some_and(|embedder| embedder.sends_texts()),
            seat_limits: &self.seat_limits,
        }
    }
}

/// A consultation as its journal has it; it remembers so many commands.
///
/// # Errors
/// When it cannot be read.
pub fn load(
    journal: &dyn Journal,
    id: ConsultationId,
    remembered: usize,
) -> Result<Consultation, JournalError> {
    let remembered = if seeded_defects::is("commands-forgotten") { 0 } else { remembered };
    let stream = journal.load(id, Stream::Consultation)?;
    let damaged = |reason: String| JournalError::Damaged { path: id.to_string(), reason };
    let mut records = Vec::with_capacity(stream.records.len());
    for (seq, record) in stream.records {
        if let Record::Decided(bytes) = record {
            let record = EventRecord::from_bytes(&bytes)
                .map_err(|error| damaged(format!("decision {seq} cannot be read: {error}")))?;
            records.push((seq, record));
        }
    }
    Consultation::load(id, journal.keys(id)?, records, journal.texts(id)?, remembered)
        .ok_or_else(|| damaged("this consultation has no beginning".to_owned()))
}
