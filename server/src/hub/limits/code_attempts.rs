//! Typed codes take turns, for the whole server and right or wrong: a guesser can slow typing, never scanning.
//!
//! How many are looked at is never decided per address: a hundred phones behind one venue address are normal, and an
//! attacker has many addresses. Only the order is fair: prefixes take turns, those of which wrong codes came lately after
//! the others. Who is told to wait keeps its place and comes back to it with a ticket. When the queue is full the newest of
//! the prefix with the most waiting goes.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use proto::problem::{Code, Problem};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout};

use crate::address_prefix::PrefixId;
use crate::clock::{Entropy, Tick, tick};
use crate::config::TryLimits;

/// Turns for typed codes.
pub struct CodeAttempts {
    queue: Arc<Mutex<Queue>>,
    limits: TryLimits,
    entropy: Entropy,
    /// The task that gives the turns out while anybody waits.
    driver: Mutex<JoinSet<()>>,
}

/// Who waits, by prefix.
#[derive(Default)]
struct Queue {
    lines: HashMap<PrefixId, Line>,
    waiting: usize,
    driven: bool,
    /// When the next code may be looked at.
    next: Option<Tick>,
    /// Rises with each turn that is given out.
    turn: u64,
}

/// The people behind one prefix who wait, in the order in which they came.
#[derive(Default)]
struct Line {
    places: VecDeque<QueuePlace>,
    /// The last turn that it had.
    served: u64,
    wrong: u32,
    wrong_at: Option<Tick>,
}

/// A place in the queue.
struct QueuePlace {
    ticket: Arc<str>,
    holder: Holder,
}

enum Holder {
    /// Waits on its connection.
    Here(oneshot::Sender<()>),
    /// Was told to come back, then.
    Away(Tick),
}

impl CodeAttempts {
    /// A queue without anybody.
    #[must_use]
    pub fn new(limits: TryLimits, entropy: Entropy) -> Self {
        Self { queue: Arc::default(), limits, entropy, driver: Mutex::default() }
    }

    /// Waits for a turn; with a ticket, at the place that it was given for.
    ///
    /// # Errors
    /// `too-many-tries`: with a ticket when the turn did not come in time, without one when there is no place.
    pub async fn take(&self, prefix: PrefixId, ticket_given: Option<&str>) -> Result<(), Problem> {
        if crate::seeded_defects::is("tries-off") {
            return Ok(());
        }
        let (mine, turn) = oneshot::channel();
        let ticket =
            self.enter(prefix, ticket_given, mine).ok_or_else(|| Problem::new(Code::TooManyTries))?;
        self.drive();
        let came_back = ticket_given.is_some();
        let mut leaving = Leaving { tries: self, prefix, ticket: &ticket, keeps: came_back, done: false };
        let came = timeout(self.limits.held, turn).await;
        leaving.done = matches!(came, Ok(Ok(())));
        match came {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Problem::new(Code::TooManyTries)),
            Err(_) => {
                leaving.keeps = true;
                Err(Problem::new(Code::TooManyTries).with_ticket(&ticket))
            }
        }
    }

    /// A code from there was wrong: others go first for a while.
    pub fn wrong(&self, prefix: PrefixId) {
        let now = tick();
        let mut queue = locked(&self.queue);
        let limits = &self.limits;
        let line = queue.lines.entry(prefix).or_default();
        line.wrong = (line.wrong_now(limits, now) + 1).min(limits.wrong_counted);
        line.wrong_at = Some(now);
        queue.forget(limits, now);
    }

    /// A place in the queue; the one that the ticket was given for, if it is still kept.
    fn enter(&self, prefix: PrefixId, ticket: Option<&str>, mine: oneshot::Sender<()>) -> Option<Arc<str>> {
        let now = tick();
        let mut queue = locked(&self.queue);
        if let Some(place) = ticket.and_then(|ticket| queue.place_of(prefix, ticket)) {
            place.holder = Holder::Here(mine);
            return Some(Arc::clone(&place.ticket));
        }
        if queue.waiting >= self.limits.waiting_max {
            queue.drop_away(self.limits.kept, now);
        }
        let ticket: Arc<str> = Arc::from(hex::encode(self.entropy.bytes::<16>()));
        let place = QueuePlace { ticket: Arc::clone(&ticket), holder: Holder::Here(mine) };
        queue.lines.entry(prefix).or_default().places.push_back(place);
        queue.waiting += 1;
        if queue.waiting > self.limits.waiting_max && queue.drop_newest_of_most() == Some(Arc::clone(&ticket))
        {
            return None;
        }
        Some(ticket)
    }

    fn drive(&self) {
        if std::mem::replace(&mut locked(&self.queue).driven, true) {
            return;
        }
        let mut driver = locked(&self.driver);
        while driver.try_join_next().is_some() {}
        driver.spawn(give_turns(Arc::clone(&self.queue), self.limits.clone()));
    }
}

