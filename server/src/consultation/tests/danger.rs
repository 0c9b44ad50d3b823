//! One person with sixty seats that came slowly, in every group, in every phase: what their reports of danger can hide, and
//! that a report by one person still reaches the safeguarding contact at once. Rule C23.

use std::sync::Arc;

use proto::api::consultation::Admission;
use proto::api::desk::{Alert, AlertState};
use proto::command::Action;
use proto::ids::{GroupId, IdeaId, SeatId, WordsHash};
use proto::phase::Phase;
use proto::plenary::{ItemFacts, Source};
use proto::problem::Code;
use proto::role::Role;

use crate::access::Actor;
use crate::clock::MINUTE;
use crate::config::{DeskLimits, Limits};
use crate::consultation::tests::voices::{Hall, idea};
use crate::consultation::{Event, NewWords, RunFacts};

const GROUPS: [&str; 10] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
const IDEAS: u128 = 12;

/// Ten groups with a person and twelve ideas each, and six seats of one person in each, one every twenty seconds.
fn one_person_everywhere() -> (Hall, Vec<(GroupId, SeatId)>) {
    let mut hall = Hall::of_groups(Admission::Open, &GROUPS);
    let groups: Vec<GroupId> = hall.consultation.groups().keys().copied().collect();
    let mut seats = Vec::new();
    for (at, group) in (0..).zip(&groups) {
        let author = hall.come_to(*group, 1);
        for n in 0..IDEAS {
            hall.share(author, at * IDEAS + n);
        }
    }
    for _ in 0..6 {
        for group in &groups {
            hall.now += 20_000;
            seats.push((*group, hall.come_to(*group, 7)));
        }
    }
    (hall, seats)
}

/// Every seat reports what is still shown, as often as it may, two of them the same idea.
fn report_all(hall: &mut Hall, seats: &[(GroupId, SeatId)], anywhere: bool) {
    for turn in 0..3 {
        for (at, (group, seat)) in seats.iter().enumerate() {
            let shown = hall.consultation.ideas().iter().filter(|(_, idea)| !idea.is_taken_off());
            let mine = shown.filter(|(_, idea)| anywhere || idea.group() == *group).map(|(id, _)| *id);
            let mut mine: Vec<IdeaId> = mine.collect();
            mine.sort_unstable();
            let Some(id) = mine.get((at / 10 / 2 + turn) % mine.len().max(1)) else { continue };
            let _ = hall.danger(*seat, id.0.as_u128() - 0x1000_0000);
        }
    }
}

fn alert(hall: &Hall, n: u128) -> Alert {
    let actor = Actor { role: Role::Safeguarding, group: None };
    let alerts = hall.consultation.alerts(actor, 0, &Limits::default().desks).unwrap();
    alerts.alerts.into_iter().find(|alert| alert.idea.id == idea(n)).unwrap()
}

fn listed(hall: &Hall, n: u128) -> (IdeaId, ItemFacts) {
    let group = hall.consultation.ideas()[&idea(n)].group();
    let source = Source {
        idea: idea(n),
        group,
        text: format!("Idea {n}"),
        lang: "en".to_owned(),
        votes: None,
        via: "anchor".to_owned(),
    };
    let facts = serde_json::json!({
        "section": "recommendations", "points": [], "rank": 1, "t": null, "status": "listed", "support": null, "paid_by_group": {},
        "rank_by_votes": 1, "anchor": idea(n), "text": source.text, "lang": "en", "sources": [source], "tags": [],
    });
    (idea(n), serde_json::from_value(facts).unwrap())
}

/// Makes a list of these ideas.
pub(in crate::consultation) fn list(hall: &mut Hall, ideas: &[u128]) {
    let facts = RunFacts {
        run: 1,
        sha256: String::new(),
        rule: Default::default(),
        weights: Default::default(),
        items: ideas.iter().map(|n| listed(hall, *n)).collect(),
        order: Default::default(),
        beyond: std::collections::BTreeMap::new(),
        kept_off: std::collections::BTreeMap::new(),
        audit: serde_json::Value::Null,
    };
    let words = NewWords { run: Some(Arc::new(facts)), ..NewWords::default() };
    hall.apply(hall.organizer, Event::Merged { run: 1, lot: None }, &words);
}

#[test]
fn c23_one_person_with_seats_in_every_group_hides_no_more_than_a_bound_of_all_groups() {
    let (mut hall, seats) = one_person_everywhere();
    report_all(&mut hall, &seats, false);
    let voices = hall.limits.voices.clone();
    let most = (voices.danger_alone + voices.danger_together) * voices.danger_groups;
    assert!(hall.hidden() <= most && hall.hidden() > voices.danger_alone, "{} of 120", hall.hidden());
    let hidden = hall.hidden();
    hall.restart();
    assert_eq!(hall.hidden(), hidden);
    // Somebody in a group of which nothing was hidden reports a danger: the contact is told in that moment.
    let alerts = hall.states().len();
    let quiet = (0..10).find(|at| !hall.states().contains_key(&idea(at * IDEAS + 11))).unwrap();
    let group = hall.consultation.ideas()[&idea(quiet * IDEAS + 11)].group();
    let child = hall.come_to(group, 9);
    hall.danger(child, quiet * IDEAS + 11).unwrap();
    assert_eq!(hall.states().len(), alerts + 1);
}

