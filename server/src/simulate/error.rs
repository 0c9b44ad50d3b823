//! Why a simulated phone cannot go on, in one enum for HTTP, the socket and the board.

use std::time::Duration;

use proto::ids::IdeaId;
use proto::problem::Problem;

/// How long a phone waits for an answer before it says so.
pub(super) const ANSWER_TIME: Duration = Duration::from_secs(30);

/// Why a simulated phone cannot go on, or did not get what it asked for.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum PhoneError {
    /// Nobody answers at that address.
    #[error("no server answers at {url}: {why}")]
    Unreachable {
        url: String,
        /// What the network says.
        why: String,
    },
    /// Something answers, but it is no Plenum server.
    #[error("what answers is no Plenum server: {0}")]
    NotAServer(String),
    /// The server refused, with its reason.
    #[error("the server refused: {0}")]
    Refused(#[from] Problem),
    /// The server did not let this token open a document.
    #[error("the server did not open {document}: {why}")]
    Denied {
        document: String,
        /// The server's words.
        why: String,
    },
    /// The socket ended.
    #[error("the connection ended: {0}")]
    Ended(String),
    /// No answer in time.
    #[error("the server did not answer within {} seconds", ANSWER_TIME.as_secs())]
    NoAnswer,
    /// There is no such idea on this phone's board.
    #[error("the idea {0} is not on this board")]
    NoSuchIdea(IdeaId),
    /// The operating system has no random numbers.
    #[error("no random numbers: {0}")]
    NoRandomness(String),
}

impl PhoneError {
    /// Is it the end of the phone? After a refusal it goes on: somebody else moved the phase or took the idea away.
    #[must_use]
    pub const fn is_end(&self) -> bool {
        match self {
            Self::Refused(_) | Self::NoSuchIdea(_) | Self::Denied { .. } => false,
            Self::Unreachable { .. }
            | Self::NotAServer(_)
            | Self::Ended(_)
            | Self::NoAnswer
            | Self::NoRandomness(_) => true,
        }
    }
}
