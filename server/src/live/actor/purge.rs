//! The end of a consultation: everything is deleted, then everybody who is here is told. Nothing remains but a certificate.

use std::sync::Arc;
use std::time::Duration;

use proto::api::consultation::Answer;
use proto::api::ending::{Certificate, Deleted};
use proto::ids::{CertificateId, ConsultationId};
use proto::wire::close::CloseReason;
use proto::wire::stateless::ServerMessage;
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::LiveActor;
use crate::clock::Millis;
use crate::journal::{Certify, JournalError, Purged, Seq};
use crate::live::node::Node;
use crate::live::node::deleted_tokens::DeletedTokens;
use crate::live::node::purge_answers::PurgeAnswer;
use crate::live::state::effect::{Purge, PurgeAsked};
use crate::live::state::{Answered, PurgeKey, To};

/// Prefix of the server's value that is the certificate of a purge; its name ends with the certificate's id.
pub const CERTIFICATE: &str = "certificate/";
/// Prefix of the server's value that says that a consultation was purged; its name ends with the id.
pub const PURGED: &str = "purged/";

impl LiveActor {
    /// Deletes everything in the journal, tells everybody, and closes all connections and rooms.
    pub(in crate::live) async fn purge(&mut self, purge: Purge) -> Result<(), JournalError> {
        let id = self.id();
        let Purge { certificate, is_twin, asked } = purge;
        let tokens = (!is_twin).then(|| DeletedTokens::of(self.consultation(), certificate.id));
        // A twin leaves nothing, and so nothing to ask for again.
        let again = asked.as_ref().filter(|_| !is_twin);
        let again = again.map(|asked| self.node.purge_answer(asked.key, certificate.id, asked.answer.seq));
        let (filled, kept) = oneshot::channel();
        let certify: Certify = Box::new(move |purged| {
            let certificate = Certificate { deleted: with_rows(certificate.deleted, purged), ..certificate };
            let value = serde_json::to_vec(&certificate).unwrap_or_default();
            let name = format!("{CERTIFICATE}{}", certificate.id);
            let _ = filled.send(certificate);
            let again = again.map(|again| serde_json::to_vec(&again).unwrap_or_default());
            vec![(name, value), (format!("{PURGED}{id}"), again.unwrap_or_default())]
        });
        let stopped = || JournalError::Stopped("its writer has ended".to_owned());
        let certify = (!is_twin).then_some(certify);
        self.node.journal.purge(id, certify).await.unwrap_or_else(|_| Err(stopped()))?;
        // Before the directory: whoever finds their token gone finds the answer there.
        if let Some(again) = again {
            self.node.keep_purge_answer(id, again).await;
        }
        match tokens {
            Some(tokens) => self.node.purge_with(id, tokens),
            None => self.node.directory.purge(id),
        }
        tracing::info!("a consultation was purged");
        self.subscribers.tell(&To::All, &ServerMessage::Purged { consultation: id });
        if let Some(PurgeAsked { reply, answer, .. }) = asked {
            let answer = Answer { certificate: kept.await.ok().map(Box::new), ..answer };
            self.replies.respond(reply, Answered::Answer(Box::new(answer)));
        }
        // The last words are on their way; whoever closes before they are sent takes them along.
        sleep(self.node.limits.last_word_time).await;
        self.subscribers.close_all(CloseReason::Purged);
        self.rooms.purged().await;
        Ok(())
    }
}

impl Node {
    /// The answer that is kept of a deletion, with the time until which it is.
    pub(in crate::live) fn purge_answer(
        &self,
        key: PurgeKey,
        certificate: CertificateId,
        seq: Seq,
    ) -> PurgeAnswer {
        let time = u64::try_from(self.limits.purge_answers.time.as_millis()).unwrap_or(Millis::MAX);
        PurgeAnswer { key, certificate, seq, until: self.clock.now().saturating_add(time) }
    }

    /// Forgets a consultation that was purged but for its tokens, and these when their time is over.
    fn purge_with(self: &Arc<Self>, id: ConsultationId, tokens: DeletedTokens) {
        self.directory.purge_with(id, tokens);
        let (node, mut stop) = (Arc::clone(self), self.stopping());
        let forgetting = async move {
            tokio::select! {
                () = stop.wait() => {}
                () = sleep(node.limits.purge_answers.time) => node.directory.forget_deleted_tokens(id),
            }
        };
        self.purge_answers.forget_later(forgetting, &self.work);
    }

    /// Takes in the answer to a deletion, and forgets it when its time is over.
    pub(in crate::live) async fn keep_purge_answer(
        self: &Arc<Self>,
        of: ConsultationId,
        answer: PurgeAnswer,
    ) {
        if let Some(oldest) = self.purge_answers.keep(of, answer) {
            self.forget_purge_answer(oldest).await;
        }
        // A clock that was turned back makes it no longer than its time.
        let left = Duration::from_millis(answer.until.saturating_sub(self.clock.now()));
        let left = left.min(self.limits.purge_answers.time);
        let (node, mut stop) = (Arc::clone(self), self.stopping());
        let forgetting = async move {
            tokio::select! {
                () = stop.wait() => {}
                () = sleep(left) => node.forget_purge_answer(of).await,
            }
        };
        self.purge_answers.forget_later(forgetting, &self.work);
    }

    /// Takes in, at the start, what the database says of a consultation that was purged.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn begin_purged(self: &Arc<Self>, of: ConsultationId) -> Result<(), JournalError> {
        self.directory.purge(of);
        let value = self.journal.server_value(&format!("{PURGED}{of}"))?.unwrap_or_default();
        if value.is_empty() {
            return Ok(());
        }
        match serde_json::from_slice::<PurgeAnswer>(&value) {
            Ok(answer) if self.clock.now() < answer.until => self.keep_purge_answer(of, answer).await,
            Ok(_) | Err(_) => self.forget_purge_answer(of).await,
        }
        Ok(())
    }

    /// Only that it was purged is remembered from now on.
    async fn forget_purge_answer(self: &Arc<Self>, of: ConsultationId) {
        self.purge_answers.forget(of);
        let node = Arc::clone(self);
        let write = move || node.journal.set_server_value(&format!("{PURGED}{of}"), &[]);
        if !matches!(tokio::task::spawn_blocking(write).await, Ok(Ok(()))) {
            tracing::error!("the answer to a deletion could not be forgotten; it is at the next start");
        }
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
