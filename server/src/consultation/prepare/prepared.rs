//! What is prepared: what the consultation was founded with, as it was amended since, and the version of each field.
//!
//! It alone changes what is prepared, so that a change and its version are one step. What else a change means — boards of new
//! groups, minutes of points — its callers see to (`amend`). Who holds staff links is not here but in `people`.

use std::collections::BTreeMap;

use proto::api::consultation::{Admission, Settings};
use proto::api::preparation::Field;
use proto::api::programme::{FileContent, Material, MaterialSource};
use proto::ids::{GroupId, MaterialId};

use super::field_change::FieldChange;
use super::template::put_texts;
use crate::consultation::event::Founding;
use crate::consultation::state::Consultation;

/// What is prepared.
#[derive(Debug)]
pub(in crate::consultation) struct Prepared {
    founding: Founding,
    /// Groups by id, with their names.
    groups: BTreeMap<GroupId, String>,
    /// How often something was amended, and once for the founding.
    version: u32,
    /// When each field was amended last; the others at the founding.
    versions: BTreeMap<Field, u32>,
}

impl Prepared {
    /// What it is founded with.
    pub(in crate::consultation) fn new(founding: Founding) -> Self {
        let groups = founding.groups.iter().cloned().collect();
        Self { founding, groups, version: 1, versions: BTreeMap::new() }
    }

    /// The version in which a field was amended last.
    pub(super) fn version_of(&self, field: Field) -> u32 {
        self.versions.get(&field).copied().unwrap_or(1)
    }

    fn amended(&mut self, field: Field) {
        self.version += 1;
        self.versions.insert(field, self.version);
    }

    /// A field has another value from now on.
    pub(super) fn amend(&mut self, change: &FieldChange) {
        let founding = &mut self.founding;
        let programme = &mut founding.programme;
        match change {
            FieldChange::Title(title) => founding.title.clone_from(title),
            FieldChange::Languages(languages) => programme.languages.clone_from(languages),
            FieldChange::Objectives(texts)
            | FieldChange::Outcomes(texts)
            | FieldChange::Moderators(texts)
            | FieldChange::Rapporteurs(texts) => put_texts(programme, change.field(), texts.clone()),
            FieldChange::Speakers(speakers) => programme.speakers.clone_from(speakers),
            FieldChange::Agenda(agenda) => programme.agenda.clone_from(agenda),
            FieldChange::Materials(materials) => programme.materials.clone_from(materials),
            FieldChange::Points(points) => founding.points.clone_from(points),
            FieldChange::Kinds(kinds) => programme.kinds.clone_from(kinds),
            FieldChange::Groups(groups) => {
                founding.groups.clone_from(groups);
                self.groups = groups.iter().cloned().collect();
            }
            // The door has a command of its own.
            FieldChange::Settings(settings) => {
                founding.settings = Settings { door_open: founding.settings.door_open, ..settings.clone() };
            }
            FieldChange::HideReasons(reasons) => programme.hide_reasons.clone_from(reasons),
            FieldChange::Help(help) => programme.help.clone_from(help),
            FieldChange::Safeguarding(there) => programme.safeguarding = *there,
            FieldChange::PublicUrl(url) => founding.public_url.clone_from(url),
        }
        self.amended(change.field());
    }

    /// The door is open or not, and lets people in like this.
    pub(super) fn set_entry(&mut self, open: bool, admission: Option<Admission>) {
        self.founding.settings.door_open = open;
        if let Some(admission) = admission {
            self.founding.settings.admission = admission;
            // Who has the settings open to prepare them must not put the old one back.
            self.amended(Field::Settings);
        }
    }

    /// It is kept for so many days.
    pub(super) fn set_retention(&mut self, days: u32) {
        self.founding.settings.retention_days = days;
        self.amended(Field::Settings);
    }

    /// The file of a material is here.
    pub(super) fn store_file(&mut self, id: MaterialId, content: &FileContent) {
        let material = self.founding.programme.materials.iter_mut().find(|material| material.id == id);
        if let Some(Material { source: MaterialSource::File(file), .. }) = material {
            file.content = Some(content.clone());
            file.stored = true;
            self.amended(Field::Materials);
        }
    }
}

impl Consultation {
    /// What it began with, as it was amended since; who holds its staff links is not in it.
    #[must_use]
    pub const fn founding(&self) -> &Founding {
        &self.prepared().founding
    }

    /// Its groups by id, with their names.
    #[must_use]
    pub const fn groups(&self) -> &BTreeMap<GroupId, String> {
        &self.prepared().groups
    }

    /// The version of everything prepared.
    #[must_use]
    pub const fn prepared_version(&self) -> u32 {
        self.prepared().version
    }
}
