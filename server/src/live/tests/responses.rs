//! What is said in the room: the last word of a seat stands, nothing of it changes the list, and deleting deletes.

use proptest::prelude::*;
use proto::api::plenary_vote::PlenaryVoteHeld;
use proto::command::Action;
use proto::ids::{IdeaId, SeatId};
use proto::plenary::{OwnResponse, Responses};
use proto::problem::Code;
use proto::role::Role;
use uuid::Uuid;

use crate::clock::Entropy;
use crate::config::{InRoomLimits, Limits};
use crate::consultation::{Consultation, Context, Event, EventRecord, Outcome};
use crate::journal::{TextChange, TextRow};
use crate::live::tests::rapporteurs_converge::{Stage, TEXTS, apply, idea, stage_with};

fn seat(n: usize) -> SeatId {
    SeatId(Uuid::from_u128(100 + n as u128))
}

fn on_the_list() -> Stage {
    let mut stage = stage_with(PlenaryVoteHeld::Off);
    stage.merge();
    stage
}

fn item(stage: &Stage, n: usize) -> IdeaId {
    let items = &stage.consultation.run_facts().unwrap().items;
    items[n % items.len()].0
}

fn object(item: IdeaId, line: Option<&str>, n: Option<u64>) -> Action {
    Action::Object { item, line: line.map(str::to_owned), counter: n }
}

fn decide(stage: &Stage, seat: SeatId, action: &Action) -> Result<Outcome, Code> {
    let (entropy, limits) = (Entropy::default(), Limits::default());
    let context = Context { now: 3, entropy: &entropy, limits: &limits };
    stage.consultation.decide(seat, action, context).map_err(|problem| problem.code)
}

/// Decides and takes in; the rows that change.
fn act(stage: &mut Stage, seat: SeatId, action: &Action) -> Vec<TextChange> {
    let decided = decide(stage, seat, action).unwrap();
    apply(&mut stage.consultation, decided.event, &decided.words);
    decided.texts
}

fn room_of(consultation: &Consultation, item: IdeaId) -> Responses {
    consultation.room().into_iter().find(|(id, _)| *id == item).map(|(_, room)| room).unwrap_or_default()
}

fn figures(stage: &Stage, item: IdeaId) -> (u32, Vec<String>) {
    let room = room_of(&stage.consultation, item);
    (room.object, room.lines.into_iter().map(|line| line.text).collect())
}

fn staff(stage: &Stage, role: Role) -> SeatId {
    stage.consultation.seats().iter().find(|(_, seat)| seat.role() == role).map(|(id, _)| *id).unwrap()
}

#[test]
fn a_seat_objects_or_not_and_is_told_which() {
    let mut stage = on_the_list();
    let item = item(&stage, 0);
    act(&mut stage, seat(1), &object(item, Some("  Who pays\nfor it? "), None));
    assert_eq!(figures(&stage, item), (1, vec!["Who pays for it?".to_owned()]));
    let told = |stage: &Stage| stage.consultation.responses_of(seat(1)).remove(&item);
    assert_eq!(told(&stage), Some(OwnResponse::Object { line: Some("Who pays for it?".to_owned()) }));
    act(&mut stage, seat(1), &object(item, None, None));
    assert_eq!((figures(&stage, item), told(&stage)), ((0, vec![]), None));
}

/// In older journals seats support entries. Such an event takes back what the seat said before, as it did, and counts for nothing.
#[test]
fn support_in_an_older_journal_loads_and_does_nothing() {
    let mut stage = on_the_list();
    let item = item(&stage, 0);
    let stored = |seat: SeatId, stage: &Stage, n: u64| {
        let asked = decide(stage, seat, &object(item, Some("No"), None)).unwrap().event;
        let Event::Responded { by, .. } = asked else { panic!("it objects") };
        let event =
            serde_json::json!({ "event": "stood", "by": by, "item": item, "says": "supports", "n": n });
        let event = serde_json::json!({ "event": event });
        EventRecord::from_bytes(&serde_json::to_vec(&event).unwrap()).unwrap()
    };
    act(&mut stage, seat(0), &object(item, Some("No"), Some(1)));
    act(&mut stage, seat(1), &object(item, Some("Never"), Some(1)));
    let supports = [stored(seat(0), &stage, 2), stored(seat(2), &stage, 1)];
    for event in supports {
        stage.consultation.apply(&event, &crate::consultation::NewWords::default());
    }
    assert_eq!(figures(&stage, item), (1, vec!["Never".to_owned()]));
    assert!(
        stage.consultation.responses_of(seat(0)).is_empty()
            && stage.consultation.responses_of(seat(2)).is_empty()
    );
}

