//! Ballots that are toggled for ever (rule W16): what stays in memory, what stays in the journal, and what a start takes.
//!
//! `PLENUM_TOGGLES=1000000 cargo nextest run -p plenum-server --lib toggled_ballots --no-capture` is the long form.

use proto::api::consultation::Admission;
use proto::command::Action;
use proto::ids::SeatId;
use proto::phase::Phase;
use proto::problem::Code;

use super::voices::{Hall, idea};
use crate::clock::Clock;
use crate::config::Limits;
use crate::consultation::{Consultation, EventRecord};
use crate::journal::{Append, Journal, Record, SqliteJournal, Stream, StreamRecord};

const IDEAS: u128 = 40;

#[tokio::test]
async fn w16_toggled_ballots_are_one_vote_in_memory_and_one_row_each_in_the_journal() {
    let toggles: u128 = std::env::var("PLENUM_TOGGLES").ok().and_then(|n| n.parse().ok()).unwrap_or(12_000);
    let (mut hall, people) = Hall::with_people(Admission::Open);
    hall.phase(Phase::Vote);
    for toggle in 0..toggles {
        let who = people[(toggle % people.len() as u128) as usize];
        let at = toggle / people.len() as u128;
        let approve =
            Action::Approve { idea: idea(at % IDEAS), on: (at / IDEAS).is_multiple_of(2), counter: None };
        hall.act(who, &approve).unwrap();
    }
    let id = hall.consultation.id();
    let folder = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
    let mut keys = Some(*hall.consultation.keys());
    for part in hall.journal.chunks(512) {
        let record = |decision: &EventRecord| Record::Decided(decision.to_bytes());
        let entry = |decision| StreamRecord { stream: Stream::Consultation, record: record(decision) };
        let entries = part.iter().map(entry).collect();
        let (texts, files, scrubs) = (Vec::new(), Vec::new(), Vec::new());
        let append = Append { consultation: id, entries, texts, files, keys: keys.take(), scrubs };
        journal.append(append).await.unwrap().unwrap();
    }
    let (clock, rows) = (Clock::default(), hall.journal.len());
    let began = clock.running();
    let stream = journal.load(id, Stream::Consultation).unwrap();
    let decisions = stream.records.into_iter().map(|(seq, record)| match record {
        Record::Decided(bytes) => (seq, EventRecord::from_bytes(&bytes).unwrap()),
        Record::Born { .. } | Record::Bound { .. } | Record::Updated(_) => panic!("no decision"),
    });
    let loaded =
        Consultation::load(id, journal.keys(id).unwrap(), decisions.collect(), Vec::new(), 100_000).unwrap();
    println!("{rows} rows: a start reads them in {} ms", clock.running() - began);
    assert_eq!(loaded.approvals(), people.len() * IDEAS as usize, "one vote of each seat on each idea");
    for n in 0..IDEAS {
        assert_eq!(loaded.tally(idea(n)), hall.consultation.tally(idea(n)));
    }
}

fn approve(at: u32) -> Action {
    Action::Approve { idea: idea(u128::from(at) % IDEAS), on: (at / 40).is_multiple_of(2), counter: None }
}

/// What a phone says, as the task of the consultation takes it in: what changes nothing is answered and is no row.
fn say(hall: &mut Hall, who: SeatId, action: &Action) -> Result<(), Code> {
    let decided = hall.consultation.decide(who, action, hall.context()).map_err(|problem| problem.code)?;
    if hall.consultation.changes_nothing(&decided, hall.now) {
        return Ok(());
    }
    let allowed = hall.consultation.may_answer(&decided.event, &hall.limits.answers);
    allowed.map_err(|problem| problem.code)?;
    hall.apply(who, decided.event, &decided.words);
    Ok(())
}

#[test]
fn w16_a_seat_changes_its_votes_so_often_and_no_start_gives_it_more() {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    hall.phase(Phase::Vote);
    let before = hall.journal.len();
    let who = people[0];
    let on = |n, on| Action::Approve { idea: idea(n), on, counter: None };
    let mut toggles = 0;
    let refused = loop {
        if let Err(code) = say(&mut hall, who, &on(0, toggles % 2 == 0)) {
            break code;
        }
        toggles += 1;
        assert!(toggles < 10_000, "it goes on for ever");
    };
    let limits = hall.limits.answers;
    let of_ideas = |ideas: u32| limits.changes_of_seat + ideas * (1 + limits.changes_per_answer);
    assert_eq!((refused, toggles), (Code::TooManyChanges, of_ideas(1)));
    // The last answer stays, and saying it again is answered.
    let stands = hall.consultation.tally(idea(0));
    assert_eq!(say(&mut hall, who, &on(0, toggles % 2 == 1)), Ok(()));
    assert_eq!(hall.consultation.tally(idea(0)), stands);
    // What it did not vote on yet it still can, and others are not concerned.
    for n in 1..IDEAS {
        assert_eq!(say(&mut hall, who, &on(n, true)), Ok(()));
    }
    assert_eq!(say(&mut hall, people[1], &on(0, true)), Ok(()));
    assert_eq!(say(&mut hall, people[1], &on(0, false)), Ok(()));
    hall.restart();
    for at in 0..10_000 {
        let _ = say(&mut hall, who, &approve(at));
    }
    let rows = hall.journal.len() - before - 2;
    assert_eq!(rows, of_ideas(IDEAS as u32) as usize, "after a start as before");
}
