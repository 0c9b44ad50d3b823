//! The task of one consultation: it owns phase, seats and ballots, and starts its rooms.
//!
//! Like a room it drains its mailbox, decides all, appends once, and only then tells rooms and people. A command is
//! answered when its event is durable and every room that shows it has shown it (rule C4).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use proto::api::consultation::{Answer, ConsultationState};
use proto::command::{Action, Command};
use proto::ids::{ConsultationId, DocumentName, SeatId};
use proto::problem::{Code, Problem};
use proto::wire::close::CloseReason;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Hub;
use super::allowance::SeatLimits;
use super::asking_rooms::Heard;
use super::batch::{Batch, Effect, PENDING, Reply};
use super::closing::VotedWordsRead;
use super::curating::Curating;
use super::directory::Directory;
use super::fates::Fates;
use super::mailbox::{ConsultationMessage, Subscriber};
use super::merging::Merged;
use super::moderating::{RemoveRequest, WriterFound};
use super::pushing::Pushing;
use super::retention::Retention;
use super::rows::Rows;
use super::widening::MeaningsFound;
use crate::access::Deed;
use crate::clock::{Clock, Entropy, Millis};
use crate::config::Limits;
use crate::consultation::{CommandKey, Consultation, Context, Event, HiddenTexts, Meant};
use crate::embeddings::Embedder;
use crate::journal::{Journal, JournalError, Seq, Stream};
use crate::rate::Bucket;
use crate::room::{IdleText, OutboxMessage, RoomHandle, StaffWrote, SubscriptionId};
use crate::seeded_defects;
use crate::stop_signal::Stopping;
use crate::watch::{Count, Watch};

/// One consultation.
pub struct Task {
    pub(super) consultation: Consultation,
    pub(super) mailbox: mpsc::Receiver<ConsultationMessage>,
    pub(super) rooms: HashMap<DocumentName, RoomHandle>,
    pub(super) room_tasks: JoinSet<()>,
    /// Words that rooms took off their boards, and what rooms send them by.
    pub(super) kept: mpsc::Receiver<HiddenTexts>,
    pub(super) keeper: mpsc::Sender<HiddenTexts>,
    pub(super) subscribers: HashMap<SubscriptionId, Subscriber>,
    pub(super) answers: JoinSet<()>,
    pub(super) merges: JoinSet<Merged>,
    pub(super) embedder: Option<Arc<Embedder>>,
    pub(super) widenings: JoinSet<MeaningsFound>,
    pub(super) curating: Curating,
    pub(super) removals: JoinSet<WriterFound>,
    /// Commands that wait for what a room says.
    pub(super) asked_rooms: JoinSet<Heard>,
    /// What texts of the boards say when they are quiet: both ends, because rooms come and go.
    pub(super) quiet: (mpsc::Sender<IdleText>, mpsc::Receiver<IdleText>),
    pub(super) pushing: Pushing,
    /// The state as it was made last, and when; nothing since the last decision.
    pub(super) stated: Option<(Instant, Arc<ConsultationState>)>,
    pub(super) rows: Rows,
    pub(super) desk_due: Option<Instant>,
    /// Whom to tell that something else became of ideas.
    pub(super) fates: Fates,
    /// Where rooms tell in which texts staff write.
    pub(super) staff_wrote: (mpsc::Sender<StaffWrote>, mpsc::Receiver<StaffWrote>),
    /// Who asked that everything be deleted.
    pub(super) purge_wish: Option<(CommandKey, Reply)>,
    /// Boards being read because their vote opened.
    pub(super) readings: JoinSet<VotedWordsRead>,
    /// Since when it runs: who was connected before comes back.
    pub(super) began: Millis,
    /// When the plenary shows what was said in the room, when it did so last, and who waits to be answered.
    pub(super) room_due: Option<Instant>,
    pub(super) room_shown: Option<Instant>,
    pub(super) room_answers: Vec<(Answer, Reply)>,
    /// When everything is deleted because the time is over.
    pub(super) retention: Retention,
    /// Documents whose files still hold deleted words.
    pub(super) owed_scrubs: Vec<(Stream, Seq)>,
    /// The last record of this consultation's own stream.
    pub(super) last: Seq,
    pub(super) journal: Arc<dyn Journal>,
    pub(super) directory: Arc<Directory>,
    pub(super) allowances: Arc<SeatLimits>,
    /// Staff links that were opened, and seats that had a phone, since the server started.
    pub(super) opened: HashSet<SeatId>,
    pub(super) limits: Arc<Limits>,
    pub(super) clock: Clock,
    pub(super) entropy: Entropy,
    pub(super) public_url: String,
    pub(super) watch: Arc<Watch>,
    pub(super) life: Life,
}

