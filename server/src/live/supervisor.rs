//! A running consultation that panics is started again from its journal; one that panics again and again is given up.
//!
//! Whoever waited for an answer hears `unavailable`; phones are closed with 1013 and come back. The new task begins when
//! the last room of the old one has ended and the journal has written what they gave it, so that it reads all of that.
//! Others do not notice. A consultation that is given up is `unavailable` until the server is started again, and
//! `/healthz` says so.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use proto::ids::ConsultationId;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::actor::{Life, LiveActor};
use super::handle::ConsultationHandle;
use super::node::Node;
use crate::clock::{Tick, tick};
use crate::consultation::Consultation;
use crate::journal::{Append, JournalError, Seq, Stream};
use crate::watch::{Count, Loop};

/// The end of all that belongs to one life of a consultation: its task and its rooms hold the other side.
type LifeEnded = mpsc::Receiver<()>;

/// Words that must still leave the files.
type OwedScrubs = Vec<(Stream, Seq)>;

/// Why a consultation could not be loaded again.
#[derive(Debug, thiserror::Error)]
enum LoadError {
    #[error(transparent)]
    Journal(#[from] JournalError),
    // What a panic said may be people's words.
    #[error("loading it panicked")]
    Panicked,
}

impl Node {
    /// Begins to run a consultation.
    pub async fn begin(self: &Arc<Self>, consultation: Consultation, owed_scrubs: OwedScrubs) {
        let (handle, actor, ended) = self.actor(consultation, owed_scrubs);
        self.directory.replace(actor.consultation(), &handle);
        let node = Arc::clone(self);
        self.tasks.lock().await.spawn_on(node.supervise(actor, handle, ended), &self.work);
    }

    fn actor(
        self: &Arc<Self>,
        consultation: Consultation,
        owed_scrubs: OwedScrubs,
    ) -> (ConsultationHandle, LiveActor, LifeEnded) {
        let (changed, changes) = watch::channel(());
        let capacity = self.limits.consultation_mailbox;
        let (handle, mailbox) = ConsultationHandle::new(consultation.id(), capacity, changes);
        let (lives, ended) = mpsc::channel(1);
        let life = Life { _lives: lives, changed };
        (handle, LiveActor::new(consultation, owed_scrubs, Arc::clone(self), mailbox, life), ended)
    }

    async fn supervise(
        self: Arc<Self>,
        mut actor: LiveActor,
        mut handle: ConsultationHandle,
        mut ended: LifeEnded,
    ) {
        let id = actor.id();
        let mut panics = Panics::default();
        loop {
            let (watch, stop) = (Arc::clone(&self.watch), self.stop.listener());
            let mut running = JoinSet::new();
            let turns = async move { watch.turns(Loop::Consultation, id, actor.run(stop)).await };
            running.spawn_on(turns, &self.work);
            if let Some(Ok(())) = running.join_next().await {
                return;
            }
            // Nobody sends anything: this is when the last of them is gone.
            let _ = ended.recv().await;
            let Some((next, owed_scrubs)) = self.load_again(id, &mut panics).await else {
                handle.give_up();
                return;
            };
            (handle, actor, ended) = self.actor(next, owed_scrubs);
            self.directory.replace(actor.consultation(), &handle);
            self.watch.count(Count::Restarted);
            tracing::warn!(consultation = %id, "a consultation panicked and was started again from its journal");
        }
    }

    /// The consultation as its journal has it; none when it is given up, or was purged.
    async fn load_again(
        self: &Arc<Self>,
        id: ConsultationId,
        panics: &mut Panics,
    ) -> Option<(Consultation, OwedScrubs)> {
        loop {
            let limits = &self.limits.work;
            let count = panics.note(tick(), limits.panics_within);
            if count > limits.panics_max {
                tracing::error!(
                    consultation = %id,
                    panics = count,
                    "a consultation panicked too often and is given up: it is unavailable until this server is started again. \
                     What was acknowledged is in the journal"
                );
                self.watch.count(Count::GivenUp);
                return None;
            }
            // The first time at once, then slower and slower.
            sleep(limits.restart_pause * (count - 1)).await;
            match self.load_when_written(id).await {
                Ok(loaded) => return Some(loaded),
                Err(LoadError::Journal(JournalError::Purged)) => {
                    self.directory.purge(id);
                    return None;
                }
                Err(error) => {
                    tracing::error!(consultation = %id, %error, "a consultation could not be loaded again")
                }
            }
        }
    }

    async fn load_when_written(
        self: &Arc<Self>,
        id: ConsultationId,
    ) -> Result<(Consultation, OwedScrubs), LoadError> {
        // Answered after everything that the old task and its rooms gave to the journal.
        let nothing = Append {
            consultation: id,
            entries: Vec::new(),
            texts: Vec::new(),
            files: Vec::new(),
            keys: None,
            scrubs: Vec::new(),
        };
        let stopped = || JournalError::Stopped("its writer has ended".to_owned());
        self.journal.append(nothing).await.unwrap_or_else(|_| Err(stopped()))?;
        let node = Arc::clone(self);
        let load = move || Ok::<_, JournalError>((node.load(id)?, node.journal.owed_scrubs(id)?));
        let loaded = tokio::task::spawn_blocking(load).await;
        Ok(loaded.map_err(|_| LoadError::Panicked)??)
    }
}

/// When a consultation panicked lately.
#[derive(Default)]
struct Panics(VecDeque<Tick>);

impl Panics {
    /// Notes one; says how many there were within this time.
    fn note(&mut self, now: Tick, within: Duration) -> u32 {
        self.0.retain(|at| now < *at + within);
        self.0.push_back(now);
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn panics_are_counted_within_a_time() {
        let within = Duration::from_secs(60);
        let (mut panics, start) = (Panics::default(), tick());
        let at = |seconds| start + Duration::from_secs(seconds);
        let counts = [0, 1, 59, 60, 200].map(|seconds| panics.note(at(seconds), within));
        assert_eq!(counts, [1, 2, 3, 3, 1]);
    }
}
