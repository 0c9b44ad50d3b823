//! The API, one file per resource.

pub(super) mod boards;
pub(super) mod consultations;
pub(super) mod entry;
pub(super) mod export_cache;
pub(super) mod exports;
pub(super) mod health;
pub(super) mod plenary;
pub(super) mod preparation;
pub(super) mod records;
pub(super) mod rehearsal;
pub(super) mod versions;
