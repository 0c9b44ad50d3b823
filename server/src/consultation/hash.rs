//! A hash of 32 bytes: of tokens, codes, receipts and contents.

use serde::{Deserialize, Serialize};

/// A 32-byte hash as hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hash32(#[serde(with = "hex::serde")] pub [u8; 32]);
