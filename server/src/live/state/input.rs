//! What arrives at a running consultation: commands, people who come and go, reports of rooms, results of jobs.

use bytes::Bytes;
use proto::api::consultation::Join;
use proto::api::ending::Exported;
use proto::api::programme::FileContent;
use proto::command::Command;
use proto::ids::{CommandId, MaterialId, SeatId};

use super::job::JobDone;
use super::reply::ReplyId;
use crate::address_prefix::PrefixId;
use crate::consultation::{EntranceKind, Hash32};
use crate::room::{RoomReport, SubscriptionId};

/// What arrives in the mailbox of a running consultation, from rooms, or from jobs.
#[derive(Debug)]
pub enum Input {
    /// A seat sends a command.
    Command {
        /// The seat that sends it.
        seat: SeatId,
        /// The command, with the id that makes it idempotent.
        command: Command,
        /// Answered with [`super::reply::Answered::Answer`].
        reply: ReplyId,
    },
    /// Somebody takes a seat.
    Join {
        /// The request as it came in over HTTP or the socket.
        join: Join,
        /// How they come in.
        arrival: Arrival,
        /// Answered with [`super::reply::Answered::Joined`].
        reply: ReplyId,
    },
    /// A phone wants a new token for its seat, and the old one ended (rule C24).
    Exchange {
        /// For this seat.
        seat: SeatId,
        /// The SHA-256 of the token that ends.
        from: Hash32,
        /// Chosen by the phone.
        request: CommandId,
        /// Answered with [`super::reply::Answered::Joined`].
        reply: ReplyId,
    },
    /// A seat uploads a file.
    Upload {
        /// The file with its size and hash.
        upload: Box<Upload>,
        /// Answered with [`super::reply::Answered::Answer`].
        reply: ReplyId,
    },
    /// A seat took an export away.
    Exported(SeatId, Exported),
    /// A phone wants a code by which staff can move its seat.
    SeatCode {
        /// The seat that is to be moved.
        seat: SeatId,
        /// Answered with [`super::reply::Answered::SeatCode`].
        reply: ReplyId,
    },
    /// A seat opened a document, or the safeguarding contact what is reported.
    Opened(SeatId),
    /// Somebody looks at what staff see beside the list: after a start of the server that needs a run.
    CurationWatched,
    /// A connection subscribes to the consultation's state.
    Connected {
        /// The new connection.
        connection: SubscriptionId,
        /// The seat whose token it opened with.
        seat: SeatId,
    },
    /// A connection subscribes no longer.
    Disconnected(SubscriptionId),
    /// A connection says how many things it has not sent yet.
    Unsent {
        /// The connection that says so.
        connection: SubscriptionId,
        /// Number of commands and edits that its phone has not sent.
        count: u32,
    },
    /// A room reports.
    Room(RoomReport),
    /// A job ended.
    Done(JobDone),
}

/// How somebody comes in.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// By which way.
    pub way: EntranceKind,
    /// From which place; none: the server itself.
    pub prefix: Option<PrefixId>,
}

/// A file that is uploaded.
#[derive(Debug)]
pub struct Upload {
    /// The seat that uploads it.
    pub seat: SeatId,
    /// To which material.
    pub material: MaterialId,
    /// Size and SHA-256 of the file.
    pub content: FileContent,
    /// The bytes of the PDF.
    pub bytes: Bytes,
}
