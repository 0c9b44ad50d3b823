//! The plenary vote: until it is closed nobody is told how many approve anything, and then it equals a count of what people said.

use std::collections::{BTreeMap, BTreeSet};

use proto::ids::IdeaId;
use serde_json::Value;
use server::consultation::Event;
use server::journal::SeatKey;

use super::World;

/// Nothing that anybody is told has a number of approvals of a vote that is not closed.
pub(in super::super) fn check_hidden(message: &str) {
    // Most messages have nothing of it.
    if message.contains("\"approvals\"") {
        let message: Value = serde_json::from_str(message).unwrap();
        assert!(!tells_open_vote(&message), "told while people vote: {message}");
    }
}

fn tells_open_vote(value: &Value) -> bool {
    let is_open = value.get("paper").is_some() && value["stage"] != "closed";
    let tells = |entry: &Value| entry.get("approvals").is_some();
    if is_open && value["paper"].as_array().is_some_and(|paper| paper.iter().any(tells)) {
        return true;
    }
    match value {
        Value::Array(all) => all.iter().any(tells_open_vote),
        Value::Object(fields) => fields.values().any(tells_open_vote),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

impl World {
    /// Of each person and entry the decision with the highest counter stands, and the result is the sum. Closings of seats and what
    /// is deleted take votes out, so it is checked on days without these.
    pub(super) fn check_plenary_vote(&self) {
        let consultation = self.live();
        let Some(result) = consultation.plenary_result() else { return };
        let mut said: BTreeMap<(SeatKey, IdeaId), (u64, bool)> = BTreeMap::new();
        for record in self.records() {
            if let Event::EntryApproved { by, item, on, n } = record.event {
                let newest = said.entry((by, item)).or_insert((n, on));
                *newest = if n > newest.0 { (n, on) } else { *newest };
            } else if matches!(record.event, Event::SeatsClosed { .. } | Event::SeatsRestored { .. }) {
                return;
            }
        }
        let paper: BTreeSet<IdeaId> = result.paper.iter().map(|entry| entry.item).collect();
        let approved = said.into_iter().filter(|((_, item), (_, on))| *on && paper.contains(item));
        let approved: BTreeSet<(SeatKey, IdeaId)> = approved.map(|(said, _)| said).collect();
        let counted = result.ballots.iter();
        let counted = counted.flat_map(|(by, _, items)| items.iter().map(move |item| (*by, *item)));
        assert_eq!(counted.collect::<BTreeSet<_>>(), approved, "the plenary vote, and a count of the events");
        let state = consultation.state(self.ground.wall, |_| 0).plenary_vote.unwrap();
        assert!(state.voted <= state.voters, "{} of {} voted", state.voted, state.voters);
    }
}
