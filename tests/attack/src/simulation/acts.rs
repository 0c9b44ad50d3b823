//! What people do in a simulated day, step by step: decide, type, listen, read, come and go.

use proto::ids::{DocumentName, GroupId, IdeaId, WordsHash};
use proto::role::Role;
use serde_json::{Value, json};

use super::page::Learned;
use super::person::command_id;
use super::world::{ORGANIZER, RAPPORTEUR, World};

impl World {
    /// Somebody decides something, and it is sent if they are connected.
    pub(super) fn decide(&mut self, who: usize, id: u64, action: &Value) {
        let at = self.at(who);
        let mut action = action.clone();
        if self.resolve(&mut action).is_none() {
            return;
        }
        let idea = || serde_json::from_value::<IdeaId>(action["idea"].clone());
        match action["do"].as_str().unwrap_or_default() {
            "share" | "shelve" => {
                let (idea, group) = (idea().unwrap(), serde_json::from_value(action["group"].clone()));
                self.people[at].own.insert(idea, receipt_of(idea));
                self.note_words(idea, &action["text"]);
                self.shared.push((idea, group.unwrap()));
            }
            "translate" => self.note_words(idea().unwrap(), &action["text"]),
            "withdraw" => drop(self.erasing.insert(command_id(id), idea().unwrap())),
            "hide" if action["erase"] == true => {
                self.erasing.insert(command_id(id), idea().unwrap());
            }
            "reword" => {
                let item: IdeaId = serde_json::from_value(action["item"].clone()).unwrap();
                self.reworded.insert(item);
            }
            _ => {}
        }
        self.people[at].decide(command_id(id), &action);
        self.send(at);
    }

    /// The first word of a text is no other idea's.
    fn note_words(&mut self, idea: IdeaId, text: &Value) {
        let word = text.as_str().and_then(|text| text.split(' ').next()).unwrap_or_default();
        self.words.entry(idea).or_default().insert(word.to_owned());
    }

