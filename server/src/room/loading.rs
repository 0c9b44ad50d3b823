//! A room as its journal has it, brought to what it must show. Pure; `room::actor` reads the journal.

use std::collections::HashMap;
use std::sync::Arc;

use proto::ids::{ClientId, ConsultationId, DocumentName, Epoch};

use super::document::{DocumentError, LiveDocument};
use super::state::{RoomState, Turn};
use crate::clock::Entropy;
use crate::config::Limits;
use crate::consultation::Plan;
use crate::journal::{LoadedStream, Record, SeatKey, Seq};

/// A room that was restored.
pub struct Restored {
    /// Its state.
    pub state: RoomState,
    /// What brought it to its plan, and must be durable before anybody is told.
    pub turn: Turn,
    /// The first record of a document that is new.
    pub born: Option<Record>,
    /// Seats that typed in it.
    pub typed: Vec<SeatKey>,
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
        let epoch = Epoch(entropy.uuid());
        let span = ClientId::SERVER_END - ClientId::SERVER_FIRST;
        let server = ClientId(ClientId::SERVER_FIRST + entropy.below(span));
        born = Some(Record::Born { epoch, server });
        (LiveDocument::begin(name, epoch, server), HashMap::new(), (0, 0))
    } else {
        (LiveDocument::load(name, stream)?, bindings(stream), last_seqs(stream))
    };
    // A page that only said that it is there is bound as well.
    let typed = bindings.iter().filter(|(client, _)| document.index.has_written(**client));
    let typed = typed.map(|(_, seat)| *seat).collect();
    let mut state = RoomState::new(document, consultation, bindings, seqs, plan, limits);
    if let Some(row) = doubtful {
        state.load_doubtful(row);
    }
    let turn = state.reconcile(plan)?;
    Ok(Restored { state, turn, born, typed })
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
