//! The plenary vote: people of every group vote on entries of all groups, nothing tells the result before the end, and what they vote
//! on stays as it is. Rule C34.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proto::api::ledger::LedgerLine;
use proto::api::plenary_vote::{PlenaryVoteStage, PlenaryVoteState};
use proto::command::Action;
use proto::ids::{GroupId, IdeaId, SeatId};
use proto::phase::Phase;
use proto::plenary::{Few, People};
use proto::problem::Code;
use proto::role::Role;
use uuid::Uuid;

use crate::clock::Entropy;
use crate::config::Limits;
use crate::consultation::{
    Context, Event, EventRecord, Hash32, NewWords, Outcome, PlenaryVoteStage as Stage,
};
use crate::live::state::merge::run::MergeInput;
use crate::live::tests::rapporteurs_converge::{Stage as Hall, apply, stage};

fn seat(n: usize) -> SeatId {
    SeatId(Uuid::from_u128(100 + n as u128))
}

fn staff(hall: &Hall, role: Role) -> SeatId {
    hall.consultation.seats().iter().find(|(_, seat)| seat.role() == role).map(|(id, _)| *id).unwrap()
}

fn decide(hall: &Hall, seat: SeatId, action: &Action) -> Result<Outcome, Code> {
    let (entropy, limits) = (Entropy::Counter(std::sync::Arc::default()), Limits::default());
    let context = Context { now: 3, entropy: &entropy, limits: &limits };
    hall.consultation.decide(seat, action, context).map_err(|problem| problem.code)
}

/// Decides and takes in, as an own record with what the ledger says of it.
fn act(hall: &mut Hall, seat: SeatId, action: &Action) -> Result<(), Code> {
    let decided = decide(hall, seat, action)?;
    let stamp = hall.consultation.stamp(seat, &decided.event, 3);
    hall.consultation.apply(&EventRecord { command: None, stamp, event: decided.event }, &decided.words);
    Ok(())
}

fn organize(hall: &mut Hall, action: &Action) -> Result<(), Code> {
    let organizer = staff(hall, Role::Organizer);
    act(hall, organizer, action)
}

fn approve(item: IdeaId, on: bool, counter: Option<u64>) -> Action {
    Action::ApproveEntry { item, on, counter }
}

fn told(hall: &Hall) -> PlenaryVoteState {
    hall.consultation.state(4, |_| 0).plenary_vote.unwrap()
}

fn paper(hall: &Hall) -> Vec<IdeaId> {
    told(hall).paper.into_iter().map(|entry| entry.item).collect()
}

fn approvals(hall: &Hall) -> BTreeMap<IdeaId, Option<People>> {
    told(hall).paper.into_iter().map(|entry| (entry.item, entry.approvals)).collect()
}

fn come(hall: &mut Hall, n: usize, waits: bool) -> SeatId {
    let group = *hall.consultation.groups().keys().next().unwrap();
    let event = Event::Seated { seat: seat(n), group, token: Hash32([n as u8; 32]), card: None, waits };
    apply(&mut hall.consultation, event, &NewWords::default());
    seat(n)
}

/// In the plenary, with a list; the vote is open.
fn open() -> Hall {
    let mut hall = stage();
    hall.merge();
    organize(&mut hall, &Action::OpenPlenaryVote {}).unwrap();
    hall
}

fn place(phase: Phase, group: Option<GroupId>) -> Action {
    Action::Phase { phase, minutes: None, group, grace_seconds: None }
}

