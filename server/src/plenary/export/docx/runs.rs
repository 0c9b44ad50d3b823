//! From a line to runs of one direction: what Word needs to know about every letter.
//!
//! Word reads `w:rtl` for letters, their font and size, and for the signs between them; LibreOffice orders a paragraph
//! by Unicode alone. So letters are told apart here, as Unicode would, and a text that goes the other way than its
//! paragraph stands between two marks of the paragraph's direction, so that a number after it stays where it is.

use std::fmt::Write as _;

use super::super::language::Language;
use super::super::line::{Line, Piece};
use crate::plenary::export::sanitize::{Direction, direction, has, is_east_asian, strong};

/// How the letters of a line look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum LetterStyle {
    /// As the paragraph's style says.
    Plain,
    Bold,
}

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 9] = ["ar", "fa", "he", "ur", "ps", "ku", "sd", "ug", "yi"];

pub(super) const fn of_language(language: Language) -> Direction {
    if language.is_right_to_left() { Direction::RightToLeft } else { Direction::LeftToRight }
}

/// The direction of a paragraph: that of the text if it is one text of people, else that of the export.
pub(super) fn base(line: &Line, language: Language) -> Direction {
    match line.0.as_slice() {
        [Piece::Written { text, .. }] => direction(text),
        _ => None,
    }
    .unwrap_or_else(|| of_language(language))
}

/// The runs of a line in a paragraph of this direction.
pub(super) fn runs(line: &Line, base: Direction, language: Language, look: LetterStyle) -> String {
    let own = of_language(language);
    let mut out = String::new();
    for piece in &line.0 {
        match piece {
            Piece::Said(text) => pieces(&mut out, text, own, language.tag(), look),
            Piece::Code(text) => guarded(&mut out, text, base, Direction::LeftToRight, "", look),
            Piece::Written { text, lang } => {
                guarded(&mut out, text, base, direction(text).unwrap_or(base), lang, look);
            }
        }
    }
    out
}

/// A text that goes the other way, or has parts that do: between marks of its own direction, so that its last full
/// stop stays with it, and these between marks of its paragraph's, so that what follows is not turned.
fn guarded(out: &mut String, text: &str, base: Direction, inner: Direction, lang: &str, look: LetterStyle) {
    let against = match base {
        Direction::LeftToRight => Direction::RightToLeft,
        Direction::RightToLeft => Direction::LeftToRight,
    };
    let turns = inner != base || has(text, against);
    let marks: &[Direction] = match (turns, inner == base) {
        (false, _) => &[],
        (true, true) => &[base],
        (true, false) => &[base, inner],
    };
    for &mark in marks {
        run(out, mark_of(mark), mark, "", look);
    }
    pieces(out, text, inner, lang, look);
    for &mark in marks.iter().rev() {
        run(out, mark_of(mark), mark, "", look);
    }
}

/// LEFT-TO-RIGHT MARK and RIGHT-TO-LEFT MARK.
const fn mark_of(direction: Direction) -> &'static str {
    match direction {
        Direction::LeftToRight => "\u{200e}",
        Direction::RightToLeft => "\u{200f}",
    }
}

fn pieces(out: &mut String, text: &str, base: Direction, lang: &str, look: LetterStyle) {
    for (direction, part) in split(text, base) {
        run(out, part, direction, lang, look);
    }
}

/// Parts of one direction. What has none goes with its neighbours if they agree, else with the text; a mark, a joiner
/// or a selector stays with its letter.
fn split(text: &str, base: Direction) -> Vec<(Direction, &str)> {
    let mut directions: Vec<Option<Direction>> = Vec::with_capacity(text.len());
    for letter in text.chars() {
        let kept = if stays_with_its_letter(letter) { directions.last().copied().flatten() } else { None };
        directions.push(strong(letter).or(kept));
    }
    let mut parts: Vec<(Direction, &str)> = Vec::new();
    let (mut start, mut current) = (0, None);
    let mut before = base;
    let mut between: Option<Direction> = None;
    for (position, (at, _)) in text.char_indices().enumerate() {
        let direction = match directions[position] {
            Some(found) => {
                (before, between) = (found, None);
                found
            }
            None => *between.get_or_insert_with(|| {
                let after = directions[position..].iter().find_map(|found| *found).unwrap_or(base);
                if before == after { before } else { base }
            }),
        };
        match current {
            Some(last) if last == direction => {}
            Some(last) => {
                parts.push((last, &text[start..at]));
                start = at;
            }
            None => {}
        }
        current = Some(direction);
    }
    parts.extend(current.map(|last| (last, &text[start..])));
    parts
}

