//! What a group does in its review: what it sends to the plenary, how much of it, and what each entry is. Rule C32.

use proto::api::consultation::{Admission, IdeaState, Settings};
use proto::command::{Action, Kind};
use proto::ids::{GroupId, SeatId};
use proto::phase::Phase;
use proto::problem::Code;

use crate::consultation::ideas::idea::Idea;
use crate::consultation::list::list_decisions::ListChange;
use crate::consultation::tests::share;
use crate::consultation::tests::voices::{Hall, idea};
use crate::consultation::{Event, FieldChange, NewWords};

fn promote(n: u128, kind: Option<Kind>) -> Action {
    Action::Promote { idea: idea(n), on: true, kind }
}

/// A hall of ten groups, the first six of which have a seat and twelve ideas.
fn ten_groups() -> (Hall, Vec<GroupId>) {
    let names = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
    let mut hall = Hall::of_groups(Admission::Open, &names);
    let groups: Vec<GroupId> = hall.consultation.founding().groups.iter().map(|(id, _)| *id).collect();
    for (at, group) in groups.iter().take(6).enumerate() {
        let seat = hall.come_to(*group, 1);
        for n in 0..12 {
            hall.act(seat, &share(idea(at as u128 * 100 + n), *group, n)).unwrap();
        }
    }
    (hall, groups)
}

fn kind_of(hall: &Hall, n: u128) -> (Option<Kind>, bool) {
    let of = |idea: &Idea| (idea.kind(), idea.is_kind_proposed());
    of(&hall.consultation.ideas()[&idea(n)])
}

/// The group alone goes to a phase.
fn ahead(hall: &mut Hall, group: GroupId, phase: Phase) {
    let step = Action::Phase { phase, minutes: None, group: Some(group), grace_seconds: None };
    hall.act(hall.organizer, &step).unwrap();
}

#[test]
fn c32_a_group_promotes_from_its_own_review_on_and_never_while_it_votes() {
    let (mut hall, _) = Hall::with_people(Admission::Open);
    let (moderator, group) = (hall.moderator, hall.group);
    for phase in [Phase::Lobby, Phase::Briefing, Phase::Brainstorm, Phase::Vote] {
        hall.phase(phase);
        assert_eq!(hall.act(moderator, &promote(0, None)), Err(Code::WrongPhase), "{phase:?}");
    }
    ahead(&mut hall, group, Phase::Review);
    assert_eq!(hall.act(moderator, &promote(0, None)), Ok(()));
    ahead(&mut hall, group, Phase::Vote);
    let back = Action::Promote { idea: idea(0), on: false, kind: None };
    assert_eq!(hall.act(moderator, &back), Err(Code::WrongPhase), "the vote is open again");
    hall.phase(Phase::Plenary);
    ahead(&mut hall, group, Phase::Vote);
    assert_eq!(hall.act(moderator, &promote(1, None)), Err(Code::WrongPhase), "a group that is late");
    ahead(&mut hall, group, Phase::Plenary);
    assert_eq!((hall.act(moderator, &back), hall.act(moderator, &promote(1, None))), (Ok(()), Ok(())));
}

#[test]
fn c32_in_its_review_a_group_sees_its_result_and_other_groups_do_not() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    let south = hall.consultation.founding().groups[1].0;
    hall.phase(Phase::Vote);
    hall.act(people[0], &Action::Approve { idea: idea(3), on: true, counter: None }).unwrap();
    let group = hall.group;
    ahead(&mut hall, group, Phase::Review);
    assert_eq!(hall.consultation.shown_tally(idea(3), group), Some(1));
    assert!(!hall.consultation.tallies_shown(Some(south)) && !hall.consultation.tallies_shown(None));
    let approve = Action::Approve { idea: idea(4), on: true, counter: None };
    assert_eq!(hall.act(people[0], &approve), Err(Code::WrongPhase));
}

