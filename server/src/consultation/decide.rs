//! What a command would mean: an event, or the reason why not. Changes nothing.

use std::sync::Arc;

use proto::command::{Action, Share};
use proto::ids::{GroupId, IdeaId, Receipt, SeatId};
use proto::phase::Phase;
use proto::problem::{Code, Problem};

use super::event::{Event, Hash32};
use super::secret::pseudonym;
use super::state::{Consultation, Idea, NewWords};
use crate::access::{Deed, Place, authorize};
use crate::clock::{Entropy, Millis};
use crate::config::Limits;
use crate::journal::{TextChange, TextKey};

/// What a decision may depend on beside the state.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Now.
    pub now: Millis,
    /// Randomness.
    pub entropy: &'a Entropy,
    /// Every bound.
    pub limits: &'a Limits,
}

/// What a command means.
#[derive(Debug)]
pub struct Decided {
    /// What is so from now on.
    pub event: Event,
    /// Changes to the rows of texts that belong to it.
    pub texts: Vec<TextChange>,
    /// Words that belong to it.
    pub words: NewWords,
}

impl Decided {
    pub(super) fn plain(event: Event) -> Self {
        Self { event, texts: Vec::new(), words: NewWords::default() }
    }

    fn with_text(event: Event, idea: IdeaId, text: &str) -> Self {
        let words = NewWords { idea: Some(Arc::from(text)), run: None };
        Self { event, texts: vec![TextChange::Put(TextKey::Idea(idea), text.to_owned())], words }
    }
}

impl Consultation {
    /// Decides a command of a seat.
    ///
    /// `create` and `join` are decided before there is a seat, and `merge` needs the words of all rooms; they come
    /// here only to be authorized or refused.
    ///
    /// # Errors
    /// The reason why not; nothing has changed.
    pub fn decide(&self, seat: SeatId, action: &Action, context: Context<'_>) -> Result<Decided, Problem> {
        match action {
            Action::Create(_) | Action::Join(_) => {
                Err(Problem::because(Code::Malformed, "Create and join are not commands of a seat."))
            }
            Action::Share(share) => self.decide_share(seat, share, context),
            Action::Edit { idea, receipt, text } => self.decide_edit(seat, *idea, receipt, text, context),
            Action::Withdraw { idea, receipt } => self.decide_withdraw(seat, *idea, receipt),
            Action::Approve { idea, on, n } => self.decide_approve(seat, *idea, *on, *n),
            Action::Promote { idea, on } => self.decide_promote(seat, *idea, *on),
            Action::Reveal { group } => self.decide_reveal(seat, *group, context),
            Action::Phase { phase, minutes, group } => {
                self.decide_phase(seat, *phase, *minutes, *group, context)
            }
            Action::Door { open } => {
                self.permit(Deed::Door, seat, None)?;
                Ok(Decided::plain(Event::Door { open: *open }))
            }
            Action::Assign { .. }
            | Action::NotDuplicate { .. }
            | Action::Pin { .. }
            | Action::Exclude { .. }
            | Action::Ranking { .. }
            | Action::Freeze { .. } => self.decide_list(seat, action, context),
            Action::Merge {} => {
                self.permit(Deed::Merge, seat, None)?;
                Err(Problem::new(Code::Unavailable))
            }
            Action::Reword { item } => {
                self.permit(Deed::Reword, seat, None)?;
                let known =
                    self.run_facts.as_ref().is_some_and(|run| run.items.iter().any(|(id, _)| id == item));
                if !known {
                    return Err(Problem::because(Code::NotFound, "There is no such item on the list."));
                }
                Ok(Decided::plain(Event::Reworded { item: *item }))
            }
        }
    }

    /// May this seat do this for this group now?
    ///
    /// # Errors
    /// The reason why not.
    pub fn permit(&self, deed: Deed, seat: SeatId, group: Option<GroupId>) -> Result<(), Problem> {
        let actor = self.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        if group.is_some_and(|group| !self.groups.contains_key(&group)) {
            return Err(Problem::because(Code::NotFound, "There is no such group in this consultation."));
        }
        let place = Place { group, phase: self.phase_of(group) };
        authorize(deed, actor, place, ()).map(|permitted| permitted.into_inner())
    }

    fn find(&self, idea: IdeaId) -> Result<&Idea, Problem> {
        self.ideas
            .get(&idea)
            .ok_or_else(|| Problem::because(Code::NotFound, "There is no such idea on a board."))
    }

    fn find_own(&self, idea: IdeaId, receipt: &Receipt) -> Result<&Idea, Problem> {
        let found = self.find(idea)?;
        if found.receipt == receipt.hash() { Ok(found) } else { Err(Problem::new(Code::WrongReceipt)) }
    }

    fn decide_share(&self, seat: SeatId, share: &Share, context: Context<'_>) -> Result<Decided, Problem> {
        self.permit(Deed::Share, seat, Some(share.group))?;
        let text = checked_text(&share.text, context.limits)?;
        let content = Hash32(Action::Share(share.clone()).content_hash());
        if self.ideas.contains_key(&share.idea) {
            return Err(Problem::because(Code::Conflict, "There is another idea with this id."));
        }
        if share.lang.len() > 35 {
            return Err(Problem::because(Code::Malformed, "\"lang\" is a BCP 47 tag."));
        }
        let settings = &self.founding.settings;
        if self.shared.get(&seat).copied().unwrap_or(0) >= settings.ideas_per_seat {
            return Err(Problem::new(Code::TooManyIdeas));
        }
        let points = &self.founding.points;
        let point = match share.point {
            Some(id) => points.iter().find(|point| point.id == id),
            None => points.first(),
        };
        let point =
            point.ok_or_else(|| Problem::because(Code::NotFound, "There is no such discussion point."))?;
        let order = self.groups.get(&share.group).map_or(0, |group| group.next_order);
        let event = Event::Shared {
            idea: share.idea,
            group: share.group,
            point: point.id,
            kind: share.kind,
            lang: share.lang.clone(),
            receipt: share.receipt,
            content,
            held: settings.private_first,
            order,
        };
        Ok(Decided::with_text(event, share.idea, text))
    }

