//! People's texts inside Markdown: every letter stays, nothing acts.
//!
//! Markup, HTML, links, images, headings, lists, tables and mathematics become plain letters. A text stays on the
//! line on which it was put. Directions that a text sets and does not end are taken out; a text with right-to-left
//! letters is isolated, so that it does not turn the line around it.

/// A text on one line.
pub(super) fn line(text: &str) -> String {
    let words = visible(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let escaped = escape(&words);
    if words.chars().any(is_right_to_left) { format!("\u{2068}{escaped}\u{2069}") } else { escaped }
}

/// A text with its own lines, each a paragraph.
pub(super) fn paragraphs(text: &str) -> String {
    let lines = text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']);
    lines.map(line).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// Without what nobody sees: controls, overrides and isolates, fillers, tag letters outside a flag.
fn visible(text: &str) -> String {
    let mut in_flag = false;
    text.chars()
        .filter_map(|letter| {
            let tag = matches!(letter, '\u{e0020}'..='\u{e007f}');
            in_flag = letter == '\u{1f3f4}' || (in_flag && tag);
            match letter {
                '\u{ad}' | '\u{200b}' | '\u{feff}' => None,
                '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' => None,
                '\u{e0000}'..='\u{e007f}' if !in_flag => None,
                '\u{2028}' | '\u{2029}' => Some(' '),
                control if control.is_control() => Some(' '),
                other => Some(other),
            }
        })
        .collect()
}

fn escape(text: &str) -> String {
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

const fn is_right_to_left(letter: char) -> bool {
    matches!(
        letter,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(paragraphs("one\n\n\n# two\n---"), "one\n\n\\# two\n\n\\---");
    }

    #[test]
    fn arabic_and_emoji_stay_whole_and_overrides_go() {
        assert_eq!(line("الأمن على الإنترنت"), "\u{2068}الأمن على الإنترنت\u{2069}");
        assert_eq!(line("a\u{202e}b\u{2066}c"), "abc");
        let family = "👨‍👩‍👧 👍🏽 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} ❤️";
        assert_eq!(line(family), family);
        assert_eq!(line("a\u{e0061}\u{e0062}b"), "ab");
    }
}
