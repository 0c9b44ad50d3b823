//! Preparing at the hub: templates become consultations, files come and go, staff links end at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use bytes::Bytes;
use proto::api::consultation::Created;
use proto::api::preparation::{Checklist, LinkInfo, Preparation};
use proto::api::programme::{FileContent, MaterialFile};
use proto::command::{Action, Command};
use proto::ids::{CommandId, MaterialId, SeatId};
use proto::problem::{Code, Problem};
use proto::wire::close::CloseReason;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::batch::Batch;
use super::mailbox::{ConsultationMessage, Look, LookPrepare, Upload};
use super::task::Task;
use super::{Caller, Hub};
use crate::consultation::prepare::template::{Template, refusal};
use crate::consultation::{CommandKey, Context, Event, FieldChange, Hash32, StaffLink, create_from};

/// Files on their way to phones: one copy in memory for however many read it, and none when nobody does.
#[derive(Debug, Default)]
pub struct SharedFiles(Mutex<HashMap<FileKey, Weak<Vec<u8>>>>);

/// A file by its material and its sum: another content is another file.
type FileKey = (MaterialId, String);

/// What keeps the copy while somebody reads it.
struct SharedFile(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedFile {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl SharedFiles {
    fn get(&self, key: &FileKey) -> Option<Bytes> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.get(key).and_then(Weak::upgrade).map(|file| Bytes::from_owner(SharedFile(file)))
    }

    fn put(&self, key: FileKey, bytes: Vec<u8>) -> Bytes {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|_, file| file.strong_count() > 0);
        let file = files.get(&key).and_then(Weak::upgrade).unwrap_or_else(|| Arc::new(bytes));
        files.insert(key, Arc::downgrade(&file));
        Bytes::from_owner(SharedFile(file))
    }
}

