//! Which consultations live on this node, and how people find theirs: by token, code, key or group.
//!
//! The hub decides nothing: it makes consultations, finds the task of each, and limits typed codes. `task` is one
//! consultation's task; rooms live under it (`projecting`), and connections follow it (`following`).

mod addresses;
mod allowance;
mod asking_rooms;
mod batch;
mod caller;
mod closing;
mod curating;
mod desk;
mod directory;
mod doors;
mod ending;
mod entering;
mod exchanging;
mod fates;
mod fitting;
mod following;
mod in_room;
mod looking;
mod mailbox;
mod merging;
mod moderating;
mod parcels;
mod preparing;
mod projecting;
mod pushing;
mod records;
mod rehearsing;
mod retention;
mod rows;
mod supervising;
mod task;
#[cfg(test)]
mod tests;
mod tries;
mod weight;
mod widening;

use std::sync::Arc;

use proto::api::consultation::{Answer, Create, Created, Join};
use proto::command::{Action, Command};
use proto::ids::{ConsultationId, DocumentName, SeatId};
use proto::problem::{Code, Problem};
use subtle::ConstantTimeEq;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::clock::{Clock, Entropy};
use crate::config::Limits;
use crate::consultation::secret::hash_token;
use crate::consultation::{Consultation, Context, Event, EventRecord, Founded, Hash32, create};
use crate::embeddings::Embedder;
use crate::journal::{Append, FileChange, Journal, JournalError, Record, Stream, StreamRecord};
use crate::prefix::{PrefixId, Prefixes};
use crate::room::Outbox;
use crate::stop_signal::{StopSignal, Stopping};
use crate::watch::Watch;

pub use addresses::{CountedUse, Held};
pub use allowance::{OpenPlace, SeatConnection, SeatPoll};
pub use caller::Caller;
pub use directory::Locator;
pub use doors::Client;
pub use mailbox::{ConsultationHandle, GroupReport, Opened, Report, Subscriber};

use addresses::Addresses;
use allowance::SeatLimits;
use directory::Directory;
use mailbox::ConsultationMessage;
use parcels::Handovers;
use tries::CodeAttempts;

/// What every part of the server shares.
pub struct Hub {
    /// Every bound.
    pub limits: Arc<Limits>,
    /// The time of day.
    pub clock: Clock,
    /// Randomness.
    pub entropy: Entropy,
    /// What makes places of addresses, to count by.
    pub prefixes: Prefixes,
    /// The address people type, without a trailing slash.
    pub public_url: String,
    /// What is counted of slow turns.
    pub watch: Arc<Watch>,
    /// The threads on which consultations, rooms and handlers work.
    pub work: Handle,
    journal: Arc<dyn Journal>,
    organizer_key: String,
    embedder: Option<Arc<Embedder>>,
    directory: Arc<Directory>,
    tries: CodeAttempts,
    parcels: Handovers,
    allowances: Arc<SeatLimits>,
    addresses: Arc<Addresses>,
    shared_files: preparing::SharedFiles,
    sockets: Arc<Semaphore>,
    tasks: Mutex<JoinSet<()>>,
    stop: StopSignal,
}

/// What a hub is made of.
pub struct HubParts {
    /// Where everything is kept.
    pub journal: Arc<dyn Journal>,
    /// Every bound.
    pub limits: Limits,
    /// The time of day.
    pub clock: Clock,
    /// Randomness.
    pub entropy: Entropy,
    /// The address people type.
    pub public_url: String,
    /// The key that makes consultations.
    pub organizer_key: String,
    /// A service that says which texts mean the same.
    pub embedder: Option<Arc<Embedder>>,
    /// The threads on which consultations, rooms and handlers work.
    pub work: Handle,
}

/// Who sends a command.
#[derive(Clone, Debug)]
pub enum Sender {
    /// Nobody that is known: may join.
    Anybody,
    /// Who has the organizer key: may create and join.
    KeyHolder,
    /// A seat or staff link.
    Seat(Caller),
}

