//! The end of a consultation: everything is deleted, then everybody who is here is told. Nothing remains but a certificate.

use proto::api::consultation::Answer;
use proto::api::ending::{Certificate, Deleted};
use proto::wire::close::CloseReason;
use proto::wire::stateless::ServerMessage;
use tokio::sync::oneshot;

use super::actor::LiveActor;
use super::state::effect::Purge;
use super::state::{Answered, To};
use crate::journal::{Certify, JournalError, Purged};

/// Prefix of the server's value that is the certificate of a purge; its name ends with the certificate's id.
pub const CERTIFICATE: &str = "certificate/";
/// Prefix of the server's value that says that a consultation was purged; its name ends with the id.
pub const PURGED: &str = "purged/";

impl LiveActor {
    /// Deletes everything in the journal, tells everybody, and closes all connections and rooms.
    pub(super) async fn purge(&mut self, purge: Purge) -> Result<(), JournalError> {
        let id = self.id();
        let Purge { certificate, is_twin, asked } = purge;
        let (filled, kept) = oneshot::channel();
        let certify: Certify = Box::new(move |purged| {
            let certificate = Certificate { deleted: with_rows(certificate.deleted, purged), ..certificate };
            let value = serde_json::to_vec(&certificate).unwrap_or_default();
            let name = format!("{CERTIFICATE}{}", certificate.id);
            let _ = filled.send(certificate);
            vec![(name, value), (format!("{PURGED}{id}"), Vec::new())]
        });
        let stopped = || JournalError::Stopped("its writer has ended".to_owned());
        let certify = (!is_twin).then_some(certify);
        self.node.journal.purge(id, certify).await.unwrap_or_else(|_| Err(stopped()))?;
        self.node.directory.purge(id);
        tracing::info!("a consultation was purged");
        self.subscribers.tell(&To::All, &ServerMessage::Purged { consultation: id });
        if let Some((reply, answer)) = asked {
            let answer = Answer { certificate: kept.await.ok().map(Box::new), ..answer };
            self.replies.respond(reply, Answered::Answer(Box::new(answer)));
        }
        // The last words are on their way; whoever closes before they are sent takes them along.
        tokio::time::sleep(self.node.limits.last_word_time).await;
        self.subscribers.close_all(CloseReason::Purged);
        self.rooms.purged().await;
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
