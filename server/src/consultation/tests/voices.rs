//! One person with many seats: what reports of danger can hide, what closing many seats together takes out, and who waits
//! at the door. Rules C21 to C23.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use proto::api::consultation::{Admission, Create};
use proto::api::desk::{Alert, AlertState};
use proto::api::entry::{SeatsOnly, SeatsToClose};
use proto::api::ledger::LedgerLine;
use proto::command::{Action, ReportReason};
use proto::ids::{GroupId, IdeaId, SeatId, WordsHash};
use proto::phase::Phase;
use proto::problem::Code;
use proto::role::Role;
use uuid::Uuid;

use crate::access::Actor;
use crate::address_prefix::{PrefixId, Prefixes};
use crate::clock::{Entropy, MINUTE, Millis};
use crate::config::{DeskLimits, Limits};
use crate::consultation::tests::share;
use crate::consultation::{
    Attendances, Consultation, Context, Event, EventRecord, Hash32, NewWords, SeatSelection, Sight, create,
};

pub(in crate::consultation) struct Hall {
    pub(in crate::consultation) consultation: Consultation,
    /// Everything that was decided, to load it again.
    pub(in crate::consultation) journal: Vec<EventRecord>,
    pub(in crate::consultation) limits: Limits,
    pub(in crate::consultation) entropy: Entropy,
    pub(in crate::consultation) prefixes: Prefixes,
    pub(in crate::consultation) now: Millis,
    pub(in crate::consultation) organizer: SeatId,
    pub(in crate::consultation) moderator: SeatId,
    pub(in crate::consultation) contact: SeatId,
    pub(in crate::consultation) group: GroupId,
    pub(in crate::consultation) seats: u128,
    /// Who is connected, and was.
    pub(in crate::consultation) sight: Sight,
}

pub(in crate::consultation) fn idea(n: u128) -> IdeaId {
    IdeaId(Uuid::from_u128(0x1000_0000 + n))
}

impl Hall {
    pub(in crate::consultation) fn new(admission: Admission) -> Self {
        Self::of_groups(admission, &["North", "South"])
    }

    pub(in crate::consultation) fn of_groups(admission: Admission, groups: &[&str]) -> Self {
        let (entropy, limits) = (Entropy::Counter(Arc::default()), Limits::default());
        let now = 100 * MINUTE;
        let context = Context { now, entropy: &entropy, limits: &limits };
        let wish =
            Create { groups: groups.iter().map(|name| (*name).to_owned()).collect(), ..Create::default() };
        let mut founded = create(wish, "http://localhost", context).unwrap();
        founded.founding.settings.admission = admission;
        founded.founding.settings.votes = None;
        founded.founding.settings.plenary_vote = proto::api::plenary_vote::PlenaryVoteHeld::Off;
        let link = |role| founded.founding.links.iter().find(|link| link.role == role).unwrap().seat;
        let (organizer, moderator, contact) =
            (link(Role::Organizer), link(Role::Moderator), link(Role::Safeguarding));
        let (group, _) = founded.founding.groups[0];
        let first = Event::Founded(founded.founding.clone());
        let consultation = Consultation::new(founded.created.id, founded.keys, founded.founding);
        let prefixes = Prefixes::new(&entropy);
        let journal = vec![EventRecord { command: None, stamp: None, event: first }];
        let mut hall = Self {
            consultation,
            journal,
            limits,
            entropy,
            prefixes,
            now,
            organizer,
            moderator,
            contact,
            group,
            seats: 0,
            sight: Sight::default(),
        };
        hall.phase(Phase::Brainstorm);
        hall
    }

