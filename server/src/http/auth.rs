//! Tokens and bodies of requests.

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use proto::problem::{Code, Problem};
use serde::de::DeserializeOwned;

use std::sync::Arc;

use super::App;
use super::error::Refused;

/// The token of `Authorization: Bearer …`.
#[derive(Debug)]
pub struct Bearer(pub String);

impl FromRequestParts<Arc<App>> for Bearer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Refused> {
        token(parts).map(Self).ok_or_else(|| {
            Problem::because(Code::Unauthorized, "Send \"Authorization: Bearer TOKEN\".").into()
        })
    }
}

/// The token, if there is one.
#[derive(Debug)]
pub struct MaybeBearer(pub Option<String>);

impl FromRequestParts<Arc<App>> for MaybeBearer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Refused> {
        Ok(Self(token(parts)))
    }
}

fn token(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.trim().to_owned())
}

/// A body as text, within the limit.
#[derive(Debug)]
pub struct Text(pub String);

impl FromRequest<Arc<App>> for Text {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refused> {
        let limit = app.hub.limits.body_bytes_max;
        let bytes = to_bytes(request.into_body(), limit)
            .await
            .map_err(|_| Problem::because(Code::TooLarge, format!("A body has at most {limit} bytes.")))?;
        let text = String::from_utf8(bytes.into());
        text.map(Self).map_err(|_| Problem::because(Code::Malformed, "The body is not UTF-8.").into())
    }
}

/// A body that is JSON of this shape.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refused> {
        let Text(text) = Text::from_request(request, app).await?;
        let value = serde_json::from_str(&text);
        value.map(Self).map_err(|error| Problem::because(Code::Malformed, error.to_string()).into())
    }
}
