//! The late shelf: ideas that came after the lock of their board. Kept and seen, and not on the board unless admitted,
//! like those that wait for a moderator.
//!
//! An idea on the shelf is a held idea that no reveal shows. Its words have their row, its receipt takes it back.

use std::collections::HashMap;

use proto::api::clocks::{LateIdea, LateShelf};
use proto::command::{Action, Share};
use proto::ids::{GroupId, IdeaId, SeatId, WordsHash};
use proto::problem::{Code, Problem};
use proto::role::Role;
use proto::text::letters::one_break;

use super::moderation::hiding::not_hidden;
use crate::access::Deed;
use crate::clock::{MINUTE, Millis};
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::ideas::idea::Idea;
use crate::consultation::projection::Write;
use crate::consultation::state::{Consultation, NewWords};
use crate::consultation::text_rules::says_what_was_read;

/// Since when ideas wait for a moderator, to the minute: in memory only, because nothing stored says when an idea came.
#[derive(Debug, Default)]
pub(super) struct Waits {
    since: HashMap<IdeaId, Millis>,
    /// When the server began to look: what waited then has waited longer.
    began: Millis,
}

impl Waits {}

impl Consultation {
    /// The server has begun to look at who waits.
    pub fn count_waits_from(&mut self, now: Millis) {
        self.contributions_mut().waits.began = now - now % MINUTE;
    }

    /// If this event makes an idea wait for the moderator: since now.
    pub fn note_waiting(&mut self, event: &Event, now: Millis) {
        if let Event::Shared { idea, waiting: true, .. } | Event::Edited { idea, waiting: true } = event {
            self.note_wait(*idea, now);
        }
    }

    /// An idea waits for the moderator from now on.
    pub fn note_wait(&mut self, idea: IdeaId, now: Millis) {
        self.contributions_mut().waits.since.insert(idea, now - now % MINUTE);
    }

    pub(super) fn forget_wait(&mut self, idea: IdeaId) {
        self.contributions_mut().waits.since.remove(&idea);
    }

    /// Since when an idea waits at least.
    pub(in crate::consultation) fn waits_since(&self, idea: IdeaId) -> Millis {
        let waits = &self.contributions().waits;
        waits.since.get(&idea).copied().unwrap_or(waits.began)
    }

