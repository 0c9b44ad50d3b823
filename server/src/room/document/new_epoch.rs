//! A document that begins anew: the same words and values under another epoch, without anything that yrs keeps of what was before.
//!
//! A value that the server replaces stays in a Yjs document as a struct for ever: each tally that was shown, each place on the list.
//! So does the id of each page that ever wrote. When there are so many that a load would take long (rule G7), the room copies what
//! people see into a new document. Phones come back and open it as after any change of the epoch (rule W8); what they wrote and
//! what was not acknowledged is offered back to them.

use proto::ids::{ClientId, Epoch};
use yrs::{
    Any, GetString, Map, MapPrelim, MapRef, Out, ReadTxn, TextPrelim, Transaction, TransactionMut, WriteTxn,
};

use super::values::keys;
use super::{DocumentError, LiveDocument};

/// What a document holds, apart from its history. Our documents have nothing else.
enum Value {
    Plain(Any),
    Text(String),
    Map(Entries),
}

/// A map's values in the order of their keys, so that the same document is written in the same way each time.
type Entries = Vec<(String, Value)>;

impl LiveDocument {
    /// The same words and values in a document that begins now.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn anew(&self, epoch: Epoch, server: ClientId) -> Result<Self, DocumentError> {
        let roots: Vec<(String, Entries)> = self.read(|txn| {
            let mut roots: Vec<String> = txn.root_refs().map(|(name, _)| name.to_owned()).collect();
            roots.sort_unstable();
            roots
                .into_iter()
                .filter_map(|root| Some((txn.get_map(&*root)?, root)))
                .map(|(map, root)| (root, entries(txn, &map)))
                .collect()
        });
        let mut fresh = Self::begin(self.name, epoch, server);
        fresh.write(|txn| {
            for (root, entries) in roots {
                let map = txn.get_or_insert_map(root);
                fill(txn, &map, entries);
            }
        })?;
        Ok(fresh)
    }
}

fn entries(txn: &Transaction<'_>, map: &MapRef) -> Entries {
    let value = |key: String| {
        let value = match map.get(txn, &key)? {
            Out::Any(plain) => Value::Plain(plain),
            Out::YText(text) => Value::Text(text.get_string(txn)),
            Out::YMap(inner) => Value::Map(entries(txn, &inner)),
            // The server writes nothing else (rules B2, B3).
            Out::YArray(_)
            | Out::YXmlElement(_)
            | Out::YXmlFragment(_)
            | Out::YXmlText(_)
            | Out::YDoc(_)
            | Out::UndefinedRef(_) => return None,
        };
        Some((key, value))
    };
    keys(txn, map).into_iter().filter_map(value).collect()
}

fn fill(txn: &mut TransactionMut<'_>, map: &MapRef, entries: Entries) {
    for (key, value) in entries {
        match value {
            Value::Plain(plain) => drop(map.insert(txn, key, plain)),
            Value::Text(words) => drop(map.insert(txn, key, TextPrelim::new(words))),
            Value::Map(inner) => {
                let map = map.insert(txn, key, MapPrelim::default());
                fill(txn, &map, inner);
            }
        }
    }
}
