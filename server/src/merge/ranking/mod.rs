//! From ballots to an order: who votes, with what weight, and both rules that rank.

pub(super) mod cut;
pub(super) mod electorate;
pub(super) mod equal_shares;
pub(super) mod exact;
pub(super) mod phragmen;
pub(super) mod places;
pub(super) mod plain_count;
pub(super) mod plenary_vote;
pub(super) mod purses;
pub(super) mod weights;
