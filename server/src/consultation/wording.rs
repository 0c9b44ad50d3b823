//! Which ideas' words changed since they were voted on: their supporters are asked whether their approval still stands.
//!
//! When a vote opens, the task reads the group's board and this module compares it with what was voted on before.
//! Only fingerprints are kept, in a row of their own that a withdrawal takes its idea out of. An approval that is not
//! confirmed goes on counting: what somebody gave is not taken away because somebody else mended a word.

use std::collections::BTreeMap;
use std::sync::Arc;

use proto::ids::{GroupId, IdeaId, SeatId};
use proto::phase::Phase;
use sha2::{Digest, Sha256};

use super::event::Event;
use super::projection::Write;
use super::secret::pseudonym;
use super::state::{Consultation, NewWords};
use super::votes::Approval;
use crate::journal::{TextChange, TextKey};

/// Fingerprints of the words that were voted on.
pub type Wordings = BTreeMap<IdeaId, u64>;

/// The fingerprint of an idea's words.
#[must_use]
pub fn fingerprint(text: &str) -> u64 {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    digest.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// A row that says what was voted on.
fn row(wordings: &Wordings) -> TextChange {
    TextChange::Put(TextKey::Wordings, serde_json::to_string(wordings).unwrap_or_default())
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
    pub fn read_words(
        &self,
        group: GroupId,
        opening: u32,
        now: &Wordings,
    ) -> (Event, Vec<TextChange>, NewWords) {
        let here = |idea: &IdeaId| self.ideas.contains_key(idea);
        let mut all: Wordings = (*self.wordings).clone();
        let mut changed = Vec::new();
        for (idea, words) in now.iter().filter(|(idea, _)| here(idea)) {
            if all.insert(*idea, *words).is_some_and(|before| before != *words) {
                changed.push(*idea);
            }
        }
        let texts = if all == *self.wordings { Vec::new() } else { vec![row(&all)] };
        let words = NewWords { wordings: Some(Arc::new(all)), ..NewWords::default() };
        (Event::Worded { group, opening, changed }, texts, words)
    }

    pub(super) fn word(
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
        if let Some(wordings) = &words.wordings {
            self.wordings = Arc::clone(wordings);
        }
        Vec::new()
    }

    /// The row of fingerprints without an idea whose words are deleted, if it has one.
    pub(super) fn wordings_without(&self, idea: IdeaId) -> Option<TextChange> {
        let mut wordings = (*self.wordings).clone();
        wordings.remove(&idea).map(|_| row(&wordings))
    }

    /// The words of an idea are deleted.
    pub(super) fn forget_wording(&mut self, idea: IdeaId) {
        if self.wordings.contains_key(&idea) {
            Arc::make_mut(&mut self.wordings).remove(&idea);
        }
    }

    /// The ideas that this ballot approves by words that are not theirs any more.
    pub(super) fn to_confirm(&self, ballot: &BTreeMap<IdeaId, Approval>) -> Vec<IdeaId> {
        let stale = |(id, approval): &(&IdeaId, &Approval)| {
            approval.on
                && self.counts(**id)
                && self.ideas.get(id).is_some_and(|idea| approval.opening < idea.reworded)
        };
        ballot.iter().filter(stale).map(|(id, _)| *id).collect()
    }

    pub(super) fn ballot_of(&self, seat: SeatId) -> Option<&BTreeMap<IdeaId, Approval>> {
        self.ballots.get(&pseudonym(&self.keys.ballots, seat))
    }
}
