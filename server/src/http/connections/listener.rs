//! The listener: a place for each connection that is accepted, and a limited time for its headers.
//!
//! Not `axum::serve`, which waits for headers for ever (300 of 300 half-open requests lived on after 45 s). Nobody waits to
//! be accepted: when all places are taken, who uses the most gives one up (`places`). Of one prefix so many a second are served
//! (`pace`).

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
use tokio::time::{Instant, sleep_until};

use super::pace::{Pace, PaceTurn, WaitingConnection};
use super::peer::Peer;
use super::places::{ConnectionSlot, ConnectionSlots, Doing};
use crate::address_prefix::{PrefixId, Prefixes};
use crate::clock::tick;
use crate::config::Limits;
use crate::stop_signal::Stopping;

/// Serves until told to stop; sockets are told by the hub.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    limits: &Limits,
    prefixes: Prefixes,
    mut stop: Stopping,
) {
    let pace = Arc::new(Pace::new(limits.pace));
    let serving = Arc::new(Serving {
        routes,
        prefixes: Arc::new(prefixes),
        places: Arc::new(ConnectionSlots::new(limits.connections_max)),
        header_time: limits.header_time,
        ends_earlier: limits.bursts.ends_earlier,
        head_bytes_max: limits.head_bytes_max,
    });
    let mut connections = JoinSet::new();
    let mut turns = Turns::of(limits.bursts.accepted_per_turn);
    loop {
        turns.take().await;
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
        let prefix = serving.prefixes.of(peer);
        let speaks_for_many = serving.prefixes.is_proxy(peer);
        let turn = if speaks_for_many { PaceTurn::Now } else { pace.turn(prefix, tick()) };
        let newcomer = Newcomer { serving: Arc::clone(&serving), peer, prefix, stream };
        match turn {
            PaceTurn::Now => {
                if let Some(connection) = newcomer.placed() {
                    connections.spawn(connection.serve(stop.clone()));
                }
            }
            PaceTurn::At(at, waiting) => {
                connections.spawn(newcomer.later(at, waiting, stop.clone()));
            }
            PaceTurn::Never(at, waiting) => {
                connections.spawn(newcomer.closed(at, waiting, stop.clone()));
            }
            PaceTurn::Full => {}
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(limits.farewell_time, async {
        while connections.join_next().await.is_some() {}
    })
    .await;
}

/// Lets everything else that is ready have its turn after each so many steps: also what the network brought meanwhile.
struct Turns {
    each: usize,
    left: usize,
}

impl Turns {
    const fn of(each: usize) -> Self {
        Self { each, left: each }
    }

    async fn take(&mut self) {
        if self.left == 0 {
            tokio::task::yield_now().await;
            self.left = self.each;
        }
        self.left -= 1;
    }
}

/// What all connections are served with.
struct Serving {
    routes: Router,
    prefixes: Arc<Prefixes>,
    places: Arc<ConnectionSlots>,
    header_time: Duration,
    ends_earlier: f64,
    head_bytes_max: usize,
}

/// A connection that was accepted and has no place yet.
struct Newcomer {
    serving: Arc<Serving>,
    peer: IpAddr,
    prefix: PrefixId,
    stream: TcpStream,
}

impl Newcomer {
    /// With a place; none when everybody is being worked for.
    fn placed(self) -> Option<Connection> {
        let Self { serving, peer, prefix, stream } = self;
        let place = serving.places.enter(prefix)?;
        let _ = stream.set_nodelay(true);
        Some(Connection { serving, peer, place, stream })
    }

    /// Waits for its turn, and is served.
    async fn later(self, at: Instant, waiting: WaitingConnection, mut stop: Stopping) {
        tokio::select! {
            () = sleep_until(at) => {}
            () = stop.wait() => return,
        }
        drop(waiting);
        if let Some(connection) = self.placed() {
            // A box: what waits is small.
            Box::pin(connection.serve(stop)).await;
        }
    }

    /// Waits, and is closed.
    async fn closed(self, at: Instant, _waiting: WaitingConnection, mut stop: Stopping) {
        tokio::select! {
            () = sleep_until(at) => {}
            () = stop.wait() => {}
        }
    }
}

/// One connection that has a place.
struct Connection {
    serving: Arc<Serving>,
    peer: IpAddr,
    place: Arc<ConnectionSlot>,
    stream: TcpStream,
}

impl Connection {
    /// Serves it until it ends, becomes a socket, or somebody else needs its place.
    async fn serve(self, mut stop: Stopping) {
        let Self { serving, peer, place, stream } = self;
        let header_time = place.own_limit(serving.header_time, serving.ends_earlier);
        let head_bytes_max = serving.head_bytes_max;
        let routes = TowerToHyperService::new(serving.routes.clone());
        let held = Arc::clone(&place);
        let answer = service_fn(move |mut request: Request<Incoming>| {
            let (routes, place) = (routes.clone(), Arc::clone(&held));
            place.now(if request.body().is_end_stream() { Doing::Working } else { Doing::Body });
            let peer = Peer::new(&serving.prefixes, peer, request.headers(), Arc::clone(&place));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn w16_others_have_a_turn_between_few_connections_of_a_burst() {
        let mut connections = JoinSet::new();
        let mut turns = Turns::of(16);
        let others = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counter = Arc::clone(&others);
        connections.spawn(async move {
            loop {
                counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        });
        for _ in 0..160 {
            turns.take().await;
        }
        assert_eq!(others.load(std::sync::atomic::Ordering::Relaxed), 9, "once between each two sixteens");
        connections.shutdown().await;
    }
}
