//! Which ideas of a board say nothing now, because people deleted their words together.
//!
//! The room sees it, the consultation must know it: nobody votes on such an idea or promotes it until it says something
//! again. The room tells the whole set whenever it changes, and once when it is loaded, so that a lost report does no harm.

use std::collections::BTreeSet;

use proto::gate::TextKey;
use proto::ids::IdeaId;
use proto::text::letters::is_empty;

use super::{RoomState, RoomTurn};
use crate::consultation::{BoardWrite, IdeaPlan};
use crate::room::RoomWrite;

/// Ideas without words, and whether the consultation was told so.
#[derive(Debug, Default)]
pub(super) struct EmptyIdeas {
    ideas: BTreeSet<IdeaId>,
    told: bool,
}

impl RoomTurn {
    /// The server puts an idea on the board, takes it off or gives it other words.
    pub(super) fn note_rewritten(&mut self, write: &RoomWrite) {
        if let RoomWrite::Board(
            BoardWrite::Put(IdeaPlan { id, .. })
            | BoardWrite::Remove(id)
            | BoardWrite::Hide(id)
            | BoardWrite::SetText(id, _),
        ) = write
        {
            self.rewritten.insert(*id);
        }
    }
}

impl RoomState {
    /// Looks at every idea: the document was loaded.
    pub(super) fn find_empty(&mut self) {
        let words = self.document.words();
        let empty = words.into_iter().filter(|(_, words)| is_empty(&words.text)).map(|(id, _)| id);
        self.empty = EmptyIdeas { ideas: empty.collect(), told: false };
    }

    /// Looks at the ideas whose words may be others after this turn.
    pub(super) fn note_empty(&mut self, turn: &RoomTurn) {
        for idea in turn.wrote.union(&turn.rewritten) {
            let text = self.document.text_of(&TextKey::Idea(*idea));
            let changed = match text {
                Some(text) if is_empty(&text) => self.empty.ideas.insert(*idea),
                Some(_) | None => self.empty.ideas.remove(idea),
            };
            self.empty.told &= !changed;
        }
    }

    /// The ideas that say nothing, if the consultation must be told; `tell` says whether it was.
    pub fn tell_empty(&mut self, tell: impl FnOnce(BTreeSet<IdeaId>) -> bool) {
        if !self.empty.told {
            self.empty.told = tell(self.empty.ideas.clone());
        }
    }
}
