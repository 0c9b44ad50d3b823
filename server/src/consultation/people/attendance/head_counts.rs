//! How many came in beside how many can be there: the head count, bursts, who waits at the door, who was never in the room.
//!
//! These are numbers for staff. A burst, an idle seat and more seats than chairs say that somebody may have several seats,
//! never who; what is done about it people decide (`removal::many_seats`).

use std::collections::BTreeMap;

use proto::api::desk::{Attendance, Burst, Conduct};
use proto::ids::{GroupId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;

use super::conduct::{Looking, Sight};
use crate::access::Deed;
use crate::clock::{MINUTE, Millis};
use crate::config::VoiceLimits;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::people::seats::Seat;
use crate::consultation::projection::Write;
use crate::consultation::state::Consultation;

/// How many came in, in each group and in all.
#[derive(Debug, Default)]
pub struct Attendances {
    /// Of each group.
    pub groups: BTreeMap<GroupId, Attendance>,
    /// Of all groups.
    pub all: Attendance,
    /// Moderators of each group who are connected.
    pub moderators: BTreeMap<GroupId, u32>,
    /// Seats of each group that shared nothing.
    pub silent: BTreeMap<GroupId, u32>,
}

/// How many people are in the room, or in a group, as staff counted them.
#[derive(Debug, Default)]
pub(in crate::consultation::people) struct HeadCounts(BTreeMap<Option<GroupId>, u32>);

impl Consultation {
    /// How many people staff counted in a group, or in the room.
    pub(in crate::consultation) fn heads(&self, group: Option<GroupId>) -> Option<u32> {
        self.people().heads.0.get(&group).copied()
    }

    /// Participants' seats, without those that were closed together.
    pub(in crate::consultation) fn counted_seats(&self) -> impl Iterator<Item = (SeatId, &Seat)> {
        let seats = self.seats().iter().filter(|(_, seat)| seat.role() == Role::Participant);
        seats.filter(|(id, _)| !self.was_closed_together(**id)).map(|(id, seat)| (*id, seat))
    }

    /// How many came in, and what is known of them.
    #[must_use]
    pub fn attendances(&self, sight: &Sight, now: Millis, limits: &VoiceLimits) -> Attendances {
        let mut found = Attendances::default();
        let came = u32::try_from(self.taken()).unwrap_or(u32::MAX);
        (found.all.came, found.all.chairs) = (came, self.heads(None));
        let left = sight.number;
        found.all.left = left;
        found.all.arrived = self.people().arrivals.arrived(None);
        for group in self.groups().keys() {
            let chairs = self.heads(Some(*group));
            let arrived = self.people().arrivals.arrived(Some(*group));
            found.groups.insert(*group, Attendance { chairs, came, left, arrived, ..Attendance::default() });
        }
        for seat in sight.present.iter().filter_map(|id| self.seats().get(id)) {
            if let Some(group) = seat.group().filter(|_| seat.role() == Role::Moderator) {
                *found.moderators.entry(group).or_default() += 1;
            }
        }
        let looking = self.looking(sight);
        for (id, seat) in self.counted_seats() {
            let known = self.known_of(id, seat, &looking);
            let open = !self.is_closed(id);
            let silent = !seat.waits() && self.shared_by(id) == 0;
            if let Some(group) = seat.group().filter(|_| silent) {
                *found.silent.entry(group).or_default() += 1;
            }
            let here = seat.group().and_then(|group| found.groups.get_mut(&group));
            for attendance in [Some(&mut found.all), here].into_iter().flatten() {
                if seat.waits() {
                    attendance.at_door += 1;
                } else {
                    attendance.seats += 1;
                    if open {
                        known.count(&mut attendance.conduct);
                    }
                }
            }
        }
        self.tell_bursts(&looking, &mut found);
        (found.all.voted, found.all.answered) = self.ballots_told(&looking, limits.closed_together_min);
        for (group, told) in self.closings_told(now, limits) {
            found.all.closings.push(told);
            // What the organizer closed in all groups is theirs to undo.
            if let Some(here) = group.and_then(|group| found.groups.get_mut(&group)) {
                here.closings.push(told);
            }
        }
        found
    }

    fn tell_bursts(&self, looking: &Looking<'_>, found: &mut Attendances) {
        for (number, burst) in self.people().arrivals.bursts() {
            let (first, last) = burst.times();
            let seconds = u32::try_from((last - first).div_ceil(1_000)).unwrap_or(u32::MAX).max(1);
            let at = first - first % MINUTE;
            let none = Burst { burst: number, seats: 0, seconds, at, conduct: Conduct::default() };
            let mut all = none.clone();
            let mut here: BTreeMap<GroupId, Burst> = BTreeMap::new();
            for (id, seat) in burst.seats().iter().filter_map(|id| Some((*id, self.seats().get(id)?))) {
                let Some(group) = seat.group().filter(|_| !self.is_closed(id)) else { continue };
                let known = self.known_of(id, seat, looking);
                for burst in [&mut all, here.entry(group).or_insert_with(|| none.clone())] {
                    burst.seats += 1;
                    known.count(&mut burst.conduct);
                }
            }
            found.all.bursts.extend(Some(all).filter(|burst| burst.seats > 0));
            for (group, burst) in here {
                if let Some(group) = found.groups.get_mut(&group) {
                    group.bursts.push(burst);
                }
            }
        }
    }

    pub(in crate::consultation) fn decide_chairs(
        &self,
        seat: SeatId,
        count: Option<u32>,
        group: Option<GroupId>,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::CountHeads, seat, group)?;
        let most = context.limits.seats_max;
        if count.is_some_and(|count| usize::try_from(count).is_ok_and(|count| count > most)) {
            return Err(Problem::because(Code::Malformed, format!("A room has at most {most} people.")));
        }
        Ok(Outcome::plain(Event::Chairs { count, group }))
    }

    pub(in crate::consultation) fn count_chairs(
        &mut self,
        count: Option<u32>,
        group: Option<GroupId>,
    ) -> Vec<Write> {
        let heads = &mut self.people_mut().heads.0;
        match count {
            Some(count) => heads.insert(group, count),
            None => heads.remove(&group),
        };
        Vec::new()
    }

    pub(in crate::consultation) fn decide_let_in(
        &self,
        seat: SeatId,
        count: Option<u32>,
        group: Option<GroupId>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::LetIn, seat, group)?;
        let of = |place: &Seat| group.is_none() || place.group() == group;
        let waiting =
            self.counted_seats().filter(|(id, place)| place.waits() && of(place) && !self.is_closed(*id));
        let mut waiting: Vec<(u64, SeatId)> = waiting.map(|(id, place)| (place.order(), id)).collect();
        waiting.sort_unstable();
        let most = count.map_or(usize::MAX, |count| usize::try_from(count).unwrap_or(usize::MAX));
        let seats: Vec<SeatId> = waiting.into_iter().take(most).map(|(_, id)| id).collect();
        if seats.is_empty() {
            return Err(Problem::because(Code::NothingThere, "Nobody waits at the door."));
        }
        Ok(Outcome::plain(Event::LetIn { seats, group }))
    }

    pub(in crate::consultation) fn let_people_in(&mut self, seats: &[SeatId]) -> Vec<Write> {
        for id in seats {
            self.people_mut().seats.let_in(*id);
        }
        Vec::new()
    }

    /// Does this seat wait at the door?
    #[must_use]
    pub fn is_at_door(&self, seat: SeatId) -> bool {
        self.seats().get(&seat).is_some_and(|place| place.waits())
    }
}
