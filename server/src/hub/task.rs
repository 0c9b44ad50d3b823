//! The task of one consultation: it owns phase, seats and ballots, and starts its rooms.
//!
//! Like a room it drains its mailbox, decides all, appends once, and only then tells rooms and people. A command is
//! answered when its event is durable and every room that shows it has shown it (rule C4).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use proto::api::{Answer, ConsultationState, ConsultationView, Doorstep, Join, Joined};
use proto::command::{Action, Command};
use proto::ids::{ConsultationId, DocumentName, GroupId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;
use proto::wire::frame::{Envelope, Scope};
use proto::wire::stateless::ServerMessage;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Hub;
use super::directory::Directory;
use super::merging::{self, Merged};
use crate::access::{Actor, Deed, may_ever};
use crate::clock::{Clock, Entropy};
use crate::config::Limits;
use crate::consultation::secret::{hash_token, new_token, pseudonym, requested_seat};
use crate::consultation::{
    Asked, BoardWrite, Consultation, Context, Decision, Event, Hash32, NewWords, PlenaryWrite, RunFacts,
    Write,
};
use crate::journal::{
    Append, Entry, Journal, JournalError, Record, SeatKey, Seq, Stream, TextChange, TextKey,
};
use crate::room::{self, Completion, Outbox, RoomHandle, RoomMessage, RoomParts, RoomWrite, SubscriptionId};
use crate::stop::Stopping;

/// How to talk to a consultation's task.
#[derive(Clone, Debug)]
pub struct ConsultationHandle {
    /// The consultation.
    pub id: ConsultationId,
    mailbox: mpsc::Sender<ConsultationMessage>,
}

/// What a consultation's task is told.
pub enum ConsultationMessage {
    /// A seat decides something.
    Command(SeatId, Command, oneshot::Sender<Result<Answer, Problem>>),
    /// Somebody takes a seat.
    Join(Join, oneshot::Sender<Result<(Joined, Seq), Problem>>),
    /// Somebody looks, and decides nothing.
    Look(Look),
}

/// What somebody may look at.
pub enum Look {
    /// A seat looks at the consultation.
    View(SeatId, oneshot::Sender<Option<ConsultationView>>),
    /// Somebody looks at the door.
    Doorstep(oneshot::Sender<Doorstep>),
    /// A seat opens a document.
    Open(SeatId, DocumentName, oneshot::Sender<Result<Opened, Problem>>),
    /// A connection follows the consultation's state.
    Follow(Follower),
    /// A connection follows no longer.
    Unfollow(SubscriptionId),
    /// Somebody makes an export.
    Report(oneshot::Sender<Report>),
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
pub struct Follower {
    /// Its id.
    pub id: SubscriptionId,
    /// Its seat.
    pub seat: SeatId,
    /// How its frames are written.
    pub envelope: Envelope,
    /// Where its frames go.
    pub outbox: Outbox,
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
    pub at: crate::clock::Millis,
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
}

impl ConsultationHandle {
    /// A handle and its mailbox.
    #[must_use]
    pub fn new(id: ConsultationId, capacity: usize) -> (Self, mpsc::Receiver<ConsultationMessage>) {
        let (mailbox, messages) = mpsc::channel(capacity);
        (Self { id, mailbox }, messages)
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
        answer.await.map_err(|_| Problem::new(Code::Unavailable))
    }

    /// Tells and does not wait for an answer.
    ///
    /// # Errors
    /// `unavailable` when the task has ended.
    pub async fn tell(&self, message: ConsultationMessage) -> Result<(), Problem> {
        self.mailbox.send(message).await.map_err(|_| Problem::new(Code::Unavailable))
    }
}

type Reply = oneshot::Sender<Result<Answer, Problem>>;

/// What was decided in a batch and waits to be durable.
#[derive(Default)]
struct Batch {
    entries: Vec<Entry>,
    texts: Vec<TextChange>,
    after: Vec<After>,
    // Who must hear what.
    state_changed: bool,
    you_changed: HashSet<SeatId>,
}

enum After {
    Answer { index: usize, asked: Asked, reply: Option<Reply>, writes: Vec<Write> },
    Seated { index: usize, joined: Joined, reply: oneshot::Sender<Result<(Joined, Seq), Problem>> },
}

/// One consultation.
pub struct Task {
    consultation: Consultation,
    mailbox: mpsc::Receiver<ConsultationMessage>,
    rooms: HashMap<DocumentName, RoomHandle>,
    room_tasks: JoinSet<()>,
    followers: HashMap<SubscriptionId, Follower>,
    answers: JoinSet<()>,
    merges: JoinSet<Merged>,
    merge_waiting: Vec<(SeatId, Asked, Reply)>,
    presence_due: Option<Instant>,
    /// The last record of this consultation's own stream.
    last: Seq,
    journal: Arc<dyn Journal>,
    directory: Arc<Directory>,
    limits: Arc<Limits>,
    clock: Clock,
    entropy: Entropy,
    public_url: String,
}

impl Task {
    /// The task of a consultation.
    #[must_use]
    pub fn new(consultation: Consultation, hub: &Hub, mailbox: mpsc::Receiver<ConsultationMessage>) -> Self {
        Self {
            consultation,
            mailbox,
            rooms: HashMap::new(),
            room_tasks: JoinSet::new(),
            followers: HashMap::new(),
            answers: JoinSet::new(),
            merges: JoinSet::new(),
            merge_waiting: Vec::new(),
            presence_due: None,
            last: 0,
            journal: Arc::clone(&hub.journal),
            directory: Arc::clone(&hub.directory),
            limits: Arc::clone(&hub.limits),
            clock: hub.clock.clone(),
            entropy: hub.entropy.clone(),
            public_url: hub.public_url.clone(),
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
        loop {
            let presence_due = self.presence_due;
            tokio::select! {
                () = stop.wait() => return Ok(()),
                count = self.mailbox.recv_many(&mut messages, batch_max) => {
                    if count == 0 {
                        return Ok(());
                    }
                    self.take(messages.drain(..)).await?;
                }
                Some(_) = self.answers.join_next() => {}
                Some(_) = self.room_tasks.join_next() => {}
                Some(merged) = self.merges.join_next() => self.merged(merged.ok()).await?,
                () = sleep_until(presence_due) => {
                    self.presence_due = None;
                    self.push_state();
                }
            }
        }
    }

    async fn take(
        &mut self,
        messages: impl Iterator<Item = ConsultationMessage>,
    ) -> Result<(), JournalError> {
        let mut batch = Batch::default();
        let mut later = Vec::new();
        for message in messages {
            match message {
                ConsultationMessage::Command(seat, command, reply) => {
                    self.command(seat, command, reply, &mut batch)
                }
                ConsultationMessage::Join(join, reply) => self.join(&join, reply, &mut batch),
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

    fn look(&mut self, look: Look) {
        match look {
            Look::View(seat, reply) => {
                let you = self.consultation.you(seat, &self.public_url);
                let _ = reply.send(you.map(|you| ConsultationView { state: self.state(), you }));
            }
            Look::Doorstep(reply) => {
                let _ = reply.send(self.consultation.doorstep());
            }
            Look::Open(seat, document, reply) => {
                let _ = reply.send(self.open(seat, document));
            }
            Look::Follow(follower) => self.follow(follower),
            Look::Unfollow(id) => {
                if self.followers.remove(&id).is_some() {
                    self.presence_changed();
                }
            }
            Look::Report(reply) => {
                let _ = reply.send(self.report());
            }
        }
    }

    fn report(&self) -> Report {
        let state = self.state();
        let mut voters: HashMap<GroupId, u32> = HashMap::new();
        for (_, group, _) in self.consultation.ballots() {
            *voters.entry(group).or_default() += 1;
        }
        let shown = |group| {
            self.consultation.ideas().values().filter(|idea| idea.group == group && !idea.held).count()
        };
        let groups = state.groups.iter().map(|group| GroupReport {
            id: group.id,
            name: group.name.clone(),
            participants: self.consultation.participants(group.id),
            voters: self
                .consultation
                .tallies_shown(Some(group.id))
                .then(|| voters.get(&group.id).copied().unwrap_or(0)),
            ideas: u32::try_from(shown(group.id)).unwrap_or(u32::MAX),
        });
        let groups = groups.collect();
        let (run, at) = (self.consultation.run_facts().cloned(), self.consultation.founding().at);
        Report { state, groups, run, at }
    }

    fn context(&self) -> Context<'_> {
        Context { now: self.clock.now(), entropy: &self.entropy, limits: &self.limits }
    }

    fn command(&mut self, seat: SeatId, command: Command, reply: Reply, batch: &mut Batch) {
        let asked = Asked { id: command.id, content: Hash32(command.action.content_hash()) };
        if let Some((content, seq)) = self.consultation.done().get(command.id) {
            self.repeated(asked, content, seq, reply, batch);
            return;
        }
        if self.consultation.is_shared(&command.action) {
            let index = batch.entries.len().saturating_sub(1);
            batch.after.push(After::Answer { index, asked, reply: Some(reply), writes: Vec::new() });
            return;
        }
        if matches!(command.action, Action::Merge {})
            && let Ok(()) = self.consultation.permit(Deed::Merge, seat, None)
        {
            self.begin_merge(seat, asked, reply);
            return;
        }
        let decided = match self.consultation.decide(seat, &command.action, self.context()) {
            Ok(decided) => decided,
            Err(problem) => {
                let _ = reply.send(Err(problem));
                return;
            }
        };
        if matches!(command.action, Action::Share(_)) {
            self.consultation.count_share(seat);
        }
        batch.texts.extend(decided.texts);
        self.decided(Some((asked, Some(reply))), seat, decided.event, &decided.words, batch);
    }

    /// The same id again: the same answer, or a conflict (rule C2).
    fn repeated(&self, asked: Asked, content: Hash32, seq: Seq, reply: Reply, batch: &mut Batch) {
        if content != asked.content {
            let _ = reply
                .send(Err(Problem::because(Code::Conflict, "This command id was used for another command.")));
        } else if seq == PENDING {
            // Its first sending is in this very batch; it is answered when that is durable.
            let index = batch.entries.len().saturating_sub(1);
            batch.after.push(After::Answer { index, asked, reply: Some(reply), writes: Vec::new() });
        } else {
            let _ = reply.send(Ok(Answer { id: asked.id, ok: true, seq, created: None, joined: None }));
        }
    }

    /// Takes an event in and notes what must follow when it is durable.
    fn decided(
        &mut self,
        asked: Option<(Asked, Option<Reply>)>,
        seat: SeatId,
        event: Event,
        words: &NewWords,
        batch: &mut Batch,
    ) {
        batch.state_changed |= matches!(
            event,
            Event::Moved { .. } | Event::Door { .. } | Event::Merged { .. } | Event::Revealed { .. }
        ) || matches!(event, Event::Shared { held: true, .. });
        if matches!(event, Event::Approved { .. } | Event::Withdrawn { .. }) {
            batch.you_changed.insert(seat);
        }
        let writes = self.consultation.apply(&event, words);
        let command = asked.as_ref().map(|(asked, _)| *asked);
        let record = Record::Decided(Decision { command, event }.to_bytes());
        batch.entries.push(Entry { stream: Stream::Consultation, record });
        let index = batch.entries.len() - 1;
        if let Some((asked, reply)) = asked {
            self.consultation.remember(asked, PENDING, self.limits.commands_remembered);
            batch.after.push(After::Answer { index, asked, reply, writes });
        }
    }

    fn join(
        &mut self,
        join: &Join,
        reply: oneshot::Sender<Result<(Joined, Seq), Problem>>,
        batch: &mut Batch,
    ) {
        let id = self.consultation.id();
        let keys = *self.consultation.keys();
        let (seat, token) = match join.request {
            Some(request) => requested_seat(&keys.seats, request),
            None => (SeatId(self.entropy.uuid()), new_token(&self.entropy)),
        };
        let joined = |group| {
            let board = DocumentName::Board(group).to_string();
            Joined { seat, token: token.clone(), consultation: id, group, board }
        };
        if let Some(group) = self.consultation.seats().get(&seat).and_then(|place| place.group) {
            // Its answer was lost on the way; the seat is there.
            let index = batch.entries.len().saturating_sub(1);
            batch.after.push(After::Seated { index, joined: joined(group), reply });
            return;
        }
        let group = match self.group_for(join) {
            Ok(group) => group,
            Err(problem) => {
                let _ = reply.send(Err(problem));
                return;
            }
        };
        let event = Event::Seated { seat, group, token: hash_token(&token) };
        self.decided(None, seat, event, &NewWords::default(), batch);
        batch.after.push(After::Seated { index: batch.entries.len() - 1, joined: joined(group), reply });
    }

    fn group_for(&self, join: &Join) -> Result<GroupId, Problem> {
        let founding = self.consultation.founding();
        if !founding.settings.door_open {
            return Err(Problem::new(Code::DoorClosed));
        }
        if self.consultation.seats().len() >= self.limits.seats_max {
            return Err(Problem::because(Code::DoorClosed, "Every seat of this consultation is taken."));
        }
        match join.group {
            Some(group) if self.consultation.groups().contains_key(&group) => Ok(group),
            Some(_) => Err(Problem::because(Code::NotFound, "There is no such group in this consultation.")),
            None => {
                let groups = founding.groups.iter().map(|(id, _)| *id);
                let smallest = groups.min_by_key(|group| self.consultation.participants(*group));
                smallest.ok_or_else(|| Problem::new(Code::NotFound))
            }
        }
    }

    /// Makes a batch durable, then tells rooms and people.
    async fn commit(&mut self, batch: Batch) -> Result<(), JournalError> {
        if batch.entries.is_empty() && batch.after.is_empty() {
            return Ok(());
        }
        let count = batch.entries.len() as u64;
        if count > 0 {
            let consultation = self.consultation.id();
            let append = Append { consultation, entries: batch.entries, texts: batch.texts, keys: None };
            let stopped = || JournalError::Stopped("its writer has ended".to_owned());
            self.last = self.journal.append(append).await.unwrap_or_else(|_| Err(stopped()))?;
        }
        let first = (self.last + 1).saturating_sub(count);
        let seq_of = |index: usize| if count > 0 { first + index as u64 } else { first.saturating_sub(1) };
        for after in batch.after {
            match after {
                After::Answer { index, asked, reply, writes } => {
                    let seq = seq_of(index);
                    self.consultation.remember(asked, seq, self.limits.commands_remembered);
                    let answer = Answer { id: asked.id, ok: true, seq, created: None, joined: None };
                    self.project(writes, answer, reply).await;
                }
                After::Seated { index, joined, reply } => {
                    self.directory.seat(joined.consultation, joined.seat, hash_token(&joined.token));
                    let _ = reply.send(Ok((joined, seq_of(index))));
                }
            }
        }
        if batch.state_changed {
            self.push_state();
        }
        for seat in batch.you_changed {
            self.push_you(seat);
        }
        Ok(())
    }

    /// Tells the rooms, and answers when all of them have shown it.
    async fn project(&mut self, writes: Vec<Write>, answer: Answer, reply: Option<Reply>) {
        let (done, mut dones) = mpsc::channel(writes.len().max(1));
        let mut expected = 0;
        for write in writes {
            let (document, write, must_exist) = match write {
                Write::Board(group, write) => {
                    // A removal must reach the files even if nobody has the board open.
                    let removal = matches!(write, BoardWrite::Remove(_));
                    (DocumentName::Board(group), RoomWrite::Board(write), removal)
                }
                Write::Plenary(write) => {
                    let run = matches!(write, PlenaryWrite::Run(_));
                    (DocumentName::Plenary(self.consultation.id()), RoomWrite::Plenary(write), run)
                }
            };
            let room = self.rooms.get(&document).filter(|room| !room.has_ended()).cloned();
            // A room that is not live is brought up to its plan when it is loaded.
            let room = match room {
                Some(room) => room,
                None if must_exist => self.room(document),
                None => continue,
            };
            expected += 1;
            // A room that ends now drops the completion; whoever waits hears that.
            let _ = room.tell(RoomMessage::Write(write, Completion::of(done.clone()))).await;
        }
        drop(done);
        let Some(reply) = reply else { return };
        if expected == 0 {
            let _ = reply.send(Ok(answer));
            return;
        }
        self.answers.spawn(async move {
            for _ in 0..expected {
                if dones.recv().await.is_none() {
                    let _ = reply.send(Err(Problem::new(Code::Unavailable)));
                    return;
                }
            }
            let _ = reply.send(Ok(answer));
        });
    }

    fn open(&mut self, seat: SeatId, document: DocumentName) -> Result<Opened, Problem> {
        let actor = self.consultation.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        let id = self.consultation.id();
        let (read, write, group) = match document {
            DocumentName::Board(group) if self.consultation.groups().contains_key(&group) => {
                (Deed::ReadBoard, Deed::EditBoard, Some(group))
            }
            DocumentName::Plenary(of) if of == id => (Deed::ReadPlenary, Deed::EditPlenary, None),
            DocumentName::Consultation(of) if of == id => {
                let seat = pseudonym(&self.consultation.keys().bindings, seat);
                let (scope, name) = (Scope::ReadOnly, name_of(actor.role));
                return Ok(Opened { room: None, actor, seat, scope, name });
            }
            DocumentName::Board(_) | DocumentName::Plenary(_) | DocumentName::Consultation(_) => {
                return Err(Problem::new(Code::NotFound));
            }
        };
        if !may_ever(read, actor, group) {
            return Err(Problem::new(Code::Forbidden));
        }
        let scope = if may_ever(write, actor, group) { Scope::ReadWrite } else { Scope::ReadOnly };
        let seat = pseudonym(&self.consultation.keys().bindings, seat);
        Ok(Opened { room: Some(self.room(document)), actor, seat, scope, name: name_of(actor.role) })
    }

    /// The live room of a document; loaded if it is not.
    fn room(&mut self, document: DocumentName) -> RoomHandle {
        if let Some(room) = self.rooms.get(&document).filter(|room| !room.has_ended()) {
            return room.clone();
        }
        let (stream, plan) = match document {
            DocumentName::Board(group) => (Stream::Board(group), self.consultation.board_plan(group)),
            DocumentName::Plenary(_) | DocumentName::Consultation(_) => {
                (Stream::Plenary, self.consultation.plenary_plan())
            }
        };
        let consultation = self.consultation.id();
        let (handle, mailbox) = RoomHandle::new(document, consultation, self.limits.room_mailbox);
        self.room_tasks.spawn(room::run(RoomParts {
            document,
            consultation,
            stream,
            plan,
            journal: Arc::clone(&self.journal),
            limits: Arc::clone(&self.limits),
            entropy: self.entropy.clone(),
            mailbox,
        }));
        self.rooms.insert(document, handle.clone());
        handle
    }

    fn begin_merge(&mut self, seat: SeatId, asked: Asked, reply: Reply) {
        self.merge_waiting.push((seat, asked, reply));
        if self.merges.is_empty() {
            self.start_merge();
        }
    }

    fn start_merge(&mut self) {
        let groups: Vec<GroupId> = self.consultation.groups().keys().copied().collect();
        let rooms: BTreeMap<GroupId, RoomHandle> =
            groups.into_iter().map(|group| (group, self.room(DocumentName::Board(group)))).collect();
        let lot = self.consultation.lot();
        let drawn = lot.is_none().then(|| Hash32(self.entropy.bytes()));
        let prepared = merging::Prepared::of(&self.consultation, drawn);
        self.merges.spawn(merging::merge(prepared, rooms));
    }

    /// A run is there: it becomes an event, and whoever asked for it is answered.
    async fn merged(&mut self, merged: Option<Merged>) -> Result<(), JournalError> {
        let waiting = std::mem::take(&mut self.merge_waiting);
        let merged = merged.unwrap_or_else(|| Err(Problem::new(Code::Unavailable)));
        let (facts, lot) = match merged {
            Ok(merged) => merged,
            Err(problem) => {
                for (_, _, reply) in waiting {
                    let _ = reply.send(Err(problem.clone()));
                }
                return Ok(());
            }
        };
        let mut facts = Arc::new(facts);
        // What was withdrawn while the merge ran is not in it.
        let gone: Vec<_> = facts
            .items
            .iter()
            .flat_map(|(_, item)| item.sources.iter().map(|source| source.idea))
            .filter(|idea| !self.consultation.ideas().contains_key(idea))
            .collect();
        for idea in gone {
            facts = Arc::new(facts.without(idea));
        }
        let mut batch = Batch::default();
        let json = serde_json::to_string(&*facts).unwrap_or_default();
        batch.texts.push(TextChange::Put(TextKey::Run, json));
        let event = Event::Merged { run: facts.run, sha256: facts.sha256.clone(), lot };
        let words = NewWords { idea: None, run: Some(facts) };
        let mut waiting = waiting.into_iter();
        if let Some((seat, asked, reply)) = waiting.next() {
            self.decided(Some((asked, Some(reply))), seat, event, &words, &mut batch);
            // Who asked while it ran gets the same run.
            for (_, asked, reply) in waiting {
                batch.after.push(After::Answer { index: 0, asked, reply: Some(reply), writes: Vec::new() });
            }
        }
        self.commit(batch).await
    }

    fn state(&self) -> ConsultationState {
        let mut here: HashMap<GroupId, HashSet<SeatId>> = HashMap::new();
        for follower in self.followers.values() {
            let place = self.consultation.seats().get(&follower.seat);
            if let Some(group) =
                place.filter(|place| place.role == Role::Participant).and_then(|place| place.group)
            {
                here.entry(group).or_default().insert(follower.seat);
            }
        }
        let count =
            |group| here.get(&group).map_or(0, |seats| u32::try_from(seats.len()).unwrap_or(u32::MAX));
        self.consultation.state(self.clock.now(), count)
    }

    fn follow(&mut self, follower: Follower) {
        let id = follower.id;
        self.followers.insert(id, follower);
        let state = ServerMessage::State { state: self.state() };
        if let Some(follower) = self.followers.get(&id) {
            send(follower, &state);
            if let Some(you) = self.consultation.you(follower.seat, &self.public_url) {
                send(follower, &ServerMessage::You { you });
            }
        }
        self.presence_changed();
    }

    fn presence_changed(&mut self) {
        if self.presence_due.is_none() {
            self.presence_due = Some(Instant::now() + self.limits.presence_pause);
        }
    }

    fn push_state(&mut self) {
        let message = ServerMessage::State { state: self.state() };
        let json = serde_json::to_string(&message).unwrap_or_default();
        let mut last: Option<(Envelope, bytes::Bytes)> = None;
        self.followers.retain(|_, follower| {
            let frame = match &last {
                Some((envelope, frame)) if *envelope == follower.envelope => Some(frame.clone()),
                _ => follower.envelope.stateless(&json),
            };
            let Some(frame) = frame else { return true };
            last = Some((follower.envelope.clone(), frame.clone()));
            follower.outbox.frame(frame)
        });
    }

    fn push_you(&self, seat: SeatId) {
        let Some(you) = self.consultation.you(seat, &self.public_url) else { return };
        let message = ServerMessage::You { you };
        for follower in self.followers.values().filter(|follower| follower.seat == seat) {
            send(follower, &message);
        }
    }
}

/// The seq of a command whose event is not durable yet.
const PENDING: Seq = 0;

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

fn send(follower: &Follower, message: &ServerMessage) {
    let json = serde_json::to_string(message).unwrap_or_default();
    if let Some(frame) = follower.envelope.stateless(&json) {
        follower.outbox.frame(frame);
    }
}

/// What staff are called in the plenary's presence; participants do not write there.
const fn name_of(role: Role) -> &'static str {
    match role {
        Role::Organizer => "Organizer",
        Role::Moderator => "Moderator",
        Role::Rapporteur => "Rapporteur",
        Role::Participant => "Participant",
        Role::Room => "Room",
    }
}
