//! The journal in memory, for tests: the same contract without a file.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use proto::ids::{ConsultationId, MaterialId};
use tokio::sync::oneshot;

use super::{
    Append, Certify, Compaction, Durable, DurablePurge, FileChange, Journal, JournalError, Keys,
    LoadedStream, Purged, Record, Seq, SnapshotRow, Stream, TextChange, TextRow,
};
use crate::stop_signal::{StopSignal, Stopping};

#[derive(Default)]
struct Kept {
    last: Seq,
    keys: Option<Keys>,
    records: Vec<(Seq, Stream, Record)>,
    snapshots: BTreeMap<Stream, SnapshotRow>,
    scrubs: BTreeMap<Stream, Seq>,
    texts: BTreeMap<TextRow, String>,
    files: BTreeMap<MaterialId, Vec<u8>>,
}

#[derive(Default)]
struct All {
    consultations: BTreeMap<ConsultationId, Kept>,
    server: BTreeMap<String, Vec<u8>>,
}

/// A journal that ends with the process.
#[derive(Default)]
pub struct MemoryJournal {
    all: Mutex<All>,
    failed: StopSignal,
}

impl MemoryJournal {
    fn all(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn done(result: Result<Seq, JournalError>) -> Durable {
    let (sender, receiver) = oneshot::channel();
    let _ = sender.send(result);
    receiver
}

impl Journal for MemoryJournal {
    fn append(&self, append: Append) -> Durable {
        let mut all = self.all();
        if append.keys.is_none() && !all.consultations.contains_key(&append.consultation) {
            return done(Err(JournalError::Purged));
        }
        let kept = all.consultations.entry(append.consultation).or_default();
        if append.keys.is_some() {
            kept.keys = append.keys;
        }
        let before = kept.last;
        kept.scrubs.extend(append.scrubs.into_iter().map(|(stream, at)| (stream, before + at as Seq + 1)));
        for entry in append.entries {
            kept.last += 1;
            kept.records.push((kept.last, entry.stream, entry.record));
        }
        for change in append.texts {
            match change {
                TextChange::Put(key, text) => {
                    kept.texts.insert(key, text);
                }
                TextChange::Delete(key) => {
                    kept.texts.remove(&key);
                }
            }
        }
        for change in append.files {
            match change {
                FileChange::Put(file, bytes) => {
                    kept.files.insert(file, bytes.to_vec());
                }
                FileChange::Delete(file) => {
                    kept.files.remove(&file);
                }
            }
        }
        done(Ok(kept.last))
    }

    fn compact(&self, compaction: Compaction) -> Durable {
        let mut all = self.all();
        let Some(kept) = all.consultations.get_mut(&compaction.consultation) else {
            return done(Err(JournalError::Purged));
        };
        let seq = compaction.snapshot.seq;
        kept.records.retain(|(at, stream, _)| *stream != compaction.stream || *at > seq);
        if kept.scrubs.get(&compaction.stream).is_some_and(|owed| *owed <= compaction.decided) {
            kept.scrubs.remove(&compaction.stream);
        }
        kept.snapshots.insert(compaction.stream, compaction.snapshot);
        done(Ok(seq))
    }

    fn purge(&self, consultation: ConsultationId, certify: Option<Certify>) -> DurablePurge {
        let mut all = self.all();
        let purged = all.consultations.remove(&consultation).map(|kept| Purged {
            records: kept.records.len() as u64,
            snapshots: kept.snapshots.len() as u64,
            texts: kept.texts.len() as u64,
            files: kept.files.len() as u64,
            keys: u64::from(Keys::COUNT),
        });
        if let (Some(purged), Some(certify)) = (&purged, certify) {
            all.server.extend(certify(purged));
        }
        let (sender, receiver) = oneshot::channel();
        let _ = sender.send(purged.ok_or(JournalError::Purged));
        receiver
    }

    fn failed(&self) -> Stopping {
        self.failed.listener()
    }

    fn consultations(&self) -> Result<Vec<ConsultationId>, JournalError> {
        Ok(self.all().consultations.keys().copied().collect())
    }

    fn load(&self, consultation: ConsultationId, stream: Stream) -> Result<LoadedStream, JournalError> {
        let all = self.all();
        let Some(kept) = all.consultations.get(&consultation) else { return Ok(LoadedStream::default()) };
        let records = kept
            .records
            .iter()
            .filter(|(_, of, _)| *of == stream)
            .map(|(seq, _, record)| (*seq, record.clone()))
            .collect();
        Ok(LoadedStream { snapshot: kept.snapshots.get(&stream).cloned(), records })
    }

    fn owed_scrubs(&self, consultation: ConsultationId) -> Result<Vec<(Stream, Seq)>, JournalError> {
        let all = self.all();
        let owed = all.consultations.get(&consultation).map(|kept| kept.scrubs.clone());
        Ok(owed.unwrap_or_default().into_iter().collect())
    }

    fn texts(&self, consultation: ConsultationId) -> Result<Vec<(TextRow, String)>, JournalError> {
        let all = self.all();
        let texts = all.consultations.get(&consultation).map(|kept| kept.texts.clone());
        Ok(texts.unwrap_or_default().into_iter().collect())
    }

    fn text(&self, consultation: ConsultationId, text: TextRow) -> Result<Option<String>, JournalError> {
        Ok(self.all().consultations.get(&consultation).and_then(|kept| kept.texts.get(&text).cloned()))
    }

    fn file(&self, consultation: ConsultationId, file: MaterialId) -> Result<Option<Vec<u8>>, JournalError> {
        Ok(self.all().consultations.get(&consultation).and_then(|kept| kept.files.get(&file).cloned()))
    }

    fn keys(&self, consultation: ConsultationId) -> Result<Keys, JournalError> {
        let all = self.all();
        let keys = all.consultations.get(&consultation).and_then(|kept| kept.keys);
        keys.ok_or_else(|| JournalError::Stopped("this consultation has no keys".to_owned()))
    }

    fn server_value(&self, name: &str) -> Result<Option<Vec<u8>>, JournalError> {
        Ok(self.all().server.get(name).cloned())
    }

    fn server_names(&self, prefix: &str) -> Result<Vec<String>, JournalError> {
        Ok(self.all().server.keys().filter(|name| name.starts_with(prefix)).cloned().collect())
    }

    fn set_server_value(&self, name: &str, value: &[u8]) -> Result<(), JournalError> {
        self.all().server.insert(name.to_owned(), value.to_vec());
        Ok(())
    }
}
