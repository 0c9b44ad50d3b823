//! The journal: what was appended survives; what was not never happened (invariants I4, I5).
//!
//! A consultation is one ordered sequence of records. Each record belongs to a stream: the consultation's own
//! decisions, one board, or the plenary. Beside the records stand texts in rows of their own (so that withdrawing an
//! idea removes its words without rewriting the sequence), snapshots that bound the time to load, and each
//! consultation's keys, which are destroyed at purge.
//!
//! An append is durable when its receiver answers `Ok`; after an `Err` nothing of it happened, and the journal takes
//! nothing more: a failed sync is never retried on the same file.

mod file_permissions;
mod memory;
mod migrate;
mod purge;
mod record;
mod rewriting;
mod rows;
mod schema;
mod scrub;
mod sqlite;
#[cfg(test)]
mod tests;
mod writer;
mod writer_queue;

pub use memory::MemoryJournal;
pub use record::{
    FileChange, Keys, LoadedStream, Record, SeatKey, SnapshotRow, Stream, StreamRecord, TextChange, TextRow,
};
pub use sqlite::SqliteJournal;

use proto::ids::{ConsultationId, MaterialId};
use tokio::sync::oneshot;

use crate::stop_signal::Stopping;

/// The place of a record in its consultation's sequence, from 1.
pub type Seq = u64;

/// Records and text changes that happen together or not at all.
#[derive(Debug)]
pub struct Append {
    /// Whose sequence.
    pub consultation: ConsultationId,
    /// The records, in order.
    pub entries: Vec<StreamRecord>,
    /// Changes to the rows of texts.
    pub texts: Vec<TextChange>,
    /// Changes to the rows of uploaded files.
    pub files: Vec<FileChange>,
    /// The keys of a consultation that begins with this append.
    pub keys: Option<Keys>,
    /// Streams whose documents still hold words that an entry deletes, each with the place of that entry in this append:
    /// owed until a [`Compaction`] covers it, also over a crash.
    pub scrubs: Vec<(Stream, usize)>,
}

/// A stream's state up to a record: what the records before it no longer need to say.
#[derive(Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Compaction {
    /// Whose sequence.
    pub consultation: ConsultationId,
    pub stream: Stream,
    /// The snapshot that covers the stream's records up to and including its `seq`.
    pub snapshot: SnapshotRow,
    /// Must what was deleted leave the files at once?
    pub scrub: Scrub,
    /// The last decision that the document shows: what was owed up to here is done.
    pub decided: Seq,
}

/// Must deleted words leave the files at once, or when it suits?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scrub {
    /// At once: somebody withdrew or hid them.
    Now,
    /// With the next checkpoint.
    Later,
}

/// Why the journal could not do something.
#[derive(Clone, Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum JournalError {
    /// Another server has the data folder.
    #[error("another server is using the data folder {0}")]
    InUse(String),
    /// The folder or file cannot be read or written.
    #[error("cannot use {path}: {reason}")]
    Unusable {
        path: String,
        /// What the system said.
        reason: String,
    },
    /// The database's content is not what was written.
    #[error(
        "the database {path} is damaged: {reason}. Put a backup in its place, or start with an empty folder"
    )]
    Damaged {
        path: String,
        /// What was found.
        reason: String,
    },
    /// Made by a later version of Plenum.
    #[error("the database {path} was made by a newer Plenum (format {found}, this one knows {known})")]
    TooNew {
        path: String,
        /// Its format.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// An append or a sync failed; the journal takes nothing more.
    #[error("the journal stopped: {0}")]
    Stopped(String),
    /// The queue is full.
    #[error("the journal cannot keep up")]
    Busy,
    /// This consultation is not here: it was purged. The journal itself is well.
    #[error("this consultation was purged")]
    Purged,
}

/// What waits for an append to be durable: the sequence number of its last record.
pub type Durable = oneshot::Receiver<Result<Seq, JournalError>>;

/// What a purge deleted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Purged {
    pub records: u64,
    /// Snapshots of live documents.
    pub snapshots: u64,
    /// Texts with rows of their own.
    pub texts: u64,
    /// Uploaded files.
    pub files: u64,
    /// Keys that were destroyed.
    pub keys: u64,
}

/// Makes, of what was deleted, values of the server that are kept: names and values, in the same transaction.
pub type Certify = Box<dyn FnOnce(&Purged) -> Vec<(String, Vec<u8>)> + Send>;

/// What waits for a purge to be durable and for its last bytes to be overwritten.
pub type DurablePurge = oneshot::Receiver<Result<Purged, JournalError>>;

/// A place where consultations are kept. Its implementations pass one contract suite.
pub trait Journal: Send + Sync + 'static {
    /// Appends; the answer comes when it is durable.
    fn append(&self, append: Append) -> Durable;

    /// Writes a snapshot and drops the records of its stream that it covers.
    fn compact(&self, compaction: Compaction) -> Durable;

    /// Deletes all of a consultation: records, snapshots, texts, files, keys. What is appended to it later is refused. The
    /// answer comes when nothing of it is left in any file.
    fn purge(&self, consultation: ConsultationId, certify: Option<Certify>) -> DurablePurge;

    /// Hears when the journal takes nothing more: the process must end, and be started again on what is on the disk.
    fn failed(&self) -> Stopping;

    /// Every consultation that was ever created here and not purged.
    ///
    /// # Errors
    /// When the storage cannot be read.
    fn consultations(&self) -> Result<Vec<ConsultationId>, JournalError>;

    /// The last snapshot of a stream and the records after it, in order. Blocks.
    ///
    /// # Errors
    /// When the storage cannot be read, or a record is not what was written.
    fn load(&self, consultation: ConsultationId, stream: Stream) -> Result<LoadedStream, JournalError>;

    /// The streams whose documents still hold words that were deleted, each with the decision that deleted them. Blocks.
    ///
    /// # Errors
    /// When the storage cannot be read.
    fn owed_scrubs(&self, consultation: ConsultationId) -> Result<Vec<(Stream, Seq)>, JournalError>;

    /// The texts of a consultation. Blocks.
    ///
    /// # Errors
    /// When the storage cannot be read.
    fn texts(&self, consultation: ConsultationId) -> Result<Vec<(TextRow, String)>, JournalError>;

    /// One text of a consultation. Blocks.
    ///
    /// # Errors
    /// When the storage cannot be read.
    fn text(&self, consultation: ConsultationId, text: TextRow) -> Result<Option<String>, JournalError>;

    /// An uploaded file. Blocks.
    ///
    /// # Errors
    /// When the storage cannot be read, or the file is not what was written.
    fn file(&self, consultation: ConsultationId, file: MaterialId) -> Result<Option<Vec<u8>>, JournalError>;

    /// The keys of a consultation. Blocks.
    ///
    /// # Errors
    /// When the storage cannot be read or has none.
    fn keys(&self, consultation: ConsultationId) -> Result<Keys, JournalError>;

    /// A value of the server itself, by name: its organizer key, its ticket key. Blocks.
    ///
    /// # Errors
    /// When the storage cannot be read.
    fn server_value(&self, name: &str) -> Result<Option<Vec<u8>>, JournalError>;

    /// The names of values of the server that begin so. Blocks.
    ///
    /// # Errors
    /// When the storage cannot be read.
    fn server_names(&self, prefix: &str) -> Result<Vec<String>, JournalError>;

    /// Sets a value of the server itself. Blocks until durable.
    ///
    /// # Errors
    /// When it could not be made durable.
    fn set_server_value(&self, name: &str, value: &[u8]) -> Result<(), JournalError>;
}
