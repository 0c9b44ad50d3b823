//! What is asked for often costs no more when a consultation is large in another way: ratios within one run, at sizes that
//! are small enough for a test and large enough to show what grows with the square.

use std::hint::black_box;

use proto::api::consultation::Create;
use proto::command::Action;
use proto::ids::{GroupId, IdeaId, NoteId, PointId, ReceiptHash, SeatId};
use proto::phase::Phase;
use proto::plenary::{ItemFacts, Section, Source, Status};
use proto::role::Role;
use uuid::Uuid;

use crate::clock::Entropy;
use crate::config::Limits;
use crate::consultation::secret::pseudonym;
use crate::consultation::{Consultation, Context, Event, EventRecord, Hash32, NewWords, RunFacts, create};

fn idea(n: usize) -> IdeaId {
    IdeaId(Uuid::from_u128(1 + n as u128))
}

fn seat(n: usize) -> SeatId {
    SeatId(Uuid::from_u128(1_000_000 + n as u128))
}

struct Day {
    consultation: Consultation,
    organizer: SeatId,
    groups: Vec<GroupId>,
    point: PointId,
}

impl Day {
    /// Ideas and seats, spread over the groups one after the other, in the vote.
    fn new(groups: usize, ideas: usize, seats: usize) -> Self {
        let (entropy, limits) = (Entropy::Counter(std::sync::Arc::default()), Limits::default());
        let context = Context { now: 1, entropy: &entropy, limits: &limits };
        let names = (0..groups).map(|n| format!("Group {n}")).collect();
        let founded =
            create(Create { groups: names, ..Create::default() }, "http://localhost", context).unwrap();
        let link = |role| founded.founding.links.iter().find(|link| link.role == role).unwrap().seat;
        let organizer = link(Role::Organizer);
        let point = founded.founding.points[0].id;
        let groups = founded.founding.groups.iter().map(|(id, _)| *id).collect();
        let consultation = Consultation::new(founded.created.id, founded.keys, founded.founding);
        let mut day = Self { consultation, organizer, groups, point };
        for n in 0..ideas {
            day.share(n);
        }
        for n in 0..seats {
            let (seat, group) = (seat(n), day.group(n));
            let token = Hash32([0; 32]);
            day.apply(Event::Seated { seat, group, token, card: None, waits: false });
            let by = pseudonym(&day.consultation.keys().ballots, seat);
            let note = None::<NoteId>;
            day.apply(Event::SignedOff { by, group, agreed: true, note });
        }
        let phase = Phase::Vote;
        day.act(&Action::Phase { phase, minutes: None, group: None, grace_seconds: None });
        day
    }

    fn group(&self, n: usize) -> GroupId {
        self.groups[n % self.groups.len()]
    }

    fn apply(&mut self, event: Event) {
        self.take_in_with(event, &NewWords::default());
    }

    fn take_in_with(&mut self, event: Event, words: &NewWords) {
        self.consultation.apply(&EventRecord { command: None, stamp: None, event }, words);
    }

    fn share(&mut self, n: usize) {
        let (group, point) = (self.group(n), self.point);
        let event = Event::Shared {
            idea: idea(n),
            group,
            point,
            kind: None,
            lang: "en".to_owned(),
            receipt: ReceiptHash([0; 32]),
            held: n.is_multiple_of(3),
            order: u32::try_from(n).unwrap(),
            late: false,
            waiting: false,
            spoken: false,
        };
        let words = NewWords { idea: Some(format!("idea {n}").into()), ..NewWords::default() };
        self.take_in_with(event, &words);
    }

    fn act(&mut self, action: &Action) {
        self.act_as(self.organizer, action);
    }

    fn act_as(&mut self, who: SeatId, action: &Action) {
        let (entropy, limits) = (Entropy::Counter(std::sync::Arc::default()), Limits::default());
        let context = Context { now: 1, entropy: &entropy, limits: &limits };
        let decided = self.consultation.decide(who, action, context).unwrap();
        if !self.consultation.changes_nothing(&decided, 1) {
            self.take_in_with(decided.event, &decided.words);
        }
    }

    /// Lets every second idea be one with the idea before it, in the groups from the second on.
    fn combine(&mut self, ideas: usize) {
        let step = self.groups.len();
        for n in (0..ideas).filter(|n| !n.is_multiple_of(step) && (n / step).is_multiple_of(2)) {
            self.apply(Event::Combined { idea: idea(n + step), into: idea(n) });
        }
    }

