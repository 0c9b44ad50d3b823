//! What is shown: state, desks, and the ledger.

pub(super) mod desk;
pub(super) mod ledger;
pub(super) mod state_view;
