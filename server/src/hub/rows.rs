//! How often one seat may say something else of what it spoke of before: each time is a row of the journal for ever.
//!
//! First words on an idea are not counted here, because there are only as many as ideas. A ballot that is toggled costs,
//! so that a million rows take a roomful of seats days, and nobody who makes up their mind notices.

use std::collections::HashMap;

use proto::ids::SeatId;
use tokio::time::Instant;

use crate::config::CostLimits;
use crate::rate::{Bucket, Rate};

/// The account of each seat of one consultation; there are no more of them than seats.
#[derive(Debug, Default)]
pub struct Rows {
    seats: HashMap<SeatId, Bucket>,
}

impl Rows {
    /// Takes `rows` of a seat's account; `false` when there are not so many left.
    pub fn take(&mut self, seat: SeatId, rate: Rate, rows: f64, now: Instant) -> bool {
        self.seats.entry(seat).or_insert_with(|| Bucket::new(rate, now)).try_spend(rows, now)
    }
}

/// The account of somebody: staff do more, and are few.
#[must_use]
pub const fn rate_of(is_staff: bool, limits: &CostLimits) -> Rate {
    if is_staff { limits.rows_of_staff } else { limits.rows_of_seat }
}
