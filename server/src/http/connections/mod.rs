//! Connections before anything is asked on them: accepted, given a place, paced, and by whose address they come.

pub(super) mod listener;
pub(super) mod pace;
pub(super) mod peer;
pub(super) mod places;
