//! The server of a simulated day: everything here is lost when it dies, but for the journal.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use proto::api::consultation::Answer;
use proto::command::Command;
use proto::ids::{CommandId, ConsultationId, DocumentName, SeatId};
use proto::problem::Problem;
use server::clock::{Entropy, Tick};
use server::config::Limits;
use server::consultation::{EventRecord, Write};
use server::journal::{Append, Journal, MemoryJournal, Record, Seq, Stream};
use server::live::state::{Answered, Effect, Env, Input, Job, Live, ReplyId, Turn};
use server::live::{CERTIFICATE, Opened, PURGED, SeatLimits, View, load};
use server::room::{Completion, RoomMessage, RoomWrite};
use server::seeded_defects;
use tokio::sync::mpsc;

use super::plan::Death;
use super::server_rooms::Room;

/// What a server is given, and what outlives it.
pub struct Ground {
    /// The id of the only consultation of the day.
    pub id: ConsultationId,
    /// What is durable.
    pub journal: MemoryJournal,
    /// The product's own bounds.
    pub limits: Arc<Limits>,
    /// Randomness: a counter.
    pub entropy: Entropy,
    /// What each seat may use.
    pub seat_limits: SeatLimits,
    /// The time of day.
    pub wall: u64,
    /// For how long the machine has been running.
    pub running: u64,
    /// Monotonic time: only steps move it.
    pub tick: Tick,
    /// The last record.
    pub last: AtomicU64,
    /// Commands of the events in the journal.
    pub commands: Mutex<BTreeSet<CommandId>>,
    /// Does the server carry out what follows from a turn before the turn is durable? A defect that a day must notice.
    pub answers_early: bool,
}

/// Answers that wait until rooms have shown something.
struct Waiting {
    expected: usize,
    dones: mpsc::Receiver<()>,
    then: Vec<(ReplyId, Answer)>,
}

/// A server while it runs.
pub struct Server {
    /// The state machine of the consultation.
    pub live: Live,
    /// Documents that were loaded since it started.
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

/// Did a step kill the server?
pub type Lives = Result<(), Death>;

impl Ground {
    pub(super) fn env<'a>(&'a self, running: &'a (dyn Fn() -> u64 + Sync)) -> Env<'a> {
        Env {
            now: self.wall,
            tick: self.tick,
            running,
            entropy: &self.entropy,
            limits: &self.limits,
            public_url: "http://localhost",
            embedding_model: None,
            texts_leave: false,
            seat_limits: &self.seat_limits,
        }
    }

    /// Is the server to carry things out before they are durable?
    pub fn answers_early(&self) -> bool {
        self.answers_early || seeded_defects::is("publish-before-commit")
    }

    /// Makes something durable.
    pub fn append(&self, append: Append) -> Seq {
        for entry in &append.entries {
            let Record::Decided(bytes) = &entry.record else { continue };
            let Some(command) = EventRecord::from_bytes(bytes).unwrap().command else { continue };
            assert!(
                self.commands.lock().unwrap().insert(command.id),
                "one command, two events: {}",
                command.id
            );
        }
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
        let owed = ground.journal.owed_scrubs(ground.id).unwrap();
        for (stream, seq) in owed.into_iter().filter(|_| !seeded_defects::is("scrub-forgotten")) {
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
            if ground.answers_early() {
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

    fn purge(&mut self, certificate: &str, ground: &Ground) {
        let names = [format!("{CERTIFICATE}{certificate}"), format!("{PURGED}{}", ground.id)];
        let certify = Box::new(move |_: &_| names.into_iter().map(|name| (name, Vec::new())).collect());
        ground.journal.purge(ground.id, Some(certify)).try_recv().unwrap().unwrap();
        self.purged = true;
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
                Effect::Purge(purge) => {
                    assert!(purge.asked.is_some(), "everything is deleted, and nobody asked for it");
                    self.purge(&purge.certificate.id.to_string(), ground);
                    self.told.extend(
                        purge.asked.map(|asked| {
                            Effect::Reply(asked.reply, Answered::Answer(Box::new(asked.answer)))
                        }),
                    );
                }
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
                            room.hear(RoomMessage::Dismiss(seat, Completion::of(done.clone())));
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
    pub(super) fn answer(&mut self) {
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
        View::new(&mut self.live, &ground.env(&running)).place_in(seat, document)
    }

    /// Reads the consultation.
    pub fn read<T>(&mut self, ground: &Ground, read: impl FnOnce(&mut View<'_>) -> T) -> T {
        let running = || ground.running;
        read(&mut View::new(&mut self.live, &ground.env(&running)))
    }
}
