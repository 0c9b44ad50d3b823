//! Reports of danger hide no more than their bounds allow, whatever seats one person has (C23).

use std::collections::BTreeMap;

use proto::api::desk::AlertState;
use proto::ids::GroupId;
use server::consultation::Danger;

use super::World;

impl World {
    /// Of a group, of the list and of all groups, not more ideas wait hidden for the contact than single reports and reports of
    /// several may hide.
    pub(in super::super) fn check_danger(&self) {
        let voices = &self.ground.limits.voices;
        let new: Vec<(GroupId, Danger)> = self
            .live()
            .ideas()
            .values()
            .filter_map(|idea| Some((idea.group(), idea.danger()?)))
            .filter(|(_, danger)| danger.state() == AlertState::New)
            .collect();
        for (how, most) in [(true, voices.danger_alone), (false, voices.danger_together)] {
            let hides = |danger: &Danger| {
                if how { danger.hidden_alone().is_some() } else { danger.hidden_together().is_some() }
            };
            let mut by_group: BTreeMap<GroupId, usize> = BTreeMap::new();
            for (group, _) in new.iter().filter(|(_, danger)| hides(danger)) {
                *by_group.entry(*group).or_default() += 1;
            }
            let listed = new.iter().filter(|(_, danger)| danger.was_listed() && hides(danger)).count();
            let all: usize = by_group.values().sum();
            let worst = by_group.values().copied().max().unwrap_or(0);
            assert!(worst <= most, "{worst} ideas of a group are hidden by reports of danger, {most} may be");
            assert!(
                listed <= most,
                "{listed} ideas of the list are hidden by reports of danger, {most} may be"
            );
            let most = most * voices.danger_groups;
            assert!(all <= most, "{all} ideas are hidden by reports of danger, {most} may be");
        }
    }
}
