//! The journal in one SQLite file: WAL, `synchronous=FULL`, one writer thread, group commit.
//!
//! However many appends wait are one transaction and one fsync, so the busier the server the cheaper an edit. Loads
//! read through connections of their own and never wait for the writer.
//!
//! Deliberately absent: retries. After a failed commit the writer answers every later request with the same error.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use proto::ids::{ConsultationId, MaterialId};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params};
use tokio::sync::oneshot;

use super::migrate::forget_hashes;
use super::private::{close_to_others, create_folder, open_file};
use super::purge::{delete_rows, is_owed, owe_rewriting, rewrite};
use super::rewriting::Rewriting;
use super::rows::{ReadError, decode_keys, read_file, read_stream, write_append, write_compaction};
use super::schema::{FORMAT, PRAGMAS, STEPS, TABLES};
use super::scrub::{empty_log, owed};
use super::{
    Append, Certify, Compaction, Durable, DurablePurge, FileChange, Journal, JournalError, Keys,
    LoadedStream, Purged, Scrub, Seq, Stream, TextChange, TextKey,
};
use crate::clock::{Clock, Millis};
use crate::config::{Limits, RewriteLimits};
use crate::stop::{StopSignal, Stopping};

/// The journal's file in the data folder.
const FILE: &str = "plenum.db";
/// Held by the server that uses the folder.
const LOCK: &str = "plenum.lock";
/// How long a reader waits for a checkpoint.
const BUSY: Duration = Duration::from_secs(10);
/// When the writer tries again to rewrite the file after a purge, if a reader was in the way.
const AGAIN: Duration = Duration::from_secs(1);

/// A journal in a folder. One process at a time.
pub struct SqliteJournal {
    path: PathBuf,
    queue: mpsc::SyncSender<Job>,
    writer: Option<std::thread::JoinHandle<()>>,
    failed: Arc<StopSignal>,
    // Held open: the lock ends with it.
    _lock: File,
}

enum Job {
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

impl SqliteJournal {
    /// Opens or begins the journal in `folder` and starts its writer.
    ///
    /// # Errors
    /// When the folder cannot be used, another server has it, or its database is damaged or too new.
    pub fn open(folder: &Path, limits: &Limits) -> Result<Self, JournalError> {
        let unusable = |error: std::io::Error| JournalError::Unusable {
            path: folder.display().to_string(),
            reason: error.to_string(),
        };
        create_folder(folder).map_err(unusable)?;
        let lock = open_file(&folder.join(LOCK)).map_err(unusable)?;
        lock.try_lock().map_err(|error| match error {
            std::fs::TryLockError::WouldBlock => JournalError::InUse(folder.display().to_string()),
            std::fs::TryLockError::Error(error) => unusable(error),
        })?;
        let path = folder.join(FILE);
        open_file(&path).map_err(unusable)?;
        for beside in ["-wal", "-shm"] {
            close_to_others(&folder.join(format!("{FILE}{beside}")));
        }
        let (connection, owed) = open_checked(&path)?;
        let (queue, jobs) = mpsc::sync_channel(limits.journal_queue);
        let (batch, rewrite) = (limits.journal_batch, limits.rewrite.clone());
        let failed = Arc::new(StopSignal::default());
        let failing = Arc::clone(&failed);
        let writer = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || Writer::new(connection, rewrite, owed).run(&jobs, batch, &failing))
            .map_err(unusable)?;
        Ok(Self { path, queue, writer: Some(writer), failed, _lock: lock })
    }

    fn send(&self, job: Job) {
        // A full or closed queue drops the job and with it the sender of its answer: see `Durable`.
        if let Err(error) = self.queue.try_send(job) {
            match error {
                mpsc::TrySendError::Full(job) => job.refuse(JournalError::Busy),
                mpsc::TrySendError::Disconnected(job) => {
                    job.refuse(JournalError::Stopped("its writer has ended".to_owned()));
                }
            }
        }
    }

