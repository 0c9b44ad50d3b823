//! What a further report of danger does when reports have hidden ideas already (rule C23).
//!
//! When single reports have hidden some ideas of a group in a short time, a further one waits for a second look; and when second
//! looks of participants have hidden some more, it waits for staff or for the safeguarding contact. All groups together, and
//! the list alone, have a bound as well, because one person can have seats in every group; and alarms that the contact
//! found to be none count for longer.

use proto::api::desk::AlertState;
use proto::ids::{GroupId, IdeaId, SeatId};

use crate::clock::Millis;
use crate::consultation::decide::Context;
use crate::consultation::ideas::moderation::danger::{Danger, DangerEffect};
use crate::consultation::state::Consultation;
use crate::seeded_defects;

/// Which ideas share a bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Among {
    /// Those of one group.
    Group(GroupId),
    /// Those that were on the list.
    Listed,
    /// All of the consultation.
    All,
}

impl Consultation {
    /// What a report of danger by this seat does (rule C23).
    pub(in crate::consultation) fn effect_of_report(
        &self,
        seat: SeatId,
        id: IdeaId,
        context: Context<'_>,
    ) -> DangerEffect {
        let Some(idea) = self.ideas().get(&id) else { return DangerEffect::Waits };
        let limits = &context.limits.voices;
        let alone = |danger: &Danger| danger.hidden_alone();
        let together = |danger: &Danger| danger.hidden_together();
        let spent = self.hidden_since(Among::Group(idea.group()), alone, context);
        if let Some(danger) = idea.danger() {
            let since = spent.iter().map(|danger| danger.taken()).chain([danger.taken()]).min();
            // Seats are free where the door is open, so what pairs of them hide is bounded as well.
            if self.has_room_to_hide(id, together, limits.danger_together, context)
                && self.is_second_look(seat, id, since.unwrap_or(danger.taken()))
            {
                return DangerEffect::HidesTogether;
            }
        }
        if self.has_room_to_hide(id, alone, limits.danger_alone, context) {
            DangerEffect::Hides
        } else {
            DangerEffect::Waits
        }
    }

    /// May one more idea be hidden in this way: of its group, of the list if it is on it, and of all groups?
    fn has_room_to_hide(
        &self,
        id: IdeaId,
        how: impl Fn(&Danger) -> Option<Millis>,
        most: usize,
        context: Context<'_>,
    ) -> bool {
        let Some(idea) = self.ideas().get(&id) else { return false };
        if seeded_defects::is("danger-unbounded") {
            return true;
        }
        let listed = self.run_facts().is_some_and(|run| run.mentions(id));
        let spent = |among| self.hidden_since(among, &how, context).len();
        spent(Among::Group(idea.group())) < most
            && (!listed || spent(Among::Listed) < most)
            && spent(Among::All) < most.saturating_mul(context.limits.voices.danger_groups)
    }

    /// Is this somebody else than who reported the idea before? A seat that is older than the first of these reports and
    /// came by itself. Of who came before the server started only a card says that.
    fn is_second_look(&self, seat: SeatId, id: IdeaId, since: u64) -> bool {
        let Some(place) = self.seats().get(&seat) else { return false };
        !self.has_reported_danger(seat, id)
            && place.order() < since
            && (place.came_by_card() || self.came_alone(seat))
    }

    /// The ideas that were hidden in one way (`how` gives the minute): those that the contact has not looked at, those of
    /// some minutes, and for longer those that the contact has shown again.
    fn hidden_since(
        &self,
        among: Among,
        how: impl Fn(&Danger) -> Option<Millis>,
        context: Context<'_>,
    ) -> Vec<Danger> {
        let limits = &context.limits.voices;
        let millis =
            |window: std::time::Duration| Millis::try_from(window.as_millis()).unwrap_or(Millis::MAX);
        let counts = |danger: &Danger| {
            let window = match danger.state() {
                AlertState::New => return how(danger).is_some(),
                AlertState::Shown => millis(limits.danger_false_window),
                AlertState::Waiting | AlertState::Acknowledged | AlertState::Kept => {
                    millis(limits.danger_window)
                }
            };
            how(danger).is_some_and(|at| at.saturating_add(window) > context.now)
        };
        let dangers = self.ideas().values().filter_map(|idea| Some((idea.group(), idea.danger()?)));
        let meant = dangers.filter(|(group, danger)| match among {
            Among::Group(of) => *group == of,
            Among::Listed => danger.was_listed(),
            Among::All => true,
        });
        meant.map(|(_, danger)| danger).filter(counts).collect()
    }
}
