//! What only the server writes into a document: boards and the plenary, as the consultation decided.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use proto::api::consultation::IdeaState;
use proto::board::{ABOUT, IDEAS, about, idea};
use proto::gate::TextKey;
use proto::ids::IdeaId;
use proto::phase::Phase;
use proto::plenary::{ITEMS, STATEMENT, STATEMENT_PARTS, item};
use proto::text::letters::is_empty;
use yrs::encoding::serde::to_any;
use yrs::{
    Any, GetString, Map, MapPrelim, MapRef, Out, ReadTxn, Text, TextPrelim, TextRef, TransactionMut, WriteTxn,
};

use super::read;
use super::traces::is_marked;
use super::values::{keys, set, set_text};
use super::{DocumentError, LiveDocument};
use crate::consultation::{BoardWrite, IdeaPlan, Plan, PlenaryWrite, RunFacts, VersionShown};
use crate::plenary::audit::told;
use crate::room::document::former_keys::drop_former_keys;
use crate::room::document::responses::show_responses;
use crate::room::document::translations::{put_translation, show_translation, show_translations};

impl LiveDocument {
    /// Brings the document to what its consultation says; texts that people work on stay as they are.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn reconcile(&mut self, plan: &Plan) -> Result<Option<Vec<u8>>, DocumentError> {
        let epoch = self.epoch.to_string();
        self.write(|txn| {
            let map = txn.get_or_insert_map(ABOUT);
            set(txn, &map, about::EPOCH, epoch);
            drop_former_keys(txn);
            match plan {
                Plan::Board { group, phase, ideas, card, .. } => {
                    set(txn, &map, about::GROUP, group.to_string());
                    set_board_phase(txn, *phase);
                    let shown = txn.get_or_insert_map(IDEAS);
                    let planned: HashSet<String> = ideas.iter().map(|idea| idea.id.to_string()).collect();
                    for id in keys(txn, &shown) {
                        if !planned.contains(&id) {
                            shown.remove(txn, &id);
                        }
                    }
                    let forgotten = crate::seeded_defects::is("reconcile-forgotten");
                    for idea in ideas.iter().filter(|_| !forgotten) {
                        put_idea(txn, idea);
                    }
                    set_card(txn, card);
                }
                Plan::Plenary { phase, run, frozen: (frozen, number), version, fixed, room, .. } => {
                    begin_statement(txn);
                    set_plenary_phase(txn, *phase);
                    set_frozen(txn, *frozen, *number);
                    if let Some(run) = run {
                        show_run(txn, run);
                    }
                    note_voted(txn, fixed);
                    if let Some(version) = version {
                        set_version(txn, version);
                    }
                    show_responses(txn, room);
                }
            }
        })
    }

    /// Says of which epoch it is, and that no page has written in it.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn begin_epoch(&mut self) -> Result<Option<Vec<u8>>, DocumentError> {
        let epoch = self.epoch.to_string();
        self.write(|txn| {
            let map = txn.get_or_insert_map(ABOUT);
            set(txn, &map, about::EPOCH, epoch);
            if map.contains_key(txn, about::PAGES) {
                set(txn, &map, about::PAGES, 0i64);
            }
        })
    }

    /// Says how many pages have written here.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn count_pages(&mut self) -> Result<Option<Vec<u8>>, DocumentError> {
        let pages = self.index.pages();
        self.write(|txn| {
            let map = txn.get_or_insert_map(ABOUT);
            set(txn, &map, about::PAGES, i64::try_from(pages).unwrap_or(i64::MAX));
        })
    }

    /// Puts a new text with the same words in the place of this one.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn renew_text(&mut self, key: &TextKey) -> Result<Option<Vec<u8>>, DocumentError> {
        self.write(|txn| {
            let Some((map, name)) = home_of(txn, key) else { return };
            let Some(TextAt(worn)) = TextAt::get(txn, &map, &name) else { return };
            let words = worn.get_string(txn);
            map.insert(txn, name, TextPrelim::new(words));
        })
    }

    /// Gives a text other words.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn rewrite(&mut self, key: &TextKey, words: &str) -> Result<Option<Vec<u8>>, DocumentError> {
        self.write(|txn| {
            let Some((map, name)) = home_of(txn, key) else { return };
            if let Some(TextAt(text)) = TextAt::get(txn, &map, &name) {
                set_text(txn, &text, words);
            }
        })
    }

    /// Says whether it shows something else than its newest version.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn set_draft(&mut self, draft: bool) -> Result<Option<Vec<u8>>, DocumentError> {
        self.write(|txn| {
            let map = txn.get_or_insert_map(ABOUT);
            set(txn, &map, about::DRAFT, draft);
        })
    }

    /// Makes one change to a board.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn write_board(&mut self, write: &BoardWrite) -> Result<Option<Vec<u8>>, DocumentError> {
        self.write(|txn| match write {
            BoardWrite::Put(plan) => put_idea(txn, plan),
            BoardWrite::Remove(id) | BoardWrite::Hide(id) => {
                let ideas = txn.get_or_insert_map(IDEAS);
                ideas.remove(txn, &id.to_string());
            }
            BoardWrite::SetText(id, text) => {
                if let Some(TextAt(current)) =
                    idea_map(txn, *id).and_then(|map| TextAt::get(txn, &map, idea::TEXT))
                {
                    set_text(txn, &current, text);
                }
            }
            BoardWrite::Translate(id, language, translation) => {
                if let Some(map) = idea_map(txn, *id) {
                    put_translation(txn, &map, language, translation);
                }
            }
            BoardWrite::Tally(id, tally) => {
                if let Some(map) = idea_map(txn, *id) {
                    set(txn, &map, idea::TALLY, *tally);
                }
            }
            BoardWrite::State(id, state) => {
                if let Some(map) = idea_map(txn, *id) {
                    set(txn, &map, idea::STATE, state.as_str());
                    show_entry(txn, &map, *state, None);
                }
            }
            BoardWrite::Lock(id, on) => {
                if let Some(map) = idea_map(txn, *id) {
                    set(txn, &map, idea::LOCKED, *on);
                }
            }
            BoardWrite::Card(ideas) => set_card(txn, ideas),
            BoardWrite::Phase(phase) => set_board_phase(txn, *phase),
            // Not one write but several, by what the room knows of the seat (`undo`).
            BoardWrite::Undo(_) => {}
        })
    }

    /// Makes one change to the plenary.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn write_plenary(&mut self, write: &PlenaryWrite) -> Result<Option<Vec<u8>>, DocumentError> {
        self.write(|txn| match write {
            PlenaryWrite::Run(run) => show_run(txn, run),
            PlenaryWrite::Reword(id) => reword(txn, *id),
            PlenaryWrite::Frozen { on, version } => set_frozen(txn, *on, *version),
            PlenaryWrite::Responses { items, gone: _ } => show_responses(txn, items),
            PlenaryWrite::Translate(id, language, translation) => {
                show_translation(txn, *id, language, translation);
            }
            PlenaryWrite::Phase(phase) => set_plenary_phase(txn, *phase),
            PlenaryWrite::FixedWords(items) => note_voted(txn, items),
            PlenaryWrite::Version(version) => set_version(txn, version),
            // Several texts, by what they say; and what the room keeps of them (`traces`).
            PlenaryWrite::Follow(..) | PlenaryWrite::Settle(..) => {}
        })
    }
}

