//! How the server is: one word for whoever watches it, and figures for who has its organizer key.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use proto::problem::{Code, Problem};
use serde::Serialize;

use crate::http::App;
use crate::http::auth::Bearer;
use crate::http::error::Refused;
use crate::watch::{Count, Loop};

/// `GET /healthz`: `ok`, or `degraded` and how many consultations were given up.
///
/// The status is 200 in both cases: the others are served, and a balancer that took the server away for one consultation
/// would end them all.
pub async fn ready(State(app): State<Arc<App>>) -> String {
    match app.hub.health() {
        (_, 0) => "ok\n".to_owned(),
        (all, given_up) => format!("degraded: {given_up} of {all} consultations cannot be served\n"),
    }
}

/// How the server is, since it started.
#[derive(Debug, Serialize)]
pub struct Health {
    consultations: usize,
    given_up: usize,
    restarted: u64,
    rooms_panicked: u64,
    exports: Exports,
    slow_turns: Vec<SlowTurns>,
}

#[derive(Debug, Serialize)]
struct Exports {
    asked: u64,
    made: u64,
}

/// Turns of a loop that took longer than 50 ms.
#[derive(Debug, Serialize)]
struct SlowTurns {
    of: &'static str,
    turns: u64,
    longest_ms: u64,
}

/// `GET /api/health`, with the organizer key.
pub async fn health(State(app): State<Arc<App>>, Bearer(token): Bearer) -> Result<Json<Health>, Refused> {
    if !app.hub.is_organizer_key(&token) {
        let detail = "This is not the organizer key of this server.";
        return Err(Problem::because(Code::Unauthorized, detail).into());
    }
    let watch = &app.hub.node.watch;
    let (consultations, given_up) = app.hub.health();
    let slow = |of: Loop| {
        let slow = watch.slow(of);
        SlowTurns { of: of.name(), turns: slow.turns, longest_ms: slow.longest_us / 1_000 }
    };
    Ok(Json(Health {
        consultations,
        given_up,
        restarted: watch.counted(Count::Restarted),
        rooms_panicked: watch.counted(Count::RoomPanicked),
        exports: Exports { asked: watch.counted(Count::ExportAsked), made: watch.counted(Count::ExportMade) },
        slow_turns: Loop::ALL.map(slow).into(),
    }))
}
