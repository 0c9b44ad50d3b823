//! A text as words: what two texts are compared by.
//!
//! Words by UAX #29, folded more than for identity: here letters lose their accents too, because nobody is joined by
//! one word. Scripts without spaces come as single characters and pairs of them. Stems by the idea's language tag;
//! unknown languages stay unstemmed.

use frostem::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::lexicon;
use super::normalise::normalise;

/// Letters of a text that are compared; the rest of a very long one says nothing new about what it is like.
const LETTERS_MAX: usize = 1000;

/// One word, or one character of a script without spaces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::merge) struct Word {
    /// The word without case and accents.
    pub text: String,
    pub stem: String,
    pub script: Script,
}

/// How a script makes words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::merge) enum Script {
    Spaced,
    /// Han, Kana, Thai, Lao, Khmer, Burmese.
    Unspaced,
}

/// A text, read.
pub(in crate::merge) struct ReadText {
    pub words: Vec<Word>,
    /// Digits, run by run, sorted.
    pub numbers: Vec<String>,
    /// How many words turn it round.
    pub turns: usize,
    /// Stems of what its words would be without a syllable that turns them round.
    pub turned: Vec<String>,
}

impl ReadText {
    /// Reads a text in a language (BCP 47, or empty).
    pub fn of(text: &str, lang: &str) -> Self {
        let folded = fold(&normalise(text));
        let stemmer = algorithm(lang).map(Stemmer::new);
        let mut words = Vec::new();
        for word in folded.unicode_words() {
            for part in parts(word) {
                let stem = match part.1 {
                    Script::Spaced => {
                        stemmer.as_ref().map_or_else(|| part.0.into(), |s| s.stem(part.0)).into_owned()
                    }
                    Script::Unspaced => part.0.to_owned(),
                };
                words.push(Word { text: part.0.to_owned(), stem, script: part.1 });
            }
        }
        let turns = words.iter().filter(|word| lexicon::turns(&word.text)).count();
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
        let rests = words.iter().flat_map(|word| lexicon::without_turning_syllable(&word.text));
        let turned = rests.map(stem).collect();
        Self { words, numbers, turns, turned }
    }

    /// Does it say the contrary of one of the other's words: *unaffordable* where the other has *affordable*?
    pub fn turns_a_word_of(&self, other: &Self) -> bool {
        let has = |words: &[Word], stem: &String| words.iter().any(|word| word.stem == *stem);
        self.turned.iter().any(|stem| has(&other.words, stem) && !has(&self.words, stem))
    }

    /// What carries content, in order, without repetitions.
    pub fn content(&self) -> Vec<&Word> {
        let mut content: Vec<&Word> = Vec::new();
        for word in &self.words {
            let known = content.iter().any(|other| other.stem == word.stem);
            if !known && !lexicon::is_function_word(&word.text) {
                content.push(word);
            }
        }
        content
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

fn algorithm(lang: &str) -> Option<Algorithm> {
    let primary = lang.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
    let algorithm = match primary.as_str() {
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
