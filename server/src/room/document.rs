//! The Yjs document of a room, with its epoch and its index: loading, applying, encoding.
//!
//! Everything that touches yrs is here, in `write` and in `read`. A panic inside yrs is caught, with the transaction
//! outside the closure, and ends the document: a document that panicked is never used again.

pub(super) mod former_keys;
pub(super) mod new_epoch;
pub(super) mod read;
pub(super) mod responses;
pub(super) mod traces;
mod translations;
pub(super) mod values;
pub(super) mod write;

use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proto::gate::TextIndex;
use proto::ids::{ClientId, DocumentName, Epoch};
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Doc, OffsetKind, Options, ReadTxn, StateVector, Transact, TransactionMut, Update};

use crate::journal::{LoadedStream, Record};

/// A live document.
pub struct LiveDocument {
    pub(super) name: DocumentName,
    pub(super) epoch: Epoch,
    pub(super) server: ClientId,
    pub(super) index: TextIndex,
    doc: Doc,
    /// Steps that a load repeats for what the server wrote since somebody asked.
    written_steps: u64,
}

/// Why a document cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The stream has no beginning.
    #[error("the journal does not say how this document began")]
    Unborn,
    /// yrs could not read what it wrote.
    #[error("an update in the journal cannot be read: {0}")]
    Unreadable(String),
    /// The index could not be built.
    #[error("the index cannot be built: {0}")]
    Index(String),
    /// yrs panicked.
    #[error("the document failed and is loaded again")]
    Fault,
}

impl std::fmt::Debug for LiveDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveDocument")
            .field("name", &self.name)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}

impl LiveDocument {
    /// A document that begins now.
    #[must_use]
    pub fn begin(name: DocumentName, epoch: Epoch, server: ClientId) -> Self {
        let options = Options {
            client_id: yrs::block::ClientID::new(server.0),
            offset_kind: OffsetKind::Utf16,
            skip_gc: false,
            cleanup_formatting: false,
            ..Options::default()
        };
        Self {
            name,
            epoch,
            server,
            index: TextIndex::default(),
            doc: Doc::with_options(options),
            written_steps: 0,
        }
    }

    /// A document as its stream says.
    ///
    /// # Errors
    /// When the stream does not say how it began, or cannot be read.
    pub fn load(name: DocumentName, stream: &LoadedStream) -> Result<Self, DocumentError> {
        let born = stream.records.iter().find_map(|(_, record)| match record {
            Record::Born { epoch, server } => Some((*epoch, *server)),
            Record::Bound { .. } | Record::Updated(_) | Record::Decided(_) => None,
        });
        let snapshot = stream.snapshot.as_ref();
        let (epoch, server) = snapshot
            .map(|snapshot| (snapshot.epoch, snapshot.server))
            .or(born)
            .ok_or(DocumentError::Unborn)?;
        let mut document = Self::begin(name, epoch, server);
        if let Some(snapshot) = snapshot {
            document.take_in_snapshot(&snapshot.state)?;
        }
        for (_, record) in &stream.records {
            if let Record::Updated(update) = record {
                document.take_in(update)?;
                document.note_written();
            }
        }
        Ok(document)
    }

    /// Puts in the place of this document the same one, loaded anew: yrs joins what is left of texts that are gone.
    ///
    /// If one text would read differently, nothing is changed: the next load from the journal decides.
    ///
    /// # Errors
    /// When yrs cannot read what it wrote: the document must be dropped.
    pub fn load_again(&mut self) -> Result<(), DocumentError> {
        let mut fresh = Self::begin(self.name, self.epoch, self.server);
        fresh.take_in_snapshot(&self.snapshot())?;
        if self.index.keys().all(|key| self.text_of(key) == fresh.text_of(key)) {
            fresh.written_steps = self.written_steps;
            *self = fresh;
        }
        Ok(())
    }

    /// The document and the index each read all of it, side by side on two threads: a load takes as long as the slower one.
    fn take_in_snapshot(&mut self, snapshot: &[u8]) -> Result<(), DocumentError> {
        let mut index = std::mem::take(&mut self.index);
        let (applied, learned) = std::thread::scope(|scope| {
            let learning = scope.spawn(|| index.learn(snapshot));
            let applied = self.within(|txn| apply_all(txn, &[snapshot]), |_| ());
            (applied, learning.join())
        });
        self.index = index;
        applied?;
        let learned = learned.map_err(|_| DocumentError::Fault)?;
        learned.map(|_| ()).map_err(|error| DocumentError::Index(error.to_string()))
    }

