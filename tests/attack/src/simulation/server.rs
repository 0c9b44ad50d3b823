//! The server of a simulated day: everything here is lost when it dies, but for the journal.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proto::api::consultation::{Answer, BoardView};
use proto::command::Command;
use proto::ids::{ConsultationId, DocumentName, GroupId, SeatId};
use proto::plenary::PlenaryView;
use proto::problem::{Code, Problem};
use server::clock::{Entropy, Tick};
use server::config::Limits;
use server::consultation::{VotedWords, Write, fingerprint};
use server::journal::{Append, Compaction, Journal, MemoryJournal, Record, Scrub, Seq, Stream, StreamRecord};
use server::live::state::job::RoomWords;
use server::live::state::merge_run::compute;
use server::live::state::{Answered, Effect, Env, Input, Job, JobDone, Live, ReplyId, Turn};
use server::live::{Opened, SeatLimits, load};
use server::room::{Completion, Restored, RoomMessage, RoomReport, RoomState, RoomWrite, Shared, restore};
use tokio::sync::{mpsc, oneshot};

/// What a server is given, and what outlives it.
pub struct Ground {
    /// The consultation.
    pub id: ConsultationId,
    /// What is durable.
    pub journal: MemoryJournal,
    /// Every bound.
    pub limits: Arc<Limits>,
    /// Randomness: a counter.
    pub entropy: Entropy,
    /// What each seat may use.
    pub seat_limits: SeatLimits,
    /// The time of day.
    pub wall: u64,
    /// For how long the machine has been running.
    pub running: u64,
    /// Monotonic time.
    pub tick: Tick,
    /// The last record.
    pub last: Arc<AtomicU64>,
    /// Does the server answer before anything is durable? A defect that a day must notice.
    pub answers_early: bool,
}

/// A live document.
pub struct Room {
    state: RoomState,
    queue: VecDeque<RoomMessage>,
}

/// Answers that wait until rooms have shown something.
struct Waiting {
    expected: usize,
    dones: mpsc::Receiver<()>,
    then: Vec<(ReplyId, Answer)>,
}

/// A server while it runs.
pub struct Server {
    /// The consultation.
    pub live: Live,
    /// Its rooms.
    pub rooms: BTreeMap<DocumentName, Room>,
    /// What arrived and was not taken in yet.
    pub inbox: VecDeque<Input>,
    /// Jobs that were started and have not ended.
    pub jobs: Vec<Job>,
    waiting: Vec<Waiting>,
    next_reply: u64,
    /// Effects that people notice, in order.
    pub told: Vec<Effect>,
    /// Was everything deleted?
    pub purged: bool,
}

/// Where a server dies in a turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Death {
    /// Nothing of the turn is durable.
    BeforeAppend,
    /// All of it is durable, and nobody was told.
    AfterAppend,
}

/// Did a step kill the server?
pub type Lives = Result<(), Death>;

impl Ground {
    fn env<'a>(&'a self, running: &'a (dyn Fn() -> u64 + Sync)) -> Env<'a> {
        Env {
            now: self.wall,
            tick: self.tick,
            running,
            entropy: &self.entropy,
            limits: &self.limits,
            public_url: "http://localhost",
            embedding_model: None,
            seat_limits: &self.seat_limits,
        }
    }

    /// Makes something durable.
    pub fn append(&self, append: Append) -> Seq {
        let last = self.journal.append(append).try_recv().unwrap().unwrap();
        self.last.store(last, Ordering::Relaxed);
        last
    }
}

impl Server {
    /// Starts with what the journal has.
    pub fn start(ground: &Ground) -> Self {
        let consultation = load(&ground.journal, ground.id, ground.limits.commands_remembered).unwrap();
        let running = || ground.running;
        let mut live = Live::new(consultation, &ground.env(&running));
        let turn = live.begin(&ground.env(&running));
        let mut server = Self {
            live,
            rooms: BTreeMap::new(),
            inbox: VecDeque::new(),
            jobs: Vec::new(),
            waiting: Vec::new(),
            next_reply: 0,
            told: Vec::new(),
            purged: false,
        };
        server.commit(turn, ground, None).unwrap();
        for (stream, seq) in ground.journal.owed_scrubs(ground.id).unwrap() {
            let document = match stream {
                Stream::Board(group) => DocumentName::Board(group),
                Stream::Plenary => DocumentName::Plenary(ground.id),
                Stream::Consultation => continue,
            };
            server.tell(document, RoomMessage::Write(RoomWrite::Scrub, Completion::shown(seq)), ground);
        }
        server
    }

