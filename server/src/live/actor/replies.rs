//! Who waits for an answer of a running consultation, and the one place where answers leave it.

use std::collections::HashMap;

use proto::api::consultation::{Answer, Joined};
use proto::api::entry::SeatCode;
use proto::problem::Problem;
use tokio::sync::oneshot;

use crate::journal::Seq;
use crate::live::state::{Answered, ReplyId};

/// Where the answer to a request goes.
pub(in crate::live) enum Reply {
    Answer(oneshot::Sender<Result<Answer, Problem>>),
    Joined(oneshot::Sender<Result<(Joined, Seq), Problem>>),
    SeatCode(oneshot::Sender<Result<SeatCode, Problem>>),
}

/// Who waits for an answer, by the number that the state knows them by. When the actor ends, all of them are told that the
/// consultation is not available, because their channels close.
#[derive(Default)]
pub(in crate::live) struct Replies {
    next: u64,
    waiting: HashMap<ReplyId, Reply>,
}

impl Replies {
    /// Somebody waits; gives the number by which the state knows them.
    pub(in crate::live) fn add(&mut self, reply: Reply) -> ReplyId {
        let id = ReplyId(self.next);
        self.next += 1;
        self.waiting.insert(id, reply);
        id
    }

    /// Takes out who waits for the answer to a command.
    pub(in crate::live) fn take(&mut self, id: ReplyId) -> Option<Reply> {
        self.waiting.remove(&id)
    }

    /// Answers a request, if somebody waits for it.
    pub(in crate::live) fn respond(&mut self, id: ReplyId, response: Answered) {
        if let Some(reply) = self.take(id) {
            reply.send(response);
        }
    }
}

impl Reply {
    /// Sends an answer of the kind that is waited for; nobody may be listening any more.
    pub(in crate::live) fn send(self, response: Answered) {
        match (self, response) {
            (Self::Answer(reply), Answered::Answer(answer)) => drop(reply.send(Ok(*answer))),
            (Self::Joined(reply), Answered::Joined(joined, seq)) => drop(reply.send(Ok((joined, seq)))),
            (Self::SeatCode(reply), Answered::SeatCode(code)) => drop(reply.send(Ok(code))),
            (Self::Answer(reply), Answered::Refused(problem)) => drop(reply.send(Err(problem))),
            (Self::Joined(reply), Answered::Refused(problem)) => drop(reply.send(Err(problem))),
            (Self::SeatCode(reply), Answered::Refused(problem)) => drop(reply.send(Err(problem))),
            // The state answers each request in its kind; another one closes the channel, and who waits hears that.
            (Self::Answer(_) | Self::Joined(_) | Self::SeatCode(_), _) => {}
        }
    }
}
