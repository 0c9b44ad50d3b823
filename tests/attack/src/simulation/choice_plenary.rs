//! What happens next in the plenary vote of a day under a seed: the organizer runs it, phones approve entries.

use proto::ids::IdeaId;
use proto::phase::Phase;
use serde_json::json;
use server::consultation::Consultation;

use super::plan::Step;
use super::world::{ORGANIZER, World};
use crate::chance::Chance;

impl World {
    pub(super) fn is_plenary(&self) -> bool {
        let live = self.server.as_ref().map(|server| server.live.consultation());
        live.is_some_and(|live| live.phase_of(None) == Phase::Plenary)
    }

    /// The organizer opens and closes the vote, adds a group that was late, and lets seats vote that came late.
    pub(super) fn runs_plenary_vote(&mut self, chance: &mut Chance<'_>) -> Step {
        let live = self.server.as_ref().map(|server| server.live.consultation());
        let is_open = live.is_some_and(Consultation::plenary_vote_is_open);
        let action = match (is_open, chance.below(8)) {
            (true, 0..2) => json!({ "do": "close-plenary-vote" }),
            (_, 2) => json!({ "do": "add-group-to-paper", "group": format!("@group/{}", chance.below(4)) }),
            (_, 3) => json!({ "do": "let-voters-in", "count": chance.below(3) }),
            (_, 0..2) => json!({ "do": "close-plenary-vote" }),
            _ => return self.opens_plenary_vote(chance),
        };
        self.decides(ORGANIZER, action)
    }

    /// The organizer opens the vote, the list is made anew for it, people vote, and often it is closed while some of what they said
    /// is still on its way.
    fn opens_plenary_vote(&mut self, chance: &mut Chance<'_>) -> Step {
        let opens = self.decides(ORGANIZER, json!({ "do": "open-plenary-vote" }));
        let turn = Step::Turn { take: 64 };
        self.soon.push_back(turn.clone());
        self.soon.extend((0..4).map(|nth| Step::Job { nth }));
        self.soon.push_back(turn.clone());
        for _ in 0..4 {
            let who = self.a_phone(chance);
            let approves = self.approves_entry(who, chance);
            self.soon.push_back(approves);
        }
        self.soon.push_back(Step::Turn { take: 1 + chance.below(6) });
        if chance.percent(60) {
            let closes = self.decides(ORGANIZER, json!({ "do": "close-plenary-vote" }));
            self.soon.extend([closes, turn]);
        }
        opens
    }

    /// A phone approves an entry of the list, or not any more; sometimes one that is not on the paper.
    pub(super) fn approves_entry(&mut self, who: usize, chance: &mut Chance<'_>) -> Step {
        let paper = self.paper();
        let from = if paper.is_empty() || chance.percent(5) { self.items() } else { paper };
        let (item, on) = (*chance.pick(&from), chance.percent(75));
        let counter = self.next - chance.pick(&[0, 0, 0, 20, 60]);
        self.decides(who, json!({ "do": "approve-entry", "item": item, "on": on, "counter": counter }))
    }

    fn paper(&self) -> Vec<IdeaId> {
        let Some(server) = self.server.as_ref() else { return Vec::new() };
        let vote = server.live.consultation().state(self.ground.wall, |_| 0).plenary_vote;
        vote.map(|vote| vote.paper.iter().map(|entry| entry.item).collect()).unwrap_or_default()
    }
}
