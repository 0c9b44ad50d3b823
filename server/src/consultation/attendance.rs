//! How many came in beside how many can be there: the head count, bursts, who waits at the door, who was never in the room.
//!
//! These are numbers for staff. A burst, an idle seat and more seats than chairs say that somebody may have several seats,
//! never who; what is done about it people decide (`removing`).

use std::collections::{BTreeMap, HashMap, HashSet};

use proto::desk::{Attendance, Burst};
use proto::ids::{GroupId, SeatId};
use proto::problem::{Code, Problem};
use proto::role::Role;

use super::decide::{Context, Decided};
use super::event::Event;
use super::projection::Write;
use super::seats::Seat;
use super::state::Consultation;
use crate::access::Deed;

const MINUTE: u64 = 60_000;

/// How many came in, in each group and in all.
#[derive(Debug, Default)]
pub struct Attendances {
    /// Of each group.
    pub groups: BTreeMap<GroupId, Attendance>,
    /// Of all groups.
    pub all: Attendance,
    /// Moderators of each group who are connected.
    pub moderators: BTreeMap<GroupId, u32>,
}

impl Consultation {
    /// Participants' seats, without those that were closed together.
    pub(super) fn counted_seats(&self) -> impl Iterator<Item = (SeatId, &Seat)> {
        let seats = self.seats.iter().filter(|(_, seat)| seat.role == Role::Participant);
        seats.filter(|(id, _)| !self.closed_together.contains(*id)).map(|(id, seat)| (*id, seat))
    }

    /// How many came in. `present` are the seats that are connected.
    #[must_use]
    pub fn attendances(&self, present: &HashSet<SeatId>) -> Attendances {
        let mut found = Attendances::default();
        found.all.chairs = self.chairs.get(&None).copied();
        for group in self.groups.keys() {
            let chairs = self.chairs.get(&Some(*group)).copied();
            found.groups.insert(*group, Attendance { chairs, ..Attendance::default() });
        }
        for seat in present.iter().filter_map(|id| self.seats.get(id)) {
            if let Some(group) = seat.group.filter(|_| seat.role == Role::Moderator) {
                *found.moderators.entry(group).or_default() += 1;
            }
        }
        let mut count = |group: Option<GroupId>, one: &dyn Fn(&mut Attendance)| {
            one(&mut found.all);
            if let Some(group) = group.and_then(|group| found.groups.get_mut(&group)) {
                one(group);
            }
        };
        for (_, seat) in self.counted_seats() {
            if seat.waits {
                count(seat.group, &|attendance| attendance.at_door += 1);
            } else {
                count(seat.group, &|attendance| attendance.seats += 1);
            }
        }
        for id in self.idle(present) {
            count(self.seats.get(&id).and_then(|seat| seat.group), &|attendance| attendance.idle += 1);
        }
        for (number, burst) in self.arrivals.bursts() {
            let open = burst.seats.iter().filter(|id| !self.is_closed(**id));
            let mut here: HashMap<GroupId, u32> = HashMap::new();
            for group in open.filter_map(|id| self.seats.get(id)?.group) {
                *here.entry(group).or_default() += 1;
            }
            let (first, last) = burst.times;
            let seconds = u32::try_from((last - first).div_ceil(1_000)).unwrap_or(u32::MAX).max(1);
            let told = |seats| Burst { burst: number, seats, seconds, at: first - first % MINUTE };
            let all = here.values().sum();
            if all > 0 {
                found.all.bursts.push(told(all));
            }
            for (group, seats) in here {
                if let Some(group) = found.groups.get_mut(&group) {
                    group.bursts.push(told(seats));
                }
            }
        }
        found
    }

    /// Seats that are not connected and did nothing, as far as the consultation knows: no share, no vote, no answer to a
    /// card, no word in the room. Of ideas from before the server started nobody knows the authors, so no seat that was there
    /// when they were shared is among these.
    pub(super) fn idle(&self, present: &HashSet<SeatId>) -> Vec<SeatId> {
        let spoke = self.ballots.keys().chain(self.signers()).chain(self.standers());
        let spoke: HashSet<SeatId> = spoke.filter_map(|key| self.voters.get(key).copied()).collect();
        let idle = |(id, seat): &(SeatId, &Seat)| {
            !seat.waits
                && seat.order >= self.unsure_before
                && self.shared.get(id).copied().unwrap_or(0) == 0
                && !spoke.contains(id)
                && !present.contains(id)
                && !self.is_closed(*id)
        };
        self.counted_seats().filter(idle).map(|(id, _)| id).collect()
    }

    pub(super) fn decide_chairs(
        &self,
        seat: SeatId,
        count: Option<u32>,
        group: Option<GroupId>,
        context: Context<'_>,
    ) -> Result<Decided, Problem> {
        self.permit(Deed::CountHeads, seat, group)?;
        let most = context.limits.seats_max;
        if count.is_some_and(|count| usize::try_from(count).is_ok_and(|count| count > most)) {
            return Err(Problem::because(Code::Malformed, format!("A room has at most {most} people.")));
        }
        Ok(Decided::plain(Event::Chairs { count, group }))
    }

    pub(super) fn count_chairs(&mut self, count: Option<u32>, group: Option<GroupId>) -> Vec<Write> {
        match count {
            Some(count) => self.chairs.insert(group, count),
            None => self.chairs.remove(&group),
        };
        Vec::new()
    }

    pub(super) fn decide_let_in(
        &self,
        seat: SeatId,
        count: Option<u32>,
        group: Option<GroupId>,
    ) -> Result<Decided, Problem> {
        self.permit(Deed::LetIn, seat, group)?;
        let of = |place: &Seat| group.is_none() || place.group == group;
        let waiting =
            self.counted_seats().filter(|(id, place)| place.waits && of(place) && !self.is_closed(*id));
        let mut waiting: Vec<(u64, SeatId)> = waiting.map(|(id, place)| (place.order, id)).collect();
        waiting.sort_unstable();
        let most = count.map_or(usize::MAX, |count| usize::try_from(count).unwrap_or(usize::MAX));
        let seats: Vec<SeatId> = waiting.into_iter().take(most).map(|(_, id)| id).collect();
        if seats.is_empty() {
            return Err(Problem::because(Code::NothingThere, "Nobody waits at the door."));
        }
        Ok(Decided::plain(Event::LetIn { seats, group }))
    }

    pub(super) fn let_people_in(&mut self, seats: &[SeatId]) -> Vec<Write> {
        for id in seats {
            if let Some(place) = self.seats.get_mut(id) {
                place.waits = false;
            }
        }
        Vec::new()
    }

    /// Does this seat wait at the door?
    #[must_use]
    pub fn is_at_door(&self, seat: SeatId) -> bool {
        self.seats.get(&seat).is_some_and(|place| place.waits)
    }
}
