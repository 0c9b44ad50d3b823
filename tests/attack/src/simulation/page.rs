//! A page with a document open: a stock Yjs document, its connection, and what it was told is recorded.

use std::collections::{BTreeMap, VecDeque};

use proto::ids::{DocumentName, SeatId};
use proto::wire::frame::{Envelope, read_hocuspocus};
use server::room::{RoomMessage, Subscription, SubscriptionId, outbox};
use server::socket::said;
use yrs::types::ToJson;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Any, Doc, GetString, Map, Out, ReadTxn, StateVector, Text, TextRef, Transact, Update};

use super::server::{Ground, Server};
use crate::forge::{kind, message};
use crate::phone::{document, honest_client, ideas};
use crate::room::{Connection, Heard};

/// Frames that may wait for one phone.
const OUTBOX_FRAMES: usize = 1 << 12;

/// The name of a text in its document, and a word that was typed into it.
pub type Typed = (String, String);

/// A page that has one document open.
pub struct Page {
    /// What it shows.
    pub doc: Doc,
    /// The document that it has open.
    pub document: DocumentName,
    connection: Option<Connection>,
    /// Words that were typed here and are not acknowledged.
    typed: Vec<Typed>,
    /// Messages that are not acknowledged, each with the words that it brings.
    owed: VecDeque<Vec<Typed>>,
    /// Updates that were typed and not sent.
    unsent: Vec<(Typed, Vec<u8>)>,
    /// Was step 2 sent on this connection? Before that nothing else is.
    synced: bool,
    client: u64,
}

/// What a page learned.
#[derive(Debug)]
pub enum Learned {
    /// These words are recorded.
    Recorded(Vec<Typed>),
    /// Something was refused, and the document has ended on this connection.
    Refused(String),
}

impl Page {
    /// An empty page of a document.
    pub fn new(of: DocumentName, client: u64) -> Self {
        Self {
            doc: document(honest_client(client)),
            document: of,
            connection: None,
            typed: Vec::new(),
            owed: VecDeque::new(),
            unsent: Vec::new(),
            synced: false,
            client,
        }
    }

    /// The client id of its document.
    pub fn writer(&self) -> u64 {
        self.doc.client_id().get()
    }

    /// The connection is gone.
    pub fn disconnect(&mut self, server: Option<&mut Server>, ground: &Ground) {
        let connection = self.connection.take();
        if let (Some(server), Some(connection)) = (server, connection) {
            server.tell(self.document, RoomMessage::Leave(connection.id), ground);
        }
        self.owed.clear();
        self.synced = false;
    }

    /// Opens the document if its seat may.
    pub fn open(&mut self, seat: SeatId, server: &mut Server, ground: &Ground) {
        let Ok(place) = server.place_in(seat, self.document, ground) else { return };
        let (queue, frames, _cut) = outbox(OUTBOX_FRAMES);
        let (id, key) = (SubscriptionId::next(), self.document.to_string());
        let subscription = Subscription {
            id,
            envelope: Envelope::Hocuspocus(key.as_str().into()),
            outbox: queue,
            actor: place.actor,
            seat: place.seat,
            name: place.name,
        };
        server.tell(self.document, RoomMessage::Open(Box::new(subscription)), ground);
        self.connection = Some(Connection::of(id, key, frames));
        (self.synced, self.owed) = (false, VecDeque::new());
        let state = self.doc.transact().state_vector().encode_v1();
        self.say(server, ground, kind::STEP1, &state);
    }

    fn say(&self, server: &mut Server, ground: &Ground, kind: &[u8], payload: &[u8]) {
        let Some(connection) = &self.connection else { return };
        let frame = message(&connection.key, kind, payload);
        let read = read_hocuspocus(&frame).unwrap();
        let said = said(read.message, &frame, &ground.limits).unwrap();
        server.tell(self.document, RoomMessage::Input(connection.id, said), ground);
    }

    /// Types a word into one of its texts, after one of its words, so that words stay whole; gives the name of the text.
    pub fn write(&mut self, nth: usize, after: usize, word: &str) -> Option<String> {
        let mut txn = self.doc.transact_mut();
        let texts = texts(&txn);
        let (name, text) = texts.get(nth.checked_rem(texts.len())?)?;
        let now = text.get_string(&txn);
        let spaces: Vec<u32> = now.match_indices(' ').map(|(at, _)| u32::try_from(at).unwrap()).collect();
        let at = spaces.get(after).copied().unwrap_or_else(|| text.len(&txn));
        text.insert(&mut txn, at, &format!(" {word}"));
        txn.commit();
        let update = txn.encode_update_v1();
        let typed = (name.clone(), word.to_owned());
        drop(txn);
        self.typed.push(typed.clone());
        self.unsent.push((typed.clone(), update));
        Some(typed.0)
    }

