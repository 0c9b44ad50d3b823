//! A room's turn is bounded: what is too much for one waits for the next, and nothing is lost or changes its order.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use proto::api::consultation::IdeaState;
use proto::gate::StateVector;
use proto::ids::{ClientId, ConsultationId, DocumentName, Epoch, GroupId, IdeaId, PointId};
use proto::phase::Phase;
use proto::role::Role;
use proto::wire::frame::Envelope;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{LiveDocument, RoomState};
use crate::access::Actor;
use crate::config::Limits;
use crate::consultation::{BoardWrite, IdeaPlan, IdeaWords, Plan};
use crate::journal::SeatKey;
use crate::room::{
    Completion, OutboxMessage, RoomInput, RoomMessage, RoomWrite, Subscription, SubscriptionId, outbox,
};

const WRITES: usize = 300;

#[test]
fn i9_a_turn_ends_when_its_work_is_done_and_the_rest_is_served_by_the_next() {
    let (mut state, limits) = board();
    let (mut queue, mut answers) = (VecDeque::new(), VecDeque::new());
    let mut turns = 0;
    for _ in 0..WRITES {
        let (done, answer) = mpsc::channel(1);
        let write = RoomWrite::Board(BoardWrite::Card(Vec::new()));
        queue.push_back(RoomMessage::Write(write, Completion::of(done)));
        answers.push_back(answer);
    }
    let each = usize::try_from(limits.work.turn_steps_max / limits.work.read_steps).unwrap();
    while !queue.is_empty() {
        let turn = state.turn_of(&mut queue).unwrap();
        state.deliver(turn, None);
        turns += 1;
        let mut served = 0;
        while answers.front_mut().is_some_and(|answer| answer.try_recv().is_ok()) {
            answers.pop_front();
            served += 1;
        }
        assert_eq!(served, each.min(WRITES - (turns - 1) * each), "in turn {turns}");
    }
    assert_eq!(turns, WRITES.div_ceil(each));
    assert!(answers.is_empty(), "everybody was answered");
}

fn board() -> (RoomState, Arc<Limits>) {
    let limits = Limits::default();
    (board_of(limits.clone()), Arc::new(limits))
}

fn board_of(limits: Limits) -> RoomState {
    let group = GroupId(Uuid::from_u128(1));
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
    RoomState::new(document, consultation, HashMap::new(), (0, 0), &plan, Arc::new(limits))
}

#[test]
fn w16_all_who_read_one_version_of_a_board_share_one_view_and_a_change_makes_another() {
    let (mut state, _) = board();
    let mut read = |readers: usize, before: Option<BoardWrite>| {
        let mut queue = VecDeque::new();
        queue.extend(before.map(|write| RoomMessage::Write(RoomWrite::Board(write), Completion::default())));
        let mut answers = Vec::new();
        for _ in 0..readers {
            let (reply, answer) = oneshot::channel();
            queue.push_back(RoomMessage::ReadBoard(None, reply));
            answers.push(answer);
        }
        while !queue.is_empty() {
            let turn = state.turn_of(&mut queue).unwrap();
            state.deliver(turn, None);
        }
        answers.into_iter().map(|mut answer| answer.try_recv().unwrap()).collect::<Vec<_>>()
    };
    let first = read(300, None);
    assert!(first.iter().all(|view| view.is_same(&first[0])), "made once");
    assert_eq!(first[0].json().unwrap().as_ptr(), first[299].json().unwrap().as_ptr(), "and written once");
    let later = read(2, Some(BoardWrite::Phase(Phase::Vote)));
    assert!(later[0].is_same(&later[1]) && !later[0].is_same(&first[0]), "what changed is read anew");
}

