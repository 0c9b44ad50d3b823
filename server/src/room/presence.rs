//! Who edits what right now. In memory only, never journaled (invariant I10), thinned, and rewritten before it is relayed.
//!
//! A board relays that so many are here and that somebody edits an idea, as two things that nobody can put together: who
//! edits appears under an id of its own for each idea, and who is here stays as it was. Otherwise presence, together
//! with the moments at which letters come, would tell whose they are. The plenary, where only staff write, relays the
//! item, a cursor, a colour, and a name that the server gives. Nobody is relayed under the client id of their document:
//! it stands on every letter that they type.
//!
//! Stock clients forget whom they do not hear of for 30 seconds. What is relayed is renewed by the server, all of it at
//! once, so that no rhythm tells anything either.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proto::gate::AwarenessEntry;
use proto::ids::{ClientId, DocumentName, IdeaId};
use serde_json::{Map, Value};

use super::SubscriptionId;

/// What people are told, and what they were not told yet.
#[derive(Debug, Default)]
pub struct Presence {
    pages: HashMap<ClientId, Page>,
    /// What is relayed, by the ids that the server gives.
    shown: BTreeMap<ClientId, Shown>,
    /// Ids that were given so far.
    given: u64,
    /// What changed since the last relay.
    changed: BTreeSet<ClientId>,
    /// What appears with the next renewal.
    later: BTreeSet<ClientId>,
    /// What went since the last relay, and what goes with the next renewal.
    gone: Vec<AwarenessEntry>,
    gone_later: Vec<AwarenessEntry>,
}

/// One page, by the client id of its document.
#[derive(Debug)]
struct Page {
    of: SubscriptionId,
    clock: u32,
    here: Option<ClientId>,
    editing: Option<(IdeaId, ClientId)>,
}

#[derive(Debug)]
struct Shown {
    of: SubscriptionId,
    page: ClientId,
    clock: u32,
    state: String,
}

/// What a page says of itself, as far as it is relayed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PresenceReport {
    /// Nothing any more.
    Gone,
    /// It is here, with this state.
    Here(String),
    /// It edits this idea of a board.
    Editing(IdeaId),
}

/// What is relayed, and who said it: nobody is told of themselves.
pub type PresenceChange = (Option<SubscriptionId>, AwarenessEntry);

impl Presence {
    /// Takes in what a page says.
    pub fn update(&mut self, of: SubscriptionId, page: ClientId, clock: u32, said: PresenceReport) {
        let known = self.pages.get(&page);
        let there = known.is_some_and(|known| known.here.is_some() || known.editing.is_some());
        // Yjs takes an equal clock only for a removal.
        let newer = known.is_none_or(|known| {
            clock > known.clock || (clock == known.clock && said == PresenceReport::Gone && there)
        });
        if !newer {
            return;
        }
        let is_new = known.is_none();
        let (mut here, mut editing) = known.map_or((None, None), |known| (known.here, known.editing));
        match said {
            PresenceReport::Gone => {
                self.hide(here.take(), editing.is_some());
                self.hide(editing.take().map(|(_, id)| id), false);
            }
            PresenceReport::Here(state) => {
                // Who stops editing does not appear at the same moment.
                let later = here.is_none() && (editing.is_some() || !is_new);
                self.hide(editing.take().map(|(_, id)| id), false);
                here = Some(self.show(here, of, page, state, later));
            }
            PresenceReport::Editing(idea) if editing.is_none_or(|(known, _)| known != idea) => {
                self.hide(editing.take().map(|(_, id)| id), false);
                editing = Some((idea, self.show(None, of, page, editing_state(Some(idea)), false)));
            }
            PresenceReport::Editing(_) => {}
        }
        self.pages.insert(page, Page { of, clock, here, editing });
    }

    /// Everything that is relayed but that of whom `is_own` recognises: who asks would not know themselves again.
    pub fn all(&self, is_own: impl Fn(ClientId) -> bool) -> Vec<AwarenessEntry> {
        let shown = self.shown.iter().filter(|(id, shown)| !self.later.contains(id) && !is_own(shown.page));
        shown.map(|(id, shown)| shown.entry(*id)).collect()
    }

    /// The page that is said under this id to edit this idea.
    pub fn editor(&self, id: ClientId, idea: IdeaId) -> Option<ClientId> {
        let page = self.shown.get(&id)?.page;
        let editing = self.pages.get(&page)?.editing;
        editing.is_some_and(|editing| editing == (idea, id)).then_some(page)
    }

    /// A subscription left, and whoever it spoke for is gone.
    pub fn leave(&mut self, of: SubscriptionId) {
        let left: Vec<ClientId> =
            self.pages.iter().filter(|(_, page)| page.of == of).map(|(id, _)| *id).collect();
        for page in left.iter().filter_map(|id| self.pages.remove(id)).collect::<Vec<_>>() {
            self.hide(page.here, page.editing.is_some());
            self.hide(page.editing.map(|(_, id)| id), false);
        }
    }

