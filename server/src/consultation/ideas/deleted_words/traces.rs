//! How words that were deleted are found again in other texts (rule C25).
//!
//! Only letters and digits are compared, without their case. The time is bounded by the letters of the texts: each place is
//! compared with at most [`CANDIDATES`] others.

use std::collections::HashMap;
use std::ops::Range;

/// Letters by which a common passage is found.
const GRAM: usize = 7;
/// The least that a passage weighs that is no accident: three words, a telephone number, seven ideographs.
const PASSAGE: usize = 20;
/// Places of the deleted words that one place of a text is compared with, so that repetitions cost no more.
const CANDIDATES: usize = 8;

/// The words of an idea that was deleted, prepared for the search.
#[derive(Debug)]
pub struct DeletedWords {
    words: Vec<Vec<char>>,
    places: HashMap<[char; GRAM], Vec<(usize, usize)>>,
}

/// What a text has of them.
#[derive(PartialEq, Eq, Debug)]
pub enum Trace {
    /// None of them, or too little to tell.
    Nothing,
    /// Nothing else, or hardly anything.
    All,
    /// Some of them among others.
    Part {
        /// These bytes say all of the words.
        whole: Vec<Range<usize>>,
        /// Does another passage say some of them?
        like: bool,
    },
}

impl DeletedWords {
    /// Prepares words for the search.
    #[must_use]
    pub fn new(words: &[String]) -> Self {
        let words: Vec<Vec<char>> =
            words.iter().map(|text| letters(text).into_iter().map(|(letter, _)| letter).collect()).collect();
        let mut places: HashMap<[char; GRAM], Vec<(usize, usize)>> = HashMap::new();
        for (which, word) in words.iter().enumerate() {
            for (at, gram) in word.windows(GRAM).enumerate() {
                let Ok(gram) = <[char; GRAM]>::try_from(gram) else { continue };
                let known = places.entry(gram).or_default();
                if known.len() < CANDIDATES {
                    known.push((which, at));
                }
            }
        }
        Self { words, places }
    }

    /// What a text has of them.
    #[must_use]
    pub fn trace(&self, text: &str) -> Trace {
        let letters = letters(text);
        let said: Vec<char> = letters.iter().map(|(letter, _)| *letter).collect();
        if said.is_empty() {
            return Trace::Nothing;
        }
        if self.words.contains(&said) {
            return Trace::All;
        }
        let (mut whole, mut like, mut covered, mut at) = (Vec::new(), false, 0, 0);
        while at + GRAM <= said.len() {
            let (length, is_whole) = self.longest(&said[at..]);
            let weighs = weight(&said[at..at + length]);
            if weighs < PASSAGE {
                at += 1;
                continue;
            }
            covered += weighs;
            if is_whole {
                whole.push(letters[at].1.start..letters[at + length - 1].1.end);
            } else {
                like = true;
            }
            at += length;
        }
        // Four fifths.
        if covered * 5 >= weight(&said) * 4 {
            Trace::All
        } else if covered == 0 {
            Trace::Nothing
        } else {
            Trace::Part { whole, like }
        }
    }

    /// How many letters from here on stand in the deleted words, and are they all of them?
    fn longest(&self, said: &[char]) -> (usize, bool) {
        let Some(gram) = said.first_chunk::<GRAM>() else { return (0, false) };
        let common = |(which, at): &(usize, usize)| {
            let words = &self.words[*which];
            let length = said.iter().zip(&words[*at..]).take_while(|(a, b)| a == b).count();
            (length, *at == 0 && length == words.len())
        };
        self.places.get(gram).into_iter().flatten().map(common).max().unwrap_or((0, false))
    }
}

/// Letters and digits of a text in small letters, each with its bytes; digits of every script are the same.
pub(in crate::consultation::ideas) fn letters(text: &str) -> Vec<(char, Range<usize>)> {
    let plain = text.char_indices().filter(|(_, letter)| letter.is_alphanumeric());
    plain
        .map(|(at, letter)| {
            (plain_digit(letter).to_lowercase().next().unwrap_or(letter), at..at + letter.len_utf8())
        })
        .collect()
}

/// How much letters tell: a digit or an ideograph as much as three letters.
fn weight(letters: &[char]) -> usize {
    let of = |letter: &char| match letter {
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => 3,
        '\u{20000}'..='\u{3134f}' => 3,
        letter if letter.is_numeric() => 3,
        _ => 1,
    };
    letters.iter().map(of).sum()
}

/// A digit as it stands in a telephone number, whatever script it is written in.
fn plain_digit(letter: char) -> char {
    let zeros = ['\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}'].map(u32::from);
    let value = |zero: u32| u32::from(letter).checked_sub(zero).filter(|value| *value < 10);
    let value = zeros.into_iter().find_map(value);
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(words: &str, text: &str) -> Trace {
        DeletedWords::new(&[words.to_owned()]).trace(text)
    }

    #[test]
    fn c25_what_says_the_same_goes_what_says_some_of_it_is_marked_and_other_words_stay() {
        let words = "My number is 079 555 99 88, call me";
        for same in [
            words,
            "my number is 079-555-99-88. Call me!",
            "My number is 079 555 99 88, call",
            "  My number is 0795559988 call me ok",
        ] {
            assert_eq!(trace(words, same), Trace::All, "{same}");
        }
        let quoting = "Somebody said: \u{201c}My number is 079 555 99 88, call me\u{201d}, and we agree with all of it as a group.";
        let Trace::Part { whole, like: false } = trace(words, quoting) else { panic!("{quoting}") };
        assert_eq!(&quoting[whole[0].clone()], "My number is 079 555 99 88, call me");
        let changed =
            "A helpline that young people can reach, for example under 079 555 99 88, at any hour of the day";
        assert_eq!(trace(words, changed), Trace::Part { whole: vec![], like: true });
        for other in ["", "A number that everybody can call", "My number is another", "079 555"] {
            assert_eq!(trace(words, other), Trace::Nothing, "{other}");
        }
        assert_eq!(
            trace(
                "少年应该参与一切决定",
                "我们认为少年应该参与一切决定而且学校与家庭都必须支持他们完成这件事"
            ),
            Trace::Part { whole: std::iter::once(12..42).collect(), like: false }
        );
        assert_eq!(trace("Ring +41 79 555 99 88", "٠٧٩ ٥٥٥ ٩٩ ٨٨"), Trace::All, "digits of other scripts");
        assert_eq!(trace("More jobs", "More jobs"), Trace::All);
        assert_eq!(trace("More jobs", "More jobs and schools"), Trace::Nothing, "two words are no trace");
    }

    #[test]
    fn c25_repetitions_cost_no_more_than_letters() {
        let words = "a".repeat(1_000);
        assert_eq!(
            trace(&words, &format!("{}b{}", "a".repeat(100), "c".repeat(900))),
            Trace::Part { whole: vec![], like: true }
        );
    }
}
