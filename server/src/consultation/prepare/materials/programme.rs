//! The programme as people read it.

use proto::api::programme::{Material, Programme, ProgrammeView};
use proto::ids::SeatId;
use proto::problem::Problem;

use crate::access::Deed;
use crate::consultation::prepare::template::{NewGroup, NewMaterial, PreparedPoint, Template, standard};
use crate::consultation::state::Consultation;

impl Consultation {
    /// What was prepared beside title, points, groups and settings; lists that must not be empty are the standard ones.
    #[must_use]
    pub fn programme(&self) -> Programme {
        let mut programme = self.founding().programme.as_ref().clone();
        if programme.hide_reasons.is_empty() {
            programme.hide_reasons = standard().hide_reasons;
        }
        programme
    }

    /// What phones show in lobby and briefing.
    #[must_use]
    pub fn programme_view(&self) -> ProgrammeView {
        ProgrammeView { version: self.prepared_version(), programme: self.programme() }
    }

    /// The address that phones reach this consultation at.
    #[must_use]
    pub fn public_url<'a>(&'a self, server: &'a str) -> &'a str {
        self.founding().public_url.as_deref().unwrap_or(server)
    }

    /// What was prepared, as a template: without people, codes, links and files.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn as_template(&self, seat: SeatId) -> Result<Template, Problem> {
        self.permit(Deed::Amend, seat, None)?;
        let founding = self.founding();
        let points = founding.points.iter().map(|point| PreparedPoint {
            id: None,
            title: point.title.clone(),
            minutes: point.minutes,
            kind: point.kind,
        });
        let material = |material: &Material| NewMaterial {
            id: None,
            title: material.title.clone(),
            lang: material.lang.clone(),
            reading: material.reading,
            source: material.source.clone(),
        };
        let programme = self.programme();
        Ok(Template {
            title: founding.title.clone(),
            points: points.collect(),
            groups: founding
                .groups
                .iter()
                .map(|(_, name)| NewGroup { id: None, name: name.clone() })
                .collect(),
            settings: founding.settings.clone(),
            materials: programme.materials.iter().map(material).collect(),
            public_url: founding.public_url.clone(),
            programme: Programme { materials: Vec::new(), ..programme },
        })
    }
}
