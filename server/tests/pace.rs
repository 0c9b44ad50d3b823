//! Phases, points, clocks, closing with a grace, the late shelf, and what a step back keeps: decided, taken in, and read
//! back from the journal, without a server.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proto::api::consultation::{Create, GroupState, Settings};
use proto::command::{Action, Command, Share};
use proto::ids::{CommandId, GroupId, IdeaId, PointId, Receipt, SeatId, WordsHash};
use proto::phase::Phase;
use proto::problem::Code;
use proto::role::Role;
use serde_json::{Value, json};
use server::clock::{Clock, Entropy, MINUTE};
use server::config::Limits;
use server::consultation::secret::hash_token;
use server::consultation::{
    CommandKey, Consultation, Context, Event, EventRecord, NewWords, Outcome, VotedWords, create, fingerprint,
};
use server::journal::{Keys, TextChange, TextRow};
use uuid::Uuid;

/// A consultation and the journal that it is read back from.
struct Day {
    consultation: Consultation,
    keys: Keys,
    journal: Vec<(u64, EventRecord)>,
    texts: BTreeMap<TextRow, String>,
    now: Arc<AtomicU64>,
    entropy: Entropy,
    limits: Limits,
    groups: Vec<GroupId>,
    points: Vec<PointId>,
    organizer: SeatId,
    moderator: SeatId,
    people: Vec<SeatId>,
}

impl Day {
    fn new(settings: Settings) -> Self {
        let (now, entropy) = (Arc::new(AtomicU64::new(1_000)), Entropy::Counter(Arc::default()));
        let limits = Limits::default();
        let wish = json!({ "groups": ["A", "B"], "points": [
            { "title": "One?", "minutes": 10 }, { "title": "Two?", "minutes": 20 }, { "title": "Three?", "minutes": 5 },
        ]});
        let wish = Create { settings: Some(settings), ..serde_json::from_value(wish).unwrap() };
        let context = Context { now: 1_000, entropy: &entropy, limits: &limits };
        let founded = create(wish, "http://x", context).unwrap();
        let founding = founded.founding;
        let seat_of = |role| founding.links.iter().find(|link| link.role == role).unwrap().seat;
        let mut day = Self {
            keys: founded.keys,
            journal: vec![(
                1,
                EventRecord { command: None, stamp: None, event: Event::Founded(founding.clone()) },
            )],
            texts: BTreeMap::new(),
            groups: founding.groups.iter().map(|(id, _)| *id).collect(),
            points: founding.points.iter().map(|point| point.id).collect(),
            organizer: seat_of(Role::Organizer),
            moderator: seat_of(Role::Moderator),
            people: Vec::new(),
            consultation: Consultation::new(founded.created.id, founded.keys, founding),
            now,
            entropy,
            limits,
        };
        for n in 0..4_u128 {
            let (seat, group) = (SeatId(Uuid::from_u128(900 + n)), day.groups[usize::from(n == 3)]);
            day.take(
                &Event::Seated { seat, group, token: hash_token(&n.to_string()), card: None, waits: false },
                &NewWords::default(),
            );
            day.people.push(seat);
        }
        day
    }