#[test]
fn c34_people_of_every_group_vote_on_all_entries_and_nothing_tells_the_result_before_the_end() {
    let mut hall = open();
    let paper = paper(&hall);
    assert!(paper.len() > 4, "{paper:?}");
    let last = *paper.last().unwrap();
    for n in 0..12 {
        act(&mut hall, seat(n), &approve(last, true, None)).unwrap();
    }
    act(&mut hall, seat(0), &approve(paper[0], true, None)).unwrap();
    act(&mut hall, seat(1), &approve(paper[1], false, None)).unwrap();
    let state = told(&hall);
    assert_eq!((state.stage, state.voters, state.voted), (PlenaryVoteStage::Open, 12, 12));
    assert!(approvals(&hall).values().all(Option::is_none), "no number while people vote");
    assert!(hall.consultation.plenary_result().is_none());
    let own = hall.consultation.you(seat(0), "").unwrap().plenary_vote.unwrap();
    let mut mine = vec![paper[0], last];
    mine.sort_unstable();
    assert_eq!((own.may_vote, own.approved), (true, mine));

    organize(&mut hall, &Action::ClosePlenaryVote {}).unwrap();
    let result = approvals(&hall);
    assert_eq!(result[&last], Some(People::Number(12)));
    assert_eq!(
        (result[&paper[0]], result[&paper[1]]),
        (Some(People::Few(Few::Some)), Some(People::Number(0)))
    );
    hall.merge();
    let run = hall.consultation.run_facts().unwrap();
    let (first, facts) = &run.items[0];
    assert_eq!((*first, facts.rank), (last, 1), "the list has what most people approve first");
    assert_eq!(facts.support.as_ref().map(|support| (support.seats, support.groups)), Some((12, 2)));
    let lines: Vec<_> = hall.consultation.ledger().iter().map(|entry| &entry.line).collect();
    assert!(
        lines.iter().any(|line| matches!(line, LedgerLine::PlenaryVoteClosed { voters: 12, voted: 12, .. }))
    );
}

#[test]
fn c34_a_run_reads_the_ballots_when_the_vote_is_closed_and_the_same_bytes_come_of_it() {
    let mut hall = open();
    let before = hall.bytes();
    let entry = paper(&hall)[3];
    act(&mut hall, seat(4), &approve(entry, true, None)).unwrap();
    assert_eq!(hall.bytes(), before, "an approval changes nothing of a list while people vote");
    organize(&mut hall, &Action::ClosePlenaryVote {}).unwrap();
    assert_ne!(hall.bytes(), before);
    assert_eq!(hall.bytes(), hall.bytes());
    let input = format!("{:?}", MergeInput::of(&hall.consultation, None, &Limits::default()));
    assert!(!input.contains(&seat(4).to_string()), "a run's input names no seat");
}

#[test]
fn c34_who_came_after_the_plenary_had_begun_votes_when_the_organizer_lets_them_in() {
    let mut hall = open();
    let entry = paper(&hall)[0];
    let (late, later) = (come(&mut hall, 50, false), come(&mut hall, 51, false));
    come(&mut hall, 52, true);
    assert_eq!(told(&hall).late, 2, "who waits at the door has not come in");
    assert_eq!(act(&mut hall, late, &approve(entry, true, None)), Err(Code::LateVoter));
    assert!(!hall.consultation.you(late, "").unwrap().plenary_vote.unwrap().may_vote);
    assert_eq!(act(&mut hall, seat(0), &Action::LetVotersIn { count: None }), Err(Code::Forbidden));
    organize(&mut hall, &Action::LetVotersIn { count: Some(1) }).unwrap();
    act(&mut hall, late, &approve(entry, true, None)).unwrap();
    assert_eq!(
        act(&mut hall, later, &approve(entry, true, None)),
        Err(Code::LateVoter),
        "in the order in which they came"
    );
    assert_eq!((told(&hall).voters, told(&hall).late), (13, 1));
    organize(&mut hall, &Action::ClosePlenaryVote {}).unwrap();
    assert_eq!(organize(&mut hall, &Action::LetVotersIn { count: None }), Err(Code::PlenaryVoteNotOpen));
    assert_eq!(act(&mut hall, seat(0), &approve(entry, true, None)), Err(Code::PlenaryVoteNotOpen));
}

#[test]
fn c34_what_people_vote_on_stays_as_it_is_and_which_ideas_are_one_is_not_decided_afterwards() {
    let mut hall = open();
    let entries = paper(&hall);
    let ideas: Vec<(IdeaId, GroupId)> =
        hall.consultation.ideas().iter().map(|(id, idea)| (*id, idea.group())).collect();
    let (one, home) = ideas[0];
    let (other, _) = *ideas.iter().skip(1).find(|(_, group)| *group == home).unwrap();
    let of_combining = [
        Action::Assign { idea: one, item: Some(entries[1]) },
        Action::NotDuplicate { a: one, b: other, on: true },
        Action::Combine { idea: one, into: other },
        Action::TakeApart { idea: one },
        Action::Promote { idea: one, on: false, kind: None },
    ];
    let of_the_list = [
        Action::Pin { item: entries[2], on: true, place: None },
        Action::Exclude { item: entries[2], on: true },
        Action::Ranking { k: None, rule: None, weights: None },
        Action::Freeze { on: true },
        Action::Reword { item: entries[0] },
        place(Phase::Closed, None),
        place(Phase::Vote, None),
    ];
    for action in of_combining.iter().chain(&of_the_list) {
        assert_eq!(organize(&mut hall, action), Err(Code::PlenaryVoteOpen), "{action:?}");
    }
    organize(&mut hall, &place(Phase::Plenary, None)).unwrap();
    organize(&mut hall, &Action::ClosePlenaryVote {}).unwrap();
    for action in &of_combining {
        assert_eq!(organize(&mut hall, action), Err(Code::InUse), "{action:?}");
    }
    for action in &of_the_list {
        if !matches!(action, Action::Reword { .. }) {
            assert!(decide(&hall, staff(&hall, Role::Organizer), action).is_ok(), "{action:?}");
        }
    }
}

