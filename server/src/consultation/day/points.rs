//! The pace within a phase: the discussion point each group is at, the minutes planned for points, longer and shorter clocks.

use std::collections::{BTreeMap, BTreeSet};

use proto::api::clocks::ClockOf;
use proto::api::consultation::Point;
use proto::ids::{GroupId, PointId, SeatId};
use proto::phase::Phase;
use proto::problem::{Code, Problem};

use super::phases::{DAY_MINUTES, Span};
use crate::access::Deed;
use crate::clock::{MINUTE, Millis};
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::projection::Write;
use crate::consultation::state::Consultation;

/// The discussion point of each group, and the minutes that are planned for points.
#[derive(Debug, Default)]
pub(super) struct GroupPaces(BTreeMap<GroupId, GroupPace>);

#[derive(Debug, Default)]
struct GroupPace {
    /// The discussion point it is at, with its clock.
    at: Option<(PointId, Span)>,
    /// The planned minutes of each discussion point in this group; `None`: those of the prepared programme.
    minutes: Option<Vec<u32>>,
}

impl GroupPaces {
    pub(super) fn keep(&mut self, groups: &BTreeSet<GroupId>) {
        self.0.retain(|group, _| groups.contains(group));
    }

    /// A brainstorm of a group begins with the first point; or it is back at the point that it was at.
    pub(super) fn begin(&mut self, group: GroupId, points: &[Point], span: Span) {
        let pace = self.0.entry(group).or_default();
        let first = points.first().map(|point| point.id);
        pace.at = match (pace.at, first) {
            // It is back: the point is the one it was at, and whoever moderates says for how long.
            (Some((point, _)), _) => Some((point, Span { ends_at: None, ..span })),
            (None, Some(first)) => {
                let minutes = minutes_of(first, points, &pace.plan(points));
                Some((first, lasting(minutes, span.started_at)))
            }
            (None, None) => None,
        };
    }

    fn end_at(&mut self, group: GroupId, ends_at: Millis) {
        if let Some((_, span)) = self.0.get_mut(&group).and_then(|pace| pace.at.as_mut()) {
            span.ends_at = Some(ends_at);
        }
    }
}

impl GroupPace {
    /// How long each point is meant to last here, in their order.
    fn plan(&self, points: &[Point]) -> Vec<u32> {
        match &self.minutes {
            Some(minutes) if minutes.len() == points.len() => minutes.clone(),
            // A point was added or taken away since: as prepared.
            Some(_) | None => points.iter().map(|point| point.minutes).collect(),
        }
    }
}

/// How long a point is meant to last, by what is planned for all of them.
fn minutes_of(point: PointId, points: &[Point], plan: &[u32]) -> u32 {
    let place = points.iter().position(|known| known.id == point);
    place.and_then(|place| plan.get(place).copied()).unwrap_or(0)
}

/// A clock of so many minutes; none: open.
fn lasting(minutes: u32, started_at: Millis) -> Span {
    let ends_at = (minutes > 0).then(|| started_at + u64::from(minutes) * MINUTE);
    Span { started_at, ends_at }
}

/// When a clock ends that is made longer or shorter: a clock that has run out begins again now, and none ends before now.
fn extended(ends_at: Option<Millis>, minutes: i32, now: Millis) -> Option<Millis> {
    let step = u64::from(minutes.unsigned_abs()) * MINUTE;
    let from = ends_at.map_or(now, |end| end.max(now));
    match (minutes >= 0, ends_at) {
        (true, _) => Some(from + step),
        (false, Some(_)) => Some(from.saturating_sub(step).max(now)),
        (false, None) => None,
    }
}

impl Consultation {
    /// The discussion point that a group is at, with its clock.
    pub(in crate::consultation) fn point_of(&self, group: GroupId) -> Option<(PointId, Span)> {
        self.course().points.0.get(&group)?.at
    }

    /// The minutes that a group planned for its points, if not as prepared.
    pub(in crate::consultation) fn own_minutes(&self, group: GroupId) -> Option<&Vec<u32>> {
        self.course().points.0.get(&group)?.minutes.as_ref()
    }

    /// How long each point is meant to last in a group, in their order.
    pub(in crate::consultation) fn minutes_planned(&self, group: GroupId) -> Vec<u32> {
        let points = &self.founding().points;
        let prepared = || GroupPace::default().plan(points);
        self.course().points.0.get(&group).map_or_else(prepared, |pace| pace.plan(points))
    }

    /// Points are about to be amended: minutes that groups planned go with the points and minutes that they were planned for.
    pub(in crate::consultation) fn points_amended(&mut self, after: &[Point]) {
        let plan =
            |points: &[Point]| points.iter().map(|point| (point.id, point.minutes)).collect::<Vec<_>>();
        if plan(&self.founding().points) != plan(after) {
            for pace in self.course_mut().points.0.values_mut() {
                pace.minutes = None;
            }
        }
    }

    /// The groups that a command about points concerns, if this seat may.
    fn pacing(&self, seat: SeatId, group: Option<GroupId>) -> Result<Vec<GroupId>, Problem> {
        self.permit(Deed::SetPace, seat, group)?;
        Ok(match group {
            Some(group) => vec![group],
            None => self.groups().keys().copied().collect(),
        })
    }

