//! Translations in a document: on a board a text that people edit in the brainstorm, on the list a fact of its entry.

use std::collections::{BTreeMap, HashMap};

use proto::api::translations::Translation;
use proto::board::idea;
use proto::ids::{IdeaId, WordsHash};
use proto::plenary::{ITEMS, item};
use proto::text::letters::is_empty;
use yrs::{Any, GetString, Map, MapPrelim, MapRef, Out, ReadTxn, TextPrelim, TransactionMut, WriteTxn};

use super::values::{child, keys, set, set_text};

/// An idea says this in another language. What people made of a translation stays until another one takes its place.
pub(super) fn put_translation(txn: &mut TransactionMut<'_>, map: &MapRef, language: &str, new: &Translation) {
    let Some(Out::YMap(tr)) = map.get(txn, idea::TRANSLATIONS) else { return };
    match tr.get(txn, language) {
        Some(Out::YText(_)) if facts_of(txn, map, language).n >= new.n => return,
        Some(Out::YText(text)) => set_text(txn, &text, &new.text),
        Some(_) | None => drop(tr.insert(txn, language, TextPrelim::new(new.text.as_str()))),
    }
    // What is known of none is in no document.
    if new.of.is_none() && !new.machine && new.n == 0 {
        return;
    }
    let facts = child(txn, map, idea::TRANSLATION_FACTS)
        .unwrap_or_else(|| map.insert(txn, idea::TRANSLATION_FACTS, MapPrelim::default()));
    set(txn, &facts, language, facts_as_any(new));
}

/// An idea's translations as its board has them, without the empty ones.
pub(super) fn translations(txn: &impl ReadTxn, map: &MapRef) -> BTreeMap<String, Translation> {
    let Some(Out::YMap(tr)) = map.get(txn, idea::TRANSLATIONS) else { return BTreeMap::new() };
    let one = |(language, out): (&str, Out)| {
        let Out::YText(text) = out else { return None };
        let text = text.get_string(txn);
        let known = facts_of(txn, map, language);
        (!is_empty(&text)).then(|| (language.to_owned(), Translation { text, ..known }))
    };
    tr.iter(txn).filter_map(one).collect()
}

/// An entry has these translations and no others.
pub(super) fn show_translations(
    txn: &mut TransactionMut<'_>,
    map: &MapRef,
    all: &BTreeMap<String, Translation>,
) {
    let there = child(txn, map, item::ANCHOR_TRANSLATIONS)
        .unwrap_or_else(|| map.insert(txn, item::ANCHOR_TRANSLATIONS, MapPrelim::default()));
    for language in keys(txn, &there) {
        if !all.contains_key(&language) {
            there.remove(txn, &language);
        }
    }
    for (language, translation) in all {
        set(txn, &there, language, as_any(translation));
    }
}

/// An entry says this in another language.
pub(super) fn show_translation(txn: &mut TransactionMut<'_>, id: IdeaId, language: &str, new: &Translation) {
    let items = txn.get_or_insert_map(ITEMS);
    let Some(Out::YMap(map)) = items.get(txn, &id.to_string()) else { return };
    let there = child(txn, &map, item::ANCHOR_TRANSLATIONS)
        .unwrap_or_else(|| map.insert(txn, item::ANCHOR_TRANSLATIONS, MapPrelim::default()));
    set(txn, &there, language, as_any(new));
}

/// What is known of a translation on a board, without its words.
fn facts_of(txn: &impl ReadTxn, map: &MapRef, language: &str) -> Translation {
    let facts = child(txn, map, idea::TRANSLATION_FACTS).and_then(|facts| facts.get(txn, language));
    let Some(Out::Any(Any::Map(facts))) = facts else { return Translation::default() };
    let of = match facts.get("of") {
        Some(Any::String(of)) => WordsHash::from_hex(of),
        Some(_) | None => None,
    };
    let n = match facts.get("n") {
        Some(Any::Number(n)) => n.as_i64().and_then(|n| u32::try_from(n).ok()).unwrap_or_default(),
        Some(_) | None => 0,
    };
    let machine = matches!(facts.get("machine"), Some(Any::Bool(true)));
    Translation { text: String::new(), of, machine, n }
}

fn facts_as_any(translation: &Translation) -> Any {
    Any::from(facts_of_translation(translation))
}

fn as_any(translation: &Translation) -> Any {
    let mut all = facts_of_translation(translation);
    all.insert("text".to_owned(), Any::from(translation.text.as_str()));
    Any::from(all)
}

/// What is not as always.
fn facts_of_translation(translation: &Translation) -> HashMap<String, Any> {
    let of = translation.of.map(|of| ("of".to_owned(), Any::from(of.to_hex())));
    let machine = translation.machine.then(|| ("machine".to_owned(), Any::Bool(true)));
    let n = (translation.n > 0).then(|| ("n".to_owned(), Any::from(translation.n)));
    of.into_iter().chain(machine).chain(n).collect()
}