    fn context(&self) -> Context<'_> {
        let now = Clock::Manual(Arc::clone(&self.now)).now();
        Context { now, entropy: &self.entropy, limits: &self.limits }
    }

    fn pass(&self, millis: u64) {
        self.now.fetch_add(millis, Ordering::Relaxed);
    }

    fn take(&mut self, event: &Event, words: &NewWords) {
        let seq = self.journal.len() as u64 + 1;
        let command = Command { id: CommandId(Uuid::from_u128(seq.into())), action: Action::Merge {} };
        let command = Some(CommandKey::of(&command));
        let decision = EventRecord { command, stamp: None, event: event.clone() };
        // As it stands in the journal, not as it is in memory.
        let decision = EventRecord::from_bytes(&decision.to_bytes()).unwrap();
        self.consultation.apply(&decision, words);
        self.journal.push((seq, decision));
    }

    fn keep(&mut self, changes: Vec<TextChange>) {
        for change in changes {
            match change {
                TextChange::Put(key, text) => drop(self.texts.insert(key, text)),
                TextChange::Delete(key) => drop(self.texts.remove(&key)),
            }
        }
    }

    fn command(&mut self, seat: SeatId, action: &Action) -> Result<(), Code> {
        let decided =
            self.consultation.decide(seat, action, self.context()).map_err(|problem| problem.code)?;
        self.keep(decided.texts);
        self.take(&decided.event, &decided.words);
        Ok(())
    }

    /// A command as it stands on the wire.
    fn say(&mut self, seat: SeatId, action: Value) -> Result<(), Code> {
        self.command(seat, &serde_json::from_value(action).unwrap())
    }

    fn organize(&mut self, action: Value) {
        self.say(self.organizer, action).unwrap();
    }

    fn share_of(&self, n: u128, group: usize, point: usize) -> Share {
        Share {
            idea: IdeaId(Uuid::from_u128(n)),
            group: self.groups[group],
            point: Some(self.points[point]),
            kind: None,
            lang: "en".to_owned(),
            text: format!("Idea {n}"),
            receipt: receipt(n).hash(),
            spoken: false,
        }
    }

    fn share(&mut self, n: u128, point: usize) -> IdeaId {
        let share = self.share_of(n, 0, point);
        self.command(self.people[0], &Action::Share(share)).unwrap();
        IdeaId(Uuid::from_u128(n))
    }

    /// Reads the boards whose vote opened, as the server does.
    fn read(&mut self, texts: &[(IdeaId, &str)]) {
        let words: VotedWords = texts.iter().map(|(id, text)| (*id, fingerprint(text))).collect();
        for (group, opening) in self.consultation.unread() {
            let Outcome { event, texts, words, .. } = self.consultation.read_words(group, opening, &words);
            self.keep(texts);
            self.take(&event, &words);
        }
    }

    fn confirm(&self, seat: usize) -> Vec<IdeaId> {
        self.consultation.you(self.people[seat], "").unwrap().confirm
    }

    fn group(&self, at: usize) -> GroupState {
        self.consultation.state(self.context().now, |_| 0).groups[at].clone()
    }

    /// What everybody sees, and what each seat sees alone.
    fn seen(&self) -> (Value, Vec<Value>) {
        let state = self.consultation.state(self.context().now, |_| 0);
        let you = self.people.iter().map(|seat| json!(self.consultation.you(*seat, "")));
        let shelves =
            self.groups.iter().map(|group| json!(self.consultation.late_shelf(self.organizer, *group)));
        (json!(state), you.chain(shelves.collect::<Vec<_>>()).collect())
    }

    fn reload(&mut self) {
        let texts = self.texts.clone().into_iter().collect();
        let id = self.consultation.id();
        self.consultation = Consultation::load(id, self.keys, self.journal.clone(), texts, 100).unwrap();
    }
}

impl Drop for Day {
    /// Whatever a test did: after a start of the server everything is as it was.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let before = self.seen();
            self.reload();
            assert_eq!(self.seen(), before);
        }
    }
}

fn receipt(n: u128) -> Receipt {
    serde_json::from_value(json!(format!("{n:064x}"))).unwrap()
}