/// What this task and its rooms hold for as long as they live.
#[derive(Clone, Debug)]
pub struct Life {
    /// When the last one is dropped, all have ended.
    pub(super) _lives: mpsc::Sender<()>,
    /// Hears when something changes that an export says.
    pub(super) changed: watch::Sender<()>,
}

impl Drop for Task {
    fn drop(&mut self) {
        // A panic: who follows is told to come back. Rooms end with their task and tell their own people.
        if std::thread::panicking() {
            for subscriber in self.subscribers.values() {
                subscriber.outbox.send(OutboxMessage::Close(CloseReason::TryAgain));
            }
        }
    }
}

impl Task {
    /// The task of a consultation.
    #[must_use]
    pub fn new(
        mut consultation: Consultation,
        owed_scrubs: Vec<(Stream, Seq)>,
        hub: &Hub,
        mailbox: mpsc::Receiver<ConsultationMessage>,
        life: Life,
    ) -> Self {
        let (keeper, kept) = mpsc::channel(hub.limits.kept_words_waiting);
        consultation.show_lines(hub.limits.in_room.objection_lines_max);
        consultation.set_room(hub.limits.room);
        consultation.count_waits_from(hub.clock.now());
        Self {
            consultation,
            mailbox,
            kept,
            keeper,
            rooms: HashMap::new(),
            room_tasks: JoinSet::new(),
            subscribers: HashMap::new(),
            answers: JoinSet::new(),
            merges: JoinSet::new(),
            embedder: hub.embedder.clone(),
            widenings: JoinSet::new(),
            curating: Curating::default(),
            removals: JoinSet::new(),
            asked_rooms: JoinSet::new(),
            quiet: mpsc::channel(hub.limits.quiet_waiting),
            stated: None,
            pushing: Pushing::new(&hub.limits.costs, Instant::now()),
            rows: Rows::default(),
            desk_due: None,
            fates: Fates::default(),
            staff_wrote: mpsc::channel(hub.limits.records.worded_waiting),
            purge_wish: None,
            readings: JoinSet::new(),
            began: hub.clock.now(),
            room_due: None,
            room_shown: None,
            room_answers: Vec::new(),
            retention: Retention::default(),
            owed_scrubs,
            last: 0,
            journal: Arc::clone(&hub.journal),
            directory: Arc::clone(&hub.directory),
            allowances: Arc::clone(&hub.allowances),
            opened: HashSet::new(),
            limits: Arc::clone(&hub.limits),
            clock: hub.clock.clone(),
            entropy: hub.entropy.clone(),
            public_url: hub.public_url.clone(),
            watch: Arc::clone(&hub.watch),
            life,
        }
    }

    /// Whose task it is.
    #[must_use]
    pub fn id(&self) -> ConsultationId {
        self.consultation.id()
    }

    /// A room that panicked is loaded again when somebody opens it; its people were told to come back.
    fn room_ended(&self, panicked: bool) {
        if panicked {
            self.watch.count(Count::RoomPanicked);
        }
    }

    /// Runs until the server stops or the journal fails.
    pub async fn run(mut self, mut stop: Stopping) {
        let id = self.consultation.id();
        if let Err(error) = self.serve(&mut stop).await {
            // The journal takes nothing more: the process must end and be started again.
            tracing::error!(consultation = %id, %error, "a consultation ended by a fault");
        }
        self.rooms.clear();
        while self.answers.join_next().await.is_some() {}
        while self.room_tasks.join_next().await.is_some() {}
    }

