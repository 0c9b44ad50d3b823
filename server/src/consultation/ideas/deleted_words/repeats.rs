//! Other ideas that say the same as words that were deleted as personal data: shown to who may hide them, and never deleted
//! unasked (rule C25).
//!
//! Looked at is what the consultation knows of each idea (its words as shared, edited by its author, or hidden, and its
//! translations), and what people typed into it on its board, which `live::jobs` reads. Of the deleted words nothing is kept, so the
//! search is made once, when they go; of what it found the ids alone are in memory.
//! Ideas that are held for the safeguarding contact are left out: moderators are not shown their words.

use std::collections::{BTreeSet, HashSet};

use proto::ids::{GroupId, IdeaId};

use crate::config::RepeatLimits;
use crate::consultation::ideas::deleted_words::traces;
use crate::consultation::ideas::idea::Idea;
use crate::consultation::state::Consultation;

/// What the searches since the start have found.
#[derive(Debug, Default)]
pub(in crate::consultation::ideas) struct Repeats {
    ideas: BTreeSet<IdeaId>,
    /// Did one of them end before it had looked at everything?
    cut: bool,
}

impl Consultation {
    /// Looks for ideas that repeat the words of this one, which is about to be deleted.
    pub fn find_repeats(&mut self, id: IdeaId, limits: &RepeatLimits) {
        let words = ErasedWords::new(&self.all_words(id), limits);
        if words.is_empty() {
            return;
        }
        let (mut looked_at, mut found, mut cut) = (0, Vec::new(), false);
        for (other, idea) in self.ideas().iter().filter(|(other, idea)| **other != id && is_told(idea)) {
            let bytes = idea.texts().map(str::len).sum::<usize>();
            if looked_at + bytes > limits.bytes_max
                || self.contributions().repeats.ideas.len() + found.len() >= limits.ideas_max
            {
                cut = true;
                break;
            }
            looked_at += bytes;
            if idea.texts().any(|text| words.repeated_in(text)) {
                found.push(*other);
            }
        }
        let repeats = &mut self.contributions_mut().repeats;
        repeats.ideas.extend(found);
        repeats.cut |= cut;
        repeats.ideas.remove(&id);
    }

    /// The words of an idea that is about to be deleted, with what its board says now, prepared to be looked for on boards.
    #[must_use]
    pub fn words_to_erase(&self, id: IdeaId, now: Option<&str>, limits: &RepeatLimits) -> ErasedWords {
        let mut words = self.all_words(id);
        words.extend(now.map(str::to_owned));
        ErasedWords::new(&words, limits)
    }

    /// Boards on which deleted words are looked for: that of the idea, then others with ideas, as many as may; are these all?
    #[must_use]
    pub fn boards_to_search(&self, id: IdeaId, limits: &RepeatLimits) -> (Vec<GroupId>, bool) {
        let own = self.ideas().get(&id).map(Idea::group);
        let has_ideas = |group: &&GroupId| Some(**group) != own && self.ideas_of(**group).next().is_some();
        let others = self.groups().keys().filter(has_ideas);
        let mut boards: Vec<GroupId> = own.into_iter().chain(others.copied()).collect();
        let all = boards.len() <= limits.boards_max;
        boards.truncate(limits.boards_max);
        (boards, all)
    }

    /// Takes in which ideas a search on boards has found, and whether it ended before it had looked at everything.
    pub fn note_repeats(&mut self, found: Vec<IdeaId>, cut: bool, limits: &RepeatLimits) {
        // Another one may have been deleted since it was read.
        let told = |id: &IdeaId| self.ideas().get(id).is_some_and(is_told);
        let found: Vec<IdeaId> = found.into_iter().filter(told).collect();
        let repeats = &mut self.contributions_mut().repeats;
        repeats.cut |= cut;
        for id in found {
            if repeats.ideas.len() >= limits.ideas_max {
                repeats.cut = true;
                return;
            }
            repeats.ideas.insert(id);
        }
    }

    /// Those of a group, for its desk.
    pub(in crate::consultation) fn repeats_in(
        &self,
        group: GroupId,
    ) -> impl Iterator<Item = (IdeaId, &Idea)> {
        let ideas =
            self.contributions().repeats.ideas.iter().filter_map(|id| Some((*id, self.ideas().get(id)?)));
        ideas.filter(move |(_, idea)| idea.group() == group && is_told(idea))
    }

