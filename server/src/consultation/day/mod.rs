//! The course of the day: phases, clocks, discussion points, announced changes, and calls for help.
//!
//! [`Course`] is all of it. Its fields are private to this folder, and each is a type whose own fields are private to its file;
//! other folders ask the consultation (`phase_of`, `point_of`, `announced`, …).

pub(super) mod grace;
pub(super) mod help;
pub(super) mod phases;
pub(super) mod points;

use std::collections::BTreeSet;

use proto::ids::GroupId;

use super::state::Consultation;
use crate::clock::Millis;

/// Where everybody and each group is in the course of the day.
#[derive(Debug)]
pub(super) struct Course {
    phases: phases::Phases,
    announced: grace::Announcements,
    points: points::GroupPaces,
    calls: help::Calls,
}

impl Course {
    /// Everybody is in the lobby since then.
    pub(super) fn new(since: Millis) -> Self {
        Self {
            phases: phases::Phases::new(since),
            announced: grace::Announcements::default(),
            points: points::GroupPaces::default(),
            calls: help::Calls::default(),
        }
    }
}

impl Consultation {
    /// There are only these groups from now on.
    pub(super) fn forget_other_courses(&mut self, groups: &BTreeSet<GroupId>) {
        let course = self.course_mut();
        course.phases.keep(groups);
        course.announced.keep(groups);
        course.points.keep(groups);
        course.calls.keep(groups);
    }
}