fn stays_with_its_letter(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter) || matches!(letter, '\u{200c}' | '\u{200d}')
}

fn run(out: &mut String, text: &str, direction: Direction, lang: &str, look: LetterStyle) {
    out.push_str("<w:r><w:rPr>");
    let east_asian = text.chars().any(is_east_asian);
    if east_asian {
        out.push_str(r#"<w:rFonts w:hint="eastAsia"/>"#);
    }
    if look == LetterStyle::Bold {
        out.push_str("<w:b/><w:bCs/>");
    }
    match direction {
        Direction::RightToLeft => {
            let known = RIGHT_TO_LEFT.contains(&lang.split('-').next().unwrap_or(""));
            let hebrew = text.chars().any(|letter| matches!(letter, '\u{590}'..='\u{5ff}'));
            let lang = match (known, hebrew) {
                (true, _) => lang,
                (false, true) => "he",
                (false, false) => "ar",
            };
            let _ = write!(out, r#"<w:rtl/><w:lang w:bidi="{lang}"/>"#);
        }
        Direction::LeftToRight if lang.is_empty() => {}
        Direction::LeftToRight if east_asian => {
            let _ = write!(out, r#"<w:lang w:eastAsia="{lang}"/>"#);
        }
        Direction::LeftToRight => {
            let _ = write!(out, r#"<w:lang w:val="{lang}"/>"#);
        }
    }
    let _ = write!(out, r#"</w:rPr><w:t xml:space="preserve">{}</w:t></w:r>"#, escaped(text));
}

/// Letters inside XML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{LeftToRight as L, RightToLeft as R};

    #[test]
    fn a_text_is_split_where_its_direction_changes() {
        assert_eq!(split("one, two.", L), [(L, "one, two.")]);
        assert_eq!(split("سلام، 12", R), [(R, "سلام، 12")]);
        assert_eq!(split("see سلام now", L), [(L, "see "), (R, "سلام"), (L, " now")]);
        assert_eq!(split("سلام GPS 12 هنا", R), [(R, "سلام "), (L, "GPS"), (R, " 12 هنا")]);
        assert_eq!(split("a — سلام", R), [(L, "a"), (R, " — سلام")]);
        assert_eq!(split("سلام!", L), [(R, "سلام"), (L, "!")]);
        assert_eq!(split("📱 12", R), [(R, "📱 12")]);
        assert!(split("", R).is_empty());
        assert_eq!(split("رقْمِيَّة", L), [(R, "رقْمِيَّة")]);
    }

    #[test]
    fn a_foreign_text_stands_between_marks_of_its_paragraph() {
        let line = Line::written("نيل", "ar");
        let mixed = Line::joined([line.clone(), Line::number(7)], " ");
        let english = runs(&mixed, L, Language::En, LetterStyle::Plain);
        let rtl =
            r#"<w:r><w:rPr><w:rtl/><w:lang w:bidi="ar"/></w:rPr><w:t xml:space="preserve">نيل</w:t></w:r>"#;
        assert!(english.contains(rtl), "{english}");
        let letters: String = english
            .split("xml:space=\"preserve\">")
            .skip(1)
            .map(|run| run.split('<').next().unwrap())
            .collect();
        assert_eq!(letters, "\u{200e}\u{200f}نيل\u{200f}\u{200e} 7");
        assert!(!runs(&mixed, R, Language::Ar, LetterStyle::Plain).contains('\u{200e}'));
        assert_eq!((base(&line, Language::En), base(&mixed, Language::En)), (R, L));
        let hash = runs(&Line::code("ab12"), R, Language::Ar, LetterStyle::Bold);
        assert_eq!(hash.matches('\u{200f}').count(), 2);
        assert!(hash.contains("<w:b/><w:bCs/>"));
    }
}
