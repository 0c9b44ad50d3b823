//! What must be so after each step and at the end of a simulated day.

use std::collections::{BTreeMap, BTreeSet};

use proto::api::consultation::IdeaState;
use proto::ids::IdeaId;
use proto::phase::Phase;
use server::consultation::{Consultation, EventRecord};
use server::journal::{Journal, Record, Stream};
use server::live::load;

use super::world::World;
use crate::phone::words;

impl World {
    /// Invariants I4 and I7: what was answered is in the journal, and will be answered in the same way.
    pub(super) fn check_promises(&self) {
        let consultation = self.live();
        for (id, seq) in &self.answered {
            let known = consultation.done().get(*id).map(|(_, seq)| seq);
            assert_eq!(known, Some(*seq), "{id} was answered with {seq}");
        }
        let mut seen = BTreeSet::new();
        for record in self.records() {
            if let Some(command) = record.command {
                assert!(seen.insert(command.id), "one command, two events: {}", command.id);
            }
        }
    }

    pub(super) fn records(&self) -> Vec<EventRecord> {
        let stream = self.ground.journal.load(self.ground.id, Stream::Consultation).unwrap();
        let decided = stream.records.into_iter().filter_map(|(_, record)| match record {
            Record::Decided(bytes) => Some(EventRecord::from_bytes(&bytes).unwrap()),
            Record::Born { .. } | Record::Bound { .. } | Record::Updated(_) => None,
        });
        decided.collect()
    }

    fn live(&self) -> &Consultation {
        self.server.as_ref().unwrap().live.consultation()
    }

    /// Tallies equal a count of the ballots from scratch, and no ballot is over its budget.
    pub(super) fn check_tallies(&self) {
        let consultation = self.live();
        let ballots: Vec<Vec<IdeaId>> = consultation.ballots().map(|(_, _, ideas)| ideas).collect();
        let combined = consultation.combinations();
        for idea in consultation.ideas().keys().filter(|idea| consultation.is_on_board(**idea)) {
            let entry: BTreeSet<IdeaId> = if combined.contains_key(idea) {
                BTreeSet::from([*idea])
            } else {
                let stands = |one: &&IdeaId| **one == *idea || combined.get(one) == Some(idea);
                consultation
                    .ideas()
                    .keys()
                    .filter(|one| consultation.is_on_board(**one))
                    .filter(stands)
                    .copied()
                    .collect()
            };
            let count = ballots.iter().filter(|ballot| ballot.iter().any(|one| entry.contains(one))).count();
            assert_eq!(consultation.tally(*idea) as usize, count, "the tally of {idea}");
        }
        let Some(votes) = self.votes else { return };
        for ballot in &ballots {
            let root = |idea: &IdeaId| combined.get(idea).copied().unwrap_or(*idea);
            let on_board = ballot.iter().filter(|idea| consultation.is_on_board(**idea));
            let used: BTreeSet<IdeaId> = on_board.map(root).collect();
            // Taking apart what was combined, and bringing back what was hidden, may give a ballot more than it could choose.
            let changed = self.log_says("take-apart") || self.log_says("unhide");
            assert!(changed || used.len() <= votes as usize, "a ballot of {} with {votes} votes", used.len());
        }
    }

    /// Nothing that anybody is told has words that were erased.
    pub(super) fn check_told(&self, message: &str) {
        for word in self.erased_words() {
            assert!(!message.contains(word), "told after it was erased: {word}");
        }
    }

    fn erased_words(&self) -> impl Iterator<Item = &String> {
        self.erased.iter().filter_map(|idea| self.words.get(idea)).flatten()
    }

    /// Everything, at the end of a day at which everybody is here.
    pub(super) fn check_all(&mut self) {
        self.check_promises();
        self.check_tallies();
        self.check_journal();
        self.check_boards();
        self.check_erased();
    }

