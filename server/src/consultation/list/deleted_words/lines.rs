//! Words of a deleted idea in the lines that people wrote on cards and in the room (rule C25).
//!
//! A line that says nothing but the deleted words is deleted; one that says them among others, or something like them, is
//! hidden on a card, where who moderates can show it again, and deleted in the room, where hiding is deleting. All is decided
//! by the events that staff decide with, so rows, ledger, phones and exports follow as they do there.

use proto::ids::IdeaId;

use crate::config::RepeatLimits;
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::ideas::deleted_words::traces::{DeletedWords, Trace};
use crate::consultation::ideas::moderation::hiding::PERSONAL_DATA;
use crate::consultation::state::Consultation;
use crate::journal::{TextChange, TextRow};

/// The reason for which a line is hidden that says something like deleted words.
pub(in crate::consultation) const LIKE_DELETED: &str = "like-deleted";

impl Consultation {
    /// What must be decided of lines before this event, which deletes words, is taken in.
    pub fn lines_like(&mut self, event: &Event, limits: &RepeatLimits) -> Vec<Outcome> {
        // Who reads a line could put it on the late shelf and take it back, and so delete what others said.
        let late = |idea: &IdeaId| self.ideas().get(idea).is_some_and(|idea| idea.is_late());
        let id = if let Event::Hidden { idea, erased: true, .. } = event {
            *idea
        } else if let Event::Withdrawn { idea } = event
            && !late(idea)
        {
            *idea
        } else {
            return Vec::new();
        };
        let words = self.known_words(id);
        if words.is_empty() {
            return Vec::new();
        }
        let (decided, cut) = self.search_lines(&DeletedWords::new(&words), limits);
        if cut {
            self.cut_search();
        }
        decided
    }

    /// Searches notes and objections for the deleted words. The second value says whether the search reached its limit before
    /// it had looked at every line.
    fn search_lines(&self, deleted: &DeletedWords, limits: &RepeatLimits) -> (Vec<Outcome>, bool) {
        let (mut looked_at, mut found) = (0, Vec::new());
        let mut is_over = |line: &str, found: &Vec<Outcome>| {
            looked_at += line.len();
            looked_at > limits.line_bytes_max || found.len() >= limits.lines_max
        };
        for (note, line, hidden) in self.note_lines() {
            if is_over(line, &found) {
                return (found, true);
            }
            let (reason, texts) = match deleted.trace(line) {
                Trace::All => (PERSONAL_DATA, vec![TextChange::Delete(TextRow::Note(note))]),
                Trace::Part { .. } if !hidden => (LIKE_DELETED, Vec::new()),
                Trace::Part { .. } | Trace::Nothing => continue,
            };
            let event = Event::NoteHidden { note, reason: Some(reason.to_owned()) };
            found.push(Outcome { texts, ..Outcome::plain(event) });
        }
        for (item, objection, line) in self.objection_lines() {
            if is_over(line, &found) {
                return (found, true);
            }
            if deleted.trace(line) == Trace::Nothing {
                continue;
            }
            let texts = vec![TextChange::Delete(TextRow::Objection(objection))];
            found.push(Outcome { texts, ..Outcome::plain(Event::ObjectionHidden { item, objection }) });
        }
        (found, false)
    }
}
