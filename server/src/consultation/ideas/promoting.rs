//! What a group sends to the plenary: how many entries of each section, and of which kind each of them is.
//!
//! A group promotes once its vote is over, as long as the list is not frozen (rule C32). An idea of no kind gets the
//! kind of its discussion point, as a proposal: its moderator confirms it, or gives it another one, by promoting it with a kind.

use std::collections::BTreeSet;

use proto::command::Kind;
use proto::ids::{GroupId, IdeaId, PointId, SeatId};
use proto::plenary::Section;
use proto::problem::{Code, Problem};

use super::moderation::hiding::not_hidden;
use crate::access::Deed;
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::projection::{BoardWrite, Write};
use crate::consultation::state::Consultation;

/// Places of a ballot paper that all groups share.
const PAPER: u32 = 30;
/// Entries of one section that no group sends more of, however few groups there are.
const MOST: u32 = 7;

/// Entries of each section that a group may send, of so many groups.
#[must_use]
pub const fn entries_per_section(groups: u32) -> u32 {
    let each = PAPER / if groups == 0 { 1 } else { groups };
    if each > MOST {
        MOST
    } else if each == 0 {
        1
    } else {
        each
    }
}

impl Consultation {
    /// Entries of each section that a group may promote: as prepared, else by the number of groups.
    #[must_use]
    pub fn promoted_at_most(&self) -> u32 {
        let prepared = self.founding().settings.promoted_per_group;
        prepared.unwrap_or_else(|| entries_per_section(self.groups_that_take_part()))
    }

    /// What an idea about this point is, if nobody said so: as the point was prepared, else a recommendation.
    #[must_use]
    pub fn proposed_kind(&self, point: PointId) -> Kind {
        let points = &self.founding().points;
        let prepared = points.iter().find(|known| known.id == point).and_then(|point| point.kind);
        let kinds = &self.programme().kinds;
        let known = |kind: &Kind| kinds.is_empty() || kinds.iter().any(|words| words.kind == *kind);
        let proposed = prepared.into_iter().chain([Kind::Recommendation]).find(known);
        proposed.or_else(|| kinds.first().map(|words| words.kind)).unwrap_or(Kind::Recommendation)
    }

    /// The section of the list to which an idea belongs: by its kind, else by the one that is proposed.
    pub(in crate::consultation) fn section_of(&self, idea: IdeaId) -> Option<Section> {
        let idea = self.ideas().get(&idea)?;
        Some(Section::of(Some(idea.kind().unwrap_or_else(|| self.proposed_kind(idea.point())))))
    }

    pub(in crate::consultation) fn decide_promote(
        &self,
        seat: SeatId,
        id: IdeaId,
        (on, kind): (bool, Option<Kind>),
    ) -> Result<Outcome, Problem> {
        let idea = self.find(id)?;
        let group = idea.group();
        self.permit(Deed::Promote, seat, Some(group))?;
        not_hidden(idea)?;
        if on && !idea.is_open() {
            return Err(Problem::new(Code::IdeaHidden));
        }
        if !on && kind.is_some() {
            return Err(Problem::because(Code::Malformed, "What is taken back is of no kind."));
        }
        if self.list().frozen {
            return Err(Problem::new(Code::ListFrozen));
        }
        // Of ideas that are one, the one that stands for all is sent.
        let id = self.root_of(id);
        if !on || kind.is_some() {
            self.is_open_to_combining(&[id])?;
        }
        let own = self.ideas().get(&id).and_then(|idea| idea.kind());
        let proposed = on && kind.is_none() && own.is_none();
        let kind = if proposed { Some(self.proposed_kind(self.find(id)?.point())) } else { kind };
        if on {
            self.says_something(id)?;
            self.kind_is_known(kind)?;
            self.may_promote(group, id, kind.or(own))?;
        }
        Ok(Outcome::plain(Event::Promoted { idea: id, on, kind, proposed }))
    }

    /// Is an idea of this kind possible in this consultation?
    fn kind_is_known(&self, kind: Option<Kind>) -> Result<(), Problem> {
        let kinds = &self.programme().kinds;
        let known = |kind: Kind| kinds.is_empty() || kinds.iter().any(|words| words.kind == kind);
        if kind.is_none_or(known) {
            Ok(())
        } else {
            Err(Problem::because(Code::NotFound, "There is no such kind in this consultation."))
        }
    }

    /// Is there a place for this entry, if it is of this kind?
    fn may_promote(&self, group: GroupId, id: IdeaId, kind: Option<Kind>) -> Result<(), Problem> {
        let section = Section::of(kind);
        let members = self.entry_of(id);
        if members.iter().any(|member| *member != id && self.section_of(*member) != Some(section)) {
            return Err(Problem::new(Code::OtherSection));
        }
        let promoted = self.promoted_entries(group);
        let others =
            promoted.iter().filter(|other| **other != id && self.section_of(**other) == Some(section));
        let moves = !promoted.contains(&id) || self.section_of(id) != Some(section);
        let most = self.promoted_at_most();
        if moves && others.count() >= most as usize {
            let detail = format!("A group promotes at most {most} of each section. Take one back first.");
            return Err(Problem::because(Code::TooManyPromoted, detail));
        }
        if promoted.contains(&id) { Ok(()) } else { self.list_has_room(id) }
    }

    /// Would this promotion change anything?
    pub(in crate::consultation) fn is_promoted_already(
        &self,
        id: IdeaId,
        on: bool,
        (kind, proposed): (Option<Kind>, bool),
    ) -> bool {
        let meant = if on { vec![id] } else { self.entry_of(id) };
        let idea = |id: &IdeaId| self.ideas().get(id);
        let same_kind = kind.is_none()
            || idea(&id).is_some_and(|idea| idea.kind() == kind && idea.is_kind_proposed() == proposed);
        same_kind && meant.iter().all(|id| idea(id).is_some_and(|idea| idea.is_promoted() == on))
    }

    pub(in crate::consultation) fn promote(
        &mut self,
        id: IdeaId,
        on: bool,
        (kind, proposed): (Option<Kind>, bool),
    ) -> Vec<Write> {
        // Taking an entry back takes back every idea of it that was sent before they were combined.
        let meant = if on { vec![id] } else { self.entry_of(id) };
        for member in meant {
            if let Some(idea) = self.idea_mut(member) {
                idea.promote(on);
            }
        }
        if let (Some(kind), Some(idea)) = (kind, self.idea_mut(id)) {
            idea.be(kind, proposed);
        }
        let Some(idea) = self.ideas().get(&id).filter(|_| self.is_on_board(id)) else { return Vec::new() };
        let group = idea.group();
        let state = Write::Board(group, BoardWrite::State(id, self.state_of(id).0));
        let shown = if kind.is_some() { self.put(id) } else { Some(state) };
        shown.into_iter().chain(self.show_card(group)).collect()
    }

    pub(in crate::consultation) fn promoted_entries(&self, group: GroupId) -> BTreeSet<IdeaId> {
        let promoted = self.ideas_of(group).filter(|(_, idea)| idea.is_promoted() && idea.is_open());
        promoted.map(|(id, _)| self.root_of(id)).filter(|id| !self.is_empty_now(*id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c32_groups_share_the_thirty_places_of_a_paper() {
        let of = |groups| entries_per_section(groups);
        assert_eq!([of(0), of(1), of(4), of(5), of(10), of(30), of(31), of(500)], [7, 7, 7, 6, 3, 1, 1, 1]);
    }
}
