//! What a seat sends is decided in the order in which it came, also behind a command about which a room is asked.

use proto::command::{Action, Command};
use proto::ids::CommandId;
use proto::problem::Code;
use proto::role::Role;
use uuid::Uuid;

use crate::clock::tick;
use crate::config::Limits;
use crate::consultation::{Event, EventRecord, ListChange};
use crate::journal::Record;
use crate::live::state::job::{RoomQuestion, RoomWords};
use crate::live::state::{Effect, Input, Job, JobDone, Live, ReplyId};
use crate::live::tests::rapporteurs_converge::{Stage, list_of, stage};
use crate::live::tests::unasked::{at, seat_of};
use crate::room::Shared;

/// A turn: what it decides about the list, what it refuses, and about which commands it asks rooms.
fn turn(live: &mut Live, inputs: Vec<Input>) -> (Vec<bool>, Vec<Code>, Vec<RoomQuestion>) {
    at(tick(), 0, |env| {
        let turn = live.turn(inputs, env);
        let refused = turn.refusals.iter().map(|(_, problem)| problem.code).collect();
        let (mut frozen, mut asked) = (Vec::new(), Vec::new());
        let entries = turn.append.into_iter().flat_map(|append| append.entries);
        for record in entries.map(|entry| entry.record) {
            let Record::Decided(bytes) = record else { panic!("{record:?}") };
            if let Event::List(ListChange::Frozen { on, .. }) = EventRecord::from_bytes(&bytes).unwrap().event
            {
                frozen.push(on);
            }
        }
        for effect in live.durable(turn.undelivered, None, env) {
            if let Effect::Start(Job::AskRoom(question)) = effect {
                asked.push(*question);
            }
        }
        (frozen, refused, asked)
    })
}

#[test]
fn c39_what_a_seat_sends_behind_a_freeze_is_decided_behind_it() {
    let mut hall: Stage = stage();
    hall.merge();
    let (list, editor) = (list_of(&hall.consultation), seat_of(&hall.consultation, Role::Editor));
    let freeze = |n: u64, on: bool| Input::Command {
        seat: editor,
        command: Command { id: CommandId(Uuid::from_u128(n.into())), action: Action::Freeze { on } },
        reply: ReplyId(n),
    };
    let mut live = at(tick(), 0, |env| Live::new(hall.consultation, env));
    let most = Limits::default().commands_behind_max as u64;

    let (frozen, refused, asked) = turn(&mut live, vec![freeze(1, true), freeze(2, false)]);
    assert_eq!((frozen, refused, asked.len()), (vec![], vec![], 1), "the list is read first");
    let (frozen, refused, _) = turn(&mut live, (3..3 + most).map(|n| freeze(n, n % 2 == 1)).collect());
    assert_eq!((frozen, refused), (vec![], vec![Code::TooFast]), "one more than may wait");

    let mut answer = |question: RoomQuestion| {
        let words = RoomWords::List(Shared::new(list.clone()));
        turn(&mut live, vec![Input::Done(JobDone::RoomAnswered(Box::new(question), Ok(words)))])
    };
    let (frozen, _, asked) = answer(asked.into_iter().next().unwrap());
    assert_eq!(
        (frozen, asked.len()),
        (vec![true, false], 1),
        "the next freeze asks again, and the others wait"
    );
    let (frozen, _, _) = answer(asked.into_iter().next().unwrap());
    assert_eq!(frozen, [true, false]);
}
