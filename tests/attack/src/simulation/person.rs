//! Who acts in a simulated day: phones with a stock Yjs document each, and staff.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proto::command::{Action, Command};
use proto::ids::{CommandId, DocumentName, GroupId, IdeaId, SeatId};
use proto::wire::frame::{Envelope, read_hocuspocus};
use serde_json::json;
use server::room::{RoomMessage, Subscription, SubscriptionId, outbox};
use server::socket::said;
use uuid::Uuid;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Doc, GetString, ReadTxn, StateVector, Text, Transact, Update};

use super::server::{Ground, Server};
use crate::chance::Chance;
use crate::forge::{kind, message};
use crate::phone::{document, honest_client, ideas};
use crate::room::{Connection, Heard};

/// Frames that may wait for one phone.
const OUTBOX_FRAMES: usize = 1 << 12;

/// How somebody behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Manner {
    /// Takes what comes, soon.
    Honest,
    /// Lets everything wait for long.
    Slow,
    /// Is often away, and writes meanwhile.
    Offline,
    /// Sends commands again that were answered.
    Repeating,
}

/// Somebody with a seat: a phone, or a staff link when it has no document.
pub struct Person {
    /// The seat.
    pub seat: SeatId,
    /// The group of a participant.
    pub group: Option<GroupId>,
    /// How it behaves.
    pub manner: Manner,
    /// Is it connected?
    pub online: bool,
    /// Commands that are not answered.
    pub outbox: VecDeque<Command>,
    /// Commands of it that are under way on this connection.
    pub under_way: BTreeSet<CommandId>,
    /// Commands that were answered.
    pub answered: Vec<Command>,
    /// Ideas that it shared, with their receipts.
    pub own: BTreeMap<IdeaId, String>,
    /// Its page's document, for a participant.
    pub page: Option<Page>,
    counter: u64,
}

/// A page with the board of its group.
pub struct Page {
    /// What it shows.
    pub doc: Doc,
    connection: Option<Connection>,
    /// Words that were typed here and are not acknowledged, with their idea.
    typed: Vec<(IdeaId, String)>,
    /// Messages that are not acknowledged: how many of `typed` each brings.
    owed: VecDeque<Vec<(IdeaId, String)>>,
    /// Updates that were typed and not sent.
    unsent: Vec<(IdeaId, String, Vec<u8>)>,
    /// Was step 2 sent on this connection? Before that nothing else is.
    synced: bool,
    group: GroupId,
    client: u64,
}

/// What a page learned.
#[derive(Debug)]
pub enum Learned {
    /// These words are recorded.
    Recorded(Vec<(IdeaId, String)>),
    /// Something was refused, and the document has ended on this connection.
    Refused(String),
}

impl Person {
    /// Somebody who has just come in.
    pub fn new(seat: SeatId, group: Option<GroupId>, manner: Manner, client: u64) -> Self {
        let page = group.map(|group| Page {
            doc: document(honest_client(client)),
            connection: None,
            typed: Vec::new(),
            owed: VecDeque::new(),
            unsent: Vec::new(),
            synced: false,
            group,
            client,
        });
        Self {
            seat,
            group,
            manner,
            online: false,
            outbox: VecDeque::new(),
            under_way: BTreeSet::new(),
            answered: Vec::new(),
            own: BTreeMap::new(),
            page,
            counter: 0,
        }
    }

    /// Decides something: it is in the outbox until it is answered.
    pub fn decide(&mut self, id: CommandId, action: serde_json::Value) {
        let action: Action =
            serde_json::from_value(action.clone()).unwrap_or_else(|error| panic!("{action}: {error}"));
        self.outbox.push_back(Command { id, action });
    }

    /// Approves an idea, or takes it back.
    pub fn approve(&mut self, id: CommandId, idea: IdeaId, on: bool) {
        self.counter += 1;
        self.decide(id, json!({ "do": "approve", "idea": idea, "on": on, "counter": self.counter }));
    }

    /// Sends what is not under way yet, in order; commands come into the inbox of the server.
    pub fn send(&mut self, server: &mut Server) -> Vec<(server::live::state::ReplyId, CommandId)> {
        let mut sent = Vec::new();
        for command in self.outbox.iter().filter(|_| self.online) {
            if self.under_way.insert(command.id) {
                sent.push((server.command(self.seat, command.clone()), command.id));
            }
        }
        sent
    }

