//! The thread that writes the SQLite journal: group commit, then what is owed to words that were deleted.
//!
//! However many jobs wait are one transaction and one fsync. When nobody writes, the log is emptied and the file is written anew.
//!
//! Deliberately absent: retries. After a failed commit the writer answers every later request with the same error.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use proto::ids::ConsultationId;
use rusqlite::{Connection, Transaction, params};
use tokio::sync::oneshot;

use super::purge::{bytes, delete_rows, owe_rewriting, rewrite};
use super::rewriting::Rewriting;
use super::rows::{write_append, write_compaction};
use super::scrub::empty_log;
use super::writer_queue::WriterQueue;
use super::{Append, Certify, Compaction, FileChange, JournalError, Purged, Scrub, Seq, TextChange};
use crate::clock::{Clock, Millis};
use crate::config::RewriteLimits;
use crate::stop_signal::StopSignal;

/// When the writer tries again to rewrite the file after a purge, if a reader was in the way.
const AGAIN: Duration = Duration::from_secs(1);

/// What the writer is asked for, and where its answer goes.
pub(super) enum WriterJob {
    Append(Append, oneshot::Sender<Result<Seq, JournalError>>),
    Compact(Compaction, oneshot::Sender<Result<Seq, JournalError>>),
    Value(String, Vec<u8>, mpsc::SyncSender<Result<(), JournalError>>),
    Purge(ConsultationId, Option<Certify>, oneshot::Sender<Result<Purged, JournalError>>),
    Stop,
}

/// What a job did.
enum Did {
    /// Its last record has this place.
    Written(Seq),
    /// All of a consultation is deleted.
    Purged(Purged),
    /// Nothing: its consultation was purged before.
    Nothing,
}

impl WriterJob {
    /// Must the log be emptied after it, so that deleted words are in no file?
    fn deletes_words(&self) -> bool {
        match self {
            Self::Append(append, _) => {
                append.texts.iter().any(|text| matches!(text, TextChange::Delete(_)))
                    || append.files.iter().any(|file| matches!(file, FileChange::Delete(_)))
            }
            Self::Compact(compaction, _) => compaction.scrub == Scrub::Now,
            Self::Purge(..) | Self::Value(..) | Self::Stop => false,
        }
    }

    pub(super) fn refuse(self, error: JournalError) {
        match self {
            Self::Append(_, answer) | Self::Compact(_, answer) => {
                let _ = answer.send(Err(error));
            }
            Self::Value(_, _, answer) => {
                let _ = answer.send(Err(error));
            }
            Self::Purge(_, _, answer) => {
                let _ = answer.send(Err(error));
            }
            Self::Stop => {}
        }
    }
}

/// What the writer has to do when nobody reads.
#[derive(Default)]
struct Owed {
    /// Answers of purges that wait for the file to be rewritten.
    purges: Vec<(Purged, oneshot::Sender<Result<Purged, JournalError>>)>,
    /// Does the log hold deleted words?
    log: bool,
    /// Does the file hold copies of them?
    rewriting: Rewriting,
}

/// The thread that writes.
pub(super) struct Writer {
    connection: Connection,
    owed: Owed,
    limits: RewriteLimits,
    clock: Clock,
    waiting: Arc<WriterQueue>,
}

impl Writer {
    pub(super) fn new(
        connection: Connection,
        limits: RewriteLimits,
        owes: bool,
        waiting: Arc<WriterQueue>,
    ) -> Self {
        let (mut owed, clock) = (Owed::default(), Clock::default());
        owed.rewriting.wrote(clock.running(), owes);
        Self { connection, owed, limits, clock, waiting }
    }

    pub(super) fn run(mut self, jobs: &mpsc::Receiver<WriterJob>, batch_max: usize, failed: &StopSignal) {
        let mut stopped: Option<JournalError> = None;
        loop {
            let wait = if stopped.is_some() { None } else { self.wait() };
            let mut batch = match wait.map_or_else(
                || jobs.recv().map_err(|_| mpsc::RecvTimeoutError::Disconnected),
                |wait| jobs.recv_timeout(wait),
            ) {
                Ok(first) => vec![first],
                Err(mpsc::RecvTimeoutError::Timeout) => Vec::new(),
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            };
            while batch.len() < batch_max {
                match jobs.try_recv() {
                    Ok(job) => batch.push(job),
                    Err(_) => break,
                }
            }
            self.waiting.taken(batch.len());
            let last = batch.iter().any(|job| matches!(job, WriterJob::Stop));
            if let Some(error) = &stopped {
                batch.into_iter().for_each(|job| job.refuse(error.clone()));
            } else if let Err(error) = self.write(batch) {
                tracing::error!(%error, "the journal stopped");
                stopped = Some(error);
                failed.stop();
            }
            if last {
                if stopped.is_none() && self.owed.rewriting.is_owed() && self.bytes() <= self.limits.bytes_max
                {
                    self.rewrite_owed();
                }
                return;
            }
        }
    }

    /// How long to wait for jobs at most; nothing is owed: for ever.
    fn wait(&self) -> Option<Duration> {
        if !self.owed.purges.is_empty() || self.owed.log {
            return Some(AGAIN);
        }
        let due = self.owed.rewriting.due(self.bytes(), &self.limits)?;
        Some(Duration::from_millis(due.saturating_sub(self.clock.running())))
    }

    fn bytes(&self) -> u64 {
        bytes(&self.connection)
    }

