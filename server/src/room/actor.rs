//! The loop of a room: drain the mailbox, apply, append once, deliver.
//!
//! If an append fails or the document does, the room ends: phones are told to come back with what they have, and the
//! room is loaded again from the journal when somebody opens it.

use std::collections::VecDeque;
use std::sync::Arc;

use proto::ids::{ConsultationId, DocumentName, IdeaId};
use proto::wire::close::CloseReason;
use tokio::sync::{mpsc, watch};
use tokio::time::sleep_until;

use super::document::DocumentError;
use super::document_parts::Sending;
use super::loading::{Restored, Tail, epoch, restore};
use super::state::{RoomState, RoomTurn};
use super::{DocumentSize, ReportSender, RoomMessage, RoomReport};
use crate::clock::{Entropy, tick};
use crate::config::Limits;
use crate::consultation::{Plan, Typists};
use crate::journal::{
    Append, Compaction, Journal, JournalError, Record, Scrub, Seq, Stream, StreamRecord, TextChange, TextRow,
};
use crate::rate::Bucket;
use crate::room::idle_texts::IdleTimers;
use crate::room::ledger_throttle::LedgerThrottle;

/// What a room is made of.
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct RoomParts {
    pub document: DocumentName,
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
    pub reports: ReportSender,
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
    let (mut state, mut tail) = match load(&mut parts).await {
        Ok(loaded) => loaded,
        Err(error) => {
            tracing::error!(%document, %error, "a room could not be loaded");
            return;
        }
    };
    match serve(&mut parts, &mut state, &mut tail).await {
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

async fn serve(parts: &mut RoomParts, state: &mut RoomState, tail: &mut Tail) -> Result<(), RoomError> {
    let limits = Arc::clone(&parts.limits);
    let mut batch = Vec::with_capacity(limits.batch_messages);
    let mut queue = VecDeque::with_capacity(limits.batch_messages);
    let mut bucket = Bucket::new(limits.room_rate, tick());
    let mut presence_due = tick();
    let mut renewal_due = tick() + limits.awareness_renewal;
    let mut told = LedgerThrottle::new(limits.records.worded_pause);
    let mut restless = IdleTimers::default();
    let (pause, pause_max) = (limits.quiet_pause, limits.quiet_pause_max);
    tell_empty(parts, state);
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
                presence_due = tick() + limits.awareness_pause;
                continue;
            }
            () = sleep_until(renewal_due), if state.has_presence() => {
                state.renew_presence();
                renewal_due = tick() + limits.awareness_renewal;
                continue;
            }
            () = sleep_until(quiet_due.unwrap_or(renewal_due)), if quiet_due.is_some() => {
                let due = restless.take_due(tick(), pause, pause_max);
                tell_quiet(parts, state, due, &mut restless);
                continue;
            }
        }
        let busy_until = bucket.take(batch.len(), tick());
        queue.extend(batch.drain(..));
        let mut turn = state.turn_of(&mut queue)?;
        if turn.purged {
            return Err(JournalError::Purged.into());
        }
        let records = std::mem::take(&mut turn.records);
        parts.typists.note(std::mem::take(&mut turn.typists));
        tail.grow(&records, turn.steps.saturating_add(state.take_written_steps()));
        let scrub = turn.scrub;
        let wrote = std::mem::take(&mut turn.staff_wrote);
        wrote_in(&mut turn, &mut restless);
        let (going, all_quiet) = (std::mem::take(&mut turn.going), turn.all_quiet);
        make_durable_and_tell(parts, state, turn, records).await?;
        told.tell(wrote, &parts.reports, tick());
        tell_empty(parts, state);
        // Whoever restores one wording must be able to restore the other.
        for quiet in going {
            let _ = parts.reports.try_report(RoomReport::TextIdle(quiet));
        }
        if all_quiet {
            tell_quiet(parts, state, restless.take_all(), &mut restless);
        }
        if state.is_worn_out() {
            begin_anew(parts, state, tail, scrub.unwrap_or(Scrub::Later)).await?;
        } else if scrub.is_some() || tail.is_long(&limits) {
            compact(parts, state, tail, scrub.unwrap_or(Scrub::Later)).await?;
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
            restless.wrote(idea, tick());
        }
    }
}