    pub(in crate::consultation) fn context(&self) -> Context<'_> {
        Context { now: self.now, entropy: &self.entropy, limits: &self.limits }
    }

    pub(in crate::consultation) fn apply(&mut self, who: SeatId, event: Event, words: &NewWords) {
        let stamp = self.consultation.stamp(who, &event, self.now);
        let decision = EventRecord { command: None, stamp, event };
        self.consultation.apply(&decision, words);
        self.journal.push(decision);
    }

    pub(in crate::consultation) fn act(&mut self, who: SeatId, action: &Action) -> Result<(), Code> {
        // As the task of the consultation does it, which knows who is connected.
        let decided = if let Action::CloseSeats { which, only, at_most, came, left, group } = action {
            let meant = SeatSelection { which: *which, only: *only, came: *came, left: *left };
            let seats = self.consultation.seats_to_close(who, meant, *group, &self.sight);
            seats.and_then(|seats| {
                self.consultation.decide_close_seats(seats, (meant, *at_most), *group, self.context())
            })
        } else {
            self.consultation.decide(who, action, self.context())
        };
        let decided = decided.map_err(|problem| problem.code)?;
        if let Action::Share(_) = action {
            self.consultation.count_share(who);
        } else if let Action::Report { idea, why } = action {
            self.consultation.count_report(who, *idea, *why);
        }
        self.apply(who, decided.event, &decided.words);
        Ok(())
    }

    pub(in crate::consultation) fn attendances(&self) -> Attendances {
        self.consultation.attendances(&self.sight, self.now, &self.limits.voices)
    }

    pub(in crate::consultation) fn phase(&mut self, phase: Phase) {
        let step = Action::Phase { phase, minutes: None, group: None, grace_seconds: None };
        self.act(self.organizer, &step).unwrap();
    }

    pub(in crate::consultation) fn place(&self, n: u8) -> PrefixId {
        self.prefixes.of([192, 0, 2, n].into())
    }

    pub(in crate::consultation) fn come(&mut self, place: u8) -> SeatId {
        self.come_to(self.group, place)
    }

    pub(in crate::consultation) fn come_to(&mut self, group: GroupId, place: u8) -> SeatId {
        self.seats += 1;
        let seat = SeatId(Uuid::from_u128(self.seats));
        let prefix = Some(self.place(place));
        self.consultation.note_arrival((seat, group), (prefix, false), self.now, &self.limits.voices);
        let waits = self.consultation.founding().settings.admission == Admission::Waves;
        let event = Event::Seated { seat, group, token: Hash32([1; 32]), card: None, waits };
        self.apply(seat, event, &NewWords::default());
        seat
    }

    pub(in crate::consultation) fn share(&mut self, who: SeatId, n: u128) {
        let group = self.consultation.seats()[&who].group().unwrap();
        self.act(who, &share(idea(n), group, n)).unwrap();
    }

    pub(in crate::consultation) fn danger(&mut self, who: SeatId, n: u128) -> Result<(), Code> {
        self.act(who, &Action::Report { idea: idea(n), why: ReportReason::Danger })
    }

    /// What the contact would do who has read every report of the group.
    pub(in crate::consultation) fn settle_all(&self, group: GroupId, show: bool) -> Action {
        let alerts = self.alerts();
        let told = alerts.iter().filter(|alert| alert.group == group);
        let read = told.map(|alert| (alert.idea.id, WordsHash::of(&alert.idea.text))).collect();
        Action::SettleAll { group, show, read }
    }

    pub(in crate::consultation) fn hidden(&self) -> usize {
        self.consultation.ideas().values().filter(|idea| idea.is_taken_off()).count()
    }

    pub(in crate::consultation) fn states(&self) -> BTreeMap<IdeaId, AlertState> {
        self.alerts().into_iter().map(|alert| (alert.idea.id, alert.state)).collect()
    }

    /// Every report, on one page.
    fn alerts(&self) -> Vec<Alert> {
        let actor = Actor { role: Role::Safeguarding, group: None };
        let limits =
            DeskLimits { ideas_max: usize::MAX, words_bytes_max: usize::MAX, ..DeskLimits::default() };
        self.consultation.alerts(actor, 0, &limits).unwrap().alerts
    }

    /// The consultation as it is after a restart of the server.
    pub(in crate::consultation) fn restart(&mut self) {
        let (id, keys) = (self.consultation.id(), *self.consultation.keys());
        let decisions = (1..).zip(self.journal.clone()).collect();
        self.consultation = Consultation::load(id, keys, decisions, Vec::new(), 1_000).unwrap();
    }

    /// Twelve people one after another, who share forty ideas.
    pub(in crate::consultation) fn with_people(admission: Admission) -> (Self, Vec<SeatId>) {
        let mut hall = Self::new(admission);
        let people: Vec<SeatId> = (0..12)
            .map(|_| {
                hall.now += 5_000;
                hall.come(1)
            })
            .collect();
        for n in 0..40 {
            hall.share(people[usize::try_from(n % 12).unwrap()], n);
        }
        (hall, people)
    }

    /// A thousand seats from one place in a second.
    pub(in crate::consultation) fn flood(&mut self) -> Vec<SeatId> {
        (0..1_000)
            .map(|_| {
                self.now += 1;
                self.come(7)
            })
            .collect()
    }
}

