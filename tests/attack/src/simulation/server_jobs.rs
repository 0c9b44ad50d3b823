//! Questions to rooms of a simulated server, and its jobs: each ends at once when a step says so.

use std::collections::BTreeMap;

use proto::api::consultation::BoardView;
use proto::command::Action;
use proto::ids::{DocumentName, GroupId};
use proto::plenary::{DoubtfulTexts, PlenaryView};
use proto::problem::{Code, Problem};
use server::consultation::{VotedWords, fingerprint};
use server::journal::SeatKey;
use server::live::state::job::{RemoveRequest, RepeatsFound, RoomWords};
use server::live::state::merge::run::{MergeInput, compute};
use server::live::state::{Input, Job, JobDone};
use server::room::{RoomMessage, Shared};
use tokio::sync::oneshot;

use super::server::{Ground, Server};

impl Server {
    /// The board as its room has it now.
    pub fn board(&mut self, group: GroupId, ground: &Ground) -> BoardView {
        BoardView::clone(&self.read_board(group, ground))
    }

    fn read_board(&mut self, group: GroupId, ground: &Ground) -> Shared<BoardView> {
        self.ask(DocumentName::Board(group), |reply| RoomMessage::ReadBoard(None, reply), ground)
    }

    /// The list as its room has it now.
    pub fn list(&mut self, ground: &Ground) -> PlenaryView {
        PlenaryView::clone(&self.read_list(ground))
    }

    fn read_list(&mut self, ground: &Ground) -> Shared<PlenaryView> {
        self.ask(DocumentName::Plenary(ground.id), RoomMessage::ReadPlenary, ground)
    }

    /// The texts that were taken off the list because of deleted words.
    pub fn doubtful(&mut self, ground: &Ground) -> DoubtfulTexts {
        self.ask(DocumentName::Plenary(ground.id), RoomMessage::ReadDoubtful, ground)
    }

    fn ask<T>(
        &mut self,
        document: DocumentName,
        question: impl FnOnce(oneshot::Sender<T>) -> RoomMessage,
        ground: &Ground,
    ) -> T {
        let (reply, mut answer) = oneshot::channel();
        self.tell(document, question(reply), ground);
        self.pump(document, usize::MAX, ground, None).unwrap();
        answer.try_recv().unwrap()
    }

    /// Ends a job. Gives the texts that were read for a vote.
    pub fn finish(&mut self, job: Job, ground: &Ground) -> Option<(GroupId, u32, VotedWords)> {
        let mut read = None;
        let done = match job {
            Job::Merge(input) => {
                let groups: Vec<GroupId> = self.live.consultation().groups().keys().copied().collect();
                let boards: BTreeMap<GroupId, Shared<BoardView>> =
                    groups.into_iter().map(|group| (group, self.read_board(group, ground))).collect();
                let list = self.read_list(ground);
                let run = compute(MergeInput::clone(&input), &boards, &list);
                let again = compute(*input, &boards, &list);
                assert_eq!(format!("{run:?}"), format!("{again:?}"), "a run is a function of its input");
                JobDone::Merged(Box::new(run))
            }
            Job::FindMeanings(_) => JobDone::Meanings(None),
            Job::FindWriter { request, idea, writer } => {
                let found = self.ask(
                    DocumentName::Board(request.group),
                    |reply| RoomMessage::WhoWrites(idea, writer, reply),
                    ground,
                );
                found_writer(request, found)
            }
            Job::AskRoom(question) => {
                let words = match question.document {
                    DocumentName::Board(group) => RoomWords::Board(self.read_board(group, ground)),
                    DocumentName::Plenary(_) if matches!(question.command.action, Action::Freeze { .. }) => {
                        RoomWords::List(self.read_list(ground))
                    }
                    DocumentName::Plenary(_) | DocumentName::Consultation(_) => {
                        RoomWords::Doubtful(self.doubtful(ground))
                    }
                };
                JobDone::RoomAnswered(question, Ok(words))
            }
            Job::ReadList => JobDone::ListRead(Some(self.read_list(ground))),
            Job::FindRepeats(search) => {
                let mut found = RepeatsFound::default();
                for group in &search.boards {
                    let board = self.read_board(*group, ground);
                    let says = board.ideas.iter().filter(|idea| idea.id != search.erased);
                    let says = says.filter(|idea| search.words.repeated_in(&idea.text));
                    found.ideas.extend(says.map(|idea| idea.id));
                }
                JobDone::RepeatsFound(found)
            }
            Job::ReadTexts { group, opening } => {
                let board = self.read_board(group, ground);
                let words: VotedWords =
                    board.ideas.iter().map(|idea| (idea.id, fingerprint(&idea.text))).collect();
                read = Some((group, opening, words.clone()));
                JobDone::TextsRead { group, opening, words }
            }
        };
        self.inbox.push_back(Input::Done(done));
        read
    }
}

fn found_writer(request: RemoveRequest, found: Option<SeatKey>) -> JobDone {
    JobDone::WriterFound(request, found.ok_or_else(|| Problem::new(Code::NotFound)))
}