struct TextAt(TextRef);

impl TextAt {
    fn get(txn: &impl ReadTxn, map: &MapRef, key: &str) -> Option<Self> {
        match map.get(txn, key) {
            Some(Out::YText(text)) => Some(Self(text)),
            _ => None,
        }
    }
}

/// The map that holds a text, and the text's key in it.
fn home_of(txn: &mut TransactionMut<'_>, key: &TextKey) -> Option<(MapRef, String)> {
    let (root, id, path, name) = match key {
        TextKey::Idea(id) => (IDEAS, Some(id), None, idea::TEXT),
        TextKey::Entry(id) => (IDEAS, Some(id), None, idea::ENTRY),
        TextKey::IdeaTranslation(id, lang) => (IDEAS, Some(id), Some(idea::TRANSLATIONS), &**lang),
        TextKey::Wording(id) => (ITEMS, Some(id), None, item::WORDING),
        TextKey::Note(id) => (ITEMS, Some(id), None, item::NOTE),
        TextKey::ItemTranslation(id, lang) => (ITEMS, Some(id), Some(item::TRANSLATIONS), &**lang),
        TextKey::Statement(part) => (STATEMENT, None, None, part.key()),
    };
    let mut map = txn.get_or_insert_map(root);
    for step in id.map(ToString::to_string).into_iter().chain(path.map(str::to_owned)) {
        let Some(Out::YMap(inner)) = map.get(txn, &step) else { return None };
        map = inner;
    }
    Some((map, name.to_owned()))
}

