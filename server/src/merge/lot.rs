//! The lot: what decides between items, or ideas, that are otherwise equal.
//!
//! It is drawn when the vote closes, after ids were chosen, so nobody can choose an id that wins.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::input::IdeaKey;

/// The SHA-256 of the lot and an id, of a UUID its 16 bytes: whoever has the smaller one comes first.
pub(super) fn lot_digest(lot: &[u8], id: &IdeaKey) -> [u8; 32] {
    let hash = Sha256::new().chain_update(lot);
    match Uuid::try_parse(id.as_str()) {
        Ok(id) => hash.chain_update(id.as_bytes()),
        Err(_) => hash.chain_update(id.as_str().as_bytes()),
    }
    .finalize()
    .into()
}
