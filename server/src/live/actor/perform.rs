//! Carries out the effects of a turn: one exhaustive match.

use proto::problem::{Code, Problem};
use proto::wire::close::CloseReason;

use super::{Goes, LiveActor};
use crate::consultation::DirectoryChange;
use crate::journal::JournalError;
use crate::live::jobs::JobRooms;
use crate::live::state::{Answered, Effect, Job};
use proto::ids::{DocumentName, GroupId};

impl LiveActor {
    /// Carries out effects, in their order.
    ///
    /// # Errors
    /// When the journal fails: only a deletion writes here.
    pub(in crate::live) async fn perform(&mut self, effects: Vec<Effect>) -> Result<Goes, JournalError> {
        for effect in effects {
            match effect {
                Effect::Reply(reply, response) => self.replies.respond(reply, response),
                Effect::Show { seq, writes, then } => self.show(seq, writes, then).await,
                Effect::Directory(change) => self.change_directory(&change),
                Effect::Tell(to, message) => self.subscribers.tell(&to, &message),
                Effect::Close(connection, reason) => self.subscribers.close(connection, reason),
                Effect::Start(job) => self.start(job),
                Effect::Load(document) => drop(self.room(document)),
                Effect::Purge(purge) => {
                    self.purge(*purge).await?;
                    return Ok(Goes::Ended);
                }
            }
        }
        Ok(Goes::On)
    }

    /// Changes the directory, then ends the connections of seats that are shut out by it: their tokens open nothing any more.
    fn change_directory(&mut self, change: &DirectoryChange) {
        self.node.directory.apply(self.id(), change);
        match change {
            DirectoryChange::SeatsClosed { seats, .. } => {
                for seat in seats {
                    self.node.seat_limits.close(*seat, CloseReason::SeatRemoved);
                }
                self.subscribers.remove_seats(|seat| seats.contains(&seat));
            }
            DirectoryChange::SeatLost(seat, _) => {
                self.node.seat_limits.close(*seat, CloseReason::Unauthorized);
                self.subscribers.remove_seats(|other| other == *seat);
            }
            DirectoryChange::TokenExchanged(seat, _) => {
                self.node.seat_limits.close(*seat, CloseReason::SeatMoved);
                self.subscribers.remove_seats(|other| other == *seat);
            }
            DirectoryChange::Listing(listing) => {
                for (seat, _) in &listing.ended {
                    self.node.seat_limits.close(*seat, CloseReason::Unauthorized);
                }
                self.subscribers.remove_seats(|seat| listing.ended.iter().any(|(ended, _)| *ended == seat));
            }
            DirectoryChange::Entrances(_)
            | DirectoryChange::SeatTaken { .. }
            | DirectoryChange::SeatsRestored(_)
            | DirectoryChange::LetIn(_) => {}
        }
    }

    fn start(&mut self, job: Job) {
        let groups: Vec<GroupId> = match &job {
            Job::Merge(_) => self.consultation().groups().keys().copied().collect(),
            Job::FindWriter { request, .. } => vec![request.group],
            Job::ReadTexts { group, .. } => vec![*group],
            Job::FindRepeats(search) => search.boards.clone(),
            Job::AskRoom(question) => match question.document {
                DocumentName::Board(group) => vec![group],
                DocumentName::Plenary(_) | DocumentName::Consultation(_) => Vec::new(),
            },
            Job::FindMeanings(_) | Job::ReadList => Vec::new(),
        };
        let asks_list =
            matches!(&job, Job::AskRoom(question) if matches!(question.document, DocumentName::Plenary(_)));
        let plenary = (asks_list || matches!(job, Job::Merge(_) | Job::ReadList))
            .then(|| self.room(DocumentName::Plenary(self.id())));
        let boards = groups.into_iter().map(|group| (group, self.room(DocumentName::Board(group)))).collect();
        let rooms = JobRooms { boards, plenary };
        self.jobs.start(job, rooms, self.node.embedder.as_ref(), &self.node.limits);
    }

    /// An answer that rooms must have shown before, when one of them has ended.
    pub(in crate::live) fn not_shown() -> Answered {
        Answered::Refused(Problem::new(Code::Unavailable))
    }
}
