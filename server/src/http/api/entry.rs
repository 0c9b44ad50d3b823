//! Coming in, and taking a seat along: doorsteps, seats, cards, codes for moving, parcels between phones.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use proto::api::consultation::{Join, JoinInfo, Joined};
use proto::api::entry::{EntryCards, Exchange, Handover, HandoverPlace, HandoverView, SeatCode};
use proto::ids::ConsultationId;
use proto::problem::{Code, Problem};

use super::consultations::member;
use crate::http::App;
use crate::http::auth::{AtDoor, Bearer, JsonBody};
use crate::http::connections::peer::Peer;
use crate::http::connections::places::Doing;
use crate::http::error::Refused;
use crate::http::path_and_query::Path;
use crate::hub::Sender;

/// `POST /api/join`.
pub async fn join(
    State(app): State<Arc<App>>,
    peer: Peer,
    AtDoor(client): AtDoor,
    JsonBody(join): JsonBody<Join>,
) -> Result<(StatusCode, Json<Joined>), Refused> {
    peer.now(Doing::Waiting);
    let (joined, _) = app.hub.join(client, join).await?;
    Ok((StatusCode::CREATED, Json(joined)))
}

/// `GET /api/join/{code}`.
pub async fn doorstep(
    State(app): State<Arc<App>>,
    peer: Peer,
    AtDoor(client): AtDoor,
    Path(code): Path<String>,
) -> Result<Json<JoinInfo>, Refused> {
    peer.now(Doing::Waiting);
    Ok(Json(app.hub.doorstep(&client, &code).await?))
}

/// `GET /api/consultations/{id}/entry-cards`.
pub async fn cards(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<EntryCards>, Refused> {
    Ok(Json(member(&app, &id, &token)?.read(|view, seat| view.entry_cards(seat)).await?))
}

/// `POST /api/consultations/{id}/seat-code`.
pub async fn seat_code(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<SeatCode>, Refused> {
    let caller = member(&app, &id, &token)?;
    app.hub.count(&caller)?;
    Ok(Json(caller.seat_code().await?))
}

/// `POST /api/handover`.
pub async fn leave_parcel(
    State(app): State<Arc<App>>,
    Bearer(token): Bearer,
    JsonBody(parcel): JsonBody<Handover>,
) -> Result<(StatusCode, Json<HandoverPlace>), Refused> {
    let Sender::Seat(caller) = app.hub.identify(&token)? else {
        return Err(Problem::because(Code::Forbidden, "Only a seat can be taken along.").into());
    };
    app.hub.count(&caller)?;
    Ok((StatusCode::CREATED, Json(app.hub.leave_parcel(&caller, parcel)?)))
}

/// `GET /api/handover/{id}`: nobody's token, because the phone that looks has none yet; the id is 128 bits by lot.
pub async fn look_at_parcel(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<HandoverView>, Refused> {
    Ok(Json(app.hub.look_at_parcel(&id).await?))
}

/// `POST /api/handover/{id}`: as above, and the parcel is gone.
pub async fn fetch_parcel(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<Handover>, Refused> {
    Ok(Json(app.hub.fetch_parcel(&id)?))
}

/// `POST /api/consultations/{id}/exchange`.
pub async fn exchange(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
    JsonBody(Exchange { request }): JsonBody<Exchange>,
) -> Result<Json<Joined>, Refused> {
    let id = id.parse::<ConsultationId>().map_err(|_| Problem::new(Code::NotFound))?;
    Ok(Json(app.hub.exchange(&token, id, request).await?))
}
