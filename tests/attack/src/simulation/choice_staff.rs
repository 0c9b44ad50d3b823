//! What staff do next in a day under a seed: phases, moderation, the list, reports of danger.

use proto::ids::{GroupId, IdeaId};
use serde_json::json;

use super::choice::Mood;
use super::plan::{Death, Step};
use super::world::{CONTACT, ORGANIZER, RAPPORTEUR, World};
use crate::chance::Chance;

impl World {
    pub(super) fn staff_acts(&mut self, chance: &mut Chance<'_>, late: usize) -> Step {
        if self.shared.is_empty() || chance.percent(20) {
            return self.phase(chance, late);
        }
        let (idea, group) = match self.mood {
            Mood::Strict if chance.percent(70) => self.shared[self.shared.len() - 1],
            Mood::Strict | Mood::Usual | Mood::Alarmed | Mood::Tidy => *chance.pick(&self.shared),
        };
        let items = self.items();
        if !items.is_empty() && self.is_plenary() && chance.percent(30) {
            return self.runs_plenary_vote(chance);
        }
        if items.is_empty() && late > 25 && chance.percent(40) {
            return self.decides(RAPPORTEUR, json!({ "do": "merge" }));
        }
        match chance.below(20) {
            0..4 => self.curates(idea, &items, chance),
            4..6 if !items.is_empty() => {
                let word = format!("written{}x", self.number());
                Step::Type { who: RAPPORTEUR, list: true, text: chance.below(64), after: 99, word }
            }
            6..8 => self.safeguards(idea, chance),
            8 if self.hidden().is_some() => {
                self.decides(ORGANIZER, json!({ "do": "unhide", "idea": self.hidden() }))
            }
            9 => self.decides(
                ORGANIZER,
                json!({ "do": "remove-writer", "idea": idea, "writer": format!("@writer/{idea}") }),
            ),
            _ => self.moderates(idea, group, chance),
        }
    }

    /// The organizer moves everybody, or a group, to a phase: to later ones later in the day.
    fn phase(&mut self, chance: &mut Chance<'_>, late: usize) -> Step {
        let phases = match late {
            // Who tidies a board combines after its vote.
            0..75 if self.mood == Mood::Tidy => ["brainstorm", "vote", "vote", "review", "review"],
            0..50 => ["brainstorm", "brainstorm", "vote", "brainstorm", "vote"],
            50..75 => ["brainstorm", "vote", "review", "review", "plenary"],
            _ => ["vote", "review", "plenary", "plenary", "closed"],
        };
        let grace = *chance.pick(&[0, 0, 20]);
        let mut action = json!({ "do": "phase", "phase": chance.pick(&phases), "grace_seconds": grace });
        match chance.below(10) {
            0 => action = json!({ "do": "stay" }),
            1 => action = json!({ "do": "next-point" }),
            2 => action["group"] = json!(format!("@group/{}", chance.below(4))),
            _ => {}
        }
        self.decides(ORGANIZER, action)
    }

    /// An idea that is hidden with its words.
    fn hidden(&self) -> Option<IdeaId> {
        let live = self.server.as_ref()?.live.consultation();
        let hidden = |(id, _): &&(IdeaId, GroupId)| {
            let hidden = live.ideas().get(id).and_then(|idea| idea.hidden());
            hidden.is_some_and(|hidden| !hidden.erased)
        };
        self.shared.iter().find(hidden).map(|(id, _)| *id)
    }

    /// A rapporteur takes the words of an idea over into the list, somebody adds to the idea, and it is erased: what the list says
    /// resembles words that are deleted, and somebody settles it.
    pub(super) fn takes_over_and_erases(&mut self, chance: &mut Chance<'_>) {
        let items = self.worded_items();
        if items.is_empty() {
            return;
        }
        let (item, idea) = *chance.pick(&items);
        let Some((_, group)) = self.shared.iter().find(|(id, _)| *id == idea).copied() else { return };
        let of_group = self.shared.iter().filter(|(_, of)| *of == group).map(|(id, _)| *id);
        let mut board = self.shown(&of_group.collect::<Vec<_>>());
        board.sort_unstable();
        let text = board.iter().position(|id| *id == idea).unwrap_or_default();
        let who = self.people.iter().position(|person| person.is_phone() && person.group == Some(group));
        let everything =
            [Step::Turn { take: 64 }].into_iter().chain((0..4).map(|nth| Step::Room { nth, take: 64 }));
        let everything: Vec<Step> = everything.collect();
        let (reword, erase) = (
            self.decides(RAPPORTEUR, json!({ "do": "reword", "item": item })),
            self.decides(
                ORGANIZER,
                json!({ "do": "hide", "idea": idea, "reason": "personal-data", "erase": true }),
            ),
        );
        let (word, written) = (format!("typed{}x", self.next), format!("written{}x", self.next));
        let after = *chance.pick(&[99, 1]);
        let types = who.into_iter().flat_map(|who| {
            [Step::Listen { who }, Step::Type { who, list: false, text, after, word: word.clone() }]
        });
        self.soon.push_back(reword);
        self.soon.extend(everything.clone());
        self.soon.extend(types);
        // In the midst of the words, so that the list does not say all of them.
        let (text, after) = (self.place_on_list(item), 3);
        self.soon.extend([
            Step::Listen { who: RAPPORTEUR },
            Step::Type { who: RAPPORTEUR, list: true, text, after, word: written },
        ]);
        self.soon.extend(everything.clone());
        self.soon.push_back(erase);
        self.soon.extend(everything);
        let (id, keep) = (self.next + 1, chance.percent(50));
        self.next += 1;
        self.soon.push_back(Step::SettleText { id, keep });
    }

