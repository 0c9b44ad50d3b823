//! The HTTP client by which the server asks a service that its operator named: the only one with which words leave the server.
//!
//! Words go to the address that was named and nowhere else: neither where it points to, nor through a proxy. An answer has a bound
//! on its time and on its bytes. `https` is checked with the certificates of the system, or with those of a file alone; what the
//! service says of itself never changes that. Encryption is rustls with ring, read when there is an `https` address.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Response, Url};

/// How long a service may take, and how much it may say.
#[derive(Clone, Copy, Debug)]
pub struct AnswerBounds {
    /// To connect, and for the whole answer.
    pub time: Duration,
    /// Of the body.
    pub bytes_max: usize,
}

/// A service that can be asked.
pub struct ServiceClient {
    client: Client,
    bytes_max: usize,
}

/// Why a service cannot be asked at all.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// It is no address of `http` or `https`.
    #[error("it is no address with http:// or https:// and a host")]
    Address,
    /// The file with certificates.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// The file holds something else.
    #[error("{0}: there is no certificate in it (PEM: -----BEGIN CERTIFICATE-----)")]
    Certificates(PathBuf),
    /// Certificates for an address that is not encrypted.
    #[error("certificates are for an address with https://")]
    Unencrypted,
    /// The system has no certificates, or other ones than TLS knows.
    #[error(
        "the certificates of this system cannot be used (install ca-certificates, or name a file with one): {0}"
    )]
    System(String),
}

/// Why there is no answer. None of it holds an address or a word that was sent.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AskError {
    /// No answer in time, or no connection.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// The service answered with this HTTP status, which is not a success (2xx).
    #[error("it answers {0}")]
    Status(u16),
    /// Its answer is longer than any honest one.
    #[error("it answers more than {0} bytes")]
    TooLong(usize),
}

impl ServiceClient {
    /// A client for this address. `certificates`: a PEM file instead of those of the system.
    ///
    /// # Errors
    /// The address or the certificates are none. Nothing is asked yet.
    pub fn new(url: &Url, certificates: Option<&Path>, bounds: AnswerBounds) -> Result<Self, ClientError> {
        if url.host_str().is_none_or(str::is_empty) {
            return Err(ClientError::Address);
        }
        let plain = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(bounds.time)
            .timeout(bounds.time);
        use_ring();
        let builder = match (url.scheme(), certificates) {
            ("http", None) => plain.tls_certs_only([]),
            ("http", Some(_)) => return Err(ClientError::Unencrypted),
            ("https", None) => plain.https_only(true),
            ("https", Some(file)) => plain.https_only(true).tls_certs_only(read(file)?),
            _ => return Err(ClientError::Address),
        };
        let client = builder.build().map_err(|error| ClientError::System(deepest(&error)))?;
        Ok(Self { client, bytes_max: bounds.bytes_max })
    }

    /// Sends a JSON body, and gives back the body of the answer.
    ///
    /// # Errors
    /// Whatever the service does.
    pub async fn post(
        &self,
        url: &Url,
        key: Option<&str>,
        body: &impl serde::Serialize,
    ) -> Result<Vec<u8>, AskError> {
        let mut request = self.client.post(url.clone()).json(body);
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        let answer = request.send().await.map_err(|error| unreachable_because(&error))?;
        if !answer.status().is_success() {
            return Err(AskError::Status(answer.status().as_u16()));
        }
        self.body(answer).await
    }

    async fn body(&self, mut answer: Response) -> Result<Vec<u8>, AskError> {
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| unreachable_because(&error))? {
            if bytes.len() + chunk.len() > self.bytes_max {
                return Err(AskError::TooLong(self.bytes_max));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

/// A client for servers on this machine or beside it, over `http`: for phones that are played, and for tests.
#[must_use]
pub fn plain_client() -> Client {
    use_ring();
    Client::builder().tls_certs_only([]).build().unwrap_or_default()
}

/// What encrypts in this process. No client can be made without it.
fn use_ring() {
    // Fails only where it was chosen already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn read(file: &Path) -> Result<Vec<Certificate>, ClientError> {
    let bytes = fs::read(file).map_err(|error| ClientError::File(file.to_owned(), error))?;
    let found = Certificate::from_pem_bundle(&bytes).unwrap_or_default();
    if found.is_empty() { Err(ClientError::Certificates(file.to_owned())) } else { Ok(found) }
}

fn unreachable_because(error: &reqwest::Error) -> AskError {
    AskError::Unreachable(if error.is_timeout() { "no answer in time".to_owned() } else { deepest(error) })
}

/// The deepest reason, without the address: a password may stand in it.
fn deepest(error: &reqwest::Error) -> String {
    let mut reason: &dyn std::error::Error = error;
    while let Some(deeper) = reason.source() {
        reason = deeper;
    }
    if std::ptr::addr_eq(reason, error) { "the connection broke".to_owned() } else { reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str, certificates: Option<&Path>) -> String {
        let bounds = AnswerBounds { time: Duration::from_secs(1), bytes_max: 1 };
        let url = Url::parse(url).unwrap();
        ServiceClient::new(&url, certificates, bounds)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn an_address_or_a_file_of_certificates_that_is_none_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        assert!(refused("ftp://host/", None).contains("https://"));
        assert!(refused("https://host/", Some(&file)).contains("ca.pem"), "it is not there");
        for nothing in
            ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
        {
            fs::write(&file, nothing).unwrap();
            assert!(!refused("https://host/", Some(&file)).is_empty(), "{nothing:?}");
        }
        assert!(refused("http://host/", Some(&file)).contains("https://"));
        assert_eq!(refused("http://host/", None), "");
    }
}