fn set_board_phase(txn: &mut TransactionMut<'_>, phase: Phase) {
    let map = txn.get_or_insert_map(ABOUT);
    set(txn, &map, about::PHASE, phase.as_str());
    set(txn, &map, about::LOCK, !phase.board_is_open());
}

fn set_plenary_phase(txn: &mut TransactionMut<'_>, phase: Phase) {
    let map = txn.get_or_insert_map(ABOUT);
    set(txn, &map, about::PHASE, phase.as_str());
}

/// A list that was never frozen has no version.
fn set_frozen(txn: &mut TransactionMut<'_>, frozen: bool, version: u32) {
    if version > 0 {
        let map = txn.get_or_insert_map(ABOUT);
        set(txn, &map, about::FROZEN, frozen);
        set(txn, &map, about::VERSION, version);
    }
}

/// This is the newest version.
fn set_version(txn: &mut TransactionMut<'_>, version: &VersionShown) {
    let map = txn.get_or_insert_map(ABOUT);
    set(txn, &map, about::VERSION, version.number);
    set(txn, &map, about::VERSION_AT, i64::try_from(version.made_at).unwrap_or(i64::MAX));
    set(txn, &map, about::VERSION_SHA256, version.sha256.as_str());
}

/// Keeps what entries say at the moment at which everybody begins to vote on them; of one that had been voted on before it stays.
fn note_voted(txn: &mut TransactionMut<'_>, voted: &[IdeaId]) {
    let items = txn.get_or_insert_map(ITEMS);
    for id in voted {
        let Some(Out::YMap(map)) = items.get(txn, &id.to_string()) else { continue };
        if map.contains_key(txn, item::VOTED) {
            continue;
        }
        let wording = TextAt::get(txn, &map, item::WORDING).map(|TextAt(text)| text.get_string(txn));
        let words = match (wording, map.get(txn, "text")) {
            (Some(wording), _) if !is_empty(&wording) => wording,
            (_, Some(Out::Any(Any::String(text)))) => text.to_string(),
            _ => continue,
        };
        set(txn, &map, item::VOTED, words.as_str());
    }
}

fn idea_map(txn: &mut TransactionMut<'_>, id: IdeaId) -> Option<MapRef> {
    let ideas = txn.get_or_insert_map(IDEAS);
    match ideas.get(txn, &id.to_string()) {
        Some(Out::YMap(map)) => Some(map),
        _ => None,
    }
}

fn put_idea(txn: &mut TransactionMut<'_>, plan: &IdeaPlan) {
    let map = match idea_map(txn, plan.id) {
        Some(map) => map,
        None => {
            let ideas = txn.get_or_insert_map(IDEAS);
            let map = ideas.insert(txn, plan.id.to_string(), MapPrelim::default());
            map.insert(txn, idea::TEXT, TextPrelim::new(&*plan.words.text));
            map.insert(txn, idea::TRANSLATIONS, MapPrelim::default());
            map
        }
    };
    for (language, translation) in &plan.words.tr {
        put_translation(txn, &map, language, translation);
    }
    if plan.spoken {
        set(txn, &map, idea::SPOKEN, true);
    }
    let state: IdeaState = plan.state;
    set(txn, &map, idea::POINT, plan.point.to_string());
    set(txn, &map, idea::KIND, plan.kind.map(|kind| kind.as_str()));
    set(txn, &map, idea::LANG, plan.lang.as_str());
    set(txn, &map, idea::ORDER, plan.order);
    set(txn, &map, idea::TALLY, plan.tally);
    set(txn, &map, idea::STATE, state.as_str());
    show_entry(txn, &map, state, plan.words.entry.as_deref());
    // What was never combined, locked or given a kind says nothing of it.
    if plan.kind_proposed || map.contains_key(txn, idea::KIND_PROPOSED) {
        set(txn, &map, idea::KIND_PROPOSED, plan.kind_proposed);
    }
    if let Some(into) = plan.into {
        set(txn, &map, idea::INTO, into.to_string());
    } else if map.contains_key(txn, idea::INTO) {
        map.remove(txn, idea::INTO);
    }
    if plan.locked || map.contains_key(txn, idea::LOCKED) {
        set(txn, &map, idea::LOCKED, plan.locked);
    }
}

