//! Versions of the list over HTTP (rule C37): for everybody who may read the list.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use proto::api::versions::{Version, Versions};
use proto::problem::{Code, Problem};

use super::plenary::open_plenary;
use crate::http::App;
use crate::http::auth::Bearer;
use crate::http::error::Refused;
use crate::http::path_and_query::Path;

/// `GET /api/plenary/{consultation-id}/versions`.
pub async fn list(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<Versions>, Refused> {
    let (caller, _) = open_plenary(&app, &id, &token).await?;
    Ok(Json(caller.read(|view, _| Ok(view.consultation().versions())).await?))
}

/// `GET /api/plenary/{consultation-id}/versions/{number}`.
pub async fn read(
    State(app): State<Arc<App>>,
    Path((id, number)): Path<(String, String)>,
    Bearer(token): Bearer,
) -> Result<Json<Version>, Refused> {
    let (caller, _) = open_plenary(&app, &id, &token).await?;
    let number = number.parse::<u32>().map_err(|_| none())?;
    let version = caller.read(move |view, _| Ok(view.consultation().version_told(number))).await?;
    Ok(Json(version.ok_or_else(none)?))
}

pub(super) fn none() -> Problem {
    Problem::because(Code::NotFound, "There is no such version of the list.")
}