/// Puts so many units on a board.
fn fill(state: &mut RoomState, units: usize) {
    let idea = IdeaPlan {
        id: IdeaId(Uuid::from_u128(2)),
        words: IdeaWords { text: "x".repeat(units).into(), entry: None, tr: BTreeMap::new() },
        spoken: false,
        point: PointId(Uuid::from_u128(3)),
        kind: None,
        kind_proposed: false,
        lang: "en".to_owned(),
        order: 1,
        tally: None,
        state: IdeaState::Shown,
        into: None,
        locked: false,
    };
    let write = RoomWrite::Board(BoardWrite::Put(idea));
    let turn = state.turn([RoomMessage::Write(write, Completion::default())]).unwrap();
    state.deliver(turn, None);
}

/// Forty people ask a board of so many units what they are missing, each with these words; says in how many turns they
/// are answered.
fn turns_of_forty(units: usize, limits: &Limits, theirs: impl Fn(u64) -> StateVector) -> usize {
    let mut state = board_of(limits.clone());
    fill(&mut state, units);
    let (outbox, mut told, _cut) = outbox(1_000);
    let mut queue = VecDeque::new();
    for asker in 0..40u8 {
        let id = SubscriptionId::next();
        let subscription = Subscription {
            id,
            envelope: Envelope::Hocuspocus("board".into()),
            outbox: outbox.clone(),
            actor: Actor { role: Role::Participant, group: Some(GroupId(Uuid::from_u128(1))) },
            seat: SeatKey([asker; 16]),
            name: "Participant",
        };
        queue.push_back(RoomMessage::Open(Box::new(subscription)));
        queue.push_back(RoomMessage::Input(id, RoomInput::Step1(theirs(u64::from(asker)))));
    }
    // They are still being sent theirs.
    let (mut turns, mut answers) = (0, Vec::new());
    while !queue.is_empty() {
        let turn = state.turn_of(&mut queue).unwrap();
        state.deliver(turn, None);
        turns += 1;
        while let Ok(message) = told.try_recv() {
            answers.extend(matches!(message, OutboxMessage::Answer(..)).then_some(message));
        }
    }
    assert_eq!(answers.len(), 40, "everybody is answered");
    turns
}

#[test]
fn w16_a_large_document_is_not_encoded_anew_for_who_asks_and_a_turn_counts_what_is() {
    let nothing = |_| StateVector::default();
    // An id that nobody has used yet: the answer is the whole board, and nobody else asks the same.
    let own = |asker| StateVector::of_document([(ClientId(1_000 + asker), 1)].into_iter());
    let limits = Limits::default();
    let mut keeps_nothing = Limits::default();
    keeps_nothing.delivery.piece_bytes = usize::MAX;
    let large = 1_600_000;
    assert_eq!(turns_of_forty(large, &limits, own), 1, "from what the room keeps");
    assert_eq!(
        turns_of_forty(large, &keeps_nothing, own),
        7,
        "where nothing is kept, each looks at all of it"
    );
    // The largest that no room keeps: each is encoded.
    let largest = limits.delivery.piece_bytes - 1_000;
    assert_eq!(turns_of_forty(largest, &limits, own), 3);
    assert_eq!(turns_of_forty(largest, &limits, nothing), 1, "who asks the same shares it");
}

#[test]
fn w16_an_answer_to_a_state_vector_costs_no_more_than_a_frame_may_on_the_largest_board() {
    let limits = Limits::default();
    let (work, room, delivery) = (limits.gate.work, &limits.room, &limits.delivery);
    // As `dearest` of the gate's tests has them: the facts of an idea, a translation and its place, what is worn.
    let ideas = 14 * room.board_ideas_max + 2 * room.board_translations_max;
    let structs = ideas as u64
        + work.structs_max.max(work.document_parts_max + work.replaced_values_max)
        + work.collected_parts_max;
    let bytes = delivery.piece_bytes.max(delivery.difference_bytes_max) as u64;
    let runtime = &limits.work;
    let steps =
        runtime.read_steps + bytes / runtime.encoded_bytes_of_a_step + structs / runtime.structs_of_a_step;
    assert!(steps <= work.frame_steps_max, "{steps} steps");
    assert!(steps > work.frame_steps_max / 2, "the bound is not far above what there is: {steps}");
}
