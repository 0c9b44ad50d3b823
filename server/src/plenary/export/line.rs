//! A line of an export: our own words, what people wrote, and figures, told apart until a file is written.

use crate::plenary::export::sanitize;

/// What a line is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Piece {
    /// Our own words, in the language of the export.
    Said(String),
    /// What people wrote, on one line, with its language if they said it.
    Written { text: String, lang: String },
    /// A date or a hash: Latin letters and digits that are read from the left in every language.
    Code(String),
}

/// Pieces in their order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Line(pub Vec<Piece>);

impl Line {
    pub(super) fn said(words: impl Into<String>) -> Self {
        Self(vec![Piece::Said(words.into())])
    }

    pub(super) fn number(number: impl std::fmt::Display) -> Self {
        Self::said(number.to_string())
    }

    /// What people wrote; this is where it becomes harmless letters on one line.
    pub(super) fn written(text: &str, lang: &str) -> Self {
        let tag = !lang.is_empty()
            && lang.len() <= 35
            && lang.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let lang = if tag { lang.to_owned() } else { String::new() };
        Self(vec![Piece::Written { text: sanitize::one_line(text), lang }])
    }

    pub(super) fn code(text: &str) -> Self {
        Self(vec![Piece::Code(sanitize::one_line(text))])
    }

    pub(super) fn push(&mut self, line: Self) {
        self.0.extend(line.0);
    }

    /// Lines after one another, with these words of ours between them.
    pub(super) fn joined(lines: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let mut joined = Self::default();
        for (position, line) in lines.into_iter().enumerate() {
            if position > 0 && !between.is_empty() {
                joined.push(Self::said(between));
            }
            joined.push(line);
        }
        joined
    }

    /// All its letters: for cells of a table, and for JSON.
    pub(super) fn plain(&self) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Said(text) | Piece::Written { text, .. } | Piece::Code(text) => text.as_str(),
            })
            .collect()
    }
}
