//! From a consultation's task to the connections that follow it: state for everybody, ballots for their own seat.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use proto::api::consultation::ConsultationState;
use proto::ids::{GroupId, SeatId};
use proto::role::Role;
use proto::wire::close::CloseReason;
use proto::wire::frame::Envelope;

use proto::wire::stateless::ServerMessage;
use tokio::time::Instant;

use super::mailbox::{GroupReport, Report, Subscriber};
use super::task::Task;
use crate::room::OutboxMessage;

impl Task {
    pub(super) fn report(&mut self) -> Report {
        let state = self.state();
        let mut voters: HashMap<GroupId, u32> = HashMap::new();
        for (_, group, _) in self.consultation.ballots() {
            *voters.entry(group).or_default() += 1;
        }
        let shown = |group| self.consultation.ideas_of(group).filter(|(_, idea)| idea.is_shown()).count();
        let (participants, wrote) = (self.consultation.participants_of_all(), self.consultation.wrote());
        let groups = state.groups.iter().map(|group| GroupReport {
            id: group.id,
            name: group.name.clone(),
            participants: participants.get(&group.id).copied().unwrap_or(0),
            voters: self
                .consultation
                .tallies_shown(Some(group.id))
                .then(|| voters.get(&group.id).copied().unwrap_or(0)),
            ideas: u32::try_from(shown(group.id)).unwrap_or(u32::MAX),
            wrote: wrote.get(&group.id).copied().unwrap_or(0),
            signed: self.consultation.signed(group.id),
            late: self.consultation.late_for_all(group.id),
        });
        let groups = groups.collect();
        let (run, at) = (self.consultation.run_facts().cloned(), self.consultation.founding().at);
        Report { state: (*state).clone(), groups, run, at, ledger: self.consultation.ledger().to_vec() }
    }

    /// What everybody sees: made once for all who ask within a moment, and anew after every decision.
    pub(super) fn state(&mut self) -> Arc<ConsultationState> {
        let now = Instant::now();
        let fresh = self.stated.as_ref().filter(|(at, _)| now < *at + self.limits.bounds.state_age);
        if let Some((_, state)) = fresh {
            return Arc::clone(state);
        }
        let state = Arc::new(self.state_now());
        self.stated = Some((now, Arc::clone(&state)));
        state
    }

    fn state_now(&self) -> ConsultationState {
        let mut here: HashMap<GroupId, HashSet<SeatId>> = HashMap::new();
        for subscriber in self.subscribers.values() {
            let place = self.consultation.seats().get(&subscriber.seat);
            if let Some(group) =
                place.filter(|place| place.role == Role::Participant).and_then(|place| place.group)
            {
                here.entry(group).or_default().insert(subscriber.seat);
            }
        }
        let count =
            |group| here.get(&group).map_or(0, |seats| u32::try_from(seats.len()).unwrap_or(u32::MAX));
        let mut state = self.consultation.state(self.clock.now(), count);
        self.count_words(&mut state);
        ConsultationState { texts_to_service: self.embedder.is_some(), ..state }
    }

    pub(super) fn subscribe(&mut self, subscriber: Subscriber) {
        let id = subscriber.id;
        if self.consultation.is_closed(subscriber.seat) {
            subscriber.outbox.send(OutboxMessage::Close(CloseReason::SeatClosed));
            return;
        }
        self.opened.insert(subscriber.seat);
        self.subscribers.insert(id, subscriber);
        let state = self.state();
        self.pushing.told_one(&state);
        let state = ServerMessage::State { state: (*state).clone() };
        if let Some(subscriber) = self.subscribers.get(&id) {
            send(subscriber, &state);
            if let Some(you) = self.consultation.you(subscriber.seat, &self.public_url) {
                send(subscriber, &ServerMessage::You { you });
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
        // Who is here has no decision of its own.
        self.stated = None;
        let state = self.state();
        if !self.pushing.is_news(&state) {
            return;
        }
        let message = ServerMessage::State { state: (*state).clone() };
        let json = serde_json::to_string(&message).unwrap_or_default();
        let mut last: Option<(Envelope, bytes::Bytes)> = None;
        self.subscribers.retain(|_, subscriber| {
            let frame = match &last {
                Some((envelope, frame)) if *envelope == subscriber.envelope => Some(frame.clone()),
                _ => subscriber.envelope.stateless(&json),
            };
            let Some(frame) = frame else { return true };
            last = Some((subscriber.envelope.clone(), frame.clone()));
            subscriber.outbox.frame(frame)
        });
    }

    /// Tells these seats what concerns them alone, in one walk through all who follow.
    pub(super) fn push_you(&self, seats: &HashSet<SeatId>) {
        if seats.is_empty() {
            return;
        }
        for subscriber in self.subscribers.values().filter(|subscriber| seats.contains(&subscriber.seat)) {
            if let Some(you) = self.consultation.you(subscriber.seat, &self.public_url) {
                send(subscriber, &ServerMessage::You { you });
            }
        }
    }
}

pub(super) fn send(subscriber: &Subscriber, message: &ServerMessage) {
    let json = serde_json::to_string(message).unwrap_or_default();
    if let Some(frame) = subscriber.envelope.stateless(&json) {
        subscriber.outbox.frame(frame);
    }
}