#[test]
fn c23_a_thousand_seats_hide_four_ideas_and_no_more_until_somebody_has_looked() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    let flood = hall.flood();
    let mut reports = 0;
    for (n, seat) in flood.iter().enumerate() {
        for turn in 0..3_u128 {
            reports += usize::from(hall.danger(*seat, (n as u128 * 3 + turn) % 40).is_ok());
        }
    }
    assert!(reports > 2_700 && hall.hidden() == 4, "{} hidden by {reports} reports", hall.hidden());
    let waiting = hall.states().values().filter(|state| **state == AlertState::Waiting).count();
    assert_eq!((hall.states().len(), waiting), (40, 36), "the contact is told of each");
    // Time alone lets nothing more go while the contact has not looked; and after a restart it is the same.
    hall.now += 60 * MINUTE;
    hall.restart();
    for (n, seat) in flood.iter().enumerate() {
        let _ = hall.danger(*seat, n as u128 % 40);
    }
    assert_eq!(hall.hidden(), 4);
    // A person who was there before is a second look, unless the server was started since.
    hall.danger(people[0], 20).unwrap();
    assert_eq!(hall.hidden(), 4);
}

#[test]
fn c23_pairs_of_seats_that_are_no_burst_hide_few_ideas_too() {
    let (mut hall, _) = Hall::with_people(Admission::Open);
    // As many at once as are no burst, and once more, as one person can do it every ten seconds.
    let mut seats: Vec<SeatId> = (0..25).map(|_| hall.come(7)).collect();
    hall.now += 11_000;
    seats.extend((0..25).map(|_| hall.come(7)));
    let mut turns = (0..40).flat_map(|n| [n, n]).cycle();
    for _ in 0..3 {
        for seat in &seats {
            let _ = hall.danger(*seat, turns.next().unwrap());
        }
    }
    let most = hall.limits.voices.danger_alone + hall.limits.voices.danger_together;
    assert_eq!(hall.hidden(), most, "some alone and some by pairs");
    hall.danger(hall.moderator, 39).unwrap();
    assert_eq!(hall.hidden(), most + 1, "staff hide at once all the same");
    hall.restart();
    assert_eq!(hall.hidden(), most + 1);
}

#[test]
fn c23_a_second_older_seat_hides_at_once_and_nobody_is_their_own_second_look() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    let late = (0..4).map(|_| hall.come(2)).collect::<Vec<_>>();
    for (person, n) in [(0, 0), (0, 1), (0, 2), (3, 3)] {
        hall.danger(people[person], n).unwrap();
    }
    hall.danger(people[1], 10).unwrap();
    hall.danger(people[1], 10).unwrap();
    assert_eq!(hall.hidden(), 4, "the same seat again is no second look");
    hall.danger(people[2], 10).unwrap();
    assert_eq!(hall.hidden(), 5, "another seat that was there before is one");
    let newest = hall.come(3);
    hall.danger(late[0], 11).unwrap();
    hall.danger(newest, 11).unwrap();
    assert_eq!(hall.hidden(), 5, "who came after the first of the reports is none");
    hall.danger(hall.moderator, 12).unwrap();
    assert_eq!(hall.hidden(), 6, "whoever moderates hides at once");
    // The ledger tells what is held, of nobody, and without a reason.
    let told = hall
        .consultation
        .ledger()
        .iter()
        .filter(|entry| matches!(entry.line, LedgerLine::HeldInGroup { on: true, .. }));
    assert_eq!(told.map(|entry| entry.by).collect::<Vec<_>>(), [None; 6]);
}

