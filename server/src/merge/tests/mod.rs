//! The merge by its specification.

pub(super) mod audit_definition;
pub(super) mod combined;
pub(super) mod joined_or_asked;
pub(super) mod order;
pub(super) mod properties;
pub(super) mod rules;