    /// A number for somebody who waits for an answer.
    pub const fn reply(&mut self) -> ReplyId {
        self.next_reply += 1;
        ReplyId(self.next_reply)
    }

    /// A command arrives.
    pub fn command(&mut self, seat: SeatId, command: Command) -> ReplyId {
        let reply = self.reply();
        self.inbox.push_back(Input::Command { seat, command, reply });
        reply
    }

    /// Takes the first `count` things that arrived in, makes them durable and carries out what follows.
    pub fn turn(&mut self, count: usize, ground: &Ground, death: Option<Death>) -> Lives {
        let running = || ground.running;
        let env = ground.env(&running);
        let inputs: Vec<Input> = self.inbox.drain(..count.min(self.inbox.len())).collect();
        let turn = self.live.turn(inputs, &env);
        self.commit(turn, ground, death)
    }

    fn commit(&mut self, turn: Turn, ground: &Ground, death: Option<Death>) -> Lives {
        let running = || ground.running;
        let env = ground.env(&running);
        for (reply, problem) in turn.refusals {
            self.told.push(Effect::Reply(reply, Answered::Refused(problem)));
        }
        let records = turn.undelivered.records();
        if death == Some(Death::BeforeAppend) {
            if ground.answers_early {
                let last = ground.last.load(Ordering::Relaxed) + records;
                let effects = self.live.durable(turn.undelivered, Some(last), &env);
                self.perform(effects, ground);
            }
            return Err(Death::BeforeAppend);
        }
        let last = turn.append.map(|append| ground.append(append)).filter(|_| records > 0);
        if death == Some(Death::AfterAppend) {
            return Err(Death::AfterAppend);
        }
        let effects = self.live.durable(turn.undelivered, last, &env);
        self.perform(effects, ground);
        Ok(())
    }

    /// When something happens by itself.
    pub fn next_due(&self, ground: &Ground) -> Option<Tick> {
        let running = || ground.running;
        self.live.next_due(&ground.env(&running))
    }

    fn perform(&mut self, effects: Vec<Effect>, ground: &Ground) {
        for effect in effects {
            match effect {
                Effect::Show { seq, writes, then } => self.show(seq, writes, then, ground),
                Effect::Start(job) => self.jobs.push(job),
                Effect::Load(document) => drop(self.room(document, ground)),
                Effect::Purge(_) => self.purged = true,
                Effect::Reply(..) | Effect::Directory(_) | Effect::Tell(..) | Effect::Close(..) => {
                    self.told.push(effect);
                }
            }
        }
    }

    fn show(&mut self, seq: Seq, writes: Vec<Write>, then: Vec<(ReplyId, Answer)>, ground: &Ground) {
        let (done, dones) = mpsc::channel(64 + writes.len() * (1 + self.rooms.len()));
        let mut expected = 0;
        for (write, seq) in Write::with_seqs(writes, ground.id, seq) {
            let document = write.document(ground.id);
            let loads = write.must_load();
            let messages = match write {
                Write::Board(_, write) => RoomWrite::Board(write),
                Write::Plenary(write) => RoomWrite::Plenary(write),
                Write::Dismiss(seat, group) => {
                    for (name, room) in &mut self.rooms {
                        if group.is_none_or(|group| *name == DocumentName::Board(group)) {
                            room.queue.push_back(RoomMessage::Dismiss(seat, Completion::of(done.clone())));
                            expected += 1;
                        }
                    }
                    continue;
                }
            };
            let Some(document) = document else { continue };
            if !loads && !self.rooms.contains_key(&document) {
                continue;
            }
            expected += 1;
            self.tell(document, RoomMessage::Write(messages, Completion::at(seq, done.clone())), ground);
        }
        self.waiting.push(Waiting { expected, dones, then });
        self.answer();
    }

