//! What handlers take of a request: its token, who stands at the door, its body.

use std::sync::Arc;
use std::time::Duration;

use axum::body::HttpBody;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::HeaderName;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use futures_util::StreamExt;
use proto::problem::{Code, Problem};
use serde::de::DeserializeOwned;
use tokio::time::timeout_at;

use super::App;
use super::connections::peer::Peer;
use super::connections::places::Doing;
use super::error::Refused;
use crate::clock::tick;
use crate::hub::Client;

/// What a phone that types a code sends, so that it keeps its place in the queue.
const TICKET: HeaderName = HeaderName::from_static("plenum-ticket");

/// The token of `Authorization: Bearer …`.
#[derive(Debug)]
pub struct Bearer(pub String);

impl FromRequestParts<Arc<App>> for Bearer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Refused> {
        bearer(&parts.headers).map(Self).ok_or_else(|| {
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
        Ok(Self(bearer(&parts.headers)))
    }
}

/// The token in these headers.
pub(super) fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.trim().to_owned())
}

/// Who asks at a door: the peer, with what it says of itself.
#[derive(Debug)]
pub struct AtDoor(pub Client);

impl FromRequestParts<Arc<App>> for AtDoor {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let peer = Peer::from_request_parts(parts, app).await?;
        let MaybeBearer(token) = MaybeBearer::from_request_parts(parts, app).await?;
        let ticket = parts.headers.get(TICKET).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Self(Client { prefix: Some(peer.prefix), ticket, token }))
    }
}

/// A body as text, within the limit.
#[derive(Debug)]
pub struct Text(pub String);

impl FromRequest<Arc<App>> for Text {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refused> {
        let peer = request.extensions().get::<Peer>().cloned();
        let limits = &app.hub.node.limits;
        let own = |most| peer.as_ref().map_or(most, |peer| peer.own_limit(most, limits.bursts.ends_earlier));
        let (pause, time) = (own(limits.costs.body_pause), own(limits.costs.body_time));
        let bytes = body_in_time(request.into_body(), limits.body_bytes_max, pause, time).await?;
        if let Some(peer) = peer {
            peer.now(Doing::Working);
        }
        let text = String::from_utf8(bytes);
        text.map(Self).map_err(|_| Problem::because(Code::Malformed, "The body is not UTF-8.").into())
    }
}

/// A body, cut as soon as it is too large, pauses too long, or takes too long.
///
/// # Errors
/// `too-large` and `too-slow`; `malformed` when it ends before its end.
pub(super) async fn body_in_time(
    body: axum::body::Body,
    limit: usize,
    pause: Duration,
    time: Duration,
) -> Result<Vec<u8>, Problem> {
    let too_large = || Problem::because(Code::TooLarge, format!("A body has at most {limit} bytes."));
    // Read all the same, and dropped: who is cut in the middle of sending never sees the answer.
    let is_kept = body.size_hint().lower() <= limit as u64;
    let end = tick() + time;
    let mut parts = body.into_data_stream();
    let (mut bytes, mut arrived) = (Vec::new(), 0);
    loop {
        let next = timeout_at(end.min(tick() + pause), parts.next()).await;
        let part = match next.map_err(|_| Problem::new(Code::TooSlow))? {
            None if is_kept => return Ok(bytes),
            None => return Err(too_large()),
            Some(Err(_)) => return Err(Problem::because(Code::Malformed, "The body ended before its end.")),
            Some(Ok(part)) => part,
        };
        arrived += part.len();
        if arrived > limit {
            return Err(too_large());
        }
        if is_kept {
            bytes.extend_from_slice(&part);
        }
    }
}

/// A body that is JSON of this shape.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for JsonBody<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refused> {
        let Text(text) = Text::from_request(request, app).await?;
        // A list would be read as the fields in their order.
        if !text.trim_start().starts_with('{') {
            return Err(Problem::because(Code::Malformed, "The body is a JSON object.").into());
        }
        let value = serde_json::from_str(&text);
        value.map(Self).map_err(|error| Problem::because(Code::Malformed, error.to_string()).into())
    }
}