    /// Sends what was typed since the last time.
    pub fn send(&mut self, server: &mut Server, ground: &Ground) {
        if self.connection.is_none() || !self.synced {
            return;
        }
        for (typed, update) in std::mem::take(&mut self.unsent) {
            self.owed.push_back(vec![typed]);
            self.say(server, ground, kind::UPDATE, &update);
        }
    }

    /// Takes in what it was sent.
    ///
    /// # Panics
    /// When what it was sent cannot be taken in, or waits for what never came.
    pub fn listen(&mut self, server: &mut Server, ground: &Ground) -> Vec<Learned> {
        let Some(connection) = &mut self.connection else { return Vec::new() };
        let mut learned = Vec::new();
        for heard in connection.heard() {
            match heard {
                Heard::Step1(state) => {
                    let state = StateVector::decode_v1(&state).unwrap();
                    let missing = self.doc.transact().encode_state_as_update_v1(&state);
                    self.owed.push_back(self.typed.clone());
                    self.unsent.clear();
                    self.synced = true;
                    self.say(server, ground, kind::STEP2, &missing);
                }
                Heard::Update(update) => {
                    let update = Update::decode_v1(&update).unwrap();
                    self.doc.transact_mut().apply_update(update).unwrap();
                    self.take_back();
                }
                Heard::Acknowledged => {
                    let recorded = self.owed.pop_front().unwrap();
                    self.typed.retain(|word| !recorded.contains(word));
                    learned.push(Learned::Recorded(recorded));
                }
                Heard::Refused(code, detail) => learned.push(Learned::Refused(format!("{code}: {detail}"))),
                Heard::Awareness => {}
                Heard::Behind(theirs) => {
                    let of = self.connection.as_ref().map(|connection| connection.id).unwrap();
                    server.tell(self.document, RoomMessage::Behind(of, theirs), ground);
                }
            }
        }
        assert!(!self.doc.transact().has_missing_updates(), "a page waits for what never came");
        learned
    }

    /// Words in a text that went away with this update are offered to their author again; they are not sent any more.
    fn take_back(&mut self) {
        let txn = self.doc.transact();
        let texts: BTreeMap<String, String> =
            texts(&txn).into_iter().map(|(name, text)| (name, text.get_string(&txn))).collect();
        let is_there =
            |(name, word): &Typed| texts.get(name).is_some_and(|text| text.contains(word.as_str()));
        self.typed.retain(is_there);
        self.owed.iter_mut().for_each(|words| words.retain(is_there));
    }

    /// Begins anew with an empty page: what was refused is offered to its author, not sent again.
    pub fn begin_anew(&mut self, pages: u64) {
        *self = Self::new(self.document, self.client + pages);
    }

    /// Is everything that was typed here recorded?
    pub fn is_recorded(&self) -> bool {
        self.connection.is_some() && self.synced && self.owed.is_empty() && self.unsent.is_empty()
    }

    /// Is it connected and in step with its room?
    pub const fn is_open(&self) -> bool {
        self.connection.is_some()
    }
}

/// The texts of a document, by name: of a board its ideas, of the list wordings, notes and the statement.
pub fn texts(txn: &impl ReadTxn) -> Vec<(String, TextRef)> {
    let mut texts = ideas(txn);
    let items = txn.get_map("items");
    for (id, item) in items.iter().flat_map(|items| items.iter(txn)) {
        let Out::YMap(item) = item else { continue };
        for field in ["wording", "note"] {
            if let Some(Out::YText(text)) = item.get(txn, field) {
                texts.push((format!("{id}/{field}"), text));
            }
        }
    }
    let statement = txn.get_map("statement");
    for (part, value) in statement.iter().flat_map(|statement| statement.iter(txn)) {
        if let Out::YText(text) = value {
            texts.push((format!("statement/{part}"), text));
        }
    }
    texts.sort_by(|one, other| one.0.cmp(&other.0));
    texts
}

/// Everything that a document says.
pub fn everything(doc: &Doc) -> BTreeMap<&'static str, Any> {
    let txn = doc.transact();
    let of = |root| txn.get_map(root).map(|map| (root, map.to_json(&txn)));
    ["about", "ideas", "items", "order", "statement"].into_iter().filter_map(of).collect()
}