/// Gives a turn to one after another, as often as codes may be looked at, until nobody waits.
async fn give_turns(queue: Arc<Mutex<Queue>>, limits: TryLimits) {
    let every = Duration::from_secs_f64(1.0 / limits.per_second.max(0.001));
    loop {
        let at = {
            let queue = locked(&queue);
            let now = tick();
            queue.next.map_or(now, |next| next.max(now))
        };
        sleep_until(at).await;
        let mut queue = locked(&queue);
        let now = tick();
        if queue.give_one(&limits, now) {
            queue.next = Some(at.max(now) + every);
        } else {
            queue.drop_away(limits.kept, now);
            queue.driven = false;
            return;
        }
    }
}

impl Queue {
    fn place_of(&mut self, prefix: PrefixId, ticket: &str) -> Option<&mut QueuePlace> {
        self.lines.get_mut(&prefix)?.places.iter_mut().find(|place| *place.ticket == *ticket)
    }

    /// Gives the turn to the first who is here of the line whose turn it is. `false` when nobody is here.
    fn give_one(&mut self, limits: &TryLimits, now: Tick) -> bool {
        loop {
            let here = |line: &Line| line.places.iter().any(|place| matches!(place.holder, Holder::Here(_)));
            let lines = self.lines.iter().filter(|(_, line)| here(line));
            let next =
                lines.min_by_key(|(prefix, line)| (line.wrong_now(limits, now), line.served, **prefix));
            let Some(prefix) = next.map(|(prefix, _)| *prefix) else { return false };
            let Some(line) = self.lines.get_mut(&prefix) else { return false };
            let first = line.places.iter().position(|place| matches!(place.holder, Holder::Here(_)));
            let Some(place) = first.and_then(|at| line.places.remove(at)) else { return false };
            self.waiting -= 1;
            let Holder::Here(holder) = place.holder else { return false };
            // Who left in this moment does not use the turn up.
            if holder.send(()).is_ok() {
                self.turn += 1;
                line.served = self.turn;
                return true;
            }
        }
    }

    /// Forgets places whose holders did not come back in time.
    fn drop_away(&mut self, kept: Duration, now: Tick) {
        let stays = |place: &QueuePlace| match place.holder {
            Holder::Here(_) => true,
            Holder::Away(since) => now.saturating_duration_since(since) < kept,
        };
        for line in self.lines.values_mut() {
            line.places.retain(stays);
        }
        self.waiting = self.lines.values().map(|line| line.places.len()).sum();
    }

    /// Takes the newest place of the prefix with the most away.
    fn drop_newest_of_most(&mut self) -> Option<Arc<str>> {
        let most = self.lines.iter_mut().max_by_key(|(prefix, line)| (line.places.len(), **prefix));
        let place = most.and_then(|(_, line)| line.places.pop_back())?;
        self.waiting -= 1;
        Some(place.ticket)
    }

    /// Forgets lines that say nothing that a new one would not say.
    fn forget(&mut self, limits: &TryLimits, now: Tick) {
        if self.lines.len() > limits.waiting_max * 2 {
            self.lines.retain(|_, line| !line.places.is_empty() || line.wrong_now(limits, now) > 0);
        }
        if self.lines.len() > limits.lines_max {
            // More addresses than anybody has: those without people who wait are forgotten.
            self.lines.retain(|_, line| !line.places.is_empty());
        }
    }
}

impl Line {
    /// Wrong codes that still count: one less for each pause since the last.
    fn wrong_now(&self, limits: &TryLimits, now: Tick) -> u32 {
        let Some(at) = self.wrong_at else { return 0 };
        let pauses = now.saturating_duration_since(at).as_secs() / limits.wrong_forgotten.as_secs().max(1);
        self.wrong.saturating_sub(u32::try_from(pauses).unwrap_or(u32::MAX))
    }
}

