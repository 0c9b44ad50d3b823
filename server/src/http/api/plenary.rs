//! The plenary over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use proto::api::curation::Curation;
use proto::ids::{ConsultationId, DocumentName};
use proto::plenary::DoubtfulTexts;
use proto::problem::{Code, Problem};

use crate::access::{Deed, may_ever};
use crate::http::App;
use crate::http::auth::Bearer;
use crate::http::error::{Refused, shared};
use crate::http::path_and_query::Path;
use crate::live::Caller;
use crate::room::RoomHandle;

/// `GET /api/plenary/{consultation-id}`.
pub async fn read(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Response, Refused> {
    let (_, room) = open_plenary(&app, &id, &token).await?;
    shared(&room.read_plenary().await.map_err(|_| Problem::new(Code::Unavailable))?)
}

/// `GET /api/plenary/{consultation-id}/suggestions`.
pub async fn suggestions(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<Curation>, Refused> {
    let id = id.parse::<ConsultationId>().map_err(|_| Problem::new(Code::NotFound))?;
    let caller = app.hub.identify_for(&token, DocumentName::Plenary(id))?;
    Ok(Json(caller.curation().await?))
}

/// `GET /api/plenary/{consultation-id}/doubtful`.
pub async fn doubtful(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<DoubtfulTexts>, Refused> {
    let id = id.parse::<ConsultationId>().map_err(|_| Problem::new(Code::NotFound))?;
    let document = DocumentName::Plenary(id);
    let opened = app.hub.identify_for(&token, document)?.open(document).await?;
    if !may_ever(Deed::SettleText, opened.actor, None) {
        return Err(Problem::new(Code::Forbidden).into());
    }
    let room = opened.room.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(Json(room.read_doubtful().await.map_err(|_| Problem::new(Code::Unavailable))?))
}

/// The room of the list, and who asks.
pub(in crate::http) async fn open_plenary(
    app: &App,
    id: &str,
    token: &str,
) -> Result<(Caller, RoomHandle), Problem> {
    let id = id.parse::<ConsultationId>().map_err(|_| Problem::new(Code::NotFound))?;
    let document = DocumentName::Plenary(id);
    let caller = app.hub.identify_for(token, document)?;
    let opened = caller.open(document).await?;
    let room = opened.room.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok((caller, room))
}