#[test]
fn a_group_moves_by_itself_only_where_groups_may_and_the_organizer_calls_it_back() {
    let mut day = Day::new(Settings { groups_move: false, ..Settings::default() });
    let (moderator, group) = (day.moderator, day.groups[0]);
    let ahead = json!({ "do": "phase", "phase": "vote", "group": group });
    assert_eq!(day.say(moderator, ahead.clone()), Err(Code::GroupsStay));
    assert_eq!(
        day.say(moderator, json!({ "do": "clock", "minutes": 1, "group": group })),
        Err(Code::GroupsStay)
    );
    day.say(day.organizer, ahead.clone()).unwrap();
    assert_eq!((day.group(0).phase, day.group(1).phase), (Phase::Vote, Phase::Lobby));
    day.organize(json!({ "do": "phase", "phase": "brainstorm" }));
    assert_eq!((day.group(0).phase, day.group(1).phase), (Phase::Brainstorm, Phase::Brainstorm));
    let mut free = Day::new(Settings::default());
    let ahead = json!({ "do": "phase", "phase": "vote", "group": free.groups[0] });
    assert_eq!(free.say(free.moderator, ahead), Ok(()));
    let others = json!({ "do": "phase", "phase": "vote", "group": free.groups[1] });
    assert_eq!(free.say(free.moderator, others), Err(Code::Forbidden));
}

#[test]
fn a_brainstorm_begins_with_the_first_point_and_each_group_goes_on_from_where_it_is() {
    let mut day = Day::new(Settings::default());
    let (moderator, group) = (day.moderator, day.groups[0]);
    assert_eq!(day.group(0).point, None);
    day.organize(json!({ "do": "phase", "phase": "brainstorm" }));
    let first = day.group(0);
    assert_eq!(first.point, Some(day.points[0]));
    assert_eq!(first.point_clock.ends_at, Some(1_000 + 10 * MINUTE));
    day.pass(MINUTE);
    day.say(moderator, json!({ "do": "next-point", "group": group })).unwrap();
    day.organize(json!({ "do": "next-point" }));
    assert_eq!([day.group(0).point, day.group(1).point], [Some(day.points[2]), Some(day.points[1])]);
    assert_eq!(day.group(1).point_clock.ends_at, Some(1_000 + 21 * MINUTE));
    assert_eq!(day.say(moderator, json!({ "do": "next-point", "group": group })), Err(Code::NothingThere));
    // A group that is through stays while others go on.
    day.organize(json!({ "do": "next-point", "minutes": 3 }));
    assert_eq!([day.group(0).point, day.group(1).point], [Some(day.points[2]); 2]);
    day.organize(json!({ "do": "point", "point": day.points[0], "minutes": 0 }));
    assert_eq!((day.group(1).point, day.group(1).point_clock.ends_at), (Some(day.points[0]), None));
    let elsewhere = json!({ "do": "point", "point": day.points[0], "group": day.groups[1] });
    assert_eq!(day.say(moderator, elsewhere), Err(Code::Forbidden));
    let unknown = json!({ "do": "point", "point": Uuid::nil() });
    assert_eq!(day.say(day.organizer, unknown), Err(Code::NotFound));
}

#[test]
fn minutes_that_are_planned_anew_end_the_current_point_accordingly() {
    let mut day = Day::new(Settings::default());
    day.organize(json!({ "do": "phase", "phase": "brainstorm" }));
    day.pass(2 * MINUTE);
    day.organize(json!({ "do": "minutes", "minutes": [4, 8, 2] }));
    assert_eq!(day.group(1).minutes, [4, 8, 2]);
    assert_eq!(day.group(1).point_clock.ends_at, Some(1_000 + 6 * MINUTE));
    day.say(day.moderator, json!({ "do": "minutes", "minutes": [1, 2, 3], "group": day.groups[0] })).unwrap();
    day.organize(json!({ "do": "next-point" }));
    assert_eq!(
        [day.group(0).point_clock.ends_at, day.group(1).point_clock.ends_at].map(Option::unwrap),
        [1_000 + 4 * MINUTE, 1_000 + 10 * MINUTE]
    );
    for minutes in [json!([1, 2]), json!([1, 2, 3, 4]), json!([1, 2, 1_441])] {
        assert_eq!(
            day.say(day.organizer, json!({ "do": "minutes", "minutes": minutes })),
            Err(Code::Malformed)
        );
    }
}

