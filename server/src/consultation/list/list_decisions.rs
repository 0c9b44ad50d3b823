//! What people decide about the list: each decision checked, and taken in; the last one on a thing stands.
//!
//! These stand above every run: a run is a function of the ideas, the votes and these. Who decided is not kept; that it
//! was decided stands in the journal.

use proto::api::curation::ListDecisions;
use proto::ids::{IdeaId, SeatId};
use proto::plenary::{Places, Rule, Section, Weights};
use proto::problem::{Code, Problem};
use serde::{Deserialize, Serialize};

use crate::access::Deed;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::projection::{PlenaryWrite, Write};
use crate::consultation::state::Consultation;

/// What is so from now on about the list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum ListChange {
    /// An idea belongs to an item, or where its words put it.
    Assigned { idea: IdeaId, item: Option<IdeaId> },
    /// Two ideas are not the same, or may be.
    NotDuplicate {
        /// The smaller id.
        a: IdeaId,
        b: IdeaId,
        /// Not the same?
        on: bool,
    },
    /// These items come first, in this order.
    Pinned {
        /// All of them.
        pins: Vec<IdeaId>,
    },
    /// An item is off the list, or may be on it.
    Excluded {
        item: IdeaId,
        /// Off?
        on: bool,
    },
    /// Cut, rule and weights.
    Ranking {
        /// The cut.
        k: Option<Places>,
        rule: Rule,
        weights: Weights,
    },
    /// The list stands still under this version, or moves again.
    Frozen {
        /// Still?
        on: bool,
        /// How often it was frozen.
        version: u32,
    },
}

/// What people decided about the list.
#[derive(Debug, Default)]
pub(super) struct DecidedList(ListDecisions);

impl Consultation {
    /// What people decided about the list.
    #[must_use]
    pub const fn list(&self) -> &ListDecisions {
        &self.plenary_list().decisions.0
    }

    /// Decides a command about the list.
    ///
    /// # Errors
    /// The reason why not.
    pub(in crate::consultation) fn decide_list(
        &self,
        deed: Deed,
        seat: SeatId,
        change: impl FnOnce() -> Result<ListChange, Problem>,
    ) -> Result<Outcome, Problem> {
        self.permit(deed, seat, None)?;
        self.list_is_open_to_decisions()?;
        Ok(Outcome::plain(Event::List(change()?)))
    }

