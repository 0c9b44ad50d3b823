//! Somebody whose token was recognised: what a seat or staff link may ask of its consultation.

use proto::api::clocks::LateShelf;
use proto::api::consultation::ConsultationView;
use proto::api::curation::Curation;
use proto::api::desk::{Alert, Desk, DeskList, DeskPage};
use proto::api::ending::{Ending, Exported};
use proto::api::entry::{EntryCards, SeatCode};
use proto::api::group_card::GroupCardView;
use proto::api::ledger::LedgerEntry;
use proto::api::programme::ProgrammeView;
use proto::api::wordings::Wordings;
use proto::ids::{DocumentName, GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};

use super::mailbox::{
    ConsultationHandle, ConsultationMessage, Look, Opened, RecordsLook, Report, Subscriber,
};
use crate::consultation::Hash32;
use crate::room::SubscriptionId;

/// Somebody whose token was recognised.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The consultation's task.
    pub consultation: ConsultationHandle,
    /// The seat or staff link.
    pub seat: SeatId,
    /// The SHA-256 of the token that it was recognised by; none: the organizer key.
    pub token: Option<Hash32>,
}

impl Caller {
    /// Follows the consultation's state.
    ///
    /// # Errors
    /// `unavailable` when the consultation's task has ended.
    pub async fn subscribe(&self, subscriber: Subscriber) -> Result<(), Problem> {
        self.consultation.tell(ConsultationMessage::Look(Look::Subscribe(subscriber))).await
    }

    /// Follows no longer.
    pub async fn unsubscribe(&self, id: SubscriptionId) {
        let _ = self.consultation.tell(ConsultationMessage::Look(Look::Unsubscribe(id))).await;
    }

    /// Says how many things a connection has not sent yet.
    pub async fn sending(&self, id: SubscriptionId, n: u32) {
        let _ = self.consultation.tell(ConsultationMessage::Look(Look::Sending(id, n))).await;
    }

    /// A group's late shelf.
    ///
    /// # Errors
    /// When the seat may not, or the consultation's task has ended.
    pub async fn late(&self, group: GroupId) -> Result<LateShelf, Problem> {
        let seat = self.seat;
        self.consultation.ask(|reply| ConsultationMessage::Look(Look::Late(seat, group, reply))).await?
    }

    /// The consultation as this seat sees it.
    ///
    /// # Errors
    /// When the seat is gone or the consultation's task has ended.
    pub async fn view(&self) -> Result<ConsultationView, Problem> {
        let seat = self.seat;
        let view = self.consultation.ask(|reply| ConsultationMessage::Look(Look::View(seat, reply))).await?;
        view.ok_or_else(|| Problem::new(Code::Unauthorized))
    }

    /// Opens a document for this seat.
    ///
    /// # Errors
    /// When the seat may not read it.
    pub async fn open(&self, document: DocumentName) -> Result<Opened, Problem> {
        let seat = self.seat;
        self.consultation.ask(|reply| ConsultationMessage::Look(Look::Open(seat, document, reply))).await?
    }

    /// What staff see beside the list.
    ///
    /// # Errors
    /// When the seat may not, or the consultation's task has ended.
    pub async fn curation(&self) -> Result<Curation, Problem> {
        let seat = self.seat;
        self.consultation.ask(|reply| ConsultationMessage::Look(Look::Curation(seat, reply))).await?
    }

    /// What an export says beside the list.
    ///
    /// # Errors
    /// When the consultation's task has ended.
    pub async fn report(&self) -> Result<Report, Problem> {
        self.consultation.ask(|reply| ConsultationMessage::Look(Look::Report(reply))).await
    }

    /// What a moderator or an organizer is told beside the boards.
    ///
    /// # Errors
    /// When the seat may not, or the consultation's task has ended.
    pub async fn desk(&self) -> Result<Desk, Problem> {
        let seat = self.seat;
        self.consultation.ask(|reply| ConsultationMessage::Look(Look::Desk(seat, reply))).await?
    }

    /// A list of a group's desk, from a place on.
    ///
    /// # Errors
    /// When the seat may not, or the consultation's task has ended.
    pub async fn desk_page(&self, group: GroupId, list: DeskList, from: usize) -> Result<DeskPage, Problem> {
        let look = |reply| ConsultationMessage::Look(Look::DeskPage(self.seat, (group, list, from), reply));
        self.consultation.ask(look).await?
    }

    /// A code by which staff can move this seat, for some minutes.
    ///
    /// # Errors
    /// When this is no participant's seat, or the consultation's task has ended.
    pub async fn seat_code(&self) -> Result<SeatCode, Problem> {
        let seat = self.seat;
        self.consultation.ask(|reply| ConsultationMessage::Look(Look::SeatCode(seat, reply))).await?
    }

    /// The cards of the closed roll.
    ///
    /// # Errors
    /// When the seat may not, or the consultation's task has ended.
    pub async fn cards(&self) -> Result<EntryCards, Problem> {
        let seat = self.seat;
        self.consultation.ask(|reply| ConsultationMessage::Look(Look::Cards(seat, reply))).await?
    }

    /// The earlier wordings of an idea.
    ///
    /// # Errors
    /// When the seat may not, there is no such idea, or the consultation's task has ended.
    pub async fn wordings(&self, group: GroupId, idea: IdeaId) -> Result<Wordings, Problem> {
        let seat = self.seat;
        let look = |reply| ConsultationMessage::Look(Look::Wordings(seat, group, idea, reply));
        self.consultation.ask(look).await?
    }

    /// What staff did, oldest first, after so many lines; a page of it.
    /// What the safeguarding contact alone is told.
    ///
    /// # Errors
    /// When the seat may not, or the consultation's task has ended.
    pub async fn alerts(&self) -> Result<Vec<Alert>, Problem> {
        let seat = self.seat;
        self.consultation.ask(|reply| ConsultationMessage::Look(Look::Alerts(seat, reply))).await?
    }

    ///
    /// # Errors
    /// When the consultation's task has ended.
    pub async fn ledger(&self, after: usize) -> Result<Vec<LedgerEntry>, Problem> {
        self.consultation.ask(|reply| ConsultationMessage::Look(Look::Ledger(after, reply))).await
    }

    /// What phones show in lobby and briefing.
    ///
    /// # Errors
    /// When the consultation's task has ended.
    pub async fn programme(&self) -> Result<ProgrammeView, Problem> {
        self.consultation.ask(|reply| ConsultationMessage::Look(Look::Programme(reply))).await
    }

    /// A group's card, and what this seat itself said of it.
    ///
    /// # Errors
    /// When the seat may not read the board, or the consultation's task has ended.
    pub async fn card(&self, group: GroupId) -> Result<GroupCardView, Problem> {
        let look = |reply| records(RecordsLook::Card(self.seat, group, reply));
        self.consultation.ask(look).await?
    }

    /// What an organizer is told of the end.
    ///
    /// # Errors
    /// When the seat is not an organizer's, or the consultation's task has ended.
    pub async fn ending(&self, export_sha256: String) -> Result<Ending, Problem> {
        let look = |reply| records(RecordsLook::Ending(self.seat, export_sha256, reply));
        self.consultation.ask(look).await?
    }

    /// This seat took an export away.
    ///
    /// # Errors
    /// When the consultation's task has ended.
    pub async fn exported(&self, exported: Exported) -> Result<(), Problem> {
        self.consultation.tell(ConsultationMessage::Exported(self.seat, exported)).await
    }
}

const fn records(look: RecordsLook) -> ConsultationMessage {
    ConsultationMessage::Look(Look::Records(look))
}
