//! What stands in the journal: typed, versioned records, and how they become bytes.

use bytes::Bytes;
use proto::ids::{ClientId, Epoch, GroupId, IdeaId, MaterialId, NoteId, ObjectionId};
use serde::{Deserialize, Serialize};

use super::Seq;

/// Which of a consultation's streams a record belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum Stream {
    /// Decisions: phases, seats, ballots, promotions, merges.
    Consultation,
    /// A group's board.
    Board(GroupId),
    Plenary,
}

impl Stream {
    /// The name under which the storage keeps it.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Consultation => "consultation".to_owned(),
            Self::Board(group) => format!("board/{group}"),
            Self::Plenary => "plenary".to_owned(),
        }
    }

    /// Reads a name back.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "consultation" => Some(Self::Consultation),
            "plenary" => Some(Self::Plenary),
            _ => name.strip_prefix("board/")?.parse().ok().map(Self::Board),
        }
    }
}

/// A record before it has its place.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct StreamRecord {
    pub stream: Stream,
    /// What happened.
    pub record: Record,
}

/// What happened.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum Record {
    /// Somebody decided something: JSON that the consultation writes and reads.
    Decided(Vec<u8>),
    /// A live document began an epoch. JSON.
    Born {
        epoch: Epoch,
        /// The server's client id in it.
        server: ClientId,
    },
    /// A client id was first used on a document. JSON.
    Bound {
        client: ClientId,
        /// The keyed pseudonym of the seat that used it.
        seat: SeatKey,
    },
    /// A change to a live document, in Yjs update format v1, as the server encoded it.
    Updated(Vec<u8>),
}

/// A seat under a consultation's key: the journal has it instead of the seat.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeatKey(#[serde(with = "hex::serde")] pub [u8; 16]);

/// A record that could not be read back.
#[derive(Debug, thiserror::Error)]
#[error("record of kind {kind} cannot be read: {reason}")]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct RecordError {
    pub kind: i64,
    /// What was wrong.
    pub reason: String,
}

// Kinds are never reused; a new shape of a record is a new kind.
const DECIDED: i64 = 1;
const BORN: i64 = 2;
const BOUND: i64 = 3;
const UPDATED: i64 = 4;

#[derive(Serialize, Deserialize)]
struct BornBody {
    epoch: Epoch,
    server: ClientId,
}

#[derive(Serialize, Deserialize)]
struct BoundBody {
    client: ClientId,
    seat: SeatKey,
}

impl Record {
    /// Its kind and bytes in the storage.
    #[must_use]
    pub fn encode(&self) -> (i64, Vec<u8>) {
        // None of these types can fail to be written as JSON: their keys are strings.
        match self {
            Self::Decided(decision) => (DECIDED, decision.clone()),
            Self::Born { epoch, server } => {
                (BORN, serde_json::to_vec(&BornBody { epoch: *epoch, server: *server }).unwrap_or_default())
            }
            Self::Bound { client, seat } => {
                (BOUND, serde_json::to_vec(&BoundBody { client: *client, seat: *seat }).unwrap_or_default())
            }
            Self::Updated(update) => (UPDATED, update.clone()),
        }
    }

    /// Reads a record back.
    ///
    /// # Errors
    /// When the kind is unknown or the bytes are not of that kind.
    pub fn decode(kind: i64, body: &[u8]) -> Result<Self, RecordError> {
        let read = |error: serde_json::Error| RecordError { kind, reason: error.to_string() };
        match kind {
            DECIDED => Ok(Self::Decided(body.to_vec())),
            BORN => serde_json::from_slice::<BornBody>(body)
                .map(|BornBody { epoch, server }| Self::Born { epoch, server })
                .map_err(read),
            BOUND => serde_json::from_slice::<BoundBody>(body)
                .map(|BoundBody { client, seat }| Self::Bound { client, seat })
                .map_err(read),
            UPDATED => Ok(Self::Updated(body.to_vec())),
            _ => Err(RecordError { kind, reason: "this kind is not known".to_owned() }),
        }
    }
}

