//! Bounds that are reached rarely: lines on a card, pairs that were told apart, lines that repeat deleted words.

use proto::api::consultation::Admission;
use proto::command::Action;
use proto::phase::Phase;
use proto::problem::Code;

use super::share;
use super::voices::{Hall, idea};
use crate::config::RepeatLimits;
use crate::consultation::Event;
use crate::consultation::ideas::moderation::hiding::PERSONAL_DATA;

#[test]
fn c8_a_card_has_so_many_lines_and_who_has_one_may_change_it() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    hall.phase(Phase::Review);
    let group = hall.group;
    let here: Vec<_> =
        { people.iter() }.filter(|seat| hall.consultation.seats()[*seat].group() == Some(group)).collect();
    hall.limits.records.notes_per_group_max = 2;
    let sign = |line: Option<&str>| Action::SignOff {
        group,
        agree: line.is_none(),
        line: line.map(str::to_owned),
        read: None,
    };
    assert_eq!(hall.act(*here[0], &sign(Some("First"))), Ok(()));
    assert_eq!(hall.act(*here[1], &sign(Some("Second"))), Ok(()));
    assert_eq!(hall.act(*here[2], &sign(Some("Third"))), Err(Code::TooManyNotes));
    assert_eq!(hall.act(*here[1], &sign(Some("Second, in other words"))), Ok(()));
    // Who agrees makes room, and needs none.
    assert_eq!((hall.act(*here[0], &sign(None)), hall.act(*here[2], &sign(Some("Third")))), (Ok(()), Ok(())));
}

#[test]
fn c14_so_many_pairs_are_told_apart_and_one_that_is_taken_back_makes_room() {
    let (mut hall, _) = Hall::with_people(Admission::Open);
    hall.limits.not_duplicates_max = 2;
    let apart = |a, b, on| Action::NotDuplicate { a: idea(a), b: idea(b), on };
    let mut act = |action| hall.act(hall.organizer, &action);
    assert_eq!((act(apart(0, 1, true)), act(apart(0, 2, true))), (Ok(()), Ok(())));
    assert_eq!(act(apart(0, 3, true)), Err(Code::TooLarge));
    assert_eq!((act(apart(0, 1, false)), act(apart(0, 3, true))), (Ok(()), Ok(())));
}

#[test]
fn c25_a_deletion_finds_so_many_lines_and_says_when_there_may_be_more() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    let words = "Maria can be reached under 079 555 99 88";
    let mut shared = share(idea(99), hall.group, 99);
    if let Action::Share(share) = &mut shared {
        words.clone_into(&mut share.text);
    }
    hall.act(hall.organizer, &shared).unwrap();
    hall.phase(Phase::Review);
    let repeated = format!("They say: {words}");
    for seat in people {
        let Some(group) = hall.consultation.seats()[&seat].group() else { continue };
        let line = Some(repeated.clone());
        hall.act(seat, &Action::SignOff { group, agree: false, line, read: None }).unwrap();
    }
    let event = Event::Hidden { idea: idea(99), reason: PERSONAL_DATA.to_owned(), erased: true };
    let mut found = |lines_max| {
        let limits = RepeatLimits { lines_max, ..RepeatLimits::default() };
        let lines = hall.consultation.lines_like(&event, &limits).len();
        (lines, hall.consultation.repeats_cut())
    };
    assert_eq!(found(100), (12, false));
    assert_eq!(found(12), (12, false), "there was no more to look at");
    assert_eq!(found(5), (5, true));
}
