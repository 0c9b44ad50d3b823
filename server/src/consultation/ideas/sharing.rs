//! Ideas are shared, edited, taken back, revealed; and how many each seat shared.

use std::collections::HashMap;
use std::sync::Arc;

use proto::command::Share;
use proto::ids::{GroupId, IdeaId, PointId, Receipt, SeatId};
use proto::problem::{Code, Problem};

use super::idea::Idea;
use super::moderation::hiding::not_hidden;
use crate::access::Deed;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::ideas::texts::translations::is_tag;
use crate::consultation::projection::{BoardWrite, Write};
use crate::consultation::state::{Consultation, NewWords};
use crate::consultation::text_rules::checked_text;
use crate::journal::{TextChange, TextRow};

/// Who shared: in memory only, because an idea names no author.
#[derive(Debug, Default)]
pub(super) struct Shares {
    /// How many ideas each seat shared since the server started.
    by_seat: HashMap<SeatId, u32>,
    /// How many seats had been taken when the last idea was shared before that: an older seat may be its author's.
    unsure_before: u64,
}

impl Consultation {
    /// How many ideas a seat shared since the server started.
    pub(in crate::consultation) fn shared_by(&self, seat: SeatId) -> u32 {
        self.contributions().shares.by_seat.get(&seat).copied().unwrap_or(0)
    }

    /// The seats that shared an idea since the server started.
    pub(in crate::consultation) fn sharers(&self) -> impl Iterator<Item = &SeatId> {
        self.contributions().shares.by_seat.iter().filter(|(_, n)| **n > 0).map(|(seat, _)| seat)
    }

    /// May a seat have shared an idea before the server started that was taken when `order` others had been?
    pub(in crate::consultation) const fn may_have_shared(&self, order: u64) -> bool {
        order < self.contributions().shares.unsure_before
    }

    /// An idea was shared before the server started.
    pub(in crate::consultation) const fn note_share_before(&mut self) {
        self.contributions_mut().shares.unsure_before = self.taken();
    }

    pub(in crate::consultation) fn decide_share(
        &self,
        seat: SeatId,
        share: &Share,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        let deed = if share.spoken { Deed::ShareSpoken } else { Deed::Share };
        self.permit(deed, seat, Some(share.group))?;
        self.new_idea(seat, share, context)
    }

    /// A new idea, if nothing but its place and phase is against it.
    pub(in crate::consultation) fn new_idea(
        &self,
        seat: SeatId,
        share: &Share,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        let text = checked_text(&share.text, context.limits)?;
        if self.ideas().contains_key(&share.idea) {
            return Err(Problem::because(Code::Conflict, "There is another idea with this id."));
        }
        // Empty: not known.
        if !share.lang.is_empty() && !is_tag(&share.lang) {
            return Err(Problem::because(Code::Malformed, "\"lang\" is a BCP 47 tag."));
        }
        let settings = &self.founding().settings;
        if self.shared_by(seat) >= settings.ideas_per_seat {
            return Err(Problem::new(Code::TooManyIdeas));
        }
        self.has_room(share.group)?;
        let points = &self.founding().points;
        let point = match share.point {
            Some(id) => points.iter().find(|point| point.id == id),
            None => points.first(),
        };
        let point =
            point.ok_or_else(|| Problem::because(Code::NotFound, "There is no such discussion point."))?;
        let order = self.next_order(share.group);
        let event = Event::Shared {
            idea: share.idea,
            group: share.group,
            point: point.id,
            kind: share.kind,
            lang: share.lang.clone(),
            receipt: share.receipt,
            held: settings.private_first,
            order,
            late: false,
            waiting: settings.moderation && !self.moderates(seat, share.group),
            spoken: share.spoken,
        };
        Ok(Outcome::with_text(event, share.idea, &text))
    }

    /// Counts an idea that a seat has shared: in memory only.
    pub fn count_share(&mut self, seat: SeatId) {
        *self.contributions_mut().shares.by_seat.entry(seat).or_default() += 1;
    }

