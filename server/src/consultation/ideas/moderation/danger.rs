//! The danger that an idea may be to somebody: reports of it, what hid the idea, and what the safeguarding contact decided.

use proto::api::desk::AlertState;
use serde::{Deserialize, Serialize};

use crate::clock::Millis;

/// What everybody but the safeguarding contact is told in the place of a reason.
pub const HELD_IN_GROUP: &str = "held-in-group";

/// An idea by which somebody may be in danger.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Danger {
    at: Millis,
    reports: u32,
    state: AlertState,
    alone: Option<Millis>,
    together: Option<Millis>,
    taken: u64,
    listed: bool,
    again: u32,
}

/// What a report of danger does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DangerEffect {
    /// It hides the idea, alone.
    #[default]
    Hides,
    /// It hides the idea together with another participant's.
    HidesTogether,
    /// It hides the idea, because somebody of the staff made it.
    HidesByStaff,
    /// It waits for a second look.
    Waits,
}

impl DangerEffect {
    /// Is it what a report usually does? Then it is not written down.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::Hides
    }
}

impl Danger {
    /// It is reported for the first time in this minute, when so many seats had been taken.
    pub(in crate::consultation::ideas) const fn new(at: Millis, taken: u64) -> Self {
        let (alone, together) = (None, None);
        Self { at, reports: 0, state: AlertState::Waiting, alone, together, taken, listed: false, again: 0 }
    }

    /// It is reported in this minute. True when this hides the idea, which was on the list or not.
    pub(in crate::consultation::ideas) fn report(
        &mut self,
        at: Millis,
        effect: DangerEffect,
        listed: bool,
    ) -> bool {
        if self.reports == 0 {
            self.listed = listed;
        }
        self.reports += 1;
        if self.state == AlertState::Shown {
            // Its words may be others by now: whoever decided must look again.
            self.again += 1;
        }
        if effect == DangerEffect::Waits || self.state != AlertState::Waiting {
            return false;
        }
        self.alone = (effect == DangerEffect::Hides).then_some(at);
        self.together = (effect == DangerEffect::HidesTogether).then_some(at);
        self.state = AlertState::New;
        self.listed = listed;
        true
    }

    /// The safeguarding contact decides this.
    pub(in crate::consultation::ideas) const fn settle(&mut self, state: AlertState) {
        self.state = state;
        self.again = 0;
    }

    /// Does it hide the idea?
    #[must_use]
    pub const fn hides(&self) -> bool {
        match self.state {
            AlertState::New | AlertState::Acknowledged | AlertState::Kept => true,
            AlertState::Shown | AlertState::Waiting => false,
        }
    }

    /// The minute of the first report.
    #[must_use]
    pub const fn at(&self) -> Millis {
        self.at
    }

    /// How many reported it.
    #[must_use]
    pub const fn reports(&self) -> u32 {
        self.reports
    }

    /// What was done about it.
    #[must_use]
    pub const fn state(&self) -> AlertState {
        self.state
    }

    /// The minute in which a single report hid the idea.
    #[must_use]
    pub const fn hidden_alone(&self) -> Option<Millis> {
        self.alone
    }

    /// The minute in which the reports of several participants hid it.
    #[must_use]
    pub const fn hidden_together(&self) -> Option<Millis> {
        self.together
    }

    /// How many seats had been taken when it was first reported.
    #[must_use]
    pub const fn taken(&self) -> u64 {
        self.taken
    }

    /// Was it on the list when it was hidden?
    #[must_use]
    pub const fn was_listed(&self) -> bool {
        self.listed
    }

    /// How many reported it since the contact has shown it again.
    #[must_use]
    pub const fn again(&self) -> u32 {
        self.again
    }
}
