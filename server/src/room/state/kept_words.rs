//! Words that leave the document: deleted ones and what resembles them (rule C25), and those of hidden ideas, which are kept.

use proto::ids::IdeaId;

use super::{RoomState, RoomTurn};
use crate::consultation::IdeaWords;
use crate::journal::{Scrub, TextChange, TextRow};
use crate::room::document::DocumentError;

impl RoomState {
    /// The words of an idea were deleted: they leave what people wrote for the list, and the row that kept them until now.
    pub(super) fn follow_words(
        &mut self,
        id: IdeaId,
        words: &[String],
        turn: &mut RoomTurn,
    ) -> Result<(), DocumentError> {
        let before = self.doubtful.clone();
        turn.show(self.document.follow_words(words, &mut self.doubtful)?, None);
        turn.scrub = Some(Scrub::Now);
        turn.texts.push(TextChange::Delete(TextRow::Following(id)));
        if self.doubtful != before {
            self.note_doubtful(turn);
        }
        Ok(())
    }

    /// Staff say what becomes of a text that was taken off; one that is settled already stays as it is.
    pub(super) fn settle_text(
        &mut self,
        name: &str,
        keep: bool,
        turn: &mut RoomTurn,
    ) -> Result<(), DocumentError> {
        let words = self.doubtful.remove(name);
        if let Some(words) = &words {
            turn.show(self.document.settle(name, Some(words.as_str()).filter(|_| keep))?, None);
            self.note_doubtful(turn);
        }
        if !keep {
            turn.scrub = Some(Scrub::Now);
        }
        Ok(())
    }

    /// Writes down what was taken off. The row that was goes first: it may hold words that are deleted now.
    pub(super) fn note_doubtful(&self, turn: &mut RoomTurn) {
        turn.texts.push(TextChange::Delete(TextRow::Doubtful));
        if !self.doubtful.is_empty() {
            let row = serde_json::to_string(&self.doubtful).unwrap_or_default();
            turn.texts.push(TextChange::Put(TextRow::Doubtful, row));
        }
    }

    /// What was taken off the list before this room was loaded, as its row says it.
    pub fn load_doubtful(&mut self, row: &str) {
        self.doubtful = serde_json::from_str(row).unwrap_or_default();
    }

    /// Keeps the words of an idea that is hidden: in its rows, here, and with its consultation.
    pub(super) fn keep(&mut self, id: IdeaId, words: IdeaWords, turn: &mut RoomTurn) {
        if crate::seeded_defects::is("hidden-words-lost") {
            return;
        }
        let translations = serde_json::to_string(&words.tr).unwrap_or_default();
        turn.texts.push(TextChange::Put(TextRow::Idea(id), words.text.to_string()));
        turn.texts.push(if words.tr.is_empty() {
            TextChange::Delete(TextRow::Translations(id))
        } else {
            TextChange::Put(TextRow::Translations(id), translations)
        });
        turn.texts.push(match &words.entry {
            None => TextChange::Delete(TextRow::Entry(id)),
            Some(entry) => TextChange::Put(TextRow::Entry(id), entry.to_string()),
        });
        turn.kept.push((id, words.clone()));
        self.hidden.insert(id, words);
    }

    /// Forgets the words of an idea for good, also those that a moment ago were to be kept.
    pub(super) fn forget(&mut self, id: IdeaId, turn: &mut RoomTurn) {
        if self.document.words_of(id).is_some() {
            turn.scrub = Some(Scrub::Now);
        }
        self.hidden.remove(&id);
        turn.kept.retain(|(kept, _)| *kept != id);
        turn.texts.extend(
            [TextRow::Idea(id), TextRow::Entry(id), TextRow::Translations(id)].map(TextChange::Delete),
        );
    }
}
