//! What is rehearsed: a twin of what is prepared, before the day begins.

use proto::api::consultation::Admission;
use proto::api::programme::Material;
use proto::ids::{ConsultationId, SeatId};
use proto::phase::Phase;
use proto::problem::{Code, Problem};

use super::template::Template;
use crate::access::Deed;
use crate::consultation::state::Consultation;

impl Consultation {
    /// What is prepared, for a twin that lets everybody in; and the materials, with what is known of their files. Nothing
    /// changes here.
    ///
    /// # Errors
    /// When the seat may not, the day has begun (of any group), or this is a twin itself.
    pub fn to_rehearse(&self, seat: SeatId) -> Result<(Template, Vec<Material>), Problem> {
        self.permit(Deed::Rehearse, seat, None)?;
        if self.groups().keys().any(|group| self.phase_of(Some(*group)) > Phase::Briefing) {
            return Err(Problem::because(
                Code::WrongPhase,
                "A group has begun; its day is no rehearsal any more.",
            ));
        }
        if self.rehearsal_of().is_some() {
            return Err(Problem::because(Code::WrongPhase, "This is a rehearsal itself."));
        }
        let mut template = self.as_template(seat)?;
        template.settings.door_open = true;
        // Nobody sits in a rehearsal to let its phones in.
        template.settings.admission = Admission::Open;
        Ok((template, self.founding().programme.materials.clone()))
    }

    /// The consultation that this is the twin of, if it is one.
    #[must_use]
    pub const fn rehearsal_of(&self) -> Option<ConsultationId> {
        self.founding().rehearsal_of
    }
}
