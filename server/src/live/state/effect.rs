//! What a running consultation requires of the world: a closed list, carried out by one exhaustive match (`actor::perform`).

use proto::api::consultation::Answer;
use proto::api::ending::Certificate;
use proto::ids::DocumentName;
use proto::wire::close::CloseReason;
use proto::wire::stateless::ServerMessage;

use super::deletion::purge_key::PurgeKey;
use super::job::Job;
use super::reply::{Answered, ReplyId};
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
        /// Place of the event in the journal.
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
    /// To these connections.
    Some(Vec<SubscriptionId>),
}

/// A deletion of everything.
#[derive(Debug)]
pub struct Purge {
    /// What its certificate says, before the journal has counted its rows.
    pub certificate: Certificate,
    /// Is it a twin? Of a rehearsal nothing remains, not even that it was.
    pub is_twin: bool,
    /// The command that asked for it.
    pub asked: Option<PurgeAsked>,
}

/// The command that asked for a deletion.
#[derive(Debug)]
pub struct PurgeAsked {
    /// Who waits for the answer.
    pub reply: ReplyId,
    /// The answer, without its certificate.
    pub answer: Answer,
    /// By what the same command is recognised when the consultation is gone.
    pub key: PurgeKey,
}