    fn take_in(&mut self, update: &[u8]) -> Result<(), DocumentError> {
        // What changed is not encoded: nobody is sent it.
        self.within(|txn| apply_all(txn, &[update]), |_| ())?;
        self.index.learn(update).map(|_| ()).map_err(|error| DocumentError::Index(error.to_string()))
    }

    const fn note_written(&mut self) {
        self.written_steps = self.written_steps.saturating_add(self.index.steps_spent());
    }

    /// Steps that a load will repeat for what the server wrote since this was last asked; after a load, for all that was repeated.
    pub const fn take_written_steps(&mut self) -> u64 {
        std::mem::replace(&mut self.written_steps, 0)
    }

    /// Applies updates in one transaction and gives the transaction's own encoding; `None` when nothing changed.
    ///
    /// # Errors
    /// When yrs cannot read an update or panics: the document must be dropped.
    pub fn apply(&self, updates: &[&[u8]]) -> Result<Option<Vec<u8>>, DocumentError> {
        self.transact(|txn| apply_all(txn, updates))
    }

    /// Writes as the server in one transaction, and takes the change into the index.
    ///
    /// # Errors
    /// When yrs panics or the index cannot follow: the document must be dropped.
    pub fn write(
        &mut self,
        write: impl FnOnce(&mut TransactionMut<'_>),
    ) -> Result<Option<Vec<u8>>, DocumentError> {
        let update = self.transact(|txn| {
            write(txn);
            Ok(())
        })?;
        if let Some(update) = &update {
            self.index.learn(update).map_err(|error| DocumentError::Index(error.to_string()))?;
            self.note_written();
        }
        Ok(update)
    }

    /// Takes letters of people out as the server.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn erase(&mut self, erasure: &[u8]) -> Result<Option<Vec<u8>>, DocumentError> {
        let update = self.apply(&[erasure])?;
        if let Some(update) = &update {
            self.index.learn(update).map_err(|error| DocumentError::Index(error.to_string()))?;
            self.note_written();
        }
        Ok(update)
    }

    fn transact(
        &self,
        work: impl FnOnce(&mut TransactionMut<'_>) -> Result<(), DocumentError>,
    ) -> Result<Option<Vec<u8>>, DocumentError> {
        self.within(work, |txn| txn.has_changes().then(|| txn.encode_update_v1()))
    }

    /// Works in one transaction, commits it, and tells what came of it.
    fn within<T>(
        &self,
        work: impl FnOnce(&mut TransactionMut<'_>) -> Result<(), DocumentError>,
        told: impl FnOnce(&TransactionMut<'_>) -> T,
    ) -> Result<T, DocumentError> {
        // Outside the closure and forgotten after a panic: dropping it would commit, and panic again.
        let mut txn = ManuallyDrop::new(self.doc.transact_mut());
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            work(&mut txn)?;
            txn.commit();
            Ok(told(&txn))
        }));
        match outcome {
            Ok(result) => {
                drop(ManuallyDrop::into_inner(txn));
                result
            }
            Err(_) => Err(DocumentError::Fault),
        }
    }

    /// Runs this on a transaction that only reads.
    pub(super) fn read<T>(&self, read: impl FnOnce(&yrs::Transaction<'_>) -> T) -> T {
        read(&self.doc.transact())
    }

    /// The state vector, encoded.
    #[must_use]
    pub fn state_vector(&self) -> Vec<u8> {
        self.read(|txn| txn.state_vector().encode_v1())
    }

    /// What somebody with this state vector is missing, encoded.
    #[must_use]
    pub fn missing(&self, theirs: &proto::gate::StateVector) -> Vec<u8> {
        let mut known = StateVector::default();
        for (client, clock) in theirs.entries() {
            known.set_max(yrs::block::ClientID::new(client.0), *clock);
        }
        self.read(|txn| txn.encode_diff_v1(&known))
    }

    /// All of it, encoded.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        self.read(|txn| txn.encode_state_as_update_v1(&StateVector::default()))
    }
}

fn apply_all(txn: &mut TransactionMut<'_>, updates: &[&[u8]]) -> Result<(), DocumentError> {
    for update in updates {
        let update = Update::decode_v1(update).map_err(|e| DocumentError::Unreadable(e.to_string()))?;
        txn.apply_update(update).map_err(|e| DocumentError::Unreadable(e.to_string()))?;
    }
    Ok(())
}