/// A promoted idea has a wording of its group, which begins with the words that were kept, else with those of the idea. What people
/// made of one that is there stays, also when the idea is taken back; one that says what its idea says goes.
fn show_entry(txn: &mut TransactionMut<'_>, map: &MapRef, state: IdeaState, kept: Option<&str>) {
    let there = TextAt::get(txn, map, idea::ENTRY).map(|TextAt(entry)| entry.get_string(txn));
    let text = TextAt::get(txn, map, idea::TEXT).map(|TextAt(text)| text.get_string(txn)).unwrap_or_default();
    match (state, there) {
        (IdeaState::Promoted, None) => {
            map.insert(txn, idea::ENTRY, TextPrelim::new(kept.unwrap_or(&text)));
        }
        (IdeaState::Shown, Some(entry)) if entry == text => {
            map.remove(txn, idea::ENTRY);
        }
        (IdeaState::Promoted | IdeaState::Shown | IdeaState::CombinedInto, _) => {}
    }
}

/// A card that was never ordered is not there.
fn set_card(txn: &mut TransactionMut<'_>, ideas: &[IdeaId]) {
    let map = txn.get_or_insert_map(ABOUT);
    if !ideas.is_empty() || map.contains_key(txn, about::GROUP_CARD_ORDER) {
        let ideas: Vec<Any> = ideas.iter().map(|idea| Any::from(idea.to_string())).collect();
        set(txn, &map, about::GROUP_CARD_ORDER, ideas);
    }
}

fn begin_statement(txn: &mut TransactionMut<'_>) {
    let statement = txn.get_or_insert_map(STATEMENT);
    for part in STATEMENT_PARTS {
        if statement.get(txn, part).is_none() {
            statement.insert(txn, part, TextPrelim::new(""));
        }
    }
}

fn reword(txn: &mut TransactionMut<'_>, id: IdeaId) {
    let items = txn.get_or_insert_map(ITEMS);
    let Some(Out::YMap(map)) = items.get(txn, &id.to_string()) else { return };
    let Some(TextAt(wording)) = TextAt::get(txn, &map, item::WORDING) else { return };
    if let Some(Out::Any(Any::String(words))) = map.get(txn, "text")
        && wording.len(txn) == 0
    {
        wording.insert(txn, 0, &words);
    }
}

/// Shows a run. What people wrote stays: an item that lost its place keeps its words, below the line, as an orphan.
fn show_run(txn: &mut TransactionMut<'_>, run: &Arc<RunFacts>) {
    let items = txn.get_or_insert_map(ITEMS);
    let listed: HashSet<String> = run.items.iter().map(|(item, _)| item.to_string()).collect();
    for id in keys(txn, &items) {
        if listed.contains(&id) {
            continue;
        }
        let Some(Out::YMap(map)) = items.get(txn, &id) else { continue };
        if read::has_words(txn, &map) || is_marked(txn, &id) {
            set(txn, &map, "status", "below");
            set(txn, &map, "tags", vec![Any::from("orphan")]);
            set(txn, &map, "sources", Vec::<Any>::new());
            set(txn, &map, "text", "");
            show_translations(txn, &map, &BTreeMap::new());
        } else {
            items.remove(txn, &id);
        }
    }
    for (id, facts) in &run.items {
        let key = id.to_string();
        let map = match items.get(txn, &key) {
            Some(Out::YMap(map)) => map,
            _ => {
                let map = items.insert(txn, key, MapPrelim::default());
                map.insert(txn, item::WORDING, TextPrelim::new(""));
                map.insert(txn, item::NOTE, TextPrelim::new(""));
                map.insert(txn, item::TRANSLATIONS, MapPrelim::default());
                map
            }
        };
        if let Ok(Any::Map(facts)) = to_any(facts) {
            let mut facts: Vec<(&String, &Any)> = facts.iter().collect();
            facts.sort_unstable_by_key(|(key, _)| *key);
            for (key, value) in facts.into_iter().filter(|(key, _)| *key != item::ANCHOR_TRANSLATIONS) {
                set(txn, &map, key, value.clone());
            }
        }
        show_translations(txn, &map, &facts.translations);
    }
    let map = txn.get_or_insert_map(ABOUT);
    set(txn, &map, about::RUN, run.run);
    set(txn, &map, about::SHA256, (!run.sha256.is_empty()).then_some(run.sha256.as_str()));
    // Each item says its place itself. One value with all ids would be larger than a message may be (rule W15).
    if map.contains_key(txn, about::ORDER) {
        map.remove(txn, about::ORDER);
    }
    match told(&run.audit).map(|audit| to_any(&audit)) {
        Some(Ok(audit)) => set(txn, &map, about::AUDIT, audit),
        Some(Err(_)) | None => drop(map.remove(txn, about::AUDIT)),
    }
}
