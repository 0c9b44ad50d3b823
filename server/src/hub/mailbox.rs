//! How to talk to a consultation's task: its mailbox, and what it answers with.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use proto::api::clocks::LateShelf;
use proto::api::consultation::{Answer, ConsultationState, ConsultationView, Join, JoinInfo, Joined};
use proto::api::curation::Curation;
use proto::api::desk::{Alert, Desk, DeskList, DeskPage};
use proto::api::ending::{Ending, Exported};
use proto::api::entry::{EntryCards, SeatCode};
use proto::api::group_card::{GroupCardView, Signed};
use proto::api::idea_outcome::{Followed, Owned};
use proto::api::ledger::LedgerEntry;
use proto::api::preparation::{Checklist, LinkInfo, Preparation};
use proto::api::programme::{FileContent, Material, MaterialFile, ProgrammeView};
use proto::api::wordings::Wordings;
use proto::command::Command;
use proto::ids::{CommandId, ConsultationId, DocumentName, GroupId, IdeaId, MaterialId, SeatId};
use proto::problem::{Code, Problem};
use proto::wire::frame::{Envelope, Scope};
use tokio::sync::{mpsc, oneshot, watch};

use crate::access::Actor;
use crate::clock::Millis;
use crate::consultation::prepare::template::Template;
use crate::consultation::{EntranceKind, Hash32, RunFacts};
use crate::journal::{SeatKey, Seq};
use crate::prefix::PrefixId;
use crate::room::{Outbox, RoomHandle, SubscriptionId};

/// How to talk to a consultation's task.
#[derive(Clone, Debug)]
pub struct ConsultationHandle {
    /// The consultation.
    pub id: ConsultationId,
    mailbox: mpsc::Sender<ConsultationMessage>,
    given_up: Arc<AtomicBool>,
    changes: watch::Receiver<()>,
}

/// What a consultation's task is told.
pub enum ConsultationMessage {
    /// A seat decides something.
    Command(SeatId, Command, oneshot::Sender<Result<Answer, Problem>>),
    /// Somebody takes a seat.
    Join(Join, Arrival, oneshot::Sender<Result<(Joined, Seq), Problem>>),
    /// A phone wants a new token for its seat, and the old one ended.
    Exchange(ExchangeWish),
    /// A seat took an export away; noted if it is of the staff.
    Exported(SeatId, Exported),
    /// A seat uploads a file.
    Store(Box<Upload>),
    /// Somebody looks, and decides nothing.
    Look(Look),
}

/// How somebody comes in.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// By which way.
    pub way: EntranceKind,
    /// From which place; none: the server itself.
    pub prefix: Option<PrefixId>,
}

/// A wish for a new token.
pub struct ExchangeWish {
    /// For this seat.
    pub seat: SeatId,
    /// The SHA-256 of the token that ends.
    pub from: Hash32,
    /// Chosen by the phone.
    pub request: CommandId,
    /// Told when it is durable.
    pub reply: oneshot::Sender<Result<(Joined, Seq), Problem>>,
}

/// What somebody may look at.
pub enum Look {
    /// A seat looks at the consultation.
    View(SeatId, oneshot::Sender<Option<ConsultationView>>),
    /// A seat looks at the earlier wordings of an idea.
    Wordings(SeatId, GroupId, IdeaId, oneshot::Sender<Result<Wordings, Problem>>),
    /// Somebody looks at the door.
    JoinInfo(EntranceKind, oneshot::Sender<JoinInfo>),
    /// A phone wants a code by which staff can move its seat.
    SeatCode(SeatId, oneshot::Sender<Result<SeatCode, Problem>>),
    /// An organizer looks at the roll.
    Cards(SeatId, oneshot::Sender<Result<EntryCards, Problem>>),
    /// A seat opens a document.
    Open(SeatId, DocumentName, oneshot::Sender<Result<Opened, Problem>>),
    /// A connection follows the consultation's state.
    Subscribe(Subscriber),
    /// A connection follows no longer.
    Unsubscribe(SubscriptionId),
    /// A connection has so many things that it has not sent yet.
    Sending(SubscriptionId, u32),
    /// A seat looks at a group's late shelf.
    Late(SeatId, GroupId, oneshot::Sender<Result<LateShelf, Problem>>),
    /// A seat looks at what staff see beside the list.
    Curation(SeatId, oneshot::Sender<Result<Curation, Problem>>),
    /// A seat looks at its desk.
    Desk(SeatId, oneshot::Sender<Result<Desk, Problem>>),
    /// A seat reads a list of a group's desk, from a place on.
    DeskPage(SeatId, (GroupId, DeskList, usize), oneshot::Sender<Result<DeskPage, Problem>>),
    /// Somebody reads the ledger, after so many lines.
    Ledger(usize, oneshot::Sender<Vec<LedgerEntry>>),
    /// Somebody reads a card, follows ideas, or asks about the end.
    Records(RecordsLook),
    /// An organizer looks at what is prepared.
    Prepare(LookPrepare),
    /// A seat looks at reports of danger.
    Alerts(SeatId, oneshot::Sender<Result<Vec<Alert>, Problem>>),
    /// Somebody reads the programme.
    Programme(oneshot::Sender<ProgrammeView>),
    /// Somebody makes an export.
    Report(oneshot::Sender<Report>),
}

