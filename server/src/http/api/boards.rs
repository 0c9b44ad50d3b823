//! Boards over HTTP, for places where sockets are blocked.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use proto::api::clocks::LateShelf;
use proto::api::desk::{DeskList, DeskPage};
use proto::api::wordings::{Wordings, WordingsPage};
use proto::ids::{DocumentName, GroupId, IdeaId};
use proto::problem::{Code, Problem};
use serde::Deserialize;
use tokio::time::timeout;

use crate::http::App;
use crate::http::auth::Bearer;
use crate::http::connections::peer::Peer;
use crate::http::connections::places::Doing;
use crate::http::error::{Refused, shared};
use crate::http::path_and_query::{Path, Query};
use crate::journal::Seq;

/// `?after=SEQ`.
#[derive(Debug, Deserialize)]
pub struct AfterSeq {
    after: Option<Seq>,
}

/// `GET /api/boards/{group-id}[?after=SEQ]`.
pub async fn read(
    State(app): State<Arc<App>>,
    Path(group): Path<String>,
    Query(AfterSeq { after }): Query<AfterSeq>,
    peer: Peer,
    Bearer(token): Bearer,
) -> Result<Response, Refused> {
    let group = group.parse::<GroupId>().map_err(|_| Problem::new(Code::NotFound))?;
    let document = DocumentName::Board(group);
    let caller = app.hub.identify_for(&token, document)?;
    let opened = caller.open(document).await?;
    let room = opened.room.ok_or_else(|| Problem::new(Code::NotFound))?;
    let ended = |_| Problem::new(Code::Unavailable);
    if after.is_some() {
        let _place = app.hub.poll(&caller, peer.prefix)?;
        peer.now(Doing::Waiting);
        // Nothing new in time: the board as it is.
        if let Ok(board) = timeout(app.hub.node.limits.long_poll, room.read_board(after)).await {
            return shared(&board.map_err(ended)?);
        }
        peer.now(Doing::Working);
    }
    shared(&room.read_board(None).await.map_err(ended)?)
}

/// `GET /api/boards/{group-id}/wordings/{idea-id}`.
pub async fn wordings(
    State(app): State<Arc<App>>,
    Path((group, idea)): Path<(String, String)>,
    Bearer(token): Bearer,
) -> Result<Json<Wordings>, Refused> {
    let group = group.parse::<GroupId>().map_err(|_| Problem::new(Code::NotFound))?;
    let idea = idea.parse::<IdeaId>().map_err(|_| Problem::new(Code::NotFound))?;
    let caller = app.hub.identify_for(&token, DocumentName::Board(group))?;
    Ok(Json(caller.read(move |view, seat| view.consultation().wordings(seat, group, idea)).await?))
}

/// `?from=N`.
#[derive(Debug, Deserialize)]
pub struct FromQuery {
    #[serde(default)]
    from: usize,
}

/// `GET /api/boards/{group-id}/wordings[?from=N]`: earlier words of all its ideas, a page of them.
pub async fn all_wordings(
    State(app): State<Arc<App>>,
    Path(group): Path<String>,
    Query(FromQuery { from }): Query<FromQuery>,
    Bearer(token): Bearer,
) -> Result<Json<WordingsPage>, Refused> {
    let group = group.parse::<GroupId>().map_err(|_| Problem::new(Code::NotFound))?;
    let caller = app.hub.identify_for(&token, DocumentName::Board(group))?;
    Ok(Json(caller.read(move |view, seat| view.wordings_page(seat, group, from)).await?))
}

/// `GET /api/boards/{group-id}/late`: what arrived after the board was locked.
pub async fn late(
    State(app): State<Arc<App>>,
    Path(group): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<LateShelf>, Refused> {
    let group = group.parse::<GroupId>().map_err(|_| Problem::new(Code::NotFound))?;
    let caller = app.hub.identify_for(&token, DocumentName::Board(group))?;
    Ok(Json(caller.read(move |view, seat| view.consultation().late_shelf(seat, group)).await?))
}

/// `?of=LIST&from=N`.
#[derive(Debug, Deserialize)]
pub struct PageQuery {
    of: DeskList,
    #[serde(default)]
    from: usize,
}

/// `GET /api/boards/{group-id}/desk?of=waiting|hidden[&from=N]`: a page of what waits for a moderator, or of what is hidden.
pub async fn desk(
    State(app): State<Arc<App>>,
    Path(group): Path<String>,
    Query(PageQuery { of, from }): Query<PageQuery>,
    Bearer(token): Bearer,
) -> Result<Json<DeskPage>, Refused> {
    let group = group.parse::<GroupId>().map_err(|_| Problem::new(Code::NotFound))?;
    let caller = app.hub.identify_for(&token, DocumentName::Board(group))?;
    Ok(Json(caller.read(move |view, seat| view.desk_page(seat, (group, of, from))).await?))
}
