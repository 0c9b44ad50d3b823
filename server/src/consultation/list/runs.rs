//! What a merge run and what was noticed beside it mean as events.

use std::sync::Arc;

use proto::api::ledger::Worded;
use proto::gate::{StatementPart, TextKey};
use proto::ids::IdeaId;
use proto::role::Role;

use crate::clock::Millis;
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::event_record::{Hash32, Stamp};
use crate::consultation::projection::RunFacts;
use crate::consultation::state::{Consultation, NewWords};
use crate::journal::{TextChange, TextRow};

impl Consultation {
    /// A run that becomes the list. `lot` is the lot if it was drawn for this run.
    #[must_use]
    pub fn decide_run(&self, facts: Arc<RunFacts>, lot: Option<Hash32>) -> Outcome {
        let json = serde_json::to_string(&*facts).unwrap_or_default();
        Outcome {
            event: Event::Merged { run: facts.run, lot },
            texts: vec![TextChange::Put(TextRow::Run, json)],
            files: Vec::new(),
            words: NewWords { run: Some(facts), ..NewWords::default() },
        }
    }

    /// Ideas that a run found passed over, as (idea, promoted idea with fewer votes), for everybody to read in the ledger: it is
    /// the group's moderators who promote. Once for each idea, and at most `most`: the next run notes the others.
    #[must_use]
    pub fn decide_passed_over(
        &self,
        found: impl Iterator<Item = (IdeaId, IdeaId)>,
        most: usize,
        now: Millis,
    ) -> Vec<(Event, Stamp)> {
        let new = found.filter(|(idea, _)| !self.passed_over.contains(idea)).take(most);
        let stamp = Stamp::now(Role::Moderator, now);
        new.map(|(idea, than)| (Event::PassedOver { idea, than }, stamp)).collect()
    }

    /// Somebody of the staff wrote in a text: a line of the ledger.
    #[must_use]
    pub fn decide_worded(&self, by: Role, text: TextKey, now: Millis) -> (Event, Stamp) {
        let (what, idea, lang) = match text {
            TextKey::Idea(idea) => (Worded::Idea, Some(idea), None),
            TextKey::IdeaTranslation(idea, lang) => (Worded::Translation, Some(idea), Some(lang.into())),
            TextKey::Wording(item) => (Worded::Wording, Some(item), None),
            TextKey::Note(item) => (Worded::Note, Some(item), None),
            TextKey::ItemTranslation(item, lang) => {
                (Worded::WordingTranslation, Some(item), Some(lang.into()))
            }
            TextKey::Statement(StatementPart::Opening) => (Worded::Opening, None, None),
            TextKey::Statement(StatementPart::Summary) => (Worded::Summary, None, None),
            TextKey::Statement(StatementPart::Closing) => (Worded::Closing, None, None),
        };
        (Event::Worded { what, idea, lang }, Stamp::now(by, now))
    }
}

/// Would nobody see a difference between two runs? Then the list that is there stays.
#[must_use]
pub fn shows_the_same(a: &RunFacts, b: &RunFacts) -> bool {
    (a.rule, a.weights, &a.items, &a.order, &a.audit) == (b.rule, b.weights, &b.items, &b.order, &b.audit)
}
