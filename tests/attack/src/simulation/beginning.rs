//! The beginning of a simulated day: a consultation, its staff and its phones; and who comes later.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use proto::api::consultation::{Create, Join};
use proto::api::plenary_vote::PlenaryVoteHeld;
use proto::ids::{DocumentName, GroupId};
use proto::role::Role;
use server::clock::{Entropy, tick};
use server::config::Limits;
use server::consultation::{Context, EntranceKind, EventRecord, Founded, create};
use server::journal::{Append, MemoryJournal, Record, Stream, StreamRecord};
use server::live::state::{Answered, Effect, Input};
use server::live::{Arrival, SeatLimits};

use super::choice::Mood;
use super::person::{Manner, Person, command_id};
use super::plan::Plan;
use super::server::{Ground, Server};
use super::world::{ORGANIZER, World};

/// When a day begins, in milliseconds since 1970.
const BEGINS: u64 = 1_800_000_000_000;

impl World {
    /// The beginning of a day.
    pub(super) fn new(plan: &Plan, answers_early: bool) -> Self {
        let limits = Arc::new(Limits::default());
        let entropy = Entropy::Counter(Arc::new((plan.seed << 20).into()));
        let context = Context { now: BEGINS, entropy: &entropy, limits: &limits };
        let wish = Create { groups: vec!["North".to_owned(), "South".to_owned()], ..Create::default() };
        let mut founded = create(wish, "http://localhost", context).unwrap();
        let settings = &mut founded.founding.settings;
        (settings.votes, settings.door_open) = (plan.votes, true);
        (settings.moderation, settings.private_first) = (plan.moderation, plan.private_first);
        settings.plenary_vote = if plan.plenary_vote { PlenaryVoteHeld::On } else { PlenaryVoteHeld::Off };
        let groups: Vec<GroupId> = founded.founding.groups.iter().map(|(id, _)| *id).collect();
        let ground = Ground {
            id: founded.created.id,
            journal: MemoryJournal::default(),
            seat_limits: SeatLimits::new(limits.seat_rate, limits.costs.clone(), 4, 1_000),
            limits,
            entropy,
            wall: BEGINS,
            running: 1_000,
            tick: tick(),
            last: AtomicU64::default(),
            commands: Mutex::default(),
            answers_early,
        };
        let people = staff(&founded, DocumentName::Plenary(ground.id));
        ground.append(founding(founded));
        let server = Server::start(&ground);
        let mut world = Self {
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
            reworded: BTreeSet::new(),
            given_up: Vec::new(),
            writers: BTreeMap::new(),
            voted: BTreeMap::new(),
            votes: plan.votes,
            shared: Vec::new(),
            soon: VecDeque::new(),
            mood: Mood::of(plan.seed),
            next: 0x1_0000,
            clients: 8,
            log: Vec::new(),
            deaths: 0,
            votes_read: 0,
            reads: 0,
        };
        for phone in 0..plan.phones {
            world.join(phone);
        }
        for person in 0..world.people.len() {
            world.connect(person);
        }
        let begin = serde_json::json!({ "do": "phase", "phase": "brainstorm" });
        world.decide(ORGANIZER, 1, &begin);
        // The day begins when everybody has their documents open.
        for _ in 0..2 {
            world.everything_arrives();
        }
        world
    }

    /// Somebody takes a seat in a group.
    pub(super) fn join(&mut self, group: usize) {
        let Some(server) = self.server.as_mut() else { return };
        let phones = self.people.iter().filter(|person| person.is_phone()).count();
        let request = command_id(0xf000_0000 + phones as u64);
        let group = self.groups[group % self.groups.len()];
        let join = Join { request: Some(request), group: Some(group), ..Join::default() };
        let reply = server.reply();
        let arrival = Arrival { way: EntranceKind::Plain, prefix: None };
        server.inbox.push_front(Input::Join { join, arrival, reply });
        server.turn(1, &self.ground, None).unwrap();
        let joined = |effect: &Effect| {
            let Effect::Reply(id, Answered::Joined(joined, _)) = effect else { return None };
            (*id == reply).then(|| joined.clone())
        };
        let Some(joined) = server.told.iter().find_map(joined) else { return };
        let manners = [Manner::Honest, Manner::Slow, Manner::Offline, Manner::Repeating];
        let documents = [DocumentName::Board(joined.group), DocumentName::Plenary(self.ground.id)];
        let seat = (joined.seat, Role::Participant, Some(joined.group));
        self.people.push(Person::new(seat, manners[phones % manners.len()], &documents, self.clients));
        self.clients += documents.len() as u64;
    }
}

/// Staff: the organizer, the rapporteur with the list open, the safeguarding contact, the moderators.
fn staff(founded: &Founded, list: DocumentName) -> Vec<Person> {
    let links = &founded.founding.links;
    let link = |role| links.iter().find(|link| link.role == role).unwrap();
    let moderators = links.iter().filter(|link| link.role == Role::Moderator);
    let staff = [Role::Organizer, Role::Editor, Role::Safeguarding].map(link);
    let documents = |role| if role == Role::Editor { vec![list] } else { Vec::new() };
    let person = |link: &server::consultation::StaffLink| {
        Person::new((link.seat, link.role, link.group), Manner::Honest, &documents(link.role), 1)
    };
    staff.into_iter().chain(moderators).map(person).collect()
}

/// The first record of a consultation.
fn founding(founded: Founded) -> Append {
    let record = Record::Decided(EventRecord::founding(founded.founding).to_bytes());
    Append {
        consultation: founded.created.id,
        entries: vec![StreamRecord { stream: Stream::Consultation, record }],
        texts: Vec::new(),
        files: Vec::new(),
        keys: Some(founded.keys),
        scrubs: Vec::new(),
    }
}
