//! Who comes in, with which token or code, and to which consultation.
//!
//! The hub decides nothing about a consultation: it recognises people (`identify`), limits typed codes and what an address may
//! use (`limits`), makes consultations (`create`, `rehearsal_twins`), lets a seat change phones (`handover`), and hands commands to
//! the consultation that runs (`live`).

mod create;
mod files;
mod handover;
mod identify;
mod join;
mod limits;
mod purge_again;
mod rehearsal_twins;
mod without_token;

use std::sync::Arc;

use proto::api::consultation::{Answer, Create, Join};
use proto::command::{Action, Command};
use proto::problem::{Code, Problem};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::address_prefix::{PrefixId, Prefixes};
use crate::clock::tick;
use crate::journal::JournalError;
use crate::live::{ConsultationMessage, Node, NodeParts, SeatConnection};
use crate::room::Outbox;
use proto::ids::SeatId;

pub use identify::Sender;
pub use join::Client;
pub use limits::addresses::{CountedUse, Held};

use files::SharedFiles;
use handover::Handovers;
use limits::addresses::Addresses;
use limits::code_attempts::CodeAttempts;
use purge_again::Sent;

/// The front of a server: it knows who is who, and where they go.
pub struct Hub {
    /// What all consultations share.
    pub node: Arc<Node>,
    /// What makes places of addresses, to count by.
    pub prefixes: Prefixes,
    organizer_key: String,
    tries: CodeAttempts,
    parcels: Handovers,
    addresses: Arc<Addresses>,
    shared_files: SharedFiles,
    sockets: Arc<Semaphore>,
}

/// A command that is carried out before there is a seat.
enum Unseated {
    Create(Create),
    Join(Join),
    Refuse(Problem),
}

impl Hub {
    /// Starts a server with every consultation of its journal.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn start(parts: NodeParts, organizer_key: String) -> Result<Arc<Self>, JournalError> {
        let node = Arc::new(Node::new(parts));
        let limits = Arc::clone(&node.limits);
        let hub = Arc::new(Self {
            prefixes: Prefixes::new(&node.entropy),
            tries: CodeAttempts::new(limits.tries.clone(), node.entropy.clone()),
            parcels: Handovers::new(limits.parcels_max, limits.parcel_time),
            addresses: Arc::new(Addresses::new(limits.costs.clone())),
            shared_files: SharedFiles::default(),
            sockets: Arc::new(Semaphore::new(limits.sockets_max)),
            organizer_key,
            node,
        });
        for id in hub.purged()? {
            hub.node.begin_purged(id).await?;
        }
        for id in hub.node.journal.consultations()? {
            let consultation = hub.node.load(id)?;
            match consultation.rehearsal_of() {
                Some(_) => hub.sweep_twin(id).await?,
                None => hub.node.begin(consultation, hub.node.journal.owed_scrubs(id)?).await,
            }
        }
        Ok(hub)
    }

    /// How many consultations are here, and how many of them were given up after too many panics.
    #[must_use]
    pub fn health(&self) -> (usize, usize) {
        self.node.directory.health()
    }

    /// A place for one more socket.
    ///
    /// # Errors
    /// `unavailable` when all are taken.
    pub fn socket_place(&self, prefix: PrefixId) -> Result<(OwnedSemaphorePermit, Held), Problem> {
        let full = || Problem::because(Code::Unavailable, "This server has as many connections as it may.");
        self.addresses.seated(prefix, tick())?;
        let place = Arc::clone(&self.sockets).try_acquire_owned().map_err(|_| full())?;
        let held = self.addresses.hold(prefix, CountedUse::Sockets, tick()).map_err(|_| full())?;
        Ok((place, held))
    }

    /// Counts a connection for a seat.
    ///
    /// # Errors
    /// `too-fast` when too many seats are busy.
    pub fn connect(&self, seat: SeatId, outbox: &Outbox) -> Result<SeatConnection, Problem> {
        self.node.seat_limits.connect(seat, outbox, tick())
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
            Sender::Seat(caller) => self.node.seat_limits.take(caller.seat, tick())?,
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
        let mut sent = None;
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
                sent = Some(Sent::new(caller, id, &action));
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
                None => answer.await.unwrap_or_else(|_| {
                    sent.map_or_else(|| Err(Problem::new(Code::Unavailable)), |sent| hub.unanswered(&sent))
                }),
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
}
