//! The last merge run: how it becomes the list, how ideas leave it, and what was noticed beside it.

use std::collections::HashSet;
use std::sync::Arc;

use proto::api::ledger::Worded;
use proto::api::translations::Translation;
use proto::gate::{StatementPart, TextKey};
use proto::ids::IdeaId;
use proto::role::Role;

use crate::clock::Millis;
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::event::record::Stamp;
use crate::consultation::hash::Hash32;
use crate::consultation::projection::{PlenaryWrite, RunFacts, Write};
use crate::consultation::state::{Consultation, NewWords};
use crate::journal::{TextChange, TextRow};

/// The last merge run, and the lot that it breaks ties by.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// Drawn once.
    lot: Option<Hash32>,
    /// The number of the last run; 0: there was none.
    run: u32,
    facts: Option<Arc<RunFacts>>,
}

impl Consultation {
    /// The lot for ties, once it is drawn.
    #[must_use]
    pub const fn lot(&self) -> Option<Hash32> {
        self.plenary_list().runs.lot
    }

    /// The last merge run's number.
    #[must_use]
    pub const fn run(&self) -> u32 {
        self.plenary_list().runs.run
    }

    /// The last merge run.
    #[must_use]
    pub const fn run_facts(&self) -> Option<&Arc<RunFacts>> {
        self.plenary_list().runs.facts.as_ref()
    }

    /// The lot is drawn, if it was not drawn before.
    pub(in crate::consultation) fn draw_lot(&mut self, lot: Option<Hash32>) {
        let runs = &mut self.plenary_list_mut().runs;
        runs.lot = runs.lot.or(lot);
    }

    /// A run becomes the list. Its facts come with it, or, at load, with their row.
    pub(in crate::consultation) fn take_run(
        &mut self,
        run: u32,
        lot: Option<Hash32>,
        facts: Option<&Arc<RunFacts>>,
    ) -> Vec<Write> {
        self.draw_lot(lot);
        let runs = &mut self.plenary_list_mut().runs;
        runs.run = run;
        let Some(facts) = facts else { return Vec::new() };
        runs.facts = Some(Arc::clone(facts));
        self.mark_all_responses();
        vec![Write::Plenary(PlenaryWrite::Run(Arc::clone(facts)))]
    }

    /// The row of the last run, at load.
    pub(in crate::consultation) fn load_run(&mut self, row: &str) {
        let facts = serde_json::from_str(row).ok().map(|mut facts: RunFacts| {
            facts.items.iter_mut().for_each(|(_, facts)| facts.number_from_rank());
            Arc::new(facts)
        });
        self.plenary_list_mut().runs.facts = facts;
    }

    /// The row of the list without these ideas, if it mentions any.
    pub(in crate::consultation) fn list_without(&self, ids: &[IdeaId]) -> Option<TextChange> {
        let run = self.run_without(ids)?;
        Some(TextChange::Put(TextRow::Run, serde_json::to_string(&run).unwrap_or_default()))
    }

    /// Takes ideas off the list at once, whatever they were part of.
    pub(in crate::consultation) fn leave_list(&mut self, ids: &[IdeaId]) -> Option<Write> {
        let facts = Arc::new(self.run_without(ids)?);
        self.plenary_list_mut().runs.facts = Some(Arc::clone(&facts));
        Some(Write::Plenary(PlenaryWrite::Run(facts)))
    }

    /// The row of the list with an idea's words in another language, if an entry has its words.
    pub(in crate::consultation) fn list_translated(
        &self,
        idea: IdeaId,
        lang: &str,
        translation: &Translation,
    ) -> Option<TextChange> {
        let (_, run) = self.run_facts()?.translated(idea, lang, translation)?;
        Some(TextChange::Put(TextRow::Run, serde_json::to_string(&run).unwrap_or_default()))
    }

    /// The entry that has an idea's words has them in another language, also while the list stands still.
    pub(in crate::consultation) fn translate_on_list(
        &mut self,
        idea: IdeaId,
        lang: &str,
        translation: &Arc<Translation>,
    ) -> Option<Write> {
        let (item, run) = self.run_facts()?.translated(idea, lang, translation)?;
        self.plenary_list_mut().runs.facts = Some(Arc::new(run));
        Some(Write::Plenary(PlenaryWrite::Translate(item, lang.to_owned(), Arc::clone(translation))))
    }

    fn run_without(&self, ids: &[IdeaId]) -> Option<RunFacts> {
        let run = self.run_facts()?;
        let gone: HashSet<IdeaId> = ids.iter().copied().collect();
        let named = run.sources().any(|source| gone.contains(&source.idea));
        let kept_off = || run.kept_off.values().flatten().any(|idea| gone.contains(idea));
        let concerned = named || ids.iter().any(|id| run.beyond.contains_key(id)) || kept_off();
        concerned.then(|| run.without(&gone))
    }

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
        let new = found.filter(|(idea, _)| !self.is_passed_over(*idea)).take(most);
        let stamp = Stamp::now(Role::Moderator, now);
        new.map(|(idea, than)| (Event::PassedOver { idea, than }, stamp)).collect()
    }

    /// Somebody of the staff wrote in a text: a line of the ledger.
    #[must_use]
    pub fn decide_worded(&self, by: Role, text: TextKey, now: Millis) -> (Event, Stamp) {
        let (what, idea, lang) = match text {
            TextKey::Idea(idea) => (Worded::Idea, Some(idea), None),
            TextKey::Entry(idea) => (Worded::Entry, Some(idea), None),
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
    (a.rule, a.weights) == (b.rule, b.weights)
        && (&a.items, &a.order, &a.audit, &a.kept_off) == (&b.items, &b.order, &b.audit, &b.kept_off)
}
