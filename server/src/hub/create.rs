//! Consultations are made: of a form, or of a template file.

use std::sync::Arc;

use proto::api::consultation::{Create, Created};
use proto::problem::{Code, Problem};

use super::Hub;
use crate::consultation::prepare::template::{Template, refusal};
use crate::consultation::secret::new_code;
use crate::consultation::{Consultation, Context, EventRecord, Founded, create, create_from};
use crate::journal::{Append, FileChange, Record, Stream, StreamRecord};

impl Hub {
    /// What decisions may depend on, at this moment.
    pub(super) fn decision(&self) -> Context<'_> {
        let node = &self.node;
        Context { now: node.clock.now(), entropy: &node.entropy, limits: &node.limits }
    }

    /// Makes a consultation.
    ///
    /// # Errors
    /// When the wish cannot be fulfilled.
    pub async fn create(self: &Arc<Self>, wish: Create) -> Result<Created, Problem> {
        let founded = create(wish, &self.node.public_url, self.decision())?;
        self.begin_founded(founded, Vec::new()).await
    }

    /// Makes a consultation of a template file.
    ///
    /// # Errors
    /// `template` with everything that is wrong in the file.
    pub async fn import(self: &Arc<Self>, file: &str) -> Result<Created, Problem> {
        let template = Template::read(file, &self.node.limits).map_err(refusal)?;
        self.begin_founded(create_from(template, &self.node.public_url, self.decision()), Vec::new()).await
    }

    /// Makes a founded consultation durable, and starts it.
    pub(super) async fn begin_founded(
        self: &Arc<Self>,
        mut founded: Founded,
        files: Vec<FileChange>,
    ) -> Result<Created, Problem> {
        while self.node.directory.by_code(&founded.founding.code).is_some() {
            founded.founding.code = new_code(&self.node.entropy);
            founded.created.code.clone_from(&founded.founding.code);
        }
        let record = Record::Decided(EventRecord::founding(founded.founding.clone()).to_bytes());
        let append = Append {
            consultation: founded.created.id,
            entries: vec![StreamRecord { stream: Stream::Consultation, record }],
            texts: Vec::new(),
            files,
            keys: Some(founded.keys),
            scrubs: Vec::new(),
        };
        let durable = self.node.journal.append(append).await;
        durable.map_err(|_| Problem::new(Code::Unavailable))?.map_err(|error| {
            tracing::error!(%error, "a consultation could not be written");
            Problem::new(Code::Unavailable)
        })?;
        let consultation = Consultation::new(founded.created.id, founded.keys, founded.founding);
        self.node.begin(consultation, Vec::new()).await;
        Ok(founded.created)
    }
}
