//! Words of a deleted idea in what people wrote for the list: what is equal goes, what is like it is marked (rule C25).
//!
//! A text that says nothing but the deleted words is emptied, and so is the passage that says all of them; a shorter passage
//! that both have is only marked, because it may be a phrase that anybody would write. A text that is marked leaves the
//! document that phones get; its room keeps the words for the staff, who put them back, delete them, or write something else.

use std::collections::BTreeMap;
use std::ops::Range;

use proto::board::{ABOUT, about};
use proto::plenary::{ITEMS, STATEMENT, STATEMENT_PARTS, item};
use proto::text::letters::is_empty;
use yrs::{Any, GetString, Map, Out, ReadTxn, Text, TextRef, TransactionMut, WriteTxn};

use super::values::{keys, string};
use super::{DocumentError, LiveDocument};
use crate::consultation::{DeletedWords, Trace};

/// Texts that were taken off the list: name → words.
pub type Doubtful = BTreeMap<String, String>;

impl LiveDocument {
    /// Takes the words of a deleted idea out of what people wrote for the list, and what is like them off the list: `doubtful`
    /// keeps it, and loses the words as well.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn follow_words(
        &mut self,
        words: &[String],
        doubtful: &mut Doubtful,
    ) -> Result<Option<Vec<u8>>, DocumentError> {
        let deleted = DeletedWords::new(words);
        self.write(|txn| {
            doubtful.retain(|_, kept| strike_kept(kept, &deleted));
            for (name, text) in texts(txn) {
                let says = text.get_string(txn);
                match deleted.trace(&says) {
                    Trace::Nothing => {}
                    Trace::All => cut(txn, &text, &says, 0..says.len()),
                    Trace::Part { whole, like } => {
                        for range in whole.into_iter().rev() {
                            cut(txn, &text, &says, range);
                        }
                        if like {
                            take_off(txn, name, &text, doubtful);
                        }
                    }
                }
            }
            forget_voted(txn, &deleted);
            mark(txn, doubtful);
        })
    }

    /// Takes texts off that a version before this one only marked.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn take_marked(&mut self, doubtful: &mut Doubtful) -> Result<Option<Vec<u8>>, DocumentError> {
        if self.read(|txn| marked(txn)).iter().all(|name| doubtful.contains_key(name)) {
            return Ok(None);
        }
        self.write(|txn| {
            let old: Vec<String> =
                marked(txn).into_iter().filter(|name| !doubtful.contains_key(name)).collect();
            for (name, text) in texts(txn) {
                if old.contains(&name) {
                    take_off(txn, name, &text, doubtful);
                }
            }
            mark(txn, doubtful);
        })
    }

    /// Marks a text and leaves it where it is, as a version before this one did.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    #[cfg(test)]
    pub fn mark_only(&mut self, name: &str) -> Result<Option<Vec<u8>>, DocumentError> {
        self.write(|txn| set_marks(txn, vec![name.to_owned()]))
    }

    /// A text that was taken off is settled: its mark goes, and its words come back before what was written since, if they are
    /// given.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn settle(&mut self, name: &str, words: Option<&str>) -> Result<Option<Vec<u8>>, DocumentError> {
        self.write(|txn| {
            if let Some((_, text)) = texts(txn).into_iter().find(|(known, _)| known == name)
                && let Some(words) = words
            {
                let between = if text.len(txn) == 0 { "" } else { " " };
                text.insert(txn, 0, &format!("{words}{between}"));
            }
            let left: Vec<String> = marked(txn).into_iter().filter(|marked| marked != name).collect();
            set_marks(txn, left);
        })
    }
}