    pub(in crate::consultation) fn decide_edit(
        &self,
        seat: SeatId,
        id: IdeaId,
        receipt: &Receipt,
        text: &str,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        let idea = self.find_own(id, receipt)?;
        self.permit(Deed::Edit, seat, Some(idea.group()))?;
        not_hidden(idea)?;
        if self.is_locked(id) {
            return Err(Problem::new(Code::TextLocked));
        }
        if idea.is_veiled() {
            return Err(Problem::new(Code::IdeaHidden));
        }
        let text = checked_text(text, context.limits)?;
        let waiting = self.waits_again(seat, idea);
        Ok(Outcome::with_text(Event::Edited { idea: id, waiting }, id, &text))
    }

    pub(in crate::consultation) fn decide_withdraw(
        &self,
        seat: SeatId,
        id: IdeaId,
        receipt: &Receipt,
    ) -> Result<Outcome, Problem> {
        let idea = self.find_own(id, receipt)?;
        self.permit(Deed::Withdraw, seat, Some(idea.group()))?;
        let mut texts = self.texts_without(id);
        if self.only_on_shelf(id) {
            texts.retain(|text| !matches!(text, TextChange::Put(TextRow::Following(_), _)));
        }
        Ok(Outcome { texts, ..Outcome::plain(Event::Withdrawn { idea: id }) })
    }

    pub(in crate::consultation) fn decide_reveal(
        &self,
        seat: SeatId,
        group: GroupId,
        point: Option<PointId>,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Reveal, seat, Some(group))?;
        let mut held: Vec<IdeaId> = self
            .ideas_of(group)
            .filter(|(_, idea)| idea.is_held() && !idea.is_late())
            .filter(|(_, idea)| point.is_none_or(|point| idea.point() == point))
            .map(|(id, _)| id)
            .collect();
        // Sorted first, so that the order depends on the randomness alone.
        held.sort_unstable();
        context.entropy.shuffle(&mut held);
        let first = self.next_order(group);
        let ideas = held.into_iter().zip(first..).collect();
        Ok(Outcome::plain(Event::Revealed { group, ideas }))
    }

    pub(in crate::consultation) fn share(
        &mut self,
        event: &Event,
        id: IdeaId,
        group: GroupId,
        words: &NewWords,
    ) -> Vec<Write> {
        let veiled = self.is_board_hidden(group) == Some(true);
        let Some(idea) = Idea::shared(event, words.idea.clone(), veiled) else { return Vec::new() };
        let (late, order) = (idea.is_late(), idea.order());
        let boards = &mut self.contributions_mut().boards;
        boards.add(id, idea);
        if !late {
            boards.take_place(group, order);
        }
        self.put(id).into_iter().collect()
    }

    /// Shows an idea, if it may be shown.
    pub(in crate::consultation) fn put(&self, id: IdeaId) -> Option<Write> {
        let idea = self.ideas().get(&id).filter(|idea| idea.is_shown())?;
        Some(Write::Board(idea.group(), BoardWrite::Put(self.plan_of(id, idea))))
    }

    pub(in crate::consultation) fn edit(&mut self, id: IdeaId, words: &NewWords) -> Vec<Write> {
        let (Some(idea), Some(text)) = (self.idea_mut(id), &words.idea) else { return Vec::new() };
        idea.say(Arc::clone(text));
        if !idea.is_shown() {
            return Vec::new();
        }
        vec![Write::Board(idea.group(), BoardWrite::SetText(id, Arc::clone(text)))]
    }

    pub(in crate::consultation) fn withdraw(&mut self, id: IdeaId) -> Vec<Write> {
        let others = self.leave_entry(id);
        let followed = if self.only_on_shelf(id) { None } else { self.follow(id) };
        let Some(idea) = self.contributions_mut().boards.remove(id) else { return Vec::new() };
        self.forget_wait(id);
        self.forget_votes(id);
        self.forget_wordings(id);
        self.forget_decisions(id);
        // Also of an idea that is not shown: its words may still be on their way from its room to their rows.
        let mut writes = vec![Write::Board(idea.group(), BoardWrite::Remove(id))];
        writes.extend(followed);
        writes.extend(self.regroup(others));
        writes.extend(self.leave_list(&[id]));
        writes
    }

    pub(in crate::consultation) fn reveal(&mut self, group: GroupId, ideas: &[(IdeaId, u32)]) -> Vec<Write> {
        let mut writes = Vec::new();
        for (id, order) in ideas {
            if let Some(idea) = self.idea_mut(*id) {
                idea.reveal(*order);
                self.contributions_mut().boards.take_place(group, *order);
                writes.extend(self.put(*id));
            }
        }
        writes
    }
}
