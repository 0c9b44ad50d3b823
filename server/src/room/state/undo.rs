//! Undoing what a closed seat wrote, and finding whose seat writes somewhere.
//!
//! In every text of the board alike: whether the seat shared an idea is not known here, and must not be seen by what
//! becomes of it.

use proto::gate::TextKey;
use proto::ids::{ClientId, IdeaId};

use super::super::document::DocumentError;
use super::{RoomState, RoomTurn};
use crate::journal::SeatKey;
use crate::room::idle_texts::IdleText;

/// The idea that a text of a board belongs to.
pub(super) const fn idea_of(text: &TextKey) -> Option<IdeaId> {
    match text {
        TextKey::Idea(id) | TextKey::Entry(id) | TextKey::IdeaTranslation(id, _) => Some(*id),
        TextKey::Wording(_) | TextKey::Note(_) | TextKey::ItemTranslation(..) | TextKey::Statement(_) => None,
    }
}

impl RoomState {
    /// Locks an idea's text, or opens it.
    pub(super) fn lock(&mut self, idea: IdeaId, on: bool) {
        let _ = if on { self.locked.insert(idea) } else { self.locked.remove(&idea) };
    }

    /// What an idea says.
    #[must_use]
    pub fn quiet_words(&self, idea: IdeaId) -> Option<IdleText> {
        let text = self.document.text_of(&TextKey::Idea(idea))?;
        Some(IdleText { idea, text })
    }

    /// Nobody has written in this idea for a while.
    pub fn quiet(&mut self, idea: IdeaId) {
        self.writers.quiet(&TextKey::Idea(idea));
    }

    /// The server is about to give an idea other words: those that go are kept, and no seat wrote alone any more.
    pub(super) fn is_rewritten(&mut self, idea: IdeaId, turn: &mut RoomTurn) {
        let text = TextKey::Idea(idea);
        turn.going.extend(self.quiet_words(idea));
        let document = &self.document;
        self.writers.writes(&text, None, || document.text_of(&text).unwrap_or_default());
    }

    /// Whose seat writes in this idea under this id: that of a page's letters, or the one under which it is said to edit.
    pub(super) fn who_writes(&self, idea: IdeaId, writer: ClientId) -> Option<SeatKey> {
        if let Some(page) = self.presence.editor(writer, idea) {
            return self.bindings.get(&page).copied();
        }
        let wrote =
            |text: &&TextKey| idea_of(text) == Some(idea) && self.document.index.wrote_in(text, writer);
        self.document.index.keys().find(wrote).and_then(|_| self.bindings.get(&writer)).copied()
    }

    /// Takes what a seat wrote out of every text of the board.
    pub(super) fn undo(&mut self, seat: SeatKey, turn: &mut RoomTurn) -> Result<(), DocumentError> {
        let pages: Vec<ClientId> =
            self.bindings.iter().filter(|(_, bound)| **bound == seat).map(|(page, _)| *page).collect();
        let mut texts: Vec<TextKey> = self.document.index.keys().cloned().collect();
        texts.sort_unstable();
        let letters = self.document.index.letters_of(&pages);
        // Most texts of a large board are not the seat's.
        let concerns =
            |text: &TextKey| self.document.index.has_letters(text, &letters) || self.writers.know(text, seat);
        texts.retain(concerns);
        for text in texts {
            let before = self.document.text_of(&text);
            // What was there before the seat came has letters of it if it wrote there before the room was loaded.
            let index = &self.document.index;
            let wrote_before = index.has_letters_before(&text, &letters, &self.clocks_at_load);
            let words = self.writers.undo(&text, seat).filter(|_| !wrote_before);
            // Its letters go first: the comparison with what was there before takes equal letters for each other, and would leave
            // a letter of the seat in the place of somebody else's.
            if let Some(erasure) = self.document.index.erasure(&text, &letters) {
                turn.show(self.document.erase(&erasure)?, None);
            }
            if let Some(words) = words {
                turn.show(self.document.rewrite(&text, &words)?, None);
            }
            let changed = before != self.document.text_of(&text);
            if let (true, TextKey::Idea(idea), Some(before)) = (changed, &text, before) {
                turn.going.push(IdleText { idea: *idea, text: before });
                turn.wrote.insert(*idea);
            }
        }
        Ok(())
    }
}
