//! Responses in the plenary that the list does not show yet: it shows them at once, and then no more often than people can read,
//! so that a thousand phones are a few changes of the list. Who responded is answered when the list shows it (rule C4).

use proto::api::consultation::Answer;

use super::batch::answered;
use super::effect::Effect;
use super::reply::ReplyId;
use super::{Env, Live};
use crate::clock::Tick;
use crate::consultation::Audience;

/// What waits for the next update of the list.
#[derive(Debug, Default)]
pub(super) struct PendingResponses {
    due: Option<Tick>,
    shown: Option<Tick>,
    answers: Vec<(ReplyId, Answer)>,
}

impl PendingResponses {
    pub(super) const fn due(&self) -> Option<Tick> {
        self.due
    }

    /// Answers now, or with the next update of the list.
    pub(super) fn answer(&mut self, answer: (ReplyId, Answer)) -> Option<Effect> {
        if self.due.is_none() {
            return Some(answered(answer));
        }
        self.answers.push(answer);
        None
    }
}

impl Live {
    /// An event was taken in: must the list be updated?
    pub(super) fn note_responses(&mut self, audience: Audience, env: &Env<'_>) {
        let pending = &mut self.responses;
        if audience.responses && pending.due.is_none() && self.consultation.room_waits() {
            let pause = env.limits.in_room.pause;
            pending.due = Some(pending.shown.map_or(env.tick, |shown| env.tick.max(shown + pause)));
        }
    }

    /// Shows all responses since the last update, if that is due.
    pub(super) fn show_responses(&mut self, effects: &mut Vec<Effect>, env: &Env<'_>) {
        let pending = &mut self.responses;
        if pending.due.is_none_or(|due| due > env.tick) {
            return;
        }
        (pending.due, pending.shown) = (None, Some(env.tick));
        let then = std::mem::take(&mut pending.answers);
        let mut writes = self.consultation.take_room();
        if crate::seeded_defects::is("responses-unshown") {
            writes.clear();
        }
        effects.push(Effect::Show { seq: self.last, writes, then });
    }
}
