//! The merge by its specification.

pub(super) mod audit_definition;
pub(super) mod auto_join;
pub(super) mod combined;
pub(super) mod properties;
pub(super) mod rules;
