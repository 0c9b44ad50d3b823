//! Who acts in a simulated day: phones with a board and the list open, and staff.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proto::command::{Action, Command};
use proto::ids::{CommandId, DocumentName, GroupId, IdeaId, SeatId};
use proto::role::Role;
use serde_json::{Value, json};
use server::live::state::{Input, ReplyId};
use server::room::SubscriptionId;
use uuid::Uuid;

use super::page::Page;
use super::server::{Ground, Server};

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

/// Somebody with a seat.
pub struct Person {
    /// The seat, which stays over restarts.
    pub seat: SeatId,
    /// The role that the seat has.
    pub role: Role,
    /// The group of a participant or moderator.
    pub group: Option<GroupId>,
    /// How it behaves.
    pub manner: Manner,
    /// Its subscription to the consultation's state while it is connected.
    pub subscription: Option<SubscriptionId>,
    /// Commands that are not answered.
    pub outbox: VecDeque<Command>,
    /// Commands of it that are under way on this connection.
    pub under_way: BTreeSet<CommandId>,
    /// Commands that were answered.
    pub answered: Vec<Command>,
    /// Ideas that it shared, with their receipts.
    pub own: BTreeMap<IdeaId, String>,
    /// The documents that it has open.
    pub pages: Vec<Page>,
}

impl Person {
    /// Somebody who has just come in, with these documents.
    pub fn new(
        (seat, role, group): (SeatId, Role, Option<GroupId>),
        manner: Manner,
        documents: &[DocumentName],
        client: u64,
    ) -> Self {
        Self {
            seat,
            role,
            group,
            manner,
            subscription: None,
            outbox: VecDeque::new(),
            under_way: BTreeSet::new(),
            answered: Vec::new(),
            own: BTreeMap::new(),
            pages: documents.iter().zip(client..).map(|(of, client)| Page::new(*of, client)).collect(),
        }
    }

    /// Is it a phone of a participant?
    pub fn is_phone(&self) -> bool {
        self.role == Role::Participant
    }

    /// Is it connected?
    pub const fn is_online(&self) -> bool {
        self.subscription.is_some()
    }

    /// Decides something: it is in the outbox until it is answered.
    ///
    /// # Panics
    /// When the action is none.
    pub fn decide(&mut self, id: CommandId, action: &Value) {
        let action: Action =
            serde_json::from_value(action.clone()).unwrap_or_else(|error| panic!("{action}: {error}"));
        self.outbox.push_back(Command { id, action });
    }

    /// Sends what is not under way yet, in order; commands come into the inbox of the server.
    pub fn send(&mut self, server: &mut Server) -> Vec<(ReplyId, CommandId)> {
        let mut sent = Vec::new();
        for command in self.outbox.iter().filter(|_| self.subscription.is_some()) {
            if self.under_way.insert(command.id) {
                sent.push((server.command(self.seat, command.clone()), command.id));
            }
        }
        sent
    }

    /// The connection is gone.
    pub fn disconnect(&mut self, mut server: Option<&mut Server>, ground: &Ground) {
        let subscription = self.subscription.take();
        self.under_way.clear();
        if let (Some(server), Some(connection)) = (&mut server, subscription) {
            server.inbox.push_back(Input::Disconnected(connection));
        }
        for page in &mut self.pages {
            page.disconnect(server.as_deref_mut(), ground);
        }
    }

    /// Connects, and opens its documents.
    pub fn connect(&mut self, server: &mut Server, ground: &Ground) {
        let connection = SubscriptionId::next();
        self.subscription = Some(connection);
        server.inbox.push_back(Input::Connected { connection, seat: self.seat });
        server.inbox.push_back(Input::Opened(self.seat));
        for page in &mut self.pages {
            page.open(self.seat, server, ground);
        }
    }
}

/// An id that a phone chose.
pub fn command_id(number: u64) -> CommandId {
    CommandId(Uuid::from_u128(u128::from(number)))
}

/// The hash of a receipt, as it is on the wire.
pub fn receipt_hash(receipt: &str) -> Value {
    use proto::ids::Receipt;
    let receipt: Receipt = serde_json::from_value(json!(receipt)).unwrap();
    serde_json::to_value(receipt.hash()).unwrap()
}
