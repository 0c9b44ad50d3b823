//! A day under one seed: what happens next is the seed's choice.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use proto::api::consultation::{Create, Join};
use proto::ids::{CommandId, DocumentName, GroupId, IdeaId};
use proto::phase::Phase;
use proto::problem::Code;
use proto::role::Role;
use server::clock::{Entropy, tick};
use server::config::Limits;
use server::consultation::{Context, EntranceKind, EventRecord, create};
use server::journal::{Append, MemoryJournal, Record, Seq, Stream, StreamRecord};
use server::live::state::{Answered, Effect, Input, ReplyId};
use server::live::{Arrival, SeatLimits};

use super::person::{Learned, Manner, Person, command_id};
use super::server::{Death, Ground, Server};
use crate::chance::Chance;

/// How large a day is.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// How many things happen.
    pub steps: usize,
    /// Phones.
    pub phones: usize,
    /// Does the server answer before anything is durable? Such a day must fail.
    pub answers_early: bool,
}

impl Day {
    /// Short enough for a thousand of them in a test run.
    pub const SHORT: Self = Self { steps: 220, phones: 4, answers_early: false };
}

/// A day.
pub struct World {
    pub(super) chance: Chance<'static>,
    pub(super) ground: Ground,
    pub(super) server: Option<Server>,
    pub(super) people: Vec<Person>,
    pub(super) groups: Vec<GroupId>,
    /// Who waits for which answer.
    pub(super) waiting: BTreeMap<ReplyId, (usize, CommandId)>,
    /// What was promised: answered commands with their places in the journal.
    pub(super) answered: BTreeMap<CommandId, Seq>,
    /// Words that a page was told are recorded, with their idea.
    pub(super) recorded: BTreeSet<(IdeaId, String)>,
    /// Every word that was ever shared or typed, with its idea.
    pub(super) words: BTreeMap<IdeaId, BTreeSet<String>>,
    /// Ideas that were erased, and the answer to it came.
    pub(super) erased: BTreeSet<IdeaId>,
    pub(super) erasing: BTreeMap<CommandId, IdeaId>,
    /// The words of boards that are voted on.
    pub(super) voted: BTreeMap<GroupId, BTreeMap<IdeaId, String>>,
    /// The most that anybody may approve.
    pub(super) votes: Option<u32>,
    pub(super) shared: Vec<(IdeaId, GroupId)>,
    pub(super) next: u128,
    /// What happened.
    pub(super) log: Vec<String>,
    pub(super) deaths: usize,
    pub(super) votes_read: usize,
    pub(super) phone_count: u64,
}

/// What happened in days, to show that they are no empty ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Happened {
    /// Steps.
    pub steps: usize,
    /// Commands that were answered.
    pub answered: usize,
    /// Typed words that a page was told are recorded.
    pub recorded: usize,
    /// Ideas that were erased.
    pub erased: usize,
    /// Deaths of the server.
    pub deaths: usize,
    /// Boards that were read because their vote opened.
    pub votes: usize,
    /// Runs of the merge.
    pub runs: usize,
    /// Days that ended by a deletion of everything.
    pub purged: usize,
}

impl Happened {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            steps: self.steps + other.steps,
            answered: self.answered + other.answered,
            recorded: self.recorded + other.recorded,
            erased: self.erased + other.erased,
            deaths: self.deaths + other.deaths,
            votes: self.votes + other.votes,
            runs: self.runs + other.runs,
            purged: self.purged + other.purged,
        }
    }
}

/// Runs the day of a seed.
///
/// # Errors
/// What went wrong, and what happened before.
pub fn run(seed: u64, day: Day) -> Result<Happened, String> {
    let mut world = World::new(seed, day);
    let ran = catch_unwind(AssertUnwindSafe(|| {
        for _ in 0..day.steps {
            world.step();
            if world.server.as_ref().is_some_and(|server| server.purged) {
                return;
            }
        }
        world.settle();
        world.check_all();
    }));
    ran.map(|()| world.happened(day.steps)).map_err(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
        let log = world.log.join("\n  ");
        format!("the day of seed {seed}: {}\n  {log}", said.unwrap_or_default())
    })
}

