//! When those who curate are sent what may be the same and what was decided: throttled, and written once for all who read the
//! same (rule C27).
//!
//! The first change after a rest goes out at once. With thousands of entries one such message is a megabyte: the larger the last
//! one was, the longer the next one waits, so that whatever staff do is a bounded number of bytes a second for each of them.

use std::collections::BTreeMap;
use std::time::Duration;

use proto::api::curation::Curation;
use proto::ids::{GroupId, SeatId};
use proto::role::Role;
use proto::wire::stateless::ServerMessage;

use super::seat_view::tell_one;
use crate::access::{Actor, Deed, may_ever};
use crate::clock::Tick;
use crate::config::DeskLimits;
use crate::live::state::effect::{Effect, To};
use crate::live::state::{Env, Live};
use crate::room::SubscriptionId;

/// When curators are told next.
#[derive(Debug, Default)]
pub(in crate::live::state) struct CurationPush {
    due: Option<Tick>,
    /// Not before this time, because of what the last push brought.
    rested: Option<Tick>,
}

impl CurationPush {
    /// When the next push is due.
    pub(in crate::live::state) const fn due(&self) -> Option<Tick> {
        self.due
    }

    /// Notes that staff would read something else by now, and schedules a push.
    fn changed(&mut self, now: Tick) {
        let at = self.rested.map_or(now, |rested| rested.max(now));
        self.due.get_or_insert(at);
    }

    /// It was told; the largest message had so many bytes.
    fn told(&mut self, bytes: usize, limits: &DeskLimits, now: Tick) {
        let takes = Duration::from_secs_f64(bytes as f64 / limits.curation_bytes_per_second);
        self.due = None;
        self.rested = Some(now + takes.max(limits.curation_pause));
    }
}

/// Whose curation reads the same: that of who sees everything, or that of the moderators of a group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reader {
    OfEverything,
    Of(Option<GroupId>),
}

const fn reader(actor: Actor) -> Reader {
    match actor.role {
        Role::Organizer | Role::Editor => Reader::OfEverything,
        Role::Moderator
        | Role::Rapporteur
        | Role::Translator
        | Role::Participant
        | Role::Projector
        | Role::Safeguarding => Reader::Of(actor.group),
    }
}

impl Live {
    /// The view of curators changed, or may have changed.
    pub(in crate::live::state) fn curation_changed(&mut self, env: &Env<'_>) {
        self.curation_push.changed(env.tick);
    }

    /// Tells all who curate.
    pub(in crate::live::state) fn push_curation(&mut self, effects: &mut Vec<Effect>, env: &Env<'_>) {
        let mut readers: BTreeMap<Reader, (Actor, Vec<SubscriptionId>)> = BTreeMap::new();
        for (connection, seat) in self.connections.all() {
            let Some(actor) = self.curator(seat) else { continue };
            readers.entry(reader(actor)).or_insert_with(|| (actor, Vec::new())).1.push(connection);
        }
        if !readers.is_empty() {
            self.find_again(env);
        }
        let mut largest = 0;
        for (_, (actor, connections)) in readers {
            let message = message(self.curation_of(actor));
            largest = largest.max(bytes(&message));
            effects.push(Effect::Tell(To::Some(connections), Box::new(message)));
        }
        self.curation_push.told(largest, &env.limits.desks, env.tick);
    }

    /// Sends one connection that has just come what staff see beside the list, if its seat may.
    pub(in crate::live::state) fn show_curation(
        &mut self,
        connection: SubscriptionId,
        seat: SeatId,
        effects: &mut Vec<Effect>,
        env: &Env<'_>,
    ) {
        if let Some(actor) = self.curator(seat) {
            self.find_again(env);
            effects.push(tell_one(connection, message(self.curation_of(actor))));
        }
    }

    /// This seat, if it may see what may be the same.
    fn curator(&self, seat: SeatId) -> Option<Actor> {
        let actor = self.consultation.actor(seat)?;
        may_ever(Deed::ReadSuggestions, actor, actor.group).then_some(actor)
    }
}

const fn message(curation: Curation) -> ServerMessage {
    ServerMessage::Curation { curation }
}

/// As many as it has on the wire. It is written once more for this: once for many who read it, and rarely when it is large.
fn bytes(message: &ServerMessage) -> usize {
    serde_json::to_string(message).map_or(0, |json| json.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::tick;

    /// Changes every 10 ms for a minute, each told in so many bytes; how often they are told.
    fn told(bytes: usize) -> u32 {
        let (limits, start) = (DeskLimits::default(), tick());
        let (mut push, mut told) = (CurationPush::default(), 0);
        for at in 0..6_000 {
            let now = start + Duration::from_millis(10 * at);
            push.changed(now);
            if push.due().is_some_and(|due| due <= now) {
                push.told(bytes, &limits, now);
                told += 1;
            }
        }
        told
    }

    #[test]
    fn c27_curators_are_told_at_once_then_twice_a_second_and_large_messages_more_rarely() {
        let mut push = CurationPush::default();
        let now = tick();
        push.changed(now);
        assert_eq!(push.due(), Some(now), "the first change after a rest");
        assert_eq!(told(1_000), 120);
        let (large, rate) = (1 << 20, DeskLimits::default().curation_bytes_per_second);
        let most = 60.0 * rate / f64::from(large);
        assert!(f64::from(told(1 << 20)) <= most + 1.0, "of {most}");
    }
}