    async fn serve(&mut self, stop: &mut Stopping) -> Result<(), JournalError> {
        let batch_max = self.limits.batch_messages;
        let mut messages = Vec::with_capacity(batch_max);
        let mut bucket = Bucket::new(self.limits.consultation_rate, Instant::now());
        let mut purge_check = Instant::now();
        self.read_words();
        self.settle_scrubs().await;
        loop {
            if let Some(by) = self.purge_reason() {
                return self.purge(by).await;
            }
            let push_due = self.pushing.due();
            let (desk_due, room_due) = (self.desk_due, self.room_due);
            let fates_due = self.fates.due();
            let (rerun_due, door_due) = (self.curating.due(), self.door_due());
            let closing_due = self.closing_due();
            tokio::select! {
                () = stop.wait() => return Ok(()),
                count = self.mailbox.recv_many(&mut messages, batch_max) => {
                    if count == 0 {
                        return Ok(());
                    }
                    let busy_until = bucket.take(count, Instant::now());
                    self.take(messages.drain(..)).await?;
                    if busy_until.is_some() {
                        sleep_until(busy_until).await;
                    }
                }
                Some(kept) = self.kept.recv() => {
                    self.consultation.keep_words(kept);
                    self.desk_changed();
                }
                Some(_) = self.answers.join_next() => {}
                Some(ended) = self.room_tasks.join_next() => self.room_ended(ended.is_err()),
                Some(found) = self.removals.join_next() => self.writer_found(found.ok()).await?,
                Some(heard) = self.asked_rooms.join_next() => self.room_said(heard.ok()).await?,
                Some(quiet) = self.quiet.1.recv() => self.keep_wordings(quiet).await?,
                Some(merged) = self.merges.join_next() => self.merged(merged.ok()).await?,
                Some(widened) = self.widenings.join_next() => self.widened(widened.ok()),
                () = sleep_until(rerun_due), if self.merges.is_empty() => self.start_merge(),
                () = sleep_until(push_due) => self.push_state_if_due(),
                () = sleep_until(desk_due) => self.push_desks(),
                () = sleep_until(fates_due) => self.tell_fates(),
                () = sleep_until(room_due) => self.show_room().await,
                () = sleep_until(door_due) => self.open_in_time().await?,
                Some(wrote) = self.staff_wrote.1.recv() => self.worded(wrote).await?,
                () = tokio::time::sleep_until(purge_check) => {
                    purge_check = Instant::now() + self.limits.records.purge_check;
                    self.look_at_retention();
                }
                () = sleep_until(closing_due) => self.carry_out_announced().await?,
                Some(reading) = self.readings.join_next() => self.words_were_read(reading.ok()).await?,
            }
        }
    }

    async fn take(
        &mut self,
        messages: impl Iterator<Item = ConsultationMessage>,
    ) -> Result<(), JournalError> {
        let mut batch = Batch::default();
        let mut later = Vec::new();
        while let Ok(kept) = self.kept.try_recv() {
            self.consultation.keep_words(kept);
            batch.desk_changed = true;
        }
        for message in messages {
            match message {
                ConsultationMessage::Command(seat, command, reply) => {
                    self.command(seat, command, reply, &mut batch)
                }
                ConsultationMessage::Join(join, arrival, reply) => {
                    self.join(&join, arrival, reply, &mut batch)
                }
                ConsultationMessage::Exchange(wish) => self.exchange(wish, &mut batch),
                ConsultationMessage::Exported(seat, exported) => self.exported(seat, exported, &mut batch),
                ConsultationMessage::Store(upload) => self.store(*upload, &mut batch),
                // Reading shows only what is durable: after the batch.
                ConsultationMessage::Look(look) => later.push(look),
            }
        }
        self.commit(batch).await?;
        for look in later {
            self.look(look);
        }
        Ok(())
    }

