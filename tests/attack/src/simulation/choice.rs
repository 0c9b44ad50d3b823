//! What happens next in a day under a seed: a step of the plan, chosen by what there is.

use std::time::Duration;

use proto::ids::{GroupId, IdeaId};
use proto::phase::Phase;
use serde_json::{Value, json};
use server::consultation::Consultation;

use super::acts::receipt_of;
use super::person::{Manner, receipt_hash};
use super::plan::{Death, Plan, Step};
use super::world::{ORGANIZER, RAPPORTEUR, World};
use crate::chance::Chance;

const HOUR: i64 = 3_600_000;

/// The settings of a day; its steps come while it runs.
pub fn plan(seed: u64, phones: usize, chance: &mut Chance<'_>) -> Plan {
    Plan {
        found: String::new(),
        seed,
        votes: *chance.pick(&[None, Some(1), Some(3)]),
        moderation: chance.percent(20),
        private_first: chance.percent(20),
        plenary_vote: chance.percent(60),
        phones: phones + chance.below(3),
        purge: chance.percent(30),
        steps: Vec::new(),
    }
}

/// What there is more of in a day: otherwise things that need each other hardly ever meet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// Everything in its usual proportion.
    Usual,
    /// Reports of danger.
    Alarmed,
    /// Ideas that are combined.
    Tidy,
    /// Ideas that are hidden, shown and erased, and deaths of the server.
    Strict,
}

impl Mood {
    /// That of a seed.
    #[must_use]
    pub const fn of(seed: u64) -> Self {
        match seed % 6 {
            1 => Self::Alarmed,
            2 => Self::Tidy,
            3 => Self::Strict,
            _ => Self::Usual,
        }
    }
}

impl World {
    /// The next step; `late`: how much of the day is over, in percent.
    pub(super) fn choose(&mut self, chance: &mut Chance<'_>, late: usize) -> Step {
        if let Some(step) = self.soon.pop_front() {
            return step;
        }
        match self.mood {
            Mood::Alarmed if chance.percent(8) => return self.raises_alarm(chance),
            Mood::Strict if self.soon.is_empty() && !self.shared.is_empty() && chance.percent(3) => {
                if chance.percent(60) {
                    self.hides_and_erases(chance);
                } else {
                    self.takes_over_and_erases(chance);
                }
            }
            Mood::Usual | Mood::Alarmed | Mood::Tidy | Mood::Strict => {}
        }
        match chance.below(200) {
            0..50 => self.phone_acts(chance),
            50..72 => self.staff_acts(chance, late),
            72..102 => Step::Turn { take: 1 + chance.below(14) },
            102..136 => Step::Room {
                nth: chance.below(12),
                take: 1 + chance.below(if self.mood == Mood::Strict { 3 } else { 40 }),
            },
            136..172 => self.somebody_listens(chance),
            172..180 => Step::Job { nth: chance.below(4) },
            180..183 => {
                let millis = *chance.pick(&[10, 200, 1_000, 5_000, 30_000, 400_000]);
                Step::pass(Duration::from_millis(millis))
            }
            183..190 => self.comes_or_goes(chance),
            190 => self.repeats_one(chance),
            191..193 => Step::Read { who: chance.below(64) },
            193..196 => self.rare(chance),
            196 => Step::Die { death: death(chance), take: 8 },
            197 => Step::RoomDies { death: death(chance), nth: chance.below(12), take: 8 },
            _ => {
                let hours = 1 + chance.below(3) as i64;
                Step::Jump { millis: if chance.percent(50) { hours * HOUR } else { -hours * HOUR } }
            }
        }
    }

    pub(super) const fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(super) fn a_phone(&self, chance: &mut Chance<'_>) -> usize {
        let phones: Vec<usize> = (0..self.people.len()).filter(|at| self.people[*at].is_phone()).collect();
        *chance.pick(&phones)
    }

    pub(super) fn decides(&mut self, who: usize, action: Value) -> Step {
        Step::Decide { who, id: self.number(), action }
    }

    fn somebody_listens(&self, chance: &mut Chance<'_>) -> Step {
        let who = if chance.percent(15) { RAPPORTEUR } else { self.a_phone(chance) };
        let listens = self.people[who].manner != Manner::Slow || chance.percent(30);
        if listens { Step::Listen { who } } else { Step::Turn { take: 1 } }
    }

