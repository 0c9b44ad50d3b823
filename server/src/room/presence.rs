//! Who edits what right now. In memory only, never journaled (invariant I10), thinned, and rewritten before it is relayed.
//!
//! A board relays which idea somebody edits and nothing else. The plenary, where only staff write, relays the item, a
//! cursor, a colour, and a name that the server gives. Nobody is relayed under the client id of their document: it stands
//! on every letter that they type, and would tie their texts to their presence, in the plenary to a name.

use std::collections::{BTreeSet, HashMap};

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
    /// Whose state changed since the last relay.
    changed: BTreeSet<ClientId>,
    /// Who went since the last relay, under the ids that they are known by.
    gone: Vec<AwarenessEntry>,
}

/// What is relayed, and who said it: nobody is told of themselves.
pub type Change = (Option<SubscriptionId>, AwarenessEntry);

#[derive(Debug)]
struct Client {
    of: SubscriptionId,
    /// The id under which it is relayed.
    shown_as: ClientId,
    clock: u32,
    state: Option<String>,
}

impl Presence {
    /// Takes a client's state in.
    pub fn update(&mut self, of: SubscriptionId, entry: &AwarenessEntry, state: Option<String>) {
        let known = self.clients.get(&entry.client);
        // Yjs takes an equal clock only for a removal.
        let newer = known.is_none_or(|known| {
            entry.clock > known.clock
                || (entry.clock == known.clock && state.is_none() && known.state.is_some())
        });
        if !newer {
            return;
        }
        let shown_as = known.map(|known| known.shown_as).unwrap_or_else(|| {
            self.given += 1;
            ClientId(self.given)
        });
        self.clients.insert(entry.client, Client { of, shown_as, clock: entry.clock, state });
        self.changed.insert(entry.client);
    }

    /// Did something change since the last relay?
    pub fn has_changed(&self) -> bool {
        !self.changed.is_empty() || !self.gone.is_empty()
    }

    /// What changed since the last relay: of each client the last state.
    pub fn take_changes(&mut self) -> Vec<Change> {
        let gone = self.gone.drain(..).map(|entry| (None, entry));
        let changed = std::mem::take(&mut self.changed);
        let changed = changed.iter().filter_map(|id| self.clients.get(id));
        gone.chain(changed.map(|client| (Some(client.of), client.entry()))).collect()
    }

    /// Everybody's state but that of whom `is_own` recognises: who asks would not know themselves again.
    pub fn all(&self, is_own: impl Fn(ClientId) -> bool) -> Vec<AwarenessEntry> {
        let shown = self.clients.iter().filter(|(id, client)| client.state.is_some() && !is_own(**id));
        shown.map(|(_, client)| client.entry()).collect()
    }

    /// A subscription left, and whoever it spoke for is gone.
    pub fn leave(&mut self, of: SubscriptionId) {
        let (gone, changed) = (&mut self.gone, &mut self.changed);
        self.clients.retain(|id, client| {
            if client.of != of {
                return true;
            }
            if changed.remove(id) || client.state.is_some() {
                let clock = client.clock.saturating_add(1);
                gone.push(AwarenessEntry { client: client.shown_as, clock, state: None });
            }
            false
        });
    }
}

impl Client {
    fn entry(&self) -> AwarenessEntry {
        AwarenessEntry { client: self.shown_as, clock: self.clock, state: self.state.clone() }
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

    fn say(client: u64, clock: u32) -> AwarenessEntry {
        AwarenessEntry { client: ClientId(client), clock, state: None }
    }

    fn state(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn w9_nobody_is_relayed_under_the_id_of_their_document() {
        let mut presence = Presence::default();
        let (one, two) = (SubscriptionId::next(), SubscriptionId::next());
        presence.update(one, &say(777_777, 1), state("{}"));
        presence.update(two, &say(888_888, 1), state("{}"));
        let ids: Vec<ClientId> = presence.take_changes().iter().map(|(_, entry)| entry.client).collect();
        let [first, other] = ids[..] else { panic!("{ids:?}") };
        assert_ne!(first, other);
        assert!([first, other].iter().all(|id| id.0 != 777_777 && id.0 != 888_888));
        presence.update(one, &say(777_777, 2), state("{}"));
        assert_eq!(presence.take_changes()[0].1.client, first, "the same one stays the same");
        let others = presence.all(|id| id == ClientId(777_777));
        assert_eq!(others.iter().map(|entry| entry.client).collect::<Vec<_>>(), [other]);
        presence.leave(one);
        assert_eq!(
            presence.take_changes(),
            [(None, AwarenessEntry { client: first, clock: 3, state: None })]
        );
    }

    #[test]
    fn w9_of_many_changes_only_the_last_is_relayed() {
        let mut presence = Presence::default();
        let (one, two) = (SubscriptionId::next(), SubscriptionId::next());
        assert!(!presence.has_changed());
        for clock in 1..=1_000 {
            presence.update(one, &say(7, clock), state(&clock.to_string()));
        }
        presence.update(two, &say(8, 1), None);
        // Something older, and an equal clock that is no removal, change nothing.
        presence.update(one, &say(7, 999), state("older"));
        presence.update(one, &say(7, 1_000), state("equal"));
        assert!(presence.has_changed());
        let changes = presence.take_changes();
        assert_eq!(changes.len(), 2);
        assert_eq!(
            (changes[0].0, changes[0].1.clock, changes[0].1.state.as_deref()),
            (Some(one), 1_000, Some("1000"))
        );
        assert!(!presence.has_changed());
        // A removal with an equal clock counts once.
        presence.update(one, &say(7, 1_000), None);
        assert_eq!(presence.take_changes()[0].1.state, None);
        presence.update(one, &say(7, 1_000), None);
        assert!(!presence.has_changed());
        // Who leaves before anybody was told of a change is taken away all the same.
        presence.update(one, &say(7, 1_001), state("last"));
        presence.leave(one);
        assert_eq!(presence.take_changes().len(), 1);
        assert!(presence.all(|_| false).is_empty());
    }

    #[test]
    fn w9_in_the_plenary_the_server_gives_the_name() {
        let plenary = DocumentName::Plenary(proto::ids::ConsultationId(Uuid::from_u128(1)));
        let state = relayed(plenary, "Rapporteur", r##"{"name":"x","color":"#00ff00"}"##).unwrap();
        assert!(state.contains(r#""name":"Rapporteur""#), "{state}");
        assert!(relayed(plenary, "R", r#"{"color":"red;}"}"#).is_some_and(|state| !state.contains("color")));
    }
}
