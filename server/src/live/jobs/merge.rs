//! A merge run: reads every board and the list, and computes off the runtime's threads.

use std::collections::BTreeMap;

use proto::api::consultation::BoardView;
use proto::ids::GroupId;
use proto::problem::{Code, Problem};

use crate::live::state::merge::run::{MergeInput, MergeOutcome, compute};
use crate::room::{RoomHandle, Shared};

/// Reads the boards and the list, then computes the run off the runtime's threads. Fails when a room has ended.
pub async fn merge(
    input: MergeInput,
    boards: BTreeMap<GroupId, RoomHandle>,
    plenary: RoomHandle,
) -> Result<MergeOutcome, Problem> {
    let ended = |_| Problem::new(Code::Unavailable);
    let mut read: BTreeMap<GroupId, Shared<BoardView>> = BTreeMap::new();
    for (group, room) in boards {
        read.insert(group, room.read_board(None).await.map_err(ended)?);
    }
    let list = plenary.read_plenary().await.map_err(ended)?;
    // A large run takes seconds.
    let computed = tokio::task::spawn_blocking(move || compute(input, &read, &list)).await;
    computed.unwrap_or_else(|_| Err(Problem::new(Code::Unavailable)))
}