#[test]
fn lines_are_short_and_few_and_belong_to_the_list() {
    let mut stage = on_the_list();
    let mine = item(&stage, 0);
    let refused = |stage: &Stage, action: &Action| decide(stage, seat(0), action).unwrap_err();
    assert_eq!(refused(&stage, &object(mine, Some(" \n "), None)), Code::TextEmpty);
    // 100 letters beyond the first plane are 200 units.
    assert_eq!(refused(&stage, &object(mine, Some(&"𐍈".repeat(101)), None)), Code::TextTooLong);
    act(&mut stage, seat(0), &object(mine, Some(&"𐍈".repeat(100)), None));
    let nowhere = IdeaId(Uuid::from_u128(77));
    assert_eq!(refused(&stage, &object(nowhere, Some("No"), None)), Code::NotFound);
    assert_eq!(refused(&stage, &object(nowhere, None, None)), Code::NotFound);
    let organizer = staff(&stage, Role::Organizer);
    assert_eq!(decide(&stage, organizer, &object(mine, Some("No"), None)).unwrap_err(), Code::Forbidden);
}

#[test]
fn a_seat_objects_to_a_bounded_number_of_items() {
    let mut stage = on_the_list();
    let (entropy, limits) = (
        Entropy::default(),
        Limits {
            in_room: InRoomLimits { objections_per_seat: 1, ..InRoomLimits::default() },
            ..Limits::default()
        },
    );
    let context = Context { now: 3, entropy: &entropy, limits: &limits };
    let (first, second) = (item(&stage, 0), item(&stage, 1));
    act(&mut stage, seat(0), &object(first, Some("No"), None));
    let again = stage.consultation.decide(seat(0), &object(first, Some("Not so"), None), context);
    assert!(again.is_ok(), "another line for the same item is no further objection");
    let more = stage.consultation.decide(seat(0), &object(second, Some("No"), None), context);
    assert_eq!(more.unwrap_err().code, Code::TooManyObjections);
    act(&mut stage, seat(0), &object(first, None, None));
    assert!(stage.consultation.decide(seat(0), &object(second, Some("No"), None), context).is_ok());
}

#[test]
fn a_line_that_goes_is_deleted_and_stands_in_no_event() {
    let mut stage = on_the_list();
    let item = item(&stage, 0);
    let decided = decide(&stage, seat(0), &object(item, Some("Unsayable"), None)).unwrap();
    let decision = EventRecord { command: None, stamp: None, event: decided.event };
    assert!(!String::from_utf8(decision.to_bytes()).unwrap().contains("Unsayable"));
    let Event::Responded { says: crate::consultation::Response::Objects { objection }, .. } = decision.event
    else {
        panic!("it objects");
    };
    stage.consultation.apply(&decision, &decided.words);
    let row = TextRow::Objection(objection);
    assert_eq!(decided.texts, [TextChange::Put(row, "Unsayable".to_owned())]);
    assert_eq!(TextRow::parse(&row.name()), Some(row));
    // By a new line, by taking back, by staff.
    let gone = TextChange::Delete(row);
    assert!(decide(&stage, seat(0), &object(item, Some("Sayable"), None)).unwrap().texts.contains(&gone));
    assert_eq!(
        decide(&stage, seat(0), &object(item, None, None)).unwrap().texts,
        std::slice::from_ref(&gone)
    );
    let editor = staff(&stage, Role::Editor);
    let hide = Action::HideObjection { item, objection };
    assert_eq!(decide(&stage, seat(1), &hide).unwrap_err(), Code::Forbidden);
    assert_eq!(act(&mut stage, editor, &hide), [gone]);
    assert_eq!(figures(&stage, item), (1, vec![]), "it counts, without its words");
    let told = stage.consultation.responses_of(seat(0));
    assert_eq!(told[&item], OwnResponse::Object { line: None });
}

