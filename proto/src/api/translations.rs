//! What people wrote in another language: in which words, of which words, and whether a machine made it (rule C36).

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

use crate::ids::WordsHash;

/// A text in another language.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, TS)]
pub struct Translation {
    /// Its words.
    pub text: String,
    /// The hash of the words that were translated; absent: not known. Words with another hash are another wording.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub of: Option<WordsHash>,
    /// Did a machine make it?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub machine: bool,
    /// How often it was replaced.
    #[serde(skip_serializing_if = "is_zero")]
    #[ts(optional, as = "Option<u32>")]
    pub n: u32,
}

#[derive(Deserialize)]
struct Full {
    text: String,
    #[serde(default)]
    of: Option<WordsHash>,
    #[serde(default)]
    machine: bool,
    #[serde(default)]
    n: u32,
}

/// Until more was known of a translation it was stored as its words alone.
struct WordsOrFull;

impl<'de> Visitor<'de> for WordsOrFull {
    type Value = Translation;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("words, or a translation")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Translation, E> {
        Ok(Translation { text: text.to_owned(), ..Translation::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Translation, A::Error> {
        let Full { text, of, machine, n } = Full::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Translation { text, of, machine, n })
    }
}

impl<'de> Deserialize<'de> for Translation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordsOrFull)
    }
}

impl Translation {
    /// Is it a translation of these words, as far as is known?
    #[must_use]
    pub fn is_of(&self, words: &str) -> bool {
        self.of.is_none_or(|of| of == WordsHash::of(words))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(n: &u32) -> bool {
    *n == 0
}
