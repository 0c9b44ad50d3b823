//! People's texts inside Markdown: every letter stays, nothing acts.
//!
//! Markup, HTML, links, images, headings, lists, tables and mathematics become plain letters. Which letters these are
//! is decided before, in [`crate::plenary::export::sanitize`].

/// A text of one line.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut before = ' ';
    let start = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    for (at, letter) in text.char_indices() {
        let rest = &text[at + letter.len_utf8()..];
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // `](` is what a link is made of, even for readers who do not know about the backslash.
            '(' if before == ']' => out.push_str("&#40;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '#' | '|' | '~' | '$' | '^' | '@' | '!' => {
                out.push('\\');
                out.push(letter);
            }
            // An address would become a link, a word between colons a picture.
            ':' if rest.starts_with("//") || rest.starts_with(|c: char| c.is_ascii_alphanumeric()) => {
                out.push_str("\\:");
            }
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("\\."),
            // At the beginning of a line these begin a list, a rule or a heading above.
            '-' | '+' | '=' if at == 0 => {
                out.push('\\');
                out.push(letter);
            }
            '.' | ')' if at == start && at > 0 => {
                out.push('\\');
                out.push(letter);
            }
            '=' if before == '=' || rest.starts_with('=') => out.push_str("\\="),
            other => out.push(other),
        }
        before = letter;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plenary::export::sanitize::one_line;

    fn line(text: &str) -> String {
        escape(&one_line(text))
    }

    #[test]
    fn markup_becomes_letters() {
        assert_eq!(line("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
        assert_eq!(
            line("![x](http://e.org) [y](javascript:z)"),
            r"\!\[x\]&#40;http\://e.org) \[y\]&#40;javascript\:z)"
        );
        assert_eq!(line("# big *bold* `code` | cell"), r"\# big \*bold\* \`code\` \| cell");
        assert_eq!(
            line("see www.example.org or a@b.org :smile:"),
            r"see www\.example.org or a\@b.org \:smile:"
        );
        assert_eq!(line("&lt;b&gt; $x$"), r"&amp;lt;b&amp;gt; \$x\$");
    }

    #[test]
    fn a_text_cannot_begin_a_line_of_its_own() {
        assert_eq!(line("one\n\n# two\r- three\u{2028}1. four"), r"one \# two - three 1. four");
        assert_eq!(line("1. one"), r"1\. one");
        assert_eq!(line("12) one"), r"12\) one");
        assert_eq!(line("- one"), r"\- one");
        assert_eq!(line("=== one"), r"\=\=\= one");
        assert_eq!(line("    indented"), "indented");
    }
}
