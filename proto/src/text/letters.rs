//! Which letters may stand in a text of people, and does a text say anything? (Rule B8.)
//!
//! One answer for every field and for both sides: the server refuses by [`check`] and the gate by [`acts`]; pages take out
//! by [`typed`] what [`check`] would refuse, before it is sent. [`shown`] is what exports let out of words that are kept.
//! What real writing needs is never touched: joiners, marks of direction, vowel signs, flags, families of emoji, the
//! invisible spaces between Khmer and Thai words.
//!
//! `letters.json` beside `README.md` is the table of cases that this file and its likeness in TypeScript
//! (`web/src/wire/letters.ts`) are both tested with.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

/// Marks on one letter: more than any script uses.
pub const MARKS_MAX: usize = 6;
/// Line breaks in a row, blanks between them not counted: two empty lines.
pub const BREAKS_MAX: usize = 3;

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextKind {
    /// One line that staff prepare or that is read out: a title, a name, a note, an objection.
    Line,
    /// Prepared words that may have several lines.
    Lines,
    /// An idea or its translation: words of people, which are kept as they are wherever that harms nobody.
    Idea,
}

/// Why a text may not stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    /// Nothing in it can be seen.
    #[error("The text says nothing that can be seen.")]
    Empty,
    /// A letter that acts, or that nobody sees.
    #[error("The letter U+{:04X} may not stand in this text.", u32::from(*.0))]
    Letter(char),
    /// More than [`BREAKS_MAX`] line breaks in a row.
    #[error("There are more than {BREAKS_MAX} line breaks in a row.")]
    Breaks,
    /// More than [`MARKS_MAX`] marks on one letter.
    #[error("There are more than {MARKS_MAX} marks on one letter.")]
    Marks,
}

/// May this text stand in a field of this kind?
///
/// # Errors
/// The first reason why not.
pub fn check(text: &str, kind: TextKind) -> Result<(), Fault> {
    if is_empty(text) {
        return Err(Fault::Empty);
    }
    let refused = |letter: char, in_flag: bool| match kind {
        TextKind::Idea => acts(letter),
        TextKind::Lines => acts(letter) || is_taken_out(letter, in_flag),
        TextKind::Line => acts(letter) || is_taken_out(letter, in_flag) || matches!(letter, '\n' | '\t'),
    };
    let (mut in_flag, mut breaks) = (false, 0);
    for letter in text.chars() {
        in_flag = goes_on_flag(letter, in_flag);
        if refused(letter, in_flag) {
            return Err(Fault::Letter(letter));
        }
        breaks = breaks_with(breaks, letter);
        if breaks > BREAKS_MAX {
            return Err(Fault::Breaks);
        }
    }
    match kind {
        TextKind::Line | TextKind::Lines if has_piled_marks(text) => Err(Fault::Marks),
        TextKind::Line | TextKind::Lines | TextKind::Idea => Ok(()),
    }
}

/// The text with one letter for each line break: some systems write two, or another one.
#[must_use]
pub fn one_break(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Is there nothing in it that can be seen: only blanks, letters without a shape, and marks without a letter?
#[must_use]
pub fn is_empty(text: &str) -> bool {
    !text.chars().any(shows)
}

/// Does it do something instead of being read? Controls, what turns the order of a line around, separators that only some
/// programs see. Only a line break and a tab are let through.
#[must_use]
pub fn acts(letter: char) -> bool {
    (letter.is_control() && !matches!(letter, '\n' | '\t'))
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{fff9}'..='\u{fffb}')
}

/// Takes no space, and neither joins nor orders letters as writing needs it. Tag letters are told apart elsewhere.
#[must_use]
pub const fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{200b}' | '\u{3164}'
        | '\u{feff}' | '\u{ffa0}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff0}'..='\u{fffc}'
        | '\u{e0000}'..='\u{e001f}' | '\u{e0080}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
    ) || is_no_letter(letter)
}

/// Does a letter carry more marks than any script writes? Piled up they cover what stands above and below.
#[must_use]
pub fn has_piled_marks(text: &str) -> bool {
    let mut marks = 0;
    text.chars().any(|letter| {
        marks = marks_with(marks, letter);
        marks > MARKS_MAX
    })
}

/// A text as it leaves the server in files: all that is seen, and nothing that acts, hides or piles up. Line breaks stay.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_flag = false;
    let (mut before, mut marks) = (' ', 0);
    for letter in text.chars() {
        in_flag = goes_on_flag(letter, in_flag);
        if (is_tag(letter) && !in_flag) || is_unseen(letter) {
            continue;
        }
        if is_selector(letter) && (is_selector(before) || (letter > '\u{ffff}' && !is_han(before))) {
            continue;
        }
        marks = if is_tag(letter) { 0 } else { marks_with(marks, letter) };
        if marks > MARKS_MAX && is_combining_mark(letter) {
            continue;
        }
        match letter {
            // Two letters for one break.
            '\n' if before == '\r' => {}
            '\n' => out.push('\n'),
            other if breaks_line(other) => out.push('\n'),
            control if control.is_control() => out.push(' '),
            other => out.push(other),
        }
        before = letter;
    }
    out
}

