//! Hidden ideas: off every board, list and export at once, with a reason; and shown again as they were.
//!
//! Words and votes of a hidden idea stay with the server: its room hands the words over when it takes them off
//! ([`BoardWrite::Hide`]), so nothing that people wrote until then is lost. Hidden for personal data is different: the
//! words are deleted for good. What is hidden does not count: not in votes, not in budgets, not in the merge.

use proto::ids::{GroupId, IdeaId, SeatId, WordsHash};
use proto::problem::{Code, Problem};

use crate::access::{Deed, may_ever};
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::ideas::idea::{Hidden, Idea};
use crate::consultation::ideas::moderation::danger::HELD_IN_GROUP;
use crate::consultation::projection::{BoardWrite, HiddenTexts, Write};
use crate::consultation::state::Consultation;
use crate::consultation::text_rules::says_what_was_read;

/// The reason for which words are deleted. It is there whatever reasons a consultation has of its own.
pub const PERSONAL_DATA: &str = "personal-data";

/// What became of an idea, for who asks with its receipt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum IdeaStatus {
    /// Waits for the moderator.
    Waiting,
    /// Held back until the board is revealed.
    Held,
    /// On its board.
    Shown,
    /// On its board, and sent to the plenary.
    Promoted,
    /// Hidden, and why.
    Hidden(Hidden),
    /// Out of sight with its whole board.
    Veiled,
    /// On the late shelf.
    Late,
}

impl Consultation {
    /// What became of an idea; `None` when there is none: never shared, or withdrawn.
    #[must_use]
    pub fn fate(&self, idea: IdeaId) -> Option<IdeaStatus> {
        let idea = self.ideas().get(&idea)?;
        Some(match idea.hidden() {
            _ if idea.is_held_in_group() => {
                IdeaStatus::Hidden(Hidden { reason: HELD_IN_GROUP.to_owned(), erased: false })
            }
            Some(hidden) => IdeaStatus::Hidden(hidden.clone()),
            None if idea.is_late() => IdeaStatus::Late,
            None if idea.is_waiting() => IdeaStatus::Waiting,
            None if idea.is_held() => IdeaStatus::Held,
            None if idea.is_veiled() => IdeaStatus::Veiled,
            None if idea.is_promoted() => IdeaStatus::Promoted,
            None => IdeaStatus::Shown,
        })
    }

    pub(in crate::consultation) fn decide_hide(
        &self,
        seat: SeatId,
        id: IdeaId,
        (reason, erase): (&str, bool),
        read: Option<WordsHash>,
    ) -> Result<Outcome, Problem> {
        let idea = self.find(id)?;
        self.permit(Deed::Hide, seat, Some(idea.group()))?;
        let known = self.programme().hide_reasons.iter().any(|known| known.id == reason);
        if !known && reason != PERSONAL_DATA {
            return Err(Problem::because(Code::NotFound, "This consultation has no such reason."));
        }
        if erase != (reason == PERSONAL_DATA) {
            let detail = "Hiding for personal data deletes the words for good: confirm it with \"erase\", and only then.";
            return Err(Problem::because(Code::Malformed, detail));
        }
        if idea.is_held_in_group() && erase {
            // Somebody may need the words to help.
            return Err(Problem::because(Code::IdeaHidden, "This idea is being looked at."));
        }
        if idea.is_erased() {
            return Err(Problem::because(Code::IdeaHidden, "The words of this idea were deleted."));
        }
        if !idea.is_shown() {
            says_what_was_read(idea.text(), read)?;
        }
        let texts =
            if erase { self.texts_without(id) } else { self.list_without(&[id]).into_iter().collect() };
        let event = Event::Hidden { idea: id, reason: reason.to_owned(), erased: erase };
        Ok(Outcome { texts, ..Outcome::plain(event) })
    }

    pub(in crate::consultation) fn decide_unhide(
        &self,
        seat: SeatId,
        id: IdeaId,
        read: Option<WordsHash>,
    ) -> Result<Outcome, Problem> {
        let idea = self.find(id)?;
        self.permit(Deed::Hide, seat, Some(idea.group()))?;
        if idea.is_erased() {
            return Err(Problem::because(Code::NotFound, "The words of this idea were deleted."));
        }
        if idea.is_held_in_group() {
            return Err(Problem::because(Code::IdeaHidden, "This idea is being looked at."));
        }
        if idea.hidden().is_some() {
            says_what_was_read(idea.text(), read)?;
        }
        Ok(Outcome::plain(Event::Unhidden { idea: id }))
    }

    /// May this seat take ideas of this group off its board?
    pub(in crate::consultation) fn moderates(&self, seat: SeatId, group: GroupId) -> bool {
        self.actor(seat).is_some_and(|actor| may_ever(Deed::Hide, actor, Some(group)))
    }

    pub(in crate::consultation) fn hide(&mut self, id: IdeaId, reason: &str, erased: bool) -> Vec<Write> {
        let hide = |idea: &mut Idea| idea.hide(reason, erased);
        if !erased {
            return self.take_off(id, BoardWrite::Hide(id), hide);
        }
        let mut writes: Vec<Write> = self.follow(id).into_iter().collect();
        self.delete_wordings(id);
        self.forget_voted_words(id);
        writes.extend(self.take_off(id, BoardWrite::Remove(id), hide));
        writes
    }

    /// Takes an idea off board and list after this change to it. What it stood for comes apart, and is one with it again when
    /// it is shown again.
    pub(in crate::consultation) fn take_off(
        &mut self,
        id: IdeaId,
        off: BoardWrite,
        change: impl FnOnce(&mut Idea),
    ) -> Vec<Write> {
        let others = self.entry_of(id);
        self.forget_entry_votes(id);
        let Some(idea) = self.idea_mut(id) else { return Vec::new() };
        change(idea);
        let mut writes = vec![Write::Board(idea.group(), off)];
        writes.extend(self.regroup(others));
        writes.extend(self.leave_list(&[id]));
        writes
    }

    pub(in crate::consultation) fn unhide(&mut self, id: IdeaId) -> Vec<Write> {
        if let Some(idea) = self.idea_mut(id) {
            idea.unhide();
        }
        self.regroup(self.entry_of(id))
    }

    /// Takes in the words that a room took off its board. What is shown again or deleted meanwhile stays as it is.
    pub fn keep_words(&mut self, kept: HiddenTexts) {
        for (id, words) in kept {
            if let Some(idea) = self.idea_mut(id).filter(|idea| idea.keeps_words()) {
                idea.keep(words);
            }
        }
    }
}

/// Refuses what makes no sense for a hidden idea.
pub(in crate::consultation) fn not_hidden(idea: &Idea) -> Result<(), Problem> {
    if idea.is_taken_off() { Err(Problem::new(Code::IdeaHidden)) } else { Ok(()) }
}
