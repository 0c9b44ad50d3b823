//! Work beside a running consultation: each job is a task of one set, and its result is an input of the next turn.

mod meanings;
mod merge;
mod repeats;
mod room_reads;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use proto::ids::{DocumentName, GroupId};
use proto::problem::{Code, Problem};
use tokio::task::{Id, JoinError, JoinSet};

use super::state::job::RepeatsFound;
use super::state::{Job, JobDone};
use crate::config::Limits;
use crate::embeddings::Embedder;
use crate::room::RoomHandle;

/// The jobs of one consultation that are under way.
#[derive(Default)]
pub struct Jobs {
    tasks: JoinSet<JobDone>,
    /// What becomes of a job that panics.
    failed: HashMap<Id, JobDone>,
}

/// The rooms that a job asks, live.
pub struct JobRooms {
    /// Boards of groups: every group's for a run, one for a question to a room.
    pub boards: BTreeMap<GroupId, RoomHandle>,
    /// The plenary's, for a run or a question to it.
    pub plenary: Option<RoomHandle>,
}

impl Jobs {
    /// Starts a job. One whose rooms are not there ends at once as failed.
    pub fn start(
        &mut self,
        job: Job,
        mut rooms: JobRooms,
        embedder: Option<&Arc<Embedder>>,
        limits: &Arc<Limits>,
    ) {
        match job {
            Job::Merge(input) => {
                let merge = async move {
                    let Some(plenary) = rooms.plenary else { return failed_merge() };
                    JobDone::Merged(Box::new(merge::merge(*input, rooms.boards, plenary).await))
                };
                self.spawn(merge, failed_merge());
            }
            Job::FindMeanings(candidates) => {
                let (embedder, limits) = (embedder.cloned(), Arc::clone(limits));
                let find = async move {
                    let Some(embedder) = embedder else { return JobDone::Meanings(None) };
                    JobDone::Meanings(Some(meanings::find(embedder, candidates, limits).await))
                };
                self.spawn(find, JobDone::Meanings(None));
            }
            Job::FindWriter { request, idea, writer } => {
                let room = rooms.boards.remove(&request.group);
                let failed = move || JobDone::WriterFound(request, Err(Problem::new(Code::Unavailable)));
                let find = async move {
                    let Some(room) = room else { return failed() };
                    JobDone::WriterFound(request, room_reads::find_writer(room, idea, writer).await)
                };
                self.spawn(find, failed());
            }
            Job::AskRoom(question) => {
                let room = match question.document {
                    DocumentName::Board(group) => rooms.boards.remove(&group),
                    DocumentName::Plenary(_) | DocumentName::Consultation(_) => rooms.plenary,
                };
                let asked = question.clone();
                let failed = move || JobDone::RoomAnswered(asked, Err(Problem::new(Code::Unavailable)));
                let on_panic = failed.clone();
                let ask = async move {
                    let Some(room) = room else { return failed() };
                    let words = room_reads::words(room, &question.command.action).await;
                    JobDone::RoomAnswered(question, words)
                };
                self.spawn(ask, on_panic());
            }
            Job::ReadList => {
                let read = async move {
                    let Some(room) = rooms.plenary else { return JobDone::ListRead(None) };
                    JobDone::ListRead(room.read_plenary().await.ok())
                };
                self.spawn(read, JobDone::ListRead(None));
            }
            Job::FindRepeats(search) => {
                let find = async move { JobDone::RepeatsFound(repeats::find(*search, rooms.boards).await) };
                let failed = RepeatsFound { cut: true, ..RepeatsFound::default() };
                self.spawn(find, JobDone::RepeatsFound(failed));
            }
            Job::ReadTexts { group, opening } => {
                let room = rooms.boards.remove(&group);
                let failed = move || JobDone::TextsRead { group, opening, words: BTreeMap::new() };
                let read = async move {
                    let Some(room) = room else { return failed() };
                    JobDone::TextsRead { group, opening, words: room_reads::fingerprints(room).await }
                };
                self.spawn(read, failed());
            }
        }
    }

    fn spawn(&mut self, job: impl Future<Output = JobDone> + Send + 'static, failed: JobDone) {
        let id = self.tasks.spawn(job).id();
        self.failed.insert(id, failed);
    }

    /// Waits for the next job to end; never when none is under way.
    pub async fn next(&mut self) -> JobDone {
        loop {
            let Some(ended) = self.tasks.join_next_with_id().await else { std::future::pending().await };
            let (id, done) = match ended {
                Ok((id, done)) => (id, Some(done)),
                Err(error) => (JoinError::id(&error), None),
            };
            let failed = self.failed.remove(&id);
            if let Some(done) = done.or(failed) {
                return done;
            }
        }
    }
}

fn failed_merge() -> JobDone {
    JobDone::Merged(Box::new(Err(Problem::new(Code::Unavailable))))
}
