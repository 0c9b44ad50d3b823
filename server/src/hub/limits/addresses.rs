//! What everybody behind one address may cost together: the second account beside that of each seat (rule W16).
//!
//! Generous in people: a hall of a thousand phones has one address. Requests without a seat, requests of seats, new seats
//! and long polls have a bucket or a count each, so that who reads does not keep others from coming in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use proto::ids::ConsultationId;
use proto::problem::{Code, Problem};

use crate::address_prefix::PrefixId;
use crate::clock::Tick;
use crate::config::CostLimits;
use crate::rate::Bucket;

/// The account of each prefix that was heard of lately.
#[derive(Debug)]
pub struct Addresses {
    accounts: Mutex<HashMap<PrefixId, Account>>,
    doors: Mutex<HashMap<ConsultationId, Bucket>>,
    limits: CostLimits,
}

/// What one prefix used.
#[derive(Debug)]
struct Account {
    unseated: Bucket,
    seated: Bucket,
    joins: Bucket,
    polls: usize,
    sockets: usize,
}

/// Something that a prefix may have only so many of at the same time; given back when this is dropped.
#[derive(Debug)]
pub struct Held {
    addresses: Arc<Addresses>,
    prefix: PrefixId,
    what: CountedUse,
}

/// What is counted at the same time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum CountedUse {
    /// Requests that wait for something later.
    Polls,
    Sockets,
}

impl Account {
    fn new(limits: &CostLimits, now: Tick) -> Self {
        Self {
            unseated: Bucket::new(limits.unseated_of_prefix, now),
            seated: Bucket::new(limits.seated_of_prefix, now),
            joins: Bucket::new(limits.joins_of_prefix, now),
            polls: 0,
            sockets: 0,
        }
    }

    fn has_rested(&mut self, now: Tick) -> bool {
        self.polls == 0
            && self.sockets == 0
            && [&mut self.unseated, &mut self.seated, &mut self.joins]
                .into_iter()
                .all(|bucket| bucket.is_full(now))
    }

    const fn count(&mut self, what: CountedUse) -> &mut usize {
        match what {
            CountedUse::Polls => &mut self.polls,
            CountedUse::Sockets => &mut self.sockets,
        }
    }
}

impl Addresses {
    /// Nobody was heard of yet.
    #[must_use]
    pub fn new(limits: CostLimits) -> Self {
        Self { accounts: Mutex::default(), doors: Mutex::default(), limits }
    }

    /// One request without a seat.
    ///
    /// # Errors
    /// `too-fast` when too much is owed.
    pub fn unseated(&self, prefix: PrefixId, now: Tick) -> Result<(), Problem> {
        let taken = self.with(prefix, now, |account| account.unseated.try_take(now));
        if taken { Ok(()) } else { Err(Problem::new(Code::TooFast)) }
    }

    /// Is a request of a seat in order, as far as its address is concerned?
    ///
    /// # Errors
    /// `too-fast` when too much is owed.
    pub fn seated(&self, prefix: PrefixId, now: Tick) -> Result<(), Problem> {
        let taken = self.with(prefix, now, |account| account.seated.try_take(now));
        if taken { Ok(()) } else { Err(Problem::new(Code::TooFast)) }
    }

    /// A request cost more than one.
    pub fn owe(&self, prefix: PrefixId, is_seated: bool, cost: f64, now: Tick) {
        self.with(prefix, now, |account| {
            let bucket = if is_seated { &mut account.seated } else { &mut account.unseated };
            bucket.owe(cost, now);
        });
    }

    /// Somebody wants a seat: says until when to wait, if not at all.
    ///
    /// # Errors
    /// `too-fast` when that would be too long.
    pub fn join(
        &self,
        prefix: PrefixId,
        consultation: ConsultationId,
        now: Tick,
    ) -> Result<Option<Tick>, Problem> {
        let longest = now + self.limits.join_wait;
        let fits = |bucket: &mut Bucket| bucket.waits(now).is_none_or(|until| until < longest);
        let mut doors = locked(&self.doors);
        if doors.len() >= self.limits.prefixes_max {
            doors.retain(|_, door| !door.is_full(now));
        }
        let door =
            doors.entry(consultation).or_insert_with(|| Bucket::new(self.limits.joins_of_consultation, now));
        self.with(prefix, now, |account| {
            if !fits(&mut account.joins) || !fits(door) {
                return Err(Problem::new(Code::TooFast));
            }
            Ok(account.joins.take(1, now).max(door.take(1, now)))
        })
    }