#[test]
fn it_is_all_there_after_a_restart() {
    let mut stage = on_the_list();
    let item = item(&stage, 0);
    let founding = stage.consultation.founding().clone();
    let (id, keys) = (stage.consultation.id(), *stage.consultation.keys());
    let mut decisions =
        vec![(1, EventRecord { command: None, stamp: None, event: Event::Founded(founding) })];
    let mut rows = std::collections::BTreeMap::new();
    let run = serde_json::to_string(&**stage.consultation.run_facts().unwrap()).unwrap();
    rows.insert(TextRow::Run, run);
    let acts = [
        (0, object(item, Some("first"), Some(1))),
        (0, object(item, Some("second"), Some(3))),
        (0, object(item, Some("late"), Some(2))),
        (1, object(item, None, None)),
    ];
    for (seq, (who, action)) in acts.iter().enumerate() {
        let decided = decide(&stage, seat(*who), action).unwrap();
        for text in decided.texts {
            match text {
                TextChange::Put(key, text) => drop(rows.insert(key, text)),
                TextChange::Delete(key) => drop(rows.remove(&key)),
            }
        }
        let decision = EventRecord { command: None, stamp: None, event: decided.event };
        let decision = EventRecord::from_bytes(&decision.to_bytes()).unwrap();
        stage.consultation.apply(&decision, &decided.words);
        decisions.push((seq as u64 + 2, decision));
    }
    assert_eq!(figures(&stage, item), (1, vec!["second".to_owned()]));
    assert_eq!(rows.len(), 2, "one line and the run");
    let loaded = Consultation::load(id, keys, decisions, rows.into_iter().collect(), 10).unwrap();
    assert_eq!(room_of(&loaded, item), room_of(&stage.consultation, item));
    assert!(!loaded.room_waits());
}

fn words() -> impl Strategy<Value = (usize, usize, u8)> {
    (0..12_usize, 0..TEXTS.len(), 0..4_u8)
}

fn action(stage: &Stage, (_, n, what): (usize, usize, u8), counter: Option<u64>) -> Action {
    let item = item(stage, n);
    match what {
        0..3 => object(item, Some("It was tried before"), counter),
        _ => object(item, None, counter),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn objections_never_change_a_rank(said in proptest::collection::vec(words(), 1..40)) {
        let mut stage = on_the_list();
        let before = stage.bytes();
        for one in said {
            let action = action(&stage, one, None);
            act(&mut stage, seat(one.0), &action);
            prop_assert_eq!(stage.bytes(), before.clone());
        }
    }

    #[test]
    fn the_last_word_of_a_seat_stands_in_whatever_order_words_arrive(
        said in proptest::collection::vec(words(), 1..20),
        shuffle in any::<proptest::sample::Index>(),
    ) {
        let (mut there, mut back) = (on_the_list(), on_the_list());
        let mut numbered: Vec<_> = said.into_iter().enumerate().collect();
        for (n, one) in &numbered {
            let action = action(&there, *one, Some(*n as u64 + 1));
            act(&mut there, seat(one.0), &action);
        }
        let turn = shuffle.index(numbered.len());
        numbered.rotate_left(turn);
        numbered.reverse();
        for (n, one) in &numbered {
            let action = action(&back, *one, Some(*n as u64 + 1));
            act(&mut back, seat(one.0), &action);
            // The same again is the same.
            act(&mut back, seat(one.0), &action);
        }
        for n in 0..TEXTS.len() {
            prop_assert_eq!(figures(&there, idea(n)), figures(&back, idea(n)));
        }
    }
}
