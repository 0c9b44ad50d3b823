//! Randomness of simulated phones: ids, receipts, client ids.

use proto::ids::{CommandId, IdeaId, Receipt};
use uuid::{Builder, Uuid};

use super::error::PhoneError;

pub(super) fn bytes<const N: usize>() -> Result<[u8; N], PhoneError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| PhoneError::NoRandomness(error.to_string()))?;
    Ok(bytes)
}

fn uuid() -> Result<Uuid, PhoneError> {
    Ok(Builder::from_random_bytes(bytes()?).into_uuid())
}

pub(super) fn idea_id() -> Result<IdeaId, PhoneError> {
    Ok(IdeaId(uuid()?))
}

pub(super) fn command_id() -> Result<CommandId, PhoneError> {
    Ok(CommandId(uuid()?))
}

pub(super) fn receipt() -> Result<Receipt, PhoneError> {
    Ok(Receipt::from_bytes(bytes()?))
}

/// A Yjs client id as phones have it: 32 random bits.
pub(super) fn client_id() -> Result<u64, PhoneError> {
    Ok(u64::from(u32::from_le_bytes(bytes()?)))
}

/// A number below `end`, for choices where a small bias does not matter.
pub(super) fn below(end: usize) -> Result<usize, PhoneError> {
    let number = u64::from_le_bytes(bytes()?) % (end.max(1) as u64);
    Ok(usize::try_from(number).unwrap_or(0))
}
