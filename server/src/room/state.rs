//! What a room does with a batch of messages, and whom it tells. No I/O, no clock, no task; edits are in `edits`, delivery in `delivery`.
//!
//! `turn` changes the document and says what has to be in the journal; `deliver` tells people, and is called only when
//! it is there (invariant I4). Between the two nobody hears of anything.

#[cfg(test)]
mod bounded_turns;
mod delivery;
#[cfg(test)]
mod doubtful_tests;
mod edits;
mod empty_ideas;
mod kept_encoding;
mod kept_words;
mod turn;
mod undo;
mod version_shown;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use proto::api::consultation::BoardView;
use proto::ids::{ClientId, ConsultationId, Epoch, IdeaId};
use proto::phase::Phase;
use proto::plenary::PlenaryView;
use proto::problem::{Code, Problem};
use proto::wire::close::CloseReason;
use tokio::sync::oneshot;

use super::document::{DocumentError, LiveDocument};
use super::document_parts::Sending;
use super::fanout::{OutboxMessage, RoomSubscribers};
use super::presence::Presence;
use super::shared::{Kept, Shared};
use crate::room::recent_writers::Writers;
use turn::Delivery;
pub use turn::RoomTurn;
use undo::idea_of;

use super::{RoomInput, RoomMessage, RoomWrite, SubscriptionId};
use crate::config::Limits;
use crate::consultation::{BoardWrite, IdeaPlan, IdeaWords, Plan, PlenaryWrite, VersionShown};
use crate::journal::{Scrub, SeatKey, Seq, SnapshotRow};
use crate::seeded_defects;

/// A room's document and everything beside it.
pub struct RoomState {
    document: LiveDocument,
    consultation: ConsultationId,
    phase: Phase,
    bindings: BTreeMap<ClientId, SeatKey>,
    /// How many client ids each seat has used: one frame may name 64, and a board may know 100,000.
    ids_used: HashMap<SeatKey, usize>,
    subscribers: RoomSubscribers,
    presence: Presence,
    waiting: Vec<(Seq, oneshot::Sender<Shared<BoardView>>)>,
    /// What the document says, for everybody who reads this version of it.
    board: Kept<BoardView>,
    plenary: Kept<PlenaryView>,
    /// Words of hidden ideas, for one that is shown again before its consultation has heard of them.
    hidden: HashMap<IdeaId, IdeaWords>,
    /// Texts of the list that were taken off because they say something like deleted words: name → words (rule C25).
    doubtful: BTreeMap<String, String>,
    /// The last record of its stream: what a snapshot covers.
    seq: Seq,
    /// The last record that changed what people see.
    shown: Seq,
    /// The last decision that the document shows.
    decided: Seq,
    /// How often what people see has changed since it was loaded.
    edition: u64,
    sending: Sending,
    limits: Arc<Limits>,
    /// Ideas whose text nobody may change.
    locked: BTreeSet<IdeaId>,
    /// Entries whose wording nobody may change, because everybody votes on them.
    fixed: BTreeSet<IdeaId>,
    /// The newest version of the list, if it shows it as it is; none while it shows the draft of the next one.
    shows_version: Option<VersionShown>,
    /// Seats that were closed on this board.
    closed: BTreeSet<SeatKey>,
    empty: empty_ideas::EmptyIdeas,
    writers: Writers,
    /// How far the pages of people had written when the room was loaded (their next clocks).
    clocks_at_load: HashMap<ClientId, u32>,
}