#[test]
fn c23_one_seat_that_reports_its_own_ideas_leaves_room_for_the_report_of_another() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    // Whoever wants to use up the bound does not show a receipt: the server cannot tell whose ideas these are.
    let own = [100, 101, 102];
    for n in own {
        hall.share(people[0], n);
    }
    for n in own {
        hall.danger(people[0], n).unwrap();
    }
    assert_eq!(hall.danger(people[0], 0), Err(Code::TooManyReports));
    let threat = 7;
    hall.danger(people[1], threat).unwrap();
    assert_eq!(alert(&hall, threat).state, AlertState::New, "it is hidden at once");
    assert_eq!(hall.hidden(), own.len() + 1);
}

#[test]
fn c23_two_seats_can_use_up_the_bound_and_then_the_contact_a_second_person_or_staff_hide_the_threat() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    for (n, who) in [(100, 0), (101, 0), (102, 0), (103, 1)] {
        hall.share(people[who], n);
        hall.danger(people[who], n).unwrap();
    }
    let [told, doubled, seen] = [7, 8, 9];
    for n in [told, doubled, seen] {
        hall.danger(people[2], n).unwrap();
        assert_eq!(alert(&hall, n).state, AlertState::Waiting, "the contact is told at once");
    }
    hall.act(hall.contact, &Action::Settle { idea: idea(told), show: false, read: None }).unwrap();
    hall.danger(people[3], doubled).unwrap();
    hall.danger(hall.moderator, seen).unwrap();
    for n in [told, doubled, seen] {
        assert!(hall.consultation.ideas()[&idea(n)].is_taken_off(), "{n}");
    }
}

#[test]
fn c23_a_seat_may_report_fewer_ideas_than_single_reports_hide_in_a_group() {
    let limits = Limits::default();
    assert!((limits.danger_reports_per_seat as usize) < limits.voices.danger_alone);
}

#[test]
fn c23_ideas_on_the_list_share_one_bound_whatever_groups_they_are_from() {
    let (mut hall, seats) = one_person_everywhere();
    hall.phase(Phase::Plenary);
    let items: Vec<u128> = (0..10).flat_map(|at| [at * IDEAS, at * IDEAS + 1]).collect();
    list(&mut hall, &items);
    let off = |hall: &Hall| {
        let ideas = hall.consultation.ideas();
        items.iter().filter(|n| ideas[&idea(**n)].is_taken_off()).count()
    };
    // Each by a seat of its own, two of each group.
    for (n, (_, seat)) in items.iter().zip(&seats) {
        hall.danger(*seat, *n).unwrap();
    }
    assert_eq!(off(&hall), hall.limits.voices.danger_alone);
    // From other groups only what is on the list can be reported.
    report_all(&mut hall, &seats, true);
    let off = off(&hall);
    let most = hall.limits.voices.danger_alone + hall.limits.voices.danger_together;
    assert!(off > 0 && off <= most, "{off} of twenty on the list");
    assert!(hall.states().len() >= off);
}

#[test]
fn c23_false_alarms_count_for_an_hour_so_that_the_contact_is_not_worn_out() {
    let (mut hall, seats) = one_person_everywhere();
    let (group, _) = seats[0];
    let mine: Vec<SeatId> = seats.iter().filter(|(of, _)| *of == group).map(|(_, seat)| *seat).collect();
    let at =
        (0..10).find(|at| hall.consultation.ideas()[&idea(at * IDEAS)].group() == group).unwrap() * IDEAS;
    for (n, seat) in (0..).zip(&mine[..4]) {
        hall.danger(*seat, at + n).unwrap();
    }
    assert_eq!(hall.hidden(), 4);
    hall.act(hall.contact, &hall.settle_all(group, true)).unwrap();
    hall.now += 11 * MINUTE;
    hall.danger(mine[4], at + 5).unwrap();
    assert_eq!(hall.hidden(), 0, "it waits for the contact's look");
    assert_eq!(alert(&hall, at + 5).state, AlertState::Waiting);
    hall.now += 50 * MINUTE;
    hall.danger(mine[5], at + 6).unwrap();
    assert_eq!(hall.hidden(), 1);
}

#[test]
fn c23_what_was_shown_again_and_is_reported_again_is_told_to_the_contact_anew() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    hall.danger(people[0], 1).unwrap();
    hall.act(hall.contact, &Action::Settle { idea: idea(1), show: true, read: None }).unwrap();
    assert_eq!(alert(&hall, 1).again, 0);
    // Its words are others by now; somebody else sees the danger.
    hall.danger(people[1], 1).unwrap();
    for _ in 0..2 {
        let told = alert(&hall, 1);
        assert_eq!((told.state, told.again, told.reports), (AlertState::Shown, 1, 2));
        hall.restart();
    }
    hall.act(hall.contact, &Action::Settle { idea: idea(1), show: true, read: None }).unwrap();
    assert_eq!(alert(&hall, 1).again, 0, "it was looked at again");
    assert_eq!(hall.hidden(), 0);
}