impl World {
    fn happened(&self, steps: usize) -> Happened {
        let server = self.server.as_ref();
        Happened {
            steps,
            answered: self.answered.len(),
            recorded: self.recorded.len(),
            erased: self.erased.len(),
            deaths: self.deaths,
            votes: self.votes_read,
            runs: server.map_or(0, |server| server.live.consultation().run() as usize),
            purged: usize::from(server.is_some_and(|server| server.purged)),
        }
    }

    fn new(seed: u64, day: Day) -> Self {
        let mut chance = Chance::seeded(seed);
        let limits = Arc::new(Limits::default());
        let entropy = Entropy::Counter(Arc::new((seed << 20).into()));
        let context = Context { now: 1_800_000_000_000, entropy: &entropy, limits: &limits };
        let wish = Create { groups: vec!["North".to_owned(), "South".to_owned()], ..Create::default() };
        let mut founded = create(wish, "http://localhost", context).unwrap();
        let votes = *chance.pick(&[None, Some(1), Some(3)]);
        let settings = &mut founded.founding.settings;
        (settings.votes, settings.door_open, settings.moderation) = (votes, true, chance.percent(20));
        let link = |role| founded.founding.links.iter().find(|link| link.role == role).unwrap().seat;
        let staff = [Role::Organizer, Role::Rapporteur].map(link);
        let moderators = founded.founding.links.iter().filter(|link| link.role == Role::Moderator);
        let staff: Vec<_> = staff.into_iter().chain(moderators.map(|link| link.seat)).collect();
        let groups: Vec<GroupId> = founded.founding.groups.iter().map(|(id, _)| *id).collect();
        let record = Record::Decided(EventRecord::founding(founded.founding.clone()).to_bytes());
        let ground = Ground {
            id: founded.created.id,
            journal: MemoryJournal::default(),
            seat_limits: SeatLimits::new(limits.seat_rate, limits.costs.clone(), 4, 1_000),
            limits,
            entropy,
            wall: 1_800_000_000_000,
            running: 1_000,
            tick: tick(),
            last: Arc::default(),
            answers_early: day.answers_early,
        };
        ground.append(Append {
            consultation: ground.id,
            entries: vec![StreamRecord { stream: Stream::Consultation, record }],
            texts: Vec::new(),
            files: Vec::new(),
            keys: Some(founded.keys),
            scrubs: Vec::new(),
        });
        let server = Server::start(&ground);
        let people = staff.into_iter().map(|seat| Person::new(seat, None, Manner::Honest, 0)).collect();
        let mut world = Self {
            chance,
            ground,
            server: Some(server),
            people,
            groups,
            waiting: BTreeMap::new(),
            answered: BTreeMap::new(),
            recorded: BTreeSet::new(),
            words: BTreeMap::new(),
            erased: BTreeSet::new(),
            erasing: BTreeMap::new(),
            voted: BTreeMap::new(),
            votes,
            shared: Vec::new(),
            next: 0x1_0000,
            log: Vec::new(),
            deaths: 0,
            votes_read: 0,
            phone_count: day.phones as u64,
        };
        for phone in 0..day.phones {
            world.join(phone);
        }
        for person in 0..world.people.len() {
            world.connect(person);
        }
        world.staff("brainstorm");
        world
    }

    pub(super) fn number(&mut self) -> u128 {
        self.next += 1;
        self.next
    }

    fn join(&mut self, phone: usize) {
        let request = command_id(self.number());
        let join = Join { request: Some(request), group: Some(self.groups[phone % 2]), ..Join::default() };
        let server = self.server.as_mut().unwrap();
        let reply = server.reply();
        let arrival = Arrival { way: EntranceKind::Plain, prefix: None };
        server.inbox.push_back(Input::Join { join, arrival, reply });
        server.turn(usize::MAX, &self.ground, None).unwrap();
        let joined = server.told.drain(..).find_map(|effect| {
            let Effect::Reply(id, Answered::Joined(joined, _)) = effect else { return None };
            (id == reply).then_some(joined)
        });
        let joined = joined.unwrap();
        let manners = [Manner::Honest, Manner::Slow, Manner::Offline, Manner::Repeating];
        let manner = manners[phone % manners.len()];
        self.people.push(Person::new(joined.seat, Some(joined.group), manner, phone as u64));
    }