    /// Answers whoever waited for rooms that have shown everything.
    fn answer(&mut self) {
        for mut waiting in std::mem::take(&mut self.waiting) {
            while waiting.dones.try_recv().is_ok() {
                waiting.expected -= 1;
            }
            if waiting.expected > 0 {
                self.waiting.push(waiting);
                continue;
            }
            let answers = waiting.then.into_iter();
            self.told.extend(
                answers.map(|(reply, answer)| Effect::Reply(reply, Answered::Answer(Box::new(answer)))),
            );
        }
    }

    /// What a seat may do in a document.
    pub fn place_in(
        &mut self,
        seat: SeatId,
        document: DocumentName,
        ground: &Ground,
    ) -> Result<Opened, Problem> {
        let running = || ground.running;
        self.live.view(&ground.env(&running)).place_in(seat, document)
    }

    /// Tells a room something; it is loaded if it is not live.
    pub fn tell(&mut self, document: DocumentName, message: RoomMessage, ground: &Ground) {
        self.room(document, ground).queue.push_back(message);
    }

    fn room(&mut self, document: DocumentName, ground: &Ground) -> &mut Room {
        if !self.rooms.contains_key(&document) {
            let plan = self.live.plan_of(document);
            let _size = self.live.size_of(document, &plan);
            let stream = stream_of(document);
            let loaded = ground.journal.load(ground.id, stream).unwrap();
            let row = ground.journal.text(ground.id, server::journal::TextRow::Doubtful).unwrap();
            let doubtful = row.filter(|_| stream == Stream::Plenary);
            let parts = (&plan, Arc::clone(&ground.limits));
            let restored = restore(document, ground.id, &loaded, doubtful.as_deref(), parts, &ground.entropy);
            let Restored { state, mut turn, born, .. } = restored.unwrap();
            let mut room = Room { state, queue: VecDeque::new() };
            let records: Vec<Record> = born.into_iter().chain(std::mem::take(&mut turn.records)).collect();
            let scrub = turn.scrub;
            self.inbox.extend(room.settle(turn, records, document, ground));
            if scrub.is_some() {
                room.compact(document, scrub, ground);
            }
            self.rooms.insert(document, room);
        }
        self.rooms.get_mut(&document).unwrap()
    }

    /// A room takes a batch of its mailbox. What it reports is taken in before anything else.
    pub fn pump(&mut self, document: DocumentName, most: usize, ground: &Ground) {
        let Some(room) = self.rooms.get_mut(&document) else { return };
        let batch: Vec<RoomMessage> = room.queue.drain(..most.min(room.queue.len())).collect();
        let mut turn = room.state.turn(batch).unwrap();
        let records = std::mem::take(&mut turn.records);
        let (scrub, going) = (turn.scrub, std::mem::take(&mut turn.going));
        let wrote = std::mem::take(&mut turn.staff_wrote);
        for report in room.settle(turn, records, document, ground).into_iter().rev() {
            self.inbox.push_front(report);
        }
        if scrub.is_some() {
            room.compact(document, scrub, ground);
        }
        let reports =
            going.into_iter().map(RoomReport::TextIdle).chain(wrote.into_iter().map(RoomReport::StaffWrote));
        self.inbox.extend(reports.map(Input::Room));
        self.answer();
    }

    /// Everything in every mailbox of a room is taken in.
    pub fn pump_all(&mut self, ground: &Ground) {
        let names: Vec<DocumentName> = self.rooms.keys().copied().collect();
        for name in names {
            self.pump(name, usize::MAX, ground);
        }
    }

    /// How many messages wait in rooms.
    pub fn queued(&self) -> usize {
        self.rooms.values().map(|room| room.queue.len()).sum()
    }

    /// The board as its room has it now.
    pub fn board(&mut self, group: GroupId, ground: &Ground) -> BoardView {
        BoardView::clone(&self.read_board(group, ground))
    }

