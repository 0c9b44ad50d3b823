//! The plenary over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use proto::curation::Curation;
use proto::ids::{ConsultationId, DocumentName};
use proto::plenary::{DoubtfulTexts, PlenaryView};
use proto::problem::{Code, Problem};

use super::App;
use super::auth::Bearer;
use super::error::Refused;
use crate::access::{Deed, may_ever};
use crate::hub::Caller;
use crate::room::RoomHandle;

/// `GET /api/plenary/{consultation-id}`.
pub async fn read(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<PlenaryView>, Refused> {
    let (_, view) = plenary(&app, &id, &token).await?;
    Ok(Json(view))
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

/// The list as it is, and who asks.
async fn plenary(app: &App, id: &str, token: &str) -> Result<(Caller, PlenaryView), Problem> {
    let (caller, room) = open_plenary(app, id, token).await?;
    let view = room.read_plenary().await.map_err(|_| Problem::new(Code::Unavailable))?;
    Ok((caller, view))
}

/// The room of the list, and who asks.
pub(super) async fn open_plenary(app: &App, id: &str, token: &str) -> Result<(Caller, RoomHandle), Problem> {
    let id = id.parse::<ConsultationId>().map_err(|_| Problem::new(Code::NotFound))?;
    let document = DocumentName::Plenary(id);
    let caller = app.hub.identify_for(token, document)?;
    let opened = caller.open(document).await?;
    let room = opened.room.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok((caller, room))
}