/// A text that has a row of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TextRow {
    /// The words of an idea as they were shared.
    Idea(IdeaId),
    /// A group's wording of an idea that it sends to the plenary, while the idea is off its board.
    Entry(IdeaId),
    /// What an idea is in other languages: a JSON object, language → text.
    Translations(IdeaId),
    /// A minority note.
    Note(NoteId),
    /// Earlier words of an idea, as JSON.
    Wordings(IdeaId),
    /// The facts of the last merge run, with the words of its sources, as JSON.
    Run,
    /// A version of the list, as JSON (rule C37).
    Version(u32),
    /// Fingerprints of the words that were voted on, as JSON.
    VotedWords,
    /// The line of an objection in the room.
    Objection(ObjectionId),
    /// The words of an idea that was deleted, until the plenary has looked for them in what people wrote: JSON, a list.
    Following(IdeaId),
    /// Texts that were taken off the list because they say something like deleted words: JSON, name → words.
    Doubtful,
}

impl TextRow {
    /// The name under which the storage keeps it.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Idea(idea) => format!("idea/{idea}"),
            Self::Entry(idea) => format!("entry/{idea}"),
            Self::Translations(idea) => format!("tr/{idea}"),
            Self::Note(note) => format!("note/{note}"),
            Self::Wordings(idea) => format!("wordings/{idea}"),
            Self::Run => "run".to_owned(),
            Self::Version(number) => format!("version/{number}"),
            Self::VotedWords => "voted-words".to_owned(),
            Self::Objection(objection) => format!("objection/{objection}"),
            Self::Following(idea) => format!("following/{idea}"),
            Self::Doubtful => "doubtful".to_owned(),
        }
    }

    /// Reads a name back.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "run" => return Some(Self::Run),
            "voted-words" => return Some(Self::VotedWords),
            "doubtful" => return Some(Self::Doubtful),
            _ => {}
        }
        let (kind, id) = name.split_once('/')?;
        match kind {
            "idea" => id.parse().ok().map(Self::Idea),
            "following" => id.parse().ok().map(Self::Following),
            "objection" => id.parse().ok().map(Self::Objection),
            "entry" => id.parse().ok().map(Self::Entry),
            "tr" => id.parse().ok().map(Self::Translations),
            "note" => id.parse().ok().map(Self::Note),
            "wordings" => id.parse().ok().map(Self::Wordings),
            "version" => id.parse().ok().map(Self::Version),
            _ => None,
        }
    }
}

/// A change to the rows of texts.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum TextChange {
    /// Write or replace it.
    Put(TextRow, String),
    Delete(TextRow),
}

/// A change to the rows of uploaded files.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum FileChange {
    /// Write or replace it.
    Put(MaterialId, Bytes),
    Delete(MaterialId),
}

/// The keys of one consultation. Destroyed at purge: what was written under them can then be linked to nobody.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Keys {
    /// Ballots are kept under this one.
    pub ballots: [u8; 32],
    /// Client ids are bound under this one.
    pub bindings: [u8; 32],
    /// Seats that were asked for twice are recognised under this one.
    pub seats: [u8; 32],
}

impl Keys {
    /// How many they are.
    pub const COUNT: u8 = 3;
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// A snapshot of a live document.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct SnapshotRow {
    /// The last record of its stream that it covers.
    pub seq: Seq,
    pub epoch: Epoch,
    /// The server's client id in it.
    pub server: ClientId,
    /// Who used which client id.
    pub bindings: Vec<(ClientId, SeatKey)>,
    /// The document in Yjs update format v1.
    pub state: Bytes,
}

/// What a stream is loaded from.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct LoadedStream {
    /// The last snapshot, if there is one.
    pub snapshot: Option<SnapshotRow>,
    /// The records after it, in order.
    pub records: Vec<(Seq, Record)>,
}
