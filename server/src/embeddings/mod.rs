//! Which ideas may say the same in other words or another language: vectors of texts, and which of them are near.
//!
//! The vectors come from the encoder inside the server, or from a service that the operator named. Nothing waits for either, and
//! neither joins anything: it only widens what staff are asked (`merge::candidates`).

mod answer;
mod model;
mod service;

use std::sync::Arc;

use crate::isolated::guarded;
use crate::seeded_defects;

pub use model::{AddError, Model, UnreadableModel, add};
pub use service::{EmbeddingsError, Service};

/// Whose numbers the encoder has, and their licence.
pub const NOTICE: &str =
    concat!(include_str!("../../encoder/NOTICE.txt"), "\n", include_str!("../../encoder/LICENSE-MODEL.txt"));

/// One text as numbers, of length 1.
pub type Vector = Vec<f32>;

/// Who makes vectors of texts.
#[derive(Debug)]
pub enum Embedder {
    /// The encoder: no text leaves the server.
    Encoder(Arc<Model>),
    /// A service that the operator named: texts are sent to it.
    Service(Box<Service>),
}

impl Embedder {
    /// The model; a vector of another model says nothing about one of this.
    #[must_use]
    pub fn model(&self) -> &str {
        match self {
            Self::Encoder(model) => model.name(),
            Self::Service(service) => service.model(),
        }
    }

    /// Do texts leave the server?
    #[must_use]
    pub const fn sends_texts(&self) -> bool {
        match self {
            Self::Encoder(_) => false,
            Self::Service(_) => true,
        }
    }

    /// The vectors of these texts, in their order; none for a text that the encoder cannot read.
    ///
    /// # Errors
    /// The file of the model is damaged; or whatever the service does, which is then not asked for a while.
    pub async fn vectors(&self, texts: &[&str]) -> Result<Vec<Option<Vector>>, EmbeddingsError> {
        match self {
            Self::Service(service) => Ok(service.vectors(texts).await?.into_iter().map(Some).collect()),
            Self::Encoder(model) => {
                let model = Arc::clone(model);
                let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
                // Off the runtime's threads: a text takes about two milliseconds.
                let encoded = tokio::task::spawn_blocking(move || {
                    let encoder = model.encoder()?;
                    let encode = |text: &String| {
                        guarded(|| {
                            seeded_defects::panic_by(text, "PANIC IN THE ENCODER");
                            encoder.encode(text).to_vec()
                        })
                    };
                    Ok(texts.iter().map(encode).collect())
                });
                encoded.await.unwrap_or(Err(EmbeddingsError::Resting))
            }
        }
    }
}
