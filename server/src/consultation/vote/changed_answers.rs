//! How often a seat changed an answer that it had given: a vote, or what it says of an entry in the plenary (rule W16).
//!
//! Each change is a record of the journal, and every start reads all of them. The rate at which a seat may change answers
//! (`live::state::commands::row_accounts`) bounds an hour; this bounds all of them, whatever the time and however often the server is started. Who
//! reached the bound keeps their last answers, and still answers what they have not answered yet. A record that a later one replaced
//! is not deleted from the journal: what it did may depend on which ideas were one at that time.

use std::collections::HashMap;

use proto::problem::{Code, Problem};

use crate::config::AnswerLimits;
use crate::consultation::event::Event;
use crate::consultation::state::Consultation;
use crate::journal::SeatKey;

/// How often each seat, by its pseudonym on ballots or in the room, answered for the first time and changed an answer.
#[derive(Debug, Default)]
pub(super) struct ChangedAnswers(HashMap<SeatKey, Answers>);

#[derive(Clone, Copy, Debug, Default)]
struct Answers {
    first: u32,
    changed: u32,
}

impl Consultation {
    /// May its seat decide this? What is answered for the first time always.
    ///
    /// # Errors
    /// When the seat has changed its answers as often as it may.
    pub fn may_answer(&self, event: &Event, limits: &AnswerLimits) -> Result<(), Problem> {
        let answers = answers_by(event).and_then(|by| self.votes().changed.0.get(&by)).copied();
        let Answers { first, changed } = answers.unwrap_or_default();
        let most = first.saturating_mul(limits.changes_per_answer).saturating_add(limits.changes_of_seat);
        if changed >= most && self.says_again(event) {
            return Err(Problem::new(Code::TooManyChanges));
        }
        Ok(())
    }

    /// Counts an answer, before it is taken in.
    pub(in crate::consultation) fn count_answer(&mut self, event: &Event) {
        let Some(by) = answers_by(event) else { return };
        let again = self.says_again(event);
        let answers = self.votes_mut().changed.0.entry(by).or_default();
        let counted = if again { &mut answers.changed } else { &mut answers.first };
        *counted = counted.saturating_add(1);
    }
}

/// Whose answer this is, if it is one.
const fn answers_by(event: &Event) -> Option<SeatKey> {
    if let Event::Approved { by, .. }
    | Event::EntryApproved { by, .. }
    | Event::Adopted { by, .. }
    | Event::Responded { by, .. } = event
    {
        Some(*by)
    } else {
        None
    }
}
