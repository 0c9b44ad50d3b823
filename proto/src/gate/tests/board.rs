//! A board as the server keeps it: document, index and bindings, with the checks that must hold after every step.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use uuid::Uuid;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{
    Assoc, ClientID, Doc, GetString, IndexedSequence, Map, MapPrelim, MapRef, OffsetKind, Options, Out,
    ReadTxn, Text, TextPrelim, TextRef, Transact, TransactionMut, Update, WriteTxn,
};

use crate::ids::{ClientId, IdeaId};

use super::super::clocks::Clocks;
use super::super::index::Where;
use super::super::reader::Id;
use super::super::{
    Bindings, GateLimits, Refusal, Resolved, StateVector, TextEdit, TextFigures, TextIndex, TextKey,
};
use super::forge::id;

pub const SERVER: u64 = (1 << 32) + 7;

pub struct Board {
    pub doc: Doc,
    pub index: TextIndex,
    pub limits: GateLimits,
    pub bound: HashMap<ClientId, u32>,
    /// What yrs was given last.
    pub given: Vec<u8>,
}

/// What became of a frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Taken {
    Nothing,
    Gap,
    Update { fan_out: Vec<u8>, touches: Vec<TextKey> },
}

struct Seat<'a> {
    seat: u32,
    bound: &'a HashMap<ClientId, u32>,
}

impl Bindings for Seat<'_> {
    fn may_use(&self, client: ClientId) -> bool {
        !client.is_server() && self.bound.get(&client).is_none_or(|seat| *seat == self.seat)
    }
}

pub fn document(client: u64) -> Doc {
    Doc::with_options(Options {
        client_id: ClientID::new(client),
        offset_kind: OffsetKind::Utf16,
        cleanup_formatting: false,
        ..Options::default()
    })
}

pub fn idea_id(number: usize) -> IdeaId {
    IdeaId(Uuid::from_u128(0x1dea << 64 | number as u128))
}

pub fn idea(number: usize) -> TextKey {
    TextKey::Idea(idea_id(number))
}

/// A shared idea, as the server writes it: eight entries.
pub fn put_idea(txn: &mut TransactionMut<'_>, number: usize, text: &str) {
    let ideas = txn.get_or_insert_map("ideas");
    let map: MapRef = ideas.insert(txn, idea_id(number).to_string(), MapPrelim::default());
    map.insert(txn, "point", "p1");
    map.insert(txn, "kind", yrs::any!(null));
    map.insert(txn, "lang", "en");
    map.insert(txn, "order", number as i64);
    map.insert(txn, "tally", yrs::any!(null));
    map.insert(txn, "state", "shown");
    map.insert(txn, "text", TextPrelim::new(text));
    let translations: MapRef = map.insert(txn, "tr", MapPrelim::default());
    translations.insert(txn, "fr", TextPrelim::new("été"));
}

impl Board {
    pub fn new(texts: &[&str]) -> Self {
        let mut board = Self {
            doc: document(SERVER),
            index: TextIndex::default(),
            limits: GateLimits::default(),
            bound: HashMap::new(),
            given: Vec::new(),
        };
        board.write(|txn| {
            let about = txn.get_or_insert_map("about");
            about.insert(txn, "epoch", "e1");
            about.insert(txn, "lock", false);
        });
        for (number, text) in texts.iter().enumerate() {
            board.write(|txn| put_idea(txn, number, text));
        }
        board
    }

