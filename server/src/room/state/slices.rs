//! A room's turn is bounded: what is too much for one waits for the next, and nothing is lost or changes its order.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use proto::ids::{ClientId, ConsultationId, DocumentName, Epoch, GroupId};
use proto::phase::Phase;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{LiveDocument, RoomState};
use crate::config::Limits;
use crate::consultation::Plan;
use crate::room::RoomMessage;

const READERS: usize = 300;

#[test]
fn i9_a_turn_ends_when_its_work_is_done_and_the_rest_is_served_by_the_next() {
    let (group, limits) = (GroupId(Uuid::from_u128(1)), Arc::new(Limits::default()));
    let document = LiveDocument::begin(DocumentName::Board(group), Epoch(Uuid::nil()), ClientId(1 << 33));
    let plan = Plan::Board {
        group,
        phase: Phase::Brainstorm,
        ideas: Vec::new(),
        kept: BTreeSet::new(),
        card: Vec::new(),
        closed: Vec::new(),
    };
    let consultation = ConsultationId(Uuid::nil());
    let mut state =
        RoomState::new(document, consultation, HashMap::new(), (0, 0), &plan, Arc::clone(&limits));
    let (mut queue, mut answers) = (VecDeque::new(), VecDeque::new());
    for _ in 0..READERS {
        let (reply, answer) = oneshot::channel();
        queue.push_back(RoomMessage::ReadBoard(None, reply));
        answers.push_back(answer);
    }
    let each = usize::try_from(limits.work.turn_steps_max / limits.work.read_steps).unwrap();
    let mut turns = 0;
    while !queue.is_empty() {
        let turn = state.turn_of(&mut queue).unwrap();
        state.deliver(turn, None);
        turns += 1;
        let mut served = 0;
        while answers.front_mut().is_some_and(|answer| answer.try_recv().is_ok()) {
            answers.pop_front();
            served += 1;
        }
        assert_eq!(served, each.min(READERS - (turns - 1) * each), "in turn {turns}");
    }
    assert_eq!(turns, READERS.div_ceil(each));
    assert!(answers.is_empty(), "everybody was answered");
}