#[test]
fn c34_an_entry_that_is_hidden_while_people_vote_on_it_has_its_votes_again_only_when_it_is_shown() {
    let mut hall = open();
    let entry = paper(&hall)[0];
    let anchor =
        hall.consultation.run_facts().unwrap().items.iter().find(|(id, _)| *id == entry).unwrap().1.anchor;
    act(&mut hall, seat(0), &approve(entry, true, None)).unwrap();
    let hide = Action::Hide { idea: anchor, reason: "off-topic".to_owned(), erase: false, read: None };
    organize(&mut hall, &hide).unwrap();
    assert!(!paper(&hall).contains(&entry));
    assert_eq!(act(&mut hall, seat(1), &approve(entry, true, None)), Err(Code::NotFound));
    let mut closed = hall;
    organize(&mut closed, &Action::ClosePlenaryVote {}).unwrap();
    let result = closed.consultation.plenary_result().unwrap();
    assert!(result.ballots.is_empty() && result.paper.iter().all(|one| one.item != entry));
    organize(&mut closed, &Action::Unhide { idea: anchor, read: None }).unwrap();
    assert_eq!(closed.consultation.plenary_result().unwrap().ballots.len(), 1);
    assert!(closed.consultation.list_lacks_paper_entry(), "it comes back to the list with the next run");
    closed.merge();
    assert!(!closed.consultation.list_lacks_paper_entry());
}

#[test]
fn c34_words_that_are_deleted_take_their_entry_off_the_paper_and_every_vote_on_it() {
    let mut hall = open();
    let entry = paper(&hall)[0];
    let anchor =
        hall.consultation.run_facts().unwrap().items.iter().find(|(id, _)| *id == entry).unwrap().1.anchor;
    act(&mut hall, seat(0), &approve(entry, true, None)).unwrap();
    apply(&mut hall.consultation, Event::Withdrawn { idea: anchor }, &NewWords::default());
    assert!(!paper(&hall).contains(&entry));
    assert_eq!(hall.consultation.plenary_tally(entry), 0);
}

#[test]
fn c34_a_frozen_list_is_not_voted_on_and_a_vote_opens_again_until_the_list_is_frozen() {
    let mut hall = stage();
    assert_eq!(
        organize(&mut hall, &Action::OpenPlenaryVote {}),
        Err(Code::NothingThere),
        "no list, no paper"
    );
    assert_eq!(organize(&mut hall, &Action::ClosePlenaryVote {}), Err(Code::PlenaryVoteNotOpen));
    hall.merge();
    organize(&mut hall, &Action::Freeze { on: true }).unwrap();
    assert_eq!(organize(&mut hall, &Action::OpenPlenaryVote {}), Err(Code::ListFrozen));
    organize(&mut hall, &Action::Freeze { on: false }).unwrap();
    organize(&mut hall, &Action::OpenPlenaryVote {}).unwrap();
    let entry = paper(&hall)[0];
    act(&mut hall, seat(0), &approve(entry, true, None)).unwrap();
    organize(&mut hall, &Action::ClosePlenaryVote {}).unwrap();
    organize(&mut hall, &Action::OpenPlenaryVote {}).unwrap();
    assert_eq!((told(&hall).voted, approvals(&hall)[&entry]), (1, None), "hidden again, with the ballots");
    organize(&mut hall, &Action::ClosePlenaryVote {}).unwrap();
    organize(&mut hall, &Action::Freeze { on: true }).unwrap();
    organize(&mut hall, &Action::Freeze { on: false }).unwrap();
    assert_eq!(
        organize(&mut hall, &Action::OpenPlenaryVote {}),
        Err(Code::ListFrozen),
        "there is a version of it"
    );
}

