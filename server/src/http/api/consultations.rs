//! Consultations, seats, commands, tickets.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use proto::api::consultation::{Answer, ConsultationView, Create, Created, Ticket, TicketRequest};
use proto::api::desk::{Alert, Desk};
use proto::command::Command;
use proto::ids::{ConsultationId, DocumentName};
use proto::problem::{Code, Problem};
use serde::Deserialize;

use crate::consultation::secret::hash_token;
use crate::http::App;
use crate::http::auth::{AtDoor, Bearer, JsonBody, Text};
use crate::http::error::Refused;
use crate::http::path_and_query::{Path, Query};
use crate::hub::Sender;
use crate::live::{Caller, Locator};
use crate::socket::Holder;

/// `POST /api/consultations`.
pub async fn create(
    State(app): State<Arc<App>>,
    Bearer(token): Bearer,
    JsonBody(wish): JsonBody<Create>,
) -> Result<(StatusCode, Json<Created>), Refused> {
    if !app.hub.is_organizer_key(&token) {
        return Err(
            Problem::because(Code::Unauthorized, "This is not the organizer key of this server.").into()
        );
    }
    Ok((StatusCode::CREATED, Json(app.hub.create(wish).await?)))
}

/// `GET /api/consultations/{id}`.
pub async fn view(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<ConsultationView>, Refused> {
    Ok(Json(member(&app, &id, &token)?.read(|view, seat| view.of_seat(seat)).await?))
}

/// `GET /api/consultations/{id}/desk`.
pub async fn desk(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<Desk>, Refused> {
    Ok(Json(member(&app, &id, &token)?.read(|view, seat| view.desk(seat)).await?))
}

/// `?from=N`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FromQuery {
    #[serde(default)]
    from: usize,
}

/// `GET /api/consultations/{id}/alerts[?from=N]`: a page of the reports that somebody may be in danger.
pub async fn alerts(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(FromQuery { from }): Query<FromQuery>,
    Bearer(token): Bearer,
) -> Result<Json<Vec<Alert>>, Refused> {
    Ok(Json(member(&app, &id, &token)?.alerts(from).await?.alerts))
}

/// Somebody who belongs to this consultation.
pub(in crate::http) fn member(app: &App, id: &str, token: &str) -> Result<Caller, Problem> {
    let id = id.parse::<ConsultationId>().map_err(|_| Problem::new(Code::NotFound))?;
    app.hub.identify_at(token, Locator::Consultation(id))
}

/// `POST /api/commands`.
pub async fn command(
    State(app): State<Arc<App>>,
    AtDoor(client): AtDoor,
    Text(json): Text,
) -> Result<Json<Answer>, Refused> {
    let sender = client.token.as_ref().map_or(Ok(Sender::Anybody), |token| app.hub.identify(token));
    let command =
        Command::from_json(&json).map_err(|error| Problem::because(Code::Malformed, error.to_string()));
    let sender = match (sender, &client.token, &command) {
        (Ok(sender), ..) => sender,
        // The link of a consultation that it deleted: the answer may have been lost (rule C12).
        (Err(problem), Some(token), Ok(command)) => {
            return Ok(Json(app.hub.purged_before(token, command, problem)?));
        }
        (Err(problem), ..) => return Err(problem.into()),
    };
    let command = command?;
    Ok(Json(app.hub.command(&sender, client, command).await?))
}

/// `POST /api/tickets`.
pub async fn ticket(
    State(app): State<Arc<App>>,
    Bearer(token): Bearer,
    JsonBody(request): JsonBody<TicketRequest>,
) -> Result<Json<Ticket>, Refused> {
    let document = request.document.parse::<DocumentName>();
    let document = document.map_err(|unknown| Problem::because(Code::NotFound, unknown.to_string()))?;
    let caller = app.hub.identify_for(&token, document)?;
    // Only for what may be read: a ticket opens its document without asking again who made it.
    caller.open(document).await?;
    let token = Some(hash_token(&token)).filter(|_| !app.hub.is_organizer_key(&token));
    let holder = Holder { consultation: caller.consultation.id, seat: caller.seat, token };
    Ok(Json(app.tickets.make(holder, document, app.hub.node.clock.now())))
}