    pub(in crate::consultation) fn decide_shelve(
        &self,
        seat: SeatId,
        share: &Share,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Shelve, seat, Some(share.group))?;
        let mut decided = self.new_idea(seat, share, context)?;
        if let Event::Shared { held, late, waiting, order, .. } = &mut decided.event {
            // Its place is one on the shelf; the board gives it another when it is admitted.
            // There a moderator decides about it anyhow.
            (*held, *late, *waiting, *order) = (true, true, false, self.next_late(share.group));
        }
        Ok(decided)
    }

    /// Its author may give an idea other words at any moment: what is let in is what the moderator read.
    pub(in crate::consultation) fn decide_admit(
        &self,
        seat: SeatId,
        id: IdeaId,
        read: WordsHash,
    ) -> Result<Outcome, Problem> {
        let idea = self.find(id)?;
        self.permit(Deed::Admit, seat, Some(idea.group()))?;
        not_hidden(idea)?;
        if !idea.is_late() && !idea.is_waiting() {
            return Err(Problem::new(Code::NotWaiting));
        }
        says_what_was_read(idea.text(), Some(read))?;
        let order = self.next_order(idea.group());
        Ok(Outcome::plain(Event::Admitted { idea: id, order }))
    }

    /// From the shelf an idea comes on the board at once; one that waited for the moderator may have to wait for a reveal.
    pub(in crate::consultation) fn let_in(&mut self, id: IdeaId, order: u32) -> Vec<Write> {
        self.forget_wait(id);
        let Some(idea) = self.idea_mut(id) else { return Vec::new() };
        idea.let_in(order);
        let group = idea.group();
        self.contributions_mut().boards.take_place(group, order);
        self.put(id).into_iter().collect()
    }

    /// As if an idea had come after the lock of its board, or before it.
    #[cfg(test)]
    pub(in crate::consultation) fn put_on_shelf(&mut self, id: IdeaId, late: bool) {
        if let Some(idea) = self.idea_mut(id) {
            idea.put_on_shelf(late);
        }
    }

    /// Must this idea wait for the moderator again when this seat gives it other words? So it is of one that was let in and
    /// that its group does not see yet.
    pub(in crate::consultation) fn waits_again(&self, seat: SeatId, idea: &Idea) -> bool {
        let let_in = idea.is_held() && !idea.is_late() && !idea.is_waiting();
        let_in && self.founding().settings.moderation && !self.moderates(seat, idea.group())
    }

    pub(in crate::consultation) fn edit_by_author(
        &mut self,
        id: IdeaId,
        waiting: bool,
        words: &NewWords,
    ) -> Vec<Write> {
        if let Some(idea) = self.idea_mut(id).filter(|_| waiting) {
            idea.wait_again();
        }
        self.edit(id, words)
    }

    fn next_late(&self, group: GroupId) -> u32 {
        let late = self.ideas_of(group).filter(|(_, idea)| idea.is_late());
        late.map(|(_, idea)| idea.order() + 1).max().unwrap_or(0)
    }

    /// How many ideas are on a group's late shelf.
    #[must_use]
    pub fn late(&self, group: GroupId) -> u32 {
        let late = self.ideas_of(group).filter(|(_, idea)| idea.on_shelf()).count();
        u32::try_from(late).unwrap_or(u32::MAX)
    }

    /// A group's late shelf as this seat may see it: where ideas wait to be shown, people see how many are late, and
    /// moderators and organizers what they say.
    ///
    /// # Errors
    /// When the seat may not read that group's board.
    pub fn late_shelf(&self, seat: SeatId, group: GroupId) -> Result<LateShelf, Problem> {
        self.permit(Deed::ReadBoard, seat, Some(group))?;
        let role = self.actor(seat).map(|actor| actor.role);
        let judges = matches!(role, Some(Role::Moderator | Role::Organizer));
        Ok(if judges { self.shelf(group, true) } else { self.late_for_all(group) })
    }

    /// A group's late shelf as everybody may read it, in files as well.
    #[must_use]
    pub fn late_for_all(&self, group: GroupId) -> LateShelf {
        let settings = &self.founding().settings;
        self.shelf(group, !(settings.moderation || settings.private_first))
    }

    fn shelf(&self, group: GroupId, with_words: bool) -> LateShelf {
        let mut ideas: Vec<(u32, LateIdea)> = Vec::new();
        if with_words {
            let late = self.ideas_of(group).filter(|(_, idea)| idea.on_shelf());
            ideas.extend(late.map(|(id, idea)| {
                let shown = LateIdea {
                    id,
                    text: idea.text().to_owned(),
                    point: idea.point(),
                    kind: idea.kind(),
                    lang: idea.lang().to_owned(),
                };
                (idea.order(), shown)
            }));
        }
        ideas.sort_by_key(|(place, idea)| (*place, idea.id));
        LateShelf { count: self.late(group), ideas: ideas.into_iter().map(|(_, idea)| idea).collect() }
    }

    /// Is this the same idea as one that is here already, by the same share or shelving? Of one whose words were deleted
    /// nobody can say what they were: it is.
    #[must_use]
    pub fn is_shared(&self, action: &Action) -> bool {
        let (Action::Share(share) | Action::Shelve(share)) = action else { return false };
        let Some(idea) = self.ideas().get(&share.idea) else { return false };
        let same = (idea.group(), idea.kind(), idea.is_spoken()) == (share.group, share.kind, share.spoken)
            && (idea.lang() == share.lang && idea.receipt() == share.receipt)
            && share.point.is_none_or(|point| point == idea.point());
        let text = one_break(&share.text);
        let erased = idea.is_erased();
        let first = self.wordings_of(share.idea).first();
        let says = erased || idea.was_shared_as(&text) || first.is_some_and(|first| first.text == text);
        same && says
    }
}
