//! Files that people can read: uploaded, kept while their material is there, and handed to who opens them.

use proto::api::programme::{FileContent, Material, MaterialFile, MaterialSource};
use proto::ids::{ConsultationId, MaterialId, SeatId};
use proto::problem::{Code, Problem};

use crate::access::Deed;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::prepare::field_change::FieldChange;
use crate::consultation::prepare::template::NewMaterial;
use crate::consultation::projection::Write;
use crate::consultation::state::Consultation;
use crate::journal::FileChange;

impl Consultation {
    /// A file that is here stays here while its material keeps its id and has a file.
    pub(in crate::consultation::prepare) fn materials_of(
        &self,
        materials: Vec<NewMaterial>,
        context: Context<'_>,
    ) -> Vec<Material> {
        let id_of = |id: Option<MaterialId>| id.unwrap_or_else(|| MaterialId(context.entropy.uuid()));
        let with_file = |material: NewMaterial| {
            let id = id_of(material.id);
            let mut material = material.with_id(id);
            if let (MaterialSource::File(file), Some(kept)) = (&mut material.source, self.stored_file(id)) {
                file.content.clone_from(&kept.content);
                file.stored = true;
            }
            material
        };
        materials.into_iter().map(with_file).collect()
    }

    /// A file that is here, for a seat to read; in a twin also the consultation that has it, if the twin itself has not.
    ///
    /// # Errors
    /// When the seat is gone, or the file is not here.
    pub fn file_for(
        &self,
        seat: SeatId,
        id: MaterialId,
    ) -> Result<(MaterialFile, Option<ConsultationId>), Problem> {
        if self.actor(seat).is_none() {
            return Err(Problem::new(Code::Unauthorized));
        }
        let file = self.stored_file(id);
        file.map(|file| (file.clone(), self.rehearsal_of()))
            .ok_or_else(|| Problem::because(Code::NotFound, "This file is not here."))
    }

    /// The file of a material, if it is here.
    #[must_use]
    fn stored_file(&self, id: MaterialId) -> Option<&MaterialFile> {
        self.founding().programme.materials.iter().find(|material| material.id == id).and_then(|material| {
            match &material.source {
                MaterialSource::File(file) if file.stored => Some(file),
                MaterialSource::File(_) | MaterialSource::Link(_) => None,
            }
        })
    }

    /// Files whose material is not there any more, or became a link.
    pub(in crate::consultation::prepare) fn files_without(&self, change: &FieldChange) -> Vec<FileChange> {
        let FieldChange::Materials(materials) = change else { return Vec::new() };
        let keeps = |id: MaterialId| {
            materials.iter().any(|m| m.id == id && matches!(m.source, MaterialSource::File(_)))
        };
        let stored = self.founding().programme.materials.iter().map(|material| material.id);
        stored.filter(|id| self.stored_file(*id).is_some() && !keeps(*id)).map(FileChange::Delete).collect()
    }

    /// Decides to keep an uploaded file.
    ///
    /// # Errors
    /// When the seat may not, there is no material that waits for a file, or there are too many bytes.
    pub fn decide_file(
        &self,
        seat: SeatId,
        material: MaterialId,
        content: FileContent,
        bytes: bytes::Bytes,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::Amend, seat, None)?;
        let found = self.founding().programme.materials.iter().find(|known| known.id == material);
        if !found.is_some_and(|found| matches!(found.source, MaterialSource::File(_))) {
            return Err(Problem::because(Code::NotFound, "Nothing to read with this id waits for a file."));
        }
        let others = self.founding().programme.materials.iter().filter(|other| other.id != material);
        let others: u64 = others
            .filter_map(|other| self.stored_file(other.id)?.content.as_ref())
            .map(|content| u64::from(content.bytes))
            .sum();
        if others + u64::from(content.bytes) > context.limits.files_bytes_max as u64 {
            let most = context.limits.files_bytes_max;
            return Err(Problem::because(
                Code::TooLarge,
                format!("All files together have at most {most} bytes."),
            ));
        }
        let files = vec![FileChange::Put(material, bytes)];
        Ok(Outcome { files, ..Outcome::plain(Event::FileStored { material, content }) })
    }

    pub(in crate::consultation) fn store_file(
        &mut self,
        id: MaterialId,
        content: &FileContent,
    ) -> Vec<Write> {
        self.prepared_mut().store_file(id, content);
        Vec::new()
    }
}
