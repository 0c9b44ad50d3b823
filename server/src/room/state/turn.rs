//! What came of a batch of messages: what the journal must have first, and what people are told after it.

use std::collections::{BTreeSet, HashSet};

use proto::api::consultation::BoardView;
use proto::gate::{StateVector, TextKey};
use proto::ids::IdeaId;
use proto::plenary::{DoubtfulTexts, PlenaryView};
use proto::problem::Problem;
use tokio::sync::oneshot;

use crate::consultation::HiddenTexts;
use crate::journal::{Record, Scrub, SeatKey, TextChange};
use crate::room::idle_texts::IdleText;
use crate::room::shared::Shared;
use crate::room::{Completion, StaffWrote, SubscriptionId};

/// What came of a batch.
#[derive(Default)]
pub struct RoomTurn {
    /// What has to be durable before `deliver`.
    pub records: Vec<Record>,
    /// Changes to the rows of texts that belong to them.
    pub texts: Vec<TextChange>,
    /// Words of ideas that were hidden: for the consultation, before anybody is told.
    pub kept: HiddenTexts,
    /// Must deleted words leave the files at once?
    pub scrub: Option<Scrub>,
    /// In which texts staff wrote.
    pub staff_wrote: BTreeSet<StaffWrote>,
    /// What its edits cost, and will cost again when they are loaded from the journal (rule G7).
    pub steps: u64,
    /// Was the consultation deleted? Then nothing of this batch matters.
    pub purged: bool,
    pub(super) updates: Vec<(Vec<u8>, Option<SubscriptionId>)>,
    pub(super) after: Vec<Delivery>,
    pub(super) refused: HashSet<SubscriptionId>,
    // Edits that passed and are not applied yet.
    pub(super) edits: Vec<Vec<u8>>,
    pub(super) authors: HashSet<SubscriptionId>,
    /// Does one of them come from a page that never wrote here?
    pub(super) new_page: bool,
    /// Whose edits these are.
    pub typists: BTreeSet<SeatKey>,
    /// Texts in which people wrote.
    pub(super) touched: BTreeSet<TextKey>,
    /// Ideas in which people wrote.
    pub wrote: BTreeSet<IdeaId>,
    /// Ideas that the server puts on the board, takes off it or gives other words.
    pub(super) rewritten: BTreeSet<IdeaId>,
    /// Wordings that are about to go.
    pub going: Vec<IdleText>,
    /// Are all texts idle now, because the phase changed?
    pub all_quiet: bool,
}

/// What is done when the batch is durable.
pub(super) enum Delivery {
    Acknowledge(SubscriptionId),
    Ask(SubscriptionId),
    Answer(SubscriptionId, StateVector),
    Rest(SubscriptionId, StateVector),
    Refuse(SubscriptionId, Problem),
    AllPresence(SubscriptionId),
    Done(Completion),
    End(SeatKey),
    Board(oneshot::Sender<Shared<BoardView>>),
    Plenary(oneshot::Sender<Shared<PlenaryView>>),
    Doubtful(oneshot::Sender<DoubtfulTexts>),
}

impl RoomTurn {
    /// Is somebody with this state vector answered already?
    pub(super) fn answers(&self, theirs: &StateVector) -> bool {
        self.after.iter().any(
            |after| matches!(after, Delivery::Answer(_, same) | Delivery::Rest(_, same) if same == theirs),
        )
    }

    /// Answers a step 1; a subscriber that asks several times in one turn is answered once, because an answer may be the whole board.
    pub(super) fn answer(&mut self, id: SubscriptionId, theirs: StateVector) {
        self.after.retain(|after| !matches!(after, Delivery::Answer(other, _) if *other == id));
        self.after.push(Delivery::Answer(id, theirs));
    }

    pub(super) fn refuse(&mut self, id: SubscriptionId, problem: Problem) {
        self.refused.insert(id);
        self.after.push(Delivery::Refuse(id, problem));
    }

    pub(super) fn show(&mut self, update: Option<Vec<u8>>, author: Option<SubscriptionId>) {
        if let Some(update) = update {
            self.records.push(Record::Updated(update.clone()));
            self.updates.push((update, author));
        }
    }
}
