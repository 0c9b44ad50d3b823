//! Preparing: templates in and out, what is prepared and what is missing, staff links, files to read.
//!
//! Files are handed out as downloads and never shown: with a type that no browser renders in its page, `attachment`,
//! `nosniff`, and a policy that sandboxes whoever opens it all the same. A phone fetches one with its token and saves what
//! came, so that no secret stands in an address.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use proto::api::consultation::Created;
use proto::api::preparation::{Checklist, LinkInfo, Preparation};
use proto::api::programme::{FileContent, ProgrammeView};
use proto::ids::MaterialId;
use proto::problem::{Code, Problem};
use tokio::sync::Semaphore;

use super::consultations::member;
use crate::consultation::prepare::template::built_in;
use crate::http::App;
use crate::http::auth::{Bearer, body_in_time};
use crate::http::error::Refused;
use crate::http::path_and_query::Path;

/// `GET /api/consultations/{id}/programme`.
pub async fn programme(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<ProgrammeView>, Refused> {
    Ok(Json(member(&app, &id, &token)?.read(|view, _| Ok(view.consultation().programme_view())).await?))
}

/// `GET /api/templates/{name}`.
pub async fn template(Path(name): Path<String>) -> Result<Response, Refused> {
    let file = built_in(&name)
        .ok_or_else(|| Problem::because(Code::NotFound, format!("There is no template \"{name}\".")))?;
    Ok(json_file(&format!("{name}.json"), file.to_owned()))
}

/// `POST /api/consultations/import`.
pub async fn import(
    State(app): State<Arc<App>>,
    Bearer(token): Bearer,
    request: Request,
) -> Result<(StatusCode, Json<Created>), Refused> {
    if !app.hub.is_organizer_key(&token) {
        return Err(
            Problem::because(Code::Unauthorized, "This is not the organizer key of this server.").into()
        );
    }
    let limit = app.hub.node.limits.template_bytes_max;
    let (pause, time) = (app.hub.node.limits.costs.body_pause, app.hub.node.limits.costs.body_time);
    let bytes = body_in_time(request.into_body(), limit, pause, time).await?;
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| Problem::because(Code::Malformed, "The file is not UTF-8."))?;
    Ok((StatusCode::CREATED, Json(app.hub.import(&text).await?)))
}

/// `GET /api/consultations/{id}/template`.
pub async fn export(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Response, Refused> {
    let template =
        member(&app, &id, &token)?.read(|view, seat| view.consultation().as_template(seat)).await?;
    let file = template.to_file().map_err(|error| {
        tracing::error!(%error, "a template could not be written");
        Problem::new(Code::Unavailable)
    })?;
    Ok(json_file("template.json", file))
}

fn json_file(name: &str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, body).into_response()
}

/// `GET /api/consultations/{id}/preparation`.
pub async fn preparation(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<Preparation>, Refused> {
    Ok(Json(member(&app, &id, &token)?.read(|view, seat| view.consultation().preparation(seat)).await?))
}

/// `GET /api/consultations/{id}/checklist`.
pub async fn checklist(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<Checklist>, Refused> {
    Ok(Json(member(&app, &id, &token)?.read(|view, seat| view.checklist(seat)).await?))
}

/// `GET /api/consultations/{id}/links`.
pub async fn links(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<Vec<LinkInfo>>, Refused> {
    Ok(Json(member(&app, &id, &token)?.read(|view, seat| view.staff_links(seat)).await?))
}

/// Files that are whole in memory at this moment.
#[derive(Debug)]
pub struct FilePlaces(Semaphore);

impl FilePlaces {
    /// So many places.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self(Semaphore::new(places))
    }
}

/// `PUT /api/consultations/{id}/materials/{material-id}`: the PDF itself as body.
pub async fn upload(
    State(app): State<Arc<App>>,
    Path((id, material)): Path<(String, String)>,
    Bearer(token): Bearer,
    request: Request,
) -> Result<Json<FileContent>, Refused> {
    let caller = member(&app, &id, &token)?;
    let material = material_id(&material)?;
    // Whether this is an organizer is asked before a byte of the file is taken.
    caller.read(|view, seat| view.consultation().preparation(seat).map(drop)).await?;
    let _place = app.files.0.acquire().await.map_err(|_| Problem::new(Code::Unavailable))?;
    let limit = app.hub.node.limits.file_bytes_max;
    let (pause, time) = (app.hub.node.limits.costs.body_pause, app.hub.node.limits.upload_time);
    let bytes = body_in_time(request.into_body(), limit, pause, time).await?;
    Ok(Json(app.hub.upload(&caller, material, bytes.into()).await?))
}

/// `GET /api/consultations/{id}/materials/{material-id}`.
pub async fn download(
    State(app): State<Arc<App>>,
    Path((id, material)): Path<(String, String)>,
    Bearer(token): Bearer,
) -> Result<Response, Refused> {
    let caller = member(&app, &id, &token)?;
    let material = material_id(&material)?;
    let _place = app.files.0.acquire().await.map_err(|_| Problem::new(Code::Unavailable))?;
    let (name, bytes) = app.hub.file(&caller, material).await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &str); 3] = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, SANDBOX),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(&disposition(&name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// What a file may do that somebody opens in a browser all the same: nothing.
pub const SANDBOX: &str = "sandbox; default-src 'none'";

fn material_id(text: &str) -> Result<MaterialId, Problem> {
    text.parse().map_err(|_| Problem::because(Code::NotFound, "There is no such file."))
}

/// Always a download; the name twice, for old programs in ASCII, for others as RFC 6266 says.
fn disposition(name: &str) -> String {
    let ascii: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        let said = disposition("a\"; x=\"\r\nb/../é.pdf");
        assert_eq!(said.matches('"').count(), 2, "{said}");
        assert!(!said.contains(['\r', '\n', '/']), "{said}");
        assert!(said.ends_with("filename*=UTF-8''a%22%3B%20x%3D%22%0D%0Ab%2F..%2F%C3%A9.pdf"), "{said}");
    }
}
