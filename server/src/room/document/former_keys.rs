//! Keys of documents that had other names before: a document of an older server loses them when it is loaded.
//!
//! The plan has their values and writes them under the new keys. What stays under an old key would be read by nobody,
//! and words in it would outlive their deletion.

use proto::board::ABOUT;
use proto::plenary::ITEMS;
use proto::plenary::item::RESPONSES;
use yrs::{Map, Out, ReadTxn, TransactionMut, WriteTxn};

use super::values::keys;

/// `about.card` is `about.group_card_order`.
const CARD: &str = "card";
/// `items[].room` is `items[].responses`.
const ROOM: &str = "room";
/// `items[].responses.support`: nobody supports entries any more, since everybody votes.
const SUPPORT: &str = "support";

/// Removes keys that have other names now.
pub(in crate::room) fn drop_former_keys(txn: &mut TransactionMut<'_>) {
    let about = txn.get_or_insert_map(ABOUT);
    if about.contains_key(txn, CARD) {
        about.remove(txn, CARD);
    }
    // Only the plenary has items.
    let Some(items) = txn.get_map(ITEMS) else { return };
    for id in keys(txn, &items) {
        let Some(Out::YMap(item)) = items.get(txn, &id) else { continue };
        if item.contains_key(txn, ROOM) {
            item.remove(txn, ROOM);
        }
        if let Some(Out::YMap(responses)) = item.get(txn, RESPONSES)
            && responses.contains_key(txn, SUPPORT)
        {
            responses.remove(txn, SUPPORT);
        }
    }
}

#[cfg(test)]
mod tests {
    use yrs::{Doc, MapPrelim, Transact};

    use super::*;

    #[test]
    fn i5_a_document_of_an_older_server_loses_its_former_keys() {
        let doc = Doc::new();
        let mut txn = doc.transact_mut();
        let about = txn.get_or_insert_map(ABOUT);
        about.insert(&mut txn, CARD, "order");
        let items = txn.get_or_insert_map(ITEMS);
        let item = items.insert(&mut txn, "one", MapPrelim::default());
        item.insert(&mut txn, ROOM, MapPrelim::from([("support", 3)]));
        item.insert(&mut txn, "rank", 1);
        let responses = item.insert(&mut txn, RESPONSES, MapPrelim::from([("support", 3), ("object", 2)]));
        drop_former_keys(&mut txn);
        let before = txn.state_vector();
        drop_former_keys(&mut txn);
        assert_eq!(txn.state_vector(), before, "what is gone needs no further update");
        assert!(!about.contains_key(&txn, CARD) && !item.contains_key(&txn, ROOM));
        assert!(item.contains_key(&txn, "rank"));
        assert!(!responses.contains_key(&txn, SUPPORT) && responses.contains_key(&txn, "object"));
    }
}
