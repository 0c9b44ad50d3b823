//! An idea as it was decided about, and how one is found.
//!
//! Who shared an idea is not kept. Its words as people write them are in its room; here are the words it was shared
//! with. Outside this folder an idea is read, never written: what changes one stands in `sharing`, `late_shelf`,
//! `moderation` and `texts`.

use std::collections::BTreeMap;
use std::sync::Arc;

use proto::api::translations::Translation;
use proto::command::Kind;
use proto::ids::{GroupId, IdeaId, PointId, Receipt, ReceiptHash};
use proto::problem::{Code, Problem};
use sha2::{Digest, Sha256};

use crate::consultation::event::Event;
use crate::consultation::hash::Hash32;
use crate::consultation::ideas::moderation::danger::Danger;
use crate::consultation::projection::IdeaWords;
use crate::consultation::state::Consultation;

/// Why an idea is hidden.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hidden {
    /// The id of the reason.
    pub reason: String,
    /// Are its words deleted for good?
    pub erased: bool,
}

/// An idea as it was decided about; its words as people write them are in its room.
#[derive(Clone, Debug)]
pub struct Idea {
    group: GroupId,
    point: PointId,
    kind: Option<Kind>,
    /// Did the server propose its kind, and nobody has confirmed it?
    kind_proposed: bool,
    /// Its language.
    lang: String,
    /// What its author can prove it with.
    receipt: ReceiptHash,
    /// The hash of the words that it was shared with: in memory only, because it would confirm a guess of them.
    shared: Option<Hash32>,
    /// Held back?
    held: bool,
    /// Promoted?
    promoted: bool,
    /// Its place.
    order: u32,
    /// The words it was shared with; of a hidden idea, those that it had then.
    text: Arc<str>,
    /// The group's wording of it for the plenary, as it was when it was hidden.
    entry: Option<Arc<str>>,
    /// Language → the same in that language, as it was when it was hidden.
    tr: BTreeMap<String, Translation>,
    /// Hidden, and why?
    hidden: Option<Hidden>,
    /// Did it come after the lock? Then it is held on the late shelf, and no reveal shows it.
    late: bool,
    /// Does it wait for the moderator?
    waiting: bool,
    /// Does it wait because its author changed it after it was let in?
    again: bool,
    /// Out of sight with its whole board?
    veiled: bool,
    /// Written by staff for somebody without a phone?
    spoken: bool,
    /// How many reported it, except as a danger.
    reports: u32,
    /// May somebody be in danger by it?
    danger: Option<Danger>,
}

impl Idea {
    /// An idea as it was shared, with its words if they are known.
    pub(super) fn shared(event: &Event, text: Option<Arc<str>>, veiled: bool) -> Option<Self> {
        let Event::Shared { group, point, kind, lang, receipt, held, order, late, waiting, spoken, idea: _ } =
            event
        else {
            return None;
        };
        Some(Self {
            group: *group,
            point: *point,
            kind: *kind,
            kind_proposed: false,
            lang: lang.clone(),
            receipt: *receipt,
            shared: text.as_deref().map(hash_of),
            held: *held,
            promoted: false,
            order: *order,
            text: text.unwrap_or_default(),
            entry: None,
            tr: BTreeMap::new(),
            hidden: None,
            late: *late,
            waiting: *waiting,
            again: false,
            veiled,
            spoken: *spoken,
            reports: 0,
            danger: None,
        })
    }

    /// The group on whose board it was shared; it never changes.
    #[must_use]
    pub const fn group(&self) -> GroupId {
        self.group
    }

    /// The discussion point that it answers.
    #[must_use]
    pub const fn point(&self) -> PointId {
        self.point
    }

    /// Is it a recommendation, a challenge, …? None if nobody said so.
    #[must_use]
    pub const fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// Did the server propose its kind, and nobody has confirmed it?
    #[must_use]
    pub const fn is_kind_proposed(&self) -> bool {
        self.kind_proposed
    }

