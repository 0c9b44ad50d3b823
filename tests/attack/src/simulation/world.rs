//! A simulated day while it runs: carries out steps, and knows what was promised to whom.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use proto::ids::{CommandId, DocumentName, GroupId, IdeaId};
use proto::phase::Phase;
use server::journal::Seq;
use server::live::state::ReplyId;

use super::choice::Mood;
use super::page::Typed;
use super::person::Person;
use super::plan::{Death, Step};
use super::server::{Ground, Server};

/// Who is there beside the phones: the places of the first people.
pub const ORGANIZER: usize = 0;
/// The rapporteur's place among the people.
pub const RAPPORTEUR: usize = 1;
/// The safeguarding contact's place among the people.
pub const CONTACT: usize = 2;

/// A day with its server, its people and what was promised to them.
pub struct World {
    pub(super) ground: Ground,
    pub(super) server: Option<Server>,
    pub(super) people: Vec<Person>,
    pub(super) groups: Vec<GroupId>,
    /// Who waits for which answer.
    pub(super) waiting: BTreeMap<ReplyId, (usize, CommandId)>,
    /// What was promised: answered commands with their places in the journal.
    pub(super) answered: BTreeMap<CommandId, Seq>,
    /// Words that a page was told are recorded: whose, in which document.
    pub(super) recorded: BTreeSet<(usize, DocumentName, Typed)>,
    /// Every word that was ever shared or typed, with its idea.
    pub(super) words: BTreeMap<IdeaId, BTreeSet<String>>,
    /// Ideas that were erased or taken back, and the answer to it came.
    pub(super) erased: BTreeSet<IdeaId>,
    pub(super) erasing: BTreeMap<CommandId, IdeaId>,
    /// Ideas whose words a rapporteur took over into the list.
    pub(super) reworded: BTreeSet<IdeaId>,
    /// What texts of the list said that somebody settled by deleting them.
    pub(super) given_up: Vec<String>,
    /// Who typed last into which idea, by client id.
    pub(super) writers: BTreeMap<IdeaId, u64>,
    /// The words of boards that are voted on.
    pub(super) voted: BTreeMap<GroupId, BTreeMap<IdeaId, String>>,
    /// The most that anybody may approve.
    pub(super) votes: Option<u32>,
    pub(super) shared: Vec<(IdeaId, GroupId)>,
    /// Steps that are chosen already.
    pub(super) soon: VecDeque<Step>,
    /// What there is more of in this day.
    pub(super) mood: Mood,
    /// What a chosen step numbers next.
    pub(super) next: u64,
    /// Client ids that pages have.
    pub(super) clients: u64,
    /// Deaths, starts and refusals, in order: a report prints them beside the plan.
    pub(super) log: Vec<String>,
    pub(super) deaths: usize,
    pub(super) votes_read: usize,
    pub(super) reads: usize,
}

impl World {
    pub(super) fn note(&mut self, what: String) {
        self.log.push(what);
    }

    /// One thing happens.
    pub(super) fn step(&mut self, step: &Step) {
        if self.server.is_none() {
            self.restart();
            return;
        }
        match step {
            Step::Decide { who, id, action } => self.decide(*who, *id, action),
            Step::Type { who, list, text, after, word } => self.types(*who, *list, (*text, *after), word),
            Step::Listen { who } => self.hears(self.at(*who)),
            Step::Read { who } => self.reads(self.at(*who)),
            Step::Come { who } => self.connect(self.at(*who)),
            Step::Go { who } => self.goes(self.at(*who)),
            Step::Outage {} => {
                let phones = (0..self.people.len()).filter(|at| self.people[*at].is_phone());
                phones.collect::<Vec<_>>().into_iter().for_each(|at| self.goes(at));
            }
            Step::Repeat { who, nth } => self.repeats(self.at(*who), *nth),
            Step::Join { group } => {
                self.join(*group);
                self.connect(self.people.len() - 1);
            }
            Step::NewGroup { id } => self.new_group(*id),
            Step::SettleText { id, keep } => self.settle_text(*id, *keep),
            Step::Turn { take } => self.turn(*take, None),
            Step::Room { nth, take } => self.room_turn(*nth, *take, None),
            Step::Job { nth } => self.job_ends(*nth),
            Step::Pass { millis } => {
                self.passes(Duration::from_millis(*millis));
                self.turn(0, None);
            }
            Step::Jump { millis } => {
                self.ground.wall = self.ground.wall.saturating_add_signed(*millis);
                self.turn(0, None);
            }
            Step::Die { death, take } => self.turn(*take, Some(*death)),
            Step::RoomDies { death, nth, take } => self.room_turn(*nth, *take, Some(*death)),
        }
        self.read_told();
    }

