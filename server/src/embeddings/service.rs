//! Vectors of texts from a service that the operator chose instead of the encoder: off unless there is one, because texts leave
//! the server.
//!
//! The service speaks OpenAI's interface (`POST …/v1/embeddings`), as Ollama, llama.cpp and TEI do. Nothing waits for it: it is
//! asked beside the list, in bounded batches, with a bound on time and on the answer, and after a failure it is left in peace
//! for a while. What it says only widens what staff are asked; it joins nothing. Texts are neither kept nor
//! logged; the key is never shown.
//!
//! Over plain `http` it runs on this machine or beside it; one far away is asked over `https` (`service_client`).

use std::fmt;
use std::time::Duration;

use reqwest::Url;
use serde::Serialize;
use tokio::sync::{Mutex, Semaphore};
use tokio::time::Instant;

use super::{UnreadableModel, Vector, answer};
use crate::clock::tick;
use crate::config::{Embeddings, Limits};
use crate::service_client::{AnswerBounds, AskError, ServiceClient};

/// Why there are no vectors. None of it holds a text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EmbeddingsError {
    /// The address is none, or none that can be spoken to.
    #[error(
        "\"{0}\" is no address of an embeddings service: http://HOST:PORT or https://HOST, for example \
         http://127.0.0.1:11434/v1 ({1})"
    )]
    Address(String, String),
    /// The numbers of the encoder cannot be read.
    #[error(transparent)]
    Model(#[from] UnreadableModel),
    /// It failed a moment ago.
    #[error("the embeddings service is left in peace for a while")]
    Resting,
    /// It does not answer as it should.
    #[error("the embeddings service is not to be had: {0}")]
    Asked(#[from] AskError),
    /// Its answer is not what the interface says.
    #[error("the embeddings service answers what is no list of vectors: {0}")]
    Shape(&'static str),
}

/// A service, and how it is asked.
pub struct Service {
    client: ServiceClient,
    url: Url,
    model: String,
    key: Option<String>,
    numbers_max: usize,
    rest: Duration,
    /// Limits how many requests to the service run at the same time, over all consultations.
    slots: Semaphore,
    rests_until: Mutex<Option<Instant>>,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("model", &self.model).finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    input: &'a [&'a str],
}

impl Service {
    /// Whom the operator named. Asks nothing yet.
    ///
    /// # Errors
    /// When the address is none.
    pub fn new(chosen: &Embeddings, limits: &Limits) -> Result<Self, EmbeddingsError> {
        let wrong = |why: &dyn fmt::Display| EmbeddingsError::Address(chosen.url.clone(), why.to_string());
        Url::parse(&chosen.url).map_err(|error| wrong(&error))?;
        let url = Url::parse(&endpoint(&chosen.url)).map_err(|error| wrong(&error))?;
        let bounds =
            AnswerBounds { time: limits.embeddings_time, bytes_max: limits.embeddings_answer_bytes_max };
        let client = ServiceClient::new(&url, chosen.certificates.as_deref(), bounds)
            .map_err(|error| wrong(&error))?;
        Ok(Self {
            client,
            url,
            model: chosen.model.clone(),
            key: chosen.key.clone(),
            numbers_max: limits.embeddings_numbers_max,
            rest: limits.embeddings_rest,
            slots: Semaphore::new(limits.embeddings_at_once),
            rests_until: Mutex::new(None),
        })
    }

    /// The model; a vector of another model says nothing about one of this.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The vectors of these texts, in their order.
    ///
    /// # Errors
    /// Whatever the service does; it is not asked again for a while.
    pub async fn vectors(&self, texts: &[&str]) -> Result<Vec<Vector>, EmbeddingsError> {
        let slot = self.slots.acquire().await.map_err(|_| EmbeddingsError::Resting)?;
        if self.rests_until.lock().await.is_some_and(|until| tick() < until) {
            return Err(EmbeddingsError::Resting);
        }
        let vectors = self.ask(texts).await;
        if vectors.is_err() {
            *self.rests_until.lock().await = Some(tick() + self.rest);
        }
        drop(slot);
        vectors
    }

    async fn ask(&self, texts: &[&str]) -> Result<Vec<Vector>, EmbeddingsError> {
        let body = Request { model: &self.model, input: texts };
        let bytes = self.client.post(&self.url, self.key.as_deref(), &body).await?;
        answer::read(&bytes, texts.len(), self.numbers_max).map_err(EmbeddingsError::Shape)
    }
}

/// The address that is asked: what was named, with what of the interface's path is missing.
fn endpoint(url: &str) -> String {
    let url = url.trim_end_matches('/');
    let missing = if url.ends_with("/embeddings") {
        ""
    } else if url.ends_with("/v1") {
        "/embeddings"
    } else {
        "/v1/embeddings"
    };
    format!("{url}{missing}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_people_write_it() {
        for (named, asked) in [
            ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/embeddings"),
            ("http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1/embeddings"),
            ("http://tei:80/embeddings", "http://tei:80/embeddings"),
        ] {
            assert_eq!(endpoint(named), asked);
        }
    }

    fn chosen(url: &str) -> Embeddings {
        Embeddings { url: url.to_owned(), model: "m".to_owned(), key: None, certificates: None }
    }

    #[test]
    fn an_address_that_is_none_is_refused_in_words() {
        for url in ["", "nonsense", "ftp://host/", "http://"] {
            let error = Service::new(&chosen(url), &Limits::default()).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("\"{url}\" is no address of an embeddings service")),
                "{error}"
            );
        }
    }

    #[test]
    fn the_key_is_in_nothing_that_is_printed() {
        let chosen = Embeddings { key: Some("secret".to_owned()), ..chosen("http://h") };
        let embedder = Service::new(&chosen, &Limits::default()).unwrap();
        assert!(!format!("{embedder:?} {chosen:?}").contains("secret"));
    }
}