/// Everything that people write for the list, by its name.
fn texts(txn: &mut TransactionMut<'_>) -> Vec<(String, TextRef)> {
    let mut all = Vec::new();
    let items = txn.get_or_insert_map(ITEMS);
    for id in keys(txn, &items) {
        let Some(Out::YMap(map)) = items.get(txn, &id) else { continue };
        for (kind, key) in [("wording", item::WORDING), ("note", item::NOTE)] {
            if let Some(Out::YText(text)) = map.get(txn, key) {
                all.push((format!("{kind}/{id}"), text));
            }
        }
        if let Some(Out::YMap(tr)) = map.get(txn, item::TRANSLATIONS) {
            for lang in keys(txn, &tr) {
                if let Some(Out::YText(text)) = tr.get(txn, &lang) {
                    all.push((format!("tr/{id}/{lang}"), text));
                }
            }
        }
    }
    let statement = txn.get_or_insert_map(STATEMENT);
    for part in STATEMENT_PARTS {
        if let Some(Out::YText(text)) = statement.get(txn, part) {
            all.push((format!("statement/{part}"), text));
        }
    }
    all
}

/// What entries said when everybody began to vote on them is gone where it says deleted words: nobody could settle it.
fn forget_voted(txn: &mut TransactionMut<'_>, deleted: &DeletedWords) {
    let items = txn.get_or_insert_map(ITEMS);
    for id in keys(txn, &items) {
        let Some(Out::YMap(map)) = items.get(txn, &id) else { continue };
        if let Some(says) = string(txn, &map, item::VOTED)
            && deleted.trace(&says) != Trace::Nothing
        {
            map.remove(txn, item::VOTED);
        }
    }
}

/// Takes the whole text off, and keeps it beside what was taken off under this name before.
fn take_off(txn: &mut TransactionMut<'_>, name: String, text: &TextRef, doubtful: &mut Doubtful) {
    let says = text.get_string(txn);
    if says.is_empty() {
        return;
    }
    cut(txn, text, &says, 0..says.len());
    let kept = doubtful.entry(name).or_default();
    if !kept.is_empty() {
        kept.push('\n');
    }
    kept.push_str(&says);
}

/// Takes deleted words out of a text that is kept; is anything left of it?
fn strike_kept(kept: &mut String, deleted: &DeletedWords) -> bool {
    match deleted.trace(kept) {
        Trace::Nothing => true,
        Trace::All => false,
        Trace::Part { whole, like: _ } => {
            whole.into_iter().rev().for_each(|range| kept.replace_range(range, ""));
            !is_empty(kept)
        }
    }
}

fn cut(txn: &mut TransactionMut<'_>, text: &TextRef, says: &str, range: Range<usize>) {
    let units = |part: &str| u32::try_from(part.encode_utf16().count()).unwrap_or(u32::MAX);
    text.remove_range(txn, units(&says[..range.start]), units(&says[range]));
}

/// The texts that are marked: `wording/ID`, `note/ID`, `tr/ID/LANGUAGE`, `statement/PART`.
pub(in crate::room) fn marked(txn: &impl ReadTxn) -> Vec<String> {
    let marked = txn.get_map(ABOUT).and_then(|map| map.get(txn, about::DOUBTFUL));
    let Some(Out::Any(Any::Array(names))) = marked else { return Vec::new() };
    let name = |name: &Any| if let Any::String(name) = name { Some(name.to_string()) } else { None };
    names.iter().filter_map(name).collect()
}

/// Is a text of this item marked?
pub(in crate::room) fn is_marked(txn: &impl ReadTxn, item: &str) -> bool {
    marked(txn).iter().any(|name| name.split('/').nth(1) == Some(item))
}

fn mark(txn: &mut TransactionMut<'_>, doubtful: &Doubtful) {
    set_marks(txn, doubtful.keys().cloned().collect());
}

fn set_marks(txn: &mut TransactionMut<'_>, marks: Vec<String>) {
    let map = txn.get_or_insert_map(ABOUT);
    if !marks.is_empty() || map.contains_key(txn, about::DOUBTFUL) {
        let marks: Vec<Any> = marks.into_iter().map(Any::from).collect();
        map.try_update(txn, about::DOUBTFUL, marks);
    }
}
