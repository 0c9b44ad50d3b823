//! Which ideas' words changed since they were voted on: their supporters are asked whether their approval still stands.
//!
//! When a vote opens, the task reads the group's board and this module compares it with what was voted on before.
//! Only fingerprints are kept, in a row of their own that a withdrawal takes its idea out of. An approval that is not
//! confirmed goes on counting: what somebody gave is not taken away because somebody else mended a word.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proto::ids::{GroupId, IdeaId, SeatId};
use proto::phase::Phase;
use sha2::{Digest, Sha256};

use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::projection::Write;
use crate::consultation::secret::pseudonym;
use crate::consultation::state::{Consultation, NewWords};
use crate::consultation::vote::ballots::Approval;
use crate::journal::{TextChange, TextRow};

/// Fingerprints of the words that were voted on.
pub type VotedWords = BTreeMap<IdeaId, u64>;

/// The fingerprint of an idea's words.
#[must_use]
pub fn fingerprint(text: &str) -> u64 {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    digest.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// A row that says what was voted on.
fn row(wordings: &VotedWords) -> TextChange {
    TextChange::Put(TextRow::VotedWords, serde_json::to_string(wordings).unwrap_or_default())
}

impl Consultation {
    /// The groups whose vote was opened and whose words were not read yet.
    #[must_use]
    pub fn unread(&self) -> Vec<(GroupId, u32)> {
        let open = self.groups.iter().filter(|(id, _)| self.phase_of(Some(**id)) == Phase::Vote);
        let unread = open.filter(|(_, group)| group.openings.0 > group.openings.1);
        unread.map(|(id, group)| (*id, group.openings.0)).collect()
    }

    /// What reading a board at the opening of its vote means: an event, the row that keeps it, and its words.
    #[must_use]
    pub fn read_words(&self, group: GroupId, opening: u32, now: &VotedWords) -> Outcome {
        let here = |idea: &IdeaId| self.ideas.contains_key(idea);
        let mut all: VotedWords = (*self.voted_words).clone();
        let mut changed = Vec::new();
        for (idea, words) in now.iter().filter(|(idea, _)| here(idea)) {
            if all.insert(*idea, *words).is_some_and(|before| before != *words) {
                changed.push(*idea);
            }
        }
        let texts = if all == *self.voted_words { Vec::new() } else { vec![row(&all)] };
        let words = NewWords { voted_words: Some(Arc::new(all)), ..NewWords::default() };
        Outcome { event: Event::VoteRead { group, opening, changed }, texts, files: Vec::new(), words }
    }

    pub(in crate::consultation) fn take_voted_words(
        &mut self,
        group: GroupId,
        opening: u32,
        changed: &[IdeaId],
        words: &NewWords,
    ) -> Vec<Write> {
        if let Some(group) = self.groups.get_mut(&group) {
            group.openings.1 = opening;
        }
        for id in changed {
            if let Some(idea) = self.ideas.get_mut(id) {
                idea.reworded = opening;
            }
        }
        if let Some(voted) = &words.voted_words {
            self.voted_words = Arc::clone(voted);
        }
        Vec::new()
    }

    /// The row of fingerprints without an idea whose words are deleted, if it has one.
    pub(in crate::consultation) fn voted_words_without(&self, idea: IdeaId) -> Option<TextChange> {
        let mut wordings = (*self.voted_words).clone();
        wordings.remove(&idea).map(|_| row(&wordings))
    }

    /// The words of an idea are deleted.
    pub(in crate::consultation) fn forget_voted_words(&mut self, idea: IdeaId) {
        if self.voted_words.contains_key(&idea) {
            Arc::make_mut(&mut self.voted_words).remove(&idea);
        }
    }

    /// The entries that this ballot approves by words that are not theirs any more, and by no others.
    pub(in crate::consultation) fn to_confirm(&self, ballot: &BTreeMap<IdeaId, Approval>) -> Vec<IdeaId> {
        let mut stale = BTreeSet::new();
        let mut fresh = BTreeSet::new();
        for (id, approval) in ballot.iter().filter(|(id, approval)| approval.on && self.counts(**id)) {
            let reworded = self.ideas.get(id).map_or(0, |idea| idea.reworded);
            let kind = if approval.opening < reworded { &mut stale } else { &mut fresh };
            kind.insert(self.root_of(*id));
        }
        stale.difference(&fresh).copied().collect()
    }

    pub(in crate::consultation) fn ballot_of(&self, seat: SeatId) -> Option<&BTreeMap<IdeaId, Approval>> {
        self.ballots.get(&pseudonym(&self.keys.ballots, seat))
    }
}
