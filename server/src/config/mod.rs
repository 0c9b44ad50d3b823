//! What can be set, and every bound in the process, each with its unit and its reason.
//!
//! Every queue, count, size and wait that people or networks can drive has its bound here (invariant I9). What a format
//! fixes, such as the length of a code or of a language tag, stands beside the format.

mod limits;
mod people;
mod work;

use std::net::SocketAddr;
use std::path::PathBuf;

pub use limits::Limits;
pub use people::{AnswerLimits, CostLimits, LinkLimits, RehearsalLimits, TryLimits, VoiceLimits};
pub use work::{
    BoundLimits, BurstLimits, DeliveryLimits, DeskLimits, ExportLimits, InRoomLimits, PaceLimits,
    PurgeAnswerLimits, RecordLimits, RepeatLimits, RewriteLimits, RoomLimits, RuntimeLimits, VersionLimits,
};

/// What the operator sets for one server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// The address people type, without a trailing slash; absent: guessed from the machine's own address.
    pub public_url: Option<String>,
    /// Names beside it that people or proxies reach this server by.
    pub also_known_as: Vec<String>,
    /// The key that makes consultations; absent: kept in the data folder.
    pub organizer_key: Option<String>,
    /// A service that says which texts mean the same; none: no text leaves the server.
    pub embeddings: Option<Embeddings>,
    /// Every bound.
    pub limits: Limits,
}

/// An embeddings service that speaks OpenAI's interface.
#[derive(Clone)]
pub struct Embeddings {
    /// Its address, with or without `/v1/embeddings`.
    pub url: String,
    /// The model that is asked for.
    pub model: String,
    /// What it wants as `Authorization: Bearer`. Never logged.
    pub key: Option<String>,
    /// A PEM file with the certificates that its `https` is checked with, instead of those of the system.
    pub certificates: Option<PathBuf>,
}

impl std::fmt::Debug for Embeddings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // An address may hold a password.
        f.debug_struct("Embeddings").field("model", &self.model).finish_non_exhaustive()
    }
}
