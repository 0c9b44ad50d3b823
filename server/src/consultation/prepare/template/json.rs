//! JSON with the place of everything: what a template file says, and in which line and column it says it.
//!
//! A reader of its own, because an organizer who wrote a file by hand must be told where, for as many mistakes as can be
//! found, and a parser into types stops at the first. Depth and size are bounded; strings and numbers are serde's.

use proto::api::field_error::Wrong;

/// Objects and lists inside each other: a template has four.
const DEPTH_MAX: usize = 16;

/// A place in a file, from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FilePosition {
    pub line: u32,
    pub column: u32,
}

/// A value with its place.
#[derive(Clone, PartialEq, Debug)]
pub struct JsonNode {
    pub at: FilePosition,
    pub value: Value,
}

/// What is there.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<JsonNode>),
    Map(Vec<(Key, JsonNode)>),
}

/// A key with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    pub at: FilePosition,
    pub name: String,
}

/// Where it stops to be JSON.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Broken {
    pub at: FilePosition,
    pub wrong: Wrong,
}

/// Reads one value.
///
/// # Errors
/// The first place at which it is no JSON.
pub fn read(text: &str) -> Result<JsonNode, Broken> {
    let mut reader = JsonReader {
        rest: text.strip_prefix('\u{feff}').unwrap_or(text),
        at: FilePosition { line: 1, column: 1 },
    };
    let node = reader.value(0)?;
    reader.blank();
    if reader.rest.is_empty() { Ok(node) } else { Err(reader.broken()) }
}

struct JsonReader<'a> {
    rest: &'a str,
    at: FilePosition,
}

impl<'a> JsonReader<'a> {
    const fn broken(&self) -> Broken {
        Broken { at: self.at, wrong: Wrong::NotJson }
    }

    /// Takes so many bytes and counts lines and characters.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes.min(self.rest.len()));
        for c in taken.chars() {
            if c == '\n' {
                self.at = FilePosition { line: self.at.line + 1, column: 1 };
            } else {
                self.at.column += 1;
            }
        }
        self.rest = rest;
        taken
    }

    fn blank(&mut self) {
        let blank = self.rest.len() - self.rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        self.take(blank);
    }

    fn next(&mut self) -> Option<u8> {
        self.blank();
        self.rest.bytes().next()
    }

    fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        if self.next() == Some(byte) {
            self.take(1);
            Ok(())
        } else {
            Err(self.broken())
        }
    }

    fn value(&mut self, depth: usize) -> Result<JsonNode, Broken> {
        let next = self.next();
        let at = self.at;
        if depth > DEPTH_MAX {
            return Err(Broken { at, wrong: Wrong::TooDeep });
        }
        let value = match next {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(_) => self.word()?,
            None => return Err(self.broken()),
        };
        Ok(JsonNode { at, value })
    }

    fn map(&mut self, depth: usize) -> Result<Value, Broken> {
        self.take(1);
        let mut fields = Vec::new();
        if self.next() == Some(b'}') {
            self.take(1);
            return Ok(Value::Map(fields));
        }
        loop {
            self.blank();
            let at = self.at;
            let name = self.string()?;
            self.expect(b':')?;
            fields.push((Key { at, name }, self.value(depth + 1)?));
            match self.next() {
                Some(b',') => self.take(1),
                Some(b'}') => {
                    self.take(1);
                    return Ok(Value::Map(fields));
                }
                Some(_) | None => return Err(self.broken()),
            };
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Broken> {
        self.take(1);
        let mut items = Vec::new();
        if self.next() == Some(b']') {
            self.take(1);
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            match self.next() {
                Some(b',') => self.take(1),
                Some(b']') => {
                    self.take(1);
                    return Ok(Value::List(items));
                }
                Some(_) | None => return Err(self.broken()),
            };
        }
    }

    fn string(&mut self) -> Result<String, Broken> {
        if self.next() != Some(b'"') {
            return Err(self.broken());
        }
        let mut escaped = false;
        let end = self.rest.bytes().enumerate().skip(1).find(|&(_, byte)| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        let Some((end, _)) = end else { return Err(self.broken()) };
        let literal = self.rest.get(..=end).unwrap_or_default();
        let text = serde_json::from_str(literal).map_err(|_| self.broken())?;
        self.take(end + 1);
        Ok(text)
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Result<Value, Broken> {
        let end = self.rest.find([',', ']', '}', ' ', '\t', '\n', '\r', ':', '"']).unwrap_or(self.rest.len());
        let word = self.rest.get(..end).unwrap_or_default();
        let value = match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            number => Value::Number(serde_json::from_str(number).map_err(|_| self.broken())?),
        };
        self.take(end);
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str) -> (u32, u32, Wrong) {
        let Broken { at, wrong } = read(text).unwrap_err();
        (at.line, at.column, wrong)
    }

    #[test]
    fn everything_has_its_line_and_column() {
        let node = read("{\n  \"é\": [1,\n   \"b\\n\"]\n}").unwrap();
        let Value::Map(fields) = node.value else { panic!() };
        let (key, list) = &fields[0];
        assert_eq!((key.name.as_str(), key.at), ("é", FilePosition { line: 2, column: 3 }));
        let Value::List(items) = &list.value else { panic!() };
        assert_eq!(items[0], JsonNode { at: FilePosition { line: 2, column: 9 }, value: Value::Number(1.0) });
        assert_eq!(
            items[1],
            JsonNode { at: FilePosition { line: 3, column: 4 }, value: Value::Text("b\n".to_owned()) }
        );
    }

    #[test]
    fn the_first_place_that_is_no_json_is_named() {
        assert_eq!(broken("{\n \"a\": 1,\n}"), (3, 1, Wrong::NotJson));
        assert_eq!(broken("{\"a\": tru}"), (1, 7, Wrong::NotJson));
        assert_eq!(broken("[1 2]"), (1, 4, Wrong::NotJson));
        assert_eq!(broken("\"open"), (1, 1, Wrong::NotJson));
        assert_eq!(broken(""), (1, 1, Wrong::NotJson));
        assert_eq!(broken("{} x"), (1, 4, Wrong::NotJson));
        assert_eq!(broken(&"[".repeat(100_000)).2, Wrong::TooDeep);
    }

    #[test]
    fn it_reads_what_serde_reads() {
        for text in ["{\"a\":[true,false,null,-1.5e3,\"\\u00e9\\\\\"]}", " [ ] ", "{ }", "\u{feff}1"] {
            assert!(read(text).is_ok(), "{text}");
        }
    }
}
