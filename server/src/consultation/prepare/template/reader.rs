//! Reading values with their places: each mistake is noted with line, column and field, and reading goes on.

use proto::api::consultation::{LocalText, Settings};
use proto::api::field_error::{FieldError, Wrong};
use proto::text::letters::{BREAKS_MAX, Fault, MARKS_MAX, TextKind, acts, check, is_unseen, one_break};
use serde::de::DeserializeOwned;

use super::json::{JsonNode, Key, Value};
use super::languages::is_language;
use crate::config::Limits;

/// Takes values out of nodes and notes what is wrong.
pub struct TemplateReader<'a> {
    pub limits: &'a Limits,
    /// May points, groups and materials have ids? In an amendment, not in a file.
    pub ids: bool,
    /// The settings that stand where none are given.
    pub standing: Settings,
    pub errors: Vec<FieldError>,
}

/// What a text holds, and how many UTF-16 units it may have.
pub type Length = (TextKind, usize);

/// The fields of an object, of which each is taken once.
pub struct Fields<'a> {
    whole: &'a JsonNode,
    path: String,
    fields: Vec<&'a (Key, JsonNode)>,
}

impl TemplateReader<'_> {
    /// Notes what is wrong.
    pub fn wrong(&mut self, node: &JsonNode, path: &str, wrong: Wrong) {
        self.note(node, path, wrong, None, None);
    }

    pub fn note(
        &mut self,
        node: &JsonNode,
        path: &str,
        wrong: Wrong,
        limit: Option<u32>,
        word: Option<String>,
    ) {
        if self.errors.len() < self.limits.template_errors_max {
            let (line, column) = (node.at.line, node.at.column);
            self.errors.push(FieldError { line, column, field: path.to_owned(), wrong, limit, word });
        }
    }

    /// The fields of an object; notes keys that stand there twice.
    pub fn fields<'n>(&mut self, node: &'n JsonNode, path: &str) -> Option<Fields<'n>> {
        let Value::Map(fields) = &node.value else {
            self.wrong(node, path, Wrong::NotObject);
            return None;
        };
        for (at, (key, value)) in fields.iter().enumerate() {
            if fields.iter().take(at).any(|(earlier, _)| earlier.name == key.name) {
                let node = JsonNode { at: key.at, value: value.value.clone() };
                self.wrong(&node, &join(path, &key.name), Wrong::Twice);
            }
        }
        Some(Fields { whole: node, path: path.to_owned(), fields: fields.iter().collect() })
    }

    /// What is left over is not known.
    pub fn end(&mut self, fields: Fields<'_>) {
        for (key, value) in fields.fields {
            let node = JsonNode { at: key.at, value: value.value.clone() };
            self.wrong(&node, &join(&fields.path, &key.name), Wrong::UnknownField);
        }
    }

    /// A field that must be there.
    pub fn must<'n>(&mut self, fields: &mut Fields<'n>, name: &str) -> Option<(&'n JsonNode, String)> {
        let taken = fields.take(name);
        if taken.is_none() {
            self.wrong(fields.whole, &join(&fields.path, name), Wrong::Missing);
        }
        taken
    }

    /// The items of a list, each read by `item`; what cannot be read is left out.
    pub fn list<T>(
        &mut self,
        node: &JsonNode,
        path: &str,
        max: usize,
        mut item: impl FnMut(&mut Self, &JsonNode, &str) -> Option<T>,
    ) -> Vec<T> {
        let Value::List(items) = &node.value else {
            self.wrong(node, path, Wrong::NotList);
            return Vec::new();
        };
        if items.len() > max {
            self.note(node, path, Wrong::TooMany, u32::try_from(max).ok(), None);
            return Vec::new();
        }
        let items = items.iter().enumerate();
        items.filter_map(|(at, node)| item(self, node, &format!("{path}[{at}]"))).collect()
    }

    /// A text of this kind that says something, is not too long, and has only letters that may stand (rule B8).
    pub fn text(&mut self, node: &JsonNode, path: &str, (kind, max): Length) -> Option<String> {
        let Value::Text(text) = &node.value else {
            self.wrong(node, path, Wrong::NotText);
            return None;
        };
        let text = one_break(text);
        let most = |most: usize| u32::try_from(most).ok();
        match check(&text, kind) {
            Err(Fault::Empty) => self.wrong(node, path, Wrong::Empty),
            Err(Fault::Letter(letter)) => {
                let letter = format!("U+{:04X}", u32::from(letter));
                self.note(node, path, Wrong::Letters, None, Some(letter));
            }
            Err(Fault::Breaks) => self.note(node, path, Wrong::Breaks, most(BREAKS_MAX), None),
            Err(Fault::Marks) => self.note(node, path, Wrong::PiledMarks, most(MARKS_MAX), None),
            Ok(()) if text.encode_utf16().count() > max => {
                self.note(node, path, Wrong::TooLong, most(max), None);
            }
            Ok(()) => {}
        }
        Some(text.into_owned())
    }

    /// A text, or one per language.
    pub fn local(&mut self, node: &JsonNode, path: &str, length: Length) -> Option<LocalText> {
        match &node.value {
            Value::Text(_) => self.text(node, path, length).map(LocalText::Plain),
            Value::Map(fields) if fields.is_empty() => {
                self.wrong(node, path, Wrong::Empty);
                None
            }
            Value::Map(_) => {
                let fields = self.fields(node, path)?;
                let mut texts = std::collections::BTreeMap::new();
                for (key, value) in fields.fields {
                    let path = join(path, &key.name);
                    if !is_language(&key.name) {
                        let node = JsonNode { at: key.at, value: Value::Null };
                        self.note(&node, &path, Wrong::UnknownLanguage, None, Some(key.name.clone()));
                    }
                    texts.insert(key.name.clone(), self.text(value, &path, length)?);
                }
                Some(LocalText::Localized(texts))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) => {
                self.wrong(node, path, Wrong::NotLocalText);
                None
            }
        }
    }

    /// A whole number within bounds.
    pub fn number(&mut self, node: &JsonNode, path: &str, least: u32, most: u32) -> Option<u32> {
        let Value::Number(number) = node.value else {
            self.wrong(node, path, Wrong::NotNumber);
            return None;
        };
        if number < 0.0 || number.fract() != 0.0 {
            self.wrong(node, path, Wrong::NotNumber);
            return None;
        }
        if number > f64::from(most) {
            self.note(node, path, Wrong::TooLarge, Some(most), None);
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
        let number = number as u32;
        if number < least {
            self.note(node, path, Wrong::TooSmall, Some(least), None);
            return None;
        }
        Some(number)
    }

    pub fn bool(&mut self, node: &JsonNode, path: &str) -> Option<bool> {
        let Value::Bool(bool) = node.value else {
            self.wrong(node, path, Wrong::NotBool);
            return None;
        };
        Some(bool)
    }

    /// One of the words of a type; `words` says which, for people.
    pub fn word<T: DeserializeOwned>(&mut self, node: &JsonNode, path: &str, words: &str) -> Option<T> {
        let Value::Text(text) = &node.value else {
            self.wrong(node, path, Wrong::NotText);
            return None;
        };
        let read = serde_json::from_value(serde_json::Value::String(text.clone())).ok();
        if read.is_none() {
            self.note(node, path, Wrong::NotOneOf, None, Some(words.to_owned()));
        }
        read
    }

    /// The tag of a language.
    pub fn language(&mut self, node: &JsonNode, path: &str) -> Option<String> {
        let Value::Text(tag) = &node.value else {
            self.wrong(node, path, Wrong::NotText);
            return None;
        };
        if !is_language(tag) {
            self.note(node, path, Wrong::UnknownLanguage, None, Some(tag.clone()));
        }
        Some(tag.clone())
    }

    /// An address of the web.
    pub fn link(&mut self, node: &JsonNode, path: &str) -> Option<String> {
        // What may not stand in an address is said as such, whatever letter it is.
        if let Value::Text(text) = &node.value
            && text.contains(is_no_part_of_an_address)
        {
            self.wrong(node, path, Wrong::NotALink);
            return Some(text.clone());
        }
        let text = self.text(node, path, (TextKind::Line, self.limits.link_units_max))?;
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // Credentials in an address make a host look like another one.
        let plain = !host.is_empty() && !host.contains('@');
        if !plain {
            self.wrong(node, path, Wrong::NotALink);
        }
        Some(text)
    }

    /// An id, where ids may stand.
    pub fn id<T: DeserializeOwned>(&mut self, fields: &mut Fields<'_>) -> Option<T> {
        if !self.ids {
            return None;
        }
        let (node, path) = fields.take("id")?;
        self.word(node, &path, "UUID")
    }
}

impl<'a> Fields<'a> {
    /// Takes a field that may be absent; `null` is as good as absent.
    pub fn take(&mut self, name: &str) -> Option<(&'a JsonNode, String)> {
        let at = self.fields.iter().position(|(key, _)| key.name == name)?;
        let (_, node) = self.fields.remove(at);
        self.fields.retain(|(key, _)| key.name != name);
        (node.value != Value::Null).then(|| (node, join(&self.path, name)))
    }

    /// Takes a field that may be `null` and means it.
    pub fn take_nullable(&mut self, name: &str) -> Option<(&'a JsonNode, String)> {
        let at = self.fields.iter().position(|(key, _)| key.name == name)?;
        let (_, node) = self.fields.remove(at);
        Some((node, join(&self.path, name)))
    }
}

pub fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// What an address never has as it is (RFC 3986), and letters that turn a line around or are not seen.
fn is_no_part_of_an_address(c: char) -> bool {
    c.is_whitespace()
        || acts(c)
        || is_unseen(c)
        || matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}
