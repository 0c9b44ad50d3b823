//! Problems become HTTP answers, here and nowhere else.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use proto::problem::{Code, Problem};
use serde::Serialize;

use crate::room::Shared;

/// When it is worth trying again if the problem does not say: what is asked for too fast is paid off in a moment, and a place in a
/// queue is kept longer.
const RETRY_AFTER_SECONDS: u16 = 2;

/// A refusal on its way out.
#[derive(Debug)]
pub struct Refused(pub Problem);

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let retry_after = self.0.wait.unwrap_or(RETRY_AFTER_SECONDS);
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.0)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
        }
        response
    }
}

/// What a document says, as JSON that is written once for all who read it.
pub(super) fn shared<T: Serialize>(view: &Shared<T>) -> Result<Response, Refused> {
    let json = view.json().ok_or_else(|| Problem::new(Code::Unavailable))?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response())
}

/// An address below `/api` that is none.
pub async fn not_found() -> Refused {
    Refused(Problem::because(Code::NotFound, "There is no such address in this API."))
}

/// What the API says is for the asker, now.
pub async fn never_stored(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