#[test]
fn clocks_are_made_longer_and_shorter_for_all_or_one() {
    let mut day = Day::new(Settings::default());
    assert_eq!(day.say(day.organizer, json!({ "do": "clock", "minutes": -1 })), Err(Code::NothingThere));
    day.organize(json!({ "do": "phase", "phase": "brainstorm", "minutes": 30 }));
    day.organize(json!({ "do": "clock", "minutes": 2 }));
    day.say(day.moderator, json!({ "do": "clock", "minutes": -1, "group": day.groups[0] })).unwrap();
    let ends = |day: &Day| [0, 1].map(|at| day.group(at).clock.ends_at.unwrap());
    assert_eq!(ends(&day), [1_000 + 31 * MINUTE, 1_000 + 32 * MINUTE]);
    day.organize(json!({ "do": "clock", "of": "point", "minutes": 1 }));
    assert_eq!(day.group(0).point_clock.ends_at, Some(1_000 + 11 * MINUTE));
    assert_eq!(ends(&day), [1_000 + 31 * MINUTE, 1_000 + 32 * MINUTE]);
    for minutes in [0, 1_441, i32::MIN] {
        assert_eq!(
            day.say(day.organizer, json!({ "do": "clock", "minutes": minutes })),
            Err(Code::Malformed)
        );
    }
}

#[test]
fn reveal_shows_what_belongs_to_the_point_and_the_rest_stays_held() {
    let mut day = Day::new(Settings { private_first: true, ..Settings::default() });
    day.organize(json!({ "do": "phase", "phase": "brainstorm" }));
    let (one, two) = (day.share(1, 0), day.share(2, 1));
    assert_eq!((day.group(0).held, day.group(0).held_at_point), (2, 1));
    day.say(day.moderator, json!({ "do": "reveal", "group": day.groups[0], "point": day.points[0] }))
        .unwrap();
    let held = |day: &Day, id| day.consultation.ideas()[&id].is_held();
    assert_eq!((held(&day, one), held(&day, two), day.group(0).held), (false, true, 1));
    day.say(day.moderator, json!({ "do": "reveal", "group": day.groups[0] })).unwrap();
    assert!(!held(&day, two));
}

#[test]
fn a_closing_is_announced_cancelled_and_carried_out_by_who_announced_it() {
    let mut day = Day::new(Settings::default());
    day.organize(json!({ "do": "phase", "phase": "brainstorm" }));
    let group = day.groups[0];
    assert_eq!(day.say(day.moderator, json!({ "do": "stay", "group": group })), Err(Code::NothingThere));
    let close = json!({ "do": "phase", "phase": "vote", "minutes": 5, "group": group, "grace_seconds": 20 });
    day.say(day.moderator, close.clone()).unwrap();
    assert_eq!((day.group(0).phase, day.group(0).announced.unwrap().at), (Phase::Brainstorm, 21_000));
    day.share(1, 0);
    day.say(day.moderator, json!({ "do": "stay", "group": group })).unwrap();
    assert_eq!(day.group(0).announced, None);
    day.say(day.moderator, close).unwrap();
    day.reload();
    assert_eq!(day.consultation.announced(Some(group)).unwrap().by, Role::Moderator);
    day.pass(20_000);
    let event = day.consultation.carry_out(Some(group), day.context()).unwrap();
    day.take(&event, &NewWords::default());
    assert_eq!(
        (day.group(0).phase, day.group(0).announced, day.group(1).phase),
        (Phase::Vote, None, Phase::Brainstorm)
    );
    assert_eq!(day.group(0).clock.ends_at, Some(21_000 + 5 * MINUTE));
    let long = json!({ "do": "phase", "phase": "vote", "grace_seconds": 301 });
    assert_eq!(day.say(day.organizer, long), Err(Code::Malformed));
    // Everybody's move ends whatever was announced.
    day.organize(json!({ "do": "phase", "phase": "vote", "grace_seconds": 300 }));
    day.organize(json!({ "do": "phase", "phase": "vote" }));
    assert_eq!(day.consultation.announcements().count(), 0);
}

