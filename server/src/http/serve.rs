//! The listener: a place for each connection that is accepted, and a limited time for its headers.
//!
//! Not `axum::serve`, which waits for headers for ever (300 of 300 half-open requests lived on after 45 s). Nobody waits to
//! be accepted: when all places are taken, who uses the most gives one up (`places`).

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::HttpBody;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::peer::Peer;
use super::places::{Doing, Place, Places};
use crate::config::Limits;
use crate::prefix::Prefixes;
use crate::stop::Stopping;

/// Serves until told to stop; sockets are told by the hub.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    limits: &Limits,
    prefixes: Prefixes,
    mut stop: Stopping,
) {
    let (places, prefixes) = (Arc::new(Places::new(limits.connections_max)), Arc::new(prefixes));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = stop.wait() => break,
            accepted = listener.accept() => accepted,
            // A task that has ended, as each does whose connection became a socket, keeps its memory until here.
            Some(_) = connections.join_next() => continue,
        };
        let (stream, peer) = match accepted {
            Ok((stream, peer)) => (stream, peer.ip()),
            Err(error) => {
                // Out of descriptors, or a connection that was gone at once: others must not suffer.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Some(place) = places.enter(prefixes.of(peer)) else { continue };
        let _ = stream.set_nodelay(true);
        let one = Connection { routes: routes.clone(), prefixes: Arc::clone(&prefixes), peer, place };
        connections.spawn(one.serve(stream, limits.header_time, limits.head_bytes_max, stop.clone()));
    }
    drop(listener);
    let _ = tokio::time::timeout(limits.farewell_time, async {
        while connections.join_next().await.is_some() {}
    })
    .await;
}

/// One connection.
struct Connection {
    routes: Router,
    prefixes: Arc<Prefixes>,
    peer: IpAddr,
    place: Arc<Place>,
}

impl Connection {
    /// Serves it until it ends, becomes a socket, or somebody else needs its place.
    async fn serve(
        self,
        stream: TcpStream,
        header_time: Duration,
        head_bytes_max: usize,
        mut stop: Stopping,
    ) {
        let Self { routes, prefixes, peer, place } = self;
        let routes = TowerToHyperService::new(routes);
        let held = Arc::clone(&place);
        let answer = service_fn(move |mut request: Request<Incoming>| {
            let (routes, place) = (routes.clone(), Arc::clone(&held));
            place.now(if request.body().is_end_stream() { Doing::Working } else { Doing::Body });
            let peer = Peer::new(&prefixes, peer, request.headers(), Arc::clone(&place));
            request.extensions_mut().insert(peer.prefix);
            request.extensions_mut().insert(peer);
            async move {
                let response = hyper::service::Service::call(&routes, request).await;
                // Who does not take its answer is like who asks for nothing.
                place.now(Doing::Idle);
                response
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(header_time)
            .max_buf_size(head_bytes_max)
            .serve_connection(TokioIo::new(stream), answer)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            _ = connection.as_mut() => return,
            () = place.ended() => return,
            () = stop.wait() => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }
}
