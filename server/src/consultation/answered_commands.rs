//! Which commands were carried out: the same id again gets the same answer.
//!
//! Those that changed nothing have a ring of their own, because nothing else bounds them: whoever sends many of them
//! makes the server forget only others of that kind.

use std::collections::{HashMap, VecDeque};

use proto::ids::CommandId;

use crate::consultation::event::record::CommandKey;
use crate::journal::Seq;

/// Commands that were carried out.
#[derive(Debug, Default)]
pub struct AnsweredCommands {
    changed: Ring,
    unchanged: Ring,
}

/// Commands by id, oldest forgotten first.
#[derive(Debug, Default)]
struct Ring {
    seqs: HashMap<CommandId, (CommandKey, Seq)>,
    order: VecDeque<CommandId>,
}

impl AnsweredCommands {
    /// What became of this command id.
    #[must_use]
    pub fn get(&self, id: CommandId) -> Option<(CommandKey, Seq)> {
        self.changed.seqs.get(&id).or_else(|| self.unchanged.seqs.get(&id)).copied()
    }

    /// Remembers a command, forgetting the oldest beyond `max`.
    pub fn remember(&mut self, asked: CommandKey, seq: Seq, max: usize) {
        self.changed.remember(asked, seq, max);
    }

    /// Remembers a command that changed nothing, forgetting the oldest of those beyond `max`.
    pub fn remember_unchanged(&mut self, asked: CommandKey, seq: Seq, max: usize) {
        self.unchanged.remember(asked, seq, max);
    }
}

impl Ring {
    fn remember(&mut self, asked: CommandKey, seq: Seq, max: usize) {
        if self.seqs.insert(asked.id, (asked, seq)).is_none() {
            self.order.push_back(asked.id);
        }
        while self.order.len() > max {
            if let Some(oldest) = self.order.pop_front() {
                self.seqs.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proto::command::{Action, Command};
    use uuid::Uuid;

    use super::*;

    fn asked(n: u128) -> CommandKey {
        CommandKey::of(&Command { id: CommandId(Uuid::from_u128(n)), action: Action::Merge {} })
    }

    #[test]
    fn w16_commands_that_change_nothing_never_make_others_forgotten() {
        let mut done = AnsweredCommands::default();
        done.remember(asked(1), 7, 3);
        for n in 2..100 {
            done.remember_unchanged(asked(n), 7, 3);
        }
        assert_eq!(done.get(asked(1).id).map(|(_, seq)| seq), Some(7));
        let kept = (2..100).filter(|n| done.get(asked(*n).id).is_some()).count();
        assert_eq!(kept, 3);
    }
}
