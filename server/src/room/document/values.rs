//! Values in maps of a document: read by their kind, written only where they change.

use yrs::{Any, Map, MapRef, Out, ReadTxn, TransactionMut};

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
