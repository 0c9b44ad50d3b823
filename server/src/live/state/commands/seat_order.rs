//! A seat's commands are decided in the order in which they came, also behind one about whose words a room is asked.

use std::collections::{HashMap, VecDeque};

use proto::command::Command;
use proto::ids::SeatId;

use crate::live::state::reply::ReplyId;

/// Commands that wait behind an earlier one of their seat.
#[derive(Default)]
pub struct SeatOrder {
    /// Seats about whose command a room is asked, each with what it sent since.
    asking: HashMap<SeatId, VecDeque<(Command, ReplyId)>>,
}

impl SeatOrder {
    /// A room is asked about a command of this seat: what the seat sends now waits.
    pub fn ask(&mut self, seat: SeatId) {
        self.asking.entry(seat).or_default();
    }

    /// Does what this seat sends wait?
    pub fn waits(&self, seat: SeatId) -> bool {
        self.asking.contains_key(&seat)
    }

    /// Lets a command wait; gives its reply back if `most` of its seat wait already.
    pub fn wait(
        &mut self,
        seat: SeatId,
        command: Command,
        reply: ReplyId,
        most: usize,
    ) -> Result<(), ReplyId> {
        let waiting = self.asking.entry(seat).or_default();
        if waiting.len() >= most {
            return Err(reply);
        }
        waiting.push_back((command, reply));
        Ok(())
    }

    /// The room has answered: what waited behind the command, in order.
    pub fn answered(&mut self, seat: SeatId) -> VecDeque<(Command, ReplyId)> {
        self.asking.remove(&seat).unwrap_or_default()
    }
}
