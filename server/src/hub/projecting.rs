//! From a consultation's decisions to its rooms: opening, loading, and telling them what to show.

use std::collections::HashMap;
use std::sync::Arc;

use proto::api::consultation::Answer;
use proto::ids::{DocumentName, GroupId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;
use proto::wire::frame::Scope;
use tokio::sync::mpsc;

use super::batch::Reply;
use super::fitting::units_of;
use super::mailbox::Opened;
use super::task::Task;
use crate::access::{Deed, may_ever};
use crate::consultation::secret::pseudonym;
use crate::consultation::{BoardWrite, PlenaryWrite, Write};
use crate::journal::{SeatKey, Seq, Stream};
use crate::room::{self, Completion, RoomHandle, RoomMessage, RoomParts, RoomWrite};
use crate::watch::Loop;

impl Task {
    /// Tells the rooms what the decision at `seq` means, and answers when all of them have shown it.
    pub(super) async fn project(&mut self, seq: Seq, writes: Vec<Write>, answers: Vec<(Answer, Reply)>) {
        let id = self.consultation.id();
        let dismissed = writes.iter().filter(|write| matches!(write, Write::Dismiss(..))).count();
        let (done, mut dones) = mpsc::channel((writes.len() + dismissed * self.rooms.len()).max(1));
        let mut expected = 0;
        // A room shows a decision when it has shown the last of its writes: one that compacts before still owes it.
        let last: HashMap<DocumentName, usize> =
            writes.iter().enumerate().filter_map(|(at, write)| Some((write.document(id)?, at))).collect();
        for (at, write) in writes.into_iter().enumerate() {
            let is_last = write.document(id).and_then(|document| last.get(&document)) == Some(&at);
            let shows = if is_last { seq } else { seq.saturating_sub(1) };
            let (document, write, must_exist) = match write {
                Write::Board(group, write) => {
                    // A removal must reach the files even if nobody has the board open, and what is put back stands
                    // in no plan.
                    let removal = matches!(
                        write,
                        BoardWrite::Remove(_)
                            | BoardWrite::Hide(_)
                            | BoardWrite::Undo(_)
                            | BoardWrite::SetText(..)
                    );
                    (DocumentName::Board(group), RoomWrite::Board(write), removal)
                }
                Write::Plenary(write) => {
                    let run = matches!(
                        write,
                        PlenaryWrite::Run(_)
                            | PlenaryWrite::Follow(..)
                            | PlenaryWrite::Settle(..)
                            | PlenaryWrite::Responses { gone: true, .. }
                    );
                    (DocumentName::Plenary(id), RoomWrite::Plenary(write), run)
                }
                Write::Dismiss(seat, group) => {
                    expected += self.dismiss(seat, group, &done).await;
                    continue;
                }
            };
            let room = self.rooms.get(&document).filter(|room| !room.has_ended()).cloned();
            // A room that is not live is brought up to its plan when it is loaded.
            let room = match room {
                Some(room) => room,
                None if must_exist => self.room(document),
                None => continue,
            };
            expected += 1;
            // A room that ends now drops the completion; whoever waits hears that.
            let _ = room.tell(RoomMessage::Write(write, Completion::at(shows, done.clone()))).await;
        }
        drop(done);
        if expected == 0 || answers.is_empty() {
            answers.into_iter().for_each(|(answer, reply)| drop(reply.send(Ok(answer))));
            return;
        }
        self.answers.spawn(async move {
            let mut shown = true;
            for _ in 0..expected {
                shown &= dones.recv().await.is_some();
            }
            for (answer, reply) in answers {
                let unavailable = || Problem::new(Code::Unavailable);
                let _ = reply.send(if shown { Ok(answer) } else { Err(unavailable()) });
            }
        });
    }

    /// Lets rooms rewrite their files that still hold deleted words, because the server stopped before they had.
    pub(super) async fn settle_scrubs(&mut self) {
        if crate::seeded_defects::is("scrub-forgotten") {
            return;
        }
        for (stream, seq) in std::mem::take(&mut self.owed_scrubs) {
            let document = match stream {
                Stream::Board(group) if self.consultation.groups().contains_key(&group) => {
                    DocumentName::Board(group)
                }
                Stream::Plenary => DocumentName::Plenary(self.consultation.id()),
                Stream::Board(_) | Stream::Consultation => continue,
            };
            let room = self.room(document);
            let _ = room.tell(RoomMessage::Write(RoomWrite::Scrub, Completion::shown(seq))).await;
        }
    }

    /// Tells live rooms that a seat has no place in them any more; says how many.
    async fn dismiss(&self, seat: SeatKey, group: Option<GroupId>, done: &mpsc::Sender<()>) -> usize {
        let concerned = |document: &DocumentName| group.is_none_or(|id| *document == DocumentName::Board(id));
        let rooms = self.rooms.iter().filter(|(document, room)| concerned(document) && !room.has_ended());
        let mut told = 0;
        for (_, room) in rooms {
            told += 1;
            let _ = room.tell(RoomMessage::Dismiss(seat, Completion::of(done.clone()))).await;
        }
        told
    }

    pub(super) fn open(&mut self, seat: SeatId, document: DocumentName) -> Result<Opened, Problem> {
        let actor = self.consultation.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        let id = self.consultation.id();
        let (read, write, group) = match document {
            DocumentName::Board(group) if self.consultation.groups().contains_key(&group) => {
                (Deed::ReadBoard, Deed::EditBoard, Some(group))
            }
            DocumentName::Plenary(of) if of == id => (Deed::ReadPlenary, Deed::EditPlenary, None),
            DocumentName::Consultation(of) if of == id => {
                let seat = pseudonym(&self.consultation.keys().bindings, seat);
                let (scope, name) = (Scope::ReadOnly, name_of(actor.role));
                return Ok(Opened { room: None, actor, seat, scope, name });
            }
            DocumentName::Board(_) | DocumentName::Plenary(_) | DocumentName::Consultation(_) => {
                return Err(Problem::new(Code::NotFound));
            }
        };
        if !may_ever(read, actor, group) {
            return Err(Problem::new(Code::Forbidden));
        }
        let scope = if may_ever(write, actor, group) { Scope::ReadWrite } else { Scope::ReadOnly };
        let seat = pseudonym(&self.consultation.keys().bindings, seat);
        Ok(Opened { room: Some(self.room(document)), actor, seat, scope, name: name_of(actor.role) })
    }

    /// The live room of a document; loaded if it is not.
    pub(super) fn room(&mut self, document: DocumentName) -> RoomHandle {
        if let Some(room) = self.rooms.get(&document).filter(|room| !room.has_ended()) {
            return room.clone();
        }
        let (stream, plan) = match document {
            DocumentName::Board(group) => (Stream::Board(group), self.consultation.board_plan(group)),
            DocumentName::Plenary(_) | DocumentName::Consultation(_) => {
                (Stream::Plenary, self.consultation.plenary_plan())
            }
        };
        let consultation = self.consultation.id();
        let (handle, mailbox) = RoomHandle::new(document, consultation, self.limits.room_mailbox);
        handle.count_more(units_of(&plan));
        let watch = Arc::clone(&self.watch);
        let running = room::run(RoomParts {
            document,
            consultation,
            stream,
            plan,
            journal: Arc::clone(&self.journal),
            limits: Arc::clone(&self.limits),
            entropy: self.entropy.clone(),
            kept: self.keeper.clone(),
            mailbox,
            staff_wrote: self.staff_wrote.0.clone(),
            quiet: self.quiet.0.clone(),
            typists: self.consultation.typists().clone(),
            changed: (stream == Stream::Plenary).then(|| self.life.changed.clone()),
            units: handle.units_counted(),
        });
        let life = self.life.clone();
        self.room_tasks.spawn(async move {
            watch.turns(Loop::Room, document, running).await;
            drop(life);
        });
        self.rooms.insert(document, handle.clone());
        handle
    }
}

/// What staff are called in the plenary's presence; participants do not write there.
const fn name_of(role: Role) -> &'static str {
    match role {
        Role::Organizer => "Organizer",
        Role::Moderator => "Moderator",
        Role::Rapporteur => "Rapporteur",
        Role::Participant => "Participant",
        Role::Projector => "Room",
        Role::Safeguarding => "Safeguarding",
    }
}
