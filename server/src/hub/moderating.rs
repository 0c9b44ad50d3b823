//! What a moderator does that needs the rooms: whose seat writes here, and what texts say when they are quiet.

use proto::ids::{ClientId, DocumentName, GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};
use proto::wire::close::CloseReason;

use super::batch::{Batch, Reply};
use super::task::Task;
use crate::consultation::{Asked, NewWords};
use crate::journal::{JournalError, SeatKey};
use crate::room::Quiet;

/// Somebody who wants a seat to be closed.
pub struct RemoveWish {
    /// Who wants it.
    pub seat: SeatId,
    /// In which group.
    pub group: GroupId,
    /// By which command.
    pub asked: Asked,
    /// Who is answered.
    pub reply: Reply,
}

/// What a room said about it.
pub type Found = (RemoveWish, Result<SeatKey, Problem>);

impl Task {
    /// Asks the room whose seat writes in an idea under this id.
    pub(super) fn find_writer(&mut self, wish: RemoveWish, idea: IdeaId, writer: u64) {
        let room = self.room(DocumentName::Board(wish.group));
        self.removals.spawn(async move {
            let found = match room.who_writes(idea, ClientId(writer)).await {
                Ok(Some(seat)) => Ok(seat),
                Ok(None) => {
                    Err(Problem::because(Code::NotFound, "Nobody writes in this idea under this id."))
                }
                Err(_) => Err(Problem::new(Code::Unavailable)),
            };
            (wish, found)
        });
    }

    /// The room has answered: it becomes an event, or a refusal.
    pub(super) async fn writer_found(&mut self, found: Option<Found>) -> Result<(), JournalError> {
        let Some((RemoveWish { seat, group, asked, reply }, found)) = found else { return Ok(()) };
        let mut batch = Batch::default();
        if let Some((known, seq)) = self.consultation.done().get(asked.id) {
            // It was sent twice, and the other one is done.
            self.repeated(asked, known, seq, reply, &mut batch);
            return self.commit(batch).await;
        }
        match found.and_then(|writer| self.consultation.decide_remove(group, writer)) {
            Ok(event) => {
                self.decided(Some((asked, Some(reply))), seat, event, &NewWords::default(), &mut batch);
                self.commit(batch).await
            }
            Err(problem) => {
                let _ = reply.send(Err(problem));
                Ok(())
            }
        }
    }

    /// Ends every connection of a seat that was closed; its token opens nothing any more.
    pub(super) fn end_seat(&mut self, seat: SeatId) {
        self.directory.close(seat);
        self.allowances.close(seat, CloseReason::SeatClosed);
        self.followers.retain(|_, follower| follower.seat != seat);
        self.presence_changed();
    }

    /// Keeps what texts say that are quiet, as many as wait.
    pub(super) async fn keep_wordings(&mut self, first: Quiet) -> Result<(), JournalError> {
        let mut batch = Batch::default();
        let (now, max) = (self.clock.now(), self.limits.wordings_max);
        let mut next = Some(first);
        while let Some(Quiet { idea, text }) = next {
            batch.texts.extend(self.consultation.keep_wording(idea, &text, now, max));
            next = self.quiet.1.try_recv().ok();
        }
        self.commit(batch).await
    }
}
