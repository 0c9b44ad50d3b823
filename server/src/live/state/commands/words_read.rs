//! Decisions about words that are in a room: it says what they are now, before anything is decided (rule C31).

use proto::api::consultation::IdeaView;
use proto::command::{Action, Command};
use proto::ids::{DocumentName, SeatId, WordsHash};
use proto::problem::{Code, Problem};

use crate::consultation::CommandKey;
use crate::live::state::batch::Batch;
use crate::live::state::job::{Job, RoomQuestion, RoomWords};
use crate::live::state::reply::ReplyId;
use crate::live::state::{Env, Live};

impl Live {
    /// Lets a room be asked whose words this command is about; says whether one is.
    pub(in crate::live::state) fn asks_room(
        &mut self,
        seat: SeatId,
        command: &Command,
        reply: ReplyId,
        batch: &mut Batch,
        env: &Env<'_>,
    ) -> bool {
        let Some(document) = self.decides_about(&command.action) else { return false };
        match self.consultation.decide(seat, &command.action, env.decision()) {
            // Who may not decide it learns nothing of the words.
            Err(problem) => batch.refuse(reply, problem),
            Ok(_) => {
                let question = RoomQuestion {
                    seat,
                    command: command.clone(),
                    reply,
                    document,
                    deletions: self.deletions,
                };
                self.seat_order.ask(seat);
                batch.told().jobs.push(Job::AskRoom(Box::new(question)));
            }
        }
        true
    }

    /// The document whose words were read before this is decided.
    fn decides_about(&self, action: &Action) -> Option<DocumentName> {
        let freezes = matches!(action, Action::Freeze { on: true }) && !self.consultation.list().frozen;
        if freezes || matches!(action, Action::SettleText { .. }) {
            return Some(DocumentName::Plenary(self.consultation.id()));
        }
        if let Action::SignOff { group, agree: true, read: Some(_), .. } = action {
            return Some(DocumentName::Board(*group));
        }
        // Hidden words are kept: then nobody waits for who goes on typing.
        let Action::Hide { idea, erase: true, read: Some(_), .. } = action else { return None };
        let shown = self.consultation.ideas().get(idea).filter(|idea| idea.is_shown())?;
        Some(DocumentName::Board(shown.group()))
    }

    /// A room has answered: the command is decided, or refused, and then what its seat has sent since.
    pub(in crate::live::state) fn room_answered(
        &mut self,
        question: RoomQuestion,
        words: Result<RoomWords, Problem>,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let seat = question.seat;
        let behind = self.seat_order.answered(seat);
        self.decide_read(question, words, batch, env);
        for (command, reply) in behind {
            self.command(seat, command, reply, batch, env);
        }
    }

    fn decide_read(
        &mut self,
        question: RoomQuestion,
        words: Result<RoomWords, Problem>,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let RoomQuestion { seat, command, reply, deletions, .. } = question;
        let still = |words: RoomWords| self.still_says(&command.action, &words).map(|()| words);
        let words = match words.and_then(still) {
            Ok(words) => words,
            Err(problem) => return batch.refuse(reply, problem),
        };
        let asked = CommandKey::of(&command);
        match self.consultation.done().get(asked.id) {
            // It was sent twice, and the other one is done.
            Some(known) => self.repeated(asked, known, reply, batch),
            // A run has become the list meanwhile, or it may say words that were deleted meanwhile.
            None if is_older(&words, self.consultation.run())
                || (matches!(words, RoomWords::List(_)) && deletions != self.deletions) =>
            {
                let document = DocumentName::Plenary(self.consultation.id());
                let question = RoomQuestion { seat, command, reply, document, deletions: self.deletions };
                self.seat_order.ask(seat);
                batch.told().jobs.push(Job::AskRoom(Box::new(question)));
            }
            None => self.decide_command(seat, &command, (reply, Some(&words)), batch, env),
        }
    }

    /// Are these the words that were read?
    fn still_says(&self, action: &Action, words: &RoomWords) -> Result<(), Problem> {
        let same = match words {
            RoomWords::List(_) => true,
            RoomWords::Doubtful(doubtful) => {
                let Action::SettleText { text, read, .. } = action else { return Ok(()) };
                let known = doubtful.texts.iter().find(|doubtful| doubtful.text == *text);
                let settled =
                    || Problem::because(Code::NothingThere, "This text waits for nobody to settle it.");
                WordsHash::of(&known.ok_or_else(settled)?.words) == *read
            }
            RoomWords::Board(board) => {
                let there = |id| board.ideas.iter().find(|idea| idea.id == id);
                let text = |id| there(id).map(|idea| idea.text.as_str());
                let sent = |id| there(id).map(IdeaView::sent_words);
                if let Action::Hide { idea, read: Some(read), .. } = action {
                    text(*idea).is_none_or(|text| WordsHash::of(text) == *read)
                } else if let Action::SignOff { group, read: Some(read), .. } = action {
                    WordsHash::of_all(self.consultation.card_order(*group).into_iter().filter_map(sent))
                        == *read
                } else {
                    true
                }
            }
        };
        if same { Ok(()) } else { Err(Problem::new(Code::Stale)) }
    }
}

/// Does the list show another run than the last one?
fn is_older(words: &RoomWords, run: u32) -> bool {
    match words {
        RoomWords::List(list) => list.run != run,
        RoomWords::Board(_) | RoomWords::Doubtful(_) => false,
    }
}