    /// Its language; empty: not known.
    #[must_use]
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// What its author can prove it with.
    #[must_use]
    pub const fn receipt(&self) -> ReceiptHash {
        self.receipt
    }

    /// Is it held back until a reveal?
    #[must_use]
    pub const fn is_held(&self) -> bool {
        self.held
    }

    /// Is it sent to the plenary?
    #[must_use]
    pub const fn is_promoted(&self) -> bool {
        self.promoted
    }

    /// Its place on the board, or on the late shelf.
    #[must_use]
    pub const fn order(&self) -> u32 {
        self.order
    }

    /// The words it was shared with; of a hidden idea, those that it had then.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same to keep, without a copy.
    #[must_use]
    pub fn text_handle(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// The group's wording of it for the plenary, as it was when it was hidden.
    #[must_use]
    pub fn entry(&self) -> Option<&str> {
        self.entry.as_deref()
    }

    /// Everything that it says, as far as the consultation knows.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let translations = self.tr.values().map(|translation| translation.text.as_str());
        std::iter::once(self.text()).chain(self.entry()).chain(translations)
    }

    /// Language → the same in that language, as it was when it was hidden.
    #[must_use]
    pub const fn translations(&self) -> &BTreeMap<String, Translation> {
        &self.tr
    }

    /// Is it hidden, and why?
    #[must_use]
    pub const fn hidden(&self) -> Option<&Hidden> {
        self.hidden.as_ref()
    }