    /// Did something of this kind happen?
    pub(super) fn log_says(&self, what: &str) -> bool {
        self.log.iter().any(|line| line.contains(what))
    }

    pub(super) fn note(&mut self, what: String) {
        self.log.push(what);
    }

    /// One thing happens.
    fn step(&mut self) {
        if self.server.is_none() {
            self.restart();
            return;
        }
        match self.chance.below(100) {
            0..30 => self.phone_acts(),
            30..38 => self.staff_acts(),
            38..62 => self.server_turn(),
            62..78 => self.room_turn(),
            78..86 => self.listen(),
            86..91 => self.job_ends(),
            91..95 => self.time_passes(),
            95..97 => self.comes_or_goes(),
            97 => self.repeats(),
            98 => self.dies(),
            _ => self.clock_jumps(),
        }
        self.read_told();
    }

    fn server_turn(&mut self) {
        let count = 1 + self.chance.below(6);
        self.turn(count, None);
    }

    fn turn(&mut self, count: usize, death: Option<Death>) {
        let Some(server) = self.server.as_mut() else { return };
        let phases = |server: &Server| -> Vec<Phase> {
            self.groups.iter().map(|group| server.live.consultation().phase_of(Some(*group))).collect()
        };
        let before = phases(server);
        if server.turn(count, &self.ground, death).is_err() {
            return self.is_dead(death);
        }
        for ((group, before), after) in self.groups.iter().zip(before).zip(phases(server)) {
            if before != after {
                self.voted.remove(group);
            }
        }
        self.check_tallies();
    }

    fn room_turn(&mut self) {
        let Some(server) = self.server.as_mut() else { return };
        let names: Vec<DocumentName> = server.rooms.keys().copied().collect();
        if !names.is_empty() {
            let name = *self.chance.pick(&names);
            server.pump(name, 1 + self.chance.below(12), &self.ground);
        }
    }

    fn listen(&mut self) {
        let at = self.phone();
        if self.people[at].manner != Manner::Slow || self.chance.percent(30) {
            self.hears(at);
        }
    }

    fn hears(&mut self, at: usize) {
        let Some(server) = self.server.as_mut() else { return };
        let Some(page) = self.people[at].page.as_mut() else { return };
        for learned in page.listen(server, &self.ground) {
            match learned {
                Learned::Recorded(words) => self.recorded.extend(words),
                Learned::Refused(why) => {
                    self.log.push(format!("{at} is refused: {why}"));
                    self.people[at].disconnect(self.server.as_mut(), &self.ground);
                    self.people[at].page.as_mut().unwrap().begin_anew(self.phone_count);
                    return;
                }
            }
        }
        self.send(at);
    }

    fn job_ends(&mut self) {
        let Some(server) = self.server.as_mut() else { return };
        if server.jobs.is_empty() {
            return;
        }
        let at = self.chance.below(server.jobs.len());
        let job = server.jobs.remove(at);
        self.log.push(format!("a job ends: {}", format!("{job:?}").chars().take(40).collect::<String>()));
        let read = server.finish(job, &self.ground);
        if let Some((group, ..)) = read
            && server.live.consultation().phase_of(Some(group)) == Phase::Vote
        {
            self.votes_read += 1;
            let board = server.board(group, &self.ground);
            let words = board.ideas.iter().map(|idea| (idea.id, idea.text.clone())).collect();
            self.voted.insert(group, words);
        }
    }

    fn passes(&mut self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap();
        self.ground.tick += time;
        self.ground.wall += millis;
        self.ground.running += millis;
    }

    fn time_passes(&mut self) {
        let time = Duration::from_millis(*self.chance.pick(&[10, 200, 1_000, 5_000, 30_000]));
        self.passes(time);
        self.turn(0, None);
    }

    fn clock_jumps(&mut self) {
        let hours = 1 + self.chance.below(3) as u64;
        let back = self.chance.percent(50);
        self.ground.wall =
            if back { self.ground.wall - hours * 3_600_000 } else { self.ground.wall + hours * 3_600_000 };
        self.note(format!("the clock jumps {hours} hours {}", if back { "back" } else { "on" }));
        self.turn(0, None);
    }

    pub(super) fn connect(&mut self, at: usize) {
        let Some(server) = self.server.as_mut() else { return };
        self.people[at].connect(server, &self.ground);
        self.send(at);
    }

