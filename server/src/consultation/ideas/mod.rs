//! What people contribute: ideas, what is hidden, reported, late, combined, translated, and what there is room for.

pub(super) mod capacity;
pub(super) mod combining;
pub(super) mod hiding;
pub(super) mod idea;
pub(super) mod late_shelf;
pub(super) mod repeats;
pub(super) mod reports;
pub(super) mod second_look;
pub(super) mod traces;
pub(super) mod translations;
pub(super) mod wordings;
