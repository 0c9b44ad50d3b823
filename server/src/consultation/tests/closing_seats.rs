//! Closing many seats and not everybody with them: what is known of seats, which of them are closed, and undoing it. Rules C22,
//! C28 and C29.

use std::collections::BTreeMap;

use proto::api::consultation::Admission;
use proto::api::desk::Conduct;
use proto::api::entry::{SeatsOnly, SeatsToClose};
use proto::api::ledger::LedgerLine;
use proto::command::Action;
use proto::ids::{CardId, IdeaId, SeatId};
use proto::phase::Phase;
use proto::problem::Code;
use uuid::Uuid;

use crate::clock::MINUTE;
use crate::consultation::tests::danger::list;
use crate::consultation::tests::voices::{Hall, idea};
use crate::consultation::{Event, Hash32, NewWords};

fn close(which: SeatsToClose, only: Option<SeatsOnly>) -> Action {
    Action::CloseSeats { which, only, at_most: 10_000, came: None, left: None, group: None }
}

fn approve(hall: &mut Hall, seat: SeatId, n: u128) {
    hall.act(seat, &Action::Approve { idea: idea(n), on: true, counter: None }).unwrap();
}

/// A flood of sixty seats, and ten people with phones who came through the same address in the same seconds: three of
/// them wrote.
fn burst_with_people() -> (Hall, Vec<SeatId>, Vec<SeatId>) {
    let (mut hall, _) = Hall::with_people(Admission::Open);
    let (mut flood, mut people) = (Vec::new(), Vec::new());
    for n in 0..70 {
        hall.now += 20;
        let seat = hall.come(7);
        if n % 7 == 0 { people.push(seat) } else { flood.push(seat) }
    }
    hall.sight.present.extend(&people);
    hall.sight.seen.extend(&people);
    for (n, seat) in (100..).zip(&people[..3]) {
        hall.share(*seat, n);
    }
    (hall, flood, people)
}

fn tallies(hall: &Hall) -> BTreeMap<IdeaId, u32> {
    let ideas = hall.consultation.ideas().keys();
    ideas.map(|id| (*id, hall.consultation.tally(*id))).filter(|(_, votes)| *votes > 0).collect()
}

#[test]
fn c28_before_a_burst_is_closed_it_is_told_how_many_have_a_phone_wrote_and_voted() {
    let (mut hall, flood, people) = burst_with_people();
    hall.phase(Phase::Vote);
    for seat in &flood[..20] {
        approve(&mut hall, *seat, 1);
    }
    approve(&mut hall, people[9], 2);
    let told = hall.attendances().all.bursts[0].clone();
    let expected = Conduct {
        phones: 10,
        unseen: 60,
        wrote: 3,
        unsure: 0,
        ideas: 3,
        voted: 21,
        silent: 70 - 3 - 21,
        absent: 60,
        idle: 40,
    };
    assert_eq!((told.seats, told.conduct), (70, expected));
    // Who only typed in a text of others wrote as well, as rooms tell.
    let hand = hall.consultation.seats()[&people[5]].hand().unwrap();
    hall.consultation.typists().loaded(hall.group, std::iter::once(hand));
    assert_eq!(hall.attendances().all.bursts[0].conduct.wrote, 4);
}

#[test]
fn c22_only_seats_without_a_phone_or_only_those_that_did_nothing_are_closed() {
    let (mut hall, flood, people) = burst_with_people();
    hall.phase(Phase::Vote);
    for seat in &flood[..20] {
        approve(&mut hall, *seat, 1);
    }
    hall.act(hall.organizer, &close(SeatsToClose::Burst(1), Some(SeatsOnly::Idle))).unwrap();
    let open = |hall: &Hall, seats: &[SeatId]| {
        seats.iter().filter(|seat| !hall.consultation.is_closed(**seat)).count()
    };
    assert_eq!((open(&hall, &flood), open(&hall, &people)), (20, 10), "who voted or has a phone stays");
    assert_eq!(hall.consultation.tally(idea(1)), 20);
    hall.act(hall.organizer, &close(SeatsToClose::Burst(1), Some(SeatsOnly::Absent))).unwrap();
    assert_eq!((open(&hall, &flood), open(&hall, &people)), (0, 10));
    assert_eq!(hall.consultation.tally(idea(1)), 0);
    hall.act(hall.organizer, &close(SeatsToClose::Burst(1), Some(SeatsOnly::Silent))).unwrap();
    assert_eq!(open(&hall, &people), 3, "those who wrote");
    assert_eq!(hall.act(hall.organizer, &close(SeatsToClose::Burst(1), None)), Err(Code::TooFew));
    assert_eq!(hall.act(hall.organizer, &close(SeatsToClose::All, None)), Err(Code::Malformed));
}