    /// Something that the server writes; gives what is fanned out.
    pub fn write(&mut self, write: impl FnOnce(&mut TransactionMut<'_>)) -> Vec<u8> {
        let mut txn = self.doc.transact_mut();
        write(&mut txn);
        txn.commit();
        let update = txn.encode_update_v1();
        drop(txn);
        self.index.learn(&update).unwrap();
        update
    }

    pub fn hide(&mut self, number: usize) -> Vec<u8> {
        self.write(|txn| {
            let ideas = txn.get_or_insert_map("ideas");
            ideas.remove(txn, &idea_id(number).to_string());
        })
    }

    /// A frame from a seat, all the way: read, resolve, apply, admit.
    pub fn receive(&mut self, seat: u32, frame: &[u8]) -> Result<Taken, Refusal> {
        let limits = self.limits.for_sync_step2(self.index.delete_ranges());
        let edit = TextEdit::read(Bytes::copy_from_slice(frame), &limits)?;
        let edit = match self.index.resolve(&edit, &Seat { seat, bound: &self.bound }, &limits)? {
            Resolved::Nothing => return Ok(Taken::Nothing),
            Resolved::Gap => return Ok(Taken::Gap),
            Resolved::Edit(edit) => edit,
        };
        for client in edit.clients() {
            self.bound.insert(*client, seat);
        }
        self.given = edit.bytes().to_vec();
        let mut txn = self.doc.transact_mut();
        txn.apply_update(Update::decode_v1(edit.bytes()).unwrap()).unwrap();
        txn.commit();
        assert!(!txn.has_missing_updates(), "pending after {}", hex::encode(edit.bytes()));
        let fan_out = txn.encode_update_v1();
        drop(txn);
        let touches = edit.touches().to_vec();
        self.index.admit(edit);
        Ok(Taken::Update { fan_out, touches })
    }

    pub fn check_state_vector(&self, seat: u32, doc: &Doc) -> Result<(), Refusal> {
        let state = StateVector::read(&doc.transact().state_vector().encode_v1(), &self.limits)?;
        self.index.check_state_vector(&state, ClientId(SERVER), &Seat { seat, bound: &self.bound })
    }

    pub fn snapshot(&self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(&yrs::StateVector::default())
    }

    /// The id of the item that holds a text.
    pub fn parent_of(&self, key: &TextKey) -> Id {
        let branch = self.index.texts[key];
        *self.index.types.iter().find(|(_, number)| **number == branch).unwrap().0
    }

    pub fn text(&self, key: &TextKey) -> String {
        texts(&self.doc).remove(key).unwrap()
    }

    pub fn figures(&self, key: &TextKey) -> TextFigures {
        self.index.text(key).unwrap()
    }

    /// The invariants: a reloaded document has the same texts, a rebuilt index says the same, the figures are true.
    pub fn check(&self) {
        let snapshot = self.snapshot();
        let reloaded = document(SERVER);
        reloaded.transact_mut().apply_update(Update::decode_v1(&snapshot).unwrap()).unwrap();
        let (live, again) = (texts(&self.doc), texts(&reloaded));
        assert_eq!(live, again, "live and reloaded");
        self.check_order();
        let mut rebuilt = TextIndex::default();
        rebuilt.learn(&snapshot).unwrap();
        assert_eq!(dump(&self.index), dump(&rebuilt), "live index and rebuilt");
        for (key, text) in &live {
            assert_eq!(self.figures(key).visible_units as usize, text.encode_utf16().count(), "{key:?}");
        }
        let seen: usize = live.values().map(|text| text.encode_utf16().count()).sum();
        assert_eq!(self.index.visible_units(), seen as u64, "the sum of what people see");
        assert_eq!(rebuilt.visible_units(), seen as u64);
        let keys: Vec<_> = live.keys().collect();
        let mut indexed: Vec<_> = self.index.keys().collect();
        indexed.sort();
        assert_eq!(keys, indexed);
        let state: BTreeMap<u64, u32> = self.index.state().map(|(client, clock)| (client.0, clock)).collect();
        let known = self.doc.transact().state_vector();
        let known: BTreeMap<u64, u32> = known.iter().map(|(client, clock)| (client.get(), *clock)).collect();
        assert_eq!(state, known);
    }

    /// The ids of the visible characters of each text, in order: as yrs has them, and as the index has them.
    fn check_order(&self) {
        let txn = self.doc.transact();
        for (key, text) in text_refs(&txn) {
            let yrs = (0..text.len(&txn)).map(|at| {
                let unit = text.sticky_index(&txn, at, Assoc::After).unwrap();
                let unit = unit.id().unwrap();
                id(unit.client.get(), unit.clock)
            });
            let sequence = &self.index.branch(self.index.texts[&key]).unwrap().sequence;
            let visible =
                sequence.units().filter(|unit| !self.index.lanes[&unit.client].deleted.contains(unit.clock));
            assert_eq!(visible.collect::<Vec<_>>(), yrs.collect::<Vec<_>>(), "{key:?}");
        }
    }
}

/// All texts of a board that people can edit.
pub fn texts(doc: &Doc) -> BTreeMap<TextKey, String> {
    let txn = doc.transact();
    text_refs(&txn).into_iter().map(|(key, text)| (key, text.get_string(&txn))).collect()
}

fn text_refs(txn: &impl ReadTxn) -> BTreeMap<TextKey, TextRef> {
    let mut texts = BTreeMap::new();
    let Some(ideas) = txn.get_map("ideas") else { return texts };
    for (key, value) in ideas.iter(txn) {
        let (Ok(id), Out::YMap(map)) = (key.parse(), value) else { continue };
        if let Some(Out::YText(text)) = map.get(txn, "text") {
            texts.insert(TextKey::Idea(id), text);
        }
        let Some(Out::YMap(translations)) = map.get(txn, "tr") else { continue };
        for (lang, value) in translations.iter(txn) {
            if let Out::YText(text) = value {
                texts.insert(TextKey::IdeaTranslation(id, lang.into()), text);
            }
        }
    }
    texts
}

type Ranges = Vec<(u32, u32, Option<TextKey>)>;
type Texts = BTreeMap<TextKey, (TextFigures, Vec<Id>)>;
type Lanes = BTreeMap<ClientId, (u32, Ranges, Vec<(u32, u32)>)>;

/// All that an index says: figures and order of each text; per client in which text its clocks lie, and which are
/// deleted.
fn dump(index: &TextIndex) -> (Texts, Lanes) {
    let units = |key| index.branch(index.texts[key]).unwrap().sequence.units().collect();
    let figures = index.keys().map(|key| (key.clone(), (index.text(key).unwrap(), units(key)))).collect();
    let lanes = index.lanes.iter().map(|(client, lane)| {
        let mut ranges: Ranges = Vec::new();
        for (piece, place) in lane.pieces(Clocks { start: 0, end: lane.next() }) {
            let key = match index.where_is(place) {
                Where::Text(number) => index.text_of(number).map(|(key, _)| key.clone()),
                Where::Gone | Where::Server => None,
            };
            match ranges.last_mut() {
                Some(last) if last.2 == key => last.1 = piece.end,
                Some(_) | None => ranges.push((piece.start, piece.end, key)),
            }
        }
        let deleted = lane.deleted.ranges().iter().map(|range| (range.start, range.end)).collect();
        (*client, (lane.next(), ranges, deleted))
    });
    (figures, lanes.collect())
}