/// Tells which ideas of a board say nothing, if that changed; what cannot be told now is told after the next batch.
fn tell_empty(parts: &RoomParts, state: &mut RoomState) {
    if let DocumentName::Board(group) = parts.document {
        state.tell_empty(|ideas| parts.reports.try_report(RoomReport::EmptyIdeas(group, ideas)));
    }
}

/// Notes in which ideas people wrote.
fn wrote_in(turn: &mut RoomTurn, restless: &mut IdleTimers) {
    for idea in std::mem::take(&mut turn.wrote) {
        restless.wrote(idea, tick());
    }
}

/// Words that were hidden are with the consultation before who hid them is answered.
async fn make_durable_and_tell(
    parts: &RoomParts,
    state: &mut RoomState,
    mut turn: RoomTurn,
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

/// Puts the same document, begun anew, in the place of one that is worn out. Nothing that waits in the mailbox is lost; phones come
/// back and open it afresh.
async fn begin_anew(
    parts: &RoomParts,
    state: &mut RoomState,
    tail: &mut Tail,
    scrub: Scrub,
) -> Result<(), RoomError> {
    let (epoch, server) = epoch(&parts.entropy);
    state.begin_anew(epoch, server)?;
    compact(parts, state, tail, scrub).await?;
    tracing::info!(document = %parts.document, "a document was worn out and begins anew");
    state.end(CloseReason::TryAgain);
    Ok(())
}

async fn compact(
    parts: &RoomParts,
    state: &mut RoomState,
    tail: &mut Tail,
    scrub: Scrub,
) -> Result<(), JournalError> {
    *tail = Tail::default();
    let (consultation, stream) = (parts.consultation, parts.stream);
    if scrub == Scrub::Now && crate::seeded_defects::is("slow-scrubs") {
        crate::seeded_defects::linger();
    }
    let (snapshot, decided) = (state.snapshot(), state.decided());
    // Whoever opens the document next is sent this one. It is cut while it is written.
    let (encoding, limits) = (snapshot.state.clone(), parts.limits.delivery.clone());
    let cut = tokio::task::spawn_blocking(move || Sending::of(&encoding, &limits));
    let compaction = Compaction { consultation, stream, snapshot, scrub, decided };
    durable(parts.journal.compact(compaction)).await?;
    match cut.await {
        Ok(Ok(encoding)) => state.keep_encoding(encoding),
        Ok(Err(error)) => {
            tracing::error!(document = %parts.document, %error, "a document cannot be kept in parts");
        }
        Err(error) => tracing::error!(document = %parts.document, %error, "a document was not cut"),
    }
    Ok(())
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

async fn load(parts: &mut RoomParts) -> Result<(RoomState, Tail), RoomError> {
    let (journal, consultation, stream) = (Arc::clone(&parts.journal), parts.consultation, parts.stream);
    let (name, plan) = (parts.document, parts.plan.clone());
    let (limits, entropy) = (Arc::clone(&parts.limits), parts.entropy.clone());
    // Off the runtime's threads: a large document takes long.
    let restored = tokio::task::spawn_blocking(move || -> Result<_, RoomError> {
        let is_list = stream == Stream::Plenary;
        let doubtful = if is_list { journal.text(consultation, TextRow::Doubtful)? } else { None };
        let stream = journal.load(consultation, stream)?;
        Ok(restore(name, consultation, &stream, doubtful.as_deref(), (&plan, limits), &entropy)?)
    });
    let Restored { mut state, mut turn, born, typed, mut tail } =
        restored.await.map_err(|_| RoomError::Interrupted)??;
    if let DocumentName::Board(group) = name {
        parts.typists.loaded(group, typed.into_iter());
    }
    let records: Vec<Record> = born.into_iter().chain(std::mem::take(&mut turn.records)).collect();
    tail.grow(&records, state.take_written_steps());
    let scrub = turn.scrub;
    make_durable_and_tell(parts, &mut state, turn, records).await?;
    if state.is_worn_out() {
        begin_anew(parts, &mut state, &mut tail, scrub.unwrap_or(Scrub::Later)).await?;
    } else if scrub.is_some() || tail.is_long(&parts.limits) {
        // What was to leave the board when the server stopped leaves the files now.
        compact(parts, &mut state, &mut tail, scrub.unwrap_or(Scrub::Later)).await?;
    }
    Ok((state, tail))
}