#[test]
fn c28_a_slow_flood_is_no_burst_and_is_seen_by_what_its_seats_did_not_do() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    hall.sight.present.extend(&people);
    hall.act(hall.organizer, &Action::Chairs { count: Some(12), group: None }).unwrap();
    let mut flood = Vec::new();
    for _ in 0..800 {
        hall.now += 3_000;
        flood.push(hall.come(7));
    }
    let all = hall.attendances().all;
    assert!(all.bursts.is_empty() && all.seats == 812 && all.chairs == Some(12));
    assert_eq!((all.conduct.phones, all.conduct.unseen, all.conduct.idle), (12, 800, 800));
    assert_eq!(all.arrived.len(), hall.limits.voices.minutes_told);
    assert!(all.arrived[..9].iter().all(|minute| minute.seats == 20), "{:?}", all.arrived);
    // Seats with a phone that never did anything are closed by the one choice, not by the other.
    hall.sight.present.extend(&flood[..100]);
    hall.act(hall.organizer, &close(SeatsToClose::All, Some(SeatsOnly::Idle))).unwrap();
    assert_eq!(hall.attendances().all.seats, 112);
    hall.act(hall.organizer, &close(SeatsToClose::All, Some(SeatsOnly::Silent))).unwrap();
    assert_eq!(hall.attendances().all.seats, 12);
    assert!(people.iter().all(|seat| !hall.consultation.is_closed(*seat)));
    let lines: Vec<_> = hall.consultation.ledger().iter().map(|entry| entry.line.clone()).collect();
    assert!(matches!(lines.last(), Some(LedgerLine::SeatsClosed { seats: 100, .. })), "{lines:?}");
}

#[test]
fn c22_a_seat_that_came_with_a_card_is_never_closed_with_others() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    let card = SeatId(Uuid::from_u128(0xCA2D));
    let (group, now) = (hall.group, hall.now);
    hall.consultation.note_arrival((card, group), (Some(hall.place(7)), true), now, &hall.limits.voices);
    let event =
        Event::Seated { seat: card, group, token: Hash32([2; 32]), card: Some(CardId(card.0)), waits: false };
    hall.apply(card, event, &NewWords::default());
    hall.flood();
    hall.act(hall.organizer, &close(SeatsToClose::Burst(1), None)).unwrap();
    hall.flood();
    hall.act(hall.organizer, &close(SeatsToClose::All, Some(SeatsOnly::Absent))).unwrap();
    assert!(!hall.consultation.is_closed(card) && hall.consultation.is_closed(people[0]));
}

#[test]
fn c29_a_closing_is_undone_with_every_vote_and_a_restart_changes_nothing() {
    let (mut hall, flood, people) = burst_with_people();
    hall.act(hall.organizer, &Action::Combine { idea: idea(1), into: idea(2) }).unwrap();
    hall.phase(Phase::Vote);
    for (n, seat) in (0_u128..).zip(flood.iter().chain(&people)) {
        approve(&mut hall, *seat, 1 + n % 3);
    }
    hall.phase(Phase::Review);
    for seat in flood.iter().chain(&people) {
        hall.act(*seat, &Action::SignOff { group: hall.group, agree: true, line: None, read: None }).unwrap();
    }
    let before = (
        tallies(&hall),
        hall.consultation.ballots().count(),
        hall.consultation.signed_counts().get(&hall.group).copied().unwrap_or(0),
    );
    hall.act(hall.organizer, &close(SeatsToClose::Burst(1), None)).unwrap();
    assert!(tallies(&hall).is_empty());
    let told = hall.attendances().all.closings.clone();
    assert_eq!((told.len(), told[0].closing, told[0].seats), (1, 1, 70));
    assert_eq!(hall.act(hall.moderator, &Action::RestoreSeats { closing: 1 }), Err(Code::Forbidden));
    hall.restart();
    hall.now = told[0].until - 1;
    hall.act(hall.organizer, &Action::RestoreSeats { closing: 1 }).unwrap();
    for _ in 0..2 {
        let now = (
            tallies(&hall),
            hall.consultation.ballots().count(),
            hall.consultation.signed_counts().get(&hall.group).copied().unwrap_or(0),
        );
        assert_eq!(now, before);
        assert!(flood.iter().all(|seat| hall.consultation.actor(*seat).is_some()));
        assert!(hall.attendances().all.closings.is_empty());
        let line = hall.consultation.ledger().last().unwrap().line.clone();
        assert_eq!(line, LedgerLine::SeatsRestored { seats: 70 });
        hall.restart();
    }
    assert_eq!(hall.act(hall.organizer, &Action::RestoreSeats { closing: 1 }), Err(Code::NothingThere));
    assert_eq!(hall.act(hall.organizer, &Action::RestoreSeats { closing: 7 }), Err(Code::NotFound));
}

