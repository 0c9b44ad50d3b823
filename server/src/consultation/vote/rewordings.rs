//! Which ideas' words changed since they were voted on: their supporters are asked whether their approval still stands.
//!
//! When a vote opens, the task reads the group's board and this module compares it with what was voted on before.
//! Only fingerprints are kept, in a row of their own that a withdrawal takes its idea out of. An approval that is not
//! confirmed goes on counting: what somebody gave is not taken away because somebody else mended a word.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use proto::ids::{GroupId, IdeaId, SeatId};
use proto::phase::Phase;
use sha2::{Digest, Sha256};

use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::projection::Write;
use crate::consultation::secret::pseudonym;
use crate::consultation::state::{Consultation, NewWords};
use crate::consultation::vote::Votes;
use crate::journal::{TextChange, TextRow};

/// Fingerprints of the words that were voted on.
pub type VotedWords = BTreeMap<IdeaId, u64>;

/// The fingerprint of an idea's words.
#[must_use]
pub fn fingerprint(text: &str) -> u64 {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    digest.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// Which words were voted on, and which of them are others by now.
#[derive(Debug, Default)]
pub(super) struct Rewordings {
    /// Fingerprints of the words that were voted on.
    voted: Arc<VotedWords>,
    /// Up to which opening of each group's vote its words were read.
    read: BTreeMap<GroupId, u32>,
    /// The opening of the group's vote at which the words of an idea were last found to be others than before.
    found: HashMap<IdeaId, u32>,
}

/// A row that says what was voted on.
fn row(wordings: &VotedWords) -> TextChange {
    TextChange::Put(TextRow::VotedWords, serde_json::to_string(wordings).unwrap_or_default())
}

impl Consultation {
    /// The groups whose vote was opened and whose words were not read yet.
    #[must_use]
    pub fn unread(&self) -> Vec<(GroupId, u32)> {
        let open = self.groups().keys().filter(|id| self.phase_of(Some(**id)) == Phase::Vote);
        let read = &self.votes().reworded.read;
        let opened = open.map(|id| (*id, self.openings_of(*id)));
        opened.filter(|(id, openings)| *openings > read.get(id).copied().unwrap_or(0)).collect()
    }

    /// What reading a board at the opening of its vote means: an event, the row that keeps it, and its words.
    #[must_use]
    pub fn read_words(&self, group: GroupId, opening: u32, now: &VotedWords) -> Outcome {
        let here = |idea: &IdeaId| self.ideas().contains_key(idea);
        let voted = &self.votes().reworded.voted;
        let mut all: VotedWords = (**voted).clone();
        let mut changed = Vec::new();
        for (idea, words) in now.iter().filter(|(idea, _)| here(idea)) {
            if all.insert(*idea, *words).is_some_and(|before| before != *words) {
                changed.push(*idea);
            }
        }
        let texts = if all == **voted { Vec::new() } else { vec![row(&all)] };
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
        let known: Vec<IdeaId> =
            changed.iter().copied().filter(|idea| self.ideas().contains_key(idea)).collect();
        let reworded = &mut self.votes_mut().reworded;
        reworded.read.insert(group, opening);
        reworded.found.extend(known.into_iter().map(|idea| (idea, opening)));
        if let Some(voted) = &words.voted_words {
            reworded.voted = Arc::clone(voted);
        }
        Vec::new()
    }

    /// The row of fingerprints without an idea whose words are deleted, if it has one.
    pub(in crate::consultation) fn voted_words_without(&self, idea: IdeaId) -> Option<TextChange> {
        let mut wordings = (*self.votes().reworded.voted).clone();
        wordings.remove(&idea).map(|_| row(&wordings))
    }

    /// The words of an idea are deleted.
    pub(in crate::consultation) fn forget_voted_words(&mut self, idea: IdeaId) {
        let voted = &mut self.votes_mut().reworded.voted;
        if voted.contains_key(&idea) {
            Arc::make_mut(voted).remove(&idea);
        }
    }

    /// An idea is gone for good.
    pub(super) fn forget_rewording(&mut self, idea: IdeaId) {
        self.forget_voted_words(idea);
        self.votes_mut().reworded.found.remove(&idea);
    }

    /// The row of fingerprints, at load.
    pub(in crate::consultation) fn load_voted_words(&mut self, row: &str) {
        self.votes_mut().reworded.voted = serde_json::from_str(row).unwrap_or_default();
    }

    /// The entries that this seat approves by words that are not theirs any more, and by no others.
    pub(in crate::consultation) fn to_confirm(&self, seat: SeatId) -> Vec<IdeaId> {
        let Votes { ballots, reworded, changed: _, plenary: _, adoption: _ } = self.votes();
        let ballot = ballots.of(pseudonym(&self.keys().ballots, seat));
        let mut stale = BTreeSet::new();
        let mut fresh = BTreeSet::new();
        let approved = ballot.into_iter().flatten().filter(|(id, one)| one.on() && self.counts(**id));
        for (id, approval) in approved {
            let found = reworded.found.get(id).copied().unwrap_or(0);
            let kind = if approval.opening() < found { &mut stale } else { &mut fresh };
            kind.insert(self.root_of(*id));
        }
        stale.difference(&fresh).copied().collect()
    }
}
