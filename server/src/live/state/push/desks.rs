//! What staff are sent at their desks, at most once per pause: a hundred ideas are one frame.

use proto::api::desk::{Alerts, Desk, DeskList, DeskPage};
use proto::ids::{GroupId, SeatId};
use proto::problem::{Code, Problem};
use proto::wire::stateless::ServerMessage;

use super::seat_view::tell_one;
use crate::access::{Deed, may_ever};
use crate::clock::Tick;
use crate::consultation::Attendances;
use crate::live::state::batch::Batch;
use crate::live::state::effect::Effect;
use crate::live::state::{Env, Live};
use crate::room::SubscriptionId;

/// When desks are sent next.
#[derive(Debug, Default)]
pub(in crate::live::state) struct DeskPush {
    due: Option<Tick>,
}

impl DeskPush {
    pub(in crate::live::state) const fn due(&self) -> Option<Tick> {
        self.due
    }
}

impl Live {
    pub(in crate::live::state) fn desk_changed(&mut self, env: &Env<'_>) {
        self.desk_push.due.get_or_insert(env.tick + env.limits.desk_pause);
    }

    pub(in crate::live::state) fn push_desks(&mut self, effects: &mut Vec<Effect>, env: &Env<'_>) {
        self.desk_push.due = None;
        let connected: Vec<(SubscriptionId, SeatId)> = self.connections.all().collect();
        // The same numbers for all desks, and for nobody if nobody is at one.
        let at_desk = connected.iter().any(|(_, seat)| self.is_at_desk(*seat));
        let attendances = at_desk.then(|| self.attendances(env));
        for (connection, seat) in connected {
            self.show_desk(connection, seat, attendances.as_ref(), effects, env);
        }
    }

    /// Sends one connection its desk and its first alerts, if its seat has them.
    pub(in crate::live::state) fn show_desk(
        &mut self,
        connection: SubscriptionId,
        seat: SeatId,
        attendances: Option<&Attendances>,
        effects: &mut Vec<Effect>,
        env: &Env<'_>,
    ) {
        if self.is_at_desk(seat) {
            let desk = match attendances {
                Some(attendances) => self.desk_of(seat, attendances, env),
                None => {
                    let attendances = self.attendances(env);
                    self.desk_of(seat, &attendances, env)
                }
            };
            effects.extend(desk.ok().map(|desk| tell_one(connection, ServerMessage::Desk { desk })));
        }
        let alerts = self.alerts(seat, 0, env).ok();
        effects.extend(alerts.map(|alerts| tell_one(connection, ServerMessage::Alerts(alerts))));
    }

    fn is_at_desk(&self, seat: SeatId) -> bool {
        let actor = self.consultation.actor(seat);
        actor.is_some_and(|actor| may_ever(Deed::SeeDesk, actor, actor.group))
    }

    /// That a safeguarding contact has come is written down once: until then reports reach nobody, and staff are told so.
    pub(in crate::live::state) fn note_contact(&mut self, seat: SeatId, batch: &mut Batch, env: &Env<'_>) {
        if let Some(event) = self.consultation.decide_contact_looked(seat) {
            self.stamped(None, None, event, batch, env);
        }
    }

    /// What the safeguarding contact alone is told, from a place on.
    pub(in crate::live) fn alerts(
        &self,
        seat: SeatId,
        from: usize,
        env: &Env<'_>,
    ) -> Result<Alerts, Problem> {
        let actor = self.consultation.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        self.consultation.alerts(actor, from, &env.limits.desks).ok_or_else(|| Problem::new(Code::Forbidden))
    }

    /// The desk of a seat.
    pub(in crate::live) fn desk(&mut self, seat: SeatId, env: &Env<'_>) -> Result<Desk, Problem> {
        if !self.is_at_desk(seat) {
            return Err(Problem::new(Code::Forbidden));
        }
        let attendances = self.attendances(env);
        self.desk_of(seat, &attendances, env)
    }

    fn attendances(&mut self, env: &Env<'_>) -> Attendances {
        let sight = self.told_sight(env);
        self.consultation.attendances(&sight, env.now, &env.limits.voices)
    }

    fn desk_of(&self, seat: SeatId, attendances: &Attendances, env: &Env<'_>) -> Result<Desk, Problem> {
        let actor = self.consultation.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        let unsent = |group| self.connections.unsent(&self.consultation, Some(group));
        self.consultation
            .desk(actor, attendances, &env.limits.desks, unsent)
            .ok_or_else(|| Problem::new(Code::Forbidden))
    }

    /// A page of a list of a group's desk.
    pub(in crate::live) fn desk_page(
        &self,
        seat: SeatId,
        (group, list, from): (GroupId, DeskList, usize),
        env: &Env<'_>,
    ) -> Result<DeskPage, Problem> {
        let actor = self.consultation.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        self.consultation.desk_page(actor, group, list, from, &env.limits.desks)
    }
}