    /// Invariant I5: a consultation that is loaded from the journal is the one that runs.
    fn check_journal(&self) {
        let remembered = self.ground.limits.commands_remembered;
        let loaded = load(&self.ground.journal, self.ground.id, remembered).unwrap();
        let (live, now) = (self.live(), self.ground.wall);
        let phases = |one: &Consultation| -> Vec<Phase> {
            self.groups.iter().map(|group| one.phase_of(Some(*group))).collect()
        };
        assert_eq!(phases(&loaded), phases(live), "phases");
        let ballots = |one: &Consultation| {
            let mut ballots: Vec<_> = one.ballots().collect();
            ballots.sort();
            ballots
        };
        assert_eq!(ballots(&loaded), ballots(live), "ballots");
        let ideas = |one: &Consultation| -> BTreeMap<IdeaId, (IdeaState, Option<IdeaId>, bool, u32)> {
            let of = |id: &IdeaId| {
                let (state, into) = one.state_of(*id);
                (*id, (state, into, one.is_on_board(*id), one.tally(*id)))
            };
            one.ideas().keys().map(of).collect()
        };
        assert_eq!(ideas(&loaded), ideas(live), "ideas");
        assert_eq!(loaded.list(), live.list(), "decisions about the list");
        assert_eq!(loaded.ledger(), live.ledger(), "the ledger");
        let groups = |one: &Consultation| one.state(now, |_| 0).groups;
        let names =
            |one: &Consultation| groups(one).iter().map(|group| group.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&loaded), names(live), "groups");
    }

    /// All replicas are equal; nothing that was recorded is lost; nothing late took effect.
    fn check_boards(&mut self) {
        let server = self.server.as_mut().unwrap();
        let mut shown = BTreeMap::new();
        for group in self.groups.clone() {
            let board = server.board(group, &self.ground);
            let texts: Vec<(String, String)> = {
                let mut texts: Vec<_> =
                    board.ideas.iter().map(|idea| (idea.id.to_string(), idea.text.clone())).collect();
                texts.sort();
                texts
            };
            for person in self.people.iter().filter(|person| person.group == Some(group)) {
                let page = person.page.as_ref().unwrap();
                assert_eq!(words(&page.doc), texts, "the page of {} and its board", person.seat);
            }
            if let Some(voted) = self.voted.get(&group) {
                for (idea, text) in board.ideas.iter().map(|idea| (idea.id, &idea.text)) {
                    let before = voted.get(&idea);
                    assert!(
                        before.is_none_or(|before| before == text),
                        "{idea} changed while it is voted on"
                    );
                }
            }
            shown.extend(board.ideas.into_iter().map(|idea| (idea.id, idea.text)));
        }
        for (idea, word) in &self.recorded {
            if let Some(text) = shown.get(idea) {
                assert!(text.contains(word.as_str()), "recorded and lost: {word} of {idea}");
            }
        }
        let live = self.live();
        for idea in live.ideas().keys().filter(|idea| live.is_on_board(**idea)) {
            assert!(
                shown.contains_key(idea),
                "{idea} is on its board for the consultation, and not in its room"
            );
        }
        for idea in shown.keys() {
            assert!(
                live.is_on_board(*idea),
                "{idea} is in its room, and not on its board for the consultation"
            );
        }
    }

    /// What was erased is in no row, no record and no snapshot.
    fn check_erased(&self) {
        let (journal, id) = (&self.ground.journal, self.ground.id);
        let mut kept: Vec<(String, Vec<u8>)> = Vec::new();
        let boards = self.groups.iter().map(|group| Stream::Board(*group));
        for stream in boards.chain([Stream::Plenary, Stream::Consultation]) {
            let loaded = journal.load(id, stream).unwrap();
            kept.extend(
                loaded.snapshot.into_iter().map(|row| (format!("a snapshot of {stream:?}"), row.state)),
            );
            for (seq, record) in loaded.records {
                if let Record::Updated(bytes) | Record::Decided(bytes) = record {
                    kept.push((format!("record {seq} of {stream:?}"), bytes));
                }
            }
        }
        let texts = journal.texts(id).unwrap();
        kept.extend(texts.into_iter().map(|(row, text)| (format!("the row {row:?}"), text.into_bytes())));
        for word in self.erased_words() {
            let holds = |bytes: &[u8]| bytes.windows(word.len()).any(|window| window == word.as_bytes());
            for (place, bytes) in &kept {
                assert!(!holds(bytes), "erased and still in {place}: {word}");
            }
        }
    }
}
