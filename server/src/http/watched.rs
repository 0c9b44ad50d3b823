//! Handlers of the API work on the threads of the work, and their turns are watched.
//!
//! What reads, checks and writes a body may take a while; the threads of the network only pass it on. A slow turn is named
//! by its route, never by its address, which may hold a code.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use proto::problem::{Code, Problem};
use tokio::task::JoinSet;

use super::App;
use super::error::Refused;
use crate::watch::Loop;

/// Runs the handler of a request on a thread of the work.
pub async fn handler(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let watch = Arc::clone(&app.hub.node.watch);
    let answering = async move {
        let route = request.extensions().get::<MatchedPath>().cloned();
        let route = route.as_ref().map_or("no route", MatchedPath::as_str);
        watch.turns(Loop::Http, route, next.run(request)).await
    };
    // A set of one: when the phone is gone, this is dropped and ends the handler.
    let mut working = JoinSet::new();
    working.spawn_on(answering, &app.hub.node.work);
    match working.join_next().await {
        Some(Ok(response)) => response,
        // It panicked: the hook has said where.
        Some(Err(_)) | None => Refused::from(Problem::new(Code::Unavailable)).into_response(),
    }
}
