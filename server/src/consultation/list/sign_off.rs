//! Sign-off: what a group says of its card before its rapporteur speaks.
//!
//! The server keeps an answer under its seat's pseudonym, like a ballot; the seat can change it. Lines have rows of their own. A seat can
//! agree and leave a line. What is told is how many agree and what the lines say, in an order that tells nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use proto::api::group_card::{GroupCard, Note, OwnAnswer, Signed};
use proto::ids::{GroupId, NoteId, SeatId};
use proto::problem::{Code, Problem};

use crate::access::{Deed, may_ever};
use crate::clock::Millis;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::event::no_change::same_words;
use crate::consultation::ideas::moderation::hiding::PERSONAL_DATA;
use crate::consultation::list::deleted_words::lines::LIKE_DELETED;
use crate::consultation::people::removal::few_votes::Tally;
use crate::consultation::projection::Write;
use crate::consultation::secret::pseudonym;
use crate::consultation::state::{Consultation, NewWords};
use crate::consultation::text_rules::checked_line;
use crate::journal::{SeatKey, TextChange, TextRow};

/// What a seat says of its group's card.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::consultation) struct SignOffAnswer {
    group: GroupId,
    /// This is what we said?
    agreed: bool,
    /// Its line; none of both is no answer.
    note: Option<NoteId>,
}

/// All answers, and the lines.
#[derive(Debug, Default)]
pub(super) struct Signing {
    answers: HashMap<SeatKey, SignOffAnswer>,
    lines: HashMap<NoteId, Arc<str>>,
    hidden: HashMap<NoteId, String>,
    /// Since when those wait that say something like deleted words, in the running time of the server: in memory only.
    undecided: HashMap<NoteId, Millis>,
}

