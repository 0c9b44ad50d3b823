//! A text as words: what two texts are compared by.
//!
//! Words by UAX #29, folded more than for identity: here letters lose their accents too, because nobody is joined by
//! one word. Scripts without spaces come as single characters and pairs of them. Stems by the idea's language tag;
//! unknown languages stay unstemmed.

use std::collections::{BTreeSet, HashSet};

use frostem::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::lexicon::lexicon;
use super::normalise::normalise;
use crate::seeded_defects;

/// Letters of a text that are compared; the rest of a very long one says nothing new about what it is like.
const LETTERS_MAX: usize = 1000;

/// One word, or one character of a script without spaces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::merge) struct Word {
    /// The word without case and accents.
    pub text: String,
    pub stem: String,
    pub script: Script,
    /// Does it carry no content?
    pub is_function_word: bool,
}

/// How a script makes words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::merge) enum Script {
    Spaced,
    /// Han, Kana, Thai, Lao, Khmer, Burmese.
    Unspaced,
}

/// A text, read.
#[derive(Default)]
pub(in crate::merge) struct ReadText {
    /// Its language, without country or script; empty where nobody knows it.
    pub language: String,
    pub words: Vec<Word>,
    /// Digits, run by run, sorted.
    pub numbers: Vec<String>,
    /// How many words turn it round.
    pub turns: usize,
    /// Stems of what its words would be without a syllable that turns them round.
    turned: Vec<String>,
    /// Positions of the words that carry content, in order, each stem once.
    content: Vec<usize>,
    /// The stems of all its words.
    all_stems: HashSet<String>,
}

impl ReadText {
    /// Reads a text in a language (BCP 47, or empty).
    pub fn of(text: &str, lang: &str) -> Self {
        seeded_defects::panic_by(text, "PANIC IN THE MERGE");
        let language = lang.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
        let lexicon = lexicon(&language);
        let folded = fold(&normalise(text));
        let stemmer = algorithm(&language).map(Stemmer::new);
        let mut words = Vec::new();
        for word in folded.unicode_words() {
            for part in parts(word) {
                let stem = match part.1 {
                    Script::Spaced => {
                        stemmer.as_ref().map_or_else(|| part.0.into(), |s| s.stem(part.0)).into_owned()
                    }
                    Script::Unspaced => part.0.to_owned(),
                };
                let is_function_word = lexicon.is_function_word(part.0);
                words.push(Word { text: part.0.to_owned(), stem, script: part.1, is_function_word });
            }
        }
        let turning = words.iter().filter(|word| lexicon.turns(&word.text)).count();
        let turns = turning + lexicon.turning_parts(&folded);
        let mut numbers: Vec<String> = folded
            .split(|c: char| !c.is_ascii_digit())
            .filter(|run| !run.is_empty())
            .map(str::to_owned)
            .collect();
        numbers.sort_unstable();
        let mut letters = 0;
        words.retain(|word| {
            letters += word.text.chars().count();
            letters <= LETTERS_MAX
        });
        let stem = |word: &str| stemmer.as_ref().map_or_else(|| word.into(), |s| s.stem(word)).into_owned();
        let rests = words.iter().flat_map(|word| lexicon.without_turning_syllable(&word.text));
        let turned = rests.map(stem).collect();
        let mut known = HashSet::new();
        let carries = |(_, word): &(usize, &Word)| !word.is_function_word && known.insert(word.stem.clone());
        let content = words.iter().enumerate().filter(carries).map(|(place, _)| place).collect();
        let all_stems = words.iter().map(|word| word.stem.clone()).collect();
        Self { language, words, numbers, turns, turned, content, all_stems }
    }

    /// Does it say the contrary of one of the other's words: *unaffordable* where the other has *affordable*?
    pub fn turns_a_word_of(&self, other: &Self) -> bool {
        self.turned.iter().any(|stem| other.all_stems.contains(stem) && !self.all_stems.contains(stem))
    }

    /// What carries content, in order, without repetitions.
    pub fn content(&self) -> Vec<&Word> {
        self.content.iter().map(|&place| &self.words[place]).collect()
    }

    /// The stems of what carries content.
    pub fn stems(&self) -> BTreeSet<&str> {
        self.content.iter().map(|&place| self.words[place].stem.as_str()).collect()
    }
}

/// Drops accents, and writes digits as 0 to 9.
fn fold(text: &str) -> String {
    let letters = text.nfd().filter(|letter| !('\u{0300}'..='\u{036f}').contains(letter));
    letters.nfc().map(|letter| digit(letter).unwrap_or(letter)).collect()
}

fn digit(letter: char) -> Option<char> {
    let zero = ['\u{0660}', '\u{06f0}', '\u{0966}', '\u{09e6}', '\u{0e50}'];
    let value =
        zero.iter().find_map(|&zero| (letter as u32).checked_sub(zero as u32).filter(|&value| value < 10))?;
    char::from_digit(value, 10)
}

/// A word, split where a script without spaces begins or ends; of such a script every character.
fn parts(word: &str) -> Vec<(&str, Script)> {
    let mut parts = Vec::new();
    let mut begin = 0;
    for (at, letter) in word.char_indices() {
        if is_unspaced(letter) {
            if begin < at {
                parts.push((&word[begin..at], Script::Spaced));
            }
            begin = at + letter.len_utf8();
            parts.push((&word[at..begin], Script::Unspaced));
        }
    }
    if begin < word.len() {
        parts.push((&word[begin..], Script::Spaced));
    }
    parts
}

const fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}')
}

/// The stemmer of a language, without country or script.
fn algorithm(language: &str) -> Option<Algorithm> {
    let algorithm = match language {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nb" | "nn" | "no" => Algorithm::Norwegian,
        "nl" => Algorithm::Dutch,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        _ => return None,
    };
    Some(algorithm)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every tag that has a stemmer.
    const STEMMED: [&str; 18] = [
        "ar", "da", "de", "el", "en", "es", "fi", "fr", "hu", "it", "no", "nl", "pt", "ro", "ru", "sv", "ta",
        "tr",
    ];

    #[test]
    fn no_endings_of_any_language_end_the_reading_of_a_text() {
        // Greek words at which a stemmer panicked before, and endings of each language behind each other.
        let endings = [
            "ισα",
            "ισαισα",
            "ησησησ",
            "ωντασωντασ",
            "ησουμε",
            "ations",
            "ational",
            "issements",
            "ement",
            "azioni",
            "ungen",
            "heiten",
            "ами",
            "ивши",
            "ость",
            "ات",
            "ون",
            "ها",
            "lerinden",
            "ssa",
            "eknek",
            "amente",
            "idades",
            "கள்",
            "’s",
        ];
        for lang in STEMMED {
            assert!(algorithm(lang).is_some(), "{lang}");
            for first in endings {
                for second in endings {
                    let text = format!("{first}{second} {second}{first}{first}");
                    assert!(!ReadText::of(&text, lang).words.is_empty(), "{lang} {text}");
                }
            }
        }
    }
}
