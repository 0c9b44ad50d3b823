//! Other ideas that say the same as words that were deleted as personal data: shown to who may hide them, and never deleted
//! unasked (rule C25).
//!
//! Looked at is what the consultation knows of each idea: its words as shared, edited by its author, or hidden, and its
//! translations. Of the deleted words nothing is kept, so the search is made once, when they go; what it found is in memory only.
//! Ideas that are held for the safeguarding contact are left out: moderators are not shown their words.

use std::collections::BTreeSet;

use proto::ids::{GroupId, IdeaId};

use crate::config::RepeatLimits;
use crate::consultation::ideas::idea::Idea;
use crate::consultation::state::Consultation;

/// What the searches since the start have found.
#[derive(Debug, Default)]
pub(in crate::consultation) struct Repeats {
    ideas: BTreeSet<IdeaId>,
    /// Did one of them end before it had looked at everything?
    cut: bool,
}

impl Consultation {
    /// Looks for ideas that repeat the words of this one, which is about to be deleted.
    pub fn find_repeats(&mut self, id: IdeaId, limits: &RepeatLimits) {
        let words: Vec<String> = self.all_words(id).iter().map(|text| letters(text)).collect();
        let words: Vec<String> = words.into_iter().filter(|text| !text.is_empty()).collect();
        if words.is_empty() {
            return;
        }
        let (mut looked_at, mut found, mut cut) = (0, Vec::new(), false);
        for (other, idea) in self.ideas.iter().filter(|(other, idea)| **other != id && is_told(idea)) {
            let bytes = idea.text.len() + idea.tr.values().map(String::len).sum::<usize>();
            if looked_at + bytes > limits.bytes_max
                || self.repeats.ideas.len() + found.len() >= limits.ideas_max
            {
                cut = true;
                break;
            }
            looked_at += bytes;
            let mut texts = std::iter::once(&*idea.text).chain(idea.tr.values().map(String::as_str));
            if texts.any(|text| repeats(&letters(text), &words, limits.letters_min)) {
                found.push(*other);
            }
        }
        self.repeats.ideas.extend(found);
        self.repeats.cut |= cut;
        self.repeats.ideas.remove(&id);
    }

    /// Those of a group, for its desk.
    pub(in crate::consultation) fn repeats_in(
        &self,
        group: GroupId,
    ) -> impl Iterator<Item = (IdeaId, &Idea)> {
        let ideas = self.repeats.ideas.iter().filter_map(|id| Some((*id, self.ideas.get(id)?)));
        ideas.filter(move |(_, idea)| idea.group == group && is_told(idea))
    }

    /// Did a search end before it had looked at everything?
    pub(in crate::consultation) const fn repeats_cut(&self) -> bool {
        self.repeats.cut
    }
}

/// May who moderates read it, and has it words?
fn is_told(idea: &Idea) -> bool {
    !idea.text.is_empty() && !idea.danger.is_some_and(|danger| danger.hides())
}

fn repeats(says: &str, words: &[String], letters_min: usize) -> bool {
    let long = |text: &&String| text.chars().nth(letters_min.saturating_sub(1)).is_some();
    words.iter().any(|text| text == says)
        || words.iter().filter(long).any(|text| says.contains(text.as_str()))
}

/// Letters and digits in small letters: all that is compared.
fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c25_the_same_words_or_a_long_run_of_them_repeat_what_was_deleted() {
        let words = [letters("Call Maria: 079 555 99 88"), letters("jobs")];
        let says = |text: &str| repeats(&letters(text), &words, 12);
        assert!(
            says("call maria 0795559988!")
                && says("Please call Maria, 079-555-99-88, at night")
                && says("Jobs.")
        );
        assert!(!says("Call Maria") && !says("More jobs for everybody") && !says(""));
        assert!(repeats(
            &letters("我们认为少年应该参与一切重要的决定"),
            &[letters("少年应该参与一切重要的决定")],
            12
        ));
    }
}