    fn reader(&self) -> Result<Connection, JournalError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags).map_err(|e| self.unreadable(&e))?;
        connection.busy_timeout(BUSY).map_err(|e| self.unreadable(&e))?;
        Ok(connection)
    }

    fn unreadable(&self, error: &rusqlite::Error) -> JournalError {
        damaged(&self.path, error)
    }

    fn unread(&self, error: ReadError) -> JournalError {
        match error {
            ReadError::Sqlite(error) => self.unreadable(&error),
            ReadError::Content(reason) => {
                JournalError::Damaged { path: self.path.display().to_string(), reason }
            }
        }
    }
}

impl Job {
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

    fn refuse(self, error: JournalError) {
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

impl Drop for SqliteJournal {
    fn drop(&mut self) {
        // Everything that was accepted is written before the process goes on.
        let _ = self.queue.send(Job::Stop);
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

impl Journal for SqliteJournal {
    fn append(&self, append: Append) -> Durable {
        let (sender, receiver) = oneshot::channel();
        self.send(Job::Append(append, sender));
        receiver
    }

    fn compact(&self, compaction: Compaction) -> Durable {
        let (sender, receiver) = oneshot::channel();
        self.send(Job::Compact(compaction, sender));
        receiver
    }

    fn purge(&self, consultation: ConsultationId, certify: Option<Certify>) -> DurablePurge {
        let (sender, receiver) = oneshot::channel();
        self.send(Job::Purge(consultation, certify, sender));
        receiver
    }

    fn failed(&self) -> Stopping {
        self.failed.listener()
    }

    fn consultations(&self) -> Result<Vec<ConsultationId>, JournalError> {
        let connection = self.reader()?;
        let read = || -> rusqlite::Result<Vec<ConsultationId>> {
            let mut rows = connection.prepare("SELECT id FROM consultation ORDER BY id")?;
            rows.query_map([], |row| row.get(0).map(ConsultationId))?.collect()
        };
        read().map_err(|e| self.unreadable(&e))
    }

    fn load(&self, consultation: ConsultationId, stream: Stream) -> Result<LoadedStream, JournalError> {
        let connection = self.reader()?;
        read_stream(&connection, consultation, stream).map_err(|error| self.unread(error))
    }

    fn file(&self, consultation: ConsultationId, file: MaterialId) -> Result<Option<Vec<u8>>, JournalError> {
        let connection = self.reader()?;
        read_file(&connection, consultation, file).map_err(|error| self.unread(error))
    }

    fn owed_scrubs(&self, consultation: ConsultationId) -> Result<Vec<(Stream, Seq)>, JournalError> {
        let connection = self.reader()?;
        owed(&connection, consultation).map_err(|e| self.unreadable(&e))
    }

    fn texts(&self, consultation: ConsultationId) -> Result<Vec<(TextKey, String)>, JournalError> {
        let connection = self.reader()?;
        let read = || {
            let mut rows = connection.prepare("SELECT name, body FROM text WHERE consultation = ?1")?;
            let rows = rows.query_map([consultation.0], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
            })?;
            rows.collect::<Result<Vec<_>, _>>()
        };
        let rows = read().map_err(|e: rusqlite::Error| self.unreadable(&e))?;
        Ok(rows.into_iter().filter_map(|(name, body)| Some((TextKey::parse(&name)?, body))).collect())
    }

    fn text(&self, consultation: ConsultationId, text: TextKey) -> Result<Option<String>, JournalError> {
        self.reader()?
            .query_row(
                "SELECT body FROM text WHERE consultation = ?1 AND name = ?2",
                params![consultation.0, text.name()],
                |row| row.get(0),
            )
            .optional()
            .map_err(|e| self.unreadable(&e))
    }

    fn keys(&self, consultation: ConsultationId) -> Result<Keys, JournalError> {
        let connection = self.reader()?;
        let bytes: Vec<u8> = connection
            .query_row("SELECT keys FROM consultation WHERE id = ?1", [consultation.0], |row| row.get(0))
            .map_err(|e| self.unreadable(&e))?;
        decode_keys(&bytes).ok_or_else(|| JournalError::Damaged {
            path: self.path.display().to_string(),
            reason: "the keys of a consultation have a wrong length".to_owned(),
        })
    }

    fn server_value(&self, name: &str) -> Result<Option<Vec<u8>>, JournalError> {
        self.reader()?
            .query_row("SELECT value FROM server WHERE name = ?1", [name], |row| row.get(0))
            .optional()
            .map_err(|e| self.unreadable(&e))
    }

    fn server_names(&self, prefix: &str) -> Result<Vec<String>, JournalError> {
        let connection = self.reader()?;
        let read = || -> rusqlite::Result<Vec<String>> {
            let mut rows =
                connection.prepare("SELECT name FROM server WHERE substr(name, 1, length(?1)) = ?1")?;
            rows.query_map([prefix], |row| row.get(0))?.collect()
        };
        read().map_err(|e| self.unreadable(&e))
    }

    fn set_server_value(&self, name: &str, value: &[u8]) -> Result<(), JournalError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.send(Job::Value(name.to_owned(), value.to_vec(), sender));
        receiver.recv().unwrap_or_else(|_| Err(JournalError::Stopped("its writer has ended".to_owned())))
    }
}

fn damaged(path: &Path, error: &dyn std::fmt::Display) -> JournalError {
    // One line, whatever SQLite says.
    let reason = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    JournalError::Damaged { path: path.display().to_string(), reason }
}

/// Opens the file and brings it into order; does it still hold copies of deleted words?
fn open_checked(path: &Path) -> Result<(Connection, bool), JournalError> {
    let of_sqlite = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(
            rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly | rusqlite::ErrorCode::DiskFull,
        ) => JournalError::Unusable { path: path.display().to_string(), reason: error.to_string() },
        _ => damaged(path, &error),
    };
    let mut connection = Connection::open(path).map_err(of_sqlite)?;
    connection.busy_timeout(BUSY).map_err(of_sqlite)?;
    connection.execute_batch(PRAGMAS).map_err(of_sqlite)?;
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(of_sqlite)?;
    if found > FORMAT {
        return Err(JournalError::TooNew { path: path.display().to_string(), found, known: FORMAT });
    }
    let steps = usize::try_from(found - 1).ok().and_then(|done| STEPS.get(done..)).unwrap_or_default();
    if !steps.is_empty() {
        raise_format(&mut connection, steps).map_err(of_sqlite)?;
    }
    if found == 0 {
        connection
            .execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {FORMAT}; COMMIT;"))
            .map_err(of_sqlite)?;
    }
    let verdict: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(of_sqlite)?;
    if verdict != "ok" {
        return Err(damaged(path, &verdict));
    }
    let mut owed = is_owed(&connection).map_err(of_sqlite)?;
    if owed {
        // A disk that is too full for it does not keep the server from starting: it is tried again.
        match rewrite(&connection) {
            Ok(done) => owed = !done,
            Err(error) => {
                tracing::warn!(%error, "the file could not be rewritten at the start; trying again")
            }
        }
    }
    // Words that were deleted just before a crash may be in the log only.
    if !crate::defect::is("log-stays") {
        empty_log(&connection).map_err(of_sqlite)?;
    }
    if crate::defect::is("synchronous-off") {
        connection.execute_batch("PRAGMA synchronous = OFF").map_err(of_sqlite)?;
    }
    Ok((connection, owed))
}

/// All steps and the new number in one transaction: a crash in the middle leaves the format that was.
fn raise_format(connection: &mut Connection, steps: &[&str]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(&steps.concat())?;
    forget_hashes(&transaction)?;
    transaction.execute_batch(&format!("PRAGMA user_version = {FORMAT}"))?;
    transaction.commit()
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
struct Writer {
    connection: Connection,
    owed: Owed,
    limits: RewriteLimits,
    clock: Clock,
}

impl Writer {
    fn new(connection: Connection, limits: RewriteLimits, owes: bool) -> Self {
        let (mut owed, clock) = (Owed::default(), Clock::default());
        owed.rewriting.wrote(clock.running(), owes);
        Self { connection, owed, limits, clock }
    }

    fn run(mut self, jobs: &mpsc::Receiver<Job>, batch_max: usize, failed: &StopSignal) {
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
            let last = batch.iter().any(|job| matches!(job, Job::Stop));
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

    /// The size of the file; unknown counts as large.
    fn bytes(&self) -> u64 {
        let number = |pragma| self.connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
        let pages = number("PRAGMA page_count").ok().and_then(|pages| u64::try_from(pages).ok());
        let size = number("PRAGMA page_size").ok().and_then(|size| u64::try_from(size).ok());
        pages.zip(size).map_or(u64::MAX, |(pages, size)| pages.saturating_mul(size))
    }

    /// Writes all jobs in one transaction and answers them when it is durable; then does what is owed and due.
    fn write(&mut self, batch: Vec<Job>) -> Result<(), JournalError> {
        let deletes = batch.iter().any(Job::deletes_words);
        self.owed.log |= deletes;
        if !batch.is_empty() {
            commit_batch(&mut self.connection, batch, deletes, &mut self.owed)?;
            self.owed.rewriting.wrote(self.clock.running(), deletes);
        }
        if (!self.owed.purges.is_empty() || self.owed.log) && crate::defect::is("slow-scrubs") {
            crate::defect::linger();
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

    fn rewrite_owed(&mut self) {
        if self.timed_rewrite() {
            self.owed.log = false;
            tracing::debug!("the file was rewritten without deleted words");
        }
    }

    /// Rewrites the file; is it done?
    fn timed_rewrite(&mut self) -> bool {
        let began: Millis = self.clock.running();
        let done = match rewrite(&self.connection) {
            Ok(true) => true,
            Ok(false) => {
                tracing::warn!("a reader kept the log from being emptied after a rewriting; trying again");
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
    mut batch: Vec<Job>,
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
    if crate::defect::is("publish-before-commit") {
        batch.into_iter().zip(did).for_each(|(job, did)| answer(job, did, owed));
        crate::defect::linger();
        return transaction.commit().map_err(|error| refuse_all(Vec::new(), &error));
    }
    if let Err(error) = transaction.commit() {
        return Err(refuse_all(batch, &error));
    }
    batch.into_iter().zip(did).for_each(|(job, did)| answer(job, did, owed));
    Ok(())
}

fn write_job(transaction: &Transaction<'_>, job: &mut Job) -> rusqlite::Result<Did> {
    let written = |seq: Option<Seq>| seq.map_or(Did::Nothing, Did::Written);
    match job {
        Job::Append(append, _) => write_append(transaction, append).map(written),
        Job::Compact(compaction, _) => write_compaction(transaction, compaction).map(written),
        Job::Value(name, value, _) => {
            transaction.execute(
                "INSERT INTO server (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
                params![*name, *value],
            )?;
            Ok(Did::Written(0))
        }
        Job::Purge(consultation, certify, _) => {
            let purged = delete_rows(transaction, *consultation, certify.take())?;
            Ok(purged.map_or(Did::Nothing, Did::Purged))
        }
        Job::Stop => Ok(Did::Written(0)),
    }
}

fn refuse_all(batch: Vec<Job>, error: &rusqlite::Error) -> JournalError {
    let error = JournalError::Stopped(error.to_string());
    batch.into_iter().for_each(|job| job.refuse(error.clone()));
    error
}

fn answer(job: Job, did: Did, owed: &mut Owed) {
    match (job, did) {
        (job, Did::Nothing) => job.refuse(JournalError::Purged),
        (Job::Append(_, answer) | Job::Compact(_, answer), Did::Written(seq)) => {
            let _ = answer.send(Ok(seq));
        }
        (Job::Value(_, _, answer), Did::Written(_)) => {
            let _ = answer.send(Ok(()));
        }
        (Job::Purge(_, _, answer), Did::Purged(purged)) => owed.purges.push((purged, answer)),
        (Job::Stop, _)
        | (Job::Append(..) | Job::Compact(..) | Job::Value(..), Did::Purged(_))
        | (Job::Purge(..), Did::Written(_)) => {}
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
