//! Who edits what right now. In memory only, never journaled (invariant I10), and rewritten before it is relayed.
//!
//! A board relays which idea somebody edits and nothing else. The plenary, where only staff write, relays the item, a
//! cursor, a colour, and a name that the server gives. Nobody is relayed under the client id of their document: it stands
//! on every letter that they type, and would tie their texts to their presence, in the plenary to a name.

use std::collections::HashMap;

use proto::gate::AwarenessEntry;
use proto::ids::{ClientId, DocumentName, IdeaId};
use serde_json::{Map, Value};

use super::SubscriptionId;

/// The state of each client, as it was relayed.
#[derive(Debug, Default)]
pub struct Presence {
    clients: HashMap<ClientId, Client>,
    /// Names that were given so far.
    given: u64,
}

#[derive(Debug)]
struct Client {
    of: SubscriptionId,
    /// The id under which it is relayed.
    shown_as: ClientId,
    clock: u32,
    state: Option<String>,
}

impl Presence {
    /// Takes a client's state in. `Some`: what is to be relayed.
    pub fn update(
        &mut self,
        of: SubscriptionId,
        entry: &AwarenessEntry,
        state: Option<String>,
    ) -> Option<AwarenessEntry> {
        let known = self.clients.get(&entry.client);
        // Yjs takes an equal clock only for a removal.
        let newer = known.is_none_or(|known| {
            entry.clock > known.clock
                || (entry.clock == known.clock && state.is_none() && known.state.is_some())
        });
        if !newer {
            return None;
        }
        let shown_as = known.map(|known| known.shown_as).unwrap_or_else(|| {
            self.given += 1;
            ClientId(self.given)
        });
        let client = Client { of, shown_as, clock: entry.clock, state: state.clone() };
        self.clients.insert(entry.client, client);
        Some(AwarenessEntry { client: shown_as, clock: entry.clock, state })
    }

    /// Everybody's state but that of whom `is_own` recognises: who asks would not know themselves again.
    pub fn all(&self, is_own: impl Fn(ClientId) -> bool) -> Vec<AwarenessEntry> {
        let shown = self.clients.iter().filter(|(id, client)| client.state.is_some() && !is_own(**id));
        shown
            .map(|(_, client)| AwarenessEntry {
                client: client.shown_as,
                clock: client.clock,
                state: client.state.clone(),
            })
            .collect()
    }

    /// A subscription left: what is to be relayed.
    pub fn leave(&mut self, of: SubscriptionId) -> Vec<AwarenessEntry> {
        let mut gone = Vec::new();
        self.clients.retain(|_, client| {
            if client.of != of {
                return true;
            }
            if client.state.is_some() {
                let clock = client.clock.saturating_add(1);
                gone.push(AwarenessEntry { client: client.shown_as, clock, state: None });
            }
            false
        });
        gone
    }
}

/// What may be relayed of a state that a client sent.
#[must_use]
pub fn relayed(document: DocumentName, name: &str, state: &str) -> Option<String> {
    let Ok(Value::Object(sent)) = serde_json::from_str::<Value>(state) else { return None };
    let mut relayed = Map::new();
    match document {
        DocumentName::Board(_) => {
            relayed.insert("idea".to_owned(), id_of(&sent, "idea"));
        }
        DocumentName::Plenary(_) => {
            relayed.insert("item".to_owned(), id_of(&sent, "item"));
            if let Some(cursor) = sent.get("cursor") {
                relayed.insert("cursor".to_owned(), cursor.clone());
            }
            if let Some(color) = sent.get("color").and_then(Value::as_str).filter(|color| is_color(color)) {
                relayed.insert("color".to_owned(), Value::from(color));
            }
            relayed.insert("name".to_owned(), Value::from(name));
        }
        DocumentName::Consultation(_) => return None,
    }
    Some(Value::Object(relayed).to_string())
}

fn id_of(sent: &Map<String, Value>, key: &str) -> Value {
    let id = sent.get(key).and_then(Value::as_str).and_then(|id| id.parse::<IdeaId>().ok());
    id.map_or(Value::Null, |id| Value::from(id.to_string()))
}

fn is_color(text: &str) -> bool {
    text.len() == 7 && text.starts_with('#') && text[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::ids::GroupId;
    use uuid::Uuid;

    #[test]
    fn w9_a_board_relays_the_idea_and_nothing_else() {
        let board = DocumentName::Board(GroupId(Uuid::from_u128(1)));
        let idea = Uuid::from_u128(2);
        let sent = format!(r##"{{"idea":"{idea}","name":"Amina","cursor":3,"color":"#ff0000"}}"##);
        assert_eq!(relayed(board, "", &sent), Some(format!(r#"{{"idea":"{idea}"}}"#)));
        assert_eq!(relayed(board, "", r#"{"idea":"Amina"}"#), Some(r#"{"idea":null}"#.to_owned()));
        assert_eq!(relayed(board, "", "[]"), None);
    }

    #[test]
    fn w9_nobody_is_relayed_under_the_id_of_their_document() {
        let mut presence = Presence::default();
        let (one, two) = (SubscriptionId::next(), SubscriptionId::next());
        let say = |client, clock| AwarenessEntry { client: ClientId(client), clock, state: None };
        let state = || Some("{}".to_owned());
        let first = presence.update(one, &say(777_777, 1), state()).unwrap();
        let other = presence.update(two, &say(888_888, 1), state()).unwrap();
        assert_ne!(first.client, other.client);
        assert!([first.client, other.client].iter().all(|id| id.0 != 777_777 && id.0 != 888_888));
        let again = presence.update(one, &say(777_777, 2), state()).unwrap();
        assert_eq!(again.client, first.client, "the same one stays the same");
        let others = presence.all(|id| id == ClientId(777_777));
        assert_eq!(others.iter().map(|entry| entry.client).collect::<Vec<_>>(), [other.client]);
        assert_eq!(presence.leave(one).first().map(|gone| gone.client), Some(first.client));
    }

    #[test]
    fn w9_in_the_plenary_the_server_gives_the_name() {
        let plenary = DocumentName::Plenary(proto::ids::ConsultationId(Uuid::from_u128(1)));
        let state = relayed(plenary, "Rapporteur", r##"{"name":"x","color":"#00ff00"}"##).unwrap();
        assert!(state.contains(r#""name":"Rapporteur""#), "{state}");
        assert!(relayed(plenary, "R", r#"{"color":"red;}"}"#).is_some_and(|state| !state.contains("color")));
    }
}
