//! From a consultation's task to staff at their desks, at most once per pause: a hundred ideas are one frame.

use proto::desk::{Alert, Desk};
use proto::ids::SeatId;
use proto::problem::{Code, Problem};
use proto::wire::stateless::ServerMessage;
use tokio::time::Instant;

use super::following::send;
use super::task::Task;
use crate::room::SubscriptionId;

impl Task {
    pub(super) fn desk_changed(&mut self) {
        if self.desk_due.is_none() {
            self.desk_due = Some(Instant::now() + self.limits.desk_pause);
        }
    }

    pub(super) fn push_desks(&mut self) {
        self.desk_due = None;
        for id in self.followers.keys() {
            self.show_desk(*id);
        }
    }

    pub(super) fn show_desk(&self, id: SubscriptionId) {
        let Some(follower) = self.followers.get(&id) else { return };
        if let Ok(desk) = self.look_at_desk(follower.seat) {
            send(follower, &ServerMessage::Desk { desk });
        }
        if let Ok(alerts) = self.look_at_alerts(follower.seat) {
            send(follower, &ServerMessage::Alerts { alerts });
        }
    }

    /// What the safeguarding contact alone is told.
    pub(super) fn look_at_alerts(&self, seat: SeatId) -> Result<Vec<Alert>, Problem> {
        let actor = self.consultation.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        self.consultation.alerts(actor).ok_or_else(|| Problem::new(Code::Forbidden))
    }

    /// The desk of a seat.
    pub(super) fn look_at_desk(&self, seat: SeatId) -> Result<Desk, Problem> {
        let actor = self.consultation.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        self.consultation
            .desk(actor, |group| self.sending(Some(group)))
            .ok_or_else(|| Problem::new(Code::Forbidden))
    }
}
