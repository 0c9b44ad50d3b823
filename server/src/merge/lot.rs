//! The lot: what decides between ideas that are otherwise equal.
//!
//! It is drawn when the vote closes, after ids were chosen, so nobody can choose an id that wins.

use sha2::{Digest, Sha256};

use super::input::IdeaKey;

/// The SHA-256 of the lot and an id: whoever has the smaller one comes first.
pub(super) fn lot_digest(lot: &[u8], id: &IdeaKey) -> [u8; 32] {
    Sha256::new().chain_update(lot).chain_update(id.as_str().as_bytes()).finalize().into()
}
