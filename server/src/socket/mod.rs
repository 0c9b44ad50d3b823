//! The edge to phones: upgrades, tickets. What comes after is in `connection`, which knows `documents`, `messages` and `commands`; which pages may come, in `http::host_names`.
//!
//! A cookie alone never opens a socket: the token travels in the first message of each document, or as a ticket in the
//! address of the y-websocket wire, never the seat's token, because addresses end up in logs.

mod commands;
mod connection;
mod deliveries;
mod documents;
mod messages;
mod read_rate;
mod ticket;

use std::sync::Arc;

use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::response::Response;
use proto::ids::DocumentName;
use proto::problem::Problem;

use crate::address_prefix::PrefixId;
use crate::hub::Hub;
use crate::live::Caller;
use crate::watch::Loop;

pub use deliveries::{Deliveries, DeliveryStep, Do};
pub use messages::said;
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
    let place = hub.socket_place(prefix)?;
    let limits = Arc::clone(&hub.node.limits);
    let response = upgrade
        .read_buffer_size(limits.read_buffer_bytes)
        .write_buffer_size(0)
        // One message is written at a time; `send` looks at its length before.
        .max_write_buffer_size(limits.delivery.frame_bytes_max + 1024)
        .max_message_size(limits.message_bytes_max)
        .max_frame_size(limits.message_bytes_max)
        .on_upgrade(async move |socket: WebSocket| {
            let watch = Arc::clone(&hub.node.watch);
            // Boxed: the watch would keep it twice, for each of thousands of idle connections.
            let serving = Box::pin(connection::serve(socket, hub, wire, prefix));
            watch.turns(Loop::Socket, "a connection", serving).await;
            drop(place);
        });
    Ok(response)
}
