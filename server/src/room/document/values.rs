//! Values in maps of a document: read by their kind, written only where they change.

use yrs::{Any, GetString, Map, MapRef, Out, ReadTxn, Text, TextRef, TransactionMut};

/// Sets a value unless it is there already: what does not change must not become an update.
pub(in crate::room) fn set(txn: &mut TransactionMut<'_>, map: &MapRef, key: &str, value: impl Into<Any>) {
    map.try_update(txn, key, value);
}

/// All keys of a map, in their order.
pub(in crate::room) fn keys(txn: &impl ReadTxn, map: &MapRef) -> Vec<String> {
    let mut keys: Vec<String> = map.keys(txn).map(ToOwned::to_owned).collect();
    keys.sort_unstable();
    keys
}

/// The string under this key; none when the value is of a different kind.
pub(in crate::room) fn string(txn: &impl ReadTxn, map: &MapRef, key: &str) -> Option<String> {
    match map.get(txn, key) {
        Some(Out::Any(Any::String(text))) => Some(text.to_string()),
        _ => None,
    }
}

/// The whole number under this key; none when the value is of a different kind.
pub(in crate::room) fn number(txn: &impl ReadTxn, map: &MapRef, key: &str) -> Option<i64> {
    match map.get(txn, key) {
        Some(Out::Any(Any::Number(number))) => number.as_i64(),
        _ => None,
    }
}

/// The map under this key, if there is one.
pub(in crate::room) fn child(txn: &impl ReadTxn, map: &MapRef, key: &str) -> Option<MapRef> {
    match map.get(txn, key) {
        Some(Out::YMap(inner)) => Some(inner),
        Some(_) | None => None,
    }
}

/// Replaces only what differs, so that people who are elsewhere in the text keep their place.
pub(in crate::room) fn set_text(txn: &mut TransactionMut<'_>, text: &TextRef, new: &str) {
    let old = text.get_string(txn);
    let mut start = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    while !(old.is_char_boundary(start) && new.is_char_boundary(start)) {
        start -= 1;
    }
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let mut end = old_rest.bytes().rev().zip(new_rest.bytes().rev()).take_while(|(a, b)| a == b).count();
    while !(old_rest.is_char_boundary(old_rest.len() - end)
        && new_rest.is_char_boundary(new_rest.len() - end))
    {
        end -= 1;
    }
    let units = |part: &str| u32::try_from(part.encode_utf16().count()).unwrap_or(u32::MAX);
    let at = units(&old[..start]);
    let removed = units(&old_rest[..old_rest.len() - end]);
    if removed > 0 {
        text.remove_range(txn, at, removed);
    }
    let inserted = &new_rest[..new_rest.len() - end];
    if !inserted.is_empty() {
        text.insert(txn, at, inserted);
    }
}
