//! Makes versions of the list (rule C37): of what the plenary says when staff freeze it, and when everybody may vote on it.
//!
//! A freeze asks the room first and is decided on what it answered. When the plenary vote opens, its entries' words are fixed first, in
//! the room, and read then: what is kept is what people vote on. A version that is still owed after a restart is made then.

use proto::api::versions::VersionReason;
use proto::plenary::PlenaryView;
use proto::problem::Problem;

use super::batch::Batch;
use super::job::Job;
use super::{Env, Live};
use crate::consultation::{Event, ListChange, Outcome, Stamp, StoredVersion, keep_version, replace_versions};
use crate::room::Shared;
use proto::role::Role;

impl Live {
    /// What was decided, with the version that a freeze makes of this list.
    pub(super) fn with_version(
        &mut self,
        mut decided: Outcome,
        list: &PlenaryView,
        env: &Env<'_>,
    ) -> Result<Outcome, Problem> {
        if let Event::List(ListChange::Frozen { on: true, version: number }) = &decided.event {
            self.consultation.has_room_for_version(&env.limits.versions)?;
            let about = (*number, env.now, VersionReason::Frozen);
            let version = StoredVersion::new(about, list, self.list_context(env));
            self.consultation.fits_beside_versions(&version, &env.limits.versions)?;
            keep_version(&mut decided, version);
        }
        Ok(decided)
    }

    /// Starts to read the list, if a version of it must be made and nobody reads it yet.
    pub(super) fn version_to_make(&mut self) -> Option<Job> {
        if !self.consultation.owes_version() || self.list_reading.is_some() {
            return None;
        }
        self.list_reading = Some(self.deletions);
        Some(Job::ReadList)
    }

    /// The list was read for the version that everybody votes on.
    pub(super) fn list_was_read(
        &mut self,
        list: Option<Shared<PlenaryView>>,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        // What was read before words were deleted may still say them: then it is read again.
        let still = self.list_reading.take() == Some(self.deletions);
        let Some(list) = list.filter(|_| still && self.consultation.owes_version()) else { return };
        let about = (self.consultation.next_version(), env.now, VersionReason::PlenaryVote);
        let version = StoredVersion::new(about, &list, self.list_context(env));
        let decided = self.consultation.decide_version(version);
        self.decided_by_server(Stamp::now(Role::Organizer, env.now), decided, batch, env);
    }

    /// Lets versions lose the words that are deleted by what was decided, in the same append.
    pub(super) fn erase_in_versions(&mut self, decided: &mut Outcome, env: &Env<'_>) {
        if decided.event.erased().is_some() || matches!(decided.event, Event::Withdrawn { .. }) {
            self.deletions += 1;
        }
        let without = self.consultation.versions_without(&decided.event, env.now);
        if !crate::seeded_defects::is("versions-keep-words") {
            replace_versions(decided, without);
        }
    }
}
