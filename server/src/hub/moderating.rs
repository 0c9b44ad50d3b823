//! What a moderator does that needs rooms or connections: whose seat writes here, which seats have no phone, and what texts say
//! when they are quiet.

use std::collections::HashSet;

use proto::ids::{ClientId, DocumentName, GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;
use proto::wire::close::CloseReason;

use super::batch::{Batch, Reply};
use super::task::Task;
use crate::consultation::{CommandKey, Event, Meant, NewWords, Outcome, Sight};
use crate::journal::{JournalError, SeatKey};
use crate::room::IdleText;

/// Somebody who wants a seat to be closed.
pub struct RemoveRequest {
    /// Who wants it.
    pub seat: SeatId,
    /// In which group.
    pub group: GroupId,
    /// By which command.
    pub asked: CommandKey,
    /// Who is answered.
    pub reply: Reply,
}

/// What a room said about it.
pub type WriterFound = (RemoveRequest, Result<SeatKey, Problem>);

impl Task {
    /// Asks the room whose seat writes in an idea under this id.
    pub(super) fn find_writer(&mut self, wish: RemoveRequest, idea: IdeaId, writer: u64) {
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
    pub(super) async fn writer_found(&mut self, found: Option<WriterFound>) -> Result<(), JournalError> {
        let Some((RemoveRequest { seat, group, asked, reply }, found)) = found else { return Ok(()) };
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

    /// Decides what becomes of lines that say words which this event is about to delete.
    pub(super) fn lines_follow(&mut self, seat: SeatId, event: &Event, batch: &mut Batch) {
        for line in self.consultation.lines_like(event, &self.limits.repeats) {
            batch.texts.extend(line.texts);
            self.decided(None, seat, line.event, &line.words, batch);
        }
    }

    /// Ends every connection of seats that were closed; their tokens open nothing any more.
    pub(super) fn end_seats(&mut self, seats: &HashSet<SeatId>) {
        if seats.is_empty() {
            return;
        }
        let together = |seat: &&SeatId| self.consultation.is_closed_together(**seat);
        self.directory.close(seats, &seats.iter().filter(together).copied().collect());
        for seat in seats {
            self.allowances.close(*seat, CloseReason::SeatClosed);
        }
        self.subscribers.retain(|_, subscriber| !seats.contains(&subscriber.seat));
        self.presence_changed();
    }

    /// Which participants' seats are there, and which were since the server started.
    pub(super) fn sight(&self) -> Sight {
        let seats = self.consultation.seats().iter().filter(|(_, seat)| seat.role == Role::Participant);
        let mut present = self.allowances.connected(seats.map(|(id, _)| *id));
        present.extend(self.subscribers.values().map(|subscriber| subscriber.seat));
        Sight { present, seen: self.opened.clone() }
    }

    /// What it means to close many seats now.
    pub(super) fn close_seats(
        &self,
        seat: SeatId,
        (meant, at_most): (Meant, u32),
        group: Option<GroupId>,
    ) -> Result<Outcome, Problem> {
        let seats = self.consultation.seats_to_close(seat, meant, group, &self.sight())?;
        self.consultation.decide_close_seats(seats, (meant, at_most), group, self.context())
    }

    /// Keeps what texts say that are quiet, as many as wait.
    pub(super) async fn keep_wordings(&mut self, first: IdleText) -> Result<(), JournalError> {
        let mut batch = Batch::default();
        let (now, max) = (self.clock.now(), self.limits.wordings_max);
        let mut next = Some(first);
        while let Some(IdleText { idea, text }) = next {
            batch.texts.extend(self.consultation.keep_wording(idea, &text, now, max));
            next = self.quiet.1.try_recv().ok();
        }
        self.note_words();
        self.commit(batch).await
    }
}