    /// The connection is gone.
    pub fn disconnect(&mut self, server: Option<&mut Server>, ground: &Ground) {
        self.online = false;
        self.under_way.clear();
        let Some(page) = &mut self.page else { return };
        let connection = page.connection.take();
        if let (Some(server), Some(connection)) = (server, connection) {
            server.tell(DocumentName::Board(page.group), RoomMessage::Leave(connection.id), ground);
        }
        page.owed.clear();
        page.synced = false;
    }

    /// Connects, and opens the board if its seat may.
    pub fn connect(&mut self, server: &mut Server, ground: &Ground) {
        self.online = true;
        let Some(page) = &mut self.page else { return };
        let document = DocumentName::Board(page.group);
        let Ok(place) = server.place_in(self.seat, document, ground) else { return };
        let (queue, frames, _cut) = outbox(OUTBOX_FRAMES);
        let (id, key) = (SubscriptionId::next(), document.to_string());
        let subscription = Subscription {
            id,
            envelope: Envelope::Hocuspocus(key.as_str().into()),
            outbox: queue,
            actor: place.actor,
            seat: place.seat,
            name: "Participant",
        };
        server.tell(document, RoomMessage::Open(Box::new(subscription)), ground);
        page.connection = Some(Connection::of(id, key, frames));
        (page.synced, page.owed) = (false, VecDeque::new());
        let state = page.doc.transact().state_vector().encode_v1();
        page.say(server, ground, kind::STEP1, &state);
    }
}

impl Page {
    fn say(&self, server: &mut Server, ground: &Ground, kind: &[u8], payload: &[u8]) {
        let Some(connection) = &self.connection else { return };
        let frame = message(&connection.key, kind, payload);
        let read = read_hocuspocus(&frame).unwrap();
        let said = said(read.message, &frame, &ground.limits).unwrap();
        server.tell(DocumentName::Board(self.group), RoomMessage::Input(connection.id, said), ground);
    }

    /// Types a word at the end of an idea that it shows, or somewhere in it.
    pub fn write(&mut self, word: String, chance: &mut Chance<'_>) -> Option<IdeaId> {
        let mut txn = self.doc.transact_mut();
        let texts = ideas(&txn);
        if texts.is_empty() {
            return None;
        }
        let (id, text) = chance.pick(&texts);
        let idea: IdeaId = id.parse().unwrap();
        // Between words, so that a word stays whole.
        let now = text.get_string(&txn);
        let spaces: Vec<u32> = now.match_indices(' ').map(|(at, _)| u32::try_from(at).unwrap()).collect();
        let at = if spaces.is_empty() || chance.percent(60) { text.len(&txn) } else { *chance.pick(&spaces) };
        text.insert(&mut txn, at, &format!(" {word}"));
        txn.commit();
        let update = txn.encode_update_v1();
        drop(txn);
        self.typed.push((idea, word.clone()));
        self.unsent.push((idea, word, update));
        Some(idea)
    }

    /// Sends what was typed since the last time.
    pub fn send(&mut self, server: &mut Server, ground: &Ground) {
        if self.connection.is_none() || !self.synced {
            return;
        }
        for (idea, word, update) in std::mem::take(&mut self.unsent) {
            self.owed.push_back(vec![(idea, word)]);
            self.say(server, ground, kind::UPDATE, &update);
        }
    }

    /// Takes in what it was sent.
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
            }
        }
        assert!(!self.doc.transact().has_missing_updates(), "a page waits for what never came");
        learned
    }

    /// Words in a text that went away with this update are offered to their author again; they are not sent any more.
    fn take_back(&mut self) {
        let txn = self.doc.transact();
        let texts: BTreeMap<String, String> =
            ideas(&txn).into_iter().map(|(id, text)| (id, text.get_string(&txn))).collect();
        let is_there = |(idea, word): &(IdeaId, String)| {
            texts.get(&idea.to_string()).is_some_and(|text| text.contains(word.as_str()))
        };
        self.typed.retain(is_there);
        self.owed.iter_mut().for_each(|words| words.retain(is_there));
    }

    /// Begins anew with an empty page: what was refused is offered to its author, not sent again.
    pub fn begin_anew(&mut self, phones: u64) {
        self.client += phones;
        self.doc = document(honest_client(self.client));
        self.connection = None;
        self.typed.clear();
        self.owed.clear();
        self.unsent.clear();
        self.synced = false;
    }

    /// Is everything that was typed here recorded?
    pub fn is_recorded(&self) -> bool {
        self.connection.is_some() && self.synced && self.owed.is_empty() && self.unsent.is_empty()
    }
}

/// An id that a phone chose.
pub fn command_id(number: u128) -> CommandId {
    CommandId(Uuid::from_u128(number))
}
