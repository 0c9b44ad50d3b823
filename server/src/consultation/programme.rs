//! The programme as people read it.

use proto::programme::{Programme, ProgrammeView};

use super::state::Consultation;
use super::template::standard;

impl Consultation {
    /// The version of everything prepared.
    #[must_use]
    pub const fn prepared_version(&self) -> u32 {
        self.prepared
    }

    /// What was prepared beside title, points, groups and settings; lists that must not be empty are the standard ones.
    #[must_use]
    pub fn programme(&self) -> Programme {
        let mut programme = self.founding.programme.as_ref().clone();
        if programme.hide_reasons.is_empty() {
            programme.hide_reasons = standard().hide_reasons;
        }
        programme
    }

    /// What phones show in lobby and briefing.
    #[must_use]
    pub fn programme_view(&self) -> ProgrammeView {
        ProgrammeView { version: self.prepared, programme: self.programme() }
    }
}
