//! The plenary list: what people decide about it, responses in the plenary, and sign-off.

pub(super) mod doubtful_texts;
pub(super) mod lines_like;
pub(super) mod list_decisions;
pub(super) mod responses;
pub(super) mod runs;
pub(super) mod sign_off;
