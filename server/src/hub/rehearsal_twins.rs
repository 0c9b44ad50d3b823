//! Twins in which a day is rehearsed: made of what is prepared, deleted without a trace, and never loaded again.

use std::sync::Arc;

use proto::api::consultation::Created;
use proto::command::{Action, Command};
use proto::ids::{CommandId, ConsultationId};
use proto::problem::Problem;

use super::{Client, Hub, Sender};
use crate::consultation::create_from;
use crate::consultation::prepare::template::Template;
use crate::consultation::secret::hash_token;
use crate::journal::JournalError;
use crate::live::{Caller, View};

impl Hub {
    /// Makes the twin of a consultation. Of that nothing is read but what is prepared, and nothing is written.
    ///
    /// # Errors
    /// When the caller may not, or the day has begun.
    pub async fn make_twin(self: &Arc<Self>, caller: &Caller) -> Result<(Created, Template), Problem> {
        let rehearse = |view: &mut View<'_>, seat| view.consultation().to_rehearse(seat);
        let (template, materials) = caller.read(rehearse).await?;
        let mut founded = create_from(template.clone(), &self.node.public_url, self.decision());
        founded.founding.rehearsal_of = Some(caller.consultation.id);
        founded.founding.programme.materials = materials;
        Ok((self.begin_founded(founded, Vec::new()).await?, template))
    }

    /// Deletes a twin. Its phones and screens are told.
    ///
    /// # Errors
    /// `unavailable` when the server is stopping: then it is deleted at the next start.
    pub async fn delete_twin(self: &Arc<Self>, twin: &Created) -> Result<(), Problem> {
        let caller = self.node.directory.by_token(hash_token(&twin.organizer.token));
        // Who watches it may have deleted it already.
        let Some(caller) = caller.filter(|caller| caller.consultation.id == twin.id) else { return Ok(()) };
        let action = Action::Purge { confirm: twin.code.clone() };
        let command = Command { id: CommandId(self.node.entropy.uuid()), action };
        self.begin_command(&Sender::Seat(caller), Client::at(None), command).await.await.map(|_| ())
    }

    /// Is this consultation still here?
    #[must_use]
    pub fn has(&self, id: ConsultationId) -> bool {
        self.node.directory.handle(id).is_some()
    }

    /// Deletes a twin that was left over when the server ended.
    pub(super) async fn sweep_twin(&self, id: ConsultationId) -> Result<(), JournalError> {
        let stopped = || JournalError::Stopped("its writer has ended".to_owned());
        self.node.journal.purge(id, None).await.unwrap_or_else(|_| Err(stopped()))?;
        tracing::info!("a rehearsal that was left over was deleted");
        Ok(())
    }
}
