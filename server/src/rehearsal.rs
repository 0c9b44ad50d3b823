//! Rehearsals: which run, how far each is, and that nothing of them stays.
//!
//! A rehearsal is played in a twin, a consultation of its own made of what is prepared (`hub::rehearsal_twins`), by phones that
//! come over this machine's own network (`simulate::rehearsal`). The consultation itself is only read. The twin is deleted
//! when it is stopped, some time after its end, when its consultation is gone, and at the next start if the server ended
//! before.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use proto::api::consultation::Created;
use proto::api::rehearsal::{Rehearsal, RehearsalView, Rehearse};
use proto::ids::ConsultationId;
use proto::problem::{Code, Problem};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::consultation::prepare::template::Template;
use crate::hub::Hub;
use crate::live::Caller;
use crate::simulate::PhoneError;
use crate::simulate::rehearsal::{Day, RehearsalReport, play};
use crate::stop_signal::{StopSignal, Stopping};

/// Between two looks whether the consultation itself is still there.
const LOOK_PAUSE: Duration = Duration::from_secs(1);

/// How it stands with one.
#[derive(Clone, Debug, Default)]
enum End {
    /// It is being played.
    #[default]
    NotYet,
    /// It was played, or it broke off; the twin can be looked at until then.
    Over { problem: Option<Problem>, deleted_at: u64 },
    /// The twin is deleted.
    Deleted,
}

struct Running {
    twin: Created,
    told: watch::Receiver<RehearsalReport>,
    end: watch::Receiver<End>,
    stop: StopSignal,
}

/// The rehearsals of this server.
pub struct Rehearsals {
    hub: Arc<Hub>,
    /// Where this machine reaches itself.
    url: String,
    running: Mutex<HashMap<ConsultationId, Running>>,
    tasks: Mutex<JoinSet<()>>,
}

impl Rehearsals {
    /// None yet; phones will come to this address.
    #[must_use]
    pub fn new(hub: Arc<Hub>, url: String) -> Self {
        Self { hub, url, running: Mutex::default(), tasks: Mutex::new(JoinSet::new()) }
    }

    /// Begins a rehearsal in a twin of the consultation, with simulated phones.
    ///
    /// # Errors
    /// When the caller may not, the day has begun, one is running, or the length is none.
    pub async fn start(self: &Arc<Self>, caller: &Caller, wish: Rehearse) -> Result<RehearsalView, Problem> {
        let limits = &self.hub.node.limits.rehearsal;
        let seconds = wish.seconds.unwrap_or(limits.seconds_usual);
        let (least, most) = limits.seconds;
        if !(least..=most).contains(&seconds) {
            let detail = format!("A rehearsal takes {least} to {most} seconds.");
            return Err(Problem::because(Code::Malformed, detail));
        }
        let id = caller.consultation.id;
        // One after the other: nobody starts the same twice, or one more than there may be.
        let mut running = self.running.lock().await;
        running.retain(|_, one| !matches!(*one.end.borrow(), End::Deleted));
        if running.contains_key(&id) {
            return Err(Problem::new(Code::Rehearsing));
        }
        if running.len() >= limits.at_once {
            let detail = "As many rehearsals are running on this server as may.";
            return Err(Problem::because(Code::Rehearsing, detail));
        }
        let (twin, template) = self.hub.make_twin(caller).await?;
        let (tell, told) = watch::channel(RehearsalReport::default());
        let (ending, end) = watch::channel(End::default());
        let stop = StopSignal::default();
        let stopped = stop.listener();
        let day = self.day(twin.clone(), template, seconds);
        running.insert(id, Running { twin, told, end, stop });
        drop(running);
        let this = Arc::clone(self);
        let mut tasks = self.tasks.lock().await;
        while tasks.try_join_next().is_some() {}
        let work = self.hub.node.work.clone();
        tasks.spawn_on(async move { this.run(id, day, (tell, ending), stopped).await }, &work);
        Ok(self.view(id).await)
    }

    fn day(&self, twin: Created, template: Template, seconds: u32) -> Day {
        let limits = &self.hub.node.limits.rehearsal;
        Day {
            phones: (twin.groups.len() * limits.phones_per_group).min(limits.phones_max),
            twin,
            settings: template.settings,
            kinds: template.programme.kinds.iter().map(|words| words.kind).collect(),
            languages: template.programme.languages,
            length: Duration::from_secs(u64::from(seconds)),
        }
    }

    async fn run(
        &self,
        id: ConsultationId,
        day: Day,
        (tell, ending): (watch::Sender<RehearsalReport>, watch::Sender<End>),
        mut stopped: Stopping,
    ) {
        let limits = &self.hub.node.limits.rehearsal;
        let gone = async {
            while self.hub.has(id) {
                sleep(LOOK_PAUSE).await;
            }
        };
        let whole = async {
            let played = timeout(limits.play_time, play(&self.url, &day, &tell)).await;
            let problem = match played {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(problem_of(error)),
                Err(_) => Some(Problem::because(Code::Unavailable, "It took too long.")),
            };
            let look_time = u64::try_from(limits.look_time.as_millis()).unwrap_or(u64::MAX);
            let deleted_at = self.hub.node.clock.now().saturating_add(look_time);
            ending.send_replace(End::Over { problem, deleted_at });
            sleep(limits.look_time).await;
        };
        let mut stopping = self.hub.node.stopping();
        tokio::select! {
            () = whole => {}
            () = gone => {}
            () = stopped.wait() => {}
            // The twin is swept away at the next start.
            () = stopping.wait() => return,
        }
        if let Err(problem) = self.hub.delete_twin(&day.twin).await {
            tracing::warn!(%problem, "a rehearsal is deleted at the next start");
        }
        ending.send_replace(End::Deleted);
    }

    /// The rehearsal of a consultation, if there is one.
    pub async fn view(&self, id: ConsultationId) -> RehearsalView {
        let running = self.running.lock().await;
        let rehearsal = running.get(&id).and_then(|one| {
            let RehearsalReport { progress, refused } = one.told.borrow().clone();
            let (done, problem, deleted_at) = match one.end.borrow().clone() {
                End::NotYet => (false, refused, None),
                End::Over { problem, deleted_at } => {
                    (problem.is_none(), problem.or(refused), Some(deleted_at))
                }
                End::Deleted => return None,
            };
            Some(Rehearsal { twin: one.twin.clone(), progress, done, problem, deleted_at })
        });
        RehearsalView { rehearsal }
    }

    /// Ends the rehearsal of a consultation; when this returns nothing is left of it.
    pub async fn stop(&self, id: ConsultationId) -> RehearsalView {
        let end = {
            let running = self.running.lock().await;
            running.get(&id).map(|one| {
                one.stop.stop();
                one.end.clone()
            })
        };
        if let Some(mut end) = end {
            let _ = end.wait_for(|end| matches!(end, End::Deleted)).await;
            self.running.lock().await.remove(&id);
        }
        RehearsalView::default()
    }
}

/// Why it broke off, in a form that a screen can say.
fn problem_of(error: PhoneError) -> Problem {
    match error {
        PhoneError::Refused(problem) => problem,
        PhoneError::Unreachable { .. }
        | PhoneError::NotAServer(_)
        | PhoneError::Denied { .. }
        | PhoneError::Ended(_)
        | PhoneError::NoAnswer
        | PhoneError::NoSuchIdea(_)
        | PhoneError::NoRandomness(_) => Problem::because(Code::Unavailable, error.to_string()),
    }
}
