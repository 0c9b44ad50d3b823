//! Jobs beside the consultation: what each is given when it starts, and what it gives back as an input of a later turn.
//!
//! `live::jobs` runs them. A merge run has its input and its outcome in `merge::run`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use proto::api::consultation::BoardView;
use proto::api::curation::Suggestion;
use proto::command::{Action, Command};
use proto::ids::{ClientId, DocumentName, GroupId, IdeaId, SeatId};
use proto::plenary::{DoubtfulTexts, PlenaryView};
use proto::problem::Problem;

use super::merge::run::{MergeInput, MergeOutcome};
use super::reply::ReplyId;
use crate::consultation::{CommandKey, ErasedWords, VotedWords};
use crate::embeddings::Vector;
use crate::journal::SeatKey;
use crate::merge::MergeIdea;
use crate::room::Shared;

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
    /// Reads the list, to make a version of what everybody votes on (rule C37).
    ReadList,
    /// Looks on boards for words that were deleted (rule C25).
    FindRepeats(Box<RepeatSearch>),
    /// Reads the texts of a board whose vote opened: its room has locked them, so what is read is what is voted on.
    ReadTexts {
        /// Of which group.
        group: GroupId,
        /// At which opening.
        opening: u32,
    },
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
    /// The list as it stands; none if its room has ended.
    ListRead(Option<Shared<PlenaryView>>),
    /// Which ideas of boards repeat words that were deleted.
    RepeatsFound(RepeatsFound),
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

/// A request to remove the seat that writes in an idea under an id.
#[derive(Clone, Copy, Debug)]
pub struct RemoveRequest {
    /// The seat that asks for it.
    pub seat: SeatId,
    /// In which group.
    pub group: GroupId,
    /// By which command.
    pub asked: CommandKey,
    /// Who is answered.
    pub reply: ReplyId,
}

/// A search of boards.
#[derive(Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct RepeatSearch {
    /// The idea whose words were deleted.
    pub erased: IdeaId,
    pub words: ErasedWords,
    /// The boards, in the order in which they are looked at.
    pub boards: Vec<GroupId>,
    /// Bytes that are looked at.
    pub bytes_max: usize,
}

/// What a search has found.
#[derive(Debug, Default)]
pub struct RepeatsFound {
    /// Ideas that say the words.
    pub ideas: Vec<IdeaId>,
    /// Did it end before it had looked at everything?
    pub cut: bool,
}

/// A command that waits for what a room says.
#[derive(Clone, Debug)]
pub struct RoomQuestion {
    /// The seat that sends the command.
    pub seat: SeatId,
    /// What is to be decided.
    pub command: Command,
    /// Who is answered.
    pub reply: ReplyId,
    /// The document whose words are decided about.
    pub document: DocumentName,
    /// How often words had been deleted when the room was asked.
    pub deletions: u64,
}

/// What a room says.
#[derive(Debug)]
pub enum RoomWords {
    /// The words of a board.
    Board(Shared<BoardView>),
    /// The texts that were taken off the list.
    Doubtful(DoubtfulTexts),
    /// The list as it stands.
    List(Shared<PlenaryView>),
}

impl RoomWords {
    /// What an idea says that this command erases.
    #[must_use]
    pub fn of_erased(&self, action: &Action) -> Option<&str> {
        let (Self::Board(board), Action::Hide { idea, erase: true, .. }) = (self, action) else {
            return None;
        };
        board.ideas.iter().find(|known| known.id == *idea).map(|known| known.text.as_str())
    }
}

/// The hash of a model and a text.
pub type TextHash = [u8; 32];

/// Ideas on their way to the service, with the vectors that are known already.
#[derive(Debug)]
pub struct Candidates {
    /// The ideas whose meanings are asked for.
    pub ideas: Vec<Candidate>,
    /// Known vectors by the hash of model and text.
    pub vectors: HashMap<TextHash, Arc<Vector>>,
}

/// An idea on its way to the service.
#[derive(Debug)]
pub struct Candidate {
    /// The idea that the text is of.
    pub id: IdeaId,
    /// What it says, and in which section.
    pub idea: MergeIdea,
    /// The hash of its text, with the model's.
    pub hash: TextHash,
}

/// What the service told.
#[derive(Debug, Default)]
pub struct Meanings {
    /// Idea → the hash of its text.
    pub hashes: BTreeMap<IdeaId, TextHash>,
    /// Vectors of all of these, as far as they are known.
    pub vectors: HashMap<TextHash, Arc<Vector>>,
    /// Pairs that may mean the same.
    pub near: Vec<Suggestion>,
}
