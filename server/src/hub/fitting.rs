//! Has a board room for the words that a command would put on it (rule B7)? Its room counts them; people are told before.

use proto::api::consultation::{ConsultationState, Fullness};
use proto::command::Action;
use proto::ids::{DocumentName, IdeaId};
use proto::problem::{Code, Problem};

use super::task::Task;
use crate::consultation::{Event, IdeaPlan, Plan};
use crate::room::RoomHandle;

impl Task {
    /// Refuses a command whose words have no room on their board or on the list. What is not on a board yet counts when it
    /// comes there. A room that is not live is loaded: until it has counted, what its consultation knows of its words counts,
    /// and what was let through since.
    pub(super) fn words_fit(&mut self, action: &Action) -> Result<(), Problem> {
        let Some((document, more)) = self.words_of(action).filter(|(_, more)| *more > 0) else {
            return Ok(());
        };
        let (most, full) = match document {
            DocumentName::Board(_) => (self.limits.room.board_units_max, Code::BoardFull),
            DocumentName::Plenary(_) | DocumentName::Consultation(_) => {
                (self.limits.room.list_units_max, Code::ListFull)
            }
        };
        let room = self.room(document);
        if room.units().saturating_add(more) > most {
            return Err(Problem::new(full));
        }
        room.count_more(more);
        Ok(())
    }

    /// Says of a state which boards, and whether the list, are full of words, or nearly.
    pub(super) fn count_words(&self, state: &mut ConsultationState) {
        let room = &self.limits.room;
        for group in &mut state.groups {
            let words = Fullness::of(self.units_on(DocumentName::Board(group.id)), room.board_units_max);
            group.fullness = group.fullness.max(words);
        }
        let plenary = DocumentName::Plenary(self.consultation.id());
        let words = Fullness::of(self.units_on(plenary), room.list_units_max);
        state.list_fullness = state.list_fullness.max(words);
    }

    /// How full that is to which this event adds something, or of which it takes something.
    pub(super) fn fullness_after(&self, event: &Event) -> Option<Fullness> {
        if let Event::Shared { group, .. } = event {
            self.consultation.fullness(*group)
        } else if let Event::Promoted { .. } = event {
            self.consultation.list_fullness()
        } else {
            None
        }
    }

    /// Texts have become quiet. Are there so many words that people must be told?
    pub(super) fn note_words(&mut self) {
        let room = &self.limits.room;
        let many = self.rooms.values().any(|handle| {
            let most = match handle.document {
                DocumentName::Board(_) => room.board_units_max,
                DocumentName::Plenary(_) | DocumentName::Consultation(_) => room.list_units_max,
            };
            Fullness::of(handle.units(), most).is_some()
        });
        if many {
            self.presence_changed();
        }
    }

    fn units_on(&self, document: DocumentName) -> u64 {
        self.rooms.get(&document).map_or(0, RoomHandle::units)
    }

    /// The document in which a command puts words, and by how many UTF-16 units it grows.
    fn words_of(&self, action: &Action) -> Option<(DocumentName, u64)> {
        if let Action::Share(share) = action {
            return Some((DocumentName::Board(share.group), units(&share.text)));
        }
        if let Action::Translate { idea, text, .. } = action {
            return Some((self.board_of(*idea)?, units(text)));
        }
        if let Action::Reword { item } = action {
            let items = &self.consultation.run_facts()?.items;
            let (_, facts) = items.iter().find(|(id, _)| id == item)?;
            return Some((DocumentName::Plenary(self.consultation.id()), units(&facts.text)));
        }
        if let Action::Restore { idea, wording } = action {
            let earlier = self.consultation.wording(*idea, *wording)?;
            let now = self.consultation.ideas().get(idea)?;
            return Some((self.board_of(*idea)?, units(earlier).saturating_sub(units(&now.text))));
        }
        if let Action::Edit { idea, text, .. } = action {
            let before = units(&self.consultation.ideas().get(idea)?.words().text);
            return Some((self.board_of(*idea)?, units(text).saturating_sub(before)));
        }
        let (Action::Unhide { idea, .. } | Action::Admit { idea, .. }) = action else { return None };
        let words = self.consultation.ideas().get(idea)?.words();
        let translated: u64 = words.tr.values().map(|text| units(text)).sum();
        Some((self.board_of(*idea)?, units(&words.text).saturating_add(translated)))
    }

    fn board_of(&self, idea: IdeaId) -> Option<DocumentName> {
        self.consultation.ideas().get(&idea).map(|idea| DocumentName::Board(idea.group))
    }
}

/// The words that a document shows, as far as its consultation knows before its room has counted them.
pub(super) fn units_of(plan: &Plan) -> u64 {
    let Plan::Board { ideas, .. } = plan else { return 0 };
    let of = |idea: &IdeaPlan| {
        let translated: u64 = idea.words.tr.values().map(|text| units(text)).sum();
        units(&idea.words.text).saturating_add(translated)
    };
    ideas.iter().map(of).sum()
}

fn units(text: &str) -> u64 {
    text.encode_utf16().count() as u64
}
