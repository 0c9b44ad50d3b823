//! Tallies and responses equal a count of what each person says, and no ballot is over its budget.

use std::collections::{BTreeMap, BTreeSet};

use proto::ids::IdeaId;
use proto::plenary::OwnResponse;
use server::consultation::{Event, Response};
use server::journal::SeatKey;

use super::World;

impl World {
    pub(in super::super) fn check_tallies(&self) {
        let consultation = self.live();
        let ballots: Vec<Vec<IdeaId>> = consultation.ballots().map(|(_, _, ideas)| ideas).collect();
        let combined = consultation.combinations();
        let mut entries: BTreeMap<IdeaId, BTreeSet<IdeaId>> = BTreeMap::new();
        for idea in consultation.ideas().keys().filter(|idea| consultation.is_on_board(**idea)) {
            entries.entry(*idea).or_default().insert(*idea);
            if let Some(root) = combined.get(idea) {
                entries.entry(*root).or_default().insert(*idea);
            }
        }
        for (idea, entry) in entries.iter().filter(|(idea, _)| consultation.is_on_board(**idea)) {
            let count = ballots.iter().filter(|ballot| ballot.iter().any(|one| entry.contains(one))).count();
            assert_eq!(consultation.tally(*idea) as usize, count, "the tally of {idea}");
        }
    }

    /// No ballot chose more than it could. Taking apart what was combined, and bringing back what was off its board, may give a
    /// ballot more than that, so it is checked on days without these.
    fn check_budgets(&self) {
        let Some(votes) = self.votes else { return };
        let gives_more = |event: &Event| {
            matches!(
                event,
                Event::TakenApart { .. }
                    | Event::Unhidden { .. }
                    | Event::BoardHidden { .. }
                    | Event::Safeguarded { .. }
                    | Event::SafeguardedAll { .. }
                    | Event::Edited { .. }
                    | Event::Admitted { .. }
            )
        };
        // An idea that is combined with another one leaves the entry that it was in.
        let mut combined = BTreeSet::new();
        let mut again =
            |event: &Event| matches!(event, Event::Combined { idea, .. } if !combined.insert(*idea));
        if self.records().iter().any(|record| gives_more(&record.event) || again(&record.event)) {
            return;
        }
        let consultation = self.live();
        let combined = consultation.combinations();
        for (_, _, ballot) in consultation.ballots() {
            let root = |idea: &IdeaId| combined.get(idea).copied().unwrap_or(*idea);
            let on_board = ballot.iter().filter(|idea| consultation.is_on_board(**idea));
            let used: BTreeSet<IdeaId> = on_board.map(root).collect();
            assert!(used.len() <= votes as usize, "a ballot of {} with {votes} votes", used.len());
        }
    }

    /// Of each person and idea, and of each person and item of the list, the decision with the highest counter stands. Closings take
    /// votes out and ideas that are one share their counters, so it is checked on days without these.
    fn check_counters(&self) {
        let mixes = |event: &Event| {
            matches!(event, Event::Combined { .. } | Event::SeatsClosed { .. } | Event::SeatsRestored { .. })
        };
        let mut approved: BTreeMap<(SeatKey, IdeaId), (u64, bool)> = BTreeMap::new();
        let mut said: BTreeMap<(SeatKey, IdeaId), (u64, Response)> = BTreeMap::new();
        for record in self.records() {
            if let Event::Approved { by, idea, on, n } = record.event {
                let newest = approved.entry((by, idea)).or_insert((n, on));
                *newest = if n > newest.0 { (n, on) } else { *newest };
            } else if let Event::Responded { by, item, says, n } = record.event {
                let newest = said.entry((by, item)).or_insert((n, says));
                *newest = if n > newest.0 { (n, says) } else { *newest };
            } else if mixes(&record.event) {
                return;
            }
        }
        let consultation = self.live();
        let counts = |idea: &IdeaId| consultation.ideas().get(idea).is_some_and(|idea| !idea.is_taken_off());
        let approved = approved.into_iter().filter(|((_, idea), (_, on))| *on && counts(idea));
        let approved: BTreeSet<(SeatKey, IdeaId)> = approved.map(|(said, _)| said).collect();
        let live =
            consultation.ballots().flat_map(|(by, _, ideas)| ideas.into_iter().map(move |id| (by, id)));
        assert_eq!(live.collect::<BTreeSet<_>>(), approved, "approvals, and a count of the events");
        let mut counted: BTreeMap<IdeaId, u32> = BTreeMap::new();
        for ((_, item), (_, says)) in said {
            let object = counted.entry(item).or_default();
            match says {
                Response::Nothing => {}
                Response::Objects { .. } => *object += 1,
            }
        }
        let room = consultation.room().into_iter();
        let room: BTreeMap<_, _> = room.map(|(item, said)| (item, said.object)).collect();
        assert_eq!(room, counted, "responses, and a count of the events");
    }

    /// What the room says of each item is the sum of what each seat says.
    pub(super) fn check_responses(&self) {
        self.check_budgets();
        self.check_counters();
        let consultation = self.live();
        let mut counted: BTreeMap<IdeaId, u32> = BTreeMap::new();
        for seat in consultation.seats().keys() {
            for (item, says) in consultation.responses_of(*seat) {
                let object = counted.entry(item).or_default();
                match says {
                    OwnResponse::Object { .. } => *object += 1,
                }
            }
        }
        for (item, said) in consultation.room() {
            let count = counted.get(&item).copied().unwrap_or_default();
            assert_eq!(said.object, count, "the responses to {item}");
        }
    }
}
