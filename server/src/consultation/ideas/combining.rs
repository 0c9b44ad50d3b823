//! Ideas that their moderator treats as one, and the order of a group's card.
//!
//! A combination is a view: which idea stands for which is a map, and the last decision on an idea stands. Texts and
//! ballots stay as they were written, so whatever is taken apart is as it was. An entry is an idea that stands for itself
//! with those that it stands for; its votes are the people who approve any of them, each once.

use std::collections::{BTreeMap, BTreeSet};

use proto::api::consultation::IdeaState;
use proto::ids::{GroupId, IdeaId, SeatId};
use proto::problem::{Code, Problem};

use crate::access::Deed;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::projection::{BoardWrite, Write};
use crate::consultation::state::Consultation;

/// What moderators decided about the entries of their boards.
#[derive(Debug, Default)]
pub(super) struct Combined {
    /// Idea → the one that stands for it. Never a circle.
    into: BTreeMap<IdeaId, IdeaId>,
    /// The same the other way round, so that an entry is found without a look at all others.
    below: BTreeMap<IdeaId, BTreeSet<IdeaId>>,
    /// Promoted ideas in the order of the group's card.
    cards: BTreeMap<GroupId, Vec<IdeaId>>,
}

impl Combined {
    /// From now on this one stands for the idea.
    fn link(&mut self, idea: IdeaId, into: IdeaId) {
        self.unlink(idea);
        self.into.insert(idea, into);
        self.below.entry(into).or_default().insert(idea);
    }

    /// The idea stands for itself again; gives what stood for it.
    fn unlink(&mut self, idea: IdeaId) -> Option<IdeaId> {
        let above = self.into.remove(&idea)?;
        if let Some(below) = self.below.get_mut(&above) {
            below.remove(&idea);
            if below.is_empty() {
                self.below.remove(&above);
            }
        }
        Some(above)
    }

    /// All ideas for which this one stands, directly or not.
    fn all_below(&self, idea: IdeaId) -> BTreeSet<IdeaId> {
        let (mut found, mut next) = (BTreeSet::new(), vec![idea]);
        while let Some(at) = next.pop() {
            for below in self.below.get(&at).into_iter().flatten() {
                if found.insert(*below) {
                    next.push(*below);
                }
            }
        }
        found
    }

    /// Does what stands for this idea, directly or not, include that one?
    fn leads_to(&self, idea: IdeaId, that: IdeaId) -> bool {
        let mut at = idea;
        while let Some(next) = self.into.get(&at) {
            if *next == that {
                return true;
            }
            at = *next;
        }
        false
    }
}

impl Consultation {
    /// The idea that stands for this one: itself, if it is not combined. One that was taken off the board stands for
    /// none; one whose whole board is out of sight for a while does.
    #[must_use]
    pub fn root_of(&self, idea: IdeaId) -> IdeaId {
        let (mut at, mut root) = (idea, idea);
        while let Some(next) = self.contributions().combined.into.get(&at) {
            at = *next;
            if self.is_open(at) {
                root = at;
            }
        }
        root
    }

    /// The ideas of an entry, the one that stands for all of them first: as much work as the entry has ideas. Nothing that
    /// is open stands above the first, so everything open below it is of its entry.
    #[must_use]
    pub fn entry_of(&self, idea: IdeaId) -> Vec<IdeaId> {
        let root = self.root_of(idea);
        if !self.is_open(root) {
            return vec![root];
        }
        let members =
            self.contributions().combined.all_below(root).into_iter().filter(|other| self.is_open(*other));
        std::iter::once(root).chain(members).collect()
    }

    /// Every idea that is combined, with the one that stands for it.
    #[must_use]
    pub fn combinations(&self) -> BTreeMap<IdeaId, IdeaId> {
        let ideas = self.contributions().combined.into.keys().filter(|idea| self.is_on_board(**idea));
        ideas.map(|idea| (*idea, self.root_of(*idea))).filter(|(idea, root)| idea != root).collect()
    }

