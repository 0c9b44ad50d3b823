//! Vectors of texts from a service that the operator chose instead of the encoder: off unless there is one, because texts leave
//! the server.
//!
//! The service speaks OpenAI's interface (`POST …/v1/embeddings`), as Ollama, llama.cpp and TEI do. Nothing waits for it: it is
//! asked beside the list, in bounded batches, with a bound on time and on the answer, and after a failure it is left in peace
//! for a while. What it says only widens what staff are asked; it joins nothing. Texts are neither kept nor
//! logged; the key is never shown.
//!
//! Only plain `http`: the service runs on this machine or beside it. For one far away, a proxy here that speaks `https`
//! keeps a TLS library out of the server.

use std::fmt;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use serde::Serialize;
use tokio::sync::{Mutex, Semaphore};
use tokio::time::Instant;

use super::{UnreadableModel, Vector, answer};
use crate::clock::tick;
use crate::config::{Embeddings, Limits};

/// Why there are no vectors. None of it holds a text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EmbeddingsError {
    /// The address is none, or none that can be spoken to.
    #[error(
        "\"{0}\" is no address of an embeddings service: http://HOST:PORT, for example http://127.0.0.1:11434/v1"
    )]
    Address(String),
    /// The address asks for encryption.
    #[error(
        "\"{0}\": the embeddings service is asked over plain http only; where it wants https, name a proxy on this machine \
         that speaks it, for example http://127.0.0.1:11434/v1"
    )]
    Encrypted(String),
    /// The numbers of the encoder cannot be read.
    #[error(transparent)]
    Model(#[from] UnreadableModel),
    /// It failed a moment ago.
    #[error("the embeddings service is left in peace for a while")]
    Resting,
    /// No answer in time, or no connection.
    #[error("the embeddings service cannot be reached: {0}")]
    Unreachable(String),
    /// It answered with this HTTP status, which is none of success.
    #[error("the embeddings service answers {0}")]
    Status(u16),
    /// Its answer is longer than any honest one.
    #[error("the embeddings service answers more than {0} bytes")]
    TooLong(usize),
    /// Its answer is not what the interface says.
    #[error("the embeddings service answers what is no list of vectors: {0}")]
    Shape(&'static str),
}

/// A service, and how it is asked.
pub struct Service {
    client: Client,
    url: Url,
    model: String,
    key: Option<String>,
    answer_bytes_max: usize,
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
        let wrong = || EmbeddingsError::Address(chosen.url.clone());
        Url::parse(&chosen.url).map_err(|_| wrong())?;
        let url = Url::parse(&endpoint(&chosen.url)).map_err(|_| wrong())?;
        if url.scheme() == "https" {
            return Err(EmbeddingsError::Encrypted(chosen.url.clone()));
        }
        if url.scheme() != "http" || url.host_str().is_none() {
            return Err(wrong());
        }
        // Texts go to the address that was named and nowhere else: neither where it points to, nor through a proxy.
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(limits.embeddings_time)
            .timeout(limits.embeddings_time)
            .build()
            .map_err(|_| wrong())?;
        Ok(Self {
            client,
            url,
            model: chosen.model.clone(),
            key: chosen.key.clone(),
            answer_bytes_max: limits.embeddings_answer_bytes_max,
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
        let mut request = self.client.post(self.url.clone()).json(&body);
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        let answer = request.send().await.map_err(|error| unreachable_because(&error))?;
        if !answer.status().is_success() {
            return Err(EmbeddingsError::Status(answer.status().as_u16()));
        }
        let bytes = self.body(answer).await?;
        answer::read(&bytes, texts.len(), self.numbers_max).map_err(EmbeddingsError::Shape)
    }

    async fn body(&self, mut answer: Response) -> Result<Vec<u8>, EmbeddingsError> {
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| unreachable_because(&error))? {
            if bytes.len() + chunk.len() > self.answer_bytes_max {
                return Err(EmbeddingsError::TooLong(self.answer_bytes_max));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
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

/// The deepest reason, without the address: a password may stand in it.
fn unreachable_because(error: &reqwest::Error) -> EmbeddingsError {
    if error.is_timeout() {
        return EmbeddingsError::Unreachable("no answer in time".to_owned());
    }
    let mut reason: &dyn std::error::Error = error;
    while let Some(deeper) = reason.source() {
        reason = deeper;
    }
    let said =
        if std::ptr::addr_eq(reason, error) { "the connection broke".to_owned() } else { reason.to_string() };
    EmbeddingsError::Unreachable(said)
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

    #[test]
    fn an_address_that_is_none_or_needs_tls_is_refused_in_words() {
        let error = |url: &str| {
            let chosen = Embeddings { url: url.to_owned(), model: "m".to_owned(), key: None };
            Service::new(&chosen, &Limits::default()).unwrap_err()
        };
        for url in ["", "nonsense", "ftp://host/", "http://"] {
            assert_eq!(error(url), EmbeddingsError::Address(url.to_owned()));
        }
        let encrypted = error("https://api.example/v1");
        assert!(encrypted.to_string().contains("proxy"), "{encrypted}");
    }

    #[test]
    fn the_key_is_in_nothing_that_is_printed() {
        let chosen =
            Embeddings { url: "http://h".to_owned(), model: "m".to_owned(), key: Some("secret".to_owned()) };
        let embedder = Service::new(&chosen, &Limits::default()).unwrap();
        assert!(!format!("{embedder:?} {chosen:?}").contains("secret"));
    }
}