#[test]
fn c29_what_was_said_in_the_room_is_there_again_without_the_lines() {
    let (mut hall, flood, people) = burst_with_people();
    hall.phase(Phase::Plenary);
    list(&mut hall, &[1, 2]);
    let object = |n: u128| {
        let line = Some("Not for villages".to_owned());
        Action::Object { item: idea(n), line, counter: None }
    };
    for seat in flood.iter().chain(&people) {
        hall.act(*seat, &object(1)).unwrap();
    }
    hall.act(people[0], &object(2)).unwrap();
    let said = |hall: &Hall| {
        let room = hall.consultation.room();
        let of = |n: u128| room.iter().find(|(item, _)| *item == idea(n)).unwrap().1.clone();
        (of(1).object, of(2).object, of(2).lines.len(), hall.attendances().all.answered.map(|all| all.seats))
    };
    assert_eq!(said(&hall), (70, 1, 1, Some(70)));
    hall.act(hall.organizer, &close(SeatsToClose::Burst(1), None)).unwrap();
    assert_eq!(said(&hall), (0, 0, 0, None));
    hall.act(hall.organizer, &Action::RestoreSeats { closing: 1 }).unwrap();
    assert_eq!(said(&hall), (70, 1, 0, Some(70)));
}

#[test]
fn c29_after_some_minutes_a_closing_stands() {
    let (mut hall, ..) = burst_with_people();
    hall.act(hall.organizer, &close(SeatsToClose::Burst(1), None)).unwrap();
    hall.now += 16 * MINUTE;
    assert!(hall.attendances().all.closings.is_empty());
    assert_eq!(hall.act(hall.organizer, &Action::RestoreSeats { closing: 1 }), Err(Code::NothingThere));
}

#[test]
fn c29_two_closings_with_an_undoing_between_do_not_tell_how_one_person_voted() {
    let (mut hall, flood, _) = burst_with_people();
    hall.phase(Phase::Vote);
    approve(&mut hall, flood[0], 1);
    let absent = close(SeatsToClose::Burst(1), Some(SeatsOnly::Absent));
    hall.act(hall.organizer, &absent).unwrap();
    hall.act(hall.organizer, &Action::RestoreSeats { closing: 1 }).unwrap();
    // One phone is back: what falls without it would be everything but its vote.
    hall.sight.present.insert(flood[0]);
    assert_eq!(hall.act(hall.organizer, &absent), Err(Code::TooFew));
    hall.act(hall.organizer, &close(SeatsToClose::Burst(1), Some(SeatsOnly::Silent))).unwrap();
    assert_eq!(hall.consultation.tally(idea(1)), 1, "who never voted can be closed all the same");
}

/// Four own seats without a phone that never did anything, and one honest seat whose phone sleeps, of ten people who voted.
fn one_sleeping_phone() -> (Hall, SeatId) {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    hall.phase(Phase::Vote);
    for seat in &people[..10] {
        approve(&mut hall, *seat, 1);
    }
    approve(&mut hall, people[0], 2);
    hall.phase(Phase::Review);
    hall.act(people[0], &Action::SignOff { group: hall.group, agree: true, line: None, read: None }).unwrap();
    hall.phase(Phase::Vote);
    for _ in 0..4 {
        hall.now += 20_000;
        hall.come(7);
    }
    hall.sight.present.extend(&people[1..]);
    (hall, people[0])
}