    /// One more of what a prefix may have only so many of.
    ///
    /// # Errors
    /// `too-fast` when it has as many.
    pub fn hold(self: &Arc<Self>, prefix: PrefixId, what: CountedUse, now: Tick) -> Result<Held, Problem> {
        let max = match what {
            CountedUse::Polls => self.limits.polls_of_prefix,
            CountedUse::Sockets => self.limits.sockets_of_prefix,
        };
        self.with(prefix, now, |account| {
            let count = account.count(what);
            if *count >= max {
                return Err(Problem::new(Code::TooFast));
            }
            *count += 1;
            Ok(())
        })?;
        Ok(Held { addresses: Arc::clone(self), prefix, what })
    }

    fn with<T>(&self, prefix: PrefixId, now: Tick, act: impl FnOnce(&mut Account) -> T) -> T {
        let mut accounts = locked(&self.accounts);
        if accounts.len() >= self.limits.prefixes_max && !accounts.contains_key(&prefix) {
            accounts.retain(|_, account| !account.has_rested(now));
            // All busy: more addresses than a day has people. Those without a connection begin anew.
            if accounts.len() >= self.limits.prefixes_max {
                accounts.retain(|_, account| account.polls + account.sockets > 0);
            }
        }
        act(accounts.entry(prefix).or_insert_with(|| Account::new(&self.limits, now)))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut accounts = locked(&self.addresses.accounts);
        if let Some(account) = accounts.get_mut(&self.prefix) {
            let count = account.count(self.what);
            *count = count.saturating_sub(1);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use uuid::Uuid;

    use super::*;
    use crate::address_prefix::Prefixes;
    use crate::clock::{Entropy, tick};

    fn prefix(n: u8) -> PrefixId {
        let prefixes = Prefixes::new(&Entropy::Counter(Arc::default()));
        prefixes.of([10, 0, 0, n].into())
    }

    #[tokio::test(start_paused = true)]
    async fn w16_a_hall_behind_one_address_comes_in_within_a_minute_and_a_second_address_does_not_wait() {
        let addresses = Addresses::new(CostLimits::default());
        let (now, hall) = (tick(), ConsultationId(Uuid::nil()));
        let (mut at_once, mut longest, mut later) = (0, Duration::ZERO, 0);
        for _ in 0..1_000 {
            match addresses.join(prefix(1), hall, now) {
                Ok(None) => at_once += 1,
                Ok(Some(until)) => longest = longest.max(until - now),
                Err(_) => later += 1,
            }
        }
        let limits = CostLimits::default();
        assert_eq!(at_once, limits.joins_of_prefix.burst as usize);
        assert!(longest <= limits.join_wait, "{longest:?}");
        assert!(
            later > 0
                && longest + Duration::from_secs_f64(f64::from(later) / limits.joins_of_prefix.per_second)
                    < Duration::from_secs(60)
        );
        assert_eq!(addresses.join(prefix(2), hall, now).ok(), Some(None));
    }

    #[tokio::test(start_paused = true)]
    async fn w16_all_seats_of_a_consultation_cannot_be_taken_in_minutes_from_however_many_addresses() {
        let addresses = Addresses::new(CostLimits::default());
        let (start, hall) = (tick(), ConsultationId(Uuid::nil()));
        let mut taken = 0;
        for second in 0..120 {
            let now = start + Duration::from_secs(second);
            for n in 0..=255 {
                taken += usize::from(addresses.join(prefix(n), hall, now).is_ok());
            }
        }
        assert!(taken < 10_000, "{taken} seats in two minutes");
        assert!(
            addresses
                .join(prefix(1), ConsultationId(Uuid::from_u128(1)), start + Duration::from_secs(120))
                .is_ok()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn w16_a_prefix_has_so_many_sockets_at_a_time_and_gives_them_back() {
        let now = tick();
        let limits = CostLimits { sockets_of_prefix: 2, ..CostLimits::default() };
        let addresses = Arc::new(Addresses::new(limits));
        let hold = |n| addresses.hold(prefix(n), CountedUse::Sockets, now).map_err(|problem| problem.code);
        let held = [hold(1).unwrap(), hold(1).unwrap()];
        assert_eq!(hold(1).err(), Some(Code::TooFast));
        drop(held);
        assert!(hold(1).is_ok(), "they were given back");
    }

    #[tokio::test(start_paused = true)]
    async fn w16_prefixes_that_rested_are_forgotten_and_those_with_connections_are_not() {
        let addresses = Arc::new(Addresses::new(CostLimits { prefixes_max: 3, ..CostLimits::default() }));
        let now = tick();
        let held = addresses.hold(prefix(0), CountedUse::Sockets, now).unwrap();
        for n in 1..20 {
            assert!(addresses.unseated(prefix(n), now).is_ok());
        }
        assert!(locked(&addresses.accounts).len() <= 3);
        assert!(locked(&addresses.accounts).contains_key(&prefix(0)));
        drop(held);
        assert!(locked(&addresses.accounts).get(&prefix(0)).is_some_and(|account| account.sockets == 0));
    }
}