/// Rule C31: a report that came in the same moment was read by nobody, whether the contact shows or keeps hidden.
#[test]
fn c31_the_contact_settles_all_that_was_read_and_no_report_that_came_meanwhile() {
    for show in [true, false] {
        let (mut hall, people) = Hall::with_people(Admission::Open);
        hall.danger(people[0], 1).unwrap();
        let settle = hall.settle_all(hall.group, show);
        hall.danger(people[1], 2).unwrap();
        hall.act(hall.contact, &settle).unwrap();
        assert_eq!(alert(&hall, 1).state, if show { AlertState::Shown } else { AlertState::Kept });
        assert_eq!(alert(&hall, 2).state, AlertState::New);
        assert_eq!(hall.hidden(), if show { 1 } else { 2 });
    }
}

#[test]
fn c31_the_contact_shows_no_other_words_than_those_that_were_read_and_hides_in_any_case() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    hall.danger(people[0], 1).unwrap();
    let settle = |words: &str, show| Action::Settle { idea: idea(1), show, read: Some(WordsHash::of(words)) };
    assert_eq!(hall.act(hall.contact, &settle("Others", true)), Err(Code::Stale));
    hall.act(hall.contact, &settle("Idea 1", true)).unwrap();
    hall.act(hall.contact, &settle("Others", false)).unwrap();
    assert_eq!(alert(&hall, 1).state, AlertState::Kept);
}

/// Rule C17: a report that nobody can read is said to those who can bring the link to its contact.
#[test]
fn c17_until_the_contacts_link_was_opened_staff_are_told_that_a_report_waits() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    let told = |hall: &Hall, role| {
        let group = (role == Role::Moderator).then_some(hall.group);
        let desk =
            hall.consultation.desk(Actor { role, group }, &hall.attendances(), &hall.limits.desks, |_| 0);
        let desk = desk.unwrap();
        (desk.contact_absent, desk.groups.iter().any(|group| group.report_unread))
    };
    assert_eq!((told(&hall, Role::Organizer), told(&hall, Role::Moderator)), ((true, false), (false, false)));
    hall.danger(people[0], 1).unwrap();
    assert_eq!((told(&hall, Role::Organizer), told(&hall, Role::Moderator)), ((true, true), (false, true)));
    let looked = Event::ContactLooked { seat: hall.contact };
    hall.apply(hall.contact, looked, &NewWords::default());
    for _ in 0..2 {
        let nothing = (false, false);
        assert_eq!((told(&hall, Role::Organizer), told(&hall, Role::Moderator)), (nothing, nothing));
        hall.restart();
    }
    assert!(!hall.consultation.is_new_contact(hall.contact) && !hall.consultation.is_new_contact(people[0]));
}

#[test]
fn c27_the_safeguarding_contact_is_told_the_first_reports_and_reads_the_others_by_pages() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    for n in 0..36 {
        hall.now += MINUTE;
        hall.danger(people[n % 12], n as u128).unwrap();
    }
    let states = hall.states();
    let new: Vec<IdeaId> =
        states.iter().filter(|(_, state)| **state == AlertState::New).map(|(id, _)| *id).collect();
    hall.act(hall.contact, &Action::Settle { idea: new[0], show: false, read: None }).unwrap();
    let contact = Actor { role: Role::Safeguarding, group: None };
    let words: usize = hall.consultation.ideas()[&idea(3)].words().text.len();
    // Seven, or as many as have so many bytes of words.
    for (ideas_max, words_bytes_max) in [(7, usize::MAX), (usize::MAX, 7 * words + 1)] {
        let limits = DeskLimits { ideas_max, words_bytes_max, ..DeskLimits::default() };
        let mut read: Vec<Alert> = Vec::new();
        while read.len() < 36 {
            let page = hall.consultation.alerts(contact, read.len(), &limits).unwrap();
            assert_eq!(page.all, 36);
            assert!((1..=8).contains(&page.alerts.len()), "{} in one page", page.alerts.len());
            read.extend(page.alerts);
        }
        let told: Vec<AlertState> = read.iter().map(|alert| alert.state).collect();
        let (first, last) = told.split_at(states.len() - new.len());
        assert!(first.iter().all(|state| *state == AlertState::Waiting), "still on the board: {told:?}");
        assert_eq!(last.last(), Some(&AlertState::Kept), "what is decided comes last");
        assert!(read.windows(2).all(|two| two[0].at >= two[1].at || two[0].state != two[1].state));
        let ids: std::collections::BTreeSet<IdeaId> = read.iter().map(|alert| alert.idea.id).collect();
        assert_eq!((read.len(), ids.len()), (36, 36), "each once");
    }
}
