//! A seat changes phones: the new one gets a token of its own, and whoever knew the former one is out (rule C24).
//!
//! A phone whose answer was lost asks again with the token that has ended meanwhile and the same request, and is given
//! the same token, also after a restart: the token is drawn from the consultation's key, the request and the old token.

use proto::api::consultation::Joined;
use proto::ids::{CommandId, ConsultationId, DocumentName, SeatId};
use proto::problem::{Code, Problem};
use proto::wire::close::CloseReason;

use super::batch::{Batch, Effect};
use super::mailbox::{ConsultationMessage, ExchangeWish};
use super::task::Task;
use super::{Caller, Hub};
use crate::consultation::secret::{exchanged_token, hash_token};
use crate::consultation::{Hash32, NewWords};

impl Hub {
    /// Exchanges the token of a participant's seat.
    ///
    /// # Errors
    /// When the token is nobody's or of another consultation, was exchanged by another request, or is not a seat's.
    pub async fn exchange(
        &self,
        token: &str,
        consultation: ConsultationId,
        request: CommandId,
    ) -> Result<Joined, Problem> {
        if self.directory.is_purged(consultation) {
            return Err(Problem::new(Code::Purged));
        }
        let from = hash_token(token);
        let caller = match self.directory.by_token(from) {
            Some(caller) => {
                self.count(&caller)?;
                caller
            }
            // Not counted for the seat: whoever had it before must not use up what its phone may send.
            None => self.directory.by_former_token(from).ok_or_else(|| Problem::new(Code::Unauthorized))?,
        };
        if caller.consultation.id != consultation {
            return Err(Problem::because(Code::Forbidden, "This seat is in another consultation."));
        }
        let seat = caller.seat;
        let ask = |reply| ConsultationMessage::Exchange(ExchangeWish { seat, from, request, reply });
        let (joined, _) = caller.consultation.ask(ask).await??;
        Ok(joined)
    }

    /// Is somebody who was recognised a moment ago still who has the seat?
    #[must_use]
    pub fn still_has(&self, caller: &Caller) -> bool {
        self.directory.still_has(caller)
    }
}

impl Task {
    pub(super) fn exchange(&mut self, wish: ExchangeWish, batch: &mut Batch) {
        let ExchangeWish { seat, from, request, reply } = wish;
        let token = exchanged_token(&self.consultation.keys().seats, request, from);
        let times_max = self.limits.links.exchanges_per_seat;
        let decided = self.consultation.decide_exchange(seat, from, hash_token(&token), times_max);
        let (group, event) = match decided {
            Ok(decided) => decided,
            Err(problem) => {
                let _ = reply.send(Err(problem));
                return;
            }
        };
        if let Some(event) = event {
            self.decided(None, seat, event, &NewWords::default(), batch);
            batch.after.push(Effect::Exchanged(seat, from));
        }
        let (consultation, board) = (self.consultation.id(), DocumentName::Board(group).to_string());
        let joined = Joined { seat, token, consultation, group, board };
        let index = batch.entries.len().saturating_sub(1);
        batch.after.push(Effect::Seated { index, joined, reply });
    }

    /// The phone that had this token has the seat no longer: it is told so, and its connections end.
    pub(super) fn end_phone(&mut self, seat: SeatId, former: Hash32) {
        self.directory.exchanged(self.consultation.id(), seat, former);
        self.allowances.close(seat, CloseReason::SeatMoved);
        self.subscribers.retain(|_, subscriber| subscriber.seat != seat);
        self.presence_changed();
    }
}
