//! Decisions about words that stand in a room: it says what they are now, before anything is decided (rule C31).

use proto::api::consultation::BoardView;
use proto::command::{Action, Command};
use proto::ids::{DocumentName, SeatId, WordsHash};
use proto::plenary::DoubtfulTexts;
use proto::problem::{Code, Problem};

use super::batch::{Batch, Reply};
use super::task::Task;
use crate::consultation::CommandKey;
use crate::journal::JournalError;
use crate::room::{RoomEnded, Shared};

/// A command that waits for what a room says, and that.
pub type Heard = (SeatId, Command, Reply, Result<RoomWords, RoomEnded>);

/// What a room says.
pub enum RoomWords {
    /// Of a board.
    Board(Shared<BoardView>),
    /// Of the texts that were taken off the list.
    Doubtful(DoubtfulTexts),
}

impl Task {
    /// Asks the room whose words this command is about. Gives the command back when no room needs to be asked.
    pub(super) fn ask_room(
        &mut self,
        seat: SeatId,
        command: Command,
        reply: Reply,
    ) -> Option<(Command, Reply)> {
        let Some(document) = self.decides_about(&command.action) else { return Some((command, reply)) };
        // Who may not decide it learns nothing of the words.
        if let Err(problem) = self.consultation.decide(seat, &command.action, self.context()) {
            let _ = reply.send(Err(problem));
            return None;
        }
        let room = self.room(document);
        self.asked_rooms.spawn(async move {
            let words = if let DocumentName::Board(_) = document {
                room.read_board(None).await.map(RoomWords::Board)
            } else {
                room.read_doubtful().await.map(RoomWords::Doubtful)
            };
            (seat, command, reply, words)
        });
        None
    }

    /// The document whose words somebody has read who decides this.
    fn decides_about(&self, action: &Action) -> Option<DocumentName> {
        if let Action::SettleText { .. } = action {
            return Some(DocumentName::Plenary(self.consultation.id()));
        }
        if let Action::SignOff { group, agree: true, read: Some(_), .. } = action {
            return Some(DocumentName::Board(*group));
        }
        // Hidden words are kept: then nobody waits for who goes on typing.
        let Action::Hide { idea, erase: true, read: Some(_), .. } = action else { return None };
        let shown = self.consultation.ideas().get(idea).filter(|idea| idea.is_shown())?;
        Some(DocumentName::Board(shown.group))
    }

    /// A room has answered: the command is decided, or refused.
    pub(super) async fn room_said(&mut self, heard: Option<Heard>) -> Result<(), JournalError> {
        let Some((seat, command, reply, words)) = heard else { return Ok(()) };
        let words = words.map_err(|RoomEnded| Problem::new(Code::Unavailable));
        if let Err(problem) = words.and_then(|words| self.still_says(&command.action, &words)) {
            let _ = reply.send(Err(problem));
            return Ok(());
        }
        let (asked, mut batch) = (CommandKey::of(&command), Batch::default());
        if let Some((known, seq)) = self.consultation.done().get(asked.id) {
            // It was sent twice, and the other one is done.
            self.repeated(asked, known, seq, reply, &mut batch);
        } else {
            self.decide_command(seat, command, reply, &mut batch);
        }
        self.commit(batch).await
    }

    /// Are these the words that were read?
    fn still_says(&self, action: &Action, words: &RoomWords) -> Result<(), Problem> {
        let same = match words {
            RoomWords::Doubtful(doubtful) => {
                let Action::SettleText { text, read, .. } = action else { return Ok(()) };
                let known = doubtful.texts.iter().find(|doubtful| doubtful.text == *text);
                let settled =
                    || Problem::because(Code::NothingThere, "This text waits for nobody to settle it.");
                WordsHash::of(&known.ok_or_else(settled)?.words) == *read
            }
            RoomWords::Board(board) => {
                let text = |id| board.ideas.iter().find(|idea| idea.id == id).map(|idea| idea.text.as_str());
                if let Action::Hide { idea, read: Some(read), .. } = action {
                    text(*idea).is_none_or(|text| WordsHash::of(text) == *read)
                } else if let Action::SignOff { group, read: Some(read), .. } = action {
                    WordsHash::of_all(self.consultation.card_order(*group).into_iter().filter_map(text))
                        == *read
                } else {
                    true
                }
            }
        };
        if same { Ok(()) } else { Err(Problem::new(Code::Stale)) }
    }
}