impl RoomState {
    /// A room around a loaded document.
    #[must_use]
    pub fn new(
        document: LiveDocument,
        consultation: ConsultationId,
        bindings: HashMap<ClientId, SeatKey>,
        (seq, shown): (Seq, Seq),
        plan: &Plan,
        limits: Arc<Limits>,
    ) -> Self {
        let phase = match plan {
            Plan::Board { phase, .. } | Plan::Plenary { phase, .. } => *phase,
        };
        let fixed = match plan {
            Plan::Board { .. } => BTreeSet::new(),
            Plan::Plenary { fixed, .. } => fixed.iter().copied().collect(),
        };
        let (locked, closed) = match plan {
            Plan::Board { ideas, closed, .. } => {
                let locked = ideas.iter().filter(|idea| idea.locked).map(|idea| idea.id);
                (locked.collect(), closed.iter().copied().collect())
            }
            Plan::Plenary { .. } => (BTreeSet::new(), BTreeSet::new()),
        };
        let mut ids_used: HashMap<SeatKey, usize> = HashMap::new();
        bindings.values().for_each(|seat| *ids_used.entry(*seat).or_default() += 1);
        let clocks_at_load = bindings.keys().map(|page| (*page, document.index.next_clock(*page))).collect();
        Self {
            document,
            consultation,
            phase,
            bindings: bindings.into_iter().collect(),
            ids_used,
            subscribers: RoomSubscribers::default(),
            presence: Presence::default(),
            waiting: Vec::new(),
            board: Kept::default(),
            plenary: Kept::default(),
            hidden: HashMap::new(),
            doubtful: BTreeMap::new(),
            seq,
            shown,
            decided: 0,
            edition: 0,
            sending: Sending::default(),
            limits,
            locked,
            fixed,
            shows_version: None,
            closed,
            empty: empty_ideas::EmptyIdeas::default(),
            writers: Writers::default(),
            clocks_at_load,
        }
    }

    /// Brings the document to its plan at load.
    ///
    /// # Errors
    /// When the document must be dropped.
    pub fn reconcile(&mut self, plan: &Plan) -> Result<RoomTurn, DocumentError> {
        let mut turn = RoomTurn::default();
        if let Plan::Board { ideas, kept, .. } = plan {
            let shown: HashSet<IdeaId> = ideas.iter().map(|idea| idea.id).collect();
            let words = self.document.words().into_iter().filter(|(id, _)| !shown.contains(id));
            for (id, words) in words {
                turn.scrub = Some(Scrub::Now);
                if kept.contains(&id) {
                    self.keep(id, words, &mut turn);
                }
            }
        }
        if let Plan::Plenary { follow, .. } = plan {
            // A version before this one marked a text and left it where phones hold it.
            if let Some(update) = self.document.take_marked(&mut self.doubtful)? {
                turn.show(Some(update), None);
                turn.scrub = Some(Scrub::Now);
                self.note_doubtful(&mut turn);
            }
            for (idea, words) in follow {
                self.follow_words(*idea, words, &mut turn)?;
            }
        }
        turn.show(self.document.reconcile(plan)?, None);
        if let Plan::Plenary { version: Some(version), .. } = plan {
            self.compare_with(version, &mut turn)?;
        }
        for seat in self.closed.clone() {
            self.undo(seat, &mut turn)?;
        }
        self.find_empty();
        Ok(turn)
    }

    /// Takes a batch in.
    ///
    /// # Errors
    /// When the document must be dropped; nobody has heard of anything in the batch.
    pub fn turn(&mut self, batch: impl IntoIterator<Item = RoomMessage>) -> Result<RoomTurn, DocumentError> {
        let mut turn = RoomTurn::default();
        for message in batch {
            self.take(message, &mut turn)?;
        }
        self.finish(turn)
    }

    /// Takes in as much of a queue as one turn may do; the rest is for the next one, and others have their turn between.
    ///
    /// # Errors
    /// As [`RoomState::turn`].
    pub fn turn_of(&mut self, queue: &mut VecDeque<RoomMessage>) -> Result<RoomTurn, DocumentError> {
        let mut turn = RoomTurn::default();
        let mut spent = 0;
        while spent + turn.steps < self.limits.work.turn_steps_max
            && let Some(message) = queue.pop_front()
        {
            spent = spent.saturating_add(self.known_steps(&message, &turn));
            let refused = turn.refused.len();
            self.take(message, &mut turn)?;
            if turn.refused.len() > refused {
                // What it cost to refuse it is not known, but no more than a frame may cost.
                spent = spent.saturating_add(self.limits.gate.work.frame_steps_max);
            }
        }
        self.finish(turn)
    }

    /// What a message costs whatever the gate says of it, in steps of the gate.
    fn known_steps(&self, message: &RoomMessage, turn: &RoomTurn) -> u64 {
        match message {
            RoomMessage::ReadBoard(..) if self.board.is_made() => 1,
            RoomMessage::ReadPlenary(_) if self.plenary.is_made() => 1,
            RoomMessage::ReadBoard(..)
            | RoomMessage::ReadPlenary(_)
            | RoomMessage::ReadDoubtful(_)
            | RoomMessage::Write(..) => self.limits.work.read_steps,
            // What somebody else asks as well is answered once (W15).
            RoomMessage::Input(_, RoomInput::Step1(theirs)) | RoomMessage::Behind(_, theirs)
                if turn.answers(theirs) || self.sending.has(theirs, self.edition) =>
            {
                1
            }
            RoomMessage::Input(_, RoomInput::Step1(theirs)) | RoomMessage::Behind(_, theirs) => {
                self.steps_of_answer(theirs)
            }
            RoomMessage::Open(_)
            | RoomMessage::Leave(_)
            | RoomMessage::Input(..)
            | RoomMessage::Dismiss(..)
            | RoomMessage::WhoWrites(..)
            | RoomMessage::Purged => 1,
        }
    }