    pub(super) fn context(&self) -> Context<'_> {
        Context { now: self.clock.now(), entropy: &self.entropy, limits: &self.limits }
    }

    fn command(&mut self, seat: SeatId, command: Command, reply: Reply, batch: &mut Batch) {
        let asked = CommandKey::of(&command);
        if let Some((known, seq)) = self.consultation.done().get(command.id) {
            self.repeated(asked, known, seq, reply, batch);
            return;
        }
        if self.consultation.is_shared(&command.action) {
            let index = batch.entries.len().saturating_sub(1);
            batch.after.push(Effect::Answer { index, asked, reply: Some(reply), writes: Vec::new() });
            return;
        }
        if matches!(command.action, Action::Merge {})
            && let Ok(()) = self.consultation.permit(Deed::Merge, seat, None)
        {
            let Some(reply) = self.afford(seat, &command.action, reply) else { return };
            self.begin_merge(seat, asked, reply);
            return;
        }
        if let Action::Purge { confirm } = &command.action
            && let Ok(()) = self.consultation.confirm_purge(seat, confirm)
        {
            self.purge_wish = Some((asked, reply));
            return;
        }
        if let Action::RemoveWriter { idea, writer } = command.action
            && let Ok(group) = self.consultation.permit_remove(seat, idea)
        {
            let Some(reply) = self.afford(seat, &command.action, reply) else { return };
            self.find_writer(RemoveRequest { seat, group, asked, reply }, idea, writer);
            return;
        }
        if let Some((command, reply)) = self.ask_room(seat, command, reply) {
            self.decide_command(seat, command, reply, batch);
        }
    }

    pub(super) fn decide_command(&mut self, seat: SeatId, command: Command, reply: Reply, batch: &mut Batch) {
        let asked = CommandKey::of(&command);
        if let Action::Share(share) = &command.action {
            seeded_defects::panic_by(&share.text, "PANIC BEFORE DECIDING");
        }
        // Who has a phone is known here.
        let decided = if let Action::CloseSeats { which, only, at_most, came, group } = command.action {
            self.close_seats(seat, (Meant { which, only, came }, at_most), group)
        } else {
            self.consultation.decide(seat, &command.action, self.context())
        };
        let decided = match decided {
            Ok(decided) => decided,
            Err(problem) => {
                let _ = reply.send(Err(problem));
                return;
            }
        };
        if self.consultation.changes_nothing(&decided, self.clock.now()) {
            self.consultation.raise_counter(&decided.event);
            let said = matches!(decided.event, Event::Responded { .. });
            batch.after.push(Effect::Unchanged { asked, said, reply });
            return;
        }
        if let Err(problem) = self.is_within_bounds(seat, &command.action, &decided.event) {
            let _ = reply.send(Err(problem));
            return;
        }
        if matches!(command.action, Action::Share(_) | Action::Shelve(_)) {
            self.consultation.count_share(seat);
        }
        if let Event::Shared { idea, waiting: true, .. } | Event::Edited { idea, waiting: true } =
            decided.event
        {
            self.consultation.note_wait(idea, self.clock.now());
        }
        if let Action::Report { idea, why } = command.action {
            self.consultation.count_report(seat, idea, why);
        }
        self.lines_follow(seat, &decided.event, batch);
        batch.texts.extend(decided.texts);
        batch.files.extend(decided.files);
        self.decided(Some((asked, Some(reply))), seat, decided.event, &decided.words, batch);
    }

    /// The same id again: the same answer, or a conflict (rule C2).
    pub(super) fn repeated(
        &mut self,
        asked: CommandKey,
        known: CommandKey,
        seq: Seq,
        reply: Reply,
        batch: &mut Batch,
    ) {
        if !known.says_as(&asked) {
            let _ = reply
                .send(Err(Problem::because(Code::Conflict, "This command id was used for another command.")));
        } else if seq == PENDING {
            // Its first sending is in this very batch; it is answered when that is durable.
            let index = batch.entries.len().saturating_sub(1);
            batch.after.push(Effect::Said { index, asked, reply: Some(reply) });
        } else if self.room_due.is_some() {
            // It may be what waits to be shown.
            self.room_answers.push((Answer::done(asked.id, seq), reply));
        } else {
            let _ = reply.send(Ok(Answer::done(asked.id, seq)));
        }
    }
}

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
