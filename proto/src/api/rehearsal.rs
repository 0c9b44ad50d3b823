//! A rehearsal: a twin of what is prepared, in which simulated phones play the day in a minute or two. The twin is deleted
//! afterwards; the consultation itself is never touched.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::consultation::Created;
use crate::phase::Phase;
use crate::problem::Problem;

/// `POST /api/consultations/{id}/rehearsal`: begins a rehearsal in a twin (C30).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
#[ts(optional_fields)]
pub struct Rehearse {
    /// How long the whole day takes, in seconds, from 10 to 600; absent: 90.
    pub seconds: Option<u32>,
}

/// `GET /api/consultations/{id}/rehearsal`: how far the rehearsal is, if there is one (C30).
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, TS)]
pub struct RehearsalView {
    /// The rehearsal that runs, or waits to be looked at; none: nothing is being rehearsed.
    pub rehearsal: Option<Rehearsal>,
}

/// A rehearsal that runs, or ended less than ten minutes ago.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
pub struct Rehearsal {
    /// The twin with its links, to watch it on the ordinary screens. They are good until it is deleted.
    pub twin: Created,
    /// How far it is.
    pub progress: Progress,
    /// Has the day been played to its end?
    pub done: bool,
    /// What went wrong, if it did: the reason for which it ended early, or the last refusal of a phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub problem: Option<Problem>,
    /// When the twin is deleted by itself, in milliseconds since 1970; absent: it is still being played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub deleted_at: Option<u64>,
}

/// How far a rehearsal is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Progress {
    /// Where the twin stands.
    pub phase: Phase,
    /// Simulated phones that came in.
    pub phones: u32,
    /// Ideas that they shared.
    pub ideas: u32,
    /// Votes that they gave.
    pub votes: u32,
    /// Entries of the list.
    pub listed: u32,
    /// What phones did and the server refused; anything but 0 deserves a look.
    pub refused: u32,
}

impl Default for Progress {
    fn default() -> Self {
        Self { phase: Phase::Lobby, phones: 0, ideas: 0, votes: 0, listed: 0, refused: 0 }
    }
}
