//! Hidden ideas: off every board, list and export at once, with a reason; and shown again as they were.
//!
//! Words and votes of a hidden idea stay with the server: its room hands the words over when it takes them off
//! ([`BoardWrite::Hide`]), so nothing that people wrote until then is lost. Hidden for personal data is different: the
//! words are deleted for good. What is hidden does not count: not in votes, not in budgets, not in the merge.

use proto::ids::{IdeaId, SeatId};
use proto::problem::{Code, Problem};

use std::sync::Arc;

use super::decide::Decided;
use super::event::Event;
use super::ideas::Idea;
use super::projection::{BoardWrite, KeptWords, PlenaryWrite, Write};
use super::state::Consultation;
use crate::access::Deed;
use crate::journal::{TextChange, TextKey};

/// The reason for which words are deleted.
pub const PERSONAL_DATA: &str = "personal-data";
/// The reasons of a consultation that has none of its own.
pub const REASONS: [&str; 6] = ["abuse", PERSONAL_DATA, "names-a-person", "off-topic", "duplicate", "other"];

/// Why an idea is hidden.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hidden {
    /// The id of the reason.
    pub reason: String,
    /// Are its words deleted for good?
    pub erased: bool,
}

/// What became of an idea, for who asks with its receipt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Held back until the board is revealed.
    Held,
    /// On its board.
    Shown,
    /// On its board, and sent to the plenary.
    Promoted,
    /// Hidden, and why.
    Hidden(Hidden),
}

impl Consultation {
    /// What became of an idea; `None` when there is none: never shared, or withdrawn.
    #[must_use]
    pub fn fate(&self, idea: IdeaId) -> Option<Fate> {
        let idea = self.ideas.get(&idea)?;
        Some(match &idea.hidden {
            Some(hidden) => Fate::Hidden(hidden.clone()),
            None if idea.held => Fate::Held,
            None if idea.promoted => Fate::Promoted,
            None => Fate::Shown,
        })
    }

    /// Seats that approve this idea, hidden or not.
    #[must_use]
    pub fn supporters(&self, idea: IdeaId) -> Vec<SeatId> {
        let approves = self.ballots.iter().filter(|(_, ballot)| ballot.get(&idea).is_some_and(|a| a.on));
        approves.filter_map(|(key, _)| self.voters.get(key).copied()).collect()
    }

    pub(super) fn decide_hide(
        &self,
        seat: SeatId,
        id: IdeaId,
        reason: &str,
        erase: bool,
    ) -> Result<Decided, Problem> {
        let idea = self.find(id)?;
        self.permit(Deed::Hide, seat, Some(idea.group))?;
        if !REASONS.contains(&reason) {
            return Err(Problem::because(Code::NotFound, "This consultation has no such reason."));
        }
        if erase != (reason == PERSONAL_DATA) {
            let detail = "Hiding for personal data deletes the words for good: confirm it with \"erase\", and only then.";
            return Err(Problem::because(Code::Malformed, detail));
        }
        if idea.hidden.as_ref().is_some_and(|hidden| hidden.erased) {
            return Err(Problem::because(Code::IdeaHidden, "The words of this idea were deleted."));
        }
        let texts = if erase { self.texts_without(id) } else { self.list_without(id).into_iter().collect() };
        let event = Event::Hidden { idea: id, reason: reason.to_owned(), erased: erase };
        Ok(Decided { texts, ..Decided::plain(event) })
    }

    pub(super) fn decide_unhide(&self, seat: SeatId, id: IdeaId) -> Result<Decided, Problem> {
        let idea = self.find(id)?;
        self.permit(Deed::Hide, seat, Some(idea.group))?;
        if idea.hidden.as_ref().is_some_and(|hidden| hidden.erased) {
            return Err(Problem::because(Code::NotFound, "The words of this idea were deleted."));
        }
        Ok(Decided::plain(Event::Unhidden { idea: id }))
    }

    pub(super) fn hide(&mut self, id: IdeaId, reason: &str, erased: bool) -> Vec<Write> {
        let others = self.entry_of(id);
        self.combined.votes.remove(&id);
        let Some(idea) = self.ideas.get_mut(&id) else { return Vec::new() };
        idea.hidden = Some(Hidden { reason: reason.to_owned(), erased });
        let group = idea.group;
        if erased {
            idea.text = Arc::from("");
            idea.tr.clear();
            self.wordings.remove(&id);
        }
        if erased {
            self.forget_voted_words(id);
        }
        let off = if erased { BoardWrite::Remove(id) } else { BoardWrite::Hide(id) };
        let mut writes = vec![Write::Board(group, off)];
        // What it stood for comes apart, and is one with it again when it is shown again.
        writes.extend(self.regroup(others));
        writes.extend(self.leave_list(id));
        writes
    }

    pub(super) fn unhide(&mut self, id: IdeaId) -> Vec<Write> {
        if let Some(idea) = self.ideas.get_mut(&id) {
            idea.hidden = None;
        }
        self.regroup(self.entry_of(id))
    }

    /// Takes in the words that a room took off its board. What is shown again or deleted meanwhile stays as it is.
    pub fn keep_words(&mut self, kept: KeptWords) {
        for (id, words) in kept {
            if let Some(idea) = self.ideas.get_mut(&id).filter(|idea| idea.keeps_words()) {
                idea.text = words.text;
                idea.tr = words.tr;
            }
        }
    }

    /// Rows in which the words of an idea stand, without them.
    pub(super) fn texts_without(&self, id: IdeaId) -> Vec<TextChange> {
        let rows =
            [TextKey::Idea(id), TextKey::Translations(id), TextKey::Wordings(id)].map(TextChange::Delete);
        rows.into_iter().chain(self.list_without(id)).chain(self.voted_words_without(id)).collect()
    }

    /// The row of the list without an idea, if it mentions it.
    fn list_without(&self, id: IdeaId) -> Option<TextChange> {
        let run = self.run_facts.as_ref().filter(|run| run.mentions(id))?;
        let run = serde_json::to_string(&run.without(id)).unwrap_or_default();
        Some(TextChange::Put(TextKey::Run, run))
    }

    /// Takes an idea off the list at once, whatever it was part of.
    pub(super) fn leave_list(&mut self, id: IdeaId) -> Option<Write> {
        let facts = self.run_facts.as_ref().filter(|facts| facts.mentions(id))?;
        let facts = Arc::new(facts.without(id));
        self.run_facts = Some(Arc::clone(&facts));
        Some(Write::Plenary(PlenaryWrite::Run(facts)))
    }
}

/// Refuses what makes no sense for a hidden idea.
pub(super) fn not_hidden(idea: &Idea) -> Result<(), Problem> {
    if idea.hidden.is_some() { Err(Problem::new(Code::IdeaHidden)) } else { Ok(()) }
}