    fn finish(&mut self, mut turn: RoomTurn) -> Result<RoomTurn, DocumentError> {
        self.apply_edits(&mut turn)?;
        self.renew_worn_texts(&mut turn)?;
        self.note_empty(&turn);
        Ok(turn)
    }

    fn take(&mut self, message: RoomMessage, turn: &mut RoomTurn) -> Result<(), DocumentError> {
        match message {
            // Its seat was closed while it was on its way here.
            RoomMessage::Open(subscription) if self.closed.contains(&subscription.seat) => {
                subscription.outbox.send(OutboxMessage::Close(CloseReason::SeatRemoved));
            }
            RoomMessage::Open(subscription) => self.subscribers.open(*subscription),
            RoomMessage::Leave(id) => self.leave(id),
            RoomMessage::Input(id, said) => {
                if !turn.refused.contains(&id) {
                    self.said(id, said, turn);
                }
            }
            RoomMessage::Behind(id, theirs) => turn.after.push(Delivery::Rest(id, theirs)),
            RoomMessage::Write(write, completion) => {
                // In the order of arrival: what was edited before a lock or a removal was edited before it.
                self.apply_edits(turn)?;
                turn.note_rewritten(&write);
                self.write(&write, turn)?;
                self.decided = self.decided.max(completion.decided);
                turn.after.push(Delivery::Done(completion));
            }
            RoomMessage::Dismiss(seat, completion) => {
                self.apply_edits(turn)?;
                for id in self.subscribers.of_seat(seat) {
                    turn.refuse(id, Problem::new(Code::Forbidden));
                }
                turn.after.push(Delivery::Done(completion));
            }
            RoomMessage::ReadBoard(after, reply) => match after {
                Some(after) if after >= self.shown => self.waiting.push((after, reply)),
                _ => turn.after.push(Delivery::Board(reply)),
            },
            RoomMessage::WhoWrites(idea, writer, reply) => {
                let _ = reply.send(self.who_writes(idea, writer));
            }
            RoomMessage::ReadPlenary(reply) => turn.after.push(Delivery::Plenary(reply)),
            RoomMessage::ReadDoubtful(reply) => turn.after.push(Delivery::Doubtful(reply)),
            RoomMessage::Purged => turn.purged = true,
        }
        Ok(())
    }

    fn leave(&mut self, id: SubscriptionId) {
        self.subscribers.close(id);
        self.presence.leave(id);
    }

