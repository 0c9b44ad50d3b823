//! Has a document room for the words that a command would put in it (rule B7)? Its room counts them; people are told before.

use std::collections::HashMap;

use proto::api::consultation::{ConsultationState, Fullness};
use proto::command::Action;
use proto::ids::{DocumentName, IdeaId};
use proto::problem::{Code, Problem};

use crate::consultation::{IdeaWords, Plan};
use crate::live::state::batch::Batch;
use crate::live::state::effect::Effect;
use crate::live::state::{Env, Live};
use crate::room::DocumentSize;

/// How much each document shows. A room that is loaded counts anew; until then what the consultation knows of its words counts,
/// and what was let through since.
#[derive(Debug, Default)]
pub(in crate::live::state) struct DocumentSizes {
    sizes: HashMap<DocumentName, DocumentSize>,
}

impl DocumentSizes {
    fn units(&self, document: DocumentName) -> u64 {
        self.sizes.get(&document).map_or(0, DocumentSize::units)
    }
}

impl Live {
    /// The size of a document, for its room to count in.
    pub fn size_of(&mut self, document: DocumentName, plan: &Plan) -> DocumentSize {
        self.sizes.sizes.entry(document).or_insert_with(|| size_of_plan(plan)).clone()
    }

    /// Refuses a command whose words have no room on their board or on the list. What is not on a board yet counts when it
    /// comes there. A room that is not live is loaded, so that it counts.
    pub(in crate::live::state) fn words_fit(
        &mut self,
        action: &Action,
        batch: &mut Batch,
        env: &Env<'_>,
    ) -> Result<(), Problem> {
        let Some((document, more)) = self.words_of(action).filter(|(_, more)| *more > 0) else {
            return Ok(());
        };
        let (most, full) = match document {
            DocumentName::Board(_) => (env.limits.room.board_units_max, Code::BoardFull),
            DocumentName::Plenary(_) | DocumentName::Consultation(_) => {
                (env.limits.room.list_units_max, Code::ListFull)
            }
        };
        let size = match self.sizes.sizes.get(&document) {
            Some(size) => size.clone(),
            None => {
                batch.follow(Effect::Load(document));
                let plan = self.plan_of(document);
                self.size_of(document, &plan)
            }
        };
        if size.units().saturating_add(more) > most {
            return Err(Problem::new(full));
        }
        size.add(more);
        Ok(())
    }

    /// What a document must show.
    #[must_use]
    pub fn plan_of(&self, document: DocumentName) -> Plan {
        match document {
            DocumentName::Board(group) => self.consultation.board_plan(group),
            DocumentName::Plenary(_) | DocumentName::Consultation(_) => self.consultation.plenary_plan(),
        }
    }

    /// Says in a state which boards, and whether the list, are full of words, or nearly.
    pub(in crate::live::state) fn count_fullness(&self, state: &mut ConsultationState, env: &Env<'_>) {
        let room = &env.limits.room;
        for group in &mut state.groups {
            let units = self.sizes.units(DocumentName::Board(group.id));
            group.fullness = group.fullness.max(Fullness::of(units, room.board_units_max));
        }
        let units = self.sizes.units(DocumentName::Plenary(self.consultation.id()));
        state.list_fullness = state.list_fullness.max(Fullness::of(units, room.list_units_max));
    }

    /// Nobody types in texts any more. Are there so many words that people must be told?
    pub(in crate::live::state) fn note_fullness(&mut self, env: &Env<'_>) {
        let room = &env.limits.room;
        let many = self.sizes.sizes.iter().any(|(document, size)| {
            let most = match document {
                DocumentName::Board(_) => room.board_units_max,
                DocumentName::Plenary(_) | DocumentName::Consultation(_) => room.list_units_max,
            };
            Fullness::of(size.units(), most).is_some()
        });
        if many {
            self.presence_changed(env);
        }
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
            return Some((self.board_of(*idea)?, units(earlier).saturating_sub(units(now.text()))));
        }
        if let Action::Edit { idea, text, .. } = action {
            let before = units(&self.consultation.ideas().get(idea)?.words().text);
            return Some((self.board_of(*idea)?, units(text).saturating_sub(before)));
        }
        if let Action::Promote { idea, on: true, .. } = action {
            // The group's wording begins with the words of the idea.
            return Some((self.board_of(*idea)?, units(self.consultation.ideas().get(idea)?.text())));
        }
        let (Action::Unhide { idea, .. } | Action::Admit { idea, .. }) = action else { return None };
        let words = self.consultation.ideas().get(idea)?.words();
        Some((self.board_of(*idea)?, units_of(&words)))
    }

    fn board_of(&self, idea: IdeaId) -> Option<DocumentName> {
        self.consultation.ideas().get(&idea).map(|idea| DocumentName::Board(idea.group()))
    }
}

/// The words that a document shows, as far as its consultation knows before its room has counted them.
fn size_of_plan(plan: &Plan) -> DocumentSize {
    let size = DocumentSize::default();
    if let Plan::Board { ideas, .. } = plan {
        size.set(ideas.iter().map(|idea| units_of(&idea.words)).sum());
    }
    size
}

fn units_of(words: &IdeaWords) -> u64 {
    let others = words
        .entry
        .as_deref()
        .into_iter()
        .chain(words.tr.values().map(|translation| translation.text.as_str()));
    units(&words.text).saturating_add(others.map(units).sum())
}

fn units(text: &str) -> u64 {
    text.encode_utf16().count() as u64
}
