//! The listener: accepts connections up to a bound and gives each a limited time for its headers. Each request carries the
//! [`Origin`](crate::prefix::PrefixId) of its connection.
//!
//! Not `axum::serve`, which waits for headers for ever (300 of 300 half-open requests lived on after 45 s).

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::config::Limits;
use crate::prefix::Prefixes;
use crate::stop::Stopping;

/// Serves until told to stop; sockets are told by the hub.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    prefixes: Prefixes,
    limits: &Limits,
    mut stop: Stopping,
) {
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            () = stop.wait() => break,
            next = next => next,
            // A task that has ended, as each does whose connection became a socket, keeps its memory until here.
            Some(_) = connections.join_next() => continue,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of descriptors, or a connection that was gone at once: others must not suffer.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let prefix = prefixes.of(address.ip());
        let routes = TowerToHyperService::new(routes.clone());
        let with_prefix = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(prefix);
            routes.call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_time)
            .max_buf_size(limits.head_bytes_max)
            .serve_connection(TokioIo::new(stream), with_prefix)
            .with_upgrades();
        let mut stop = stop.clone();
        connections.spawn(async move {
            let _place = place;
            let mut connection = std::pin::pin!(connection);
            tokio::select! {
                _ = connection.as_mut() => return,
                () = stop.wait() => connection.as_mut().graceful_shutdown(),
            }
            let _ = connection.await;
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(limits.farewell_time, async {
        while connections.join_next().await.is_some() {}
    })
    .await;
}
