//! The two addresses of sockets.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::HeaderMap;
use axum::response::Response;
use proto::ids::DocumentName;
use proto::problem::{Code, Problem};
use serde::Deserialize;

use super::App;
use super::connections::peer::Peer;
use super::error::Refused;
use super::path_and_query::{Path, Query};
use crate::socket::{Wire, upgrade};

/// `?token=TICKET`.
#[derive(Debug, Deserialize)]
pub struct WithTicket {
    token: Option<String>,
}

/// `GET /sync`: the Hocuspocus wire.
pub async fn hocuspocus(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    peer: Peer,
    socket: WebSocketUpgrade,
) -> Result<Response, Refused> {
    app.names.check_origin(&headers)?;
    Ok(upgrade(socket, Arc::clone(&app.hub), Wire::Hocuspocus, peer.prefix)?)
}

/// `GET /sync/{document}?token=TICKET`: the y-websocket wire.
pub async fn y_websocket(
    State(app): State<Arc<App>>,
    Path(document): Path<String>,
    Query(WithTicket { token }): Query<WithTicket>,
    headers: HeaderMap,
    peer: Peer,
    socket: WebSocketUpgrade,
) -> Result<Response, Refused> {
    app.names.check_origin(&headers)?;
    let document = document.parse::<DocumentName>();
    let document = document.map_err(|unknown| Problem::because(Code::NotFound, unknown.to_string()))?;
    let ticket = token.unwrap_or_default();
    let claims = app.tickets.read(&ticket, document, app.hub.node.clock.now());
    let caller = claims.and_then(|holder| app.hub.ticketed(holder.consultation, holder.seat, holder.token));
    let wire = match caller {
        Some(caller) => Wire::YWebsocket(document, caller),
        // Said on the socket, because a stock client stops only at a close code.
        None => Wire::Unauthorized,
    };
    Ok(upgrade(socket, Arc::clone(&app.hub), wire, peer.prefix)?)
}
