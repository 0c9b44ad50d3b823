//! Does the list show its newest version, or the draft of the next one (rule C37)?
//!
//! All of it is compared when there is a new version, a new run, or when the room is loaded; an edit makes it a draft without comparing.

use super::{RoomState, RoomTurn};
use crate::consultation::{VersionShown, words_hash};
use crate::room::document::DocumentError;

impl RoomState {
    /// Compares the list with this version, and says what it shows.
    pub(super) fn compare_with(
        &mut self,
        version: &VersionShown,
        turn: &mut RoomTurn,
    ) -> Result<(), DocumentError> {
        let same = !version.voted && words_hash(&self.document.plenary(self.consultation)) == version.words;
        self.shows_version = same.then(|| version.clone());
        turn.show(self.document.set_draft(!same)?, None);
        Ok(())
    }

    /// Something else is shown, perhaps.
    pub(super) fn compare_again(&mut self, turn: &mut RoomTurn) -> Result<(), DocumentError> {
        match self.shows_version.clone() {
            Some(version) => self.compare_with(&version, turn),
            None => Ok(()),
        }
    }

    /// People have written something.
    pub(super) fn note_edit_of_version(&mut self, turn: &mut RoomTurn) -> Result<(), DocumentError> {
        if self.shows_version.take().is_some() {
            turn.show(self.document.set_draft(true)?, None);
        }
        Ok(())
    }
}
