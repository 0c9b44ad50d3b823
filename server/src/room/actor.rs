//! The loop of a room: drain the mailbox, apply, append once, deliver.
//!
//! If an append fails or the document does, the room ends: phones are told to come back with what they have, and the
//! room is loaded again from the journal when somebody opens it.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use proto::ids::{ClientId, ConsultationId, DocumentName, Epoch, IdeaId};
use proto::wire::close::CloseReason;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use super::document::{DocumentError, LiveDocument};
use super::state::{RoomState, Turn};
use super::{DocumentSize, Reports, RoomMessage, RoomReport};
use crate::clock::Entropy;
use crate::config::Limits;
use crate::consultation::{Plan, Typists};
use crate::journal::{
    Append, Compaction, Journal, JournalError, LoadedStream, Record, Scrub, SeatKey, Seq, Stream,
    StreamRecord, TextChange, TextRow,
};
use crate::rate::Bucket;
use crate::room::idle_texts::IdleTimers;
use crate::room::ledger_throttle::LedgerThrottle;

/// What a room is made of.
pub struct RoomParts {
    /// The document.
    pub document: DocumentName,
    /// Its consultation.
    pub consultation: ConsultationId,
    /// Its stream in the journal.
    pub stream: Stream,
    /// What it must show.
    pub plan: Plan,
    /// Where it is kept.
    pub journal: Arc<dyn Journal>,
    /// Every bound.
    pub limits: Arc<Limits>,
    /// Randomness.
    pub entropy: Entropy,
    /// Where it reports to.
    pub reports: Reports,
    /// Its mailbox.
    pub mailbox: mpsc::Receiver<RoomMessage>,
    /// Which seats typed on boards.
    pub typists: Typists,
    /// Where it says that it shows something else; only of the plenary, which exports tell.
    pub changed: Option<watch::Sender<()>>,
    /// Where it counts how much people see.
    pub size: DocumentSize,
}

