//! A flood of seats that goes on while somebody closes what they saw of it.

use proto::api::consultation::Admission;
use proto::api::entry::{SeatsOnly, SeatsToClose};
use proto::api::ledger::LedgerLine;
use proto::api::preparation::Field;
use proto::command::Action;
use proto::problem::Code;

use super::voices::Hall;

fn close(which: SeatsToClose, only: Option<SeatsOnly>, (at_most, came): (u32, Option<u32>)) -> Action {
    Action::CloseSeats { which, only, at_most, came, left: None, group: None }
}

#[test]
fn c22_seats_that_come_while_somebody_decides_stay_and_those_that_were_seen_are_closed() {
    for (which, only) in [(SeatsToClose::Burst(1), None), (SeatsToClose::All, Some(SeatsOnly::Silent))] {
        let (mut hall, people) = Hall::with_people(Admission::Open);
        let seen = hall.flood();
        let told = hall.attendances().all;
        let later = hall.flood();
        let as_before = close(which, only, (1_000, None));
        assert_eq!(
            hall.act(hall.organizer, &as_before),
            Err(Code::Stale),
            "who says nothing of when means all"
        );
        hall.act(hall.organizer, &close(which, only, (1_000, Some(told.came)))).unwrap();
        for turn in 0..2 {
            assert!(seen.iter().all(|seat| hall.consultation.is_closed(*seat)), "{turn}");
            assert!(later.iter().chain(&people).all(|seat| !hall.consultation.is_closed(*seat)), "{turn}");
            let all = hall.attendances().all;
            assert_eq!((all.closings[0].seats, all.closings[0].since, all.seats), (1_000, 1_000, 1_012));
            hall.restart();
        }
    }
}

#[test]
fn c22_more_seats_that_were_there_before_and_are_meant_by_now_are_still_refused() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    hall.sight.present.extend(&people);
    hall.flood();
    let told = hall.attendances().all;
    assert_eq!(told.conduct.absent, 1_000);
    // The phone of somebody who is here falls asleep while the organizer reads.
    hall.sight.present.remove(&people[3]);
    let absent = close(SeatsToClose::All, Some(SeatsOnly::Absent), (1_000, Some(told.came)));
    assert_eq!(hall.act(hall.organizer, &absent), Err(Code::Stale));
}

#[test]
fn c22_phones_that_fall_asleep_while_somebody_decides_stay_and_one_action_closes_those_seen_without_one() {
    for only in [SeatsOnly::Absent, SeatsOnly::Idle] {
        let (mut hall, people) = Hall::with_people(Admission::Open);
        hall.sight.present.extend(&people);
        let flood = hall.flood();
        // Some of the flood had a phone for a moment.
        hall.sight.seen.extend(&flood[..50]);
        hall.sight.number = 50;
        let mut without_a_phone = flood.clone();
        without_a_phone.sort_unstable();
        let told = hall.attendances().all;
        let seen = if only == SeatsOnly::Absent { told.conduct.absent } else { told.conduct.idle };
        assert_eq!((seen, told.left), (1_000, 50));
        // Meanwhile phones fall asleep, also of people who did nothing yet, and one of those that were seen comes back.
        let quiet = [hall.come(1), hall.come(1)];
        for seat in [people[3], quiet[0], quiet[1]] {
            hall.sight.present.remove(&seat);
        }
        hall.sight.present.insert(flood[7]);
        let action = |left| Action::CloseSeats {
            which: SeatsToClose::All,
            only: Some(only),
            at_most: seen,
            came: None,
            left,
            group: None,
        };
        assert_eq!(
            hall.act(hall.organizer, &action(None)),
            Err(Code::Stale),
            "who says nothing of when means all"
        );
        hall.sight.absent_then = Some(without_a_phone);
        assert_eq!(hall.act(hall.organizer, &action(Some(told.left))), Ok(()));
        let closed = |seat| hall.consultation.is_closed(seat);
        assert_eq!(flood.iter().filter(|seat| closed(**seat)).count(), 999);
        assert!(!closed(flood[7]) && !quiet.iter().chain(&people).any(|seat| closed(*seat)));
    }
}

#[test]
fn c21_the_door_command_lets_people_wait_from_then_on_and_settings_that_are_being_prepared_do_not_undo_it() {
    let (mut hall, _) = Hall::with_people(Admission::Open);
    let door = |open, admission| Action::Door { open, opens_at: None, admission };
    let version =
        |hall: &Hall| hall.consultation.preparation(hall.organizer).unwrap().versions[&Field::Settings];
    let before = version(&hall);
    hall.act(hall.organizer, &door(true, None)).unwrap();
    assert_eq!(version(&hall), before);
    let first = hall.come(8);
    hall.act(hall.organizer, &door(true, Some(Admission::Waves))).unwrap();
    let second = hall.come(8);
    for turn in 0..2 {
        assert!(!hall.consultation.is_at_door(first) && hall.consultation.is_at_door(second), "{turn}");
        assert!(version(&hall) > before);
        let line = &hall.consultation.ledger().last().unwrap().line;
        assert!(matches!(line, LedgerLine::Door { admission: Some(Admission::Waves), .. }), "{line:?}");
        hall.restart();
    }
    hall.act(hall.organizer, &door(true, Some(Admission::Open))).unwrap();
    let third = hall.come(8);
    assert!(!hall.consultation.is_at_door(third));
    assert_eq!(hall.act(hall.moderator, &door(true, Some(Admission::Waves))), Err(Code::Forbidden));
}