    /// Is anything relayed at all?
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty() && self.gone_later.is_empty()
    }

    /// Did something change since the last relay?
    pub fn has_changed(&self) -> bool {
        !self.changed.is_empty() || !self.gone.is_empty()
    }

    /// What changed since the last relay: the last state of each.
    pub fn take_changes(&mut self) -> Vec<PresenceChange> {
        let gone = self.gone.drain(..).map(|entry| (None, entry));
        let changed = std::mem::take(&mut self.changed);
        let shown = changed.iter().filter_map(|id| self.shown.get(id).map(|shown| (*id, shown)));
        gone.chain(shown.map(|(id, shown)| (Some(shown.of), shown.entry(id)))).collect()
    }

    /// Renews everything, and lets appear and go what waited for that.
    pub fn renew(&mut self) {
        for shown in self.shown.values_mut() {
            shown.clock = shown.clock.saturating_add(1);
        }
        self.later.clear();
        self.changed = self.shown.keys().copied().collect();
        self.gone.append(&mut self.gone_later);
    }

    fn show(
        &mut self,
        known: Option<ClientId>,
        of: SubscriptionId,
        page: ClientId,
        state: String,
        later: bool,
    ) -> ClientId {
        let id = known.unwrap_or_else(|| {
            self.given += 1;
            ClientId(self.given)
        });
        let old = self.shown.get(&id);
        if old.is_none_or(|old| old.state != state) {
            let clock = old.map_or(1, |old| old.clock.saturating_add(1));
            self.shown.insert(id, Shown { of, page, clock, state });
            let waiting = if later { &mut self.later } else { &mut self.changed };
            waiting.insert(id);
        }
        id
    }

    fn hide(&mut self, id: Option<ClientId>, later: bool) {
        let Some(id) = id else { return };
        let Some(shown) = self.shown.remove(&id) else { return };
        self.changed.remove(&id);
        if self.later.remove(&id) {
            return;
        }
        let entry = AwarenessEntry { client: id, clock: shown.clock.saturating_add(1), state: None };
        let gone = if later { &mut self.gone_later } else { &mut self.gone };
        gone.push(entry);
    }
}

impl Shown {
    fn entry(&self, id: ClientId) -> AwarenessEntry {
        AwarenessEntry { client: id, clock: self.clock, state: Some(self.state.clone()) }
    }
}

/// What may be relayed of a state that a page sent; nothing when it is none.
#[must_use]
pub fn relayed(document: DocumentName, name: &str, state: &str) -> Option<PresenceReport> {
    let Ok(Value::Object(sent)) = serde_json::from_str::<Value>(state) else { return None };
    match document {
        DocumentName::Board(_) => Some(
            id_of(&sent, "idea")
                .map_or_else(|| PresenceReport::Here(editing_state(None)), PresenceReport::Editing),
        ),
        DocumentName::Plenary(_) => {
            let mut relayed = Map::new();
            let item = id_of(&sent, "item").map_or(Value::Null, |id| Value::from(id.to_string()));
            relayed.insert("item".to_owned(), item);
            if let Some(cursor) = sent.get("cursor") {
                relayed.insert("cursor".to_owned(), cursor.clone());
            }
            if let Some(color) = sent.get("color").and_then(Value::as_str).filter(|color| is_color(color)) {
                relayed.insert("color".to_owned(), Value::from(color));
            }
            relayed.insert("name".to_owned(), Value::from(name));
            Some(PresenceReport::Here(Value::Object(relayed).to_string()))
        }
        DocumentName::Consultation(_) => None,
    }
}

/// What a board relays: the idea and nothing else.
fn editing_state(idea: Option<IdeaId>) -> String {
    serde_json::json!({ "idea": idea.map(|idea| idea.to_string()) }).to_string()
}

fn id_of(sent: &Map<String, Value>, key: &str) -> Option<IdeaId> {
    sent.get(key).and_then(Value::as_str).and_then(|id| id.parse().ok())
}