    /// Puts in the place of each `@…` what it stands for: `@group/N` a group, `@read/IDEA` the hash of the words that the idea has
    /// now, `@writer/IDEA` the client id that typed last into it, `@objection/ITEM` an objection to it. None when it is not there.
    fn resolve(&self, value: &mut Value) -> Option<()> {
        match value {
            Value::Object(fields) => fields.values_mut().try_for_each(|value| self.resolve(value)),
            Value::Array(items) => items.iter_mut().try_for_each(|value| self.resolve(value)),
            Value::String(text) => {
                let Some(named) = text.strip_prefix('@') else { return Some(()) };
                let (kind, name) = named.split_once('/')?;
                *value = self.stands_for(kind, name)?;
                Some(())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => Some(()),
        }
    }

    fn stands_for(&self, kind: &str, name: &str) -> Option<Value> {
        let live = self.server.as_ref()?.live.consultation();
        let idea = || name.parse::<IdeaId>().ok();
        match kind {
            "group" => Some(json!(self.groups[name.parse::<usize>().ok()? % self.groups.len()])),
            "read" => Some(json!(WordsHash::of(&live.ideas().get(&idea()?)?.words().text))),
            "writer" => Some(json!(self.writers.get(&idea()?)?)),
            "objection" => {
                let (_, said) = live.room().into_iter().find(|(item, _)| Some(*item) == idea())?;
                Some(json!(said.lines.first()?.id))
            }
            _ => None,
        }
    }

    /// Somebody types a word; it is sent if they are connected.
    pub(super) fn types(&mut self, who: usize, list: bool, (text, after): (usize, usize), word: &str) {
        let at = self.at(who);
        let of = |document: &DocumentName| matches!(document, DocumentName::Plenary(_)) == list;
        let Some(page) = self.people[at].pages.iter_mut().find(|page| of(&page.document)) else { return };
        let Some(name) = page.write(text, after, word) else { return };
        if let Ok(idea) = name.parse::<IdeaId>() {
            self.words.entry(idea).or_default().insert(word.to_owned());
            self.writers.insert(idea, page.writer());
        }
        self.send(at);
    }

    pub(super) fn send(&mut self, at: usize) {
        let Some(server) = self.server.as_mut() else { return };
        let person = &mut self.people[at];
        for (reply, id) in person.send(server) {
            self.waiting.insert(reply, (at, id));
        }
        if person.is_online() {
            person.pages.iter_mut().for_each(|page| page.send(server, &self.ground));
        }
    }

    /// A phone takes in what it was sent.
    pub(super) fn hears(&mut self, at: usize) {
        let Some(server) = self.server.as_mut() else { return };
        let person = &mut self.people[at];
        let mut refused = false;
        for page in &mut person.pages {
            for learned in page.listen(server, &self.ground) {
                match learned {
                    Learned::Recorded(words) => {
                        let of_page = words.into_iter().map(|typed| (at, page.document, typed));
                        self.recorded.extend(of_page);
                    }
                    Learned::Refused(why) => {
                        self.log.push(format!("{at} is refused: {why}"));
                        page.disconnect(Some(server), &self.ground);
                        page.begin_anew(1 << 20);
                        page.open(person.seat, server, &self.ground);
                        refused = true;
                        break;
                    }
                }
            }
        }
        if !refused {
            self.send(at);
        }
    }

    /// Is the seat closed? Then nothing of it comes in any more.
    pub(super) fn is_shut(&self, at: usize) -> bool {
        let seat = self.people[at].seat;
        self.server.as_ref().is_some_and(|server| server.live.consultation().is_closed(seat))
    }

    pub(super) fn connect(&mut self, at: usize) {
        if self.people[at].is_online() || self.is_shut(at) {
            return;
        }
        let Some(server) = self.server.as_mut() else { return };
        self.people[at].connect(server, &self.ground);
        self.send(at);
    }

    pub(super) fn goes(&mut self, at: usize) {
        self.waiting.retain(|_, (who, _)| *who != at);
        self.people[at].disconnect(self.server.as_mut(), &self.ground);
    }

    pub(super) fn repeats(&mut self, at: usize, nth: usize) {
        let person = &self.people[at];
        let Some(nth) = nth.checked_rem(person.answered.len()).filter(|_| person.is_online()) else { return };
        let command = person.answered[nth].clone();
        let (seat, id) = (person.seat, command.id);
        let Some(server) = self.server.as_mut() else { return };
        let reply = server.command(seat, command);
        self.waiting.insert(reply, (at, id));
    }

    /// The organizer adds a group to those that are prepared.
    pub(super) fn new_group(&mut self, id: u64) {
        let Some(server) = self.server.as_ref() else { return };
        let seat = self.people[ORGANIZER].seat;
        let prepared = server.live.consultation().preparation(seat).unwrap();
        let prepared = serde_json::to_value(prepared).unwrap();
        let mut groups = prepared["groups"].as_array().cloned().unwrap_or_default();
        groups.push(json!({ "name": format!("Group {id}") }));
        let base = &prepared["versions"]["groups"];
        let action = json!({ "do": "amend", "field": "groups", "base": base, "value": groups });
        self.decide(ORGANIZER, id, &action);
    }

    /// The rapporteur says what becomes of the first text that was taken off the list.
    pub(super) fn settle_text(&mut self, id: u64, keep: bool) {
        let Some(server) = self.server.as_mut() else { return };
        let doubtful = server.doubtful(&self.ground).texts;
        let Some(first) = doubtful.first() else { return };
        let read = WordsHash::of(&first.words);
        if !keep {
            self.given_up.push(first.words.clone());
        }
        let action = json!({ "do": "settle-text", "text": first.text, "keep": keep, "read": read });
        self.decide(RAPPORTEUR, id, &action);
    }

    /// Somebody reads everything that they may over HTTP: it has no words that they must not read.
    pub(super) fn reads(&mut self, at: usize) {
        if self.is_shut(at) {
            return;
        }
        let Some(server) = self.server.as_mut() else { return };
        let (seat, role, group) = (self.people[at].seat, self.people[at].role, self.people[at].group);
        let mut read: Vec<String> = Vec::new();
        let groups: Vec<GroupId> = if role == Role::Participant {
            group.into_iter().collect()
        } else {
            server.live.consultation().groups().keys().copied().collect()
        };
        server.read(&self.ground, |view| {
            read.extend(view.of_seat(seat).ok().map(|of_seat| json(&of_seat)));
            read.push(json(&view.ledger(0)));
            read.extend(view.desk(seat).ok().map(|desk| json(&desk)));
            read.extend(view.curation(seat).ok().map(|curation| json(&curation)));
            for group in &groups {
                read.extend(view.group_card(seat, *group).ok().map(|card| json(&card)));
                read.extend(view.consultation().late_shelf(seat, *group).ok().map(|shelf| json(&shelf)));
            }
        });
        for group in groups {
            if server.place_in(seat, DocumentName::Board(group), &self.ground).is_ok() {
                read.push(json(&server.board(group, &self.ground)));
            }
        }
        let list = server.list(&self.ground);
        self.reads += 1;
        read.iter().for_each(|message| self.check_told(role, message));
        self.check_list_read(&json(&list));
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

/// The receipt of an idea: a day has no secrets.
pub fn receipt_of(idea: IdeaId) -> String {
    format!("{:064x}", idea.0.as_u128())
}
