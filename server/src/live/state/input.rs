//! What arrives at a running consultation: commands, people who come and go, reports of rooms, results of jobs.

use bytes::Bytes;
use proto::api::consultation::Join;
use proto::api::ending::Exported;
use proto::api::programme::FileContent;
use proto::command::Command;
use proto::ids::{CommandId, GroupId, MaterialId, SeatId};
use proto::problem::Problem;

use super::meanings::Meanings;
use super::merge_run::MergeOutcome;
use super::seat_removal::RemoveRequest;
use super::words_read::{RoomQuestion, RoomWords};
use crate::consultation::{EntranceKind, Hash32, VotedWords};
use crate::journal::SeatKey;
use crate::prefix::PrefixId;
use crate::room::{RoomReport, SubscriptionId};

/// Who waits for an answer: a number that the actor gave to the request. It is answered once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ReplyId(pub u64);

/// What arrives.
#[derive(Debug)]
pub enum Input {
    /// A seat sends a command.
    Command {
        /// By whom.
        seat: SeatId,
        /// What.
        command: Command,
        /// Answered with [`super::effect::Answered::Answer`].
        reply: ReplyId,
    },
    /// Somebody takes a seat.
    Join {
        /// The request.
        join: Join,
        /// How they come in.
        arrival: Arrival,
        /// Answered with [`super::effect::Answered::Joined`].
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
        /// Answered with [`super::effect::Answered::Joined`].
        reply: ReplyId,
    },
    /// A seat uploads a file.
    Upload {
        /// The file.
        upload: Box<Upload>,
        /// Answered with [`super::effect::Answered::Answer`].
        reply: ReplyId,
    },
    /// A seat took an export away.
    Exported(SeatId, Exported),
    /// A phone wants a code by which staff can move its seat.
    SeatCode {
        /// Its seat.
        seat: SeatId,
        /// Answered with [`super::effect::Answered::SeatCode`].
        reply: ReplyId,
    },
    /// A seat opened a document, or the safeguarding contact what is reported.
    Opened(SeatId),
    /// Somebody looks at what staff see beside the list: after a start of the server that needs a run.
    CurationWatched,
    /// A connection subscribes to the consultation's state.
    Connected {
        /// Which.
        connection: SubscriptionId,
        /// Of whom.
        seat: SeatId,
    },
    /// A connection subscribes no longer.
    Disconnected(SubscriptionId),
    /// A connection says how many things it has not sent yet.
    Unsent {
        /// Which.
        connection: SubscriptionId,
        /// How many.
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
    /// By whom.
    pub seat: SeatId,
    /// To which material.
    pub material: MaterialId,
    /// Size and SHA-256 of the file.
    pub content: FileContent,
    /// The file.
    pub bytes: Bytes,
}

/// The result of a job. A job that panicked has one as well.
#[derive(Debug)]
pub enum JobDone {
    /// A merge run, or why there is none.
    Merged(Box<Result<MergeOutcome, Problem>>),
    /// What the embedding service found; none when it failed.
    Meanings(Option<Meanings>),
    /// Whose seat writes in an idea under an id.
    WriterFound(RemoveRequest, Result<SeatKey, Problem>),
    /// What a room says about a command that waits for it.
    RoomAnswered(Box<RoomQuestion>, Result<RoomWords, Problem>),
    /// The texts of a board whose vote opened.
    TextsRead {
        /// Of which group.
        group: GroupId,
        /// At which opening.
        opening: u32,
        /// Fingerprints of its texts.
        words: VotedWords,
    },
}
