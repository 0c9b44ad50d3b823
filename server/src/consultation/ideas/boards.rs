//! The boards of groups: which ideas each has, the place of the next one, and whether the whole board is out of sight.
//!
//! Ideas are changed through [`Boards`] and only from this folder; everybody else reads them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proto::ids::{GroupId, IdeaId, SeatId};
use proto::problem::Problem;

use super::idea::Idea;
use crate::access::Deed;
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::projection::{BoardWrite, Write};
use crate::consultation::state::Consultation;

/// Every idea, and the board of each group.
#[derive(Debug, Default)]
pub(super) struct Boards {
    ideas: HashMap<IdeaId, Idea>,
    groups: BTreeMap<GroupId, Board>,
}

#[derive(Debug, Default)]
struct Board {
    /// Its ideas, shown or not.
    ideas: BTreeSet<IdeaId>,
    /// The place of the next idea.
    next_order: u32,
    /// Is the whole board out of sight?
    hidden: bool,
    /// Were ideas shared on it before this server started? Then nobody knows how many have not written.
    forgotten: bool,
}

impl Boards {
    /// Empty boards of these groups.
    pub(super) fn new(groups: impl Iterator<Item = GroupId>) -> Self {
        Self { groups: groups.map(|id| (id, Board::default())).collect(), ..Self::default() }
    }

    /// An idea comes.
    pub(super) fn add(&mut self, id: IdeaId, idea: Idea) {
        let group = idea.group();
        if self.ideas.insert(id, idea).is_none()
            && let Some(board) = self.groups.get_mut(&group)
        {
            board.ideas.insert(id);
        }
    }

    /// An idea goes for good.
    pub(super) fn remove(&mut self, id: IdeaId) -> Option<Idea> {
        let idea = self.ideas.remove(&id)?;
        if let Some(board) = self.groups.get_mut(&idea.group()) {
            board.ideas.remove(&id);
        }
        Some(idea)
    }

    /// A place on a group's board is taken: those that come get later ones.
    pub(super) fn take_place(&mut self, group: GroupId, order: u32) {
        if let Some(board) = self.groups.get_mut(&group) {
            board.next_order = board.next_order.max(order + 1);
        }
    }

    /// The whole board goes out of sight, or comes back. False when there is no such group.
    fn veil(&mut self, group: GroupId, on: bool) -> bool {
        let Some(board) = self.groups.get_mut(&group) else { return false };
        board.hidden = on;
        for id in &board.ideas {
            if let Some(idea) = self.ideas.get_mut(id) {
                idea.veil(on);
            }
        }
        true
    }
}

impl Consultation {
    /// All ideas by their id, also those that are hidden or wait.
    #[must_use]
    pub const fn ideas(&self) -> &HashMap<IdeaId, Idea> {
        &self.contributions().boards.ideas
    }

    pub(super) fn idea_mut(&mut self, id: IdeaId) -> Option<&mut Idea> {
        self.contributions_mut().boards.ideas.get_mut(&id)
    }

    /// How many ideas a group has, shown or not.
    #[must_use]
    pub fn count_of(&self, group: GroupId) -> usize {
        self.board(group).map_or(0, |board| board.ideas.len())
    }

    /// The ideas of a group by their ids, shown or not: as much work as it has ideas, however many the others have.
    pub fn ideas_of(&self, group: GroupId) -> impl Iterator<Item = (IdeaId, &Idea)> {
        let ids = self.board(group).into_iter().flat_map(|board| &board.ideas);
        ids.filter_map(|id| Some((*id, self.ideas().get(id)?)))
    }

    /// The place of the next idea on a group's board.
    pub(super) fn next_order(&self, group: GroupId) -> u32 {
        self.board(group).map_or(0, |board| board.next_order)
    }

    /// Is a group's whole board out of sight? None: there is no such group.
    pub(in crate::consultation) fn is_board_hidden(&self, group: GroupId) -> Option<bool> {
        self.board(group).map(|board| board.hidden)
    }

    /// The groups in which ideas were shared before this server started.
    pub(in crate::consultation) fn forgotten_boards(&self) -> impl Iterator<Item = GroupId> {
        let boards = self.contributions().boards.groups.iter();
        boards.filter(|(_, board)| board.forgotten).map(|(id, _)| *id)
    }

    fn board(&self, group: GroupId) -> Option<&Board> {
        self.contributions().boards.groups.get(&group)
    }

    /// The server has started: who shared what is on a board now nobody knows any more.
    pub(in crate::consultation) fn note_start_of_boards(&mut self) {
        for board in self.contributions_mut().boards.groups.values_mut() {
            board.forgotten = board.next_order > 0;
        }
    }

    /// There are these groups from now on.
    pub(in crate::consultation) fn renew_boards(&mut self, groups: &BTreeSet<GroupId>) {
        let boards = &mut self.contributions_mut().boards.groups;
        boards.retain(|group, _| groups.contains(group));
        for group in groups {
            boards.entry(*group).or_default();
        }
    }

    pub(in crate::consultation) fn decide_hide_board(
        &self,
        seat: SeatId,
        group: GroupId,
        on: bool,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Hide, seat, Some(group))?;
        let texts = if on { self.list_without(&self.shown_in(group)) } else { None };
        let decided = Outcome::plain(Event::BoardHidden { group, on });
        Ok(Outcome { texts: texts.into_iter().collect(), ..decided })
    }

    /// Every idea of the board is hidden, and what is shared meanwhile waits; or all are shown again as they were.
    pub(in crate::consultation) fn hide_board(&mut self, group: GroupId, on: bool) -> Vec<Write> {
        let shown = self.shown_in(group);
        if !self.contributions_mut().boards.veil(group, on) {
            return Vec::new();
        }
        if on {
            let hide = |id: &IdeaId| Write::Board(group, BoardWrite::Hide(*id));
            let mut writes: Vec<Write> = shown.iter().map(hide).collect();
            writes.extend(self.leave_list(&shown));
            return writes;
        }
        let before: BTreeSet<IdeaId> = shown.into_iter().collect();
        let mut back = self.shown_in(group);
        back.retain(|id| !before.contains(id));
        // Votes were taken meanwhile: what is one counts anew.
        self.regroup(back)
    }

    fn shown_in(&self, group: GroupId) -> Vec<IdeaId> {
        let shown = self.ideas_of(group).filter(|(_, idea)| idea.is_shown());
        let mut shown: Vec<_> = shown.map(|(id, idea)| (idea.order(), id)).collect();
        shown.sort_unstable();
        shown.into_iter().map(|(_, id)| id).collect()
    }
}
