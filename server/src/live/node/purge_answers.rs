//! The answer to *delete everything* can be asked for again, for a day, by the link and with the command that it was given to
//! (rule C12).
//!
//! Nothing of the consultation is needed for it: two hashes, by which the link and its command are recognised and from which
//! nobody finds them, and the id of the certificate. They are in memory, and in the database beside the certificate until their
//! time is over.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use proto::ids::{CertificateId, ConsultationId};
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::clock::Millis;
use crate::consultation::Hash32;
use crate::journal::Seq;
use crate::live::state::PurgeKey;

/// An answer that can be asked for again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct PurgeAnswer {
    #[serde(flatten)]
    pub(in crate::live) key: PurgeKey,
    pub certificate: CertificateId,
    /// The `seq` that the answer said.
    pub seq: Seq,
    /// Until when: milliseconds since 1970.
    pub(in crate::live) until: Millis,
}

/// What is known of somebody who asks again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AskedAgain {
    /// The command that was carried out.
    Answer(PurgeAnswer),
    /// Another command of the same link; where the certificate is.
    Other(CertificateId),
}

/// The answers that can be asked for again.
pub struct PurgeAnswers {
    kept: Mutex<Kept>,
    max: usize,
    /// One timer for each answer. Not among the tasks that a stop waits for: one of those may be the deletion that begins it.
    timers: Mutex<JoinSet<()>>,
}

#[derive(Default)]
struct Kept {
    of_links: HashMap<Hash32, (ConsultationId, PurgeAnswer)>,
    order: VecDeque<Hash32>,
}

impl PurgeAnswers {
    /// None yet; at most so many, the oldest is forgotten first.
    pub(in crate::live) fn new(max: usize) -> Self {
        Self { kept: Mutex::default(), max, timers: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was answered to this link.
    #[must_use]
    pub fn of(&self, key: PurgeKey, now: Millis) -> Option<AskedAgain> {
        let kept = self.kept();
        let (_, answer) = kept.of_links.get(&key.link()).filter(|(_, answer)| now < answer.until)?;
        Some(if answer.key == key {
            AskedAgain::Answer(*answer)
        } else {
            AskedAgain::Other(answer.certificate)
        })
    }

    /// Keeps one; gives the consultation whose answer is forgotten for it.
    pub(in crate::live) fn keep(&self, of: ConsultationId, answer: PurgeAnswer) -> Option<ConsultationId> {
        let mut kept = self.kept();
        if kept.of_links.insert(answer.key.link(), (of, answer)).is_none() {
            kept.order.push_back(answer.key.link());
        }
        let oldest = if kept.order.len() > self.max { kept.order.pop_front() } else { None };
        oldest.and_then(|link| kept.of_links.remove(&link)).map(|(of, _)| of)
    }

    /// Begins the timer after which an answer is forgotten.
    pub(in crate::live) fn forget_later(
        &self,
        forgetting: impl Future<Output = ()> + Send + 'static,
        work: &Handle,
    ) {
        let mut timers = self.timers.lock().unwrap_or_else(PoisonError::into_inner);
        while timers.try_join_next().is_some() {}
        timers.spawn_on(forgetting, work);
    }

    /// Waits for the timers, which end when the server stops: each holds the journal, whose folder another server may take next.
    pub(in crate::live) async fn end(&self) {
        let mut timers = std::mem::take(&mut *self.timers.lock().unwrap_or_else(PoisonError::into_inner));
        while timers.join_next().await.is_some() {}
    }

    /// Forgets what is kept of a consultation.
    pub(in crate::live) fn forget(&self, of: ConsultationId) {
        let mut kept = self.kept();
        kept.of_links.retain(|_, (other, _)| *other != of);
        let Kept { of_links, order } = &mut *kept;
        order.retain(|link| of_links.contains_key(link));
    }
}

#[cfg(test)]
mod tests {
    use proto::command::Action;
    use proto::ids::CommandId;
    use uuid::Uuid;

    use super::*;

    const DAY: Millis = 24 * 60 * 60 * 1_000;

    fn key(token: u8, id: u128, confirm: &str) -> PurgeKey {
        let action = Action::Purge { confirm: confirm.to_owned() };
        PurgeKey::of(Hash32([token; 32]), CommandId(Uuid::from_u128(id)), &action)
    }

    fn answer(key: PurgeKey) -> PurgeAnswer {
        PurgeAnswer { key, certificate: CertificateId(Uuid::from_u128(9)), seq: 3, until: DAY }
    }

    fn of(n: u128) -> ConsultationId {
        ConsultationId(Uuid::from_u128(n))
    }

    #[test]
    fn c12_the_same_link_and_command_have_the_same_answer_until_its_time_is_over() {
        let answers = PurgeAnswers::new(2);
        let asked = key(1, 7, "Title");
        answers.keep(of(1), answer(asked));
        assert_eq!(answers.of(asked, DAY - 1), Some(AskedAgain::Answer(answer(asked))));
        assert_eq!(
            answers.of(key(1, 8, "Title"), 0),
            Some(AskedAgain::Other(answer(asked).certificate)),
            "another command of that link"
        );
        assert_eq!(
            answers.of(key(1, 7, "Code"), 0),
            Some(AskedAgain::Other(answer(asked).certificate)),
            "the same id with other content"
        );
        assert_eq!(answers.of(key(2, 7, "Title"), 0), None, "another link");
        assert_eq!(answers.of(asked, DAY), None, "its time is over");
    }

    #[test]
    fn c12_as_many_answers_as_may_are_kept_and_the_oldest_goes_first() {
        let answers = PurgeAnswers::new(2);
        let keys = [1, 2, 3].map(|token| key(token, 7, "Title"));
        let gone: Vec<_> = (1..).zip(keys).map(|(n, key)| answers.keep(of(n), answer(key))).collect();
        assert_eq!(gone, [None, None, Some(of(1))]);
        assert_eq!(keys.map(|key| answers.of(key, 0).is_some()), [false, true, true]);
        answers.forget(of(2));
        assert_eq!(answers.keep(of(4), answer(key(4, 7, "Title"))), None, "there is room again");
    }
}
