//! What a phone asks over HTTP: make a consultation, join one, look at boards and the plenary.

use proto::api::consultation::{BoardView, ConsultationView, Create, Created, Join, Joined};
use proto::api::entry::EntryCards;
use proto::ids::{ConsultationId, GroupId};
use proto::plenary::PlenaryView;
use proto::problem::Problem;
use reqwest::{Client, RequestBuilder};
use serde::de::DeserializeOwned;

use super::error::PhoneError;
use super::random;
use crate::service_client::plain_client;

/// A server's address.
#[derive(Clone, Debug)]
pub struct Server {
    http: Client,
    url: String,
}

impl Server {
    /// The server at `http://…`.
    #[must_use]
    pub fn at(url: &str) -> Self {
        Self { http: plain_client(), url: url.trim_end_matches('/').to_owned() }
    }

    /// The address, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `POST /api/consultations`.
    ///
    /// # Errors
    /// When nobody answers, or the key is not the organizer's.
    pub async fn create(&self, organizer_key: &str, wish: &Create) -> Result<Created, PhoneError> {
        let request = self.http.post(self.path("/api/consultations")).bearer_auth(organizer_key).json(wish);
        self.ask(request).await
    }

    /// `POST /api/join` with the key of a consultation's QR code: typed codes are limited, scanning is not.
    ///
    /// # Errors
    /// When the door is closed.
    pub async fn join(&self, created: &Created, group: GroupId) -> Result<Joined, PhoneError> {
        let key = key_of(&created.join_url);
        let code = key.is_none().then(|| created.code.clone());
        let join = Join { code, key, group: Some(group), request: Some(random::command_id()?) };
        // Who organizes lets in as many as they want: they do not wait at the door.
        let request = self.http.post(self.path("/api/join")).bearer_auth(&created.organizer.token);
        self.ask(request.json(&join)).await
    }

    /// `POST /api/join` with a key of any door: the consultation's, a group's, a card's.
    ///
    /// # Errors
    /// When this way is shut, or the group may not be chosen.
    pub async fn enter(&self, key: String, group: Option<GroupId>) -> Result<Joined, PhoneError> {
        let join = Join { code: None, key: Some(key), group, request: Some(random::command_id()?) };
        self.ask(self.http.post(self.path("/api/join")).json(&join)).await
    }

    /// `GET /api/consultations/{id}/entry-cards`.
    ///
    /// # Errors
    /// When the token is no organizer's.
    pub async fn cards(&self, id: ConsultationId, token: &str) -> Result<EntryCards, PhoneError> {
        self.ask(self.http.get(self.path(&format!("/api/consultations/{id}/entry-cards"))).bearer_auth(token))
            .await
    }

    /// `GET /api/consultations/{id}`.
    ///
    /// # Errors
    /// When the token is not of this consultation.
    pub async fn consultation(
        &self,
        id: ConsultationId,
        token: &str,
    ) -> Result<ConsultationView, PhoneError> {
        self.ask(self.http.get(self.path(&format!("/api/consultations/{id}"))).bearer_auth(token)).await
    }

    /// `GET /api/boards/{group}`.
    ///
    /// # Errors
    /// When the token may not read it.
    pub async fn board(&self, group: GroupId, token: &str) -> Result<BoardView, PhoneError> {
        self.ask(self.http.get(self.path(&format!("/api/boards/{group}"))).bearer_auth(token)).await
    }

    /// `GET /api/plenary/{id}`.
    ///
    /// # Errors
    /// When the token may not read it.
    pub async fn plenary(&self, id: ConsultationId, token: &str) -> Result<PlenaryView, PhoneError> {
        self.ask(self.http.get(self.path(&format!("/api/plenary/{id}"))).bearer_auth(token)).await
    }

    fn path(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, PhoneError> {
        let unreachable =
            |error: reqwest::Error| PhoneError::Unreachable { url: self.url.clone(), why: deepest(&error) };
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(unreachable)?;
        if status.is_success() {
            return serde_json::from_slice(&body)
                .map_err(|error| PhoneError::NotAServer(format!("its answer cannot be read: {error}")));
        }
        match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) => Err(PhoneError::Refused(problem)),
            Err(_) => Err(PhoneError::NotAServer(format!("it answered {status}"))),
        }
    }
}

/// The 32 hex digits at the end of a join address.
pub(super) fn key_of(join_url: &str) -> Option<String> {
    let (_, fragment) = join_url.split_once('#')?;
    let key = fragment.get(fragment.len().checked_sub(32)?..)?;
    key.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| key.to_owned())
}

/// What the network itself says, without the layers above it.
fn deepest(error: &reqwest::Error) -> String {
    let mut error: &dyn std::error::Error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_the_end_of_the_fragment() {
        let key = "0123456789abcdef0123456789abcdef";
        assert_eq!(key_of(&format!("http://h/#/join/{key}")).as_deref(), Some(key));
        assert_eq!(key_of(&format!("http://h/join#{key}")).as_deref(), Some(key));
        assert_eq!(key_of("http://h/join#short"), None);
        assert_eq!(key_of("http://h/"), None);
    }
}
