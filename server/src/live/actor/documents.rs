//! Opens documents of a running consultation, and lets their rooms show what was decided.

use std::sync::Arc;

use proto::api::consultation::Answer;
use proto::ids::{DocumentName, SeatId};
use proto::problem::Problem;
use tokio::sync::mpsc;

use super::LiveActor;
use super::replies::Reply;
use crate::consultation::Write;
use crate::journal::{Seq, Stream};
use crate::live::queries::{Opened, View};
use crate::live::state::{Answered, ReplyId};
use crate::room::{self, Completion, RoomHandle, RoomMessage, RoomParts, RoomWrite};
use crate::watch::Loop;

impl LiveActor {
    /// Lets rooms show what the event at `seq` means, and answers when all of them have (rule C4).
    pub(in crate::live) async fn show(&mut self, seq: Seq, writes: Vec<Write>, then: Vec<(ReplyId, Answer)>) {
        let id = self.id();
        let dismissed = writes.iter().filter(|write| matches!(write, Write::Dismiss(..))).count();
        let (done, mut dones) = mpsc::channel((writes.len() + dismissed * self.rooms.count()).max(1));
        let mut expected = 0;
        for (write, shows) in Write::with_seqs(writes, id, seq) {
            let loads = write.must_load();
            let (document, write) = match write {
                Write::Board(group, write) => (DocumentName::Board(group), RoomWrite::Board(write)),
                Write::Plenary(write) => (DocumentName::Plenary(id), RoomWrite::Plenary(write)),
                Write::Dismiss(seat, group) => {
                    expected += self.rooms.dismiss(seat, group, &done).await;
                    continue;
                }
            };
            // A room that is not live is brought up to its plan when it is loaded.
            let room = match self.rooms.live(document) {
                Some(room) => room,
                None if loads => self.room(document),
                None => continue,
            };
            expected += 1;
            // A room that ends now drops the completion; whoever waits hears that.
            let _ = room.tell(RoomMessage::Write(write, Completion::at(shows, done.clone()))).await;
        }
        drop(done);
        if expected == 0 || then.is_empty() {
            for (reply, answer) in then {
                self.replies.respond(reply, Answered::Answer(Box::new(answer)));
            }
            return;
        }
        let waiting = then.into_iter().filter_map(|(id, answer)| Some((self.replies.take(id)?, answer)));
        let waiting: Vec<(Reply, Answer)> = waiting.collect();
        self.rooms.run(async move {
            let mut shown = true;
            for _ in 0..expected {
                shown &= dones.recv().await.is_some();
            }
            for (reply, answer) in waiting {
                reply.send(if shown { Answered::Answer(Box::new(answer)) } else { Self::not_shown() });
            }
        });
    }

    /// Lets rooms rewrite their files that still hold deleted words, because the server stopped before they had.
    pub(in crate::live) async fn settle_scrubs(&mut self) {
        if crate::seeded_defects::is("scrub-forgotten") {
            return;
        }
        for (stream, seq) in self.rooms.take_owed_scrubs() {
            let document = match stream {
                Stream::Board(group) if self.consultation().groups().contains_key(&group) => {
                    DocumentName::Board(group)
                }
                Stream::Plenary => DocumentName::Plenary(self.id()),
                Stream::Board(_) | Stream::Consultation => continue,
            };
            let room = self.room(document);
            let _ = room.tell(RoomMessage::Write(RoomWrite::Scrub, Completion::shown(seq))).await;
        }
    }

    /// Opens a document for a seat.
    pub(in crate::live) fn open(&mut self, seat: SeatId, document: DocumentName) -> Result<Opened, Problem> {
        let node = Arc::clone(&self.node);
        let running = || node.clock.running();
        let place = View::new(&mut self.live, &node.env(&running)).place_in(seat, document)?;
        let room = (!matches!(document, DocumentName::Consultation(_))).then(|| self.room(document));
        Ok(Opened { room, ..place })
    }

    /// The live room of a document; loaded if it is not.
    pub(in crate::live) fn room(&mut self, document: DocumentName) -> RoomHandle {
        if let Some(room) = self.rooms.live(document) {
            return room;
        }
        let stream = match document {
            DocumentName::Board(group) => Stream::Board(group),
            DocumentName::Plenary(_) | DocumentName::Consultation(_) => Stream::Plenary,
        };
        let plan = self.live.plan_of(document);
        let size = self.live.size_of(document, &plan);
        let (consultation, node) = (self.id(), &self.node);
        let (handle, mailbox) =
            RoomHandle::new(document, consultation, node.limits.room_mailbox, size.clone());
        let running = room::run(RoomParts {
            document,
            consultation,
            stream,
            plan,
            journal: Arc::clone(&node.journal),
            limits: Arc::clone(&node.limits),
            entropy: node.entropy.clone(),
            reports: self.rooms.report_to(),
            mailbox,
            typists: self.consultation().typists().clone(),
            changed: (stream == Stream::Plenary).then(|| self.life.changed.clone()),
            size,
        });
        let (life, watch) = (self.life.clone(), Arc::clone(&node.watch));
        let room = async move {
            watch.turns(Loop::Room, document, running).await;
            drop(life);
        };
        self.rooms.add(document, handle.clone(), room);
        handle
    }
}
