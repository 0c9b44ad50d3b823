//! Who sends a request, before anybody looks at its token: its prefix, and the place that its connection holds.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::HeaderName;
use axum::http::request::Parts;
use proto::problem::{Code, Problem};

use super::places::{ConnectionSlot, Doing};
use crate::address_prefix::{PrefixId, Prefixes};
use crate::http::error::Refused;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Whom a request came from, and on which connection.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The prefix of its address, by which costs are counted (W16).
    pub prefix: PrefixId,
    place: Arc<ConnectionSlot>,
}

impl Peer {
    /// A request with this head, on a connection that holds this place.
    #[must_use]
    pub fn new(prefixes: &Prefixes, peer: IpAddr, headers: &HeaderMap, place: Arc<ConnectionSlot>) -> Self {
        // Several headers are one list; the last entry is of the nearest proxy.
        let forwarded =
            headers.get_all(FORWARDED_FOR).iter().next_back().and_then(|value| value.to_str().ok());
        Self { prefix: prefixes.of_request(peer, forwarded), place }
    }

    /// A time limit of its connection; see [`ConnectionSlot::own_limit`].
    pub fn own_limit(&self, most: Duration, earlier: f64) -> Duration {
        self.place.own_limit(most, earlier)
    }

    /// Says what is done for it from now on.
    pub fn now(&self, doing: Doing) {
        self.place.now(doing);
    }
}

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        // The listener puts it there.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::new(Code::Unavailable).into())
    }
}