    fn read_board(&mut self, group: GroupId, ground: &Ground) -> Shared<BoardView> {
        let (reply, mut answer) = oneshot::channel();
        let document = DocumentName::Board(group);
        self.tell(document, RoomMessage::ReadBoard(None, reply), ground);
        self.pump(document, usize::MAX, ground);
        answer.try_recv().unwrap()
    }

    fn read_plenary(&mut self, ground: &Ground) -> Shared<PlenaryView> {
        let (reply, mut answer) = oneshot::channel();
        let document = DocumentName::Plenary(ground.id);
        self.tell(document, RoomMessage::ReadPlenary(reply), ground);
        self.pump(document, usize::MAX, ground);
        answer.try_recv().unwrap()
    }

    /// Ends a job. Gives the texts that were read for a vote.
    pub fn finish(&mut self, job: Job, ground: &Ground) -> Option<(GroupId, u32, VotedWords)> {
        let mut read = None;
        let done = match job {
            Job::Merge(input) => {
                let groups: Vec<GroupId> = self.live.consultation().groups().keys().copied().collect();
                let boards: BTreeMap<GroupId, Shared<BoardView>> =
                    groups.into_iter().map(|group| (group, self.read_board(group, ground))).collect();
                let list = self.read_plenary(ground);
                JobDone::Merged(Box::new(compute(*input, &boards, &list)))
            }
            Job::FindMeanings(_) => JobDone::Meanings(None),
            Job::FindWriter { request, .. } => {
                JobDone::WriterFound(request, Err(Problem::new(Code::NotFound)))
            }
            Job::AskRoom(question) => {
                let words = match question.document {
                    DocumentName::Board(group) => Ok(RoomWords::Board(self.read_board(group, ground))),
                    DocumentName::Plenary(_) | DocumentName::Consultation(_) => {
                        Err(Problem::new(Code::Unavailable))
                    }
                };
                JobDone::RoomAnswered(question, words)
            }
            Job::ReadTexts { group, opening } => {
                let board = self.read_board(group, ground);
                let words: VotedWords =
                    board.ideas.iter().map(|idea| (idea.id, fingerprint(&idea.text))).collect();
                read = Some((group, opening, words.clone()));
                JobDone::TextsRead { group, opening, words }
            }
        };
        self.inbox.push_back(Input::Done(done));
        read
    }
}

impl Room {
    /// Makes a turn durable and tells people; gives what the consultation must hear first.
    fn settle(
        &mut self,
        mut turn: server::room::Turn,
        records: Vec<Record>,
        document: DocumentName,
        ground: &Ground,
    ) -> Vec<Input> {
        let texts = std::mem::take(&mut turn.texts);
        let count = records.len();
        let stream = stream_of(document);
        let entries = records.into_iter().map(|record| StreamRecord { stream, record }).collect();
        let append = Append {
            consultation: ground.id,
            entries,
            texts,
            files: Vec::new(),
            keys: None,
            scrubs: Vec::new(),
        };
        let nothing = append.entries.is_empty() && append.texts.is_empty();
        let seq = (!nothing).then(|| ground.append(append)).filter(|_| count > 0);
        let kept = std::mem::take(&mut turn.kept);
        self.state.deliver(turn, seq);
        if kept.is_empty() { Vec::new() } else { vec![Input::Room(RoomReport::TextsHidden(kept))] }
    }

    fn compact(&self, document: DocumentName, scrub: Option<Scrub>, ground: &Ground) {
        let compaction = Compaction {
            consultation: ground.id,
            stream: stream_of(document),
            snapshot: self.state.snapshot(),
            scrub: scrub.unwrap_or(Scrub::Later),
            decided: self.state.decided(),
        };
        ground.journal.compact(compaction).try_recv().unwrap().unwrap();
    }
}

const fn stream_of(document: DocumentName) -> Stream {
    match document {
        DocumentName::Board(group) => Stream::Board(group),
        DocumentName::Plenary(_) | DocumentName::Consultation(_) => Stream::Plenary,
    }
}