    /// Writes all jobs in one transaction and answers them when it is durable; then does what is owed and due.
    fn write(&mut self, batch: Vec<WriterJob>) -> Result<(), JournalError> {
        let deletes = batch.iter().any(WriterJob::deletes_words);
        self.owed.log |= deletes;
        if !batch.is_empty() {
            commit_batch(&mut self.connection, batch, deletes, &mut self.owed)?;
            self.owed.rewriting.wrote(self.clock.running(), deletes);
        }
        if (!self.owed.purges.is_empty() || self.owed.log) && crate::seeded_defects::is("slow-scrubs") {
            crate::seeded_defects::linger();
        }
        if !self.owed.purges.is_empty() {
            self.finish_purges();
        } else if self.owed.log {
            scrub_log(&self.connection, &mut self.owed);
        }
        let due = |owed: &Rewriting| owed.due(self.bytes(), &self.limits);
        if due(&self.owed.rewriting).is_some_and(|due| due <= self.clock.running()) {
            self.rewrite_owed();
        }
        Ok(())
    }

    /// Rewrites the file and answers the purges; when a reader is in the way they wait for the next try.
    fn finish_purges(&mut self) {
        if self.timed_rewrite() {
            self.owed.log = false;
            self.owed.purges.drain(..).for_each(|(purged, answer)| {
                let _ = answer.send(Ok(purged));
            });
        }
    }

    /// Rewrites the file because words were deleted; of a large file only as long as nobody wants to write.
    fn rewrite_owed(&mut self) {
        let done = if self.bytes() <= self.limits.bytes_max {
            self.timed_rewrite()
        } else {
            let waiting = Arc::clone(&self.waiting);
            waiting.while_nobody_waits(|| self.timed_rewrite()).unwrap_or(false)
        };
        if done {
            self.owed.log = false;
            tracing::debug!("the file was rewritten without deleted words");
        }
    }

    /// Rewrites the file; is it done?
    fn timed_rewrite(&mut self) -> bool {
        let began: Millis = self.clock.running();
        let done = match rewrite(&self.connection, self.limits.bytes_max) {
            Ok(true) => true,
            Ok(false) => {
                tracing::warn!("a reader kept the log from being emptied after a rewriting; trying again");
                false
            }
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) => {
                tracing::debug!(
                    "somebody writes: the file is rewritten without deleted words in the next pause"
                );
                false
            }
            Err(error) => {
                tracing::warn!(%error, "the file could not be rewritten without deleted words; trying again");
                false
            }
        };
        self.owed.rewriting.tried((began, self.clock.running()), done, &self.limits);
        done
    }
}

fn commit_batch(
    connection: &mut Connection,
    mut batch: Vec<WriterJob>,
    deletes: bool,
    owed: &mut Owed,
) -> Result<(), JournalError> {
    let written = connection.transaction().and_then(|transaction| {
        if deletes {
            owe_rewriting(&transaction)?;
        }
        let jobs = batch.iter_mut();
        let did = jobs.map(|job| write_job(&transaction, job)).collect::<rusqlite::Result<Vec<Did>>>()?;
        Ok((transaction, did))
    });
    let (transaction, did) = match written {
        Ok(written) => written,
        Err(error) => return Err(refuse_all(batch, &error)),
    };
    if crate::seeded_defects::is("publish-before-commit") {
        batch.into_iter().zip(did).for_each(|(job, did)| answer(job, did, owed));
        crate::seeded_defects::linger();
        return transaction.commit().map_err(|error| refuse_all(Vec::new(), &error));
    }
    if let Err(error) = transaction.commit() {
        return Err(refuse_all(batch, &error));
    }
    batch.into_iter().zip(did).for_each(|(job, did)| answer(job, did, owed));
    Ok(())
}

fn write_job(transaction: &Transaction<'_>, job: &mut WriterJob) -> rusqlite::Result<Did> {
    let written = |seq: Option<Seq>| seq.map_or(Did::Nothing, Did::Written);
    match job {
        WriterJob::Append(append, _) => write_append(transaction, append).map(written),
        WriterJob::Compact(compaction, _) => write_compaction(transaction, compaction).map(written),
        WriterJob::Value(name, value, _) => {
            transaction.execute(
                "INSERT INTO server (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
                params![*name, *value],
            )?;
            Ok(Did::Written(0))
        }
        WriterJob::Purge(consultation, certify, _) => {
            let purged = delete_rows(transaction, *consultation, certify.take())?;
            Ok(purged.map_or(Did::Nothing, Did::Purged))
        }
        WriterJob::Stop => Ok(Did::Written(0)),
    }
}

fn refuse_all(batch: Vec<WriterJob>, error: &rusqlite::Error) -> JournalError {
    let error = JournalError::Stopped(error.to_string());
    batch.into_iter().for_each(|job| job.refuse(error.clone()));
    error
}

fn answer(job: WriterJob, did: Did, owed: &mut Owed) {
    match (job, did) {
        (job, Did::Nothing) => job.refuse(JournalError::Purged),
        (WriterJob::Append(_, answer) | WriterJob::Compact(_, answer), Did::Written(seq)) => {
            let _ = answer.send(Ok(seq));
        }
        (WriterJob::Value(_, _, answer), Did::Written(_)) => {
            let _ = answer.send(Ok(()));
        }
        (WriterJob::Purge(_, _, answer), Did::Purged(purged)) => owed.purges.push((purged, answer)),
        (WriterJob::Stop, _)
        | (WriterJob::Append(..) | WriterJob::Compact(..) | WriterJob::Value(..), Did::Purged(_))
        | (WriterJob::Purge(..), Did::Written(_)) => {}
    }
}

/// Moves the log into the database and empties it, so that deleted words are in no file; when a reader is in the way, soon.
fn scrub_log(connection: &Connection, owed: &mut Owed) {
    match empty_log(connection) {
        Ok(true) => owed.log = false,
        Ok(false) => tracing::warn!("a reader kept the log from being emptied; trying again"),
        Err(error) => tracing::warn!(%error, "the log could not be emptied; trying again"),
    }
}
