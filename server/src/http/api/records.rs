//! What is kept for everybody to check: ledger, cards, one's own ideas; and the end with its certificate.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use proto::api::ending::{Certificate, Ending};
use proto::api::group_card::GroupCardView;
use proto::api::idea_outcome::{Follow, Followed};
use proto::api::ledger::LedgerEntry;
use proto::ids::{CertificateId, GroupId};
use proto::problem::{Code, Problem};
use serde::Deserialize;

use super::consultations::member;
use super::exports::{facts, usual};
use super::plenary::open_plenary;
use crate::http::App;
use crate::http::auth::{Bearer, JsonBody};
use crate::http::error::Refused;
use crate::http::path_and_query::{Path, Query};

/// Which page of the ledger.
#[derive(Debug, Deserialize)]
pub struct Page {
    /// After so many lines.
    #[serde(default)]
    after: usize,
}

/// `GET /api/consultations/{id}/ledger[?after=LINES]`.
pub async fn ledger(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(Page { after }): Query<Page>,
    Bearer(token): Bearer,
) -> Result<Json<Vec<LedgerEntry>>, Refused> {
    let caller = member(&app, &id, &token)?;
    Ok(Json(caller.read(move |view, _| Ok(view.ledger(after))).await?))
}

/// `GET /api/consultations/{id}/group-cards/{group}`.
pub async fn card(
    State(app): State<Arc<App>>,
    Path((id, group)): Path<(String, String)>,
    Bearer(token): Bearer,
) -> Result<Json<GroupCardView>, Refused> {
    let group = group.parse::<GroupId>().map_err(|_| Problem::new(Code::NotFound))?;
    Ok(Json(member(&app, &id, &token)?.group_card(group).await?))
}

/// `POST /api/follow`.
pub async fn follow(
    State(app): State<Arc<App>>,
    JsonBody(follow): JsonBody<Follow>,
) -> Result<Json<Followed>, Refused> {
    Ok(Json(app.hub.follow(follow).await?))
}

/// `GET /api/consultations/{id}/ending`.
pub async fn ending(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<Ending>, Refused> {
    let (caller, room) = open_plenary(&app, &id, &token).await?;
    let sha256 = facts(&app, &caller, &room, usual(&caller).await?).await?.sha256.clone();
    Ok(Json(caller.read(move |view, seat| view.consultation().ending_for(seat, &sha256)).await?))
}

/// `GET /api/certificates/{id}`.
pub async fn certificate(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<Certificate>, Refused> {
    let id = id.parse::<CertificateId>().map_err(|_| Problem::new(Code::NotFound))?;
    Ok(Json(app.hub.certificate(id)?))
}