    /// Is this idea on the board already, by the same share? A phone that lost its outbox may send it under another
    /// command id.
    #[must_use]
    pub fn is_shared(&self, action: &Action) -> bool {
        let Action::Share(share) = action else { return false };
        self.ideas.get(&share.idea).is_some_and(|idea| idea.content.0 == action.content_hash())
    }

    /// Counts an idea that a seat has shared: in memory only.
    pub fn count_share(&mut self, seat: SeatId) {
        *self.shared.entry(seat).or_default() += 1;
    }

    fn decide_edit(
        &self,
        seat: SeatId,
        id: IdeaId,
        receipt: &Receipt,
        text: &str,
        context: Context<'_>,
    ) -> Result<Decided, Problem> {
        let idea = self.find_own(id, receipt)?;
        self.permit(Deed::Edit, seat, Some(idea.group))?;
        let text = checked_text(text, context.limits)?;
        Ok(Decided::with_text(Event::Edited { idea: id }, id, text))
    }

    fn decide_withdraw(&self, seat: SeatId, id: IdeaId, receipt: &Receipt) -> Result<Decided, Problem> {
        let idea = self.find_own(id, receipt)?;
        self.permit(Deed::Withdraw, seat, Some(idea.group))?;
        let mut texts = vec![TextChange::Delete(TextKey::Idea(id))];
        if let Some(run) = self.run_facts.as_ref().filter(|run| run.mentions(id)) {
            let run = serde_json::to_string(&run.without(id)).unwrap_or_default();
            texts.push(TextChange::Put(TextKey::Run, run));
        }
        Ok(Decided { texts, ..Decided::plain(Event::Withdrawn { idea: id }) })
    }

    fn decide_approve(&self, seat: SeatId, id: IdeaId, on: bool, n: Option<u64>) -> Result<Decided, Problem> {
        let idea = self.find(id)?;
        self.permit(Deed::Approve, seat, Some(idea.group))?;
        if idea.held {
            return Err(Problem::because(Code::NotFound, "There is no such idea on a board."));
        }
        let by = pseudonym(&self.keys.ballots, seat);
        let ballot = self.ballots.get(&by);
        let old = ballot.and_then(|ballot| ballot.get(&id)).copied();
        let n = n.unwrap_or_else(|| old.map_or(1, |old| old.n.saturating_add(1)));
        let changes = old.is_none_or(|old| n > old.n && on != old.on);
        if on && changes {
            let used = ballot.map_or(0, |ballot| ballot.values().filter(|approval| approval.on).count());
            if self.founding.settings.votes.is_some_and(|votes| used >= votes as usize) {
                return Err(Problem::new(Code::OverBudget));
            }
        }
        Ok(Decided::plain(Event::Approved { by, idea: id, on, n }))
    }

    fn decide_promote(&self, seat: SeatId, id: IdeaId, on: bool) -> Result<Decided, Problem> {
        let idea = self.find(id)?;
        self.permit(Deed::Promote, seat, Some(idea.group))?;
        if on && !idea.promoted {
            let promoted = self.ideas.values().filter(|i| i.promoted && i.group == idea.group).count();
            if promoted >= self.founding.settings.promoted_per_group as usize {
                return Err(Problem::new(Code::TooManyPromoted));
            }
        }
        Ok(Decided::plain(Event::Promoted { idea: id, on }))
    }

    fn decide_reveal(&self, seat: SeatId, group: GroupId, context: Context<'_>) -> Result<Decided, Problem> {
        self.permit(Deed::Reveal, seat, Some(group))?;
        let mut held: Vec<IdeaId> = self
            .ideas
            .iter()
            .filter(|(_, idea)| idea.held && idea.group == group)
            .map(|(id, _)| *id)
            .collect();
        // Sorted first, so that the order depends on the randomness alone.
        held.sort_unstable();
        context.entropy.shuffle(&mut held);
        let first = self.groups.get(&group).map_or(0, |group| group.next_order);
        let ideas = held.into_iter().zip(first..).collect();
        Ok(Decided::plain(Event::Revealed { group, ideas }))
    }

    fn decide_phase(
        &self,
        seat: SeatId,
        phase: Phase,
        minutes: Option<u32>,
        group: Option<GroupId>,
        context: Context<'_>,
    ) -> Result<Decided, Problem> {
        let deed = if group.is_some() { Deed::MoveGroup } else { Deed::MoveAll };
        self.permit(deed, seat, group)?;
        if minutes.is_some_and(|minutes| minutes > 24 * 60) {
            return Err(Problem::because(Code::Malformed, "A phase lasts a day at most."));
        }
        let ends_at = minutes.map(|minutes| context.now + u64::from(minutes) * 60_000);
        let closes = group.is_none() && phase.vote_is_over() && self.lot.is_none();
        let lot = closes.then(|| Hash32(context.entropy.bytes()));
        Ok(Decided::plain(Event::Moved { phase, group, started_at: context.now, ends_at, lot }))
    }
}

/// A text that may stand on a board, as it was written.
fn checked_text<'a>(text: &'a str, limits: &Limits) -> Result<&'a str, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::new(Code::TextEmpty));
    }
    let units = text.encode_utf16().count();
    if units > limits.idea_units_max {
        let detail = format!("The text has {units} units; {} are allowed.", limits.idea_units_max);
        return Err(Problem::because(Code::TextTooLong, detail));
    }
    Ok(text)
}