    /// A list with an entry for each of these ideas.
    fn list(&mut self, ideas: usize) {
        let item = |n: usize| {
            let text = format!("idea {n}");
            let source = Source {
                idea: idea(n),
                group: self.group(n),
                text: text.clone(),
                lang: String::new(),
                votes: None,
                via: "self".to_owned(),
            };
            let facts = ItemFacts {
                section: Section::Ideas,
                points: vec![self.point],
                rank: u32::try_from(n).unwrap(),
                t: None,
                status: Status::Listed,
                support: None,
                paid_by_group: std::collections::BTreeMap::new(),
                rank_by_votes: 0,
                number: 1,
                because: proto::plenary::Because::default(),
                anchor: idea(n),
                text,
                lang: String::new(),
                translations: std::collections::BTreeMap::new(),
                sources: vec![source],
                more: 0,
                tags: Vec::new(),
            };
            (idea(n), facts)
        };
        let items: Vec<_> = (0..ideas).map(item).collect();
        let order = [(Section::Ideas, items.iter().map(|(id, _)| *id).collect())].into_iter().collect();
        let facts = RunFacts {
            run: 1,
            sha256: String::new(),
            rule: proto::plenary::Rule::default(),
            weights: proto::plenary::Weights::default(),
            items,
            order,
            beyond: std::collections::BTreeMap::new(),
            kept_off: std::collections::BTreeMap::new(),
            audit: serde_json::Value::Null,
        };
        let words = NewWords { run: Some(facts.into()), ..NewWords::default() };
        self.take_in_with(Event::Merged { run: 1, lot: None }, &words);
    }
}

/// Processor time of this thread in nanoseconds, so that what else the machine does is not in it.
fn spent() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

/// What it costs to do something once: the least of some rounds, each long enough for the clock.
fn cost(mut act: impl FnMut()) -> f64 {
    let mut round = || {
        let (begun, mut times) = (spent(), 0.0);
        while spent() - begun < 20_000_000 {
            act();
            times += 1.0;
        }
        (spent() - begun) as f64 / times
    };
    (0..3).map(|_| round()).fold(f64::INFINITY, f64::min)
}

#[test]
fn w16_the_state_and_the_desks_cost_as_much_in_many_groups_as_in_few() {
    let (few, many) = (Day::new(8, 4_000, 2_000), Day::new(160, 4_000, 2_000));
    let state = |day: &Day| cost(|| drop(black_box(day.consultation.state(1, |_| 0))));
    let found = state(&many) / state(&few);
    assert!(found < 6.0, "the state of twenty times as many groups costs {found:.1} times as much");

    let desk = |day: &Day| {
        let actor = day.consultation.actor(day.organizer).unwrap();
        cost(|| {
            let sight = crate::consultation::people::attendance::conduct::Sight::default();
            let attendances = day.consultation.attendances(&sight, 1, &Limits::default().voices);
            drop(black_box(day.consultation.desk(actor, &attendances, &Limits::default().desks, |_| 0)));
        })
    };
    let found = desk(&many) / desk(&few);
    assert!(found < 6.0, "the organizer's desk costs {found:.1} times as much");

    let wrote = |day: &Day| cost(|| drop(black_box(day.consultation.decide_counted())));
    let found = wrote(&many) / wrote(&few);
    assert!(found < 6.0, "counting who wrote costs {found:.1} times as much");
}

#[test]
fn w16_a_vote_costs_as_much_where_others_combined_thousands_of_ideas() {
    let mut vote = {
        let (plain, mut combined) = (Day::new(20, 6_000, 20), Day::new(20, 6_000, 20));
        combined.combine(6_000 - 20);
        [plain, combined]
    };
    let vote_cost = |day: &mut Day| {
        let mut on = false;
        cost(|| {
            on = !on;
            for n in 0..50 {
                // Ideas of the first group that are not held back.
                day.act_as(seat(0), &Action::Approve { idea: idea(20 + n % 2 * 20), on, counter: None });
            }
        })
    };
    let [plain, combined] = vote.each_mut().map(vote_cost);
    let found = combined / plain;
    assert!(found < 6.0, "an approval costs {found:.1} times as much");

    let plan = |day: &Day| cost(|| drop(black_box(day.consultation.board_plan(day.groups[0]))));
    let [plain, combined] = vote.each_ref().map(plan);
    let found = combined / plain;
    assert!(found < 6.0, "loading a board costs {found:.1} times as much");
}

#[test]
fn w16_hiding_a_board_costs_as_much_for_each_idea_of_a_long_list_as_of_a_short_one() {
    let hidden = |ideas: usize| {
        let mut day = Day::new(2, ideas, 0);
        cost(|| {
            day.list(ideas);
            for on in [true, false] {
                day.act(&Action::HideBoard { group: day.groups[1], on });
            }
        })
    };
    // Four times as many ideas: four times the work, not sixteen or sixty-four.
    let found = hidden(800) / hidden(200);
    assert!(found < 9.0, "four times as many ideas cost {found:.1} times as much");
}
