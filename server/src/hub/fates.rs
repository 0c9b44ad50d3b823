//! Tells a group's phones that something else became of its ideas, so that whoever holds receipts asks again (rule C26).
//!
//! The server does not keep whose idea it is, so it tells the whole group, names no idea, and the phones ask `POST
//! /api/follow` by their receipts. Many decisions in a moment are one message.

use std::collections::BTreeSet;

use proto::ids::{GroupId, SeatId};
use proto::role::Role;
use proto::wire::stateless::ServerMessage;
use tokio::time::Instant;

use super::following::send;
use super::task::Task;

/// Groups that must be told, and when.
#[derive(Debug, Default)]
pub(super) struct Fates {
    due: Option<Instant>,
    groups: BTreeSet<GroupId>,
}

impl Fates {
    pub(super) const fn due(&self) -> Option<Instant> {
        self.due
    }
}

impl Task {
    /// Something else became of ideas of these groups; what is said about it now is durable.
    pub(super) fn fates_changed(&mut self, groups: BTreeSet<GroupId>) {
        if groups.is_empty() {
            return;
        }
        self.fates.groups.extend(groups);
        self.fates.due.get_or_insert_with(|| Instant::now() + self.limits.desks.fates_pause);
    }

    pub(super) fn tell_fates(&mut self) {
        self.fates.due = None;
        for group in std::mem::take(&mut self.fates.groups) {
            let message = ServerMessage::Fates { group };
            let concerned = |seat: SeatId| {
                let actor = self.consultation.actor(seat);
                let writes = |role| matches!(role, Role::Participant | Role::Moderator);
                actor.is_some_and(|actor| actor.group == Some(group) && writes(actor.role))
            };
            for subscriber in self.subscribers.values().filter(|subscriber| concerned(subscriber.seat)) {
                send(subscriber, &message);
            }
        }
    }
}
