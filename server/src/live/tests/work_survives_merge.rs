//! Whatever happens to ideas, votes and decisions: what people wrote for an entry is still there after every run, and the
//! words of an idea that was taken back are nowhere but in it.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proto::command::Action;
use proto::ids::{ClientId, DocumentName, Epoch, IdeaId};
use proto::plenary::{ITEMS, PlenaryView, item};
use uuid::Uuid;
use yrs::{Map, Out, Text, WriteTxn};

use crate::consultation::{Event, NewWords, Write};
use crate::live::state::merge::run::{MergeInput, compute};
use crate::live::tests::rapporteurs_converge::{Stage, TEXTS, apply, boards, idea, keyed, stage};
use crate::room::LiveDocument;

/// Something that happens in a plenary.
#[derive(Clone, Debug)]
enum Happening {
    /// Somebody of the staff decides.
    Outcome(Action),
    /// An idea is taken back.
    Withdrawn(usize),
    /// A run is made.
    Merged,
    /// Somebody writes in the wording, or in the note, of the entry at this place.
    Wrote(usize, bool),
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let happening = prop_oneof![
        3 => keyed().prop_map(Happening::Outcome),
        1 => (0..TEXTS.len()).prop_map(Happening::Withdrawn),
        3 => Just(Happening::Merged),
        2 => (0..TEXTS.len(), any::<bool>()).prop_map(|(at, note)| Happening::Wrote(at, note)),
    ];
    prop::collection::vec(happening, 1..24)
}

/// The plenary with its document.
struct Plenary {
    stage: Stage,
    document: LiveDocument,
    /// Item → what was written in its wording and in its note.
    written: BTreeMap<IdeaId, [String; 2]>,
}

impl Plenary {
    fn view(&self) -> PlenaryView {
        self.document.plenary(self.stage.consultation.id())
    }

    fn apply(&mut self, event: Event, words: &NewWords) {
        for write in apply(&mut self.stage.consultation, event, words) {
            if let Write::Plenary(write) = write {
                self.document.write_plenary(&write).unwrap();
            }
        }
    }

    fn happen(&mut self, happening: &Happening) {
        match happening {
            Happening::Outcome(action) => self.stage.decide(&(0, action.clone())),
            Happening::Withdrawn(n) => {
                self.apply(Event::Withdrawn { idea: idea(*n) }, &NewWords::default());
                self.stage.boards = boards(&self.stage.consultation);
            }
            Happening::Merged => self.merge(),
            Happening::Wrote(at, note) => self.write(*at, *note),
        }
    }

    fn merge(&mut self) {
        let prepared = MergeInput::of(&self.stage.consultation, None, &crate::config::Limits::default());
        let facts = compute(prepared, &self.stage.boards, &self.view()).unwrap().facts;
        let event = Event::Merged { run: facts.run, lot: None };
        self.apply(event, &NewWords { run: Some(facts.into()), ..NewWords::default() });
    }

    fn write(&mut self, at: usize, note: bool) {
        let items = self.view().items;
        let Some(chosen) = items.get(at % items.len().max(1)).map(|item| item.id) else { return };
        let key = if note { item::NOTE } else { item::WORDING };
        let letters = format!("written {at} ");
        let typed = self.document.write(|txn| {
            let items = txn.get_or_insert_map(ITEMS);
            let Some(Out::YMap(map)) = items.get(txn, &chosen.to_string()) else { return };
            if let Some(Out::YText(text)) = map.get(txn, key) {
                text.insert(txn, 0, &letters);
            }
        });
        typed.unwrap();
        self.written.entry(chosen).or_default()[usize::from(note)].insert_str(0, &letters);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_edit_is_still_there_after_every_run_and_deleting_a_source_leaves_the_text(all in happenings()) {
        let consultation = stage().consultation.id();
        let name = DocumentName::Plenary(consultation);
        let document = LiveDocument::begin(name, Epoch(Uuid::nil()), ClientId(1 << 33));
        let mut plenary = Plenary { stage: stage(), document, written: BTreeMap::new() };
        plenary.merge();
        for happening in &all {
            plenary.happen(happening);
            let view = plenary.view();
            for (id, [wording, note]) in &plenary.written {
                let item = view.items.iter().find(|item| item.id == *id);
                let item = item.ok_or_else(|| TestCaseError::fail(format!("{id} is gone after {happening:?}")))?;
                prop_assert_eq!((&item.wording, &item.note), (wording, note), "after {:?}", happening);
            }
            let ideas = plenary.stage.consultation.ideas();
            let sources = view.items.iter().flat_map(|item| &item.facts.sources);
            for source in sources {
                prop_assert!(ideas.contains_key(&source.idea), "{} was taken back", source.idea);
            }
            for item in &view.items {
                let says = item.facts.text.is_empty() || ideas.values().any(|idea| *idea.text() == *item.facts.text);
                prop_assert!(says, "{} has words that were taken back", item.id);
            }
        }
    }
}