    /// Which of the texts of the list is the wording of an item.
    fn place_on_list(&self, item: IdeaId) -> usize {
        let mut items = self.items();
        items.sort_unstable();
        // Each item has a note and a wording, in this order.
        2 * items.iter().position(|id| *id == item).unwrap_or_default() + 1
    }

    /// Staff hide an idea and erase it before its room has received either change; the server crashes after the room has
    /// applied the first one.
    pub(super) fn hides_and_erases(&mut self, chance: &mut Chance<'_>) {
        let idea = chance.pick(&self.shared).0;
        let hide = self.decides(ORGANIZER, json!({ "do": "hide", "idea": idea, "reason": "hurts" }));
        let erase = json!({ "do": "hide", "idea": idea, "reason": "personal-data", "erase": true });
        let erase = self.decides(ORGANIZER, erase);
        let (nth, take) = (chance.below(12), 1 + chance.below(8));
        let dies = Step::RoomDies { death: Death::AfterAppend, nth, take };
        self.soon.extend([hide, erase, Step::Turn { take: 64 }, dies]);
    }

    /// On a day of tidying, two ideas that one person approves.
    fn approved_together(&self, chance: &mut Chance<'_>) -> Option<(IdeaId, IdeaId)> {
        let live = self.server.as_ref().filter(|_| self.mood == Mood::Tidy)?.live.consultation();
        let ballots = live.ballots().filter_map(|(.., ballot)| Some((*ballot.first()?, *ballot.get(1)?)));
        let pairs: Vec<_> = ballots.collect();
        (!pairs.is_empty() && chance.percent(50)).then(|| *chance.pick(&pairs))
    }

    fn moderates(&mut self, idea: IdeaId, group: GroupId, chance: &mut Chance<'_>) -> Step {
        let of_group = self.ideas_of(group);
        let other = *chance.pick(&of_group);
        let idea = if self.mood == Mood::Tidy { *chance.pick(&of_group) } else { idea };
        let on = chance.percent(70);
        let what = match self.mood {
            Mood::Tidy if chance.percent(50) => *chance.pick(&[4, 4, 5]),
            Mood::Strict if chance.percent(50) => *chance.pick(&[0, 0, 1, 3, 3]),
            Mood::Usual | Mood::Alarmed | Mood::Tidy | Mood::Strict => chance.below(16),
        };
        let action = match what {
            0 => json!({ "do": "hide", "idea": idea, "reason": "hurts" }),
            1 => json!({ "do": "unhide", "idea": idea }),
            2 => json!({ "do": "hide", "idea": idea, "reason": "personal-data", "erase": true,
                "read": format!("@read/{idea}") }),
            3 => json!({ "do": "hide", "idea": idea, "reason": "personal-data", "erase": true }),
            4 => {
                let (idea, into) = self.approved_together(chance).unwrap_or((idea, other));
                json!({ "do": "combine", "idea": idea, "into": into })
            }
            5 => json!({ "do": "take-apart", "idea": idea }),
            6 => json!({ "do": "lock", "idea": idea, "on": on }),
            7 => json!({ "do": "hide-board", "group": group, "on": chance.percent(40) }),
            8 => json!({ "do": "reveal", "group": group }),
            9..11 => json!({ "do": "admit", "idea": idea, "read": format!("@read/{idea}") }),
            _ => json!({ "do": "promote", "idea": idea, "on": on }),
        };
        self.decides(ORGANIZER, action)
    }

    /// What the rapporteur decides about the list, which is made first.
    fn curates(&mut self, idea: IdeaId, items: &[IdeaId], chance: &mut Chance<'_>) -> Step {
        let on = chance.percent(60);
        if items.is_empty() || chance.percent(30) {
            return self.decides(RAPPORTEUR, json!({ "do": "merge" }));
        }
        let item = *chance.pick(items);
        let action = match chance.below(8) {
            0 => json!({ "do": "pin", "item": item, "on": on }),
            1 => json!({ "do": "exclude", "item": item, "on": on }),
            2 => json!({ "do": "freeze", "on": chance.percent(40) }),
            3 => json!({ "do": "assign", "idea": idea, "item": item }),
            4 => {
                let other = self
                    .worded_items()
                    .into_iter()
                    .find(|(id, _)| *id == item)
                    .map_or(idea, |(_, idea)| idea);
                json!({ "do": "not-duplicate", "a": idea, "b": other, "on": on })
            }
            5 => json!({ "do": "hide-objection", "item": item, "objection": format!("@objection/{item}") }),
            _ => json!({ "do": "reword", "item": item }),
        };
        self.decides(RAPPORTEUR, action)
    }

    fn safeguards(&mut self, idea: IdeaId, chance: &mut Chance<'_>) -> Step {
        let live = self.server.as_ref().map(|server| server.live.consultation());
        let reported = live.into_iter().flat_map(|live| live.ideas().iter());
        let mut reported: Vec<IdeaId> =
            reported.filter(|(_, idea)| idea.danger().is_some()).map(|(id, _)| *id).collect();
        reported.sort_unstable();
        let idea = if reported.is_empty() { idea } else { *chance.pick(&reported) };
        let action = if chance.percent(30) {
            json!({ "do": "acknowledge", "idea": idea })
        } else {
            json!({ "do": "settle", "idea": idea, "show": chance.percent(60) })
        };
        self.decides(CONTACT, action)
    }
}