    /// A search for deleted words ended before it had looked at everything.
    pub(in crate::consultation) const fn cut_search(&mut self) {
        self.contributions_mut().repeats.cut = true;
    }

    /// Did a search end before it had looked at everything?
    pub(in crate::consultation) const fn repeats_cut(&self) -> bool {
        self.contributions().repeats.cut
    }
}

/// May who moderates read it, and has it words?
fn is_told(idea: &Idea) -> bool {
    !idea.text().is_empty() && !idea.is_held_in_group()
}

/// Words that were erased, prepared for the search. They are in memory until it ends.
pub struct ErasedWords {
    says: Vec<String>,
    letters_min: usize,
    /// Every run of so many digits that they have: a telephone number may be written with and without its country code.
    numbers: HashSet<Vec<char>>,
    digits_min: usize,
}

impl std::fmt::Debug for ErasedWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Nothing carries these words to a log.
        f.debug_struct("ErasedWords").finish_non_exhaustive()
    }
}

impl ErasedWords {
    /// Prepares words for the search.
    #[must_use]
    pub fn new(words: &[String], limits: &RepeatLimits) -> Self {
        let says: Vec<String> =
            words.iter().map(|text| letters(text)).filter(|text| !text.is_empty()).collect();
        let digits_min = limits.digits_min.max(1);
        let numbers = says.iter().flat_map(|text| runs(text, digits_min)).collect();
        Self { says, letters_min: limits.letters_min, numbers, digits_min }
    }

    /// Do they say nothing that could be looked for?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.says.is_empty()
    }

    /// Does a text repeat them?
    #[must_use]
    pub fn repeated_in(&self, text: &str) -> bool {
        let text = letters(text);
        let long = |says: &&String| says.chars().nth(self.letters_min.saturating_sub(1)).is_some();
        self.says.contains(&text)
            || self.says.iter().filter(long).any(|says| text.contains(says.as_str()))
            || (!self.numbers.is_empty()
                && runs(&text, self.digits_min).iter().any(|run| self.numbers.contains(run)))
    }
}

/// All runs of exactly so many digits.
fn runs(text: &str, digits: usize) -> Vec<Vec<char>> {
    let text: Vec<char> = text.chars().collect();
    let runs = text.windows(digits).filter(|run| run.iter().all(|letter| letter.is_numeric()));
    runs.map(<[char]>::to_vec).collect()
}

/// Letters and digits in small letters: all that is compared.
fn letters(text: &str) -> String {
    traces::letters(text).into_iter().map(|(letter, _)| letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c25_the_same_words_or_a_long_run_of_them_repeat_what_was_deleted() {
        let erased = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(ToString::to_string).collect();
            ErasedWords::new(&words, &RepeatLimits::default())
        };
        let words = erased(&["Call Maria: 079 555 99 88", "jobs"]);
        let says = |text: &str| words.repeated_in(text);
        assert!(
            says("call maria 0795559988!")
                && says("Please call Maria, 079-555-99-88, at night")
                && says("Jobs.")
        );
        assert!(!says("Call Maria") && !says("More jobs for everybody") && !says(""));
        assert!(erased(&["少年应该参与一切重要的决定"]).repeated_in("我们认为少年应该参与一切重要的决定"));
    }

    #[test]
    fn c25_a_telephone_number_is_found_however_it_is_written() {
        let number = |words: &str, text: &str| {
            ErasedWords::new(&[words.to_owned()], &RepeatLimits::default()).repeated_in(text)
        };
        for words in ["Call 079 555 99 88", "+41 79 555 99 88"] {
            for text in [
                "0795559988",
                "Maria: 079 555 99 88 at night",
                "+41795559988",
                "0041 (0)79/555.99.88",
                "٠٧٩ ٥٥٥ ٩٩ ٨٨",
            ] {
                assert!(number(words, text), "{words}: {text}");
            }
            for text in ["079 544 98 88", "55 599", "Call me", "In 2024 we were 1 500 people"] {
                assert!(!number(words, text), "{words}: {text}");
            }
        }
    }
}
