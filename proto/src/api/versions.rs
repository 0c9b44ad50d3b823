//! Versions: immutable copies of list, wordings and statement, each under a number and with a hash (rule C37).
//!
//! A version is made when the plenary vote opens and when the list is frozen; what people write afterwards is the draft of the next
//! one. Only the deletion of words changes a version: they are blanked, and the version says when and how many.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::api::settings::LocalText;
use crate::ids::{ConsultationId, IdeaId, PointId};
use crate::plenary::{Because, Places, Rule, Section, Source, Statement, Status, Support, Weights};

/// The schema that a version follows: `docs/schema/version.json`.
pub const SCHEMA: &str = "urn:plenum:schema:version:1";

/// Why a version was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum VersionReason {
    /// Everybody began to vote on it, or on entries that were added to the ballot paper.
    PlenaryVote,
    /// Staff froze the list.
    Frozen,
}

/// `GET /api/plenary/{consultation-id}/versions`: what is told of each version, the oldest first.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Versions {
    /// All of them.
    pub versions: Vec<VersionInfo>,
}

/// What is told of a version without its words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct VersionInfo {
    /// The number by which it is quoted.
    pub number: u32,
    /// When it was made, in milliseconds since 1970.
    #[ts(type = "number")]
    pub made_at: u64,
    /// Why it was made.
    pub reason: VersionReason,
    /// Its hash; see [`Version::sha256`].
    pub sha256: String,
    /// Entries that have a place on the list.
    pub listed: u32,
    /// Deletions of words since it was made, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Erased>>")]
    pub erased: Vec<Erased>,
}

/// A deletion of words that changed a version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Erased {
    /// The day in UTC, for example `2027-03-15`.
    pub day: String,
    /// Texts of the version that lost words.
    pub texts: u32,
    /// The hash that the version had before.
    pub sha256: String,
}

/// `GET /api/plenary/{consultation-id}/versions/{number}`: a version with its words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Version {
    /// [`SCHEMA`].
    #[serde(rename = "$schema")]
    pub schema: String,
    /// What the hash is taken over.
    pub content: VersionContent,
    /// SHA-256 of the canonical JSON of `content`, as 64 hex digits ([`canonical_json`]).
    pub sha256: String,
    /// Deletions of words since it was made, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Erased>>")]
    pub erased: Vec<Erased>,
    /// Texts that are left out of this answer because staff hide them at the moment. They are part of the version, so the hash of
    /// what is left is another one.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[ts(optional, as = "Option<u32>")]
    pub withheld: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What a version says. It has no fractions, so that its canonical JSON is the same in every language.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct VersionContent {
    pub consultation: ConsultationId,
    pub number: u32,
    /// When it was made, in milliseconds since 1970.
    #[ts(type = "number")]
    pub made_at: u64,
    pub reason: VersionReason,
    /// The consultation's title.
    pub title: LocalText,
    /// The run that the list comes from.
    pub run: VersionRun,
    pub statement: Statement,
    /// By section, listed before below, by number.
    pub entries: Vec<VersionEntry>,
}

/// The run that the list of a version comes from, and what staff decided about it that everybody sees.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct VersionRun {
    /// Its number.
    pub number: u32,
    /// The hash of its input; `null` once words of it were deleted.
    pub sha256: Option<String>,
    pub rule: Rule,
    pub weights: Weights,
    /// Places per section; `null`: the default.
    pub k: Option<Places>,
    /// Entries that staff put first, in order.
    pub pins: Vec<IdeaId>,
    /// Entries that staff keep off the list.
    pub kept_off: u32,
}

/// An entry of a version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct VersionEntry {
    pub id: IdeaId,
    pub section: Section,
    pub status: Status,
    /// By which it is quoted, in its section.
    pub number: u32,
    /// Its place by the rule.
    pub rank: u32,
    /// Its place by plain count; 0 while votes are hidden.
    pub rank_by_votes: u32,
    /// What it says: people's wording, else the words of its anchor.
    pub text: String,
    /// BCP 47 tag of the anchor's words; empty where people worded it, or when it is not known.
    pub lang: String,
    /// The same in other languages, by BCP 47 tag.
    pub tr: BTreeMap<String, String>,
    /// The languages in which a machine translated it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub machine: Vec<String>,
    /// The public note beside it.
    pub note: String,
    /// What it said when everybody voted on it, if that was something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub voted: Option<String>,
    pub points: Vec<PointId>,
    /// `null` while votes are hidden.
    pub support: Option<Support>,
    pub because: Because,
    /// The ideas that it came from, the anchor first.
    pub sources: Vec<Source>,
    /// How many more there are.
    pub more: u32,
    pub tags: Vec<String>,
}

impl VersionContent {
    /// SHA-256 of its canonical JSON, as 64 hex digits.
    #[must_use]
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(canonical_json(self)))
    }
}

/// JSON of which there is one form only: keys of every object in ascending order of their UTF-8 bytes, no white space, strings
/// escaped only where JSON requires it (with `\b`, `\t`, `\n`, `\f`, `\r`, `\"`, `\\`, otherwise `\u00xx` in small letters), integers
/// in digits. Values that cannot be written as JSON give nothing; no type of this module is one.
#[must_use]
pub fn canonical_json(value: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::new();
    write(&serde_json::to_value(value).unwrap_or_default(), &mut out);
    out
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_unstable_by_key(|(key, _)| *key);
            out.push(b'{');
            for (at, (key, value)) in fields.into_iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                out.extend(Value::from(key.as_str()).to_string().into_bytes());
                out.push(b':');
                write(value, out);
            }
            out.push(b'}');
        }
        Value::Array(values) => {
            out.push(b'[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(value, out);
            }
            out.push(b']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            out.extend(value.to_string().into_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c37_canonical_json_has_one_form_whatever_the_order_of_keys() {
        let one = serde_json::json!({ "b": [1, null, true], "a": { "é": "x\n\"\u{1}", "e": "€" } });
        let expected = r#"{"a":{"e":"€","é":"x\n\"\u0001"},"b":[1,null,true]}"#;
        assert_eq!(String::from_utf8(canonical_json(&one)).unwrap(), expected);
    }
}