    pub(in crate::consultation) fn decide_point(
        &self,
        seat: SeatId,
        point: Option<PointId>,
        minutes: Option<u32>,
        group: Option<GroupId>,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        let ids = self.pacing(seat, group)?;
        let points = &self.founding().points;
        if point.is_some_and(|point| points.iter().all(|known| known.id != point)) {
            return Err(Problem::because(Code::NotFound, "There is no such discussion point."));
        }
        if minutes.is_some_and(|minutes| minutes > DAY_MINUTES) {
            return Err(Problem::because(Code::Malformed, "A point lasts a day at most."));
        }
        let known = ids.into_iter().filter(|id| self.groups().contains_key(id));
        let groups: Vec<_> = known
            .filter_map(|id| {
                let point = point.or_else(|| self.after(self.point_of(id).map(|(point, _)| point)))?;
                let planned = || minutes_of(point, points, &self.minutes_planned(id));
                Some((id, point, lasting(minutes.unwrap_or_else(planned), context.now)))
            })
            .collect();
        if groups.is_empty() {
            return Err(Problem::because(Code::NothingThere, "This is the last discussion point."));
        }
        Ok(Outcome::plain(Event::Pointed { groups }))
    }

    /// The point after this one; the first when there is none yet.
    fn after(&self, point: Option<PointId>) -> Option<PointId> {
        let points = &self.founding().points;
        let place = point.map(|point| points.iter().position(|known| known.id == point));
        let next = place.map_or(0, |place| place.map_or(0, |place| place + 1));
        points.get(next).map(|point| point.id)
    }

    pub(in crate::consultation) fn go_to_points(
        &mut self,
        groups: &[(GroupId, PointId, Span)],
    ) -> Vec<Write> {
        for (id, point, span) in groups {
            self.course_mut().points.0.entry(*id).or_default().at = Some((*point, *span));
        }
        Vec::new()
    }

    pub(in crate::consultation) fn decide_minutes(
        &self,
        seat: SeatId,
        minutes: &[u32],
        group: Option<GroupId>,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        let ids = self.pacing(seat, group)?;
        let points = &self.founding().points;
        if minutes.len() != points.len() || minutes.iter().any(|minutes| *minutes > DAY_MINUTES) {
            let detail = format!("One figure for each of the {} points, a day at most.", points.len());
            return Err(Problem::because(Code::Malformed, detail));
        }
        let known = ids.into_iter().filter(|id| self.groups().contains_key(id));
        let groups = known.map(|id| {
            // The point that is talked about has its share from now on.
            let place =
                self.point_of(id).and_then(|(point, _)| points.iter().position(|known| known.id == point));
            let current = place.and_then(|place| minutes.get(place).copied());
            let talking = self.phase_of(Some(id)) == Phase::Brainstorm;
            let ends = current.filter(|_| talking).and_then(|current| lasting(current, context.now).ends_at);
            (id, minutes.to_vec(), ends)
        });
        Ok(Outcome::plain(Event::Planned { groups: groups.collect() }))
    }

    pub(in crate::consultation) fn plan_points(
        &mut self,
        groups: &[(GroupId, Vec<u32>, Option<Millis>)],
    ) -> Vec<Write> {
        for (id, minutes, ends) in groups {
            let points = &mut self.course_mut().points;
            points.0.entry(*id).or_default().minutes = Some(minutes.clone());
            if let Some(ends) = ends {
                points.end_at(*id, *ends);
            }
        }
        Vec::new()
    }

    pub(in crate::consultation) fn decide_clock(
        &self,
        seat: SeatId,
        minutes: i32,
        of: ClockOf,
        group: Option<GroupId>,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        if minutes == 0 || minutes.unsigned_abs() > DAY_MINUTES {
            return Err(Problem::because(
                Code::Malformed,
                "A clock is changed by at least a minute, at most a day.",
            ));
        }
        let whose: Vec<Option<GroupId>> = match (of, group) {
            (ClockOf::Point, group) => self.pacing(seat, group)?.into_iter().map(Some).collect(),
            (ClockOf::Phase, group) => {
                self.may_move(seat, group)?;
                vec![group]
            }
        };
        let ends = whose.into_iter().filter_map(|group| {
            let ends_at = extended(self.clock_of(of, group)?.ends_at, minutes, context.now)?;
            Some((group, ends_at))
        });
        let ends: Vec<_> = ends.collect();
        if ends.is_empty() {
            return Err(Problem::because(
                Code::NothingThere,
                "No clock runs here that could be made shorter.",
            ));
        }
        Ok(Outcome::plain(Event::Clocked { of, ends }))
    }

    pub(in crate::consultation) fn clock_of(&self, of: ClockOf, group: Option<GroupId>) -> Option<Span> {
        match of {
            ClockOf::Phase => Some(self.phase_clock(group)),
            ClockOf::Point => self.point_of(group?).map(|(_, span)| span),
        }
    }

    pub(in crate::consultation) fn set_clocks(
        &mut self,
        of: ClockOf,
        ends: &[(Option<GroupId>, Millis)],
    ) -> Vec<Write> {
        for (group, ends_at) in ends {
            let course = self.course_mut();
            match (of, group) {
                (ClockOf::Phase, group) => course.phases.end_at(*group, *ends_at),
                (ClockOf::Point, Some(group)) => course.points.end_at(*group, *ends_at),
                (ClockOf::Point, None) => {}
            }
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_ran_out_begins_again_and_none_ends_before_now() {
        let now = 10 * MINUTE;
        assert_eq!(extended(Some(12 * MINUTE), 2, now), Some(14 * MINUTE));
        assert_eq!(extended(Some(3 * MINUTE), 1, now), Some(11 * MINUTE));
        assert_eq!(extended(None, 1, now), Some(11 * MINUTE));
        assert_eq!(extended(Some(12 * MINUTE), -1, now), Some(11 * MINUTE));
        assert_eq!(extended(Some(12 * MINUTE), -5, now), Some(now));
        assert_eq!(extended(None, -1, now), None);
    }
}
