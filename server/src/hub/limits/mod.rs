//! What people who come in may cost: typed codes take turns, and every request is charged to its seat and to its address.

pub(super) mod addresses;
pub(super) mod code_attempts;
pub(super) mod request_costs;
