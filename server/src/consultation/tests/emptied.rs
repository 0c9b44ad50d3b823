//! What becomes of an idea that people emptied together, until it says something again. Rule B8.

use std::collections::BTreeSet;

use proto::api::consultation::Admission;
use proto::command::Action;
use proto::ids::{IdeaId, SeatId};
use proto::phase::Phase;
use proto::problem::Code;

use crate::consultation::tests::voices::{Hall, idea};

fn approve(n: u128, on: bool) -> Action {
    Action::Approve { idea: idea(n), on, counter: None }
}

fn promote(n: u128) -> Action {
    Action::Promote { idea: idea(n), on: true, kind: None }
}

fn card(hall: &Hall) -> Vec<IdeaId> {
    hall.consultation.group_card(hall.group).unwrap().ideas.iter().map(|idea| idea.id).collect()
}

/// These ideas of the board say nothing now. Gives back those of which that is new.
fn empty(hall: &mut Hall, ideas: &[u128]) -> BTreeSet<IdeaId> {
    let group = hall.group;
    hall.consultation.note_empty(group, ideas.iter().map(|n| idea(*n)).collect())
}

fn approved(hall: &Hall, seat: SeatId) -> Vec<IdeaId> {
    hall.consultation.you(seat, "").unwrap().approved
}

#[test]
fn b8_an_emptied_idea_is_not_voted_on_and_gives_its_votes_back_until_it_says_something() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    let seat = people[0];
    hall.phase(Phase::Vote);
    hall.act(seat, &approve(1, true)).unwrap();
    assert_eq!(empty(&mut hall, &[1, 2]), BTreeSet::from([idea(1), idea(2)]));
    assert!(empty(&mut hall, &[1, 2]).is_empty(), "told again, nothing is new");
    assert_eq!(hall.act(people[1], &approve(2, true)), Err(Code::IdeaEmpty));
    assert_eq!((approved(&hall, seat), hall.consultation.ballots().count()), (Vec::new(), 0));
    assert_eq!(hall.act(people[1], &approve(1, false)), Ok(()), "what was approved can be taken back");

    assert_eq!(empty(&mut hall, &[2]), BTreeSet::from([idea(1)]));
    assert_eq!((approved(&hall, seat), hall.consultation.ballots().count()), (vec![idea(1)], 1));
    assert_eq!(hall.act(people[1], &approve(1, true)), Ok(()));
}

#[test]
fn b8_an_emptied_idea_is_not_promoted_and_on_no_card_until_it_says_something() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    let moderator = hall.moderator;
    hall.phase(Phase::Vote);
    for seat in &people[..3] {
        hall.act(*seat, &approve(2, true)).unwrap();
    }
    hall.phase(Phase::Review);
    empty(&mut hall, &[2]);
    assert_eq!(hall.act(moderator, &promote(2)), Err(Code::IdeaEmpty));
    hall.act(moderator, &promote(1)).unwrap();
    let passed_over = |hall: &Hall| hall.consultation.group_card(hall.group).unwrap().disagreement;
    assert!(passed_over(&hall).is_none(), "it has more votes, and says nothing");
    empty(&mut hall, &[1]);
    assert!(card(&hall).is_empty());
    assert!(passed_over(&hall).is_none_or(|other| other.idea.id != idea(1)));
    empty(&mut hall, &[]);
    assert_eq!(card(&hall), [idea(1)], "as it was promoted");
    assert_eq!(passed_over(&hall).map(|other| other.idea.id), Some(idea(2)));
    assert_eq!(hall.act(moderator, &promote(2)), Ok(()));
}