    /// What became of an idea on its board, and the idea that represents it, if it was combined with others.
    #[must_use]
    pub fn state_of(&self, idea: IdeaId) -> (IdeaState, Option<IdeaId>) {
        let root = self.root_of(idea);
        if root != idea {
            return (IdeaState::CombinedInto, Some(root));
        }
        let entry = self.entry_of(idea);
        if entry.iter().any(|member| self.ideas().get(member).is_some_and(|idea| idea.is_promoted())) {
            (IdeaState::Promoted, None)
        } else {
            (IdeaState::Shown, None)
        }
    }

    /// The entries that a group sends to the plenary: those that its moderator ordered, then the others as on the board.
    #[must_use]
    pub fn card_order(&self, group: GroupId) -> Vec<IdeaId> {
        let promoted = self.promoted_entries(group);
        let ordered = self
            .contributions()
            .combined
            .cards
            .get(&group)
            .into_iter()
            .flatten()
            .map(|idea| self.root_of(*idea));
        let mut card: Vec<IdeaId> = Vec::new();
        for idea in ordered {
            if promoted.contains(&idea) && !card.contains(&idea) {
                card.push(idea);
            }
        }
        let place = |id: &IdeaId| self.ideas().get(id).map_or(0, |idea| idea.order());
        let mut others: Vec<IdeaId> = promoted.into_iter().filter(|idea| !card.contains(idea)).collect();
        others.sort_by_key(|id| (place(id), *id));
        card.extend(others);
        card
    }

    /// The card of a group whose moderator ordered it; empty otherwise.
    #[must_use]
    pub fn ordered_card(&self, group: GroupId) -> Vec<IdeaId> {
        if self.contributions().combined.cards.contains_key(&group) {
            self.card_order(group)
        } else {
            Vec::new()
        }
    }

    pub(in crate::consultation) fn decide_combine(
        &self,
        seat: SeatId,
        idea: IdeaId,
        into: IdeaId,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        let (one, other) = (self.find(idea)?, self.find(into)?);
        self.permit(Deed::Combine, seat, Some(one.group()))?;
        if idea == into {
            return Err(Problem::because(Code::Malformed, "An idea is one with itself."));
        }
        if one.group() != other.group() || !self.is_on_board(idea) || !self.is_on_board(into) {
            return Err(Problem::because(Code::NotFound, "These ideas are not on the same board."));
        }
        if self.section_of(idea) != self.section_of(into) {
            return Err(Problem::new(Code::OtherSection));
        }
        self.is_open_to_combining(&[idea, into])?;
        self.not_answered_different(&self.entry_of(idea), &self.entry_of(into))?;
        let root = self.root_of(into);
        // Those that are off the board for a while may come back to it.
        let with = |idea| 1 + self.contributions().combined.all_below(idea).len();
        if root != self.root_of(idea) && with(root) + with(idea) > context.limits.bounds.combined_max {
            return Err(Problem::new(Code::EntryFull));
        }
        // They are one already: either the other way round, and then the other one leads from now on, or as they shall be.
        let into = if root == idea {
            into
        } else if root == self.root_of(idea) {
            self.link_of(idea)
        } else {
            root
        };
        Ok(Outcome::plain(Event::Combined { idea, into }))
    }

    /// The ideas of the entries that this event joins or takes apart.
    #[must_use]
    pub fn regrouped(&self, event: &Event) -> BTreeSet<IdeaId> {
        let (idea, into) = if let Event::Combined { idea, into } = event {
            (idea, into)
        } else if let Event::TakenApart { idea } = event {
            (idea, idea)
        } else {
            return BTreeSet::new();
        };
        [idea, into].into_iter().flat_map(|idea| self.entry_of(*idea)).collect()
    }

    fn link_of(&self, idea: IdeaId) -> IdeaId {
        self.contributions().combined.into.get(&idea).copied().unwrap_or(idea)
    }

    pub(in crate::consultation) fn is_linked(&self, idea: IdeaId) -> bool {
        self.contributions().combined.into.contains_key(&idea)
    }

    pub(in crate::consultation) fn is_combined_already(&self, idea: IdeaId, into: IdeaId) -> bool {
        self.contributions().combined.into.get(&idea) == Some(&into)
    }

