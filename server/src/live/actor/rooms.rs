//! The rooms of a running consultation, and what they report. `documents` loads them and lets them show what was decided.

use std::collections::HashMap;

use proto::ids::{DocumentName, GroupId};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::config::Limits;
use crate::journal::{SeatKey, Seq, Stream};
use crate::room::{Completion, ReportSender, RoomHandle, RoomMessage, RoomReport};

/// The live rooms of one consultation.
pub struct Rooms {
    handles: HashMap<DocumentName, RoomHandle>,
    /// The rooms, and answers that wait for rooms.
    pub(in crate::live) tasks: JoinSet<()>,
    report_to: ReportSender,
    /// What rooms report.
    pub(in crate::live) reports: mpsc::Receiver<RoomReport>,
    /// Documents whose files still hold deleted words, because the server stopped before they were rewritten.
    owed_scrubs: Vec<(Stream, Seq)>,
}

impl Rooms {
    /// No room is live yet.
    #[must_use]
    pub fn new(limits: &Limits, owed_scrubs: Vec<(Stream, Seq)>) -> Self {
        let reserve = limits.kept_words_waiting;
        let capacity = reserve + limits.quiet_waiting + limits.records.worded_waiting;
        let (report_to, reports) = ReportSender::new(capacity, reserve);
        Self { handles: HashMap::new(), tasks: JoinSet::new(), report_to, reports, owed_scrubs }
    }

    /// Lets all rooms end, and waits until they have.
    pub(in crate::live) async fn end(&mut self) {
        self.handles.clear();
        while self.tasks.join_next().await.is_some() {}
    }

    /// How many rooms were loaded, those that have ended among them.
    pub(in crate::live) fn count(&self) -> usize {
        self.handles.len()
    }

    /// Where rooms report.
    pub(in crate::live) fn report_to(&self) -> ReportSender {
        self.report_to.clone()
    }

    /// Documents whose files still hold deleted words, once.
    pub(in crate::live) fn take_owed_scrubs(&mut self) -> Vec<(Stream, Seq)> {
        std::mem::take(&mut self.owed_scrubs)
    }

    /// Runs a room that was loaded. It takes the place of one of the same document that has ended.
    pub(in crate::live) fn add(
        &mut self,
        document: DocumentName,
        handle: RoomHandle,
        room: impl Future<Output = ()> + Send + 'static,
    ) {
        self.run(room);
        self.handles.insert(document, handle);
    }

    /// Runs what waits for rooms; it ends with them.
    pub(in crate::live) fn run(&mut self, waiting: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(waiting);
    }

    /// Everything was deleted: rooms tell their connections.
    pub(in crate::live) async fn purged(&self) {
        for room in self.handles.values() {
            let _ = room.tell(RoomMessage::Purged).await;
        }
    }

    /// The room of a document, if it is live.
    pub(in crate::live) fn live(&self, document: DocumentName) -> Option<RoomHandle> {
        self.handles.get(&document).filter(|room| !room.has_ended()).cloned()
    }

    /// Tells live rooms that a seat has no place in them any more; says how many.
    pub(in crate::live) async fn dismiss(
        &self,
        seat: SeatKey,
        group: Option<GroupId>,
        done: &mpsc::Sender<()>,
    ) -> usize {
        let concerned = |document: &DocumentName| group.is_none_or(|id| *document == DocumentName::Board(id));
        let rooms = self.handles.iter().filter(|(document, room)| concerned(document) && !room.has_ended());
        let mut told = 0;
        for (_, room) in rooms {
            told += 1;
            let _ = room.tell(RoomMessage::Dismiss(seat, Completion::of(done.clone()))).await;
        }
        told
    }
}
