//! What each request to the API costs, whatever it asks for: charged to its seat and to its address (rule W16).
//!
//! One unit before anything is done, and more for the bytes of body and answer afterwards. A read of a seat that is over
//! its rate waits for a moment; everything else is refused. The operator's own key has no account.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use proto::ids::SeatId;
use proto::problem::Problem;
use tokio::time::sleep_until;

use super::auth::bearer;
use super::connections::peer::Peer;
use super::connections::places::Doing;
use super::error::Refused;
use super::{App, counted_body};
use crate::hub::Sender;

/// Counts a request, and what it cost.
pub async fn counted(State(app): State<Arc<App>>, peer: Peer, request: Request, next: Next) -> Response {
    let seat = match bearer(request.headers()).map(|token| app.hub.identify(&token)) {
        Some(Ok(Sender::KeyHolder)) => return next.run(request).await,
        Some(Ok(Sender::Seat(caller))) => Some(caller.seat),
        Some(Ok(Sender::Anybody) | Err(_)) | None => None,
    };
    if let Err(problem) = admitted(&app, &peer, seat, request.method()).await {
        return Refused(problem).into_response();
    }
    let (extra, unit_bytes) = (extra_units(&app, &request), unit_bytes(&app, &request));
    let (request, arrived) = counted_body::counted(request);
    let response = next.run(request).await;
    let got = response.body().size_hint().exact();
    let bytes = arrived.load(Ordering::Relaxed).saturating_add(got.unwrap_or(0));
    let units = bytes as f64 / unit_bytes as f64;
    let made = if response.status() == StatusCode::OK { extra } else { 0.0 };
    app.hub.owe(seat, peer.prefix, units + made);
    response
}

async fn admitted(app: &App, peer: &Peer, seat: Option<SeatId>, method: &Method) -> Result<(), Problem> {
    let prefix = peer.prefix;
    if method != Method::GET {
        return app.hub.count_write(seat, prefix);
    }
    if let Some(until) = app.hub.count_read(seat, prefix)? {
        peer.now(Doing::Waiting);
        sleep_until(until).await;
        peer.now(Doing::Working);
    }
    Ok(())
}

/// Files to read are large, wanted by everybody, and in memory once for all.
fn unit_bytes(app: &App, request: &Request) -> usize {
    let costs = &app.hub.node.limits.costs;
    if request.uri().path().contains("/materials/") { costs.unit_bytes_of_files } else { costs.unit_bytes }
}

/// What is made for who asks costs more than its bytes.
fn extra_units(app: &App, request: &Request) -> f64 {
    let last = request.uri().path().rsplit('/').next().unwrap_or_default();
    let made = last.starts_with("export.") || last == "ending";
    if made { app.hub.node.limits.costs.units_of_an_export } else { 0.0 }
}
