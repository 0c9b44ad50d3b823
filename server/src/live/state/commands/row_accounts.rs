//! How often one seat may say something else of what it spoke of before: each time is a row of the journal for ever.
//!
//! First words on an idea are not counted here, because there are only as many as ideas. A ballot that is toggled costs,
//! so that a million rows take a roomful of seats days, and nobody who makes up their mind notices.

use std::collections::HashMap;

use proto::ids::SeatId;
use proto::problem::Problem;

use crate::clock::Tick;
use crate::config::CostLimits;
use crate::rate::{Bucket, Rate};

/// The account of each seat of one consultation; there are no more of them than seats.
#[derive(Debug, Default)]
pub struct RowAccounts {
    seats: HashMap<SeatId, Bucket>,
}

impl RowAccounts {
    /// Takes `rows` of a seat's account.
    ///
    /// # Errors
    /// `too-fast` when there are not so many left, with the time until there are.
    pub fn take(&mut self, seat: SeatId, rate: Rate, rows: f64, now: Tick) -> Result<(), Problem> {
        let account = self.seats.entry(seat).or_insert_with(|| Bucket::new(rate, now));
        account.spend_or_wait(rows, now).map_err(Problem::too_fast_for)
    }
}

/// The account of somebody: staff do more, and are few.
#[must_use]
pub const fn rate_of(is_staff: bool, limits: &CostLimits) -> Rate {
    if is_staff { limits.rows_of_staff } else { limits.rows_of_seat }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use uuid::Uuid;

    use super::*;

    /// Rows that seats write in so many hours, each as fast as its phone may send: twenty a second.
    fn rows(seats: u128, hours: u64) -> u64 {
        let costs = CostLimits::default();
        let (mut rows, start) = (RowAccounts::default(), crate::clock::tick());
        let mut written = 0;
        for second in 0..hours * 3_600 {
            let now = start + Duration::from_secs(second);
            for seat in 0..seats {
                let seat = SeatId(Uuid::from_u128(seat));
                let mut take = || rows.take(seat, rate_of(false, &costs), 1.0, now).is_ok();
                written += (0..20).take_while(|_| take()).count() as u64;
            }
        }
        written
    }

    #[tokio::test(start_paused = true)]
    async fn w16_who_has_no_rows_left_is_told_when_there_are() {
        let (mut rows, start) = (RowAccounts::default(), crate::clock::tick());
        let (seat, rate) = (SeatId(Uuid::from_u128(1)), Rate { burst: 400.0, per_second: 0.1 });
        assert_eq!(rows.take(seat, rate, 390.0, start), Ok(()));
        let refused = rows.take(seat, rate, 20.0, start).unwrap_err();
        assert_eq!(refused.wait, Some(101));
        assert!(refused.detail.contains("101 seconds"), "{}", refused.detail);
        let later = |seconds| start + Duration::from_secs(seconds);
        assert!(rows.take(seat, rate, 20.0, later(99)).is_err());
        assert_eq!(rows.take(seat, rate, 20.0, later(101)), Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn w16_sixty_seats_that_toggle_a_ballot_all_day_write_at_most_what_their_account_allows() {
        let rate = CostLimits::default().rows_of_seat;
        let most = |seats: f64, hours: f64| seats * (rate.burst + rate.per_second * hours * 3_600.0);
        let (hour, day) = (rows(60, 1), rows(2, 24));
        assert!(hour as f64 <= most(60.0, 1.0), "{hour} rows in an hour");
        assert!(day as f64 <= most(2.0, 24.0), "{day} rows of two seats in a day");
        // What people do by hand is never refused.
        assert!(day as f64 > most(2.0, 24.0) * 0.99, "{day}");
        // A million rows of sixty seats take two days.
        assert!(most(60.0, 45.0) < 1_000_000.0);
    }
}
