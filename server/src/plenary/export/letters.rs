//! Which letters of people's texts leave the house: all that are seen, and nothing that acts or hides.
//!
//! Controls, overrides, isolates, fillers and what smuggles bytes are taken out; so are marks that are piled up by the
//! dozen. What real writing needs stays: Arabic and Hindi marks, joiners, emoji sequences, flags.

use unicode_normalization::char::is_combining_mark;

/// More marks on one letter than any script uses.
const MARKS_MAX: usize = 6;

/// From which side a text is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Direction {
    LeftToRight,
    RightToLeft,
}

/// A text on one line.
pub(super) fn one_line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text with its own lines; empty ones are left out.
pub(super) fn lines(text: &str) -> Vec<String> {
    let lines = text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']);
    lines.map(one_line).filter(|line| !line.is_empty()).collect()
}

fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_flag = false;
    let (mut before, mut marks) = (' ', 0);
    for letter in text.chars() {
        let tag = matches!(letter, '\u{e0020}'..='\u{e007f}');
        in_flag = letter == '\u{1f3f4}' || (in_flag && tag);
        if (tag && !in_flag) || is_unseen(letter) {
            continue;
        }
        if is_selector(letter) && (is_selector(before) || (letter > '\u{ffff}' && !is_han(before))) {
            continue;
        }
        if is_combining_mark(letter) && !tag {
            marks += 1;
            if marks > MARKS_MAX {
                continue;
            }
        } else if !matches!(letter, '\u{200c}' | '\u{200d}') {
            marks = 0;
        }
        out.push(match letter {
            '\u{2028}' | '\u{2029}' => ' ',
            control if control.is_control() => ' ',
            other => other,
        });
        before = letter;
    }
    out
}

/// Takes no space, and neither joins nor orders letters as writing needs it. Tag letters are told apart elsewhere.
pub(super) const fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{200b}' | '\u{3164}'
        | '\u{feff}' | '\u{ffa0}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff0}'..='\u{fffb}'
        | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e001f}' | '\u{e0080}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
    )
}

/// Chooses between two shapes of the letter before it.
const fn is_selector(letter: char) -> bool {
    matches!(letter, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// An ideograph, which alone has shapes beyond the first sixteen.
const fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Is it written with ideographs, kana or hangul?
pub(super) const fn is_east_asian(letter: char) -> bool {
    is_han(letter)
        || matches!(letter, '\u{3000}'..='\u{30ff}' | '\u{ac00}'..='\u{d7af}' | '\u{ff00}'..='\u{ffef}')
}

/// The direction that a letter has by itself; none for digits, marks, signs and emoji.
pub(super) fn strong(letter: char) -> Option<Direction> {
    if is_combining_mark(letter) {
        None
    } else if is_right_to_left(letter) {
        // Arabic-Indic digits and the signs among the letters are written left to right.
        letter.is_alphabetic().then_some(Direction::RightToLeft)
    } else {
        letter.is_alphabetic().then_some(Direction::LeftToRight)
    }
}

/// The direction of a text: that of its first letter that has one.
pub(super) fn direction(text: &str) -> Option<Direction> {
    text.chars().find_map(strong)
}

/// Does any letter go this way?
pub(super) fn has(text: &str, direction: Direction) -> bool {
    text.chars().any(|letter| strong(letter) == Some(direction))
}

const fn is_right_to_left(letter: char) -> bool {
    matches!(
        letter,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_writing_stays_whole() {
        for text in [
            "التوعية الرَّقْمِيَّة في المدارس 📱",
            "می‌خواهیم کتابخانه‌ها باز بمانند",
            "हम स्कूलों में डिजिटल सुरक्षा चाहते हैं, क्ष्म्य",
            "👨‍👩‍👧 👍🏽 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} ❤️ 1️⃣ 🇰🇪",
            "ผู้หญิงและเด็ก · བོད་སྐད་ · 葛\u{e0100}飾区 · Việt Nam · שָׁלוֹם",
        ] {
            assert_eq!(one_line(text), text);
        }
    }

    #[test]
    fn what_hides_or_turns_is_taken_out() {
        assert_eq!(one_line("a\u{202e}b\u{2066}c\u{200b}d\u{feff}"), "abcd");
        assert_eq!(one_line("a\u{e0061}\u{e0062}b"), "ab");
        assert_eq!(one_line("😀\u{e0120}\u{e0121}\u{fe0f}\u{fe0e}x"), "😀\u{fe0f}x");
        assert_eq!(one_line("a\u{0}\u{7}\tb\r\nc\u{fffe}\u{ffff}\u{3164}"), "a b c");
        let piled = format!("z{}y", "\u{301}".repeat(500));
        assert_eq!(one_line(&piled).chars().count(), 2 + MARKS_MAX);
        let joined = format!("z{}y", "\u{301}\u{200d}".repeat(500));
        assert!(one_line(&joined).matches('\u{301}').count() <= MARKS_MAX);
        assert_eq!(lines("one\n\n\ttwo\u{2029}three"), ["one", "two", "three"]);
    }

    #[test]
    fn a_text_is_read_from_the_side_of_its_first_letter() {
        assert_eq!(direction("12: سلام world"), Some(Direction::RightToLeft));
        assert_eq!(direction("(a) سلام"), Some(Direction::LeftToRight));
        assert_eq!(direction("1, 2 📱"), None);
        assert!(has("a سلام", Direction::RightToLeft) && !has("a ١٢", Direction::RightToLeft));
    }
}
