//! Which commands were carried out: the same id again gets the same answer.

use std::collections::{HashMap, VecDeque};

use proto::ids::CommandId;

use super::decision::{Asked, Hash32};
use crate::journal::Seq;

/// Commands that were carried out, by id, oldest forgotten first.
#[derive(Debug, Default)]
pub struct Done {
    seqs: HashMap<CommandId, (Hash32, Seq)>,
    order: VecDeque<CommandId>,
}

impl Done {
    /// What became of this command id.
    #[must_use]
    pub fn get(&self, id: CommandId) -> Option<(Hash32, Seq)> {
        self.seqs.get(&id).copied()
    }

    /// Remembers a command, forgetting the oldest beyond `max`.
    pub fn remember(&mut self, asked: Asked, seq: Seq, max: usize) {
        if self.seqs.insert(asked.id, (asked.content, seq)).is_none() {
            self.order.push_back(asked.id);
        }
        while self.order.len() > max {
            if let Some(oldest) = self.order.pop_front() {
                self.seqs.remove(&oldest);
            }
        }
    }
}
