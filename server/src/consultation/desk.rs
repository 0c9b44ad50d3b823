//! What staff at a desk are told of a group.

use proto::desk::{Desk, DeskIdea, GroupDesk, HiddenIdea};
use proto::ids::{GroupId, IdeaId};
use proto::role::Role;

use super::attendance::Attendances;
use super::hiding::Hidden;
use super::ideas::Idea;
use super::safety::HELD_IN_GROUP;
use super::state::Consultation;
use crate::access::{Actor, Deed, may_ever};

impl Consultation {
    /// The desk of somebody; `None` when there is none for this role.
    #[must_use]
    pub fn desk(
        &self,
        actor: Actor,
        attendance: &Attendances,
        sending: impl Fn(GroupId) -> u32,
    ) -> Option<Desk> {
        let at_desk = |group| may_ever(Deed::SeeDesk, actor, Some(group));
        let groups = self.founding.groups.iter().map(|(id, _)| *id).filter(|group| at_desk(*group));
        let groups: Vec<GroupDesk> =
            groups.map(|group| self.desk_of(group, attendance, sending(group))).collect();
        let all = (actor.role == Role::Organizer).then(|| attendance.all.clone());
        (!groups.is_empty()).then_some(Desk { groups, all })
    }

    fn desk_of(&self, group: GroupId, attendance: &Attendances, sending: u32) -> GroupDesk {
        let here = self.counted_seats().filter(|(_, seat)| seat.group == Some(group) && !seat.waits);
        let silent = here.filter(|(id, _)| self.shared.get(id).copied().unwrap_or(0) == 0);
        let not_written = u32::try_from(silent.count()).unwrap_or(u32::MAX);
        let place = self.groups.get(&group);
        let reported = self.ideas_in(group).filter(|(_, idea)| idea.reports > 0);
        let waits = |(_, idea): &(IdeaId, &Idea)| idea.waiting && !idea.is_taken_off();
        GroupDesk {
            group,
            seats: self.participants(group),
            attendance: attendance.groups.get(&group).cloned().unwrap_or_default(),
            not_written,
            sending,
            at_most: not_written > 0 && place.is_some_and(|place| place.forgotten),
            help: place.and_then(|place| place.help),
            waiting: self.ideas_in(group).filter(waits).map(|(id, idea)| desk_idea(id, idea)).collect(),
            reported: reported.map(|(id, idea)| (id, idea.reports)).collect(),
            room_left: self.room_left(group),
            hidden: self.hidden_in(group),
        }
    }

    fn hidden_in(&self, group: GroupId) -> Vec<HiddenIdea> {
        let hidden = self.ideas_in(group).filter_map(|(id, idea)| {
            if idea.danger.is_some_and(|danger| danger.hides()) {
                // Its words are for the safeguarding contact.
                let idea = DeskIdea { text: String::new(), ..desk_idea(id, idea) };
                return Some(HiddenIdea { idea, reason: HELD_IN_GROUP.to_owned(), erased: false });
            }
            let Hidden { reason, erased } = idea.hidden.clone()?;
            Some(HiddenIdea { idea: desk_idea(id, idea), reason, erased })
        });
        hidden.collect()
    }

    /// The ideas of a group in their order, shown or not.
    fn ideas_in(&self, group: GroupId) -> impl Iterator<Item = (IdeaId, &Idea)> {
        let mut ideas: Vec<_> = self.ideas.iter().filter(|(_, idea)| idea.group == group).collect();
        ideas.sort_unstable_by_key(|(id, idea)| (idea.order, **id));
        ideas.into_iter().map(|(id, idea)| (*id, idea))
    }
}

pub(super) fn desk_idea(id: IdeaId, idea: &Idea) -> DeskIdea {
    let (text, lang) = (idea.text.to_string(), idea.lang.clone());
    DeskIdea { id, text, lang, point: idea.point, kind: idea.kind }
}
