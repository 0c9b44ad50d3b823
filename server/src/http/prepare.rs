//! What is prepared: the programme that phones read.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use proto::programme::ProgrammeView;

use super::App;
use super::auth::Bearer;
use super::consultations::member;
use super::error::Refused;

/// `GET /api/consultations/{id}/programme`.
pub async fn programme(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<ProgrammeView>, Refused> {
    Ok(Json(member(&app, &id, &token)?.programme().await?))
}