/// Why a room ended before its time.
#[derive(Debug, thiserror::Error)]
enum RoomError {
    #[error(transparent)]
    Document(#[from] DocumentError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("loading was interrupted")]
    Interrupted,
}

/// Runs a room until nobody holds a handle to it, or it fails.
pub async fn run(mut parts: RoomParts) {
    let document = parts.document;
    let mut state = match load(&mut parts).await {
        Ok(state) => state,
        Err(error) => {
            tracing::error!(%document, %error, "a room could not be loaded");
            return;
        }
    };
    match serve(&mut parts, &mut state).await {
        Ok(()) => state.end(CloseReason::Restarting),
        Err(RoomError::Journal(JournalError::Purged)) => {
            parts.mailbox.close();
            state.end(CloseReason::Purged);
        }
        Err(error) => {
            tracing::error!(%document, %error, "a room ended by a fault");
            parts.mailbox.close();
            state.end(CloseReason::TryAgain);
        }
    }
}

async fn serve(parts: &mut RoomParts, state: &mut RoomState) -> Result<(), RoomError> {
    let limits = Arc::clone(&parts.limits);
    let mut batch = Vec::with_capacity(limits.batch_messages);
    let mut queue = VecDeque::with_capacity(limits.batch_messages);
    let mut bucket = Bucket::new(limits.room_rate, Instant::now());
    let mut presence_due = Instant::now();
    let mut renewal_due = Instant::now() + limits.awareness_renewal;
    let (mut updates, mut steps) = (0, 0);
    let mut told = LedgerThrottle::new(limits.records.worded_pause);
    let mut restless = IdleTimers::default();
    let (pause, pause_max) = (limits.quiet_pause, limits.quiet_pause_max);
    loop {
        let quiet_due = restless.due(pause, pause_max);
        tokio::select! {
            // What was left of the last batch comes first, after others had their turn.
            () = tokio::task::yield_now(), if !queue.is_empty() => {}
            count = parts.mailbox.recv_many(&mut batch, limits.batch_messages), if queue.is_empty() => {
                if count == 0 {
                    return Ok(());
                }
            }
            () = sleep_until(presence_due), if state.presence_waits() => {
                state.relay_presence();
                presence_due = Instant::now() + limits.awareness_pause;
                continue;
            }
            () = sleep_until(renewal_due), if state.has_presence() => {
                state.renew_presence();
                renewal_due = Instant::now() + limits.awareness_renewal;
                continue;
            }
            () = sleep_until(quiet_due.unwrap_or(renewal_due)), if quiet_due.is_some() => {
                let due = restless.take_due(Instant::now(), pause, pause_max);
                tell_quiet(parts, state, due, &mut restless);
                continue;
            }
        }
        let busy_until = bucket.take(batch.len(), Instant::now());
        queue.extend(batch.drain(..));
        let mut turn = state.turn_of(&mut queue)?;
        if turn.purged {
            return Err(JournalError::Purged.into());
        }
        let records = std::mem::take(&mut turn.records);
        parts.typists.note(std::mem::take(&mut turn.typists));
        updates += records.len();
        steps += turn.steps;
        let scrub = turn.scrub;
        let wrote = std::mem::take(&mut turn.staff_wrote);
        wrote_in(&mut turn, &mut restless);
        let (going, all_quiet) = (std::mem::take(&mut turn.going), turn.all_quiet);
        make_durable_and_tell(parts, state, turn, records).await?;
        told.tell(wrote, &parts.reports, Instant::now());
        // Whoever restores one wording must be able to restore the other.
        for quiet in going {
            let _ = parts.reports.try_report(RoomReport::TextIdle(quiet));
        }
        if all_quiet {
            tell_quiet(parts, state, restless.take_all(), &mut restless);
        }
        let long = updates >= limits.snapshot_updates || steps >= limits.gate.work.replayed_steps_max;
        if scrub.is_some() || long {
            (updates, steps) = (0, 0);
            compact(parts, state, scrub.unwrap_or(Scrub::Later)).await?;
        }
        if let Some(until) = busy_until {
            sleep_until(until).await;
        }
    }
}

/// Tells what texts say that are quiet; those that cannot be told now are told later.
fn tell_quiet(parts: &RoomParts, state: &mut RoomState, ideas: Vec<IdeaId>, restless: &mut IdleTimers) {
    for idea in ideas {
        state.quiet(idea);
        if let Some(quiet) = state.quiet_words(idea)
            && !parts.reports.try_report(RoomReport::TextIdle(quiet))
        {
            restless.wrote(idea, Instant::now());
        }
    }
}

/// Notes in which ideas people wrote.
fn wrote_in(turn: &mut Turn, restless: &mut IdleTimers) {
    for idea in std::mem::take(&mut turn.wrote) {
        restless.wrote(idea, Instant::now());
    }
}

/// Words that were hidden are with the consultation before who hid them is answered.
async fn make_durable_and_tell(
    parts: &RoomParts,
    state: &mut RoomState,
    mut turn: Turn,
    records: Vec<Record>,
) -> Result<(), JournalError> {
    let seq = append(parts, records, std::mem::take(&mut turn.texts)).await?;
    let kept = std::mem::take(&mut turn.kept);
    if !kept.is_empty() {
        parts.reports.texts_hidden(kept).await;
    }
    if let Some(changed) = parts.changed.as_ref().filter(|_| seq.is_some()) {
        changed.send_replace(());
    }
    state.deliver(turn, seq);
    parts.size.set(state.visible_units());
    Ok(())
}

async fn compact(parts: &RoomParts, state: &RoomState, scrub: Scrub) -> Result<(), JournalError> {
    let (consultation, stream) = (parts.consultation, parts.stream);
    if scrub == Scrub::Now && crate::seeded_defects::is("slow-scrubs") {
        crate::seeded_defects::linger();
    }
    let (snapshot, decided) = (state.snapshot(), state.decided());
    let compaction = Compaction { consultation, stream, snapshot, scrub, decided };
    durable(parts.journal.compact(compaction)).await.map(drop)
}

async fn append(
    parts: &RoomParts,
    records: Vec<Record>,
    texts: Vec<TextChange>,
) -> Result<Option<Seq>, JournalError> {
    if records.is_empty() && texts.is_empty() {
        return Ok(None);
    }
    // Rows of texts alone are no record of its stream.
    let has_records = !records.is_empty();
    let entries = records.into_iter().map(|record| StreamRecord { stream: parts.stream, record }).collect();
    let consultation = parts.consultation;
    let append = Append { consultation, entries, texts, files: Vec::new(), keys: None, scrubs: Vec::new() };
    durable(parts.journal.append(append)).await.map(|seq| has_records.then_some(seq))
}

async fn durable(answer: crate::journal::Durable) -> Result<Seq, JournalError> {
    answer.await.unwrap_or_else(|_| Err(JournalError::Stopped("its writer has ended".to_owned())))
}

async fn load(parts: &mut RoomParts) -> Result<RoomState, RoomError> {
    let (journal, consultation, stream) = (Arc::clone(&parts.journal), parts.consultation, parts.stream);
    let name = parts.document;
    let loaded = tokio::task::spawn_blocking(move || -> Result<_, RoomError> {
        let is_list = stream == Stream::Plenary;
        let doubtful = if is_list { journal.text(consultation, TextRow::Doubtful)? } else { None };
        let stream = journal.load(consultation, stream)?;
        if stream.snapshot.is_none() && stream.records.is_empty() {
            return Ok(None);
        }
        let document = LiveDocument::load(name, &stream)?;
        Ok(Some((document, bindings(&stream), last_seqs(&stream), doubtful)))
    });
    let loaded = loaded.await.map_err(|_| RoomError::Interrupted)??;
    let mut born = None;
    let (document, bindings, seqs, doubtful) = match loaded {
        Some(loaded) => loaded,
        None => {
            let epoch = Epoch(parts.entropy.uuid());
            let span = ClientId::SERVER_END - ClientId::SERVER_FIRST;
            let server = ClientId(ClientId::SERVER_FIRST + parts.entropy.below(span));
            born = Some(Record::Born { epoch, server });
            (LiveDocument::begin(name, epoch, server), HashMap::new(), (0, 0), None)
        }
    };
    if let DocumentName::Board(group) = name {
        // A page that only said that it is there is bound as well.
        let typed = bindings.iter().filter(|(client, _)| document.index.has_written(**client));
        parts.typists.loaded(group, typed.map(|(_, seat)| *seat));
    }
    let limits = Arc::clone(&parts.limits);
    let mut state = RoomState::new(document, consultation, bindings, seqs, &parts.plan, limits);
    if let Some(row) = doubtful {
        state.load_doubtful(&row);
    }
    let mut turn = state.reconcile(&parts.plan)?;
    let records = born.into_iter().chain(std::mem::take(&mut turn.records)).collect();
    let scrub = turn.scrub;
    make_durable_and_tell(parts, &mut state, turn, records).await?;
    if let Some(scrub) = scrub {
        // What was to leave the board when the server stopped leaves the files now.
        compact(parts, &state, scrub).await?;
    }
    Ok(state)
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
