//! What people read on the day: the programme and its files.

pub(in crate::consultation) mod files;
pub(in crate::consultation) mod programme;
