//! Somebody whose token was recognised: what a seat or staff link may ask of its consultation.

use std::collections::BTreeMap;

use proto::api::consultation::{BoardView, IdeaView};
use proto::api::curation::Curation;
use proto::api::desk::Alerts;
use proto::api::ending::Exported;
use proto::api::entry::SeatCode;
use proto::api::group_card::{CardIdea, GroupCard, GroupCardView};
use proto::ids::{DocumentName, GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};

use super::handle::{ConsultationHandle, ConsultationMessage, LiveQuery, Subscriber};
use super::queries::Opened;
use super::queries::View;
use crate::consultation::Hash32;
use crate::room::SubscriptionId;

/// Somebody whose token was recognised.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The running consultation.
    pub consultation: ConsultationHandle,
    /// The seat or staff link.
    pub seat: SeatId,
    /// The SHA-256 of the token that it was recognised by; none: the organizer key.
    pub token: Option<Hash32>,
}

impl Caller {
    /// Reads something of the consultation for this seat.
    ///
    /// # Errors
    /// What the query refuses; `unavailable` when the consultation has ended. So below.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut View<'_>, SeatId) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let seat = self.seat;
        self.consultation.read(move |view| query(view, seat)).await?
    }

    /// Subscribes a connection to the consultation's state.
    ///
    /// # Errors
    /// `unavailable` when the consultation has ended.
    pub async fn subscribe(&self, subscriber: Subscriber) -> Result<(), Problem> {
        self.consultation.tell(ConsultationMessage::Subscribe(Box::new(subscriber))).await
    }

    /// A connection subscribes no longer.
    pub async fn unsubscribe(&self, connection: SubscriptionId) {
        let _ = self.consultation.tell(ConsultationMessage::Unsubscribe(connection)).await;
    }

    /// Says how many things a connection has not sent yet.
    pub async fn unsent(&self, connection: SubscriptionId, count: u32) {
        let _ = self.consultation.tell(ConsultationMessage::Unsent(connection, count)).await;
    }

    /// Opens a document for this seat.
    ///
    /// # Errors
    /// When the seat may not read it.
    pub async fn open(&self, document: DocumentName) -> Result<Opened, Problem> {
        let seat = self.seat;
        self.consultation
            .ask(|reply| ConsultationMessage::LiveQuery(LiveQuery::Open(seat, document, reply)))
            .await?
    }

    /// What staff see beside the list. After a start of the server a run finds it again.
    ///
    /// # Errors
    /// When the seat may not.
    pub async fn curation(&self) -> Result<Curation, Problem> {
        let curation = self.read(|view, seat| view.curation(seat)).await?;
        self.consultation.tell(ConsultationMessage::WatchCuration).await?;
        Ok(curation)
    }

    /// What is reported as a danger, from a place on; that the contact came to read it is noted, once.
    ///
    /// # Errors
    /// When the seat may not.
    pub async fn alerts(&self, from: usize) -> Result<Alerts, Problem> {
        let alerts = self.read(move |view, seat| view.alerts(seat, from)).await?;
        self.consultation.tell(ConsultationMessage::AlertsRead(self.seat)).await?;
        Ok(alerts)
    }

    /// A code by which staff can move this seat, for some minutes.
    ///
    /// # Errors
    /// When this is no participant's seat.
    pub async fn seat_code(&self) -> Result<SeatCode, Problem> {
        let seat = self.seat;
        self.consultation.ask(|reply| ConsultationMessage::SeatCode(seat, reply)).await?
    }

    /// A group's card with the words of the board as they are now, and what this seat itself answered to it.
    ///
    /// # Errors
    /// When the seat may not read the board, or there is no such group.
    pub async fn group_card(&self, group: GroupId) -> Result<GroupCardView, Problem> {
        let (card, own) = self.read(move |view, seat| view.group_card(seat, group)).await?;
        let room = self.consultation.room(DocumentName::Board(group)).await?;
        let board = room.read_board(None).await.map_err(|_| Problem::new(Code::Unavailable))?;
        Ok(GroupCardView { card: with_words(card, &board), own })
    }

    /// This seat took an export away.
    ///
    /// # Errors
    /// `unavailable` when the consultation has ended.
    pub async fn exported(&self, exported: Exported) -> Result<(), Problem> {
        self.consultation.tell(ConsultationMessage::Exported(self.seat, exported)).await
    }
}

fn with_words(mut card: GroupCard, board: &BoardView) -> GroupCard {
    let words: BTreeMap<IdeaId, &IdeaView> = board.ideas.iter().map(|idea| (idea.id, idea)).collect();
    let say = |idea: &mut CardIdea| {
        if let Some(there) = words.get(&idea.id) {
            there.sent_words().clone_into(&mut idea.text);
            idea.translations.clone_from(&there.translations);
            idea.original = Some(there.text.clone()).filter(|text| *text != idea.text);
        }
    };
    card.ideas.iter_mut().for_each(say);
    if let Some(disagreement) = &mut card.disagreement {
        say(&mut disagreement.idea);
    }
    card
}
