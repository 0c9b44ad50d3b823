//! The journal in one SQLite file: WAL, `synchronous=FULL`, one writer thread, group commit.
//!
//! However many appends wait are one transaction and one fsync (`writer`), so the busier the server the cheaper an edit.
//! Loads read through connections of their own and never wait for the writer.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use proto::ids::{ConsultationId, MaterialId};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use tokio::sync::oneshot;

use super::file_permissions::{close_to_others, create_folder, open_file};
use super::migrate::forget_hashes;
use super::purge::{is_owed, rewrite};
use super::rows::{ReadError, decode_keys, read_file, read_stream};
use super::schema::{FORMAT, PRAGMAS, STEPS, TABLES};
use super::scrub::{empty_log, owed};
use super::writer::{Writer, WriterJob};
use super::writer_queue::WriterQueue;
use super::{
    Append, Certify, Compaction, Durable, DurablePurge, Journal, JournalError, Keys, LoadedStream, Seq,
    Stream, TextRow,
};
use crate::config::Limits;
use crate::stop_signal::{StopSignal, Stopping};

/// The journal's file in the data folder.
const FILE: &str = "plenum.db";
/// Held by the server that uses the folder.
const LOCK: &str = "plenum.lock";
/// How long a reader waits for a checkpoint.
const BUSY: Duration = Duration::from_secs(10);
/// A journal in a folder. One process at a time.
pub struct SqliteJournal {
    path: PathBuf,
    queue: mpsc::SyncSender<WriterJob>,
    waiting: Arc<WriterQueue>,
    writer: Option<std::thread::JoinHandle<()>>,
    failed: Arc<StopSignal>,
    // Held open: the lock ends with it.
    _lock: File,
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
        let (connection, owed) = open_checked(&path, limits.rewrite.bytes_max)?;
        let (queue, jobs) = mpsc::sync_channel(limits.journal_queue);
        let (batch, rewrite) = (limits.journal_batch, limits.rewrite.clone());
        let failed = Arc::new(StopSignal::default());
        let failing = Arc::clone(&failed);
        let waiting = Arc::new(WriterQueue::new(&connection));
        let writer = Writer::new(connection, rewrite, owed, Arc::clone(&waiting));
        let writer = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || writer.run(&jobs, batch, &failing))
            .map_err(unusable)?;
        Ok(Self { path, queue, waiting, writer: Some(writer), failed, _lock: lock })
    }

    fn send(&self, job: WriterJob) {
        // A full or closed queue drops the job and with it the sender of its answer: see `Durable`.
        self.waiting.came();
        if let Err(error) = self.queue.try_send(job) {
            self.waiting.taken(1);
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

impl Drop for SqliteJournal {
    fn drop(&mut self) {
        // Everything that was accepted is written before the process goes on.
        self.waiting.came();
        let _ = self.queue.send(WriterJob::Stop);
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

impl Journal for SqliteJournal {
    fn append(&self, append: Append) -> Durable {
        let (sender, receiver) = oneshot::channel();
        self.send(WriterJob::Append(append, sender));
        receiver
    }

    fn compact(&self, compaction: Compaction) -> Durable {
        let (sender, receiver) = oneshot::channel();
        self.send(WriterJob::Compact(compaction, sender));
        receiver
    }

    fn purge(&self, consultation: ConsultationId, certify: Option<Certify>) -> DurablePurge {
        let (sender, receiver) = oneshot::channel();
        self.send(WriterJob::Purge(consultation, certify, sender));
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

    fn texts(&self, consultation: ConsultationId) -> Result<Vec<(TextRow, String)>, JournalError> {
        let connection = self.reader()?;
        let read = || {
            let mut rows = connection.prepare("SELECT name, body FROM text WHERE consultation = ?1")?;
            let rows = rows.query_map([consultation.0], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
            })?;
            rows.collect::<Result<Vec<_>, _>>()
        };
        let rows = read().map_err(|e: rusqlite::Error| self.unreadable(&e))?;
        Ok(rows.into_iter().filter_map(|(name, body)| Some((TextRow::parse(&name)?, body))).collect())
    }

    fn text(&self, consultation: ConsultationId, text: TextRow) -> Result<Option<String>, JournalError> {
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
        self.send(WriterJob::Value(name.to_owned(), value.to_vec(), sender));
        receiver.recv().unwrap_or_else(|_| Err(JournalError::Stopped("its writer has ended".to_owned())))
    }
}

fn damaged(path: &Path, error: &dyn std::fmt::Display) -> JournalError {
    // One line, whatever SQLite says.
    let reason = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    JournalError::Damaged { path: path.display().to_string(), reason }
}

/// Opens the file and brings it into order; does it still hold copies of deleted words?
fn open_checked(path: &Path, in_memory_max: u64) -> Result<(Connection, bool), JournalError> {
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
        match rewrite(&connection, in_memory_max) {
            Ok(done) => owed = !done,
            Err(error) => {
                tracing::warn!(%error, "the file could not be rewritten at the start; trying again")
            }
        }
    }
    // Words that were deleted just before a crash may be in the log only.
    if !crate::seeded_defects::is("log-stays") {
        empty_log(&connection).map_err(of_sqlite)?;
    }
    if crate::seeded_defects::is("synchronous-off") {
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