    /// Are its words deleted for good?
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.hidden.as_ref().is_some_and(|hidden| hidden.erased)
    }

    /// Did it come after the lock? Then it is held on the late shelf, and no reveal shows it.
    #[must_use]
    pub const fn is_late(&self) -> bool {
        self.late
    }

    /// Does it wait for the moderator?
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        self.waiting
    }

    /// Does it wait because its author changed it after it was let in?
    #[must_use]
    pub const fn is_waiting_again(&self) -> bool {
        self.again
    }

    /// Is it out of sight with its whole board?
    #[must_use]
    pub const fn is_veiled(&self) -> bool {
        self.veiled
    }

    /// Was it written by staff for somebody without a phone?
    #[must_use]
    pub const fn is_spoken(&self) -> bool {
        self.spoken
    }

    /// How many reported it, except as a danger.
    #[must_use]
    pub const fn reports(&self) -> u32 {
        self.reports
    }

    /// May somebody be in danger by it?
    #[must_use]
    pub const fn danger(&self) -> Option<Danger> {
        self.danger
    }

    /// Does a report of danger hide it? Then it is held in its group, and only the safeguarding contact reads it.
    #[must_use]
    pub const fn is_held_in_group(&self) -> bool {
        match &self.danger {
            Some(danger) => danger.hides(),
            None => false,
        }
    }

    /// Was it shared with these words? As it stands, when what it was shared with is not known any more.
    pub(super) fn was_shared_as(&self, text: &str) -> bool {
        self.shared.map_or(*self.text == *text, |words| words == hash_of(text))
    }

    /// Is it on its board, for everybody of its group?
    #[must_use]
    pub const fn is_shown(&self) -> bool {
        !self.held && !self.waiting && !self.veiled && !self.is_taken_off()
    }

    /// Was it taken off its board alone? Then it does not count, and nothing can be done with it.
    #[must_use]
    pub const fn is_taken_off(&self) -> bool {
        self.hidden.is_some() || self.is_held_in_group()
    }

    /// May people decide about it, though its whole board may be out of sight for a while?
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !self.held && !self.waiting && !self.is_taken_off()
    }

    /// Is it off its board with words that may be shown again?
    #[must_use]
    pub fn keeps_words(&self) -> bool {
        !self.is_shown() && !self.is_erased()
    }

    /// What it says, as far as the consultation knows.
    #[must_use]
    pub fn words(&self) -> IdeaWords {
        IdeaWords { text: Arc::clone(&self.text), entry: self.entry.clone(), tr: self.tr.clone() }
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

/// What happens to an idea.
impl Idea {
    /// Its author gives it other words, or an earlier wording is restored.
    pub(super) fn say(&mut self, text: Arc<str>) {
        self.text = text;
    }

    /// Its words as their row says, at load.
    pub(super) fn load_text(&mut self, text: Arc<str>) {
        self.text = text;
    }

    /// Its group's wording as its row says, at load.
    pub(super) fn load_entry(&mut self, entry: Arc<str>) {
        self.entry = Some(entry);
    }

    /// Its translations as their row says, at load.
    pub(super) fn load_translations(&mut self, translations: BTreeMap<String, Translation>) {
        self.tr = translations;
    }

    /// Somebody puts it into another language.
    pub(super) fn translate(&mut self, lang: &str, translation: Translation) {
        self.tr.insert(lang.to_owned(), translation);
    }

    /// A room took it off its board, with these words.
    pub(super) fn keep(&mut self, words: IdeaWords) {
        (self.text, self.entry, self.tr) = (words.text, words.entry, words.tr);
    }

    /// It is hidden for a reason, or its words are deleted for good.
    pub(super) fn hide(&mut self, reason: &str, erased: bool) {
        self.hidden = Some(Hidden { reason: reason.to_owned(), erased });
        if erased {
            (self.text, self.shared) = (Arc::from(""), None);
            self.entry = None;
            self.tr.clear();
        }
    }

    /// It is shown again.
    pub(super) fn unhide(&mut self) {
        self.hidden = None;
    }

    /// Its whole board is out of sight, or is not any more.
    pub(super) const fn veil(&mut self, on: bool) {
        self.veiled = on;
    }

    /// It is sent to the plenary, or not any more.
    pub(super) const fn promote(&mut self, on: bool) {
        self.promoted = on;
    }

    /// It is of this kind, as the server proposes or as its moderator says.
    pub(super) const fn be(&mut self, kind: Kind, proposed: bool) {
        (self.kind, self.kind_proposed) = (Some(kind), proposed);
    }

    /// It is revealed, and has this place.
    pub(super) const fn reveal(&mut self, order: u32) {
        (self.held, self.order) = (false, order);
    }

    /// It is let in from the late shelf or by the moderator, and has this place.
    pub(super) const fn let_in(&mut self, order: u32) {
        self.held &= !self.late;
        (self.late, self.waiting, self.again, self.order) = (false, false, false, order);
    }

    /// It waits for the moderator again: its author changed it after it was let in.
    pub(super) const fn wait_again(&mut self) {
        (self.waiting, self.again) = (true, true);
    }

    /// Somebody reports it, not as a danger.
    pub(super) const fn count_report(&mut self) {
        self.reports += 1;
    }

    /// Somebody may be in danger by it, as far as this says.
    pub(super) const fn endanger(&mut self, danger: Danger) {
        self.danger = Some(danger);
    }

    /// As if it had come after the lock, or before it.
    #[cfg(test)]
    pub(super) const fn put_on_shelf(&mut self, late: bool) {
        self.late = late;
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

    /// True while people may decide about this idea. Unlike [`Self::is_on_board`] it stays true while the moderator hides the
    /// whole board.
    pub(in crate::consultation) fn is_open(&self, idea: IdeaId) -> bool {
        self.ideas().get(&idea).is_some_and(Idea::is_open)
    }

    pub(in crate::consultation) fn find_own(
        &self,
        idea: IdeaId,
        receipt: &Receipt,
    ) -> Result<&Idea, Problem> {
        let found = self.find(idea)?;
        if found.receipt() == receipt.hash() { Ok(found) } else { Err(Problem::new(Code::WrongReceipt)) }
    }
}

/// The hash of words.
fn hash_of(words: &str) -> Hash32 {
    Hash32(Sha256::digest(words.as_bytes()).into())
}