impl Consultation {
    pub(in crate::consultation) fn decide_sign_off(
        &self,
        seat: SeatId,
        group: GroupId,
        (agreed, line): (bool, Option<&str>),
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::SignOff, seat, Some(group))?;
        let by = pseudonym(&self.keys().ballots, seat);
        let signing = &self.plenary_list().signing;
        let old = signing.answers.get(&by).copied();
        let old_note = old.and_then(|answer| answer.note);
        let old_line = old_note.and_then(|note| signing.lines.get(&note)).map(AsRef::as_ref);
        let (mut texts, mut words) = (Vec::new(), NewWords::default());
        // The same line again is the same note: if it is hidden, it stays hidden.
        let line = line.map(|line| checked_line(line, context.limits.records.note_units_max)).transpose()?;
        let stays = old.is_some_and(|answer| answer.group == group) && same_words(old_line, line.as_deref());
        let note = match line {
            Some(_) if stays => old_note,
            Some(line) => {
                let notes =
                    self.answers_of(group).filter(|(key, answer)| **key != by && answer.note.is_some());
                if notes.count() >= context.limits.records.notes_per_group_max {
                    return Err(Problem::new(Code::TooManyNotes));
                }
                let note = NoteId(context.entropy.uuid());
                texts.push(TextChange::Put(TextRow::Note(note), line.clone()));
                words.line = Some(Arc::from(line));
                Some(note)
            }
            None => None,
        };
        if let Some(gone) = old_note.filter(|_| !stays) {
            texts.insert(0, TextChange::Delete(TextRow::Note(gone)));
        }
        Ok(Outcome { event: Event::SignedOff { by, group, agreed, note }, texts, files: Vec::new(), words })
    }

    pub(in crate::consultation) fn decide_hide_note(
        &self,
        seat: SeatId,
        note: NoteId,
        reason: Option<&String>,
    ) -> Result<Outcome, Problem> {
        let answer = self.plenary_list().signing.answers.values().find(|answer| answer.note == Some(note));
        let unknown = || Problem::because(Code::NotFound, "There is no such line on a card.");
        let group = answer.ok_or_else(unknown)?.group;
        self.permit(Deed::HideNote, seat, Some(group))?;
        let known = |reason: &String| {
            reason == PERSONAL_DATA || self.programme().hide_reasons.iter().any(|known| known.id == *reason)
        };
        if reason.is_some_and(|reason| !known(reason)) {
            return Err(Problem::because(Code::NotFound, "There is no such reason in this consultation."));
        }
        if reason.is_none() && !self.plenary_list().signing.lines.contains_key(&note) {
            return Err(Problem::because(Code::NotFound, "The words of this line were deleted."));
        }
        let mut texts = Vec::new();
        if reason.is_some_and(|reason| reason == PERSONAL_DATA) {
            texts.push(TextChange::Delete(TextRow::Note(note)));
        }
        Ok(Outcome { texts, ..Outcome::plain(Event::NoteHidden { note, reason: reason.cloned() }) })
    }

    pub(in crate::consultation) fn sign_off(
        &mut self,
        by: SeatKey,
        group: GroupId,
        (agreed, note): (bool, Option<NoteId>),
        words: &NewWords,
    ) -> Vec<Write> {
        let signing = &mut self.plenary_list_mut().signing;
        let old = signing.answers.remove(&by).and_then(|answer| answer.note);
        if let Some(gone) = old.filter(|old| note != Some(*old)) {
            signing.lines.remove(&gone);
            signing.hidden.remove(&gone);
        }
        if agreed || note.is_some() {
            signing.answers.insert(by, SignOffAnswer { group, agreed, note });
        }
        if let (Some(note), Some(line)) = (note, &words.line) {
            signing.lines.insert(note, Arc::clone(line));
        }
        Vec::new()
    }

    /// Does the seat say this of the card already? A new line has a new note.
    pub(in crate::consultation) fn is_signed_already(
        &self,
        by: SeatKey,
        group: GroupId,
        (agreed, note): (bool, Option<NoteId>),
    ) -> bool {
        let answer = SignOffAnswer { group, agreed, note };
        self.plenary_list().signing.answers.get(&by).map_or(!agreed && note.is_none(), |old| *old == answer)
    }

    pub(in crate::consultation) fn is_note_hidden_already(
        &self,
        note: NoteId,
        reason: Option<&String>,
    ) -> bool {
        self.plenary_list().signing.hidden.get(&note) == reason
    }

    pub(in crate::consultation) fn hide_note(&mut self, note: NoteId, reason: Option<&String>) -> Vec<Write> {
        let signing = &mut self.plenary_list_mut().signing;
        match reason {
            Some(reason) => {
                if reason == PERSONAL_DATA {
                    signing.lines.remove(&note);
                }
                signing.hidden.insert(note, reason.clone());
            }
            None => {
                signing.hidden.remove(&note);
            }
        }
        Vec::new()
    }

    /// The answers of these seats go, with their lines, unless they are on a card that is kept.
    /// Gives back what they had answered.
    pub(in crate::consultation) fn unsign(
        &mut self,
        seats: &[SeatKey],
        kept: &BTreeSet<Tally>,
    ) -> Vec<(SeatKey, SignOffAnswer)> {
        let signing = &mut self.plenary_list_mut().signing;
        let mut answered = Vec::new();
        for by in seats {
            let goes = |answer: &SignOffAnswer| !kept.contains(&Tally::Card(answer.group));
            let Some(answer) = signing.answers.get(by).copied().filter(goes) else { continue };
            signing.answers.remove(by);
            if let Some(note) = answer.note {
                signing.lines.remove(&note);
                signing.hidden.remove(&note);
            }
            answered.push((*by, answer));
        }
        answered
    }

    /// Seats that are there again agree again. Who had written a line is asked for it again: its words are deleted.
    pub(in crate::consultation) fn sign_again(&mut self, answers: Vec<(SeatKey, SignOffAnswer)>) {
        let agreed = answers.into_iter().filter(|(_, answer)| answer.agreed);
        let without_lines = agreed.map(|(by, answer)| (by, SignOffAnswer { note: None, ..answer }));
        self.plenary_list_mut().signing.answers.extend(without_lines);
    }

    /// The rows of the lines that these seats wrote on cards, but for cards that are kept.
    pub(in crate::consultation) fn notes_of(
        &self,
        seats: &[SeatKey],
        kept: &BTreeSet<Tally>,
    ) -> Vec<TextChange> {
        let answers = seats.iter().filter_map(|by| self.plenary_list().signing.answers.get(by));
        let notes = answers.filter(|answer| !kept.contains(&Tally::Card(answer.group)));
        let notes = notes.filter_map(|answer| answer.note);
        notes.map(|note| TextChange::Delete(TextRow::Note(note))).collect()
    }

    /// The seats that answered, under the names of their ballots.
    pub(in crate::consultation) fn signers(&self) -> impl Iterator<Item = &SeatKey> {
        self.plenary_list().signing.answers.keys()
    }

    /// The seats that answered, and of which group's card.
    pub(in crate::consultation) fn signed_cards(&self) -> impl Iterator<Item = (&SeatKey, GroupId)> {
        self.plenary_list().signing.answers.iter().map(|(by, answer)| (by, answer.group))
    }

    /// The group whose card a line belongs to.
    pub(in crate::consultation) fn group_of_note(&self, note: NoteId) -> Option<GroupId> {
        self.plenary_list()
            .signing
            .answers
            .values()
            .find(|answer| answer.note == Some(note))
            .map(|answer| answer.group)
    }

    /// Lines on cards whose words are there; is it hidden?
    pub(in crate::consultation) fn note_lines(&self) -> impl Iterator<Item = (NoteId, &str, bool)> {
        let Signing { lines, hidden, .. } = &self.plenary_list().signing;
        lines.iter().map(|(note, line)| (*note, &**line, hidden.contains_key(note)))
    }

    /// The words of notes that are hidden because they say something like deleted words, on the card of who may settle them.
    pub fn show_undecided(&self, seat: SeatId, card: &mut GroupCard) {
        let actor = self.actor(seat);
        if !actor.is_some_and(|actor| may_ever(Deed::HideNote, actor, Some(card.group))) {
            return;
        }
        for note in &mut card.signed.notes {
            let waits = note.hidden.as_deref() == Some(LIKE_DELETED);
            note.undecided =
                self.plenary_list().signing.lines.get(&note.id).filter(|_| waits).map(ToString::to_string);
        }
    }

    /// What is meant when nobody has decided about such notes for so long: their words are deleted. `running`: for how long
    /// this server has run; what waited when it was started has waited since then.
    pub fn give_up_undecided(&mut self, running: Millis, longest: Millis) -> Vec<Outcome> {
        let Signing { lines, hidden, undecided, .. } = &mut self.plenary_list_mut().signing;
        let waits = |note: &NoteId| {
            lines.contains_key(note) && hidden.get(note).is_some_and(|why| why == LIKE_DELETED)
        };
        undecided.retain(|note, _| waits(note));
        for note in hidden.keys().filter(|note| waits(note)) {
            undecided.entry(*note).or_insert(running);
        }
        let over = undecided.iter().filter(|(_, since)| running.saturating_sub(**since) >= longest);
        let over: BTreeSet<NoteId> = over.map(|(note, _)| *note).collect();
        let given_up = over.into_iter().map(|note| Outcome {
            texts: vec![TextChange::Delete(TextRow::Note(note))],
            ..Outcome::plain(Event::NoteHidden { note, reason: Some(PERSONAL_DATA.to_owned()) })
        });
        given_up.collect()
    }

    pub(in crate::consultation) fn load_note(&mut self, note: NoteId, line: String) {
        self.plenary_list_mut().signing.lines.insert(note, line.into());
    }

    /// The answers of those who are in this group now.
    fn answers_of(&self, group: GroupId) -> impl Iterator<Item = (&SeatKey, &SignOffAnswer)> {
        self.plenary_list().signing.answers.iter().filter(move |(key, answer)| {
            let seat = self.voter(key).and_then(|seat| self.seats().get(&seat));
            answer.group == group && seat.is_some_and(|seat| seat.group() == Some(group))
        })
    }

    /// How many have said something of their group's card, of all groups in one go.
    #[must_use]
    pub fn signed_counts(&self) -> HashMap<GroupId, u32> {
        let mut counts = HashMap::new();
        for (key, answer) in &self.plenary_list().signing.answers {
            let seat = self.voter(key).and_then(|seat| self.seats().get(&seat));
            if seat.is_some_and(|seat| seat.group() == Some(answer.group)) {
                *counts.entry(answer.group).or_default() += 1;
            }
        }
        counts
    }

    /// What a group says of its card. Hidden lines are there without their words.
    #[must_use]
    pub fn signed(&self, group: GroupId) -> Signed {
        let mut signed = Signed::default();
        for (_, answer) in self.answers_of(group) {
            signed.agreed += u32::from(answer.agreed);
            let Some(id) = answer.note else { continue };
            let hidden = self.plenary_list().signing.hidden.get(&id).cloned();
            let line = self
                .plenary_list()
                .signing
                .lines
                .get(&id)
                .filter(|_| hidden.is_none())
                .map(|line| line.to_string());
            signed.notes.push(Note { id, line, hidden, undecided: None });
        }
        // Ids are random, and so is this order.
        signed.notes.sort_unstable_by_key(|note| note.id);
        signed
    }

    /// What this seat itself said.
    #[must_use]
    pub fn own_answer(&self, seat: SeatId) -> Option<OwnAnswer> {
        let answer = self.plenary_list().signing.answers.get(&pseudonym(&self.keys().ballots, seat))?;
        let line = answer
            .note
            .and_then(|note| self.plenary_list().signing.lines.get(&note))
            .map(|line| line.to_string());
        Some(OwnAnswer { agree: answer.agreed, line })
    }
}
