//! Questions to rooms whose answers change the consultation.

use proto::command::Action;
use proto::ids::{ClientId, DocumentName, IdeaId};
use proto::problem::{Code, Problem};

use crate::consultation::{VotedWords, fingerprint};
use crate::journal::SeatKey;
use crate::live::state::job::RoomWords;
use crate::room::RoomHandle;

/// Whose seat writes in an idea under an id.
pub async fn find_writer(room: RoomHandle, idea: IdeaId, writer: ClientId) -> Result<SeatKey, Problem> {
    match room.who_writes(idea, writer).await {
        Ok(Some(seat)) => Ok(seat),
        Ok(None) => Err(Problem::because(Code::NotFound, "Nobody writes in this idea under this id.")),
        Err(_) => Err(Problem::new(Code::Unavailable)),
    }
}

/// The words of a board, of the list, or those that were taken off the list.
pub async fn words(room: RoomHandle, about: &Action) -> Result<RoomWords, Problem> {
    let words = if let DocumentName::Board(_) = room.document {
        room.read_board(None).await.map(RoomWords::Board)
    } else if let Action::Freeze { .. } = about {
        room.read_plenary().await.map(RoomWords::List)
    } else {
        room.read_doubtful().await.map(RoomWords::Doubtful)
    };
    words.map_err(|_| Problem::new(Code::Unavailable))
}

/// Fingerprints of the texts of a board; none when its room has ended.
pub async fn fingerprints(room: RoomHandle) -> VotedWords {
    let board = room.read_board(None).await;
    let ideas = board.iter().flat_map(|board| &board.ideas);
    ideas.map(|idea| (idea.id, fingerprint(&idea.text))).collect()
}
