//! *Delete everything* asked for again, when the consultation is gone: the same command of the same link has the same answer,
//! because the first one may have been lost; anything else is `purged` (rule C12).

use proto::api::consultation::Answer;
use proto::command::{Action, Command};
use proto::ids::CommandId;
use proto::problem::{Code, Problem};

use super::Hub;
use crate::consultation::Hash32;
use crate::consultation::secret::hash_token;
use crate::live::{AskedAgain, Caller, PurgeKey};

/// A command on its way to a consultation that may be gone when it arrives.
pub(super) struct Sent {
    caller: Caller,
    id: CommandId,
    key: Option<PurgeKey>,
}

impl Sent {
    pub(super) fn new(caller: &Caller, id: CommandId, action: &Action) -> Self {
        let key = caller.token.and_then(|token| purge_key(token, id, action));
        Self { caller: caller.clone(), id, key }
    }
}

fn purge_key(token: Hash32, id: CommandId, action: &Action) -> Option<PurgeKey> {
    matches!(action, Action::Purge { .. }).then(|| PurgeKey::of(token, id, action))
}

impl Hub {
    /// The answer to a command with a token that nobody has, if a consultation was deleted with that token; else this
    /// problem.
    ///
    /// # Errors
    /// `purged` when that link sends a different command.
    pub fn purged_before(&self, token: &str, command: &Command, problem: Problem) -> Result<Answer, Problem> {
        let key = PurgeKey::of(hash_token(token), command.id, &command.action);
        self.answer_again(key, command.id).unwrap_or(Err(problem))
    }

    /// The answer to a command that its consultation did not answer.
    pub(super) fn unanswered(&self, sent: &Sent) -> Result<Answer, Problem> {
        if !self.node.directory.is_purged(sent.caller.consultation.id) {
            return Err(Problem::new(Code::Unavailable));
        }
        let again = sent.key.and_then(|key| self.answer_again(key, sent.id));
        again.unwrap_or_else(|| {
            Err(sent.caller.token.map_or_else(|| Problem::new(Code::Purged), |token| self.purged_for(token)))
        })
    }

    fn answer_again(&self, key: PurgeKey, id: CommandId) -> Option<Result<Answer, Problem>> {
        Some(match self.node.purge_answers.of(key, self.node.clock.now())? {
            AskedAgain::Answer(kept) => self.certificate(kept.certificate).map(|certificate| Answer {
                certificate: Some(Box::new(certificate)),
                ..Answer::done(id, kept.seq)
            }),
            AskedAgain::Other(certificate) => {
                Err(Problem { certificate: Some(Box::new(certificate)), ..Problem::new(Code::Purged) })
            }
        })
    }
}
