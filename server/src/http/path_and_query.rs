//! Parts of an address: what is wrong with them is a problem with a code, like everything else that the API refuses.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use proto::problem::{Code, Problem};
use serde::de::DeserializeOwned;

use super::App;
use super::error::Refused;

/// The words of a path that a route names.
#[derive(Debug)]
pub struct Path<T>(pub T);

/// What stands behind the question mark.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for Path<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let path = axum::extract::Path::from_request_parts(parts, app).await;
        path.map(|axum::extract::Path(words)| Self(words)).map_err(|error| malformed(&error))
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for Query<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let query = axum::extract::Query::from_request_parts(parts, app).await;
        query.map(|axum::extract::Query(asked)| Self(asked)).map_err(|error| malformed(&error))
    }
}

fn malformed(error: &dyn std::fmt::Display) -> Refused {
    Problem::because(Code::Malformed, error.to_string()).into()
}
