//! An idea as it was decided about, and how one is found.
//!
//! Who shared an idea is not kept. Its words as people write them are in its room; here are the words it was shared
//! with. Outside this folder an idea is read, never written: what changes one stands in `sharing`, `hiding`, `late_shelf`,
//! `reports` and `translations`.

use std::collections::BTreeMap;
use std::sync::Arc;

use proto::command::Kind;
use proto::ids::{GroupId, IdeaId, PointId, Receipt, ReceiptHash};
use proto::problem::{Code, Problem};
use sha2::{Digest, Sha256};

use super::hiding::Hidden;
use crate::consultation::event_record::Hash32;
use crate::consultation::ideas::reports::Danger;
use crate::consultation::projection::IdeaWords;
use crate::consultation::state::Consultation;

/// An idea as it was decided about; its words as people write them are in its room.
#[derive(Clone, Debug)]
pub struct Idea {
    /// Its group.
    pub group: GroupId,
    /// Its point.
    pub point: PointId,
    /// Its kind.
    pub kind: Option<Kind>,
    /// Its language.
    pub lang: String,
    /// What its author can prove it with.
    pub receipt: ReceiptHash,
    /// The hash of the words that it was shared with: in memory only, because it would confirm a guess of them.
    pub shared: Option<Hash32>,
    /// Held back?
    pub held: bool,
    /// Promoted?
    pub promoted: bool,
    /// Its place.
    pub order: u32,
    /// The words it was shared with; of a hidden idea, those that it had then.
    pub text: Arc<str>,
    /// Language → the same in that language, as it was when it was hidden.
    pub tr: BTreeMap<String, String>,
    /// Hidden, and why?
    pub hidden: Option<Hidden>,
    /// Did it come after the lock? Then it is held on the late shelf, and no reveal shows it.
    pub late: bool,
    /// Does it wait for the moderator?
    pub waiting: bool,
    /// Does it wait because its author changed it after it was let in?
    pub again: bool,
    /// Out of sight with its whole board?
    pub veiled: bool,
    /// Written by staff for somebody without a phone?
    pub spoken: bool,
    /// How many reported it, except as a danger.
    pub reports: u32,
    /// May somebody be in danger by it?
    pub danger: Option<Danger>,
}

impl Idea {
    /// Is it on its board, for everybody of its group?
    #[must_use]
    pub const fn is_shown(&self) -> bool {
        !self.held && !self.waiting && !self.veiled && !self.is_taken_off()
    }

    /// Was it taken off its board alone? Then it does not count, and nothing can be done with it.
    #[must_use]
    pub const fn is_taken_off(&self) -> bool {
        let endangers = match &self.danger {
            Some(danger) => danger.hides(),
            None => false,
        };
        self.hidden.is_some() || endangers
    }

    /// May people decide about it, though its whole board may be out of sight for a while?
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !self.held && !self.waiting && !self.is_taken_off()
    }

    /// Is it off its board with words that may be shown again?
    #[must_use]
    pub fn keeps_words(&self) -> bool {
        !self.is_shown() && !self.hidden.as_ref().is_some_and(|hidden| hidden.erased)
    }

    /// What it says, as far as the consultation knows.
    #[must_use]
    pub fn words(&self) -> IdeaWords {
        IdeaWords { text: Arc::clone(&self.text), tr: self.tr.clone() }
    }

    /// Is it on the late shelf, for those who may read it?
    #[must_use]
    pub const fn on_shelf(&self) -> bool {
        self.late && !self.is_taken_off()
    }

    /// Does it wait for a reveal?
    #[must_use]
    pub const fn waits(&self) -> bool {
        self.held && !self.late && !self.waiting && !self.is_taken_off()
    }
}

impl Consultation {
    pub(in crate::consultation) fn find(&self, idea: IdeaId) -> Result<&Idea, Problem> {
        self.ideas()
            .get(&idea)
            .ok_or_else(|| Problem::because(Code::NotFound, "There is no such idea on a board."))
    }

    /// Is this idea on its board, for everybody of its group to see?
    #[must_use]
    pub fn is_on_board(&self, idea: IdeaId) -> bool {
        self.ideas().get(&idea).is_some_and(Idea::is_shown)
    }

    /// May people decide about this idea? Like [`Self::is_on_board`], also while its whole board is out of sight.
    pub(in crate::consultation) fn is_open(&self, idea: IdeaId) -> bool {
        self.ideas().get(&idea).is_some_and(Idea::is_open)
    }

    pub(in crate::consultation) fn find_own(
        &self,
        idea: IdeaId,
        receipt: &Receipt,
    ) -> Result<&Idea, Problem> {
        let found = self.find(idea)?;
        if found.receipt == receipt.hash() { Ok(found) } else { Err(Problem::new(Code::WrongReceipt)) }
    }
}

/// The hash of words.
pub(in crate::consultation) fn hash_of(words: &str) -> Hash32 {
    Hash32(Sha256::digest(words.as_bytes()).into())
}
