//! A merge run off everybody's task: reads the boards, computes, and makes the list that the plenary shows.

use std::collections::BTreeMap;

use proto::api::{BoardView, IdeaState};
use proto::ids::{GroupId, IdeaId};
use proto::problem::{Code, Problem};

use crate::consultation::{Consultation, Hash32, RunFacts};
use crate::merge::{self, Ballot, Idea, IdeaKey, Input, SeatKey};
use crate::plenary::{SourceIdea, TalliesShown, view};
use crate::room::RoomHandle;

/// A run, with the lot if it was drawn for it; or why there is none.
pub type Merged = Result<(RunFacts, Option<Hash32>), Problem>;

/// What the consultation gives to a run: everything but the words, which are on the boards.
pub struct Prepared {
    number: u32,
    drawn: Option<Hash32>,
    tallies: TalliesShown,
    votes: BTreeMap<IdeaId, u32>,
    input: Input,
}

impl Prepared {
    /// Of a consultation as it stands; `drawn` is the lot if it has to be drawn for this run.
    #[must_use]
    pub fn of(consultation: &Consultation, drawn: Option<Hash32>) -> Self {
        let lot = consultation.lot().or(drawn).map(|lot| lot.0.to_vec()).unwrap_or_default();
        let mut ballots: Vec<_> = consultation.ballots().collect();
        // Numbers instead of seats: a run's input links no two votes to a person outside of it.
        ballots.sort_unstable();
        let ballots = ballots.into_iter().enumerate().map(|(number, (_, group, approved))| Ballot {
            seat: SeatKey(format!("{number:06}")),
            group: group.into(),
            approves: approved.into_iter().map(IdeaKey::from).collect(),
            weight: None,
        });
        let input = Input {
            consultation: consultation.id().to_string(),
            lot,
            ballots: ballots.collect(),
            born: consultation
                .run_facts()
                .into_iter()
                .flat_map(|run| run.items.iter().map(|(id, _)| IdeaKey::from(*id)))
                .collect(),
            ..Input::default()
        };
        let tallies = if consultation.tallies_shown(None) { TalliesShown::Yes } else { TalliesShown::No };
        let votes = consultation.ideas().keys().map(|id| (*id, consultation.tally(*id))).collect();
        Self { number: consultation.run() + 1, drawn, tallies, votes, input }
    }
}

/// Merges.
pub async fn merge(prepared: Prepared, rooms: BTreeMap<GroupId, RoomHandle>) -> Merged {
    let mut boards: BTreeMap<GroupId, BoardView> = BTreeMap::new();
    for (group, room) in rooms {
        let board = room.read_board(None).await.map_err(|_| Problem::new(Code::Unavailable))?;
        boards.insert(group, board);
    }
    // Off the runtime's threads: a large run takes seconds.
    let computed = tokio::task::spawn_blocking(move || compute(prepared, &boards)).await;
    computed.unwrap_or_else(|_| Err(Problem::new(Code::Unavailable)))
}

fn compute(prepared: Prepared, boards: &BTreeMap<GroupId, BoardView>) -> Merged {
    let Prepared { number, drawn, tallies, votes, mut input } = prepared;
    let mut words = BTreeMap::new();
    for (group, board) in boards {
        for idea in &board.ideas {
            input.ideas.push(Idea {
                id: idea.id.into(),
                group: (*group).into(),
                text: idea.text.clone(),
                lang: idea.lang.clone(),
                promoted: idea.state == IdeaState::Promoted,
                kind: idea.kind,
                point: Some(idea.point.into()),
            });
            let votes = votes.get(&idea.id).copied().unwrap_or(0);
            words.insert(idea.id, SourceIdea { text: idea.text.clone(), lang: idea.lang.clone(), votes });
        }
    }
    input.forget_missing();
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "a merge failed");
        Problem::because(Code::Unavailable, format!("The merge failed: {error}"))
    };
    let run = merge::run(&input).map_err(|error| failed(&error))?;
    let list = view(&run, &words, tallies).map_err(|error| failed(&error))?;
    let audit = match tallies {
        TalliesShown::Yes => serde_json::to_value(&run.audit).unwrap_or_default(),
        TalliesShown::No => serde_json::Value::Null,
    };
    let facts = RunFacts {
        run: number,
        sha256: run.run.input_sha256.clone(),
        items: list.items,
        order: list.order,
        audit,
    };
    Ok((facts, drawn))
}