    pub(in crate::consultation) fn is_ordered_already(&self, group: GroupId, ideas: &[IdeaId]) -> bool {
        self.contributions().combined.cards.get(&group).is_some_and(|order| order == ideas)
    }

    pub(in crate::consultation) fn decide_take_apart(
        &self,
        seat: SeatId,
        idea: IdeaId,
    ) -> Result<Outcome, Problem> {
        let found = self.find(idea)?;
        self.permit(Deed::Combine, seat, Some(found.group()))?;
        self.is_open_to_combining(&[idea])?;
        Ok(Outcome::plain(Event::TakenApart { idea }))
    }

    pub(in crate::consultation) fn decide_order(
        &self,
        seat: SeatId,
        group: GroupId,
        ideas: &[IdeaId],
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Order, seat, Some(group))?;
        let promoted = self.promoted_entries(group);
        let mut order: Vec<IdeaId> = Vec::new();
        for idea in ideas {
            let root = self.root_of(*idea);
            if !promoted.contains(&root) {
                return Err(Problem::because(Code::NotFound, "Only promoted ideas are on the group's card."));
            }
            if !order.contains(&root) {
                order.push(root);
            }
        }
        Ok(Outcome::plain(Event::Ordered { group, ideas: order }))
    }

    pub(in crate::consultation) fn combine(&mut self, idea: IdeaId, into: IdeaId) -> Vec<Write> {
        if idea == into || !self.ideas().contains_key(&idea) {
            return Vec::new();
        }
        let mut touched = self.entry_of(idea);
        touched.extend(self.entry_of(into));
        if self.contributions().combined.leads_to(into, idea) {
            self.contributions_mut().combined.unlink(into);
        }
        self.contributions_mut().combined.link(idea, into);
        self.regroup(touched)
    }

    pub(in crate::consultation) fn take_apart(&mut self, idea: IdeaId) -> Vec<Write> {
        let touched = self.entry_of(idea);
        if self.root_of(idea) == idea {
            // It stood for others: each of them stands for itself.
            for member in &touched {
                self.contributions_mut().combined.unlink(*member);
            }
        } else {
            self.contributions_mut().combined.unlink(idea);
        }
        self.regroup(touched)
    }

    pub(in crate::consultation) fn order(&mut self, group: GroupId, ideas: &[IdeaId]) -> Vec<Write> {
        self.contributions_mut().combined.cards.insert(group, ideas.to_vec());
        self.show_card(group).into_iter().collect()
    }

    /// What the board shows of the card, if it was ordered.
    pub(in crate::consultation) fn show_card(&self, group: GroupId) -> Option<Write> {
        let ordered = self.contributions().combined.cards.contains_key(&group);
        ordered.then(|| Write::Board(group, BoardWrite::Card(self.card_order(group))))
    }

    /// An idea is going for good: those that it stood for go to what stood for it, if anything did. Gives who is concerned.
    pub(in crate::consultation) fn leave_entry(&mut self, idea: IdeaId) -> Vec<IdeaId> {
        let touched = self.entry_of(idea);
        let above = self.contributions_mut().combined.unlink(idea);
        let below = self.contributions().combined.below.get(&idea).cloned().unwrap_or_default();
        for member in below {
            match above {
                Some(above) => self.contributions_mut().combined.link(member, above),
                None => drop(self.contributions_mut().combined.unlink(member)),
            }
        }
        touched.into_iter().filter(|member| *member != idea).collect()
    }

    /// Counts the entries of these ideas anew, and says what the board shows of them.
    pub(in crate::consultation) fn regroup(&mut self, touched: Vec<IdeaId>) -> Vec<Write> {
        let touched: BTreeSet<IdeaId> = touched.into_iter().filter(|id| self.is_open(*id)).collect();
        self.recount(&touched);
        let groups: BTreeSet<GroupId> =
            touched.iter().filter_map(|id| Some(self.ideas().get(id)?.group())).collect();
        let puts = touched.iter().filter_map(|id| self.put(*id));
        puts.chain(groups.into_iter().filter_map(|group| self.show_card(group))).collect()
    }
}
