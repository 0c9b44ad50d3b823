//! Two sets of threads: one for sockets and HTTP, one on which consultations and rooms work.
//!
//! A long turn of a room would keep the thread that waits for the network, and with it every phone of the server: tokio
//! gives that wait to whichever thread rests last, and no other thread takes it over while this one works (measured: 20 s
//! of one room were 20 s for all, with two threads as with eight). So the threads of the network only move frames and
//! answers; rooms, consultations, handlers of the API, rehearsals and the demo's phones have the others, and the operating
//! system shares the cores between them.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinSet;
use tokio::time::sleep_until;

use crate::clock::tick;
use crate::config::RuntimeLimits;
use crate::watch::{Loop, Watch};

/// The threads of sockets, HTTP and timers: half as many as cores, because they only move frames. (Two cores, an edit
/// delivered to nine phones: with one such thread it costs as much processor time as when all ran on the same two
/// threads, with two of them 8 % more: each wakes the other.)
///
/// # Errors
/// When the system gives no threads.
pub fn network() -> std::io::Result<Runtime> {
    let threads = (cores() / 2).max(1);
    Builder::new_multi_thread().worker_threads(threads).thread_name("network").enable_all().build()
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The threads on which consultations and rooms work; they end with this value.
#[derive(Debug)]
pub struct WorkThreads(Option<Runtime>);

impl WorkThreads {
    /// Starts them.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(limits: &RuntimeLimits) -> std::io::Result<Self> {
        // With a network of its own: a consultation asks an embeddings service, and rehearsals have phones.
        let runtime = Builder::new_multi_thread()
            .worker_threads(cores().max(limits.threads_least))
            .thread_name("work")
            .enable_all()
            .build()?;
        Ok(Self(Some(runtime)))
    }

    /// Where to spawn.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.0.as_ref().map_or_else(Handle::current, |runtime| runtime.handle().clone())
    }
}

impl Drop for WorkThreads {
    fn drop(&mut self) {
        // Not waited for: this may be a thread of the other set, and what had to end has ended.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Measures for ever how late the two sets of threads are; runs on the threads of the network.
///
/// The look at the other set also wakes one of its threads, which then waits for that set's timers: a turn that began on
/// the thread that waited for them does not stop them for others.
pub async fn measure(watch: Arc<Watch>, work: Handle, beat: Duration) {
    let mut looks: JoinSet<()> = JoinSet::new();
    loop {
        let due = tick() + beat;
        sleep_until(due).await;
        watch.took(Loop::IoThreads, &"timer", due.elapsed());
        while looks.try_join_next().is_some() {}
        // One at a time: while it waits there is nothing more to learn.
        if looks.is_empty() {
            let (watch, ready) = (Arc::clone(&watch), tick());
            looks.spawn_on(async move { watch.took(Loop::WorkThreads, &"task", ready.elapsed()) }, &work);
        }
    }
}
