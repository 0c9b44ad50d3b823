//! The end of a consultation: when its time is over or its organizer says so, nothing of it is left but a certificate.

use std::collections::BTreeSet;

use proto::api::consultation::Answer;
use proto::api::ending::{Certificate, Deleted, PurgedBy};
use proto::api::idea_outcome::{Follow, Followed};
use proto::ids::{CertificateId, ConsultationId};
use proto::problem::{Code, Problem};
use proto::wire::close::CloseReason;
use proto::wire::stateless::ServerMessage;
use tokio::sync::oneshot;

use super::Hub;
use super::following::send;
use super::mailbox::{ConsultationMessage, Look, RecordsLook};
use super::task::Task;
use crate::clock::day;
use crate::journal::{Certify, JournalError, Purged};
use crate::room::{OutboxMessage, RoomMessage};

/// Names of the server's values: certificates by their id, and the ids of consultations that were purged.
const CERTIFICATE: &str = "certificate/";
const PURGED: &str = "purged/";

impl Task {
    /// Deletes everything, then tells everybody who is here. The task ends with it.
    pub(super) async fn purge(&mut self, by: PurgedBy) -> Result<(), JournalError> {
        let id = self.consultation.id();
        let certificate = Certificate {
            id: CertificateId(self.entropy.uuid()),
            day: day(self.clock.now()),
            by,
            deleted: self.consultation.to_delete(),
            exported: self.consultation.exported().cloned(),
        };
        let (filled, kept) = oneshot::channel();
        let twin = self.consultation.rehearsal_of().is_some();
        let certify: Certify = Box::new(move |purged| {
            let certificate = Certificate { deleted: with_rows(certificate.deleted, purged), ..certificate };
            let value = serde_json::to_vec(&certificate).unwrap_or_default();
            let name = format!("{CERTIFICATE}{}", certificate.id);
            let _ = filled.send(certificate);
            vec![(name, value), (format!("{PURGED}{id}"), Vec::new())]
        });
        let stopped = || JournalError::Stopped("its writer has ended".to_owned());
        // Of a rehearsal nothing remains, not even that it was.
        let certify = (!twin).then_some(certify);
        self.journal.purge(id, certify).await.unwrap_or_else(|_| Err(stopped()))?;
        self.directory.purge(id);
        tracing::info!("a consultation was purged");
        let message = ServerMessage::Purged { consultation: id };
        for subscriber in self.subscribers.values() {
            send(subscriber, &message);
        }
        if let Some((asked, reply)) = self.purge_wish.take() {
            let answer = Answer {
                certificate: kept.await.ok().map(Box::new),
                ..Answer::done(asked.id, self.last + 1)
            };
            let _ = reply.send(Ok(answer));
        }
        // The last words are on their way; whoever closes before they are sent takes them along.
        tokio::time::sleep(self.limits.last_word_time).await;
        for (_, subscriber) in self.subscribers.drain() {
            subscriber.outbox.send(OutboxMessage::Close(CloseReason::Purged));
        }
        for room in self.rooms.values() {
            let _ = room.tell(RoomMessage::Purged).await;
        }
        Ok(())
    }
}

const fn with_rows(deleted: Deleted, purged: &Purged) -> Deleted {
    Deleted {
        texts: purged.texts,
        records: purged.records,
        snapshots: purged.snapshots,
        keys: purged.keys,
        files: purged.files,
        ..deleted
    }
}

impl Hub {
    /// The consultations that were purged.
    pub(super) fn purged(&self) -> Result<Vec<ConsultationId>, JournalError> {
        let names = self.journal.server_names(PURGED)?;
        Ok(names.iter().filter_map(|name| name.strip_prefix(PURGED)?.parse().ok()).collect())
    }

    /// The certificate of a purge.
    ///
    /// # Errors
    /// `not-found` when there is none with this id.
    pub fn certificate(&self, id: CertificateId) -> Result<Certificate, Problem> {
        let value = self.journal.server_value(&format!("{CERTIFICATE}{id}")).map_err(|error| {
            tracing::error!(%error, "a certificate could not be read");
            Problem::new(Code::Unavailable)
        })?;
        let certificate = value.and_then(|value| serde_json::from_slice(&value).ok());
        certificate.ok_or_else(|| Problem::new(Code::NotFound))
    }

    /// What became of ideas, for whoever holds their receipts.
    ///
    /// # Errors
    /// `malformed` when there are too many or one is named twice, `not-found` when there is no such consultation, `purged` when it was
    /// deleted.
    pub async fn follow(&self, follow: Follow) -> Result<Followed, Problem> {
        let Follow { consultation, ideas } = follow;
        if ideas.len() > self.limits.records.followed_max {
            let detail = format!("At most {} ideas at once.", self.limits.records.followed_max);
            return Err(Problem::because(Code::Malformed, detail));
        }
        // Each answer looks through what is combined: the holder of one receipt may ask for that once, not two hundred times.
        let mut asked = BTreeSet::new();
        if !ideas.iter().all(|owned| asked.insert(owned.idea)) {
            return Err(Problem::because(Code::Malformed, "Each idea is asked about once."));
        }
        if self.directory.is_purged(consultation) {
            return Err(Problem::new(Code::Purged));
        }
        let handle = self.directory.handle(consultation).ok_or_else(|| Problem::new(Code::NotFound))?;
        let look = |reply| ConsultationMessage::Look(Look::Records(RecordsLook::Follow(ideas, reply)));
        handle.ask(look).await?
    }
}
