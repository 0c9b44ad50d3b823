//! Every route on one page.
//!
//! The words of the API are in `proto/README.md`; the bodies in `proto::api`. A refusal is a problem body (RFC 9457).

mod arriving;
mod assets;
mod auth;
mod boards;
mod consultations;
mod cost;
mod doors;
mod error;
mod exports;
mod health;
mod made;
mod names;
mod parts;
mod peer;
mod places;
mod plenary;
mod prepare;
mod records;
mod rehearsal;
mod serve;
mod sync;
mod watched;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::hub::Hub;
use crate::rehearsal::Rehearsals;
use crate::socket::Tickets;

pub use made::MadeExports;
pub use names::{Names, name_of, of_machine};
pub use prepare::FilePlaces;
pub use serve::serve;

/// What every route shares.
pub struct App {
    /// The hub.
    pub hub: Arc<Hub>,
    /// The names that this server answers to.
    pub names: Names,
    /// Tickets for the y-websocket wire.
    pub tickets: Tickets,
    /// Exports that were made.
    pub exports: MadeExports,
    /// Places for files that are whole in memory.
    pub files: FilePlaces,
    /// Days that are rehearsed.
    pub rehearsals: Arc<Rehearsals>,
}

/// All routes.
pub fn routes(app: Arc<App>) -> Router {
    let api = Router::new()
        .route("/consultations", post(consultations::create))
        .route("/consultations/{id}", get(consultations::view))
        .route("/consultations/{id}/desk", get(consultations::desk))
        .route("/consultations/{id}/ledger", get(records::ledger))
        .route("/health", get(health::health))
        .route("/templates/{name}", get(prepare::template))
        .route("/consultations/import", post(prepare::import))
        .route("/consultations/{id}/alerts", get(consultations::alerts))
        .route("/consultations/{id}/programme", get(prepare::programme))
        .route("/consultations/{id}/cards", get(doors::cards))
        .route("/consultations/{id}/my-code", post(doors::seat_code))
        .route("/handover", post(doors::leave_parcel))
        .route("/handover/{id}", get(doors::look_at_parcel).post(doors::fetch_parcel))
        .route("/consultations/{id}/exchange", post(doors::exchange))
        .route("/join", post(doors::join))
        .route("/join/{code}", get(doors::doorstep))
        .route("/consultations/{id}/card/{group}", get(records::card))
        .route("/consultations/{id}/ending", get(records::ending))
        .route("/certificates/{id}", get(records::certificate))
        .route("/follow", post(records::follow))
        .route("/consultations/{id}/preparation", get(prepare::preparation))
        .route("/consultations/{id}/checklist", get(prepare::checklist))
        .route("/consultations/{id}/links", get(prepare::links))
        .route("/consultations/{id}/template", get(prepare::export))
        .route("/consultations/{id}/materials/{material}", get(prepare::download).put(prepare::upload))
        .route(
            "/consultations/{id}/rehearsal",
            post(rehearsal::start).get(rehearsal::view).delete(rehearsal::stop),
        )
        .route("/commands", post(consultations::command))
        .route("/tickets", post(consultations::ticket))
        .route("/boards/{group}", get(boards::read))
        .route("/boards/{group}/wordings/{idea}", get(boards::wordings))
        .route("/boards/{group}/late", get(boards::late))
        .route("/boards/{group}/desk", get(boards::desk))
        .route("/plenary/{id}", get(plenary::read))
        .route("/plenary/{id}/suggestions", get(plenary::suggestions))
        .route("/plenary/{id}/doubtful", get(plenary::doubtful))
        .route("/plenary/{id}/export.md", get(exports::markdown))
        .route("/plenary/{id}/export.docx", get(exports::docx))
        .route("/plenary/{id}/export.csv", get(exports::csv))
        .route("/plenary/{id}/export.json", get(exports::json))
        .fallback(error::not_found)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), watched::handler))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), cost::counted))
        .layer(axum::middleware::map_response(error::never_stored));
    Router::new()
        .route("/healthz", get(health::ready))
        .route("/sync", get(sync::hocuspocus))
        .route("/sync/{*document}", get(sync::y_websocket))
        .nest("/api", api)
        .fallback(assets::serve)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), names::guard))
        .layer(axum::middleware::from_fn(assets::headers))
        .with_state(app)
}
