//! Words of a deleted idea in what people wrote for the list: what is equal goes, what is like it is marked (rule C25).
//!
//! Only letters and digits are compared, without their case. A text that says nothing but the deleted words is emptied, and so
//! is the passage that says all of them; a shorter passage that both have is only marked, because it may be a phrase that
//! anybody would write. A text that is marked leaves the document that phones get; its room keeps the words for the staff, who
//! put them back, delete them, or write something else.
//!
//! The time is bounded by the letters of the texts: each place is compared with at most [`CANDIDATES`] others.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use proto::board::{ABOUT, about};
use proto::plenary::{ITEMS, STATEMENT, STATEMENT_PARTS, item};
use yrs::{Any, GetString, Map, Out, ReadTxn, Text, TextRef, TransactionMut, WriteTxn};

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

/// Texts that were taken off the list: name → words.
pub type Doubtful = BTreeMap<String, String>;

impl LiveDocument {
    /// Takes the words of a deleted idea out of what people wrote for the list, and what is like them off the list: `doubtful`
    /// keeps it, and loses the words as well.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn follow_words(
        &mut self,
        words: &[String],
        doubtful: &mut Doubtful,
    ) -> Result<Option<Vec<u8>>, DocumentError> {
        let deleted = Deleted::new(words);
        self.write(|txn| {
            doubtful.retain(|_, kept| strike_kept(kept, &deleted));
            for (name, text) in texts(txn) {
                let says = text.get_string(txn);
                match deleted.trace(&says) {
                    Trace::Nothing => {}
                    Trace::All => cut(txn, &text, &says, 0..says.len()),
                    Trace::Part { whole, like } => {
                        for range in whole.into_iter().rev() {
                            cut(txn, &text, &says, range);
                        }
                        if like {
                            take_off(txn, name, &text, doubtful);
                        }
                    }
                }
            }
            mark(txn, doubtful);
        })
    }

    /// Takes texts off that a version before this one only marked.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn take_marked(&mut self, doubtful: &mut Doubtful) -> Result<Option<Vec<u8>>, DocumentError> {
        if self.read(|txn| marked(txn)).iter().all(|name| doubtful.contains_key(name)) {
            return Ok(None);
        }
        self.write(|txn| {
            let old: Vec<String> =
                marked(txn).into_iter().filter(|name| !doubtful.contains_key(name)).collect();
            for (name, text) in texts(txn) {
                if old.contains(&name) {
                    take_off(txn, name, &text, doubtful);
                }
            }
            mark(txn, doubtful);
        })
    }

    /// Marks a text and leaves it where it is, as a version before this one did.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    #[cfg(test)]
    pub fn mark_only(&mut self, name: &str) -> Result<Option<Vec<u8>>, DocumentError> {
        self.write(|txn| set_marks(txn, vec![name.to_owned()]))
    }

    /// A text that was taken off is settled: its mark goes, and its words come back before what was written since, if they are
    /// given.
    ///
    /// # Errors
    /// As [`LiveDocument::write`].
    pub fn settle(&mut self, name: &str, words: Option<&str>) -> Result<Option<Vec<u8>>, DocumentError> {
        self.write(|txn| {
            if let Some((_, text)) = texts(txn).into_iter().find(|(known, _)| known == name)
                && let Some(words) = words
            {
                let between = if text.len(txn) == 0 { "" } else { " " };
                text.insert(txn, 0, &format!("{words}{between}"));
            }
            let left: Vec<String> = marked(txn).into_iter().filter(|marked| marked != name).collect();
            set_marks(txn, left);
        })
    }
}

/// Everything that people write for the list, by its name.
fn texts(txn: &mut TransactionMut<'_>) -> Vec<(String, TextRef)> {
    let mut all = Vec::new();
    let items = txn.get_or_insert_map(ITEMS);
    for id in keys(txn, &items) {
        let Some(Out::YMap(map)) = items.get(txn, &id) else { continue };
        for (kind, key) in [("wording", item::WORDING), ("note", item::NOTE)] {
            if let Some(Out::YText(text)) = map.get(txn, key) {
                all.push((format!("{kind}/{id}"), text));
            }
        }
        if let Some(Out::YMap(tr)) = map.get(txn, item::TRANSLATIONS) {
            for lang in keys(txn, &tr) {
                if let Some(Out::YText(text)) = tr.get(txn, &lang) {
                    all.push((format!("tr/{id}/{lang}"), text));
                }
            }
        }
    }
    let statement = txn.get_or_insert_map(STATEMENT);
    for part in STATEMENT_PARTS {
        if let Some(Out::YText(text)) = statement.get(txn, part) {
            all.push((format!("statement/{part}"), text));
        }
    }
    all
}

/// Takes the whole text off, and keeps it beside what was taken off under this name before.
fn take_off(txn: &mut TransactionMut<'_>, name: String, text: &TextRef, doubtful: &mut Doubtful) {
    let says = text.get_string(txn);
    if says.is_empty() {
        return;
    }
    cut(txn, text, &says, 0..says.len());
    let kept = doubtful.entry(name).or_default();
    if !kept.is_empty() {
        kept.push('\n');
    }
    kept.push_str(&says);
}

/// Takes deleted words out of a text that is kept; is anything left of it?
fn strike_kept(kept: &mut String, deleted: &Deleted) -> bool {
    match deleted.trace(kept) {
        Trace::Nothing => true,
        Trace::All => false,
        Trace::Part { whole, like: _ } => {
            whole.into_iter().rev().for_each(|range| kept.replace_range(range, ""));
            !kept.trim().is_empty()
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

/// Is a text of this item marked?
pub(super) fn is_marked(txn: &impl ReadTxn, item: &str) -> bool {
    marked(txn).iter().any(|name| name.split('/').nth(1) == Some(item))
}

fn mark(txn: &mut TransactionMut<'_>, doubtful: &Doubtful) {
    set_marks(txn, doubtful.keys().cloned().collect());
}

fn set_marks(txn: &mut TransactionMut<'_>, marks: Vec<String>) {
    let map = txn.get_or_insert_map(ABOUT);
    if !marks.is_empty() || map.contains_key(txn, about::DOUBTFUL) {
        let marks: Vec<Any> = marks.into_iter().map(Any::from).collect();
        map.try_update(txn, about::DOUBTFUL, marks);
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