/// Leaves the queue however the wait ends: with the place kept for a while, or given up.
struct Leaving<'a> {
    tries: &'a CodeAttempts,
    prefix: PrefixId,
    ticket: &'a str,
    keeps: bool,
    done: bool,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        let mut queue = locked(&self.tries.queue);
        if self.keeps {
            if let Some(place) = queue.place_of(self.prefix, self.ticket) {
                place.holder = Holder::Away(tick());
            }
            return;
        }
        let Some(line) = queue.lines.get_mut(&self.prefix) else { return };
        let before = line.places.len();
        line.places.retain(|place| *place.ticket != *self.ticket);
        let gone = before - line.places.len();
        queue.waiting -= gone;
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address_prefix::Prefixes;

    fn tries(per_second: f64, waiting_max: usize) -> Arc<CodeAttempts> {
        let limits = TryLimits { per_second, waiting_max, ..TryLimits::default() };
        Arc::new(CodeAttempts::new(limits, Entropy::default()))
    }

    fn prefix(n: usize) -> PrefixId {
        let [high, low] = u16::try_from(n).unwrap().to_be_bytes();
        Prefixes::new(&Entropy::Counter(Arc::default())).of([10, 0, high, low].into())
    }

    #[tokio::test(start_paused = true)]
    async fn ten_typed_codes_a_second_pass_and_no_more() {
        let tries = tries(10.0, 100);
        let start = tick();
        for _ in 0..21 {
            tries.take(prefix(1), None).await.unwrap();
        }
        assert_eq!(start.elapsed().as_millis(), 2_000);
    }

    #[tokio::test(start_paused = true)]
    async fn of_a_full_queue_the_newest_of_the_prefix_with_the_most_goes() {
        let tries = tries(1.0, 3);
        let mut waiting = JoinSet::new();
        for n in [1, 1, 1, 1, 2] {
            let tries = Arc::clone(&tries);
            waiting.spawn(async move { (n, tries.take(prefix(n), None).await.is_ok()) });
            tokio::task::yield_now().await;
        }
        let mut passed: Vec<_> = waiting.join_all().await;
        passed.sort_unstable();
        // One had its turn at once, three waited.
        assert_eq!(passed.iter().filter(|(n, passed)| *n == 1 && !passed).count(), 1, "{passed:?}");
        assert!(passed.contains(&(2, true)), "{passed:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_told_to_wait_keeps_the_place_and_comes_back_to_it() {
        let limits = TryLimits { per_second: 0.1, held: Duration::from_secs(4), ..TryLimits::default() };
        let tries = Arc::new(CodeAttempts::new(limits, Entropy::default()));
        tries.take(prefix(9), None).await.unwrap();
        let refused = tries.take(prefix(1), None).await.unwrap_err();
        let ticket = refused.ticket.unwrap();
        // Who comes later from the same address, and stays, is behind it all the same.
        let (later, mine) = tokio::join!(tries.take(prefix(1), None), tries.take(prefix(1), Some(&ticket)));
        assert!(mine.is_err() && later.is_err(), "the turn did not come in these four seconds");
        let (later, mine) = tokio::join!(tries.take(prefix(1), None), tries.take(prefix(1), Some(&ticket)));
        assert!(mine.is_ok() && later.is_err(), "{mine:?} {later:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_to_which_nobody_comes_back_is_forgotten() {
        let limits = TryLimits { per_second: 0.1, held: Duration::from_secs(4), ..TryLimits::default() };
        let tries = CodeAttempts::new(limits.clone(), Entropy::default());
        tries.take(prefix(9), None).await.unwrap();
        assert!(tries.take(prefix(1), None).await.is_err());
        assert_eq!(locked(&tries.queue).waiting, 1, "the place is kept");
        tokio::time::sleep(limits.kept).await;
        // Whoever comes next sets the queue going; when it is at its end, it looks whom it still keeps a place for.
        tries.take(prefix(9), None).await.unwrap();
        tokio::time::sleep(Duration::from_secs(11)).await;
        assert_eq!(locked(&tries.queue).waiting, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn w16_addresses_of_wrong_codes_are_remembered_up_to_a_bound_and_who_waits_is_never_forgotten() {
        let limits = TryLimits { per_second: 0.001, waiting_max: 10, lines_max: 50, ..TryLimits::default() };
        let tries = Arc::new(CodeAttempts::new(limits, Entropy::default()));
        let mut waiting = JoinSet::new();
        for n in [1, 2] {
            let tries = Arc::clone(&tries);
            waiting.spawn(async move { tries.take(prefix(n), None).await });
            tokio::task::yield_now().await;
        }
        // All of them are wrong now, so none of their lines says nothing.
        for n in 100..1_000 {
            tries.wrong(prefix(n));
            let queue = locked(&tries.queue);
            assert!(queue.lines.len() <= 51, "{} addresses", queue.lines.len());
            assert!(queue.lines.contains_key(&prefix(2)), "who waits");
        }
    }

    /// People who type beside guessers who never pause: how long each of them took.
    async fn beside_guessers(honest: impl Fn(usize) -> usize, people: usize) -> Vec<Duration> {
        let tries = Arc::new(CodeAttempts::new(TryLimits::default(), Entropy::default()));
        let mut guessers = JoinSet::new();
        for hand in 0..300 {
            let tries = Arc::clone(&tries);
            guessers.spawn(async move {
                loop {
                    match tries.take(prefix(hand % 50), None).await {
                        Ok(()) => tries.wrong(prefix(hand % 50)),
                        Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
                    }
                }
            });
        }
        tokio::time::sleep(Duration::from_secs(30)).await;
        let mut typing = JoinSet::new();
        for person in 0..people {
            let (tries, prefix) = (Arc::clone(&tries), prefix(honest(person)));
            typing.spawn(async move {
                let begun = tick();
                let mut ticket = None;
                while let Err(problem) = tries.take(prefix, ticket.as_deref()).await {
                    ticket = problem.ticket;
                    tokio::time::sleep(Duration::from_secs(3)).await;
                }
                begun.elapsed()
            });
        }
        typing.join_all().await
    }

    #[tokio::test(start_paused = true)]
    async fn w16_beside_300_guessers_from_fifty_prefixes_people_from_others_are_in_within_ten_seconds() {
        for one_hall in [true, false] {
            let took = beside_guessers(|person| if one_hall { 1_000 } else { 1_000 + person }, 20).await;
            let longest = took.iter().max().unwrap();
            println!("{} people, one address: {one_hall}: the last after {longest:?}", took.len());
            assert!(*longest <= Duration::from_secs(10), "{longest:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn w16_beside_guessers_at_their_own_address_people_are_in_within_forty_seconds() {
        let took = beside_guessers(|person| person, 20).await;
        let longest = took.iter().max().unwrap();
        println!("the last after {longest:?}");
        assert!(*longest <= Duration::from_secs(40), "{longest:?}");
    }

    /// The figure of `reliability.md`: 50 open consultations, 10 tries a second, 15 minutes, chance of a hit ≤ 0.1 %.
    const OPEN: usize = 50;
    const ATTACK: Duration = Duration::from_secs(15 * 60);
    const CHANCE_MAX: f64 = 0.001;

    /// How many tries an attack of so many hands gets looked at within its time, through the real limiter.
    async fn looked_at(hands: usize) -> u64 {
        let tries = Arc::new(CodeAttempts::new(TryLimits::default(), Entropy::default()));
        let end = tick() + ATTACK;
        let mut attack = JoinSet::new();
        for hand in 0..hands {
            let tries = Arc::clone(&tries);
            attack.spawn(async move {
                let mut looked = 0;
                while tick() < end {
                    match tries.take(prefix(hand % 50), None).await {
                        Ok(()) => {
                            looked += 1;
                            tries.wrong(prefix(hand % 50));
                        }
                        // Who is told to wait comes again; the queue is full all the time.
                        Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
                    }
                }
                looked
            });
        }
        attack.join_all().await.into_iter().sum()
    }

    #[tokio::test(start_paused = true)]
    async fn guessing_for_a_quarter_of_an_hour_hits_with_a_chance_of_a_thousandth_at_most() {
        use std::collections::HashSet;

        use crate::config::Limits;
        use crate::consultation::secret::{ALPHABET, CARD_CODE_LENGTH, CODE_LENGTH, draw, new_code};

        let tried = looked_at(150).await;
        let seconds = ATTACK.as_secs_f64();
        let limits = Limits::default();
        // What waits when it ends is looked at after it: one of each hand.
        let most = limits.tries.per_second * seconds + 150.0 + 1.0;
        assert!(
            tried as f64 <= most && tried as f64 >= most * 0.95,
            "{tried} of {most} tries were looked at"
        );

        // What each try hits with: the codes of 50 consultations, or the cards of 50 whole rolls.
        let space = |length: usize| (ALPHABET.len() as f64).powi(i32::try_from(length).unwrap());
        let codes = tried as f64 * OPEN as f64 / space(CODE_LENGTH);
        let cards = tried as f64 * (OPEN * limits.cards_max) as f64 / space(CARD_CODE_LENGTH);
        println!("{tried} tries: expected hits {codes:.6} by codes, {cards:.6} by cards");
        assert!(codes.max(cards) <= CHANCE_MAX, "{codes} {cards}");

        // Drawn with the real alphabet, attack after attack: as often as computed.
        let entropy = Entropy::Counter(Arc::new(std::sync::atomic::AtomicU64::new(1)));
        let open: HashSet<String> = (0..OPEN).map(|_| new_code(&entropy)).collect();
        assert!(open.iter().all(|code| code.bytes().all(|byte| ALPHABET.contains(&byte))));
        // Three characters instead of six, so that hits are frequent enough to be counted.
        let short: HashSet<String> = open.iter().map(|code| code[..3].to_owned()).collect();
        let rounds = 200_000_u32;
        let hits = (0..rounds).filter(|_| short.contains(&draw(&entropy, 3))).count();
        let expected = f64::from(rounds) * short.len() as f64 / space(3);
        let spread = 5.0 * expected.sqrt();
        println!("{hits} hits of three characters in {rounds} draws, {expected:.0} expected");
        assert!((hits as f64 - expected).abs() <= spread, "{hits} hits, {expected} expected");
    }
}