#[test]
fn what_comes_late_is_on_the_shelf_and_only_an_admission_brings_it_to_the_board() {
    let mut day = Day::new(Settings::default());
    day.organize(json!({ "do": "phase", "phase": "brainstorm" }));
    let (person, group) = (day.people[0], day.groups[0]);
    let shelve = Action::Shelve(day.share_of(1, 0, 1));
    assert_eq!(day.command(person, &shelve), Err(Code::WrongPhase), "the board is open: share it");
    day.organize(json!({ "do": "phase", "phase": "vote" }));
    assert_eq!(day.command(person, &Action::Share(day.share_of(1, 0, 1))), Err(Code::WrongPhase));
    day.command(person, &shelve).unwrap();
    assert!(
        day.consultation.is_shared(&shelve)
            && day.consultation.is_shared(&Action::Share(day.share_of(1, 0, 1)))
    );
    day.command(person, &Action::Shelve(day.share_of(2, 0, 0))).unwrap();
    assert_eq!((day.group(0).late, day.group(0).held), (2, 0));
    let texts = |day: &Day, seat| {
        let shelf = day.consultation.late_shelf(seat, day.groups[0]).unwrap();
        shelf.ideas.into_iter().map(|idea| idea.text).collect::<Vec<_>>()
    };
    assert_eq!(texts(&day, person), ["Idea 1", "Idea 2"]);
    assert!(day.consultation.late_shelf(day.people[3], group).is_err(), "not another group's");
    let late = IdeaId(Uuid::from_u128(1));
    assert_eq!(day.say(person, json!({ "do": "approve", "idea": late, "on": true })), Err(Code::NotFound));
    day.say(day.moderator, json!({ "do": "reveal", "group": group })).unwrap();
    assert_eq!(day.group(0).late, 2, "no reveal shows what is late");
    let read = WordsHash::of("Idea 1");
    day.say(day.moderator, json!({ "do": "admit", "idea": late, "read": read })).unwrap();
    day.say(person, json!({ "do": "approve", "idea": late, "on": true })).unwrap();
    assert_eq!(
        day.say(day.moderator, json!({ "do": "admit", "idea": late, "read": read })),
        Err(Code::NotWaiting)
    );
    let gone = json!({ "do": "withdraw", "idea": IdeaId(Uuid::from_u128(2)), "receipt": receipt(2) });
    day.say(person, gone).unwrap();
    assert_eq!(day.group(0).late, 0);
    assert!(!day.texts.contains_key(&TextRow::Idea(IdeaId(Uuid::from_u128(2)))));
}

#[test]
fn where_ideas_wait_to_be_shown_people_see_only_how_many_are_late() {
    for settings in [
        Settings { private_first: true, ..Settings::default() },
        Settings { moderation: true, ..Settings::default() },
    ] {
        let mut day = Day::new(settings);
        day.organize(json!({ "do": "phase", "phase": "vote" }));
        day.command(day.people[0], &Action::Shelve(day.share_of(1, 0, 0))).unwrap();
        let shelf = |seat| day.consultation.late_shelf(seat, day.groups[0]).unwrap();
        assert_eq!((shelf(day.people[1]).count, shelf(day.people[1]).ideas.len()), (1, 0));
        assert_eq!(shelf(day.moderator).ideas.len(), 1);
    }
}

