//! Ideas that say nothing now, because people deleted their words together.
//!
//! Nobody votes on such an idea or promotes it, it is on no card and no list, and approvals of it neither count nor use the
//! budget. Nothing of it is lost: when it says something again, it is as before. In memory only: its room says so when it is
//! loaded and whenever it changes.

use std::collections::{BTreeMap, BTreeSet};

use proto::ids::{GroupId, IdeaId};
use proto::problem::{Code, Problem};

use crate::consultation::state::Consultation;

/// Group → ideas of its board without words.
#[derive(Debug, Default)]
pub(in crate::consultation::ideas) struct EmptyIdeas {
    of_group: BTreeMap<GroupId, BTreeSet<IdeaId>>,
}

impl Consultation {
    /// Takes in which ideas of a board say nothing. Gives back those of which that is new.
    pub fn note_empty(&mut self, group: GroupId, ideas: BTreeSet<IdeaId>) -> BTreeSet<IdeaId> {
        let known = self.contributions_mut().empty.of_group.entry(group).or_default();
        let changed = known.symmetric_difference(&ideas).copied().collect();
        *known = ideas;
        changed
    }

    /// Does an idea say nothing now?
    #[must_use]
    pub fn is_empty_now(&self, idea: IdeaId) -> bool {
        let group = self.ideas().get(&idea).map(|idea| idea.group());
        let of_group = group.and_then(|group| self.contributions().empty.of_group.get(&group));
        of_group.is_some_and(|empty| empty.contains(&idea))
    }

    /// Is there something to decide about?
    pub(in crate::consultation) fn says_something(&self, idea: IdeaId) -> Result<(), Problem> {
        if self.is_empty_now(idea) { Err(Problem::new(Code::IdeaEmpty)) } else { Ok(()) }
    }
}