#[test]
fn c34_a_group_that_still_works_is_named_and_comes_onto_the_paper_when_it_has_voted() {
    let mut hall = stage();
    let groups: Vec<GroupId> = hall.consultation.groups().keys().copied().collect();
    organize(&mut hall, &place(Phase::Vote, Some(groups[1]))).unwrap();
    hall.merge();
    assert_eq!(told(&hall).working, [groups[1]], "also before it is opened");
    organize(&mut hall, &Action::OpenPlenaryVote {}).unwrap();
    assert!(told(&hall).paper.iter().all(|entry| entry.groups.contains(&groups[0])));
    let add = Action::AddGroupToPaper { group: groups[1] };
    assert_eq!(organize(&mut hall, &add), Err(Code::GroupWorking));
    let before = paper(&hall);
    organize(&mut hall, &place(Phase::Plenary, Some(groups[1]))).unwrap();
    assert_eq!((told(&hall).working, told(&hall).ready), (vec![], vec![groups[1]]));
    organize(&mut hall, &add).unwrap();
    let after = paper(&hall);
    assert!(
        after.len() > before.len() && after[..before.len()] == before[..],
        "the others stay where they are"
    );
    assert!(told(&hall).ready.is_empty());
    organize(&mut hall, &Action::ClosePlenaryVote {}).unwrap();
    assert_eq!(organize(&mut hall, &add), Err(Code::PlenaryVoteNotOpen));
}

#[test]
fn c34_seats_that_are_closed_together_leave_the_vote_and_come_back_with_what_they_said() {
    let mut hall = open();
    let entry = paper(&hall)[0];
    for n in 0..8 {
        act(&mut hall, seat(n), &approve(entry, true, None)).unwrap();
    }
    let seats: Vec<SeatId> = (0..6).map(seat).collect();
    let closed = Event::SeatsClosed {
        seats,
        group: None,
        why: proto::api::entry::ClosedWhy::Absent,
        only: None,
        at: 3,
        kept: std::collections::BTreeSet::default(),
        came: None,
    };
    apply(&mut hall.consultation, closed, &NewWords::default());
    assert_eq!((told(&hall).voters, told(&hall).voted, hall.consultation.plenary_tally(entry)), (6, 2, 2));
    apply(&mut hall.consultation, Event::SeatsRestored { closing: 1 }, &NewWords::default());
    assert_eq!((told(&hall).voters, told(&hall).voted, hall.consultation.plenary_tally(entry)), (12, 8, 8));
}

#[test]
fn c34_where_one_group_is_alone_or_the_setting_says_so_none_is_held() {
    let mut hall = stage();
    hall.merge();
    let mut settings = hall.consultation.founding().settings.clone();
    settings.plenary_vote = proto::api::plenary_vote::PlenaryVoteHeld::Off;
    let event = Event::Amended(Box::new(crate::consultation::FieldChange::Settings(settings)));
    apply(&mut hall.consultation, event, &NewWords::default());
    assert!(hall.consultation.state(4, |_| 0).plenary_vote.is_none());
    assert_eq!(organize(&mut hall, &Action::OpenPlenaryVote {}), Err(Code::NothingThere));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn c34_a_tally_is_what_is_counted_from_scratch_whatever_the_order_of_arrival(
        said in prop::collection::vec((0..12_usize, 0..4_usize, any::<bool>(), 1..6_u64), 1..60),
    ) {
        let mut hall = open();
        let entries = paper(&hall);
        let mut last: BTreeMap<(usize, usize), (u64, bool)> = BTreeMap::new();
        for (who, entry, on, n) in said {
            let known = last.entry((who, entry)).or_insert((0, false));
            if n > known.0 {
                *known = (n, on);
            }
            act(&mut hall, seat(who), &approve(entries[entry], on, Some(n))).unwrap();
        }
        for (at, entry) in entries.iter().take(4).enumerate() {
            let counted = last.iter().filter(|((_, entry), (_, on))| *entry == at && *on).count();
            prop_assert_eq!(hall.consultation.plenary_tally(*entry) as usize, counted);
        }
        let voted: std::collections::BTreeSet<usize> = last.keys().map(|(who, _)| *who).collect();
        prop_assert_eq!(told(&hall).voted as usize, voted.len());
        prop_assert_eq!(hall.consultation.plenary_vote_stage(), Stage::Open);
    }
}
