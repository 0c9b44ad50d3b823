//! Earlier wordings of an idea, and texts that nobody may change.
//!
//! A wording is kept when its text has been quiet for a while, and at each change of phase: words and minute, nobody's
//! name. They have a row beside the idea's own, so that they go where the idea goes.

use std::collections::{BTreeMap, BTreeSet};

use proto::api::wordings::{Wording, Wordings, WordingsPage};
use proto::ids::{GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};
use proto::text::letters::is_empty;

use crate::access::Deed;
use crate::clock::{MINUTE, Millis};
use crate::config::DeskLimits;
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::ideas::moderation::hiding::not_hidden;
use crate::consultation::projection::{BoardWrite, Write};
use crate::consultation::state::{Consultation, NewWords};
use crate::journal::{TextChange, TextRow};

/// What is kept of texts as they were, and which texts nobody may change.
#[derive(Debug, Default)]
pub(in crate::consultation::ideas) struct KeptWordings {
    kept: BTreeMap<IdeaId, Vec<Wording>>,
    locked: BTreeSet<IdeaId>,
}

impl Consultation {
    /// The earlier wordings of an idea, oldest first.
    pub(in crate::consultation::ideas) fn wordings_of(&self, idea: IdeaId) -> &[Wording] {
        self.contributions().wordings.kept.get(&idea).map(Vec::as_slice).unwrap_or_default()
    }

    /// May nobody change the text of an idea?
    pub(in crate::consultation) fn is_locked(&self, idea: IdeaId) -> bool {
        self.contributions().wordings.locked.contains(&idea)
    }

    /// The words of an idea are deleted, and earlier ones with them.
    pub(in crate::consultation::ideas) fn delete_wordings(&mut self, idea: IdeaId) {
        self.contributions_mut().wordings.kept.remove(&idea);
    }

    /// An idea is gone for good.
    pub(in crate::consultation::ideas) fn forget_wordings(&mut self, idea: IdeaId) {
        self.delete_wordings(idea);
        self.contributions_mut().wordings.locked.remove(&idea);
    }

    /// The row of earlier wordings, at load.
    pub(in crate::consultation::ideas) fn load_wordings(&mut self, idea: IdeaId, row: &str) {
        let kept = serde_json::from_str(row).unwrap_or_default();
        self.contributions_mut().wordings.kept.insert(idea, kept);
    }

    /// The earlier wordings of an idea on this group's board, for somebody who may restore them.
    ///
    /// # Errors
    /// The reason why not.
    pub fn wordings(&self, seat: SeatId, group: GroupId, idea: IdeaId) -> Result<Wordings, Problem> {
        self.permit(Deed::SeeWordings, seat, Some(group))?;
        let on_board = self.find(idea)?.group() == group && self.is_on_board(idea);
        if !on_board {
            return Err(Problem::because(Code::NotFound, "There is no such idea on this board."));
        }
        Ok(Wordings { idea, wordings: self.wordings_of(idea).to_vec() })
    }

    /// The earlier wordings of all ideas of a group that had several, hidden ones too, a page of them from this place on: who
    /// looks for a name must find it in what it was edited out of.
    ///
    /// # Errors
    /// The reason why not.
    pub fn wordings_page(
        &self,
        seat: SeatId,
        group: GroupId,
        from: usize,
        limits: &DeskLimits,
    ) -> Result<WordingsPage, Problem> {
        self.permit(Deed::SeeWordings, seat, Some(group))?;
        let told = self.ideas_of(group).filter(|(_, idea)| !idea.is_held_in_group() && !idea.is_late());
        let changed = told.map(|(id, _)| (id, self.wordings_of(id))).filter(|(_, kept)| kept.len() > 1);
        let mut changed: Vec<_> = changed.collect();
        changed.sort_unstable_by_key(|(id, _)| *id);
        let all = u32::try_from(changed.len()).unwrap_or(u32::MAX);
        let told =
            changed.into_iter().skip(from).map(|(idea, kept)| Wordings { idea, wordings: kept.to_vec() });
        let bytes = |idea: &Wordings| idea.wordings.iter().map(|wording| wording.text.len()).sum();
        Ok(WordingsPage { all, ideas: limits.page(told, bytes) })
    }

    /// What an earlier wording of an idea says.
    #[must_use]
    pub fn wording(&self, idea: IdeaId, wording: u32) -> Option<&str> {
        let kept = self.wordings_of(idea).iter().find(|kept| kept.wording == wording);
        kept.map(|kept| kept.text.as_str())
    }

    /// Keeps what a text says now that it is quiet, and gives the row of it; nothing when that is known or the idea is gone.
    /// Beyond `max` the second oldest is forgotten: the first one is what its author shared.
    pub fn keep_wording(&mut self, idea: IdeaId, text: &str, now: Millis, max: usize) -> Option<TextChange> {
        let first = self.ideas().get(&idea).filter(|idea| idea.is_shown())?.text_handle();
        let kept = self.contributions_mut().wordings.kept.entry(idea).or_default();
        let at = now - now % MINUTE;
        let next = |kept: &[Wording]| kept.last().map_or(1, |last| last.wording + 1);
        if kept.is_empty() && *first != *text && !first.is_empty() {
            kept.push(Wording { wording: 1, at, text: first.to_string() });
        }
        if kept.last().is_some_and(|last| last.text == text) || is_empty(text) {
            return None;
        }
        kept.push(Wording { wording: next(kept), at, text: text.to_owned() });
        if kept.len() > max.max(2) {
            kept.remove(1);
        }
        let row = serde_json::to_string(kept).unwrap_or_default();
        Some(TextChange::Put(TextRow::Wordings(idea), row))
    }

    pub(in crate::consultation) fn decide_restore(
        &self,
        seat: SeatId,
        idea: IdeaId,
        wording: u32,
    ) -> Result<Outcome, Problem> {
        let found = self.find(idea)?;
        self.permit(Deed::Restore, seat, Some(found.group()))?;
        not_hidden(found)?;
        if !found.is_shown() {
            return Err(Problem::new(Code::IdeaHidden));
        }
        let kept = self.wordings_of(idea).iter().find(|kept| kept.wording == wording);
        let kept = kept.ok_or_else(|| Problem::because(Code::NotFound, "There is no such wording."))?;
        Ok(Outcome::with_text(Event::Restored { idea }, idea, &kept.text))
    }

    pub(in crate::consultation) fn decide_lock(
        &self,
        seat: SeatId,
        idea: IdeaId,
        on: bool,
    ) -> Result<Outcome, Problem> {
        let group = self.find(idea)?.group();
        self.permit(Deed::Lock, seat, Some(group))?;
        Ok(Outcome::plain(Event::Locked { idea, on }))
    }

    pub(in crate::consultation) fn restore(&mut self, idea: IdeaId, words: &NewWords) -> Vec<Write> {
        self.edit(idea, words)
    }

    pub(in crate::consultation) fn lock(&mut self, id: IdeaId, on: bool) -> Vec<Write> {
        let Some(group) = self.ideas().get(&id).map(|idea| idea.group()) else { return Vec::new() };
        let locked = &mut self.contributions_mut().wordings.locked;
        let _ = if on { locked.insert(id) } else { locked.remove(&id) };
        vec![Write::Board(group, BoardWrite::Lock(id, on))]
    }
}
