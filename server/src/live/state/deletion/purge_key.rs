//! By what the command that deleted everything is recognised when nothing else of its consultation is left (rule C12).

use proto::command::Action;
use proto::ids::CommandId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::consultation::Hash32;

/// Two hashes of a random token: who has the token and sends the command again is recognised, and nobody else is found by them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PurgeKey {
    /// Of the token.
    link: Hash32,
    /// Of the token, the command's id, and all that the command says.
    asked: Hash32,
}

impl PurgeKey {
    /// Of a command and the hash of the token with which it came.
    #[must_use]
    pub fn of(token: Hash32, id: CommandId, action: &Action) -> Self {
        let hash = |parts: &[&[u8]]| {
            let mut hash = Sha256::new();
            parts.iter().for_each(|part| hash.update(part));
            Hash32(hash.finalize().into())
        };
        let link = hash(&[b"purge link", &token.0]);
        Self { link, asked: hash(&[b"purge", &token.0, id.0.as_bytes(), &action.content_hash()]) }
    }

    /// The same for all commands of one link.
    #[must_use]
    pub const fn link(&self) -> Hash32 {
        self.link
    }
}
