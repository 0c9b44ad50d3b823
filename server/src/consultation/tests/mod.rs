//! Property tests of several subjects together.

pub(super) mod closing_seats;
pub(super) mod combining;
pub(super) mod danger;
pub(super) mod desks;
pub(super) mod moderation;
pub(super) mod scale;
pub(super) mod voices;