/// A command that is carried out before there is a seat.
enum Unseated {
    Create(Create),
    Join(Join),
    Refuse(Problem),
}

impl Hub {
    /// Starts a hub with every consultation of the journal.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn start(parts: HubParts) -> Result<Arc<Self>, JournalError> {
        let HubParts { journal, limits, clock, entropy, public_url, organizer_key, embedder, work } = parts;
        let tries = CodeAttempts::new(limits.tries.clone(), entropy.clone());
        let addresses = Arc::new(Addresses::new(limits.costs.clone()));
        let parcels = Handovers::new(limits.parcels_max, limits.parcel_time);
        let allowances = Arc::new(SeatLimits::new(
            limits.seat_rate,
            limits.costs.clone(),
            limits.connections_per_seat,
            limits.seats_counted,
        ));
        let watch = Arc::new(Watch::new(limits.work.turn_time, limits.work.turn_log_pause));
        let sockets = Arc::new(Semaphore::new(limits.sockets_max));
        let hub = Arc::new(Self {
            limits: Arc::new(limits),
            clock,
            prefixes: Prefixes::new(&entropy),
            entropy,
            public_url,
            watch,
            work,
            journal,
            organizer_key,
            embedder,
            directory: Arc::new(Directory::default()),
            tries,
            parcels,
            allowances,
            addresses,
            shared_files: preparing::SharedFiles::default(),
            sockets,
            tasks: Mutex::new(JoinSet::new()),
            stop: StopSignal::default(),
        });
        for id in hub.purged()? {
            hub.directory.purge(id);
        }
        for id in hub.journal.consultations()? {
            let consultation = hub.load(id)?;
            match consultation.rehearsal_of() {
                Some(_) => hub.sweep_twin(id).await?,
                None => hub.begin(consultation, hub.journal.owed_scrubs(id)?).await,
            }
        }
        Ok(hub)
    }

    fn load(&self, id: ConsultationId) -> Result<Consultation, JournalError> {
        let stream = self.journal.load(id, Stream::Consultation)?;
        let damaged = |reason: String| JournalError::Damaged { path: id.to_string(), reason };
        let mut decisions = Vec::with_capacity(stream.records.len());
        for (seq, record) in stream.records {
            if let Record::Decided(bytes) = record {
                let decision = EventRecord::from_bytes(&bytes)
                    .map_err(|error| damaged(format!("decision {seq} cannot be read: {error}")))?;
                decisions.push((seq, decision));
            }
        }
        let (keys, texts) = (self.journal.keys(id)?, self.journal.texts(id)?);
        let remembered = self.limits.commands_remembered;
        Consultation::load(id, keys, decisions, texts, remembered)
            .ok_or_else(|| damaged("this consultation has no beginning".to_owned()))
    }

    /// Stops every consultation: what was accepted is durable when this returns.
    pub async fn stop(&self) {
        self.stop.stop();
        let mut tasks = self.tasks.lock().await;
        while tasks.join_next().await.is_some() {}
    }

    /// How many consultations are here, and how many of them were given up after too many panics.
    #[must_use]
    pub fn health(&self) -> (usize, usize) {
        self.directory.health()
    }

    /// A place for one more socket.
    ///
    /// # Errors
    /// `unavailable` when all are taken.
    pub fn socket_place(&self, prefix: PrefixId) -> Result<(OwnedSemaphorePermit, Held), Problem> {
        let full = || Problem::because(Code::Unavailable, "This server has as many connections as it may.");
        self.addresses.seated(prefix, Instant::now())?;
        let place = Arc::clone(&self.sockets).try_acquire_owned().map_err(|_| full())?;
        let held = self.addresses.hold(prefix, CountedUse::Sockets, Instant::now()).map_err(|_| full())?;
        Ok((place, held))
    }

    /// Counts a connection for a seat.
    ///
    /// # Errors
    /// `too-fast` when too many seats are busy.
    pub fn connect(&self, seat: SeatId, outbox: &Outbox) -> Result<SeatConnection, Problem> {
        self.allowances.connect(seat, outbox, Instant::now())
    }

    /// Hears when the server stops.
    #[must_use]
    pub fn stopping(&self) -> Stopping {
        self.stop.listener()
    }

    /// Is this the organizer key?
    #[must_use]
    pub fn is_organizer_key(&self, token: &str) -> bool {
        token.as_bytes().ct_eq(self.organizer_key.as_bytes()).into()
    }

    /// Who has this token, wherever it is from.
    ///
    /// # Errors
    /// `unauthorized` when nobody has it, `seat-closed` when its seat was closed, `at-the-door` while it was not let in.
    pub fn identify(&self, token: &str) -> Result<Sender, Problem> {
        if self.is_organizer_key(token) {
            return Ok(Sender::KeyHolder);
        }
        let caller = self.directory.by_token(hash_token(token));
        let Some(caller) = caller else {
            let moved = self.directory.by_former_token(hash_token(token)).is_some();
            return Err(Problem::new(if moved { Code::SeatMoved } else { Code::Unauthorized }));
        };
        if let Some(how) = self.directory.closed(caller.seat) {
            return Err(Problem::new(how));
        }
        if self.directory.is_at_door(caller.seat) {
            return Err(Problem::new(Code::AtTheDoor));
        }
        Ok(Sender::Seat(caller))
    }

    /// Who has this token in the consultation that a thing belongs to; the organizer key is its organizer.
    ///
    /// # Errors
    /// `purged` when it was deleted, `not-found` when there is no such thing, `unauthorized` when nobody has the token,
    /// `forbidden` when the token is of another consultation.
    pub fn identify_at(&self, token: &str, place: Locator) -> Result<Caller, Problem> {
        if let Locator::Consultation(id) = place
            && self.directory.is_purged(id)
        {
            return Err(Problem::new(Code::Purged));
        }
        let sender = self.identify(token)?;
        let consultation =
            self.directory.consultation_of(place).ok_or_else(|| Problem::new(Code::NotFound))?;
        match sender {
            Sender::Anybody => Err(Problem::new(Code::Unauthorized)),
            Sender::KeyHolder => {
                self.directory.organizer_of(consultation).ok_or_else(|| Problem::new(Code::NotFound))
            }
            Sender::Seat(caller) if caller.consultation.id == consultation => Ok(caller),
            Sender::Seat(_) => {
                Err(Problem::because(Code::Forbidden, "This belongs to another consultation."))
            }
        }
    }

    /// Who has this token at this document.
    ///
    /// # Errors
    /// As [`Hub::identify_at`].
    pub fn identify_for(&self, token: &str, document: DocumentName) -> Result<Caller, Problem> {
        let place = match document {
            DocumentName::Board(group) => Locator::Group(group),
            DocumentName::Plenary(id) | DocumentName::Consultation(id) => Locator::Consultation(id),
        };
        self.identify_at(token, place)
    }

    /// The seat that a ticket was made for, if the token that it was made with is still good; without one, for who holds
    /// the organizer key.
    #[must_use]
    pub fn ticketed(
        &self,
        consultation: ConsultationId,
        seat: SeatId,
        token: Option<Hash32>,
    ) -> Option<Caller> {
        let caller = match token {
            Some(token) => self.directory.by_token(token),
            None => self.directory.organizer_of(consultation),
        };
        let is_it = |caller: &Caller| caller.seat == seat && caller.consultation.id == consultation;
        let shut = |seat| self.directory.closed(seat).is_some() || self.directory.is_at_door(seat);
        caller.filter(is_it).filter(|caller| !shut(caller.seat))
    }

    /// Carries out a command that came by itself from some place: a message of its seat like any other.
    ///
    /// # Errors
    /// The reason why not; nothing has changed.
    pub async fn command(
        self: &Arc<Self>,
        sender: &Sender,
        client: Client,
        command: Command,
    ) -> Result<Answer, Problem> {
        match sender {
            Sender::Seat(caller) => self.allowances.take(caller.seat, Instant::now())?,
            // Joining by a typed code has a limit for the whole server; the organizer key is the operator's.
            Sender::Anybody | Sender::KeyHolder => {}
        }
        self.begin_command(sender, client, command).await.await
    }

    /// Hands a command over, in order; what it gives is the answer to wait for. Without a place it is the server's own.
    pub async fn begin_command(
        self: &Arc<Self>,
        sender: &Sender,
        client: Client,
        command: Command,
    ) -> impl Future<Output = Result<Answer, Problem>> + Send + use<> {
        let (reply, answer) = oneshot::channel();
        let hub = Arc::clone(self);
        let id = command.id;
        // Create and join concern no seat, so no order: they are carried out while the answer is awaited.
        let unseated = match (command.action, sender) {
            (Action::Create(create), Sender::KeyHolder) => Some(Unseated::Create(create)),
            (Action::Create(_), Sender::Seat(_)) => Some(Unseated::Refuse(Problem::because(
                Code::Forbidden,
                "Making a consultation needs the organizer key of this server.",
            ))),
            (Action::Join(join), _) => {
                Some(Unseated::Join(Join { request: join.request.or(Some(id)), ..join }))
            }
            (action, Sender::Seat(caller)) => {
                let message = ConsultationMessage::Command(caller.seat, Command { id, action }, reply);
                let _ = caller.consultation.tell(message).await;
                None
            }
            (_, Sender::KeyHolder) => Some(Unseated::Refuse(Problem::because(
                Code::Forbidden,
                "The organizer key makes consultations; for this, use the consultation's organizer link.",
            ))),
            (_, Sender::Anybody) => Some(Unseated::Refuse(Problem::new(Code::Unauthorized))),
        };
        async move {
            match unseated {
                None => answer.await.unwrap_or_else(|_| Err(Problem::new(Code::Unavailable))),
                Some(Unseated::Refuse(problem)) => Err(problem),
                Some(Unseated::Create(create)) => {
                    let created = hub.create(create).await?;
                    Ok(Answer { created: Some(created), ..Answer::done(id, 1) })
                }
                Some(Unseated::Join(join)) => {
                    let (joined, seq) = hub.join(client, join).await?;
                    Ok(Answer { joined: Some(joined), ..Answer::done(id, seq) })
                }
            }
        }
    }

    /// Makes a consultation.
    ///
    /// # Errors
    /// When the wish cannot be fulfilled.
    pub async fn create(self: &Arc<Self>, wish: Create) -> Result<Created, Problem> {
        let context = Context { now: self.clock.now(), entropy: &self.entropy, limits: &self.limits };
        let founded = create(wish, &self.public_url, context)?;
        self.begin_founded(founded, Vec::new()).await
    }

    /// Makes a founded consultation durable, and starts it.
    async fn begin_founded(
        self: &Arc<Self>,
        mut founded: Founded,
        files: Vec<FileChange>,
    ) -> Result<Created, Problem> {
        while self.directory.by_code(&founded.founding.code).is_some() {
            founded.founding.code = crate::consultation::secret::new_code(&self.entropy);
            founded.created.code.clone_from(&founded.founding.code);
        }
        let decision =
            EventRecord { command: None, stamp: None, event: Event::Founded(founded.founding.clone()) };
        let append = Append {
            consultation: founded.created.id,
            entries: vec![StreamRecord {
                stream: Stream::Consultation,
                record: Record::Decided(decision.to_bytes()),
            }],
            texts: Vec::new(),
            files,
            keys: Some(founded.keys),
            scrubs: Vec::new(),
        };
        let durable = self.journal.append(append).await;
        durable.map_err(|_| Problem::new(Code::Unavailable))?.map_err(|error| {
            tracing::error!(%error, "a consultation could not be written");
            Problem::new(Code::Unavailable)
        })?;
        let consultation = Consultation::new(founded.created.id, founded.keys, founded.founding);
        self.begin(consultation, Vec::new()).await;
        Ok(founded.created)
    }
}