#[test]
fn c32_groups_with_a_seat_at_the_first_review_share_thirty_places_of_each_section() {
    let (mut hall, groups) = ten_groups();
    let organizer = hall.organizer;
    assert_eq!(hall.consultation.promoted_at_most(), 5, "six groups have somebody");
    ahead(&mut hall, groups[0], Phase::Review);
    hall.come_to(groups[6], 1);
    hall.phase(Phase::Review);
    hall.restart();
    assert_eq!(hall.consultation.promoted_at_most(), 5, "a group that comes later takes nothing away");
    for n in 0..5 {
        assert_eq!(hall.act(organizer, &promote(n, None)), Ok(()));
    }
    assert_eq!(hall.act(organizer, &promote(5, None)), Err(Code::TooManyPromoted));
    assert_eq!(hall.act(organizer, &promote(4, None)), Ok(()), "it is promoted already");
    assert_eq!(hall.act(organizer, &promote(5, Some(Kind::Challenge))), Ok(()), "another section");
    assert_eq!(
        hall.act(organizer, &promote(5, Some(Kind::Recommendation))),
        Err(Code::TooManyPromoted),
        "no entry moves into a section that is full"
    );
    assert_eq!(hall.act(organizer, &promote(100, None)), Ok(()), "another group has places of its own");
    let back = Action::Promote { idea: idea(0), on: false, kind: None };
    assert_eq!((hall.act(organizer, &back), hall.act(organizer, &promote(6, None))), (Ok(()), Ok(())));
}

#[test]
fn c32_a_prepared_number_stands_in_the_place_of_the_rule() {
    let (mut hall, _) = ten_groups();
    let settings = Settings { promoted_per_group: Some(2), ..hall.consultation.founding().settings.clone() };
    hall.apply(
        hall.organizer,
        Event::Amended(Box::new(FieldChange::Settings(settings))),
        &NewWords::default(),
    );
    hall.phase(Phase::Review);
    let organizer = hall.organizer;
    let came: Vec<_> = (0..3).map(|n| hall.act(organizer, &promote(n, None))).collect();
    assert_eq!(came, [Ok(()), Ok(()), Err(Code::TooManyPromoted)]);
}

#[test]
fn c32_while_the_list_is_frozen_nothing_is_promoted_or_taken_back() {
    let (mut hall, _) = Hall::with_people(Admission::Open);
    hall.phase(Phase::Plenary);
    let moderator = hall.moderator;
    hall.act(moderator, &promote(0, None)).unwrap();
    let freeze = |hall: &mut Hall, on| {
        hall.apply(hall.organizer, Event::List(ListChange::Frozen { on, version: 1 }), &NewWords::default());
    };
    freeze(&mut hall, true);
    let back = Action::Promote { idea: idea(0), on: false, kind: None };
    assert_eq!(hall.act(moderator, &promote(1, None)), Err(Code::ListFrozen));
    assert_eq!(hall.act(moderator, &back), Err(Code::ListFrozen));
    freeze(&mut hall, false);
    assert_eq!(hall.act(moderator, &promote(1, None)), Ok(()));
}

#[test]
fn c32_an_entry_without_a_kind_gets_one_as_a_proposal_until_its_moderator_confirms_it() {
    let (mut hall, _) = Hall::with_people(Admission::Open);
    hall.phase(Phase::Review);
    let moderator = hall.moderator;
    assert_eq!(kind_of(&hall, 0), (None, false));
    hall.act(moderator, &promote(0, None)).unwrap();
    assert_eq!(kind_of(&hall, 0), (Some(Kind::Recommendation), true));
    let events = hall.journal.len();
    hall.act(moderator, &promote(0, Some(Kind::Recommendation))).unwrap();
    assert_eq!((kind_of(&hall, 0), hall.journal.len()), ((Some(Kind::Recommendation), false), events + 1));
    hall.act(moderator, &promote(0, Some(Kind::GoodPractice))).unwrap();
    hall.restart();
    assert_eq!(kind_of(&hall, 0), (Some(Kind::GoodPractice), false));
    assert_eq!(hall.consultation.state_of(idea(0)).0, IdeaState::Promoted);
    let no_kind = Action::Promote { idea: idea(0), on: false, kind: Some(Kind::Challenge) };
    assert_eq!(hall.act(moderator, &no_kind), Err(Code::Malformed));
}