/// What somebody may look at of what is kept for everybody to check.
pub enum RecordsLook {
    /// A seat reads a group's card.
    Card(SeatId, GroupId, oneshot::Sender<Result<GroupCardView, Problem>>),
    /// Somebody follows ideas by their receipts.
    Follow(Vec<Owned>, oneshot::Sender<Result<Followed, Problem>>),
    /// A seat asks about the end; the hash of what an export would say now.
    Ending(SeatId, String, oneshot::Sender<Result<Ending, Problem>>),
}

/// A file that is uploaded.
pub struct Upload {
    /// By whom.
    pub seat: SeatId,
    /// To which material.
    pub material: MaterialId,
    /// By which it is recognised.
    pub content: FileContent,
    /// The file.
    pub bytes: Bytes,
    /// Told when it is durable.
    pub reply: oneshot::Sender<Result<Answer, Problem>>,
}

/// What an organizer looks at while preparing.
pub enum LookPrepare {
    /// Everything prepared.
    Preparation(SeatId, oneshot::Sender<Result<Preparation, Problem>>),
    /// What is missing.
    Checklist(SeatId, oneshot::Sender<Result<Checklist, Problem>>),
    /// The staff links.
    Links(SeatId, oneshot::Sender<Result<Vec<LinkInfo>, Problem>>),
    /// What is prepared, for a twin to rehearse in, and the materials, whose files the twin hands out as its own.
    ToRehearse(SeatId, oneshot::Sender<Result<(Template, Vec<Material>), Problem>>),
    /// What is prepared, as a template.
    Template(SeatId, oneshot::Sender<Result<Template, Problem>>),
    /// A file that is here; in a twin also the consultation that has it, if the twin itself has not.
    File(SeatId, MaterialId, oneshot::Sender<Result<(MaterialFile, Option<ConsultationId>), Problem>>),
}

/// A document that a seat may read.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its room; none for the consultation's own document, which is empty.
    pub room: Option<RoomHandle>,
    /// Who it is, for the authorization.
    pub actor: Actor,
    /// Who it is, for the bindings of client ids.
    pub seat: SeatKey,
    /// May it ever write here?
    pub scope: Scope,
    /// The name that staff are shown under in the plenary.
    pub name: &'static str,
}

/// A connection that follows the consultation's state.
#[derive(Debug)]
pub struct Subscriber {
    /// Its id.
    pub id: SubscriptionId,
    /// Its seat.
    pub seat: SeatId,
    /// How its frames are written.
    pub envelope: Envelope,
    /// Where its frames go.
    pub outbox: Outbox,
    /// How many things it has not sent yet, as it says itself: in memory only.
    pub sending: u32,
}

/// What an export says beside the list.
#[derive(Clone, Debug)]
pub struct Report {
    /// The consultation as everybody sees it.
    pub state: ConsultationState,
    /// The groups in their order.
    pub groups: Vec<GroupReport>,
    /// The last run.
    pub run: Option<Arc<RunFacts>>,
    /// When the consultation was made.
    pub at: Millis,
    /// What staff did.
    pub ledger: Vec<LedgerEntry>,
}

/// What an export says of a group.
#[derive(Clone, Debug)]
pub struct GroupReport {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Participants.
    pub participants: u32,
    /// Participants who approve anything; none while the vote is hidden.
    pub voters: Option<u32>,
    /// Ideas on its board.
    pub ideas: u32,
    /// Participants who shared an idea.
    pub wrote: u32,
    /// What it says of its card.
    pub signed: Signed,
    /// What lies on its late shelf, as everybody may read it.
    pub late: LateShelf,
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

    /// Changes whenever something changes that an export says; ends with the task.
    #[must_use]
    pub const fn changes(&self) -> &watch::Receiver<()> {
        &self.changes
    }

    /// Its task panicked too often and is not started again.
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

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// `unavailable` when the task has ended.
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
    /// `unavailable` when the task has ended.
    pub async fn tell(&self, message: ConsultationMessage) -> Result<(), Problem> {
        self.mailbox.send(message).await.map_err(|_| self.unavailable())
    }
}