    pub(super) const fn at(&self, who: usize) -> usize {
        who % self.people.len()
    }

    /// A turn of the consultation.
    fn turn(&mut self, count: usize, death: Option<Death>) {
        let Some(server) = self.server.as_mut() else { return };
        let phases = |server: &Server| -> Vec<Phase> {
            self.groups.iter().map(|group| server.live.consultation().phase_of(Some(*group))).collect()
        };
        let before = phases(server);
        let lives = server.turn(count, &self.ground, death);
        if lives.is_err() {
            return self.is_dead();
        }
        for ((group, before), after) in self.groups.iter().zip(before).zip(phases(server)) {
            if before != after {
                self.voted.remove(group);
            }
        }
        if !server.purged {
            self.check_tallies();
            self.check_danger();
        }
    }

    fn room_turn(&mut self, nth: usize, take: usize, death: Option<Death>) {
        let Some(server) = self.server.as_mut() else { return };
        let names: Vec<DocumentName> = server.rooms.keys().copied().collect();
        let Some(name) = nth.checked_rem(names.len()).map(|nth| names[nth]) else { return };
        if server.pump(name, take, &self.ground, death).is_err() {
            self.is_dead();
        }
    }

    fn job_ends(&mut self, nth: usize) {
        let Some(server) = self.server.as_mut() else { return };
        let Some(at) = nth.checked_rem(server.jobs.len()) else { return };
        let job = server.jobs.remove(at);
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

    fn is_dead(&mut self) {
        // What it sent before is on its way.
        self.read_told();
        self.note("the server dies".to_owned());
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

    /// Everybody is here, everything arrives, nothing happens any more.
    pub(super) fn settle(&mut self) {
        self.note("the day ends".to_owned());
        for _ in 0..400 {
            if self.server.is_none() {
                self.restart();
            }
            for at in 0..self.people.len() {
                self.connect(at);
                self.send(at);
            }
            self.everything_arrives();
            while !self.server.as_ref().unwrap().jobs.is_empty() {
                self.job_ends(0);
            }
            self.read_told();
            self.passes(Duration::from_millis(500));
            if self.is_settled() {
                return;
            }
        }
        panic!("the day does not settle");
    }

    pub(super) fn everything_arrives(&mut self) {
        self.turn(usize::MAX, None);
        self.read_told();
        self.server.as_mut().unwrap().pump_all(&self.ground);
        for at in 0..self.people.len() {
            self.hears(at);
        }
    }

    fn is_settled(&self) -> bool {
        let Some(server) = &self.server else { return false };
        let quiet = server.inbox.is_empty() && server.jobs.is_empty() && server.queued() == 0;
        let due =
            server.next_due(&self.ground).is_none_or(|due| due > self.ground.tick + Duration::from_secs(2));
        let people = (0..self.people.len()).filter(|at| !self.is_shut(*at)).all(|at| {
            let person = &self.people[at];
            person.outbox.is_empty() && person.pages.iter().all(super::page::Page::is_recorded)
        });
        quiet && due && people
    }
}