    fn write(&mut self, write: &RoomWrite, turn: &mut RoomTurn) -> Result<(), DocumentError> {
        let update = match write {
            RoomWrite::Scrub => {
                turn.scrub = Some(Scrub::Now);
                None
            }
            RoomWrite::Board(write) => {
                match write {
                    BoardWrite::Phase(phase) => {
                        self.phase = *phase;
                        turn.all_quiet = true;
                    }
                    BoardWrite::Remove(id) => {
                        self.writers.forget(|text| idea_of(text) == Some(*id));
                        self.forget(*id, turn);
                    }
                    BoardWrite::Hide(id) => {
                        if let Some(words) = self.document.words_of(*id) {
                            turn.scrub = Some(Scrub::Now);
                            self.keep(*id, words, turn);
                        }
                    }
                    BoardWrite::Put(plan) => {
                        seeded_defects::panic_by(&plan.words.text, "PANIC IN THE ROOM");
                        if seeded_defects::asked_by(&plan.words.text, "BURN IN THE ROOM") {
                            seeded_defects::burn();
                        }
                        self.lock(plan.id, plan.locked);
                        if let Some(words) = self.hidden.remove(&plan.id) {
                            let plan = IdeaPlan { words, ..plan.clone() };
                            turn.show(self.document.write_board(&BoardWrite::Put(plan))?, None);
                            return Ok(());
                        }
                    }
                    BoardWrite::Lock(id, on) => self.lock(*id, *on),
                    BoardWrite::SetText(id, _) => self.is_rewritten(*id, turn),
                    BoardWrite::Undo(seat) => {
                        self.closed.insert(*seat);
                        self.undo(*seat, turn)?;
                        turn.after.push(Delivery::End(*seat));
                    }
                    BoardWrite::Translate(..)
                    | BoardWrite::Tally(..)
                    | BoardWrite::State(..)
                    | BoardWrite::Card(_) => {}
                }
                self.document.write_board(write)?
            }
            RoomWrite::Plenary(write) => {
                match write {
                    PlenaryWrite::Phase(phase) => self.phase = *phase,
                    PlenaryWrite::FixedWords(items) => self.fixed = items.iter().copied().collect(),
                    PlenaryWrite::Run(_) => turn.scrub = Some(Scrub::Now),
                    PlenaryWrite::Version(version) => {
                        turn.show(self.document.write_plenary(write)?, None);
                        return self.compare_with(version, turn);
                    }
                    PlenaryWrite::Responses { gone: true, .. } => turn.scrub = Some(Scrub::Now),
                    PlenaryWrite::Responses { gone: false, .. } => {}
                    PlenaryWrite::Reword(_) | PlenaryWrite::Frozen { .. } | PlenaryWrite::Translate(..) => {}
                    PlenaryWrite::Follow(idea, words) => return self.follow_words(*idea, words, turn),
                    PlenaryWrite::Settle(text, keep) => return self.settle_text(text, *keep, turn),
                }
                self.document.write_plenary(write)?
            }
        };
        turn.show(update, None);
        if matches!(write, RoomWrite::Plenary(PlenaryWrite::Run(_) | PlenaryWrite::Reword(_))) {
            self.compare_again(turn)?;
        }
        Ok(())
    }

    /// UTF-16 units that people see.
    #[must_use]
    pub const fn visible_units(&self) -> u64 {
        self.document.index.visible_units()
    }

    /// Is there something about who edits what that people were not told?
    #[must_use]
    pub fn presence_waits(&self) -> bool {
        self.presence.has_changed()
    }

    /// Is anything relayed about who edits what?
    #[must_use]
    pub fn has_presence(&self) -> bool {
        !self.presence.is_empty()
    }

    /// Lets everything about who edits what be relayed again: stock clients forget whom they do not hear of.
    pub fn renew_presence(&mut self) {
        self.presence.renew();
    }

    /// Tells people who edits what, as far as it changed since the last time.
    pub fn relay_presence(&mut self) {
        let changes = self.presence.take_changes();
        self.subscribers.presence(&changes);
    }

    /// The last decision that the document shows.
    #[must_use]
    pub const fn decided(&self) -> Seq {
        self.decided
    }

    /// A snapshot of what is durable.
    #[must_use]
    pub fn snapshot(&self) -> SnapshotRow {
        SnapshotRow {
            seq: self.seq,
            epoch: self.document.epoch,
            server: self.document.server,
            bindings: self.bindings.iter().map(|(client, seat)| (*client, *seat)).collect(),
            state: self.document.snapshot().into(),
        }
    }

    /// Steps that a load will repeat for what the server wrote since this was last asked.
    pub const fn take_written_steps(&mut self) -> u64 {
        self.document.take_written_steps()
    }

    /// Is the document to begin anew (rule G7)?
    #[must_use]
    pub fn is_worn_out(&self) -> bool {
        self.limits.gate.is_worn_out(self.document.index.work(), self.document.index.pages())
    }

    /// Puts the same document, begun anew, in its place. It must be durable before anybody is told, and whoever has the old one open
    /// must be ended. A client id stays its seat's.
    ///
    /// # Errors
    /// When the document must be dropped.
    pub fn begin_anew(&mut self, epoch: Epoch, server: ClientId) -> Result<(), DocumentError> {
        let mut fresh = self.document.anew(epoch, server)?;
        fresh.begin_epoch()?;
        // It is in the snapshot that is written now.
        fresh.take_written_steps();
        self.document = fresh;
        self.sending = Sending::default();
        self.presence = Presence::default();
        self.edition += 1;
        self.board.forget();
        self.plenary.forget();
        Ok(())
    }

    /// Ends the document for everybody.
    pub fn end(&mut self, reason: CloseReason) {
        self.subscribers.end(reason);
    }
}