fn is_color(text: &str) -> bool {
    text.len() == 7 && text.starts_with('#') && text[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::ids::GroupId;
    use uuid::Uuid;

    const ONE: ClientId = ClientId(777_777);
    const TWO: ClientId = ClientId(888_888);

    fn idea(number: u128) -> IdeaId {
        IdeaId(Uuid::from_u128(number))
    }

    fn here() -> PresenceReport {
        PresenceReport::Here(editing_state(None))
    }

    /// The ids that appeared or changed, and those that went.
    fn told(presence: &mut Presence) -> (Vec<u64>, Vec<u64>) {
        let changes = presence.take_changes();
        let ids = |gone: bool| {
            let of = changes.iter().filter(|(_, entry)| entry.state.is_none() == gone);
            of.map(|(_, entry)| entry.client.0).collect()
        };
        (ids(false), ids(true))
    }

    #[test]
    fn w9_a_board_relays_the_idea_and_nothing_else() {
        let board = DocumentName::Board(GroupId(Uuid::from_u128(1)));
        let sent = format!(r##"{{"idea":"{}","name":"Amina","cursor":3,"color":"#ff0000"}}"##, idea(2));
        assert_eq!(relayed(board, "", &sent), Some(PresenceReport::Editing(idea(2))));
        assert_eq!(editing_state(Some(idea(2))), format!(r#"{{"idea":"{}"}}"#, idea(2)));
        assert_eq!(
            relayed(board, "", r#"{"idea":"Amina"}"#),
            Some(PresenceReport::Here(r#"{"idea":null}"#.to_owned()))
        );
        assert_eq!(relayed(board, "", "[]"), None);
    }

    #[test]
    fn w9_who_edits_what_cannot_be_put_together_with_who_is_here() {
        let mut presence = Presence::default();
        let (of_one, of_two) = (SubscriptionId::next(), SubscriptionId::next());
        presence.update(of_one, ONE, 1, here());
        presence.update(of_two, TWO, 1, here());
        assert_eq!(told(&mut presence), (vec![1, 2], vec![]));
        // Each idea has an id of its own, and who is here does not move.
        presence.update(of_one, ONE, 2, PresenceReport::Editing(idea(1)));
        assert_eq!(told(&mut presence), (vec![3], vec![]));
        presence.update(of_one, ONE, 3, PresenceReport::Editing(idea(2)));
        assert_eq!(told(&mut presence), (vec![4], vec![3]));
        presence.update(of_one, ONE, 4, PresenceReport::Editing(idea(2)));
        assert!(!presence.has_changed());
        presence.update(of_one, ONE, 5, here());
        assert_eq!(told(&mut presence), (vec![], vec![4]));
        // Who goes while editing is not gone at the same moment.
        presence.update(of_one, ONE, 6, PresenceReport::Editing(idea(1)));
        told(&mut presence);
        presence.leave(of_one);
        assert_eq!(told(&mut presence), (vec![], vec![5]));
        presence.renew();
        assert_eq!(told(&mut presence), (vec![2], vec![1]));
        // Nor does who first edited appear when that ends.
        presence.update(of_one, ONE, 1, PresenceReport::Editing(idea(1)));
        assert_eq!(told(&mut presence), (vec![6], vec![]));
        presence.update(of_one, ONE, 2, here());
        assert_eq!(told(&mut presence), (vec![], vec![6]));
        assert_eq!(presence.all(|_| false).len(), 1);
        presence.renew();
        assert_eq!(told(&mut presence), (vec![2, 7], vec![]));
        assert_eq!(presence.all(|page| page == ONE).len(), 1);
        assert!(presence.shown.keys().all(|id| *id != ONE && *id != TWO));
    }

    #[test]
    fn w9_of_many_changes_only_the_last_is_relayed() {
        let mut presence = Presence::default();
        let of = SubscriptionId::next();
        assert!(!presence.has_changed() && presence.is_empty());
        for clock in 1..=1_000 {
            presence.update(of, ONE, clock, PresenceReport::Here(clock.to_string()));
        }
        // Something older, and an equal clock that is no removal, change nothing.
        presence.update(of, ONE, 999, PresenceReport::Here("older".to_owned()));
        presence.update(of, ONE, 1_000, PresenceReport::Here("equal".to_owned()));
        let changes = presence.take_changes();
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].0, changes[0].1.state.as_deref()), (Some(of), Some("1000")));
        assert!(!presence.has_changed() && !presence.is_empty());
        // A removal with an equal clock counts once.
        presence.update(of, ONE, 1_000, PresenceReport::Gone);
        assert_eq!(told(&mut presence), (vec![], vec![1]));
        presence.update(of, ONE, 1_000, PresenceReport::Gone);
        assert!(!presence.has_changed() && presence.is_empty());
    }

    #[test]
    fn w9_what_is_renewed_has_a_later_clock() {
        let mut presence = Presence::default();
        presence.update(SubscriptionId::next(), ONE, 7, here());
        let clock = |presence: &mut Presence| presence.take_changes()[0].1.clock;
        let first = clock(&mut presence);
        presence.renew();
        assert!(clock(&mut presence) > first);
    }

    #[test]
    fn w9_in_the_plenary_the_server_gives_the_name() {
        let plenary = DocumentName::Plenary(proto::ids::ConsultationId(Uuid::from_u128(1)));
        let state = |name, sent: &str| match relayed(plenary, name, sent) {
            Some(PresenceReport::Here(state)) => state,
            other => panic!("{other:?}"),
        };
        let named = state("Rapporteur", r##"{"name":"x","color":"#00ff00"}"##);
        assert!(named.contains(r#""name":"Rapporteur""#), "{named}");
        assert!(!state("R", r#"{"color":"red;}"}"#).contains("color"));
    }
}