impl Hub {
    /// Makes a consultation of a template file.
    ///
    /// # Errors
    /// `template` with everything that is wrong in the file.
    pub async fn import(self: &Arc<Self>, file: &str) -> Result<Created, Problem> {
        let template = Template::read(file, &self.limits).map_err(refusal)?;
        let context = Context { now: self.clock.now(), entropy: &self.entropy, limits: &self.limits };
        self.begin_founded(create_from(template, &self.public_url, context), Vec::new()).await
    }

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
        self.allowances.take(caller.seat, Instant::now())?;
        if !bytes.starts_with(b"%PDF-") {
            return Err(Problem::because(Code::NotAPdf, "A PDF begins with \"%PDF-\"."));
        }
        let size = u32::try_from(bytes.len()).map_err(|_| Problem::new(Code::TooLarge))?;
        let content = FileContent { bytes: size, sha256: hex::encode(Sha256::digest(&bytes)) };
        let stored = content.clone();
        let seat = caller.seat;
        let ask =
            |reply| ConsultationMessage::Store(Box::new(Upload { seat, material, content, bytes, reply }));
        caller.consultation.ask(ask).await??;
        Ok(stored)
    }

    /// A file with the name under which it is saved.
    ///
    /// # Errors
    /// When it is not here.
    pub async fn file(&self, caller: &Caller, material: MaterialId) -> Result<(String, Bytes), Problem> {
        self.allowances.take(caller.seat, Instant::now())?;
        let seat = caller.seat;
        let (MaterialFile { name, content, .. }, rehearsal_of) =
            caller.prepare(|reply| LookPrepare::File(seat, material, reply)).await?;
        let key = (material, content.map(|content| content.sha256).unwrap_or_default());
        if let Some(file) = self.shared_files.get(&key) {
            return Ok((name, file));
        }
        let (journal, id) = (Arc::clone(&self.journal), caller.consultation.id);
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

impl Caller {
    async fn prepare<T>(
        &self,
        look: impl FnOnce(tokio::sync::oneshot::Sender<Result<T, Problem>>) -> LookPrepare,
    ) -> Result<T, Problem> {
        self.consultation.ask(|reply| ConsultationMessage::Look(Look::Prepare(look(reply)))).await?
    }

    /// Everything prepared.
    ///
    /// # Errors
    /// When the seat may not, or the consultation's task has ended; so below.
    pub async fn preparation(&self) -> Result<Preparation, Problem> {
        self.prepare(|reply| LookPrepare::Preparation(self.seat, reply)).await
    }

    /// What is missing.
    ///
    /// # Errors
    /// As above.
    pub async fn checklist(&self) -> Result<Checklist, Problem> {
        self.prepare(|reply| LookPrepare::Checklist(self.seat, reply)).await
    }

    /// The staff links.
    ///
    /// # Errors
    /// As above.
    pub async fn links(&self) -> Result<Vec<LinkInfo>, Problem> {
        self.prepare(|reply| LookPrepare::Links(self.seat, reply)).await
    }

    /// What is prepared, as a template.
    ///
    /// # Errors
    /// As above.
    pub async fn template(&self) -> Result<Template, Problem> {
        self.prepare(|reply| LookPrepare::Template(self.seat, reply)).await
    }
}

impl Task {
    pub(super) fn look_at_preparation(&self, look: LookPrepare) {
        let consultation = &self.consultation;
        let here = |seat: SeatId| self.subscribers.values().any(|subscriber| subscriber.seat == seat);
        match look {
            LookPrepare::Preparation(seat, reply) => {
                let _ = reply.send(consultation.preparation(seat));
            }
            LookPrepare::Checklist(seat, reply) => {
                let opened = |seat| self.opened.contains(&seat);
                let _ = reply.send(consultation.checklist(seat, &self.public_url, opened));
            }
            LookPrepare::Links(seat, reply) => {
                let _ = reply.send(consultation.links(seat, here));
            }
            LookPrepare::ToRehearse(seat, reply) => {
                let _ = reply.send(consultation.to_rehearse(seat));
            }
            LookPrepare::Template(seat, reply) => {
                let _ = reply.send(consultation.as_template(seat));
            }
            LookPrepare::File(seat, material, reply) => {
                let file = match consultation.actor(seat) {
                    None => Err(Problem::new(Code::Unauthorized)),
                    Some(_) => consultation
                        .stored_file(material)
                        .map(|file| (file.clone(), consultation.rehearsal_of()))
                        .ok_or_else(|| Problem::because(Code::NotFound, "This file is not here.")),
                };
                let _ = reply.send(file);
            }
        }
    }

    /// Keeps a file: decided like a command whose id is its own, so that it is answered when it is durable.
    pub(super) fn store(&mut self, upload: Upload, batch: &mut Batch) {
        let Upload { seat, material, content, bytes, reply } = upload;
        match self.consultation.decide_file(seat, material, content, bytes, self.context()) {
            Err(problem) => {
                let _ = reply.send(Err(problem));
            }
            Ok(decided) => {
                batch.files.extend(decided.files);
                let command = Command { id: CommandId(self.entropy.uuid()), action: Action::Merge {} };
                let asked = CommandKey::of(&command);
                self.decided(Some((asked, Some(reply))), seat, decided.event, &decided.words, batch);
            }
        }
    }

    /// The staff links before an event that may end some.
    pub(super) fn links_before(&self, event: &Event) -> Option<Vec<StaffLink>> {
        let ends = matches!(event, Event::LinkAdded { .. } | Event::LinkRevoked { .. })
            || matches!(event, Event::Amended(change) if matches!(**change, FieldChange::Groups(_) | FieldChange::PublicUrl(_)));
        ends.then(|| self.consultation.founding().links.clone())
    }

    pub(super) fn note_links(&self, before: Option<Vec<StaffLink>>, batch: &mut Batch) {
        let Some(before) = before else { return };
        let now = &self.consultation.founding().links;
        let ended = before.iter().filter(|link| !now.iter().any(|still| still.seat == link.seat));
        batch.links_ended.get_or_insert_default().extend(ended.map(|link| (link.seat, link.token)));
        // The addresses of doors are others where groups or the public address are.
        batch.you_changed.extend(now.iter().map(|link| link.seat));
    }

    /// What was revoked is known no longer, and its devices are told at once.
    pub(super) fn end_links(&mut self, ended: &[(SeatId, Hash32)]) {
        let tokens: Vec<Hash32> = ended.iter().map(|(_, token)| *token).collect();
        self.directory.replace_links(&self.consultation, &tokens);
        for (seat, _) in ended {
            self.allowances.close(*seat, CloseReason::Unauthorized);
            self.subscribers.retain(|_, subscriber| subscriber.seat != *seat);
        }
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
