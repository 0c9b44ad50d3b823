//! What a running consultation requires of the world: a closed list, carried out by one exhaustive match (`live::perform`).

use proto::api::consultation::{Answer, Joined};
use proto::api::ending::Certificate;
use proto::api::entry::SeatCode;
use proto::ids::{ClientId, DocumentName, GroupId, IdeaId};
use proto::problem::Problem;
use proto::wire::close::CloseReason;
use proto::wire::stateless::ServerMessage;

use super::input::ReplyId;
use super::meanings::Candidates;
use super::merge_run::MergeInput;
use super::seat_removal::RemoveRequest;
use super::words_read::RoomQuestion;
use crate::consultation::{DirectoryChange, Write};
use crate::journal::Seq;
use crate::room::SubscriptionId;

/// Something that must be done now. An effect exists only when the events that it follows from are durable (invariant I4).
#[derive(Debug)]
pub enum Effect {
    /// Answers a request.
    Reply(ReplyId, Answered),
    /// Lets rooms show what the event at `seq` means, and answers when all of them have (rule C4).
    Show {
        /// The event.
        seq: Seq,
        /// What it means in documents.
        writes: Vec<Write>,
        /// Who is answered then.
        then: Vec<(ReplyId, Answer)>,
    },
    /// Changes the node's directory, and ends the connections of seats that it shuts out.
    Directory(DirectoryChange),
    /// Sends something to connections.
    Tell(To, Box<ServerMessage>),
    /// Ends a connection.
    Close(SubscriptionId, CloseReason),
    /// Starts a job.
    Start(Job),
    /// Loads a document that is not live.
    Load(DocumentName),
    /// Deletes everything. It is the last effect: the actor ends with it.
    Purge(Box<Purge>),
}

/// To whom something is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum To {
    /// To every connection.
    All,
    /// To these.
    Some(Vec<SubscriptionId>),
}

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

/// Work beside the consultation, whose result comes back as an input.
#[derive(Debug)]
pub enum Job {
    /// Reads every board and computes the list.
    Merge(Box<MergeInput>),
    /// Asks the embedding service which ideas may mean the same.
    FindMeanings(Candidates),
    /// Asks a room whose seat writes in an idea under an id.
    FindWriter {
        /// Who wants to know.
        request: RemoveRequest,
        /// In which idea.
        idea: IdeaId,
        /// The Yjs client id.
        writer: ClientId,
    },
    /// Asks a room which words a command is about (rule C31).
    AskRoom(Box<RoomQuestion>),
    /// Reads the texts of a board whose vote opened: its room has locked them, so what is read is what is voted on.
    ReadTexts {
        /// Of which group.
        group: GroupId,
        /// At which opening.
        opening: u32,
    },
}

/// A deletion of everything.
#[derive(Debug)]
pub struct Purge {
    /// What its certificate says, before the journal has counted its rows.
    pub certificate: Certificate,
    /// Is it a twin? Of a rehearsal nothing remains, not even that it was.
    pub is_twin: bool,
    /// The command that asked for it.
    pub asked: Option<(ReplyId, Answer)>,
}
