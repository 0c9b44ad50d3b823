//! Uploaded files: taken in for a consultation, and handed out from one copy in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use bytes::Bytes;
use proto::api::programme::{FileContent, MaterialFile};
use proto::ids::MaterialId;
use proto::problem::{Code, Problem};
use sha2::{Digest, Sha256};

use super::Hub;
use crate::clock::tick;
use crate::live::{Caller, ConsultationMessage, Upload};

/// Files on their way to phones: one copy in memory for however many read it, and none when nobody does.
#[derive(Debug, Default)]
pub struct SharedFiles(Mutex<HashMap<FileKey, Weak<Vec<u8>>>>);

/// A file by its material and its sum: a file whose content changed has another sum.
type FileKey = (MaterialId, String);

/// What keeps the copy while somebody reads it.
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl SharedFiles {
    fn get(&self, key: &FileKey) -> Option<Bytes> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.get(key).and_then(Weak::upgrade).map(|file| Bytes::from_owner(Shared(file)))
    }

    fn put(&self, key: FileKey, bytes: Vec<u8>) -> Bytes {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|_, file| file.strong_count() > 0);
        let file = files.get(&key).and_then(Weak::upgrade).unwrap_or_else(|| Arc::new(bytes));
        files.insert(key, Arc::downgrade(&file));
        Bytes::from_owner(Shared(file))
    }
}

impl Hub {
    /// Keeps an uploaded file.
    ///
    /// # Errors
    /// When it is no PDF or too large, or the seat may not.
    pub async fn upload(
        &self,
        caller: &Caller,
        material: MaterialId,
        bytes: Bytes,
    ) -> Result<FileContent, Problem> {
        self.node.seat_limits.take(caller.seat, tick())?;
        if !bytes.starts_with(b"%PDF-") {
            return Err(Problem::because(Code::NotAPdf, "A PDF begins with \"%PDF-\"."));
        }
        let size = u32::try_from(bytes.len()).map_err(|_| Problem::new(Code::TooLarge))?;
        let content = FileContent { bytes: size, sha256: hex::encode(Sha256::digest(&bytes)) };
        let stored = content.clone();
        let seat = caller.seat;
        let upload = Box::new(Upload { seat, material, content, bytes });
        caller.consultation.ask(|reply| ConsultationMessage::Upload(upload, reply)).await??;
        Ok(stored)
    }

    /// A file with the name under which it is saved.
    ///
    /// # Errors
    /// When it is not here.
    pub async fn file(&self, caller: &Caller, material: MaterialId) -> Result<(String, Bytes), Problem> {
        self.node.seat_limits.take(caller.seat, tick())?;
        let found = caller.read(move |view, seat| view.consultation().file_for(seat, material)).await?;
        let (MaterialFile { name, content, .. }, rehearsal_of) = found;
        let key = (material, content.map(|content| content.sha256).unwrap_or_default());
        if let Some(file) = self.shared_files.get(&key) {
            return Ok((name, file));
        }
        let (journal, id) = (Arc::clone(&self.node.journal), caller.consultation.id);
        let read = move || {
            let mut found = std::iter::once(id).chain(rehearsal_of).map(|id| journal.file(id, material));
            found.find(|read| !matches!(read, Ok(None))).unwrap_or(Ok(None))
        };
        let read = tokio::task::spawn_blocking(read).await;
        let unavailable = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "an uploaded file could not be read");
            Problem::new(Code::Unavailable)
        };
        let bytes = read.map_err(|error| unavailable(&error))?.map_err(|error| unavailable(&error))?;
        let bytes = bytes.ok_or_else(|| Problem::new(Code::NotFound))?;
        Ok((name, self.shared_files.put(key, bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_in_memory_once_while_somebody_reads_it_and_not_at_all_afterwards() {
        let files = SharedFiles::default();
        let key = || (MaterialId(uuid::Uuid::from_u128(1)), "sum".to_owned());
        let first = files.put(key(), vec![1, 2, 3]);
        let second = files.get(&key()).unwrap();
        assert_eq!(first.as_ptr(), second.as_ptr());
        assert_eq!(files.put(key(), vec![1, 2, 3]).as_ptr(), first.as_ptr());
        drop((first, second));
        assert!(files.get(&key()).is_none());
    }
}
