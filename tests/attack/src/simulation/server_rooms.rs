//! The rooms of a simulated server: documents that are loaded, their mailboxes, and their turns.

use std::collections::VecDeque;
use std::sync::Arc;

use proto::ids::DocumentName;
use server::journal::{Append, Compaction, Journal, Record, Scrub, Stream, StreamRecord, TextRow};
use server::live::state::Input;
use server::room::{Restored, RoomMessage, RoomReport, RoomState, restore};
use yrs::updates::decoder::Decode;
use yrs::{Doc, Transact, Update};

use super::plan::Death;
use super::server::{Ground, Lives, Server};

/// After so many records a room writes a snapshot: fewer than the product's, so that days see some.
const RECORDS_PER_SNAPSHOT: usize = 25;

/// A live document.
pub struct Room {
    state: RoomState,
    queue: VecDeque<RoomMessage>,
    /// Records since the last snapshot.
    records: usize,
}

impl Server {
    /// Tells a room something; it is loaded if it is not live.
    pub fn tell(&mut self, document: DocumentName, message: RoomMessage, ground: &Ground) {
        self.room(document, ground).hear(message);
    }

    pub(super) fn room(&mut self, document: DocumentName, ground: &Ground) -> &mut Room {
        if !self.rooms.contains_key(&document) {
            let plan = self.live.plan_of(document);
            let _size = self.live.size_of(document, &plan);
            let stream = stream_of(document);
            let loaded = ground.journal.load(ground.id, stream).unwrap();
            let row = ground.journal.text(ground.id, TextRow::Doubtful).unwrap();
            let doubtful = row.filter(|_| stream == Stream::Plenary);
            let parts = (&plan, Arc::clone(&ground.limits));
            let restored = restore(document, ground.id, &loaded, doubtful.as_deref(), parts, &ground.entropy);
            let Restored { state, mut turn, born, typed, .. } = restored.unwrap();
            if let DocumentName::Board(group) = document {
                self.live.consultation().typists().loaded(group, typed.into_iter());
            }
            let mut room = Room { state, queue: VecDeque::new(), records: loaded.records.len() };
            let records: Vec<Record> = born.into_iter().chain(std::mem::take(&mut turn.records)).collect();
            let scrub = turn.scrub;
            self.inbox.extend(room.settle(turn, records, document, ground, None).unwrap());
            room.compact(document, scrub, ground);
            self.rooms.insert(document, room);
        }
        self.rooms.get_mut(&document).unwrap()
    }

    /// A room takes a batch of its mailbox. What it reports is taken in before anything else.
    ///
    /// # Errors
    /// When the server dies in it.
    pub fn pump(
        &mut self,
        document: DocumentName,
        most: usize,
        ground: &Ground,
        death: Option<Death>,
    ) -> Lives {
        let Some(room) = self.rooms.get_mut(&document) else { return Ok(()) };
        let batch: Vec<RoomMessage> = room.queue.drain(..most.min(room.queue.len())).collect();
        let mut turn = room.state.turn(batch).unwrap();
        let records = std::mem::take(&mut turn.records);
        let (scrub, going) = (turn.scrub, std::mem::take(&mut turn.going));
        let wrote = std::mem::take(&mut turn.staff_wrote);
        self.live.consultation().typists().note(std::mem::take(&mut turn.typists));
        for report in room.settle(turn, records, document, ground, death)?.into_iter().rev() {
            self.inbox.push_front(report);
        }
        room.compact(document, scrub, ground);
        let reports =
            going.into_iter().map(RoomReport::TextIdle).chain(wrote.into_iter().map(RoomReport::StaffWrote));
        self.inbox.extend(reports.map(Input::Room));
        self.answer();
        Ok(())
    }

    /// Everything in every mailbox of a room is taken in.
    pub fn pump_all(&mut self, ground: &Ground) {
        let names: Vec<DocumentName> = self.rooms.keys().copied().collect();
        for name in names {
            self.pump(name, usize::MAX, ground, None).unwrap();
        }
    }

    /// How many messages wait in rooms.
    pub fn queued(&self) -> usize {
        self.rooms.values().map(|room| room.queue.len()).sum()
    }
}

impl Room {
    /// A message comes into its mailbox.
    pub fn hear(&mut self, message: RoomMessage) {
        self.queue.push_back(message);
    }

    /// Its document, loaded from a snapshot of now.
    ///
    /// # Panics
    /// When the snapshot waits for what never came.
    pub fn replica(&self) -> Doc {
        let doc = Doc::new();
        let state = self.state.snapshot().state;
        doc.transact_mut().apply_update(Update::decode_v1(&state).unwrap()).unwrap();
        doc
    }

    /// Makes a turn durable and tells people; gives what the consultation must hear first.
    fn settle(
        &mut self,
        mut turn: server::room::RoomTurn,
        records: Vec<Record>,
        document: DocumentName,
        ground: &Ground,
        death: Option<Death>,
    ) -> Result<Vec<Input>, Death> {
        if death == Some(Death::BeforeAppend) {
            if ground.answers_early() {
                self.state.deliver(turn, Some(1));
            }
            return Err(Death::BeforeAppend);
        }
        let texts = std::mem::take(&mut turn.texts);
        let count = records.len();
        self.records += count;
        let stream = stream_of(document);
        let entries = records.into_iter().map(|record| StreamRecord { stream, record }).collect();
        let append = Append {
            consultation: ground.id,
            entries,
            texts,
            files: Vec::new(),
            keys: None,
            scrubs: Vec::new(),
        };
        let nothing = append.entries.is_empty() && append.texts.is_empty();
        let seq = (!nothing).then(|| ground.append(append)).filter(|_| count > 0);
        if death == Some(Death::AfterAppend) {
            return Err(Death::AfterAppend);
        }
        let kept = std::mem::take(&mut turn.kept);
        self.state.deliver(turn, seq);
        Ok(if kept.is_empty() { Vec::new() } else { vec![Input::Room(RoomReport::TextsHidden(kept))] })
    }

    /// Writes a snapshot, when words must leave the files or there are many records since the last one.
    fn compact(&mut self, document: DocumentName, scrub: Option<Scrub>, ground: &Ground) {
        if scrub.is_none() && self.records < RECORDS_PER_SNAPSHOT {
            return;
        }
        self.records = 0;
        let compaction = Compaction {
            consultation: ground.id,
            stream: stream_of(document),
            snapshot: self.state.snapshot(),
            scrub: scrub.unwrap_or(Scrub::Later),
            decided: self.state.decided(),
        };
        ground.journal.compact(compaction).try_recv().unwrap().unwrap();
    }
}

const fn stream_of(document: DocumentName) -> Stream {
    match document {
        DocumentName::Board(group) => Stream::Board(group),
        DocumentName::Plenary(_) | DocumentName::Consultation(_) => Stream::Plenary,
    }
}
