//! What a load repeats and what yrs keeps of replaced values is bounded, however long a day lasts (rule G7).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use proto::api::consultation::IdeaState;
use proto::api::translations::Translation;
use proto::gate::{GateLimits, WorkLimits};
use proto::ids::{ConsultationId, DocumentName, GroupId, IdeaId, PointId};
use proto::phase::Phase;
use proto::wire::close::CloseReason;
use proto::wire::frame::Envelope;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use super::{
    Completion, DocumentSize, LiveDocument, OutboxMessage, ReportSender, RoomHandle, RoomMessage, RoomParts,
    RoomWrite, Subscription, SubscriptionId, outbox, run,
};
use crate::access::Actor;
use crate::clock::Entropy;
use crate::config::Limits;
use crate::consultation::{BoardWrite, IdeaPlan, IdeaWords, Plan};
use crate::journal::{Append, Journal, Keys, MemoryJournal, SeatKey, Stream};

const DEADLINE: Duration = Duration::from_secs(20);
const CONSULTATION: ConsultationId = ConsultationId(Uuid::from_u128(1));
const GROUP: GroupId = GroupId(Uuid::from_u128(2));
const IDEAS: u128 = 5;

const fn idea(number: u128) -> IdeaId {
    IdeaId(Uuid::from_u128(100 + number))
}

/// A board of five ideas in the vote.
fn plan() -> Plan {
    let ideas = (0..IDEAS).map(|number| IdeaPlan {
        id: idea(number),
        words: IdeaWords {
            text: format!("Idea {number}").into(),
            entry: None,
            tr: BTreeMap::from([(
                "fr".to_owned(),
                Translation { text: format!("Idée {number}"), ..Translation::default() },
            )]),
        },
        spoken: false,
        point: PointId(Uuid::from_u128(3)),
        kind: None,
        kind_proposed: false,
        lang: "en".to_owned(),
        order: number as u32,
        tally: None,
        state: IdeaState::Shown,
        into: None,
        locked: false,
    });
    Plan::Board {
        group: GROUP,
        phase: Phase::Vote,
        ideas: ideas.collect(),
        kept: BTreeSet::new(),
        card: Vec::new(),
        closed: Vec::new(),
    }
}

/// A journal in memory that holds the keys of the consultation and no record yet.
async fn journal() -> Arc<MemoryJournal> {
    let journal = MemoryJournal::default();
    let keys = Some(Keys { ballots: [1; 32], bindings: [2; 32], seats: [3; 32] });
    let begun = Append {
        consultation: CONSULTATION,
        entries: Vec::new(),
        texts: Vec::new(),
        files: Vec::new(),
        keys,
        scrubs: Vec::new(),
    };
    journal.append(begun).await.unwrap().unwrap();
    Arc::new(journal)
}

/// Starts the board's room, as its consultation does.
fn room(journal: &Arc<MemoryJournal>, limits: &Arc<Limits>) -> (RoomHandle, JoinSet<()>) {
    let (document, size) = (DocumentName::Board(GROUP), DocumentSize::default());
    let (handle, mailbox) = RoomHandle::new(document, CONSULTATION, 64, size.clone());
    let mut running = JoinSet::new();
    running.spawn(run(RoomParts {
        document,
        consultation: CONSULTATION,
        stream: Stream::Board(GROUP),
        plan: plan(),
        journal: Arc::clone(journal) as Arc<dyn Journal>,
        limits: Arc::clone(limits),
        entropy: Entropy::default(),
        reports: ReportSender::new(8, 4).0,
        mailbox,
        typists: Default::default(),
        changed: None,
        size,
    }));
    (handle, running)
}

/// Shows a tally, and waits until it is durable and shown.
async fn tally(room: &RoomHandle, number: u128, tally: u32) {
    let (done, mut shown) = mpsc::channel(1);
    let write = RoomWrite::Board(BoardWrite::Tally(idea(number), Some(tally)));
    room.tell(RoomMessage::Write(write, Completion::of(done))).await.unwrap();
    timeout(DEADLINE, shown.recv()).await.expect("it is shown").expect("the room is there");
}

