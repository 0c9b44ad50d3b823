//! Token exchange: the new phone of a seat gets a token of its own, and the former token is revoked (rule C24).
//!
//! A phone whose answer was lost asks again with the token that has ended meanwhile and the same request, and is given
//! the same token, also after a restart: the token is drawn from the consultation's key, the request and the old token.

use proto::api::consultation::Joined;
use proto::ids::{CommandId, ConsultationId};
use proto::problem::{Code, Problem};

use crate::consultation::secret::hash_token;
use crate::hub::Hub;
use crate::live::{Caller, ConsultationMessage};

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
        if self.node.directory.is_purged(consultation) {
            return Err(Problem::new(Code::Purged));
        }
        let from = hash_token(token);
        let caller = match self.node.directory.by_token(from) {
            Some(caller) => {
                self.count(&caller)?;
                caller
            }
            // Not counted for the seat: whoever had it before must not use up what its phone may send.
            None => {
                self.node.directory.by_former_token(from).ok_or_else(|| Problem::new(Code::Unauthorized))?
            }
        };
        if caller.consultation.id != consultation {
            return Err(Problem::because(Code::Forbidden, "This seat is in another consultation."));
        }
        let seat = caller.seat;
        let ask = |reply| ConsultationMessage::Exchange { seat, from, request, reply };
        let (joined, _) = caller.consultation.ask(ask).await??;
        Ok(joined)
    }

    /// Is somebody who was recognised a moment ago still who has the seat?
    #[must_use]
    pub fn still_has(&self, caller: &Caller) -> bool {
        self.node.directory.still_has(caller)
    }
}
