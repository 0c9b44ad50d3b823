//! What staff at a desk are told of a group.

use proto::desk::{Desk, GroupDesk};
use proto::ids::GroupId;
use proto::role::Role;

use super::state::Consultation;
use crate::access::{Actor, Deed, may_ever};

impl Consultation {
    /// The desk of somebody; `None` when there is none for this role.
    #[must_use]
    pub fn desk(&self, actor: Actor) -> Option<Desk> {
        let at_desk = |group| may_ever(Deed::SeeDesk, actor, Some(group));
        let groups = self.founding.groups.iter().map(|(id, _)| *id).filter(|group| at_desk(*group));
        let groups: Vec<GroupDesk> = groups.map(|group| self.desk_of(group)).collect();
        (!groups.is_empty()).then_some(Desk { groups })
    }

    fn desk_of(&self, group: GroupId) -> GroupDesk {
        let here =
            self.seats.iter().filter(|(_, seat)| seat.role == Role::Participant && seat.group == Some(group));
        let silent = here.filter(|(id, _)| self.shared.get(id).copied().unwrap_or(0) == 0);
        let not_written = u32::try_from(silent.count()).unwrap_or(u32::MAX);
        GroupDesk { group, seats: self.participants(group), not_written }
    }
}