    fn comes_or_goes(&self, chance: &mut Chance<'_>) -> Step {
        let phones: Vec<usize> = (0..self.people.len()).filter(|at| self.people[*at].is_phone()).collect();
        let away: Vec<usize> = phones.iter().copied().filter(|at| !self.people[*at].is_online()).collect();
        let all = away.is_empty() || chance.percent(30);
        let who = *chance.pick(if all { &phones } else { &away });
        let stays_away = self.people[who].manner == Manner::Offline && chance.percent(50);
        match (self.people[who].is_online(), stays_away) {
            (true, _) => Step::Go { who },
            (false, false) => Step::Come { who },
            (false, true) => Step::Turn { take: 1 },
        }
    }

    fn repeats_one(&self, chance: &mut Chance<'_>) -> Step {
        let mut people = 0..self.people.len();
        let who = people
            .find(|at| self.people[*at].manner == Manner::Repeating && !self.people[*at].answered.is_empty());
        let who = if chance.percent(50) { who.unwrap_or(ORGANIZER) } else { ORGANIZER };
        Step::Repeat { who, nth: chance.below(64) }
    }

    /// What happens once in a day or two.
    fn rare(&mut self, chance: &mut Chance<'_>) -> Step {
        let live = self.server.as_ref().map(|server| server.live.consultation());
        let is_closed = |seat| live.is_some_and(|live| live.is_closed_together(seat));
        if self.people.iter().any(|person| is_closed(person.seat)) && chance.percent(60) {
            return self.decides(ORGANIZER, json!({ "do": "restore-seats", "closing": 1 + chance.below(2) }));
        }
        match chance.below(7) {
            0 => Step::Join { group: chance.below(4) },
            1 => Step::NewGroup { id: self.number() },
            2 => Step::SettleText { id: self.number(), keep: chance.percent(50) },
            3 => Step::Outage {},
            4..6 => self.comes_or_goes(chance),
            _ => {
                let which = json!(if chance.percent(70) { "absent" } else { "idle" });
                self.decides(
                    ORGANIZER,
                    json!({ "do": "close-seats", "which": "all", "only": which, "at_most": 99 }),
                )
            }
        }
    }

    fn phone_acts(&mut self, chance: &mut Chance<'_>) -> Step {
        let who = self.a_phone(chance);
        let group = self.people[who].group.unwrap();
        let ideas = self.ideas_of(group);
        let own: Vec<IdeaId> = self.people[who].own.keys().copied().collect();
        let live = self.server.as_ref().map(|server| server.live.consultation());
        let what = match live.map(|live| live.phase_of(Some(group))) {
            Some(Phase::Brainstorm) if chance.percent(70) => *chance.pick(&[0, 0, 19, 20, 20, 20]),
            Some(Phase::Vote) if chance.percent(60) => 6,
            Some(Phase::Review) if chance.percent(40) => 18,
            Some(Phase::Plenary) if live.is_some_and(Consultation::plenary_vote_is_open) => 24,
            Some(Phase::Plenary) if chance.percent(60) => *chance.pick(&[15, 15, 15, 18]),
            _ => chance.below(24),
        };
        match what {
            0..6 => self.shares(who, group, chance),
            6..12 if !ideas.is_empty() => {
                let shown = self.shown(&ideas);
                let from = if shown.is_empty() || chance.percent(15) { &ideas } else { &shown };
                let (idea, on) = (*chance.pick(from), chance.percent(75));
                let counter = self.next - chance.pick(&[0, 0, 0, 20, 60]);
                self.decides(who, json!({ "do": "approve", "idea": idea, "on": on, "counter": counter }))
            }
            12 if !own.is_empty() && chance.percent(60) => {
                let idea = *chance.pick(&own);
                self.decides(who, json!({ "do": "withdraw", "idea": idea, "receipt": receipt_of(idea) }))
            }
            13..15 => self.raises_alarm(chance),
            15..18 if !self.items().is_empty() => self.responds(who, chance),
            24 if !self.items().is_empty() => self.approves_entry(who, chance),
            18 => {
                let sign = if chance.percent(60) {
                    json!({ "do": "sign-off", "group": group, "agree": true })
                } else {
                    json!({ "do": "sign-off", "group": group, "line": format!("note{}x is missing", self.number()) })
                };
                self.decides(who, sign)
            }
            19 if !ideas.is_empty() && chance.percent(50) => {
                let (idea, text) = (*chance.pick(&ideas), format!("trans{}x de quelqu'un", self.number()));
                self.decides(who, json!({ "do": "translate", "idea": idea, "lang": "fr", "text": text }))
            }
            _ => {
                let word = format!("typed{}x", self.number());
                let (text, after) = (chance.below(64), *chance.pick(&[99, 99, 0, 1, 2]));
                // What a participant types into the list must be refused.
                Step::Type { who, list: chance.percent(3), text, after, word }
            }
        }
    }

