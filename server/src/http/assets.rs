//! The web client, embedded in the binary, and the headers of every answer.
//!
//! Hashed assets never change; `index.html` is asked for each time. An address that is neither a page nor a file is 404:
//! people get the client with it, which says what to do, programs a line of text.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$PLENUM_WEB_DIST"]
struct Web;

/// Pages of the client: addresses that people open.
const PAGES: [&str; 12] = [
    "",
    "join",
    "board",
    "moderate",
    "report",
    "organize",
    "room",
    "ledger",
    "certificate",
    "safeguard",
    "edit",
    "translate",
];

/// Serves the client.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let first = path.split('/').next().unwrap_or("");
    let is_asset = path.starts_with("assets/");
    let found = if PAGES.contains(&first) {
        file("index.html", false, &headers)
    } else {
        file(path, is_asset, &headers)
    };
    let page = |headers| {
        let mut page = file("index.html", false, headers)?;
        *page.status_mut() = StatusCode::NOT_FOUND;
        Some(page)
    };
    found
        .or_else(|| page(&headers).filter(|_| !is_asset && wants_page(&headers)))
        .unwrap_or_else(|| (StatusCode::NOT_FOUND, missing(first)).into_response())
}

fn missing(first: &str) -> &'static str {
    // Only a debug build reads the client from the disk, where it can be missing.
    if PAGES.contains(&first) {
        "The web client is missing. Build it: cd web && npm ci --ignore-scripts && npm run build\n"
    } else {
        "There is nothing here.\n"
    }
}

/// Is this asked for by somebody who wants to see a page?
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .any(|value| value.to_str().is_ok_and(|all| all.contains("text/html")))
}

/// A file of the client, in the best coding that is accepted; `forever`: it never changes.
fn file(file: &str, forever: bool, headers: &HeaderMap) -> Option<Response> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let accepts =
        |coding: &str| accepted.split(',').any(|part| part.trim().split(';').next() == Some(coding));
    // Browsers ask for brotli only on https and localhost: a phone on a laptop's plain address gets gzip.
    let compressed =
        [("br", "br"), ("gzip", "gz")].into_iter().filter(|(coding, _)| accepts(coding)).find_map(
            |(coding, ending)| Web::get(&format!("{file}.{ending}")).map(|content| (Some(coding), content)),
        );
    let (coding, content) = compressed.or_else(|| Web::get(file).map(|content| (None, content)))?;
    let cache = if forever { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = content.data.into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind_of(file)));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Some(response)
}

fn kind_of(file: &str) -> &'static str {
    match file.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}

/// What every answer says: no third parties, no addresses passed on, no frames, no guessing of types.
pub async fn headers(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    let mut response = next.run(request).await;
    let answer = response.headers_mut();
    // Older Safari does not take 'self' for sockets.
    let sockets = host
        .filter(|host| host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b)))
        .map(|host| format!(" ws://{host} wss://{host}"))
        .unwrap_or_default();
    let policy = format!(
        "default-src 'self'; connect-src 'self'{sockets}; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        // A file that somebody uploaded has a stricter one of its own.
        answer.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    answer.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
