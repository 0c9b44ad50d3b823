//! Words that nobody may read: erased ones are nowhere, hidden ones are in nothing that participants are told.

use std::collections::BTreeSet;

use proto::ids::IdeaId;
use proto::role::Role;
use server::journal::{Journal, Record, Stream, TextRow};

use super::World;
use super::plenary_vote::check_hidden;

impl World {
    /// Nothing that anybody is told has words that were erased, and nothing that participants are told has hidden ones.
    pub(in super::super) fn check_told(&self, role: Role, message: &str) {
        check_hidden(message);
        for word in self.words_of(|idea| self.erased.contains(idea)) {
            assert!(!message.contains(word), "told to {role:?} after it was erased: {word} in {message}");
        }
        if role == Role::Participant {
            for word in self.words_of(|idea| self.is_off(*idea)) {
                assert!(!message.contains(word), "told to a participant while it is hidden: {word}");
            }
        }
    }

    /// The list is read by everybody.
    pub(in super::super) fn check_list_read(&self, list: &str) {
        if !self.reworded.is_empty() {
            // What rapporteurs took over is theirs; what of it is deleted with an idea is checked at the end of the day.
            return;
        }
        for word in self.words_of(|idea| self.erased.contains(idea) || self.is_off(*idea)) {
            assert!(!list.contains(word), "on the list, and its idea is off its board: {word}");
        }
    }

    /// Is an idea off its board, so that participants do not read it?
    fn is_off(&self, idea: IdeaId) -> bool {
        let Some(server) = &self.server else { return false };
        server.live.consultation().ideas().get(&idea).is_none_or(server::consultation::Idea::is_taken_off)
    }

    fn words_of(&self, which: impl Fn(&IdeaId) -> bool) -> impl Iterator<Item = &String> {
        self.words.iter().filter(move |(idea, _)| which(idea)).flat_map(|(_, words)| words)
    }

    /// What was erased is in no row, no record, no snapshot and no page.
    pub(super) fn check_erased(&self) {
        let (journal, id) = (&self.ground.journal, self.ground.id);
        let mut kept: Vec<(String, bool, Vec<u8>)> = Vec::new();
        let boards = self.groups.iter().map(|group| Stream::Board(*group));
        for stream in boards.chain([Stream::Plenary, Stream::Consultation]) {
            let (loaded, list) = (journal.load(id, stream).unwrap(), stream == Stream::Plenary);
            kept.extend(
                loaded
                    .snapshot
                    .into_iter()
                    .map(|row| (format!("a snapshot of {stream:?}"), list, row.state.to_vec())),
            );
            for (seq, record) in loaded.records {
                if let Record::Updated(bytes) | Record::Decided(bytes) = record {
                    kept.push((format!("record {seq} of {stream:?}"), list, bytes));
                }
            }
        }
        let texts = journal.texts(id).unwrap().into_iter();
        kept.extend(
            texts
                .map(|(row, text)| (format!("the row {row:?}"), row == TextRow::Doubtful, text.into_bytes())),
        );
        let gone: BTreeSet<&IdeaId> = self.words.keys().filter(|idea| self.erased.contains(idea)).collect();
        for idea in gone {
            // What rapporteurs took over into the list and wrote on is theirs: people are asked what becomes of it.
            let on_list = !self.reworded.is_empty();
            for word in &self.words[idea] {
                let holds = |bytes: &[u8]| bytes.windows(word.len()).any(|window| window == word.as_bytes());
                for (place, _, bytes) in kept.iter().filter(|(_, list, _)| !(*list && on_list)) {
                    assert!(!holds(bytes), "erased and still in {place}: {word}");
                }
            }
        }
    }
}