    fn dies(&mut self) {
        let death = *self.chance.pick(&[Death::BeforeAppend, Death::AfterAppend]);
        self.note(format!("the server dies: {death:?}"));
        self.turn(8, Some(death));
    }

    fn is_dead(&mut self, death: Option<Death>) {
        assert!(death.is_some(), "a server dies when it is told to");
        // What it sent before is on its way.
        self.read_told();
        self.server = None;
        self.deaths += 1;
        // What was decided in its last moment nobody knows here.
        self.voted.clear();
        self.waiting.clear();
        for person in &mut self.people {
            person.disconnect(None, &self.ground);
        }
    }

    fn restart(&mut self) {
        self.note("the server starts".to_owned());
        self.server = Some(Server::start(&self.ground));
        self.check_promises();
        for at in 0..self.people.len() {
            self.connect(at);
        }
        self.read_told();
    }

    /// Reads what the server told people.
    fn read_told(&mut self) {
        let Some(server) = self.server.as_mut() else { return };
        for effect in std::mem::take(&mut server.told) {
            match effect {
                Effect::Reply(reply, response) => self.replied(reply, response),
                Effect::Tell(_, message) => self.check_told(&serde_json::to_string(&message).unwrap()),
                Effect::Show { .. }
                | Effect::Directory(_)
                | Effect::Close(..)
                | Effect::Start(_)
                | Effect::Load(_)
                | Effect::Purge(_) => {}
            }
        }
    }

    fn replied(&mut self, reply: ReplyId, response: Answered) {
        let Some((at, id)) = self.waiting.remove(&reply) else { return };
        self.people[at].under_way.remove(&id);
        match response {
            Answered::Answer(answer) => {
                assert!(
                    answer.seq <= self.ground.last.load(Ordering::Relaxed),
                    "answered before it was durable: {id}"
                );
                // A command that changed nothing is remembered in memory only, and may change something when it comes again
                // after a restart (rule W16).
                if self.records().iter().any(|record| record.command.is_some_and(|one| one.id == id)) {
                    let known = self.answered.insert(id, answer.seq);
                    let again = known.is_none_or(|known| known == answer.seq);
                    assert!(again, "answered with {known:?}, then with {}: {id}", answer.seq);
                }
                let person = &mut self.people[at];
                if let Some(place) = person.outbox.iter().position(|command| command.id == id) {
                    person.answered.extend(person.outbox.remove(place));
                }
                if let Some(idea) = self.erasing.get(&id) {
                    self.erased.insert(*idea);
                }
            }
            // The server is about to end, or a room was: it is sent again.
            Answered::Refused(problem) if matches!(problem.code, Code::Unavailable | Code::TooFast) => {}
            Answered::Refused(problem) => {
                self.log.push(format!("{at} is refused {id}: {:?}", problem.code));
                self.people[at].outbox.retain(|command| command.id != id);
            }
            Answered::Joined(..) | Answered::SeatCode(_) => {}
        }
    }

    /// Everybody is here, everything arrives, nothing happens any more.
    fn settle(&mut self) {
        self.note("the day ends".to_owned());
        for _ in 0..400 {
            if self.server.is_none() {
                self.restart();
            }
            for at in 0..self.people.len() {
                if !self.people[at].online {
                    self.connect(at);
                }
                self.send(at);
            }
            self.turn(usize::MAX, None);
            self.server.as_mut().unwrap().pump_all(&self.ground);
            for at in 0..self.people.len() {
                self.hears(at);
            }
            while !self.server.as_ref().unwrap().jobs.is_empty() {
                self.job_ends();
            }
            self.read_told();
            self.passes(Duration::from_millis(500));
            if self.is_settled() {
                return;
            }
        }
        panic!("the day does not settle");
    }

    fn is_settled(&self) -> bool {
        let Some(server) = &self.server else { return false };
        let quiet = server.inbox.is_empty() && server.jobs.is_empty() && server.queued() == 0;
        let due =
            server.next_due(&self.ground).is_none_or(|due| due > self.ground.tick + Duration::from_secs(2));
        let people = self.people.iter().all(|person| {
            let board = person.page.as_ref().is_none_or(super::person::Page::is_recorded);
            person.outbox.is_empty() && board
        });
        quiet && due && people
    }
}
