//! When the plenary shows what is said in the room: at once, and then no more often than people can read, so that a
//! thousand phones are a few changes of the list. Who said it is answered when it is shown (rule C4).

use proto::api::consultation::Answer;
use tokio::time::Instant;

use super::batch::Reply;
use super::task::Task;
use crate::consultation::{CommandKey, Event};
use crate::journal::Seq;

impl Task {
    /// An event was taken in.
    pub(super) fn note_room(&mut self, event: &Event) {
        let told = matches!(event, Event::Responded { .. } | Event::Merged { .. });
        if told && self.room_due.is_none() && self.consultation.room_waits() {
            let now = Instant::now();
            self.room_due =
                Some(self.room_shown.map_or(now, |shown| now.max(shown + self.limits.in_room.pause)));
        }
    }

    /// What was said in the room is durable. Its answer waits with others for the next showing: as many as the pause lets
    /// through.
    pub(super) fn said(&mut self, asked: CommandKey, seq: Seq, reply: Option<Reply>) {
        self.consultation.remember(asked, seq, self.limits.commands_remembered);
        let Some(reply) = reply else { return };
        let answer = Answer::done(asked.id, seq);
        if self.room_due.is_some() {
            self.room_answers.push((answer, reply));
        } else {
            let _ = reply.send(Ok(answer));
        }
    }

    /// Shows all that was said since the last time.
    pub(super) async fn show_room(&mut self) {
        self.room_due = None;
        self.room_shown = Some(Instant::now());
        let (writes, answers) = (self.consultation.take_room(), std::mem::take(&mut self.room_answers));
        self.project(self.last, writes, answers).await;
    }
}
