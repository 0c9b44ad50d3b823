//! In which texts staff wrote lately: the consultation's ledger is told of each once in a while, not of each letter.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use super::{ReportSender, RoomReport, StaffWrote};

/// What the ledger was told lately.
pub(super) struct LedgerThrottle {
    pause: Duration,
    last: BTreeMap<StaffWrote, Instant>,
}

impl LedgerThrottle {
    pub(super) const fn new(pause: Duration) -> Self {
        Self { pause, last: BTreeMap::new() }
    }

    pub(super) fn tell(&mut self, wrote: BTreeSet<StaffWrote>, to: &ReportSender, now: Instant) {
        if wrote.is_empty() {
            return;
        }
        self.last.retain(|_, at| now.duration_since(*at) < self.pause);
        for wrote in wrote {
            // What finds no place is told with the next letter.
            if !self.last.contains_key(&wrote) && to.try_report(RoomReport::StaffWrote(wrote.clone())) {
                self.last.insert(wrote, now);
            }
        }
    }
}
