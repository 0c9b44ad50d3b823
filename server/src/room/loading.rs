//! A room as its journal has it, brought to what it must show. Pure; `room::actor` reads the journal.

use std::collections::HashMap;
use std::sync::Arc;

use proto::ids::{ClientId, ConsultationId, DocumentName, Epoch};

use super::document::{DocumentError, LiveDocument};
use super::state::{RoomState, RoomTurn};
use crate::clock::Entropy;
use crate::config::Limits;
use crate::consultation::Plan;
use crate::journal::{LoadedStream, Record, SeatKey, Seq};

/// A room that was restored.
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Restored {
    pub state: RoomState,
    /// What brought it to its plan, and must be durable before anybody is told.
    pub turn: RoomTurn,
    /// The first record of a document that is new.
    pub born: Option<Record>,
    /// Seats that typed in it.
    pub typed: Vec<SeatKey>,
    /// What was repeated.
    pub tail: Tail,
}

/// What a load repeats after the snapshot: what came since, whoever wrote it and before whichever start.
#[derive(Default)]
pub struct Tail {
    records: usize,
    steps: u64,
}

/// yrs and the gate read so many bytes of an update in one step.
const BYTES_OF_A_STEP: usize = 64;

impl Tail {
    pub(super) fn grow(&mut self, records: &[Record], steps: u64) {
        let bytes = |record: &Record| if let Record::Updated(update) = record { update.len() } else { 0 };
        let bytes: usize = records.iter().map(bytes).sum();
        self.records += records.len();
        self.steps = self.steps.saturating_add(steps).saturating_add((bytes / BYTES_OF_A_STEP) as u64);
    }

    pub(super) const fn is_long(&self, limits: &Limits) -> bool {
        self.records >= limits.snapshot_updates || self.steps >= limits.gate.work.replayed_steps_max
    }
}

/// Restores a room of its stream and, for the list, of the row of doubtful texts; a stream without records begins a document.
///
/// # Errors
/// When the document cannot be read.
pub fn restore(
    name: DocumentName,
    consultation: ConsultationId,
    stream: &LoadedStream,
    doubtful: Option<&str>,
    (plan, limits): (&Plan, Arc<Limits>),
    entropy: &Entropy,
) -> Result<Restored, DocumentError> {
    let mut born = None;
    let (document, bindings, seqs) = if stream.snapshot.is_none() && stream.records.is_empty() {
        let (epoch, server) = epoch(entropy);
        born = Some(Record::Born { epoch, server });
        (LiveDocument::begin(name, epoch, server), HashMap::new(), (0, 0))
    } else {
        (LiveDocument::load(name, stream)?, bindings(stream), last_seqs(stream))
    };
    // A page that only said that it is there is bound as well.
    let typed = bindings.iter().filter(|(client, _)| document.index.has_written(**client));
    let typed = typed.map(|(_, seat)| *seat).collect();
    let mut state = RoomState::new(document, consultation, bindings, seqs, plan, limits);
    keep(&mut state, stream);
    if let Some(row) = doubtful {
        state.load_doubtful(row);
    }
    let turn = state.reconcile(plan)?;
    let mut tail = Tail::default();
    stream.records.iter().for_each(|(_, record)| tail.grow(std::slice::from_ref(record), 0));
    Ok(Restored { state, turn, born, typed, tail })
}

/// Keeps the snapshot for who asks, and counts what came after it.
fn keep(state: &mut RoomState, stream: &LoadedStream) {
    let since = stream.records.iter().map(|(_, record)| match record {
        Record::Updated(update) => update.len(),
        Record::Born { .. } | Record::Bound { .. } | Record::Decided(_) => 0,
    });
    state.keep_loaded(stream.snapshot.as_ref().map(|snapshot| &snapshot.state), since.sum());
}

/// An epoch and the server's client id in it.
pub(super) fn epoch(entropy: &Entropy) -> (Epoch, ClientId) {
    let span = ClientId::SERVER_END - ClientId::SERVER_FIRST;
    (Epoch(entropy.uuid()), ClientId(ClientId::SERVER_FIRST + entropy.below(span)))
}

fn bindings(stream: &LoadedStream) -> HashMap<ClientId, SeatKey> {
    let mut bindings: HashMap<ClientId, SeatKey> =
        stream.snapshot.iter().flat_map(|snapshot| snapshot.bindings.iter().copied()).collect();
    for (_, record) in &stream.records {
        if let Record::Bound { client, seat } = record {
            bindings.insert(*client, *seat);
        }
    }
    bindings
}

/// The last record, and the last one that changed what people see.
fn last_seqs(stream: &LoadedStream) -> (Seq, Seq) {
    let snapshot = stream.snapshot.as_ref().map_or(0, |snapshot| snapshot.seq);
    let updates = stream.records.iter().rev().find(|(_, record)| matches!(record, Record::Updated(_)));
    let last = stream.records.last().map_or(snapshot, |(seq, _)| *seq);
    (last, updates.map_or(snapshot, |(seq, _)| *seq))
}
