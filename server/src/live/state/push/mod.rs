//! When connections are sent what changed, and what they are sent: the state, desks, curation, outcomes.

pub(super) mod curation;
pub(super) mod desks;
pub(super) mod outcomes;
pub(super) mod seat_view;
pub(super) mod to_everybody;
