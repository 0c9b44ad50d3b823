//! Deleted words are looked for on boards, where people typed them into other ideas: one search at a time, beside the
//! consultation, and nothing of the words is kept when it has ended (rule C25).

use std::collections::VecDeque;

use crate::consultation::Event;
use crate::live::state::batch::Batch;
use crate::live::state::job::{Job, RepeatSearch, RepeatsFound};
use crate::live::state::{Env, Live};

/// Searches that are to be made.
#[derive(Debug, Default)]
pub(in crate::live::state) struct RepeatSearches {
    running: bool,
    waiting: VecDeque<RepeatSearch>,
}

impl Live {
    /// Lets boards be searched for words that this event is about to delete. `now`: what the idea says on its board.
    pub(in crate::live::state) fn search_boards(
        &mut self,
        event: &Event,
        now: Option<&str>,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let Some(idea) = event.erased() else { return };
        let limits = &env.limits.repeats;
        let words = self.consultation.words_to_erase(idea, now, limits);
        if words.is_empty() {
            return;
        }
        let (boards, all) = self.consultation.boards_to_search(idea, limits);
        let is_full = self.repeat_searches.waiting.len() >= limits.searches_max;
        self.consultation.note_repeats(Vec::new(), is_full || !all, limits);
        if !is_full {
            let search = RepeatSearch { erased: idea, words, boards, bytes_max: limits.board_bytes_max };
            self.repeat_searches.waiting.push_back(search);
            self.begin_search(batch);
        }
    }

    /// A search has ended: its words are gone.
    pub(in crate::live::state) fn repeats_found(
        &mut self,
        found: RepeatsFound,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        self.repeat_searches.running = false;
        let RepeatsFound { ideas, cut } = found;
        self.consultation.note_repeats(ideas, cut, &env.limits.repeats);
        self.desk_changed(env);
        self.begin_search(batch);
    }

    fn begin_search(&mut self, batch: &mut Batch) {
        let searches = &mut self.repeat_searches;
        if searches.running {
            return;
        }
        if let Some(search) = searches.waiting.pop_front() {
            searches.running = true;
            batch.told().jobs.push(Job::FindRepeats(Box::new(search)));
        }
    }
}
