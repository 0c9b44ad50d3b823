//! What people do in a simulated day: phones share, approve, withdraw, type, come and go; the organizer moves phases and decides.

use proto::ids::{GroupId, IdeaId};
use serde_json::json;
use uuid::Uuid;

use super::person::{Manner, command_id};
use super::world::World;

impl World {
    pub(super) fn phone(&mut self) -> usize {
        let phones: Vec<usize> =
            (0..self.people.len()).filter(|at| self.people[*at].page.is_some()).collect();
        *self.chance.pick(&phones)
    }

    pub(super) fn phone_acts(&mut self) {
        let at = self.phone();
        let group = self.people[at].group.unwrap();
        let mine: Vec<IdeaId> =
            self.shared.iter().filter(|(_, of)| *of == group).map(|(idea, _)| *idea).collect();
        match self.chance.below(10) {
            0..3 => {
                let (number, receipt) = (self.number(), self.number());
                let idea = IdeaId(Uuid::from_u128(number));
                let receipt = format!("{receipt:064x}");
                let hash = receipt_hash(&receipt);
                let word = format!("word{number}x");
                let text = format!("{word} of somebody");
                let share =
                    json!({ "do": "share", "idea": idea, "group": group, "text": text, "receipt": hash });
                let id = command_id(self.number());
                self.people[at].decide(id, share);
                self.people[at].own.insert(idea, receipt);
                self.words.entry(idea).or_default().insert(word);
                self.shared.push((idea, group));
                self.note(format!("{at} shares {idea}"));
            }
            3..6 if !mine.is_empty() => {
                let (idea, on) = (*self.chance.pick(&mine), self.chance.percent(75));
                let id = command_id(self.number());
                self.people[at].approve(id, idea, on);
                self.note(format!("{at} approves {idea} {on}"));
            }
            6 if !self.people[at].own.is_empty() && self.chance.percent(40) => {
                let own: Vec<(IdeaId, String)> =
                    self.people[at].own.iter().map(|(idea, receipt)| (*idea, receipt.clone())).collect();
                let (idea, receipt) = self.chance.pick(&own).clone();
                let id = command_id(self.number());
                self.people[at].decide(id, json!({ "do": "withdraw", "idea": idea, "receipt": receipt }));
                self.note(format!("{at} withdraws {idea}"));
            }
            _ => {
                let word = format!("typed{}x", self.number());
                let Self { people, chance, .. } = self;
                let page = people[at].page.as_mut().unwrap();
                if let Some(idea) = page.write(word.clone(), chance) {
                    self.words.entry(idea).or_default().insert(word.clone());
                    self.note(format!("{at} types {word} in {idea}"));
                }
            }
        }
        self.send(at);
    }

    pub(super) fn send(&mut self, at: usize) {
        let Some(server) = self.server.as_mut() else { return };
        let person = &mut self.people[at];
        for (reply, id) in person.send(server) {
            self.waiting.insert(reply, (at, id));
        }
        if let Some(page) = person.page.as_mut().filter(|_| person.online) {
            page.send(server, &self.ground);
        }
    }

    /// The organizer moves everybody to a phase.
    pub(super) fn staff(&mut self, phase: &str) {
        let id = command_id(self.number());
        let grace = *self.chance.pick(&[0, 0, 20]);
        self.people[0].decide(id, json!({ "do": "phase", "phase": phase, "grace_seconds": grace }));
        self.note(format!("the organizer says {phase} in {grace} s"));
        self.send(0);
    }

    pub(super) fn staff_acts(&mut self) {
        let ideas: Vec<(IdeaId, GroupId)> = self.shared.clone();
        if ideas.is_empty() || self.chance.percent(25) {
            let phase = *self.chance.pick(&["brainstorm", "vote", "vote", "plenary", "brainstorm"]);
            return self.staff(phase);
        }
        let (idea, group) = *self.chance.pick(&ideas);
        let others: Vec<IdeaId> =
            ideas.iter().filter(|(_, of)| *of == group).map(|(idea, _)| *idea).collect();
        let other = *self.chance.pick(&others);
        let on = self.chance.percent(70);
        let action = match self.chance.below(8) {
            0 => json!({ "do": "hide", "idea": idea, "reason": "hurts" }),
            1 => json!({ "do": "unhide", "idea": idea }),
            2 => json!({ "do": "hide", "idea": idea, "reason": "personal-data", "erase": true }),
            3 => json!({ "do": "combine", "idea": idea, "into": other }),
            4 => json!({ "do": "take-apart", "idea": idea }),
            5 => json!({ "do": "merge" }),
            _ => json!({ "do": "promote", "idea": idea, "on": on }),
        };
        let id = command_id(self.number());
        if action["erase"] == true {
            self.erasing.insert(id, idea);
        }
        self.note(format!("the organizer: {action}"));
        self.people[0].decide(id, action);
        self.send(0);
    }

    pub(super) fn comes_or_goes(&mut self) {
        let at = self.phone();
        let stays_away = self.people[at].manner == Manner::Offline && self.chance.percent(50);
        if self.people[at].online {
            self.note(format!("{at} goes"));
            self.waiting.retain(|_, (who, _)| *who != at);
            self.people[at].disconnect(self.server.as_mut(), &self.ground);
        } else if !stays_away {
            self.note(format!("{at} comes"));
            self.connect(at);
        }
    }

    pub(super) fn repeats(&mut self) {
        let repeating: Vec<usize> =
            (0..self.people.len()).filter(|at| self.people[*at].manner == Manner::Repeating).collect();
        let Some(at) = repeating.first().copied() else { return };
        let person = &mut self.people[at];
        if !person.answered.is_empty() && person.online {
            let command = self.chance.pick(&person.answered).clone();
            let server = self.server.as_mut().unwrap();
            let reply = server.command(person.seat, command.clone());
            self.waiting.insert(reply, (at, command.id));
            self.log.push(format!("{at} sends {} again", command.id));
        }
    }
}

fn receipt_hash(receipt: &str) -> String {
    use proto::ids::Receipt;
    let receipt: Receipt = serde_json::from_value(json!(receipt)).unwrap();
    serde_json::to_value(receipt.hash()).unwrap().as_str().unwrap().to_owned()
}
