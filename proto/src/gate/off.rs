//! The gate switched off: only with the cargo feature `gate-off`, which no release has.
//!
//! Shows that the tests of the gate are able to fail: with it every update from outside is taken as it came. In the
//! crate's own tests it is off from the beginning; elsewhere somebody has to say so.

use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;

use super::resolve::ResolvedEdit;

static OFF: AtomicBool = AtomicBool::new(cfg!(test));

/// Switches the gate off for the rest of the process.
pub fn switch_off() {
    OFF.store(true, Ordering::Relaxed);
}

pub(super) fn is_off() -> bool {
    OFF.load(Ordering::Relaxed)
}

impl ResolvedEdit {
    /// Whatever it is, for yrs.
    pub(super) fn unread(frame: &[u8]) -> Self {
        Self {
            touches: Vec::new(),
            clients: Vec::new(),
            bytes: Bytes::copy_from_slice(frame),
            fresh: Vec::new(),
            deleted: Vec::new(),
            changes: std::collections::BTreeMap::new(),
            cuts: Vec::new(),
            steps: 0,
        }
    }
}
