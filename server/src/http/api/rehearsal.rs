//! Rehearsals: started, looked at, ended. Only organizers see one, because its twin's links stand in it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use proto::api::rehearsal::{RehearsalView, Rehearse};

use super::consultations::member;
use crate::http::App;
use crate::http::auth::{Bearer, JsonBody};
use crate::http::error::Refused;
use crate::http::path_and_query::Path;

/// `POST /api/consultations/{id}/rehearsal`.
pub async fn start(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
    JsonBody(wish): JsonBody<Rehearse>,
) -> Result<(StatusCode, Json<RehearsalView>), Refused> {
    let caller = member(&app, &id, &token)?;
    Ok((StatusCode::CREATED, Json(app.rehearsals.start(&caller, wish).await?)))
}

/// `GET /api/consultations/{id}/rehearsal`.
pub async fn view(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<RehearsalView>, Refused> {
    let caller = member(&app, &id, &token)?;
    // Whether this is an organizer.
    caller.read(|view, seat| view.checklist(seat)).await?;
    Ok(Json(app.rehearsals.view(caller.consultation.id).await))
}

/// `DELETE /api/consultations/{id}/rehearsal`.
pub async fn stop(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<RehearsalView>, Refused> {
    let caller = member(&app, &id, &token)?;
    caller.read(|view, seat| view.checklist(seat)).await?;
    Ok(Json(app.rehearsals.stop(caller.consultation.id).await))
}
