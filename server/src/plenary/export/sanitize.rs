//! Which letters of people's texts leave the house: all that are seen, and nothing that acts or hides (`proto::text::letters`),
//! the same ones in every file. Here they are put on lines, and it is said from which side they are read.

use proto::text::letters::{is_han, shown};
use unicode_normalization::char::is_combining_mark;

use super::{Export, wording};

/// From which side a text is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Direction {
    LeftToRight,
    RightToLeft,
}

/// A text on one line.
pub(super) fn one_line(text: &str) -> String {
    shown(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text with its own lines; empty ones are left out.
pub(super) fn lines(text: &str) -> Vec<String> {
    shown(text).split('\n').map(one_line).filter(|line| !line.is_empty()).collect()
}

/// The same export with the letters that leave the house, for files whose texts keep their lines and blanks.
pub(super) fn letters_of(export: &Export) -> Export {
    let mut export = export.clone();
    let Export { title, points, groups, plenary, adoption, .. } = &mut export;
    // Whether a translation is of these words is seen by their hash, as they are.
    for item in &mut plenary.items {
        let words = wording(item).to_owned();
        for translation in item.facts.translations.values_mut().filter(|found| found.is_of(&words)) {
            translation.of = None;
        }
    }
    let statement = &mut plenary.statement;
    let parts = [title, &mut statement.opening, &mut statement.summary, &mut statement.closing];
    let points = points.iter_mut().map(|point| &mut point.title);
    let groups = groups.iter_mut().flat_map(|group| {
        let late = group.late_ideas.iter_mut().map(|(text, _)| text);
        std::iter::once(&mut group.name).chain(&mut group.notes).chain(late)
    });
    let items = plenary.items.iter_mut().flat_map(|item| {
        let sources = item.facts.sources.iter_mut().map(|source| &mut source.text);
        let lines = item.responses.lines.iter_mut().map(|line| &mut line.text);
        let translations = item.facts.translations.values_mut().map(|translation| &mut translation.text);
        let own = [&mut item.wording, &mut item.note, &mut item.facts.text].into_iter();
        own.chain(&mut item.voted).chain(sources).chain(lines).chain(translations)
    });
    let objections = adoption.iter_mut().flat_map(|adoption| &mut adoption.objections);
    let objections = objections.flat_map(|(_, said)| said.lines.iter_mut().map(|line| &mut line.text));
    for text in parts.into_iter().chain(objections).chain(points).chain(groups).chain(items) {
        *text = shown(text);
    }
    export
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
        assert_eq!(one_line(&piled).chars().count(), 2 + proto::text::letters::MARKS_MAX);
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
