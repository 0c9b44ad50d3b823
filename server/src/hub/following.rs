//! From a consultation's task to the connections that follow it: state for everybody, ballots for their own seat.

use std::collections::{HashMap, HashSet};

use proto::api::ConsultationState;
use proto::ids::{GroupId, SeatId};
use proto::role::Role;
use proto::wire::close::CloseReason;
use proto::wire::frame::Envelope;

use proto::wire::stateless::ServerMessage;
use tokio::time::Instant;

use super::mailbox::{Follower, GroupReport, Report};
use super::task::Task;
use crate::room::OutboxMessage;

impl Task {
    pub(super) fn report(&self) -> Report {
        let state = self.state();
        let mut voters: HashMap<GroupId, u32> = HashMap::new();
        for (_, group, _) in self.consultation.ballots() {
            *voters.entry(group).or_default() += 1;
        }
        let shown = |group| {
            self.consultation.ideas().values().filter(|idea| idea.group == group && idea.is_shown()).count()
        };
        let groups = state.groups.iter().map(|group| GroupReport {
            id: group.id,
            name: group.name.clone(),
            participants: self.consultation.participants(group.id),
            voters: self
                .consultation
                .tallies_shown(Some(group.id))
                .then(|| voters.get(&group.id).copied().unwrap_or(0)),
            ideas: u32::try_from(shown(group.id)).unwrap_or(u32::MAX),
            wrote: self.consultation.wrote(group.id),
            signed: self.consultation.signed(group.id),
            late: self.consultation.late_for_all(group.id),
        });
        let groups = groups.collect();
        let (run, at) = (self.consultation.run_facts().cloned(), self.consultation.founding().at);
        Report { state, groups, run, at, ledger: self.consultation.ledger().to_vec() }
    }

    pub(super) fn state(&self) -> ConsultationState {
        let mut here: HashMap<GroupId, HashSet<SeatId>> = HashMap::new();
        for follower in self.followers.values() {
            let place = self.consultation.seats().get(&follower.seat);
            if let Some(group) =
                place.filter(|place| place.role == Role::Participant).and_then(|place| place.group)
            {
                here.entry(group).or_default().insert(follower.seat);
            }
        }
        let count =
            |group| here.get(&group).map_or(0, |seats| u32::try_from(seats.len()).unwrap_or(u32::MAX));
        let mut state = self.consultation.state(self.clock.now(), count);
        self.count_words(&mut state);
        ConsultationState { texts_to_service: self.embedder.is_some(), ..state }
    }

    pub(super) fn follow(&mut self, follower: Follower) {
        let id = follower.id;
        if self.consultation.is_closed(follower.seat) {
            follower.outbox.send(OutboxMessage::Close(CloseReason::SeatClosed));
            return;
        }
        self.opened.insert(follower.seat);
        self.followers.insert(id, follower);
        let state = self.state();
        self.pushing.told_one(&state);
        let state = ServerMessage::State { state };
        if let Some(follower) = self.followers.get(&id) {
            send(follower, &state);
            if let Some(you) = self.consultation.you(follower.seat, &self.public_url) {
                send(follower, &ServerMessage::You { you });
            }
        }
        self.show_curation(id);
        self.show_desk(id);
        self.presence_changed();
        // Other desks see that a moderator is here.
        self.desk_changed();
    }

    pub(super) fn presence_changed(&mut self) {
        self.pushing.by(Instant::now() + self.limits.presence_pause);
    }

    /// Tells everybody the state, if that is due and it is another one than before.
    pub(super) fn push_state_if_due(&mut self) {
        if !self.pushing.take_due(Instant::now()) {
            return;
        }
        let state = self.state();
        if !self.pushing.is_news(&state) {
            return;
        }
        let message = ServerMessage::State { state };
        let json = serde_json::to_string(&message).unwrap_or_default();
        let mut last: Option<(Envelope, bytes::Bytes)> = None;
        self.followers.retain(|_, follower| {
            let frame = match &last {
                Some((envelope, frame)) if *envelope == follower.envelope => Some(frame.clone()),
                _ => follower.envelope.stateless(&json),
            };
            let Some(frame) = frame else { return true };
            last = Some((follower.envelope.clone(), frame.clone()));
            follower.outbox.frame(frame)
        });
    }

    pub(super) fn push_you(&self, seat: SeatId) {
        let Some(you) = self.consultation.you(seat, &self.public_url) else { return };
        let message = ServerMessage::You { you };
        for follower in self.followers.values().filter(|follower| follower.seat == seat) {
            send(follower, &message);
        }
    }
}

pub(super) fn send(follower: &Follower, message: &ServerMessage) {
    let json = serde_json::to_string(message).unwrap_or_default();
    if let Some(frame) = follower.envelope.stateless(&json) {
        follower.outbox.frame(frame);
    }
}
