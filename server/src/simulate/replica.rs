//! A phone's own copy of a board: a Yjs document that it types into and that the server's updates reach.

use proto::board::{IDEAS, idea};
use proto::ids::IdeaId;
use yrs::block::ClientID;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{
    Doc, GetString, Map, MapRef, OffsetKind, Options, Out, ReadTxn, StateVector, Text, TextRef, Transact,
    TransactionMut, Update,
};

use super::error::PhoneError;

/// One change of a text, as fingers make it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Typing {
    /// Put letters in; the place counts UTF-16 units and is brought into the text.
    Insert {
        /// Place in the text, in UTF-16 units.
        at: u32,
        /// The letters that are put in.
        letters: String,
    },
    /// Put letters at the end.
    Append(String),
    /// Take units away from the end.
    Backspace(u32),
}

/// The document of one board on one phone.
pub(super) struct Copy {
    doc: Doc,
}

impl Copy {
    /// An empty one with this phone's client id.
    pub fn new(client_id: u64) -> Self {
        let mut options = Options::with_client_id(ClientID::new(client_id));
        options.offset_kind = OffsetKind::Utf16;
        Self { doc: Doc::with_options(options) }
    }

    /// What this copy has, for sync step 1.
    pub fn state_vector(&self) -> Vec<u8> {
        self.doc.transact().state_vector().encode_v1()
    }

    /// What the server lacks, for sync step 2.
    pub fn missing(&self, state_vector: &[u8]) -> Result<Vec<u8>, PhoneError> {
        let state_vector = StateVector::decode_v1(state_vector).map_err(unreadable)?;
        Ok(self.doc.transact().encode_state_as_update_v1(&state_vector))
    }

    /// Takes the server's update in.
    pub fn apply(&mut self, update: &[u8]) -> Result<(), PhoneError> {
        let update = Update::decode_v1(update).map_err(unreadable)?;
        self.doc.transact_mut().apply_update(update).map_err(unreadable)
    }

    /// Types, and gives the update for the server; `None` when the idea is not here or nothing changes.
    pub fn type_in(&mut self, idea: IdeaId, typing: &Typing) -> Option<Vec<u8>> {
        let mut txn = self.doc.transact_mut();
        let text = text_of(&txn, idea)?;
        let length = text.len(&txn);
        match typing {
            Typing::Insert { at, letters } => insert(&mut txn, &text, (*at).min(length), letters)?,
            Typing::Append(letters) => insert(&mut txn, &text, length, letters)?,
            Typing::Backspace(units) => {
                let units = (*units).min(length);
                if units == 0 {
                    return None;
                }
                text.remove_range(&mut txn, length - units, units);
            }
        }
        txn.commit();
        Some(txn.encode_update_v1())
    }

    /// The wording of an idea as it stands on this phone.
    pub fn wording(&self, idea: IdeaId) -> Option<String> {
        let txn = self.doc.transact();
        Some(text_of(&txn, idea)?.get_string(&txn))
    }
}

fn insert(txn: &mut TransactionMut<'_>, text: &TextRef, at: u32, letters: &str) -> Option<()> {
    if letters.is_empty() {
        return None;
    }
    text.insert(txn, at, letters);
    Some(())
}

fn text_of<T: ReadTxn>(txn: &T, id: IdeaId) -> Option<TextRef> {
    let ideas: MapRef = txn.get_map(IDEAS)?;
    let Some(Out::YMap(entry)) = ideas.get(txn, &id.to_string()) else { return None };
    match entry.get(txn, idea::TEXT) {
        Some(Out::YText(text)) => Some(text),
        _ => None,
    }
}

fn unreadable(error: impl std::fmt::Display) -> PhoneError {
    PhoneError::NotAServer(format!("its board cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use yrs::{MapPrelim, TextPrelim, WriteTxn};

    fn id() -> IdeaId {
        IdeaId(Uuid::from_u128(7))
    }

    /// What a server would send first: a board with one idea.
    fn board(words: &str) -> (Doc, Vec<u8>) {
        let doc = Doc::with_client_id((1 << 32) + 1);
        let mut txn = doc.transact_mut();
        let ideas = txn.get_or_insert_map(IDEAS);
        let entry = ideas.insert(&mut txn, id().to_string(), MapPrelim::default());
        entry.insert(&mut txn, idea::TEXT, TextPrelim::new(words));
        let update = txn.encode_update_v1();
        drop(txn);
        (doc, update)
    }

    #[test]
    fn two_phones_that_type_into_one_idea_end_with_the_same_words() {
        let (_server, update) = board("Learn code 📱");
        let (mut one, mut two) = (Copy::new(1), Copy::new(2));
        one.apply(&update).unwrap();
        two.apply(&update).unwrap();
        let from_one = one.type_in(id(), &Typing::Append(" early".to_owned())).unwrap();
        let from_two = two.type_in(id(), &Typing::Insert { at: 6, letters: "to ".to_owned() }).unwrap();
        let away = two.type_in(id(), &Typing::Backspace(2)).unwrap();
        one.apply(&from_two).unwrap();
        one.apply(&away).unwrap();
        two.apply(&from_one).unwrap();
        assert_eq!(one.wording(id()), Some("Learn to code  early".to_owned()));
        assert_eq!(two.wording(id()), one.wording(id()));
    }

    #[test]
    fn step_2_brings_what_the_other_side_lacks() {
        let (_server, update) = board("a");
        let (mut one, mut two) = (Copy::new(1), Copy::new(2));
        one.apply(&update).unwrap();
        one.type_in(id(), &Typing::Append("b".to_owned())).unwrap();
        two.apply(&one.missing(&two.state_vector()).unwrap()).unwrap();
        assert_eq!(two.wording(id()), Some("ab".to_owned()));
    }

    #[test]
    fn an_idea_that_is_not_there_cannot_be_typed_into() {
        let mut copy = Copy::new(1);
        assert_eq!(copy.type_in(id(), &Typing::Append("x".to_owned())), None);
        assert!(copy.apply(&[255]).is_err());
    }
}