    /// Somebody reports an idea of their group or of the list.
    fn raises_alarm(&mut self, chance: &mut Chance<'_>) -> Step {
        let who = self.a_phone(chance);
        let why = if chance.percent(80) { "danger" } else { "other" };
        let (ideas, listed) = (self.ideas_of(self.people[who].group.unwrap()), self.items());
        let from = if listed.is_empty() || chance.percent(70) { &ideas } else { &listed };
        if from.is_empty() {
            return self.shares(who, self.people[who].group.unwrap(), chance);
        }
        let idea = *chance.pick(from);
        self.decides(who, json!({ "do": "report", "idea": idea, "why": why }))
    }

    fn shares(&mut self, who: usize, group: GroupId, chance: &mut Chance<'_>) -> Step {
        let number = self.number();
        let idea = IdeaId(uuid::Uuid::from_u128(u128::from(number)));
        let doing = if chance.percent(85) { "share" } else { "shelve" };
        self.decides(
            who,
            json!({ "do": doing, "idea": idea, "group": group, "text": format!("word{number}x of somebody in the room"),
            "receipt": receipt_hash(&receipt_of(idea)) }),
        )
    }

    fn responds(&mut self, who: usize, chance: &mut Chance<'_>) -> Step {
        let item = *chance.pick(&self.items());
        let counter = self.next - chance.pick(&[0, 0, 0, 20, 60]);
        let action = match chance.below(4) {
            0..3 => {
                json!({ "do": "object", "item": item, "line": format!("object{counter}x to it"), "counter": counter })
            }
            _ => json!({ "do": "object", "item": item, "counter": counter }),
        };
        self.decides(who, action)
    }

    /// The ideas of a group that people decide about: in some days only a few of them.
    pub(super) fn ideas_of(&self, group: GroupId) -> Vec<IdeaId> {
        let most = if self.mood == Mood::Tidy { 3 } else { usize::MAX };
        self.shared.iter().filter(|(_, of)| *of == group).map(|(idea, _)| *idea).take(most).collect()
    }

    /// Those that are on their board now.
    pub(super) fn shown(&self, ideas: &[IdeaId]) -> Vec<IdeaId> {
        let live = self.server.as_ref().map(|server| server.live.consultation());
        let is_shown = |idea: &&IdeaId| live.is_some_and(|live| live.is_on_board(**idea));
        ideas.iter().filter(is_shown).copied().collect()
    }

    /// The items of the list, each with the idea whose words it has, if that one is on its board now.
    pub(super) fn worded_items(&self) -> Vec<(IdeaId, IdeaId)> {
        let live = self.server.as_ref().map(|server| server.live.consultation());
        let facts = live.and_then(|live| live.run_facts());
        let all = facts.into_iter().flat_map(|facts| facts.items.iter().map(|(id, item)| (*id, item.anchor)));
        all.filter(|(_, idea)| live.is_some_and(|live| live.is_on_board(*idea))).collect()
    }

    /// The items of the list.
    pub(super) fn items(&self) -> Vec<IdeaId> {
        let facts = self.server.as_ref().and_then(|server| server.live.consultation().run_facts());
        facts.map(|facts| facts.items.iter().map(|(id, _)| *id).collect()).unwrap_or_default()
    }
}

/// Where the server dies.
pub fn death(chance: &mut Chance<'_>) -> Death {
    *chance.pick(&[Death::BeforeAppend, Death::AfterAppend])
}
