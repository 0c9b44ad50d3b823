//! Places for HTTP connections: whoever arrives gets one, at the cost of whoever uses the most (rule W16).
//!
//! When all places are taken one connection of the prefix with the most goes: one that is idle, else one whose body or
//! head does not come, else the newest that waits for something. One that is being worked for never goes. So a place is
//! always there for joining and for people who are seated, because what they ask for is done in milliseconds, and
//! stalled bodies, silent connections and long polls make room. The order is kept as it changes: O(log n) each.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::address_prefix::PrefixId;

/// The places for connections, and who holds which.
#[derive(Debug)]
pub struct ConnectionSlots {
    inner: Mutex<Inner>,
    max: usize,
}

#[derive(Debug, Default)]
struct Inner {
    wards: HashMap<PrefixId, Ward>,
    /// Every prefix by how many connections it has.
    sizes: BTreeSet<(usize, PrefixId)>,
    total: usize,
    /// Connections that ever had a place.
    entered: u64,
    /// Rises with each change, as a clock.
    now: u64,
}

/// The connections of one prefix.
#[derive(Debug, Default)]
struct Ward {
    /// In the order in which they would go.
    ranked: BTreeSet<Standing>,
    ended: HashMap<u64, Arc<Notify>>,
}

/// What a connection is doing, those that go first first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Doing {
    /// Its last request was answered.
    Idle,
    /// Its body is on its way.
    Body,
    /// No whole head came yet.
    Head,
    /// Something that it asked for must happen first.
    Waiting,
    /// The server works for it.
    Working,
}

/// Ordered by what it is doing, then by age: the oldest goes first, of those that wait the newest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Standing {
    doing: Doing,
    age: u64,
    id: u64,
}

/// A place, held by its connection.
#[derive(Debug)]
pub struct ConnectionSlot {
    places: Arc<ConnectionSlots>,
    prefix: PrefixId,
    /// The how manieth connection of the server this is.
    number: u64,
    standing: Mutex<Standing>,
    ended: Arc<Notify>,
}

impl ConnectionSlots {
    /// At most so many connections at once.
    #[must_use]
    pub fn new(max: usize) -> Self {
        Self { inner: Mutex::default(), max }
    }

    /// A place for a connection that was accepted; none when everybody is being worked for.
    pub fn enter(self: &Arc<Self>, prefix: PrefixId) -> Option<Arc<ConnectionSlot>> {
        let mut inner = locked(&self.inner);
        if inner.total >= self.max && !inner.make_room() {
            return None;
        }
        let id = inner.tick();
        let (standing, ended) = (Standing { doing: Doing::Head, age: id, id }, Arc::new(Notify::new()));
        inner.add(prefix, standing, &ended);
        let number = inner.entered;
        inner.entered += 1;
        let standing = Mutex::new(standing);
        Some(Arc::new(ConnectionSlot { places: Arc::clone(self), prefix, number, standing, ended }))
    }
}

impl ConnectionSlot {
    /// Says what its connection does from now on.
    pub fn now(&self, doing: Doing) {
        let mut inner = locked(&self.places.inner);
        let mut standing = locked(&self.standing);
        let tick = inner.tick();
        let Some(ward) = inner.wards.get_mut(&self.prefix) else { return };
        if !ward.ranked.remove(&standing) {
            // It had to go.
            return;
        }
        standing.doing = doing;
        standing.age = if doing == Doing::Waiting { u64::MAX - tick } else { tick };
        ward.ranked.insert(*standing);
    }

    /// A time limit of this connection: at most this long, and by up to the part `earlier` shorter, for each connection by
    /// another part. Successive connections are as far apart as they can be (the golden ratio's multiples).
    #[must_use]
    pub fn own_limit(&self, most: Duration, earlier: f64) -> Duration {
        const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
        let share = (self.number.wrapping_mul(GOLDEN) >> 32) as f64 / f64::from(u32::MAX);
        most.mul_f64(1.0 - earlier * share)
    }

    /// Until somebody else needs the place more.
    pub async fn ended(&self) {
        self.ended.notified().await;
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let standing = *locked(&self.standing);
        locked(&self.places.inner).remove(self.prefix, standing);
    }
}

impl Inner {
    const fn tick(&mut self) -> u64 {
        self.now += 1;
        self.now
    }

    fn add(&mut self, prefix: PrefixId, standing: Standing, ended: &Arc<Notify>) {
        let ward = self.wards.entry(prefix).or_default();
        let before = ward.ranked.len();
        ward.ranked.insert(standing);
        ward.ended.insert(standing.id, Arc::clone(ended));
        self.resize(prefix, before);
    }

