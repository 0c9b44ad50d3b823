//! What a room tells people once a batch is durable (invariant I4): updates, answers, views.

use proto::api::consultation::BoardView;
use proto::gate::{StateVector, write_awareness};
use proto::plenary::{DoubtfulText, DoubtfulTexts};
use proto::wire::close::CloseReason;
use proto::wire::frame::Body;

use super::{Delivery, RoomState, RoomTurn};
use crate::journal::Seq;
use crate::room::SubscriptionId;
use crate::room::fanout::OutboxMessage;
use crate::room::shared::Shared;

impl RoomState {
    /// Tells people what is durable now. `seq`: the last record of the batch, if it had any.
    pub fn deliver(&mut self, turn: RoomTurn, seq: Option<Seq>) {
        self.seq = seq.unwrap_or(self.seq);
        if !turn.updates.is_empty() {
            self.shown = self.seq;
        }
        if !turn.updates.is_empty() {
            self.edition += 1;
            self.board.forget();
            self.plenary.forget();
            self.keep_piece(turn.updates.iter().map(|(update, _)| update.len()).sum());
        }
        for (update, author) in turn.updates {
            let bytes = update.len();
            if let Err(error) = self.subscribers.update(update, author, self.limits.delivery.part_bytes_max) {
                tracing::error!(document = %self.document.name, bytes, %error, "an update cannot be sent");
                self.subscribers.end(CloseReason::NotSent);
            }
        }
        for after in turn.after {
            self.tell(after);
        }
        let (ready, waiting) = std::mem::take(&mut self.waiting)
            .into_iter()
            .filter(|(_, reply)| !reply.is_closed())
            .partition::<Vec<_>, _>(|(after, _)| *after < self.shown);
        self.waiting = waiting;
        for (_, reply) in ready {
            let _ = reply.send(self.read_board());
        }
    }

    fn read_board(&mut self) -> Shared<BoardView> {
        self.board.get(|| self.document.board(self.shown))
    }

    fn tell(&mut self, after: Delivery) {
        match after {
            Delivery::Acknowledge(id) => {
                if let Some(subscriber) = self.subscribers.get(id) {
                    let envelope = subscriber.of.envelope.clone();
                    subscriber.of.outbox.send(OutboxMessage::Recorded(id, envelope));
                }
            }
            Delivery::Ask(id) => {
                if let Some(subscriber) = self.subscribers.get(id) {
                    let frame = subscriber.of.envelope.sync_step1(&self.document.state_vector());
                    subscriber.of.outbox.frame(frame);
                }
            }
            Delivery::Answer(id, theirs) => self.answer(id, &theirs),
            Delivery::Rest(id, theirs) => self.give(id, &theirs),
            Delivery::Refuse(id, problem) => {
                tracing::debug!(document = %self.document.name, code = ?problem.code, "refused");
                self.presence.leave(id);
                self.subscribers.refuse(id, &problem);
            }
            Delivery::AllPresence(id) => self.all_presence(id),
            Delivery::Done(completion) => completion.done(),
            Delivery::End(seat) => {
                for id in self.subscribers.of_seat(seat) {
                    self.presence.leave(id);
                    self.subscribers.end_one(id, CloseReason::SeatRemoved);
                }
            }
            Delivery::Board(reply) => {
                let _ = reply.send(self.read_board());
            }
            Delivery::Plenary(reply) => {
                let _ = reply.send(self.plenary.get(|| self.document.plenary(self.consultation)));
            }
            Delivery::Doubtful(reply) => {
                let text = |(text, words): (&String, &String)| DoubtfulText {
                    text: text.clone(),
                    words: words.clone(),
                };
                let _ = reply.send(DoubtfulTexts { texts: self.doubtful.iter().map(text).collect() });
            }
        }
    }

    /// Step 1 before step 2: a phone that first learned that an idea is gone would answer without its words.
    fn answer(&mut self, id: SubscriptionId, theirs: &StateVector) {
        let ours = self.document.state_vector();
        let Some(subscriber) = self.subscribers.get_mut(id) else { return };
        subscriber.asked = true;
        subscriber.synced = true;
        subscriber.of.outbox.frame(subscriber.of.envelope.sync_step1(&ours));
        self.give(id, theirs);
        self.all_presence(id);
    }

    /// Sends what somebody with this state vector is missing (rule W15).
    fn give(&mut self, id: SubscriptionId, theirs: &StateVector) {
        let Some(subscriber) = self.subscribers.get(id) else { return };
        let (document, limits) = (&self.document, &self.limits.delivery);
        let now = || StateVector::of_document(document.index.state());
        match self.sending.give(theirs, self.edition, limits, |theirs| document.missing(theirs), now) {
            Ok(given) => {
                let answer = OutboxMessage::Answer(id, subscriber.of.envelope.clone(), given);
                subscriber.of.outbox.send(answer);
            }
            Err(error) => {
                tracing::error!(document = %self.document.name, %error, "a document cannot be sent in parts");
                self.subscribers.end_one(id, CloseReason::NotSent);
            }
        }
    }

    fn all_presence(&self, id: SubscriptionId) {
        let Some(subscriber) = self.subscribers.get(id) else { return };
        let seat = subscriber.of.seat;
        let all = self.presence.all(|client| self.bindings.get(&client) == Some(&seat));
        if !all.is_empty() {
            let body = Body::awareness(&write_awareness(&all));
            subscriber.of.outbox.droppable(OutboxMessage::Message(subscriber.of.envelope.clone(), body));
        }
    }
}
