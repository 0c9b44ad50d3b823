//! The texts of commands: may they stand as they are? (Rule B8.)
//!
//! Which letters may stand is said in [`proto::text::letters`]; how long a text may be is said by whoever asks. Prepared texts are
//! read by `template`, which says where in a file the fault is. What people type into documents passes the gate.

use std::borrow::Cow;

use proto::ids::WordsHash;
use proto::problem::{Code, Problem};
use proto::text::letters::{Fault, TextKind, check, one_break};

use crate::config::Limits;

/// A text that may stand on a board, as it was written, with one letter for each line break.
///
/// # Errors
/// When it is empty, too long, or has letters that may not stand.
pub(super) fn checked_text<'a>(text: &'a str, limits: &Limits) -> Result<Cow<'a, str>, Problem> {
    let text = one_break(text);
    checked(&text, TextKind::Idea, limits.idea_units_max)?;
    Ok(text)
}

/// A line of at most so many UTF-16 units, without blanks around it and with one between words.
///
/// # Errors
/// As [`checked_text`], and when marks are piled up on a letter.
pub(super) fn checked_line(text: &str, units_max: usize) -> Result<String, Problem> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    checked(&line, TextKind::Line, units_max)?;
    Ok(line)
}

/// A name or title, as it was written.
///
/// # Errors
/// As [`checked_line`].
pub(super) fn checked(text: &str, kind: TextKind, units_max: usize) -> Result<(), Problem> {
    // Counted before letters are looked at one by one.
    let units = text.encode_utf16().count();
    if units > units_max {
        let detail = format!("The text has {units} units; {units_max} are allowed.");
        return Err(Problem::because(Code::TextTooLong, detail));
    }
    check(text, kind).map_err(|fault| match fault {
        Fault::Empty => Problem::new(Code::TextEmpty),
        Fault::Letter(_) | Fault::Breaks | Fault::Marks => Problem::because(Code::Letters, fault.to_string()),
    })
}

/// Is this what somebody read who decides about it? Without `read` nobody asks.
///
/// # Errors
/// When it says something else by now (rule C31).
pub(super) fn says_what_was_read(text: &str, read: Option<WordsHash>) -> Result<(), Problem> {
    let same = read.is_none_or(|read| read == WordsHash::of(text));
    if same { Ok(()) } else { Err(Problem::new(Code::Stale)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b8_texts_that_say_nothing_or_have_letters_that_act_are_refused_with_their_own_codes() {
        let limits = Limits::default();
        let text = |text: &str| checked_text(text, &limits).map(drop).map_err(|problem| problem.code);
        let line = |text: &str| checked_line(text, 20).map_err(|problem| problem.code);
        for nothing in ["", " \n\t ", "\u{200b}\u{200b}", "\u{2060}", "\u{202e}", &"\n".repeat(60)] {
            assert_eq!(text(nothing), Err(Code::TextEmpty), "{nothing:?}");
            assert_eq!(line(nothing), Err(Code::TextEmpty), "{nothing:?}");
        }
        for acts in ["a\0b", "\u{202e}a", "a\u{2028}b", &format!("a{}b", "\r\n".repeat(60))] {
            assert_eq!(text(acts), Err(Code::Letters), "{acts:?}");
        }
        for hides in ["a\0b", "\u{202e}a", "a\u{2067}b", &format!("a{}", "\u{301}".repeat(7))] {
            assert_eq!(line(hides), Err(Code::Letters), "{hides:?}");
        }
        assert_eq!(text(&"x".repeat(limits.idea_units_max + 1)), Err(Code::TextTooLong));
        assert_eq!(line(&"x".repeat(21)), Err(Code::TextTooLong));
        assert_eq!(line(" می‌خواهیم \n 🏳️‍🌈 "), Ok("می‌خواهیم 🏳️‍🌈".to_owned()));
        assert_eq!(text("one\n\ntwo"), Ok(()));
        let kept = checked_text("one\r\n\r\ntwo\rthree", &limits).unwrap();
        assert_eq!(kept, "one\n\ntwo\nthree", "two letters for a break, or another one, are one");
    }
}
