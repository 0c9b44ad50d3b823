//! The run judges itself: is anybody under-represented, has everybody something on the list, does a
//! single vote decide a place, and what was passed over?

pub(super) mod coverage;
pub(super) mod one_vote;
pub(super) mod passed_over;
pub(super) mod representation;