fn document(journal: &MemoryJournal) -> (LiveDocument, usize) {
    let stream = journal.load(CONSULTATION, Stream::Board(GROUP)).unwrap();
    let records = stream.records.len();
    (LiveDocument::load(DocumentName::Board(GROUP), &stream).unwrap(), records)
}

#[tokio::test]
async fn g7_a_board_whose_tallies_change_for_ever_begins_anew_and_loses_nothing() {
    let work = WorkLimits { replaced_values_max: 60, structs_max: 60, ..WorkLimits::default() };
    let gate = GateLimits { work, ..GateLimits::default() };
    let limits = Arc::new(Limits { gate, ..Limits::default() });
    let journal = journal().await;
    let (handle, running) = room(&journal, &limits);
    tally(&handle, 0, 1).await;
    let before = document(&journal).0.epoch;
    let (outbox, mut told, _cut) = outbox(1_000);
    let subscription = Subscription {
        id: SubscriptionId::next(),
        envelope: Envelope::Hocuspocus("board".into()),
        outbox,
        actor: Actor { role: proto::role::Role::Participant, group: Some(GROUP) },
        seat: SeatKey([7; 16]),
        name: "Participant",
    };
    handle.tell(RoomMessage::Open(Box::new(subscription))).await.unwrap();
    for change in 0..400u32 {
        tally(&handle, u128::from(change) % IDEAS, change).await;
    }
    let closed = async {
        loop {
            if let OutboxMessage::Close(reason) = told.recv().await.expect("it is told") {
                break reason;
            }
        }
    };
    assert_eq!(timeout(DEADLINE, closed).await.expect("it is closed"), CloseReason::TryAgain);
    let view = handle.read_board(None).await.unwrap();
    drop(handle);
    timeout(DEADLINE, running.join_all()).await.unwrap();
    let (document, _) = document(&journal);
    let replaced = document.index.work().replaced;
    assert!(replaced <= 60 + IDEAS as u64, "{replaced} replaced values");
    assert_ne!(document.epoch, before);
    let loaded = document.board(view.seq);
    assert_eq!(serde_json::to_value(&loaded).unwrap(), serde_json::to_value(&*view).unwrap());
    for (number, shown) in (0..IDEAS).zip(&loaded.ideas) {
        assert_eq!((shown.id, &*shown.text), (idea(number), &*format!("Idea {number}")));
        assert_eq!(shown.tr.get("fr"), Some(&format!("Idée {number}")));
        assert_eq!(shown.tally, Some(395 + number as u32), "the newest of each");
    }
}

#[tokio::test]
async fn g7_what_a_load_repeats_is_bounded_over_any_number_of_starts() {
    let limits = Arc::new(Limits { snapshot_updates: 10, ..Limits::default() });
    let journal = journal().await;
    for start in 0..6u32 {
        let (handle, running) = room(&journal, &limits);
        for change in 0..4 {
            tally(&handle, u128::from(change), 4 * start + change).await;
        }
        drop(handle);
        timeout(DEADLINE, running.join_all()).await.unwrap();
        let (_, records) = document(&journal);
        assert!(records <= 10, "{records} records after start {start}");
    }
}

#[tokio::test]
async fn g7_a_snapshot_is_written_when_what_the_server_wrote_is_dear_to_repeat() {
    let work = WorkLimits { replayed_steps_max: 400, ..WorkLimits::default() };
    let limits = Arc::new(Limits { gate: GateLimits { work, ..GateLimits::default() }, ..Limits::default() });
    let journal = journal().await;
    let (handle, running) = room(&journal, &limits);
    for change in 0..50 {
        tally(&handle, u128::from(change) % IDEAS, change).await;
    }
    drop(handle);
    timeout(DEADLINE, running.join_all()).await.unwrap();
    let (_, records) = document(&journal);
    // A tally costs at least a struct of twenty steps and its deletion.
    assert!(records <= 400 / 20, "{records} records");
}
