//! What a moderator does that needs the rooms: whose seat writes here, which seats never did anything, and what texts say when
//! they are quiet.

use std::collections::HashSet;

use proto::doors::SeatsToClose;
use proto::ids::{ClientId, DocumentName, GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};
use proto::wire::close::CloseReason;

use super::batch::{Batch, Reply};
use super::task::Task;
use crate::consultation::secret::pseudonym;
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

/// Somebody who wants seats to be closed that did nothing.
pub struct IdleWish {
    /// Who wants it.
    pub seat: SeatId,
    /// In which group; none: in all.
    pub group: Option<GroupId>,
    /// How many they saw.
    pub at_most: u32,
    /// By which command.
    pub asked: Asked,
    /// Who is answered.
    pub reply: Reply,
}

/// What the boards said about it: who wrote on them or reads them.
pub type FoundIdle = (IdleWish, Result<HashSet<SeatKey>, Problem>);

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

    /// Ends every connection of seats that were closed; their tokens open nothing any more.
    pub(super) fn end_seats(&mut self, seats: &HashSet<SeatId>) {
        if seats.is_empty() {
            return;
        }
        self.directory.close(seats);
        for seat in seats {
            self.allowances.close(*seat, CloseReason::SeatClosed);
        }
        self.followers.retain(|_, follower| !seats.contains(&follower.seat));
        self.presence_changed();
    }

    /// The seats that are connected.
    pub(super) fn present(&self) -> HashSet<SeatId> {
        self.followers.values().map(|follower| follower.seat).collect()
    }

    /// Asks the boards who wrote on them or reads them now, before seats are closed that did nothing.
    pub(super) fn find_idle(&mut self, wish: IdleWish) {
        let groups: Vec<GroupId> = self.consultation.groups().keys().copied().collect();
        let rooms: Vec<_> = groups.into_iter().map(|group| self.room(DocumentName::Board(group))).collect();
        self.idle_looks.spawn(async move {
            let mut busy = HashSet::new();
            for room in rooms {
                match room.who_was_here().await {
                    Ok(seats) => busy.extend(seats),
                    Err(_) => return (wish, Err(Problem::new(Code::Unavailable))),
                }
            }
            (wish, Ok(busy))
        });
    }

    /// The boards have answered: seats are closed, or it is refused.
    pub(super) async fn idle_found(&mut self, found: Option<FoundIdle>) -> Result<(), JournalError> {
        let Some((IdleWish { seat, group, at_most, asked, reply }, found)) = found else { return Ok(()) };
        let mut batch = Batch::default();
        if let Some((content, seq)) = self.consultation.done().get(asked.id) {
            self.repeated(asked, content, seq, reply, &mut batch);
            return self.commit(batch).await;
        }
        let which = SeatsToClose::Idle;
        let decided = found.and_then(|busy| {
            let mut seats = self.consultation.seats_to_close(seat, which, group, &self.present())?;
            let key = &self.consultation.keys().bindings;
            seats.retain(|seat| !busy.contains(&pseudonym(key, *seat)));
            self.consultation.decide_close_seats(seats, (which, at_most), group, self.context())
        });
        match decided {
            Ok(decided) => {
                batch.texts.extend(decided.texts);
                let asked = Some((asked, Some(reply)));
                self.decided(asked, seat, decided.event, &decided.words, &mut batch);
                self.commit(batch).await
            }
            Err(problem) => {
                let _ = reply.send(Err(problem));
                Ok(())
            }
        }
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
        self.note_words();
        self.commit(batch).await
    }
}
