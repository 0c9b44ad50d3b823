//! From a consultation's task to staff at their desks, at most once per pause: a hundred ideas are one frame.

use proto::api::desk::{Alert, Desk, DeskList, DeskPage};
use proto::ids::{GroupId, SeatId};
use proto::problem::{Code, Problem};
use proto::wire::stateless::ServerMessage;
use tokio::time::Instant;

use super::following::send;
use super::task::Task;
use crate::access::{Deed, may_ever};
use crate::consultation::Attendances;
use crate::room::SubscriptionId;

impl Task {
    pub(super) fn desk_changed(&mut self) {
        if self.desk_due.is_none() {
            self.desk_due = Some(Instant::now() + self.limits.desk_pause);
        }
    }

    pub(super) fn push_desks(&mut self) {
        self.desk_due = None;
        // The same numbers for all desks, and for nobody if nobody is at one.
        let at_desk = self.subscribers.values().any(|subscriber| self.is_at_desk(subscriber.seat));
        let attendances = at_desk.then(|| self.attendances());
        for id in self.subscribers.keys() {
            self.show_desk_with(*id, attendances.as_ref());
        }
    }

    pub(super) fn show_desk(&self, id: SubscriptionId) {
        let Some(subscriber) = self.subscribers.get(&id) else { return };
        let at_desk = self.is_at_desk(subscriber.seat);
        let attendances = at_desk.then(|| self.attendances());
        self.show_desk_with(id, attendances.as_ref());
    }

    fn is_at_desk(&self, seat: SeatId) -> bool {
        let actor = self.consultation.actor(seat);
        actor.is_some_and(|actor| may_ever(Deed::SeeDesk, actor, actor.group))
    }

    fn show_desk_with(&self, id: SubscriptionId, attendances: Option<&Attendances>) {
        let Some(subscriber) = self.subscribers.get(&id) else { return };
        if let Some(attendances) = attendances
            && let Ok(desk) = self.desk_of(subscriber.seat, attendances)
        {
            send(subscriber, &ServerMessage::Desk { desk });
        }
        if let Ok(alerts) = self.look_at_alerts(subscriber.seat) {
            send(subscriber, &ServerMessage::Alerts { alerts });
        }
    }

    /// What the safeguarding contact alone is told.
    pub(super) fn look_at_alerts(&self, seat: SeatId) -> Result<Vec<Alert>, Problem> {
        let actor = self.consultation.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        self.consultation.alerts(actor).ok_or_else(|| Problem::new(Code::Forbidden))
    }

    /// The desk of a seat.
    pub(super) fn look_at_desk(&self, seat: SeatId) -> Result<Desk, Problem> {
        if !self.is_at_desk(seat) {
            return Err(Problem::new(Code::Forbidden));
        }
        self.desk_of(seat, &self.attendances())
    }

    fn attendances(&self) -> Attendances {
        self.consultation.attendances(&self.sight(), self.clock.now(), &self.limits.voices)
    }

    fn desk_of(&self, seat: SeatId, attendances: &Attendances) -> Result<Desk, Problem> {
        let actor = self.consultation.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        self.consultation
            .desk(actor, attendances, &self.limits.desks, |group| self.sending(Some(group)))
            .ok_or_else(|| Problem::new(Code::Forbidden))
    }

    /// A page of a list of a group's desk.
    pub(super) fn look_at_desk_page(
        &self,
        seat: SeatId,
        (group, list, from): (GroupId, DeskList, usize),
    ) -> Result<DeskPage, Problem> {
        let actor = self.consultation.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        self.consultation.desk_page(actor, group, list, from, &self.limits.desks)
    }
}
