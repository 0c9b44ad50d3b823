//! Words of a deleted idea in what people wrote for the list: what is equal goes, what is like it is marked (rule C25).
//!
//! Only letters and digits are compared, without their case. A text that says nothing but the deleted words is emptied, and so
//! is the passage that says all of them; a shorter passage that both have is only marked, because it may be a phrase that
//! anybody would write. A text that is marked is in no view and no export until somebody of the staff edits it.
//!
//! The time is bounded by the letters of the texts: each place is compared with at most [`CANDIDATES`] others.

use std::collections::HashMap;
use std::ops::Range;

use proto::board::{ABOUT, about};
use proto::gate::TextKey;
use proto::plenary::{ITEMS, STATEMENT, STATEMENT_PARTS, item};
use yrs::{Any, GetString, Map, MapRef, Out, ReadTxn, Text, TextRef, TransactionMut, WriteTxn};

use super::document::{DocumentError, LiveDocument};
use super::write::keys;

/// Letters by which a common passage is found.
const GRAM: usize = 7;
/// The least that a passage weighs that is no accident: three words, a telephone number, seven ideographs.
const PASSAGE: usize = 20;
/// Places of the deleted words that one place of a text is compared with, so that repetitions cost no more.
const CANDIDATES: usize = 8;

/// The words of an idea that was deleted, prepared for the search.
struct Deleted {
    words: Vec<Vec<char>>,
    places: HashMap<[char; GRAM], Vec<(usize, usize)>>,
}

/// What a text has of them.
#[derive(PartialEq, Eq, Debug)]
enum Trace {
    Nothing,
    /// Nothing else, or hardly anything.
    All,
    /// These bytes say all of the words; does another passage say some of them?
    Part {
        whole: Vec<Range<usize>>,
        like: bool,
    },
}

impl Deleted {
    fn new(words: &[String]) -> Self {
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

    fn trace(&self, text: &str) -> Trace {
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

/// Letters and digits of a text in small letters, each with its bytes.
fn letters(text: &str) -> Vec<(char, Range<usize>)> {
    let plain = text.char_indices().filter(|(_, letter)| letter.is_alphanumeric());
    plain
        .map(|(at, letter)| (letter.to_lowercase().next().unwrap_or(letter), at..at + letter.len_utf8()))
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

impl LiveDocument {
    /// Takes the words of a deleted idea out of what people wrote for the list, and marks what is like them.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn follow_words(&mut self, words: &[String]) -> Result<Option<Vec<u8>>, DocumentError> {
        let deleted = Deleted::new(words);
        self.write(|txn| {
            let mut marks = marked(txn);
            let items = txn.get_or_insert_map(ITEMS);
            for id in keys(txn, &items) {
                let Some(Out::YMap(map)) = items.get(txn, &id) else { continue };
                for (kind, key) in [("wording", item::WORDING), ("note", item::NOTE)] {
                    strike(txn, &map, key, format!("{kind}/{id}"), &deleted, &mut marks);
                }
                if let Some(Out::YMap(tr)) = map.get(txn, item::TRANSLATIONS) {
                    for lang in keys(txn, &tr) {
                        strike(txn, &tr, &lang, format!("tr/{id}/{lang}"), &deleted, &mut marks);
                    }
                }
            }
            let statement = txn.get_or_insert_map(STATEMENT);
            for part in STATEMENT_PARTS {
                strike(txn, &statement, part, format!("statement/{part}"), &deleted, &mut marks);
            }
            mark(txn, marks);
        })
    }

    /// Staff edited these texts: what was marked in them is looked at.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn looked_at(&mut self, texts: &[TextKey]) -> Result<Option<Vec<u8>>, DocumentError> {
        let names: Vec<String> = texts.iter().filter_map(name_of).collect();
        if names.is_empty() || self.read(|txn| marked(txn)).iter().all(|marked| !names.contains(marked)) {
            return Ok(None);
        }
        self.write(|txn| {
            let left = marked(txn).into_iter().filter(|marked| !names.contains(marked)).collect();
            mark(txn, left);
        })
    }
}

fn strike(
    txn: &mut TransactionMut<'_>,
    map: &MapRef,
    key: &str,
    name: String,
    deleted: &Deleted,
    marks: &mut Vec<String>,
) {
    let Some(Out::YText(text)) = map.get(txn, key) else { return };
    let says = text.get_string(txn);
    match deleted.trace(&says) {
        Trace::Nothing => {}
        Trace::All => {
            cut(txn, &text, &says, 0..says.len());
            marks.retain(|marked| *marked != name);
        }
        Trace::Part { whole, like } => {
            for range in whole.into_iter().rev() {
                cut(txn, &text, &says, range);
            }
            if like && !marks.contains(&name) {
                marks.push(name);
            }
        }
    }
}

fn cut(txn: &mut TransactionMut<'_>, text: &TextRef, says: &str, range: Range<usize>) {
    let units = |part: &str| u32::try_from(part.encode_utf16().count()).unwrap_or(u32::MAX);
    text.remove_range(txn, units(&says[..range.start]), units(&says[range]));
}

/// The texts that are marked: `wording/ID`, `note/ID`, `tr/ID/LANGUAGE`, `statement/PART`.
pub(super) fn marked(txn: &impl ReadTxn) -> Vec<String> {
    let marked = txn.get_map(ABOUT).and_then(|map| map.get(txn, about::DOUBTFUL));
    let Some(Out::Any(Any::Array(names))) = marked else { return Vec::new() };
    let name = |name: &Any| if let Any::String(name) = name { Some(name.to_string()) } else { None };
    names.iter().filter_map(name).collect()
}

fn mark(txn: &mut TransactionMut<'_>, marks: Vec<String>) {
    let map = txn.get_or_insert_map(ABOUT);
    if !marks.is_empty() || map.contains_key(txn, about::DOUBTFUL) {
        let marks: Vec<Any> = marks.into_iter().map(Any::from).collect();
        map.try_update(txn, about::DOUBTFUL, marks);
    }
}

fn name_of(text: &TextKey) -> Option<String> {
    match text {
        TextKey::Wording(id) => Some(format!("wording/{id}")),
        TextKey::Note(id) => Some(format!("note/{id}")),
        TextKey::ItemTranslation(id, lang) => Some(format!("tr/{id}/{lang}")),
        TextKey::Statement(part) => Some(format!("statement/{}", part.key())),
        TextKey::Idea(_) | TextKey::IdeaTranslation(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(words: &str, text: &str) -> Trace {
        Deleted::new(&[words.to_owned()]).trace(text)
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