    pub(in crate::consultation) fn decide_reword(
        &self,
        seat: SeatId,
        item: IdeaId,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Reword, seat, None)?;
        let known = self.run_facts().is_some_and(|run| run.items.iter().any(|(id, _)| *id == item));
        if !known {
            return Err(Problem::because(Code::NotFound, "There is no such item on the list."));
        }
        if self.is_paper_entry(item) {
            self.list_is_open_to_decisions()?;
        }
        Ok(Outcome::plain(Event::Reworded { item }))
    }

    pub(in crate::consultation) fn excluded(&self, item: IdeaId, on: bool) -> Result<ListChange, Problem> {
        if on {
            self.find_item(item)?;
        }
        Ok(ListChange::Excluded { item, on })
    }

    pub(in crate::consultation) fn ranking(
        &self,
        k: Option<&Places>,
        rule: Option<Rule>,
        weights: Option<Weights>,
    ) -> ListChange {
        ListChange::Ranking {
            k: k.or(self.list().k.as_ref()).cloned(),
            rule: rule.unwrap_or(self.list().rule),
            weights: weights.unwrap_or(self.list().weights),
        }
    }

    pub(in crate::consultation) fn assigned(
        &self,
        idea: IdeaId,
        item: Option<IdeaId>,
    ) -> Result<ListChange, Problem> {
        self.find_shown(idea)?;
        let section = self.section_of(idea);
        self.is_open_to_combining(&[idea])?;
        if let Some(item) = item
            && item != idea
            && Some(self.find_item(item)?) != section
        {
            return Err(Problem::new(Code::OtherSection));
        }
        if let Some(item) = item {
            self.not_answered_different(&self.entry_of(idea), &self.ideas_in(item, idea))?;
        }
        Ok(ListChange::Assigned { idea, item })
    }

    /// The ideas of an item: as it is on the list, and as people decided since; without the idea that is put there.
    fn ideas_in(&self, item: IdeaId, put: IdeaId) -> Vec<IdeaId> {
        let assign = &self.list().assign;
        let facts = self.run_facts().and_then(|run| run.items.iter().find(|(id, _)| *id == item));
        let there = facts.into_iter().flat_map(|(_, facts)| facts.sources.iter().map(|source| source.idea));
        let stays = |idea: &IdeaId| assign.get(idea).is_none_or(|other| *other == item);
        let since = assign.iter().filter(|(_, other)| **other == item).map(|(idea, _)| *idea);
        there.filter(stays).chain(since).chain([item]).filter(|idea| *idea != put).collect()
    }

    /// Fails where a person answered that an idea of the one side is not the same as one of the other.
    pub(in crate::consultation) fn not_answered_different(
        &self,
        these: &[IdeaId],
        those: &[IdeaId],
    ) -> Result<(), Problem> {
        let different = |a: &IdeaId, b: &IdeaId| self.list().not_duplicate.contains(&(*a.min(b), *a.max(b)));
        let any = these.iter().any(|a| those.iter().any(|b| different(a, b)));
        if any { Err(Problem::new(Code::AnsweredDifferent)) } else { Ok(()) }
    }

    /// Of two ideas of one board its moderator may say it as well.
    pub(in crate::consultation) fn decide_not_duplicate(
        &self,
        seat: SeatId,
        (a, b): (IdeaId, IdeaId),
        on: bool,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        if a == b {
            return Err(Problem::because(Code::Malformed, "An idea is the same as itself."));
        }
        let group_of = |idea: IdeaId| self.ideas().get(&idea).map(|idea| idea.group());
        let moderated = group_of(a).filter(|group| group_of(b) == Some(*group));
        let may = moderated.map(|group| self.permit(Deed::Combine, seat, Some(group)));
        match may {
            Some(Ok(_)) => return Ok(Outcome::plain(Event::List(self.not_duplicate(a, b, on, context)?))),
            Some(Err(problem)) if problem.code == Code::WrongPhase => return Err(problem),
            Some(Err(_)) | None => {}
        }
        self.decide_list(Deed::Assign, seat, || self.not_duplicate(a, b, on, context))
    }

    fn not_duplicate(
        &self,
        a: IdeaId,
        b: IdeaId,
        on: bool,
        context: Context<'_>,
    ) -> Result<ListChange, Problem> {
        self.find_shown(a)?;
        self.find_shown(b)?;
        self.is_open_to_combining(&[a, b])?;
        if on && self.list().not_duplicate.len() >= context.limits.not_duplicates_max {
            return Err(Problem::because(Code::TooLarge, "Too many pairs were told apart already."));
        }
        Ok(ListChange::NotDuplicate { a: a.min(b), b: a.max(b), on })
    }

    pub(in crate::consultation) fn pinned(
        &self,
        item: IdeaId,
        on: bool,
        place: Option<u32>,
        context: Context<'_>,
    ) -> Result<ListChange, Problem> {
        let mut pins: Vec<IdeaId> = self.list().pins.iter().copied().filter(|pin| *pin != item).collect();
        if on {
            self.find_item(item)?;
            let last = pins.len();
            if last >= context.limits.bounds.pins_max {
                return Err(Problem::new(Code::TooManyPins));
            }
            let at = place.map_or(last, |place| (place.max(1) as usize - 1).min(last));
            pins.insert(at, item);
        }
        Ok(ListChange::Pinned { pins })
    }

    pub(in crate::consultation) fn frozen(&self, on: bool) -> Result<ListChange, Problem> {
        if on && self.run_facts().is_none() {
            return Err(Problem::because(Code::NotFound, "There is no list yet."));
        }
        let counts = u32::from(on && !self.list().frozen);
        Ok(ListChange::Frozen { on, version: self.list().version + counts })
    }

    /// An idea that is on a board for everybody of its group.
    fn find_shown(&self, idea: IdeaId) -> Result<&crate::consultation::ideas::idea::Idea, Problem> {
        let found = self.ideas().get(&idea).filter(|idea| idea.is_shown());
        found.ok_or_else(|| Problem::because(Code::NotFound, "There is no such idea on a board."))
    }

    /// The section of an item: one that is on the list, or that people put something in; an idea's id names the one with its words.
    fn find_item(&self, item: IdeaId) -> Result<Section, Problem> {
        let run = self.run_facts();
        if let Some(section) = run.and_then(|run| self.section_of(*run.kept_off.get(&item)?.first()?)) {
            return Ok(section);
        }
        let listed = run.and_then(|run| run.items.iter().find(|(id, _)| *id == item));
        let named = || self.list().assign.iter().find(|(_, named)| **named == item);
        let idea = self.ideas().get(&item).filter(|idea| idea.is_shown());
        let section = match (listed, idea) {
            (Some((_, facts)), _) => Some(facts.section),
            (None, Some(_)) => self.section_of(item),
            (None, None) => named().and_then(|(idea, _)| self.section_of(*idea)),
        };
        section.ok_or_else(|| Problem::because(Code::NotFound, "There is no such item on the list."))
    }

    /// Takes in what was decided about the list.
    pub(in crate::consultation) fn change_list(&mut self, change: &ListChange) -> Vec<Write> {
        let list = &mut self.plenary_list_mut().decisions.0;
        match change {
            ListChange::Assigned { idea, item: Some(item) } => drop(list.assign.insert(*idea, *item)),
            ListChange::Assigned { idea, item: None } => drop(list.assign.remove(idea)),
            ListChange::NotDuplicate { a, b, on: true } => drop(list.not_duplicate.insert((*a, *b))),
            ListChange::NotDuplicate { a, b, on: false } => drop(list.not_duplicate.remove(&(*a, *b))),
            ListChange::Pinned { pins } => list.pins.clone_from(pins),
            ListChange::Excluded { item, on: true } => drop(list.exclude.insert(*item)),
            ListChange::Excluded { item, on: false } => drop(list.exclude.remove(item)),
            ListChange::Ranking { k, rule, weights } => {
                (list.k, list.rule, list.weights) = (k.clone(), *rule, *weights);
            }
            ListChange::Frozen { on, version } => {
                (list.frozen, list.version) = (*on, *version);
                return vec![Write::Plenary(PlenaryWrite::Frozen { on: *on, version: *version })];
            }
        }
        Vec::new()
    }

    /// Is this decided about the list already?
    pub(in crate::consultation) fn is_listed_already(&self, change: &ListChange) -> bool {
        let list = self.list();
        match change {
            ListChange::Assigned { idea, item } => list.assign.get(idea) == item.as_ref(),
            ListChange::NotDuplicate { a, b, on } => list.not_duplicate.contains(&(*a, *b)) == *on,
            ListChange::Pinned { pins } => list.pins == *pins,
            ListChange::Excluded { item, on } => list.exclude.contains(item) == *on,
            ListChange::Ranking { k, rule, weights } => {
                (&list.k, list.rule, list.weights) == (k, *rule, *weights)
            }
            ListChange::Frozen { on, version } => (list.frozen, list.version) == (*on, *version),
        }
    }

    /// The newest version has this number.
    pub(super) const fn number_version(&mut self, number: u32) {
        self.plenary_list_mut().decisions.0.version = number;
    }

    /// Forgets what was decided about an idea that was taken back. An item that is called after it keeps its name.
    pub(in crate::consultation) fn forget_decisions(&mut self, idea: IdeaId) {
        let list = &mut self.plenary_list_mut().decisions.0;
        list.assign.remove(&idea);
        list.not_duplicate.retain(|(a, b)| *a != idea && *b != idea);
    }
}
