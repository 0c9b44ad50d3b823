//! Exported files, read back.

pub(super) mod files;
pub(super) mod hostile;
pub(super) mod responses;
