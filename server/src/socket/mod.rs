//! The edge to phones: upgrades, origins, tickets. What comes after is in `connection`.
//!
//! A cookie alone never opens a socket: the token travels in the first message of each document, or as a ticket in the
//! address of the y-websocket wire, never the seat's token, because addresses end up in logs.

mod connection;
mod ticket;

use std::sync::Arc;

use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use proto::ids::DocumentName;
use proto::problem::{Code, Problem};

use crate::hub::{Caller, Hub};
use crate::prefix::PrefixId;

pub use connection::said;
pub use ticket::{Holder, Tickets};

/// Which wire a connection speaks.
pub enum Wire {
    /// `/sync`: many documents, each opened with its token.
    Hocuspocus,
    /// `/sync/{document}`: one document, opened with the ticket in the address.
    YWebsocket(DocumentName, Caller),
    /// `/sync/{document}` with a ticket that is not valid: opened only to say so.
    Unauthorized,
}

/// Makes a socket of a request that comes from this place.
///
/// # Errors
/// `unavailable` when there are as many sockets as there may be.
pub fn upgrade(
    upgrade: WebSocketUpgrade,
    hub: Arc<Hub>,
    wire: Wire,
    prefix: PrefixId,
) -> Result<Response, Problem> {
    let place = hub.socket_place()?;
    let limits = Arc::clone(&hub.limits);
    let response = upgrade
        .read_buffer_size(limits.read_buffer_bytes)
        .write_buffer_size(0)
        .max_write_buffer_size(limits.message_bytes_max * 4)
        .max_message_size(limits.message_bytes_max)
        .max_frame_size(limits.message_bytes_max)
        .on_upgrade(async move |socket: WebSocket| {
            connection::serve(socket, hub, wire, prefix).await;
            drop(place);
        });
    Ok(response)
}

/// May a page at this origin open a socket here (rule W13)?
///
/// # Errors
/// `forbidden` when the page is not ours.
pub fn check_origin(headers: &HeaderMap, public_url: &str) -> Result<(), Problem> {
    let refuse =
        || Problem::because(Code::Forbidden, "Only this server's own pages may open a connection here.");
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let Some(origin) = text(header::ORIGIN) else {
        // A program. A browser that hides where it comes from still sends one of these.
        let fetched = headers.keys().any(|name| name.as_str().starts_with("sec-fetch-"));
        return if fetched || headers.contains_key(header::COOKIE) { Err(refuse()) } else { Ok(()) };
    };
    let ours = origin == public_url
        || text(header::HOST).is_some_and(|host| {
            !host.is_empty() && (origin == format!("http://{host}") || origin == format!("https://{host}"))
        });
    if ours { Ok(()) } else { Err(refuse()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pairs: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        check_origin(&headers, "https://plenum.example").is_ok()
    }

    #[test]
    fn w13_our_own_pages_and_programs_may_connect() {
        assert!(check(&[("host", "192.168.1.5:8080"), ("origin", "http://192.168.1.5:8080")]));
        assert!(check(&[("host", "internal:8080"), ("origin", "https://plenum.example")]));
        assert!(check(&[("host", "192.168.1.5:8080")]));
    }

    #[test]
    fn w13_foreign_look_alike_and_hidden_origins_may_not() {
        for origin in
            ["null", "", "http://evil.example", "http://192.168.1.5:8080.evil.example", "http://192.168.1.5"]
        {
            assert!(!check(&[("host", "192.168.1.5:8080"), ("origin", origin)]), "{origin}");
        }
        assert!(!check(&[("host", "192.168.1.5:8080"), ("cookie", "a=b")]));
        assert!(!check(&[("host", "192.168.1.5:8080"), ("sec-fetch-mode", "websocket")]));
    }
}
