//! The merge by its specification.

pub(super) mod audit_definition;
pub(super) mod combined;
mod divided_groups;
pub(super) mod joined_or_asked;
pub(super) mod order;
mod plenary_vote;
pub(super) mod properties;
pub(super) mod rules;
mod selection;