    fn remove(&mut self, prefix: PrefixId, standing: Standing) -> bool {
        let Some(ward) = self.wards.get_mut(&prefix) else { return false };
        let before = ward.ranked.len();
        if !ward.ranked.remove(&standing) {
            return false;
        }
        ward.ended.remove(&standing.id);
        self.resize(prefix, before);
        true
    }

    fn resize(&mut self, prefix: PrefixId, before: usize) {
        let after = self.wards.get(&prefix).map_or(0, |ward| ward.ranked.len());
        self.sizes.remove(&(before, prefix));
        if after > 0 {
            self.sizes.insert((after, prefix));
        } else {
            self.wards.remove(&prefix);
        }
        self.total = self.total + after - before;
    }

    /// Ends one connection, of the prefix with the most that has one to give.
    fn make_room(&mut self) -> bool {
        let gives = |prefix: &PrefixId| {
            let first = self.wards.get(prefix)?.ranked.first()?;
            (first.doing != Doing::Working).then_some((*prefix, *first))
        };
        let Some((prefix, standing)) = self.sizes.iter().rev().find_map(|(_, prefix)| gives(prefix)) else {
            return false;
        };
        if let Some(ended) = self.wards.get(&prefix).and_then(|ward| ward.ended.get(&standing.id)) {
            ended.notify_one();
        }
        self.remove(prefix, standing)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;
    use crate::address_prefix::Prefixes;
    use crate::clock::Entropy;

    fn prefix(n: u8) -> PrefixId {
        Prefixes::new(&Entropy::Counter(Arc::default())).of([10, 0, 0, n].into())
    }

    async fn has_ended(place: &ConnectionSlot) -> bool {
        timeout(Duration::from_millis(1), place.ended()).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn w16_who_arrives_takes_the_place_of_who_has_the_most_and_does_the_least() {
        let places = Arc::new(ConnectionSlots::new(5));
        let many: Vec<_> = (0..4).map(|_| places.enter(prefix(1)).unwrap()).collect();
        for (place, doing) in many.iter().zip([Doing::Working, Doing::Waiting, Doing::Body, Doing::Idle]) {
            place.now(doing);
        }
        let one = places.enter(prefix(2)).unwrap();
        one.now(Doing::Idle);
        let mut newcomers = Vec::new();
        for goes in [3, 2, 1] {
            newcomers.push(places.enter(prefix(3)).unwrap());
            newcomers.last().unwrap().now(Doing::Working);
            assert!(has_ended(&many[goes]).await, "{goes}");
        }
        assert!(!has_ended(&many[0]).await && !has_ended(&one).await);
        newcomers.push(places.enter(prefix(4)).unwrap());
        newcomers.last().unwrap().now(Doing::Working);
        assert!(has_ended(&one).await, "nobody else has one to give");
        assert!(places.enter(prefix(4)).is_none(), "everybody is being worked for");
        drop(newcomers);
        assert!(places.enter(prefix(4)).is_some());
    }

    #[test]
    fn w16_connections_that_came_together_end_one_after_the_other() {
        let places = Arc::new(ConnectionSlots::new(4_000));
        let limit = Duration::from_secs(5);
        let all: Vec<_> = (0..4_000).map(|_| places.enter(prefix(1)).unwrap()).collect();
        let mut ends: Vec<_> = all.iter().map(|place| place.own_limit(limit, 0.4).as_millis()).collect();
        ends.sort_unstable();
        assert!(ends[0] >= 3_000 && ends[3_999] <= 5_000);
        let most = ends.windows(41).map(|some| some[40] - some[0]).min().unwrap();
        assert!(most >= 15, "forty end within {most} ms of the two seconds");
    }

    #[tokio::test(start_paused = true)]
    async fn w16_of_bodies_that_stall_the_oldest_goes_and_of_those_that_wait_the_newest() {
        let places = Arc::new(ConnectionSlots::new(4));
        let all: Vec<_> = (0..4).map(|_| places.enter(prefix(1)).unwrap()).collect();
        for (place, doing) in all.iter().zip([Doing::Body, Doing::Body, Doing::Waiting, Doing::Waiting]) {
            place.now(doing);
        }
        let mut kept = Vec::new();
        for goes in [0, 1, 3, 2] {
            kept.push(places.enter(prefix(1)).unwrap());
            kept.last().unwrap().now(Doing::Working);
            assert!(has_ended(&all[goes]).await, "{goes}");
        }
        // Places that were lost are not given back twice.
        drop(all);
        assert!(places.enter(prefix(2)).is_none());
        kept.pop();
        assert!(places.enter(prefix(2)).is_some());
    }
}