#[test]
fn a_step_back_loses_nothing() {
    let every = Phase::ALL;
    for group in [false, true] {
        for (at, from) in every.iter().enumerate() {
            for to in &every[..at] {
                let mut day = Day::new(Settings { private_first: true, ..Settings::default() });
                day.organize(json!({ "do": "phase", "phase": "brainstorm" }));
                let (one, _) = (day.share(1, 0), day.share(2, 1));
                day.say(
                    day.moderator,
                    json!({ "do": "reveal", "group": day.groups[0], "point": day.points[0] }),
                )
                .unwrap();
                day.organize(json!({ "do": "phase", "phase": "vote" }));
                day.say(day.people[1], json!({ "do": "approve", "idea": one, "on": true })).unwrap();
                day.command(day.people[0], &Action::Shelve(day.share_of(3, 0, 0))).unwrap();
                day.organize(json!({ "do": "phase", "phase": "review" }));
                day.say(day.moderator, json!({ "do": "promote", "idea": one, "on": true })).unwrap();
                day.organize(json!({ "do": "pin", "item": one, "on": true }));
                day.organize(json!({ "do": "phase", "phase": from }));
                let kept = |day: &Day| {
                    let mut ideas: Vec<_> = day.consultation.ideas().iter().collect::<Vec<_>>();
                    ideas.sort_by_key(|(id, _)| **id);
                    let ideas = format!("{ideas:?}");
                    let list = json!(day.consultation.list());
                    (ideas, day.consultation.tally(one), list, day.seen().1)
                };
                let before = kept(&day);
                let place = if group { json!(day.groups[0]) } else { Value::Null };
                day.organize(json!({ "do": "phase", "phase": to, "group": place }));
                assert_eq!((day.group(0).phase, kept(&day)), (*to, before));
            }
        }
    }
}

#[test]
fn supporters_of_words_that_changed_are_asked_and_their_vote_counts_meanwhile() {
    let mut day = Day::new(Settings::default());
    day.organize(json!({ "do": "phase", "phase": "brainstorm" }));
    let (one, two) = (day.share(1, 0), day.share(2, 0));
    day.organize(json!({ "do": "phase", "phase": "vote" }));
    day.read(&[(one, "first"), (two, "second")]);
    let approve = |idea, on| json!({ "do": "approve", "idea": idea, "on": on });
    day.say(day.people[0], approve(one, true)).unwrap();
    day.say(day.people[0], approve(two, true)).unwrap();
    day.say(day.people[1], approve(two, true)).unwrap();
    day.organize(json!({ "do": "phase", "phase": "brainstorm" }));
    day.organize(json!({ "do": "phase", "phase": "vote" }));
    // Somebody approves before the board was read: the words are those that are on it now.
    day.say(day.people[2], approve(one, true)).unwrap();
    day.read(&[(one, "first, mended"), (two, "second")]);
    assert_eq!((day.confirm(0), day.confirm(1), day.confirm(2)), (vec![one], vec![], vec![]));
    assert_eq!(day.consultation.tally(one), 2, "it counts until its owner says otherwise");
    day.reload();
    assert_eq!(day.confirm(0), [one]);
    day.say(day.people[0], approve(one, true)).unwrap();
    assert_eq!((day.confirm(0), day.consultation.tally(one)), (vec![], 2));
    // Back and forth without a change asks nobody.
    day.organize(json!({ "do": "phase", "phase": "plenary" }));
    day.organize(json!({ "do": "phase", "phase": "vote" }));
    day.read(&[(one, "first, mended"), (two, "second")]);
    assert_eq!((day.confirm(0), day.confirm(1)), (vec![], vec![]));
    day.organize(json!({ "do": "phase", "phase": "brainstorm" }));
    day.organize(json!({ "do": "phase", "phase": "vote" }));
    day.read(&[(one, "first, mended"), (two, "second!")]);
    assert_eq!((day.confirm(0), day.confirm(1)), (vec![two], vec![two]));
    day.say(day.people[1], approve(two, false)).unwrap();
    assert_eq!((day.confirm(1), day.consultation.tally(two)), (vec![], 1));
    day.say(day.people[0], json!({ "do": "withdraw", "idea": two, "receipt": receipt(2) })).unwrap();
    assert!(
        !day.texts[&TextRow::VotedWords].contains(&two.to_string()),
        "what is withdrawn leaves no fingerprint"
    );
}