#[test]
fn c22_closing_seats_of_which_only_one_voted_does_not_tell_how_it_voted() {
    let (mut hall, victim) = one_sleeping_phone();
    let group = Some(hall.group);
    let absent = Action::CloseSeats {
        which: SeatsToClose::All,
        only: Some(SeatsOnly::Absent),
        at_most: 5,
        came: None,
        left: None,
        group,
    };
    let figures = |hall: &Hall| {
        let signed = hall.consultation.signed_counts().get(&hall.group).copied().unwrap_or(0);
        (tallies(hall), hall.consultation.ballots().count(), signed)
    };
    let before = figures(&hall);
    assert_eq!(before.0, BTreeMap::from([(idea(1), 10), (idea(2), 1)]));
    hall.act(hall.moderator, &absent).unwrap();
    assert!(hall.consultation.is_closed(victim));
    assert_eq!(figures(&hall), before, "one ballot and one answer stay in");
    hall.restart();
    assert_eq!(figures(&hall), before);
    hall.act(hall.moderator, &Action::RestoreSeats { closing: 1 }).unwrap();
    assert_eq!(figures(&hall), before);
    // Once more without the sleeping phone: the four others may be closed, since they never voted.
    hall.consultation.typists().loaded(hall.group, std::iter::empty());
    hall.act(hall.organizer, &close(SeatsToClose::All, Some(SeatsOnly::Idle))).unwrap();
    assert_eq!(figures(&hall), before);
}

#[test]
fn c22_what_one_seat_says_in_the_plenary_is_not_told_by_closing_it_with_silent_ones() {
    let (mut hall, victim) = one_sleeping_phone();
    hall.phase(Phase::Plenary);
    list(&mut hall, &[1, 2]);
    let line = Some("Not for villages".to_owned());
    hall.act(victim, &Action::Object { item: idea(2), line, counter: None }).unwrap();
    hall.act(hall.organizer, &close(SeatsToClose::All, Some(SeatsOnly::Absent))).unwrap();
    let room = hall.consultation.room();
    let said = room.iter().find(|(item, _)| *item == idea(2)).unwrap().1.clone();
    assert_eq!((said.object, said.lines.len()), (1, 1));
}

#[test]
fn c29_closings_that_differ_by_many_silent_seats_and_one_that_voted_do_not_tell_how_it_voted() {
    let (mut hall, flood, _) = burst_with_people();
    hall.phase(Phase::Vote);
    for seat in &flood[..6] {
        approve(&mut hall, *seat, 1);
    }
    let absent = close(SeatsToClose::Burst(1), Some(SeatsOnly::Absent));
    hall.act(hall.organizer, &absent).unwrap();
    assert_eq!(hall.consultation.tally(idea(1)), 0, "six votes of a flood go");
    hall.act(hall.organizer, &Action::RestoreSeats { closing: 1 }).unwrap();
    // One that voted and nine that did not are back.
    hall.sight.present.insert(flood[0]);
    hall.sight.present.extend(&flood[20..29]);
    assert_eq!(hall.act(hall.organizer, &absent), Err(Code::TooFew));
    hall.sight.present.remove(&flood[0]);
    hall.act(hall.organizer, &absent).unwrap();
    assert_eq!(hall.consultation.tally(idea(1)), 0);
}

#[test]
fn c28_the_organizer_is_told_what_kind_of_seats_voted() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    hall.sight.seen.extend(&people);
    let early: Vec<SeatId> = (0..6)
        .map(|_| {
            hall.now += 20_000;
            hall.come(7)
        })
        .collect();
    hall.phase(Phase::Vote);
    for seat in &people[..4] {
        approve(&mut hall, *seat, 1);
    }
    assert_eq!(hall.attendances().all.voted, None, "of four people nothing is told");
    let late: Vec<SeatId> = (0..9)
        .map(|_| {
            hall.now += 20_000;
            hall.come(7)
        })
        .collect();
    for seat in early.iter().chain(&late) {
        approve(&mut hall, *seat, 1);
    }
    for _ in 0..2 {
        let voted = hall.attendances().all.voted.unwrap();
        assert_eq!((voted.seats, voted.late, voted.unseen), (19, 9, 15));
        hall.restart();
        hall.consultation.typists().loaded(hall.group, std::iter::empty());
    }
    let group = hall.attendances().groups[&hall.group].clone();
    assert_eq!((group.voted, group.answered), (None, None), "a group's moderator is told none of it");
}