/// What pages keep of what somebody types or pastes: without the letters that [`check`] refuses in any field but for marks
/// and the breaks of a line. The same text, borrowed, when there is nothing to take out.
#[must_use]
pub fn typed(text: &str) -> Cow<'_, str> {
    let (mut out, mut in_flag, mut breaks, mut before) = (String::with_capacity(text.len()), false, 0, ' ');
    for letter in text.chars() {
        in_flag = goes_on_flag(letter, in_flag);
        let second = letter == '\n' && before == '\r';
        before = letter;
        let kept = if letter == '\n' || breaks_line(letter) { '\n' } else { letter };
        if second || acts(kept) || is_taken_out(kept, in_flag) {
            continue;
        }
        breaks = breaks_with(breaks, kept);
        if breaks <= BREAKS_MAX || kept != '\n' {
            out.push(kept);
        }
    }
    if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

/// Is it seen by itself?
fn shows(letter: char) -> bool {
    !(letter.is_whitespace()
        || acts(letter)
        || is_unseen(letter)
        || is_tag(letter)
        || is_combining_mark(letter)
        || matches!(letter, '\u{61c}' | '\u{180e}' | '\u{200c}'..='\u{200f}' | '\u{2800}')
        || matches!(letter, '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'))
}

/// Unseen, and no text loses anything without it. The space of no width parts the words of Khmer, Thai and Burmese.
const fn is_taken_out(letter: char, in_flag: bool) -> bool {
    (is_unseen(letter) && letter != '\u{200b}') || (is_tag(letter) && !in_flag)
}

/// Marks on the letter before, this one included. Joiners between marks change nothing.
fn marks_with(marks: usize, letter: char) -> usize {
    match letter {
        '\u{200c}' | '\u{200d}' => marks,
        mark if is_combining_mark(mark) => marks + 1,
        _ => 0,
    }
}

/// Line breaks in a row, this letter included.
fn breaks_with(breaks: usize, letter: char) -> usize {
    if letter == '\n' {
        breaks + 1
    } else if shows(letter) {
        0
    } else {
        breaks
    }
}

/// Another way to break a line than `\n`.
const fn breaks_line(letter: char) -> bool {
    matches!(letter, '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The letters in which a flag of a region says which one it is; anywhere else they hide words.
const fn is_tag(letter: char) -> bool {
    matches!(letter, '\u{e0020}'..='\u{e007f}')
}

/// Does a flag begin with this letter, or go on?
const fn goes_on_flag(letter: char, in_flag: bool) -> bool {
    letter == '\u{1f3f4}' || (in_flag && is_tag(letter))
}

/// Chooses between two shapes of the letter before it.
const fn is_selector(letter: char) -> bool {
    matches!(letter, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// A code point that will never be a letter.
const fn is_no_letter(letter: char) -> bool {
    letter as u32 & 0xfffe == 0xfffe || matches!(letter, '\u{fdd0}'..='\u{fdef}')
}

/// An ideograph, which alone has shapes beyond the first sixteen.
#[must_use]
pub const fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// A case of the table; the page is tested with the same.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Case {
        what: String,
        text: String,
        /// How often the text is repeated.
        #[serde(default = "once")]
        times: usize,
        /// What is wrong with it in a line, in lines and as an idea; `null`: nothing.
        line: Option<String>,
        lines: Option<String>,
        idea: Option<String>,
        /// What a page keeps of it; absent: all of it.
        typed: Option<String>,
    }

    fn once() -> usize {
        1
    }

    fn said(text: &str, kind: TextKind) -> Option<String> {
        check(text, kind).err().map(|fault| match fault {
            Fault::Empty => "empty".to_owned(),
            Fault::Letter(letter) => format!("{:04X}", u32::from(letter)),
            Fault::Breaks => "breaks".to_owned(),
            Fault::Marks => "marks".to_owned(),
        })
    }

    #[test]
    fn b8_the_table_of_cases_holds_on_the_server_and_on_the_page() {
        let cases: Vec<Case> = serde_json::from_str(include_str!("../../letters.json")).unwrap();
        for Case { what, text, times, line, lines, idea, typed: kept } in cases {
            let text = text.repeat(times);
            let kinds = [TextKind::Line, TextKind::Lines, TextKind::Idea];
            assert_eq!(kinds.map(|kind| said(&text, kind)), [line, lines, idea], "{what}");
            assert_eq!(typed(&text), kept.unwrap_or_else(|| text.clone()), "{what}: what a page keeps");
            // What a page has cleaned is never refused for its letters, but for marks and the breaks of a line.
            let cleaned = typed(&text).into_owned();
            assert_eq!(typed(&cleaned), cleaned, "{what}: cleaned once is cleaned");
            let left = said(&cleaned, TextKind::Lines);
            assert!(left.is_none_or(|fault| fault == "empty" || fault == "marks"), "{what}");
        }
    }

    #[test]
    fn b8_files_lose_what_acts_hides_or_piles_up_and_keep_their_lines() {
        assert_eq!(shown("a\u{202e}b\u{2066}c\u{200b}d\u{feff}\u{fffc}"), "abcd");
        assert_eq!(shown("a\u{e0061}\u{e0062}b"), "ab");
        assert_eq!(shown("😀\u{e0120}\u{e0121}\u{fe0f}\u{fe0e}x"), "😀\u{fe0f}x");
        assert_eq!(shown("a\u{0}b\r\nc\rd\u{2028}e\n\nf\u{fffe}\u{ffff}\u{3164}"), "a b\nc\nd\ne\n\nf");
        for piled in ["\u{301}", "\u{301}\u{200d}"] {
            let text = format!("z{}y", piled.repeat(500));
            assert_eq!(shown(&text).matches('\u{301}').count(), MARKS_MAX);
            assert!(!has_piled_marks(&shown(&text)));
        }
    }
}
