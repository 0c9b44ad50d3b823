//! Every route on one page.
//!
//! The words of the API are in `proto/README.md`; the bodies in `proto::api::consultation`. A refusal is a problem body (RFC 9457).

mod api;
mod assets;
mod auth;
mod connections;
mod cost;
mod counted_body;
mod error;
mod host_names;
mod path_and_query;
mod watched;
mod websockets;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::hub::Hub;
use crate::rehearsal::Rehearsals;
use crate::socket::Tickets;

pub use api::export_cache::MadeExports;
pub use api::preparation::FilePlaces;
pub use connections::listener::serve;
pub use host_names::{Names, name_of, of_machine};

/// What every route shares.
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct App {
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

/// All routes, with the layers that every request passes.
pub fn routes(app: Arc<App>) -> Router {
    let api = Router::new()
        .route("/consultations", post(api::consultations::create))
        .route("/consultations/{id}", get(api::consultations::view))
        .route("/consultations/{id}/desk", get(api::consultations::desk))
        .route("/consultations/{id}/ledger", get(api::records::ledger))
        .route("/health", get(api::health::health))
        .route("/templates/{name}", get(api::preparation::template))
        .route("/consultations/import", post(api::preparation::import))
        .route("/consultations/{id}/alerts", get(api::consultations::alerts))
        .route("/consultations/{id}/programme", get(api::preparation::programme))
        .route("/consultations/{id}/entry-cards", get(api::entry::cards))
        .route("/consultations/{id}/seat-code", post(api::entry::seat_code))
        .route("/handover", post(api::entry::leave_parcel))
        .route("/handover/{id}", get(api::entry::look_at_parcel).post(api::entry::fetch_parcel))
        .route("/consultations/{id}/exchange", post(api::entry::exchange))
        .route("/join", post(api::entry::join))
        .route("/join/{code}", get(api::entry::doorstep))
        .route("/consultations/{id}/group-cards/{group}", get(api::records::card))
        .route("/consultations/{id}/ending", get(api::records::ending))
        .route("/certificates/{id}", get(api::records::certificate))
        .route("/follow", post(api::records::follow))
        .route("/consultations/{id}/preparation", get(api::preparation::preparation))
        .route("/consultations/{id}/checklist", get(api::preparation::checklist))
        .route("/consultations/{id}/links", get(api::preparation::links))
        .route("/consultations/{id}/template", get(api::preparation::export))
        .route(
            "/consultations/{id}/materials/{material}",
            get(api::preparation::download).put(api::preparation::upload),
        )
        .route(
            "/consultations/{id}/rehearsal",
            post(api::rehearsal::start).get(api::rehearsal::view).delete(api::rehearsal::stop),
        )
        .route("/commands", post(api::consultations::command))
        .route("/tickets", post(api::consultations::ticket))
        .route("/boards/{group}", get(api::boards::read))
        .route("/boards/{group}/wordings", get(api::boards::all_wordings))
        .route("/boards/{group}/wordings/{idea}", get(api::boards::wordings))
        .route("/boards/{group}/late", get(api::boards::late))
        .route("/boards/{group}/desk", get(api::boards::desk))
        .route("/plenary/{id}", get(api::plenary::read))
        .route("/plenary/{id}/suggestions", get(api::plenary::suggestions))
        .route("/plenary/{id}/doubtful", get(api::plenary::doubtful))
        .route("/plenary/{id}/versions", get(api::versions::list))
        .route("/plenary/{id}/versions/{number}", get(api::versions::read))
        .route("/plenary/{id}/export.md", get(api::exports::markdown))
        .route("/plenary/{id}/export.docx", get(api::exports::docx))
        .route("/plenary/{id}/export.csv", get(api::exports::csv))
        .route("/plenary/{id}/export.json", get(api::exports::json))
        .fallback(error::not_found)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), watched::handler))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), cost::counted))
        .layer(axum::middleware::map_response(error::never_stored));
    Router::new()
        .route("/healthz", get(api::health::ready))
        .route("/sync", get(websockets::hocuspocus))
        .route("/sync/{*document}", get(websockets::y_websocket))
        .nest("/api", api)
        .fallback(assets::serve)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), host_names::guard))
        .layer(axum::middleware::from_fn(assets::headers))
        .with_state(app)
}