#[test]
fn c23_the_contact_settles_all_of_a_group_with_one_act() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    for (n, person) in people.iter().enumerate() {
        let _ = hall.danger(*person, n as u128);
    }
    assert_eq!(hall.hidden(), 4);
    assert_eq!(hall.act(hall.moderator, &hall.settle_all(hall.group, true)), Err(Code::Forbidden));
    hall.act(hall.contact, &Action::Settle { idea: idea(5), show: false, read: None }).unwrap();
    assert_eq!(hall.hidden(), 5, "the contact's look hides what waited");
    hall.act(hall.contact, &hall.settle_all(hall.group, true)).unwrap();
    assert_eq!(hall.hidden(), 1, "what was decided alone stays as it was decided");
    // They were false alarms: the bound still holds for an hour, then a report hides at once again.
    hall.danger(people[0], 30).unwrap();
    assert_eq!(hall.hidden(), 1);
    hall.now += 61 * MINUTE;
    hall.danger(people[1], 31).unwrap();
    assert_eq!(hall.hidden(), 2);
    let before = hall.states();
    hall.restart();
    assert_eq!((hall.states(), hall.hidden()), (before, 2));
}

#[test]
fn c22_a_burst_is_closed_in_one_action_and_every_vote_of_it_is_gone() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    let flood = hall.flood();
    hall.act(hall.organizer, &Action::Combine { idea: idea(1), into: idea(2) }).unwrap();
    hall.phase(Phase::Vote);
    for person in &people {
        hall.act(*person, &Action::Approve { idea: idea(0), on: true, counter: None }).unwrap();
    }
    for seat in &flood {
        for n in [1, 2, 3] {
            hall.act(*seat, &Action::Approve { idea: idea(n), on: true, counter: None }).unwrap();
        }
    }
    hall.phase(Phase::Review);
    for seat in &flood {
        let line = Some("We were never asked".to_owned()).filter(|_| *seat == flood[0]);
        hall.act(*seat, &Action::SignOff { group: hall.group, agree: line.is_none(), line, read: None })
            .unwrap();
    }
    assert_eq!((hall.consultation.tally(idea(3)), hall.consultation.tally(idea(2))), (1_000, 1_000));
    let attendance = hall.attendances();
    let told: Vec<_> =
        attendance.all.bursts.iter().map(|burst| (burst.burst, burst.seats, burst.seconds)).collect();
    assert_eq!((attendance.all.seats, told), (1_012, vec![(1, 1_000, 1)]));
    let close = |at_most| Action::CloseSeats {
        which: SeatsToClose::Burst(1),
        only: None,
        at_most,
        came: None,
        left: None,
        group: None,
    };
    assert_eq!(hall.act(hall.organizer, &close(999)), Err(Code::Stale), "more than were seen");
    assert_eq!(
        hall.act(hall.moderator, &close(1_000)),
        Err(Code::Forbidden),
        "all groups are the organizer's"
    );
    assert_eq!(hall.act(people[0], &close(1_000)), Err(Code::Forbidden));
    hall.act(hall.organizer, &close(1_000)).unwrap();
    for turn in 0..2 {
        let tallies: Vec<u32> = (0..4).map(|n| hall.consultation.tally(idea(n))).collect();
        assert_eq!((turn, tallies), (turn, vec![12, 0, 0, 0]));
        assert_eq!(hall.consultation.ballots().count(), 12);
        assert_eq!(
            (
                hall.consultation.participants(hall.group),
                hall.consultation.signed_counts().get(&hall.group).copied().unwrap_or(0)
            ),
            (12, 0)
        );
        assert!(hall.consultation.is_closed(flood[500]) && !hall.consultation.is_closed(people[3]));
        assert_eq!(
            hall.act(flood[1], &Action::Approve { idea: idea(0), on: true, counter: None }),
            Err(Code::Unauthorized)
        );
        let line = &hall.consultation.ledger().last().unwrap().line;
        assert!(matches!(line, LedgerLine::SeatsClosed { seats: 1_000, .. }), "{line:?}");
        hall.restart();
    }
    assert_eq!(hall.act(hall.organizer, &close(1_000)), Err(Code::NotFound), "bursts are in memory only");
}

