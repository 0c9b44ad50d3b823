//! Exports that were made: each once for all who ask, and only for as long as it says what its consultation says.
//!
//! A consultation's task and its plenary say when anything changes that an export may say (`changes`). From that moment on
//! nothing made before is given out, and it is forgotten without anybody asking: words that were hidden, deleted or purged
//! do not live on here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use proto::ids::ConsultationId;
use proto::problem::Problem;
use tokio::runtime::Handle;
use tokio::sync::{OnceCell, Semaphore, watch};
use tokio::task::JoinSet;

use crate::config::ExportLimits;
use crate::http::api::exports::{ExportFacts, ExportOf, File, Format};
use crate::plenary::export::language::Language;

/// What is made once and shared: whoever comes while it is made waits for it.
type Once<T> = Arc<OnceCell<Arc<T>>>;

/// What was made of one consultation since its last change.
#[derive(Default)]
struct CacheEntry {
    facts: HashMap<ExportOf, Once<ExportFacts>>,
    files: HashMap<(ExportOf, Language, Format), Once<File>>,
}

impl CacheEntry {
    fn bytes(&self) -> usize {
        let files = self.files.values().filter_map(|file| Some(file.get()?.body.len()));
        let facts = self.facts.values().filter_map(|facts| Some(facts.get()?.bytes));
        files.sum::<usize>() + facts.sum::<usize>()
    }
}

struct Kept {
    entry: CacheEntry,
    /// Has something changed since this was begun?
    changes: watch::Receiver<()>,
}

impl Kept {
    fn is_fresh(&self, changes: &watch::Receiver<()>) -> bool {
        self.changes.same_channel(changes) && matches!(self.changes.has_changed(), Ok(false))
    }
}

type Entries = Arc<Mutex<HashMap<ConsultationId, Kept>>>;

/// The exports of all consultations.
pub struct MadeExports {
    entries: Entries,
    /// One task for each consultation that something is kept of: it forgets it when it changes.
    forgetting: Mutex<JoinSet<()>>,
    places: Semaphore,
    bytes_max: usize,
    work: Handle,
}

impl MadeExports {
    /// Nothing is made yet; files are made on these threads.
    #[must_use]
    pub fn new(limits: &ExportLimits, work: Handle) -> Self {
        Self {
            entries: Entries::default(),
            forgetting: Mutex::default(),
            places: Semaphore::new(limits.at_once),
            bytes_max: limits.bytes_max,
            work,
        }
    }

    /// What an export says, gathered by the first who asks.
    ///
    /// # Errors
    /// Why it could not be gathered; who asks next tries again.
    pub async fn facts(
        &self,
        id: ConsultationId,
        changes: &watch::Receiver<()>,
        of: ExportOf,
        gather: impl Future<Output = Result<ExportFacts, Problem>>,
    ) -> Result<Arc<ExportFacts>, Problem> {
        let once = self.with(id, changes, |entry| Arc::clone(entry.facts.entry(of).or_default()));
        once.get_or_try_init(|| async { gather.await.map(Arc::new) }).await.cloned()
    }

    /// A file, made by the first who asks.
    ///
    /// # Errors
    /// Why it could not be made; who asks next tries again.
    pub async fn file(
        &self,
        id: ConsultationId,
        changes: &watch::Receiver<()>,
        file: (ExportOf, Language, Format),
        make: impl Future<Output = Result<File, Problem>>,
    ) -> Result<Arc<File>, Problem> {
        let once = self.with(id, changes, |entry| Arc::clone(entry.files.entry(file).or_default()));
        let made = once.get_or_try_init(|| async {
            let _place = self.places.acquire().await;
            make.await.map(Arc::new)
        });
        let file = made.await.cloned()?;
        self.make_room(id);
        Ok(file)
    }

    fn with<T>(
        &self,
        id: ConsultationId,
        changes: &watch::Receiver<()>,
        take: impl FnOnce(&mut CacheEntry) -> T,
    ) -> T {
        let mut entries = locked(&self.entries);
        let fresh = entries.remove(&id).filter(|kept| kept.is_fresh(changes));
        let mut kept = fresh.unwrap_or_else(|| {
            // Before anything is gathered: a change from here on makes it stale.
            let mut changes = changes.clone();
            changes.mark_unchanged();
            self.forget_when_changed(id, changes.clone());
            Kept { entry: CacheEntry::default(), changes }
        });
        let taken = take(&mut kept.entry);
        entries.insert(id, kept);
        taken
    }

    fn forget_when_changed(&self, id: ConsultationId, mut changes: watch::Receiver<()>) {
        let entries = Arc::clone(&self.entries);
        let mut forgetting = self.forgetting.lock().unwrap_or_else(PoisonError::into_inner);
        while forgetting.try_join_next().is_some() {}
        let forget = async move {
            // An error: the consultation was purged, or its task ended.
            let _ = changes.changed().await;
            let mut entries = locked(&entries);
            let stale = |kept: &Kept| !matches!(kept.changes.has_changed(), Ok(false));
            if entries.get(&id).is_some_and(stale) {
                entries.remove(&id);
            }
        };
        forgetting.spawn_on(forget, &self.work);
    }

    /// Beyond the bound others are forgotten, and if it is too large alone, this one.
    fn make_room(&self, id: ConsultationId) {
        let mut entries = locked(&self.entries);
        let bytes = |entries: &HashMap<ConsultationId, Kept>| {
            entries.values().map(|kept| kept.entry.bytes()).sum::<usize>()
        };
        if bytes(&entries) > self.bytes_max {
            entries.retain(|other, _| *other == id);
        }
        if bytes(&entries) > self.bytes_max {
            entries.remove(&id);
        }
    }
}

fn locked(entries: &Entries) -> MutexGuard<'_, HashMap<ConsultationId, Kept>> {
    entries.lock().unwrap_or_else(PoisonError::into_inner)
}
