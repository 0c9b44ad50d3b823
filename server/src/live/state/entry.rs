//! Who comes in at the consultation's door, who changes phones, and the door that opens on time.

use std::time::Duration;

use proto::api::consultation::{Join, Joined};
use proto::ids::{CommandId, DocumentName, GroupId, SeatId};

use super::batch::{Batch, NOBODY};
use super::input::Arrival;
use super::reply::ReplyId;
use super::{Env, Live};
use crate::clock::Tick;
use crate::consultation::secret::{exchanged_token, hash_token, new_token, requested_seat};
use crate::consultation::{EntranceKind, Hash32, Joining};

/// The time of day may be set while something waits for it: looked at again after this.
pub(super) const CLOCK_LOOK: Duration = Duration::from_secs(15);

impl Live {
    pub(super) fn join(
        &mut self,
        join: &Join,
        Arrival { way, prefix }: Arrival,
        reply: ReplyId,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let keys = *self.consultation.keys();
        let (requested, token) = match join.request {
            Some(request) => requested_seat(&keys.seats, request),
            None => (SeatId(env.entropy.uuid()), new_token(env.entropy)),
        };
        match self.consultation.decide_join(join, way, (requested, &token), env.limits, env.now) {
            Err(problem) => batch.refuse(reply, problem),
            Ok(Joining { seat, group, event, is_new }) => {
                if is_new {
                    let by_card = matches!(way, EntranceKind::Card(_));
                    let voices = &env.limits.voices;
                    self.consultation.note_arrival((seat, group), (prefix, by_card), env.now, voices);
                }
                if let Some(event) = event {
                    self.decided(None, seat, event, batch, env);
                }
                batch.joined(self.joined((seat, group), token), reply);
            }
        }
    }

    /// A seat gets a token of its phone's own, and whoever knew the former one is out (rule C24). The token is drawn from the
    /// consultation's key, the request and the former token, so a phone whose answer was lost is given it again, also after a
    /// restart.
    pub(super) fn exchange(
        &mut self,
        seat: SeatId,
        (from, request): (Hash32, CommandId),
        reply: ReplyId,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let token = exchanged_token(&self.consultation.keys().seats, request, from);
        let links = &env.limits.links;
        let most = (links.exchanges_per_seat, links.exchanges_at_door);
        match self.consultation.decide_exchange(seat, from, hash_token(&token), most) {
            Err(problem) => batch.refuse(reply, problem),
            Ok((group, event)) => {
                // Its answer again costs nothing.
                if let Some(event) = event {
                    if let Err(problem) = self.may_exchange(seat, env) {
                        batch.refuse(reply, problem);
                        return;
                    }
                    self.decided(None, seat, event, batch, env);
                }
                batch.joined(self.joined((seat, group), token), reply);
            }
        }
    }

    fn joined(&self, (seat, group): (SeatId, GroupId), token: String) -> Joined {
        let board = DocumentName::Board(group).to_string();
        Joined { seat, token, consultation: self.consultation.id(), group, board }
    }

    /// When to look whether the door must open.
    pub(super) fn door_due(&self, env: &Env<'_>) -> Option<Tick> {
        let wait = self.consultation.opens_at()?.saturating_sub(env.now);
        Some(env.tick + Duration::from_millis(wait).min(CLOCK_LOOK))
    }

    /// Opens the door if its time has come.
    pub(super) fn open_door(&mut self, batch: &mut Batch, env: &Env<'_>) {
        if let Some(event) = self.consultation.decide_opening(env.now) {
            self.decided(None, NOBODY, event, batch, env);
        }
    }
}