#[test]
fn c22_few_seats_of_a_burst_are_not_closed_together_and_idle_seats_never_did_anything() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    let moved = hall.flood();
    let south = *hall.consultation.groups().keys().find(|group| **group != hall.group).unwrap();
    for seat in &moved[..4] {
        hall.apply(*seat, Event::SeatMoved { seat: *seat, group: south }, &NewWords::default());
    }
    let close = |group| Action::CloseSeats {
        which: SeatsToClose::Burst(1),
        only: None,
        at_most: 1_000,
        came: None,
        left: None,
        group,
    };
    assert_eq!(hall.act(hall.organizer, &close(Some(south))), Err(Code::TooFew));
    hall.phase(Phase::Vote);
    hall.act(moved[9], &Action::Approve { idea: idea(0), on: true, counter: None }).unwrap();
    hall.act(moved[9], &Action::Approve { idea: idea(0), on: false, counter: None }).unwrap();
    // Not who shared, not who ever voted, not who is connected.
    hall.sight.present = HashSet::from([moved[10], people[0]]);
    let idle = |hall: &Hall| {
        let meant =
            SeatSelection { which: SeatsToClose::All, only: Some(SeatsOnly::Idle), came: None, left: None };
        hall.consultation.seats_to_close(hall.organizer, meant, None, &hall.sight).unwrap()
    };
    let found = idle(&hall);
    assert_eq!(found.len(), 998);
    assert!(
        !found.contains(&moved[9])
            && !found.contains(&moved[10])
            && people.iter().all(|one| !found.contains(one))
    );
    assert_eq!(hall.attendances().all.conduct.idle, 998);
    // After a restart nobody knows who shared or typed, until the board is loaded: then nobody who was there when the last idea
    // was shared is among them; who came later is.
    hall.restart();
    assert_eq!((idle(&hall).len(), hall.attendances().all.conduct.unsure), (0, 1_012));
    hall.consultation.typists().loaded(hall.group, std::iter::empty());
    let found = idle(&hall);
    assert!(people.iter().all(|one| !found.contains(one)) && !found.contains(&moved[9]));
    assert_eq!(found.len(), 998);
}

#[test]
fn c21_waves_keep_people_at_the_door_until_they_are_let_in_and_a_restart_changes_nothing() {
    let mut hall = Hall::new(Admission::Waves);
    let people: Vec<SeatId> = (0..10).map(|_| hall.come(1)).collect();
    assert!(people.iter().all(|one| hall.consultation.actor(*one).is_none()));
    let attendance = hall.attendances().all;
    assert_eq!((attendance.seats, attendance.at_door, attendance.conduct.idle), (0, 10, 0));
    hall.restart();
    let south = *hall.consultation.groups().keys().find(|group| **group != hall.group).unwrap();
    let let_in = |count, group| Action::LetIn { count, group };
    assert_eq!(hall.act(people[0], &let_in(None, None)), Err(Code::Unauthorized));
    assert_eq!(hall.act(hall.organizer, &let_in(None, Some(south))), Err(Code::NothingThere));
    let group = Some(hall.group);
    hall.act(hall.moderator, &let_in(Some(4), group)).unwrap();
    for _ in 0..2 {
        let inside: Vec<bool> = people.iter().map(|one| hall.consultation.actor(*one).is_some()).collect();
        assert_eq!(inside, [[true; 4].as_slice(), &[false; 6]].concat(), "in the order in which they came");
        hall.restart();
    }
    hall.act(hall.organizer, &let_in(None, None)).unwrap();
    assert!(people.iter().all(|one| hall.consultation.actor(*one).is_some()));
    hall.act(hall.organizer, &Action::Chairs { count: Some(8), group: None }).unwrap();
    assert_eq!(hall.attendances().all.chairs, Some(8));
}
