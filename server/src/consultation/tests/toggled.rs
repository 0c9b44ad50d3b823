//! Ballots that are toggled for ever (rule W16): what stays in memory, what stays in the journal, and what a start takes.
//!
//! `PLENUM_TOGGLES=1000000 cargo nextest run --release -p plenum-server toggled_ballots --no-capture` is the long form.

use proto::api::consultation::Admission;
use proto::command::Action;
use proto::phase::Phase;

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
    let stream = journal.load(id, Stream::Consultation).unwrap();
    let decisions = stream.records.into_iter().map(|(seq, record)| match record {
        Record::Decided(bytes) => (seq, EventRecord::from_bytes(&bytes).unwrap()),
        Record::Born { .. } | Record::Bound { .. } | Record::Updated(_) => panic!("no decision"),
    });
    let loaded =
        Consultation::load(id, journal.keys(id).unwrap(), decisions.collect(), Vec::new(), 100_000).unwrap();
    println!("{rows} rows: a start reads them in {} ms", clock.running());
    assert_eq!(loaded.approvals(), people.len() * IDEAS as usize, "one vote of each seat on each idea");
    for n in 0..IDEAS {
        assert_eq!(loaded.tally(idea(n)), hall.consultation.tally(idea(n)));
    }
}
