//! Who waits for an answer, and which answers there are.

use proto::api::consultation::{Answer, Joined};
use proto::api::entry::SeatCode;
use proto::problem::Problem;

use crate::journal::Seq;

/// Who waits for an answer: a number that the actor gave to the request. It is answered once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ReplyId(pub u64);

/// The answer to a request.
#[derive(Debug)]
pub enum Answered {
    /// To a command.
    Answer(Box<Answer>),
    /// To a request for a seat or for another token: the seat, and the event that gave it.
    Joined(Joined, Seq),
    /// To a request for a code.
    SeatCode(SeatCode),
    /// It is refused; nothing has changed.
    Refused(Problem),
}