#[test]
fn c32_a_discussion_point_says_what_its_ideas_are() {
    let (mut hall, _) = Hall::with_people(Admission::Open);
    let mut points = hall.consultation.founding().points.clone();
    points[0].kind = Some(Kind::Challenge);
    hall.apply(hall.organizer, Event::Amended(Box::new(FieldChange::Points(points))), &NewWords::default());
    hall.phase(Phase::Review);
    let moderator = hall.moderator;
    hall.act(moderator, &promote(2, None)).unwrap();
    assert_eq!(kind_of(&hall, 2), (Some(Kind::Challenge), true));
    // What is combined with an idea stays in its section.
    hall.act(moderator, &Action::Combine { idea: idea(3), into: idea(2) }).unwrap();
    let moved = hall.act(moderator, &promote(2, Some(Kind::Partnership)));
    assert_eq!(moved, Err(Code::OtherSection));
}

#[test]
fn c32_a_journal_from_before_this_phase_is_read_as_it_was_written() {
    let event: Event = serde_json::from_value(serde_json::json!({
        "event": "promoted", "idea": "00000000-0000-0000-0000-000010000001", "on": true
    }))
    .unwrap();
    assert!(matches!(event, Event::Promoted { on: true, kind: None, proposed: false, .. }));
    let (mut hall, _) = Hall::with_people(Admission::Open);
    hall.phase(Phase::Vote);
    // As it was before: promoted during the vote, more than the rule gives today, and on to the plenary.
    let seat: SeatId = hall.moderator;
    for n in 0..9 {
        let event = Event::Promoted { idea: idea(n), on: true, kind: None, proposed: false };
        hall.apply(seat, event, &NewWords::default());
    }
    hall.phase(Phase::Plenary);
    hall.restart();
    assert_eq!(hall.consultation.promoted_entries(hall.group).len(), 9, "what was promoted stays");
    assert_eq!(kind_of(&hall, 0), (None, false));
    assert_eq!(hall.act(seat, &promote(9, None)), Err(Code::TooManyPromoted));
}

#[test]
fn c32_who_agrees_with_the_card_may_leave_a_line_and_a_hidden_line_said_again_stays_hidden() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    hall.phase(Phase::Review);
    let (group, moderator, seat) = (hall.group, hall.moderator, people[0]);
    let sign = |agree, line: Option<&str>| Action::SignOff {
        group,
        agree,
        line: line.map(str::to_owned),
        read: None,
    };
    let told = |hall: &Hall| {
        let signed = hall.consultation.signed(group);
        let own = hall.consultation.own_answer(seat).map(|own| (own.agree, own.line));
        (signed.agreed, signed.notes, own)
    };
    hall.act(seat, &sign(true, Some("And the ramp"))).unwrap();
    let (agreed, notes, own) = told(&hall);
    assert_eq!((agreed, notes.len(), own), (1, 1, Some((true, Some("And the ramp".to_owned())))));
    assert_eq!(hall.consultation.signed_counts().get(&group), Some(&1), "one person");

    hall.act(moderator, &Action::HideNote { note: notes[0].id, reason: Some("off-topic".to_owned()) })
        .unwrap();
    hall.act(seat, &sign(false, Some("And the ramp"))).unwrap();
    assert_eq!(told(&hall).2, Some((false, Some("And the ramp".to_owned()))));
    hall.restart();
    let (agreed, again, _) = told(&hall);
    assert_eq!((agreed, again.len(), again[0].id), (0, 1, notes[0].id), "the same note");
    assert_eq!(again[0].hidden.as_deref(), Some("off-topic"));

    hall.act(seat, &sign(true, Some("The ramp first"))).unwrap();
    let (agreed, other, _) = told(&hall);
    assert_eq!((agreed, other.len(), other[0].line.as_deref()), (1, 1, Some("The ramp first")));
    hall.act(seat, &sign(true, None)).unwrap();
    assert_eq!((told(&hall).0, told(&hall).1.len()), (1, 0));
    hall.act(seat, &sign(false, None)).unwrap();
    assert_eq!(told(&hall), (0, Vec::new(), None));
}
