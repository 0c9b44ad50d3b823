//! Before the day: how a consultation begins, what is prepared, what is missing, and the rehearsal.

pub(super) mod amend;
pub(super) mod checklist;
pub(super) mod field_change;
pub(super) mod founding;
pub(super) mod materials;
pub(super) mod prepared;
pub(super) mod rehearsal;
pub mod template;
