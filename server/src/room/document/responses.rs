//! The responses to an item, in the plenary's document: a count, and lines under ids drawn by lot.
//!
//! A nested map, so that one more objection is one small change and not all lines again.

use proto::ids::IdeaId;
use proto::plenary::{ITEMS, ObjectionLine, Responses, item, responses};
use yrs::{Map, MapPrelim, MapRef, Out, ReadTxn, TransactionMut, WriteTxn};

use super::values::{child, keys, number, set, string};

/// Shows the responses to some items. Of those that are not on the list nothing is shown.
pub(in crate::room) fn show_responses(txn: &mut TransactionMut<'_>, all: &[(IdeaId, Responses)]) {
    let items = txn.get_or_insert_map(ITEMS);
    for (id, said) in all {
        let Some(Out::YMap(map)) = items.get(txn, &id.to_string()) else { continue };
        let shown = match child(txn, &map, item::RESPONSES) {
            Some(shown) => shown,
            None if said.is_empty() => continue,
            None => {
                let shown = map.insert(txn, item::RESPONSES, MapPrelim::default());
                shown.insert(txn, responses::LINES, MapPrelim::default());
                shown
            }
        };
        set(txn, &shown, responses::OBJECT, said.object);
        if let Some(lines) = child(txn, &shown, responses::LINES) {
            for id in keys(txn, &lines) {
                if !said.lines.iter().any(|line| line.id.to_string() == id) {
                    lines.remove(txn, &id);
                }
            }
            for line in &said.lines {
                set(txn, &lines, &line.id.to_string(), line.text.as_str());
            }
        }
    }
}

/// The responses to this item that the document shows.
pub(in crate::room) fn read_responses(txn: &impl ReadTxn, map: &MapRef) -> Responses {
    let Some(shown) = child(txn, map, item::RESPONSES) else { return Responses::default() };
    let count = |key| number(txn, &shown, key).and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
    let mut read: Vec<ObjectionLine> = Vec::new();
    if let Some(lines) = child(txn, &shown, responses::LINES) {
        for key in keys(txn, &lines) {
            if let (Ok(id), Some(text)) = (key.parse(), string(txn, &lines, &key)) {
                read.push(ObjectionLine { id, text });
            }
        }
    }
    read.sort_unstable_by_key(|line| line.id);
    Responses { object: count(responses::OBJECT), lines: read }
}
