//! Tells a group's phones that the outcome of ideas changed, so that whoever holds receipts asks again (rule C26).
//!
//! The server does not keep whose idea it is, so it tells the whole group, names no idea, and the phones ask `POST
//! /api/follow` by their receipts. Many events in a moment are one message.

use std::collections::BTreeSet;

use proto::ids::{GroupId, SeatId};
use proto::role::Role;
use proto::wire::stateless::ServerMessage;

use crate::clock::Tick;
use crate::live::state::effect::{Effect, To};
use crate::live::state::{Env, Live};
use crate::room::SubscriptionId;

/// Groups that must be told, and when.
#[derive(Debug, Default)]
pub(in crate::live::state) struct OutcomePush {
    due: Option<Tick>,
    groups: BTreeSet<GroupId>,
}

impl OutcomePush {
    pub(in crate::live::state) const fn due(&self) -> Option<Tick> {
        self.due
    }

    /// These groups must be told, at this moment at the latest.
    pub(in crate::live::state) fn add(&mut self, groups: &BTreeSet<GroupId>, at: Tick) {
        if !groups.is_empty() {
            self.groups.extend(groups);
            self.due.get_or_insert(at);
        }
    }
}

impl Live {
    pub(in crate::live::state) fn push_outcomes(&mut self, effects: &mut Vec<Effect>, env: &Env<'_>) {
        if self.outcome_push.due.is_none_or(|due| due > env.tick) {
            return;
        }
        self.outcome_push.due = None;
        for group in std::mem::take(&mut self.outcome_push.groups) {
            let concerned = |seat: SeatId| {
                let actor = self.consultation.actor(seat);
                let writes = |role| matches!(role, Role::Participant | Role::Moderator);
                actor.is_some_and(|actor| actor.group == Some(group) && writes(actor.role))
            };
            let connections = self.connections.all().filter(|(_, seat)| concerned(*seat));
            let connections: Vec<SubscriptionId> = connections.map(|(id, _)| id).collect();
            effects.push(Effect::Tell(To::Some(connections), Box::new(ServerMessage::Fates { group })));
        }
    }
}
