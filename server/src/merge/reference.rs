//! Inputs that exist for comparing the rules with other implementations; no consultation has them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::keys::{IdeaKey, SeatKey};

/// What stands in the place of our own rules, so that nothing but the ranking is compared.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reference {
    /// Is what is identical one entry?
    pub grouping: Grouping,
    /// Ideas from first to last, instead of the static tie key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tie_order: Vec<IdeaKey>,
    /// Seat → what it weighs, instead of the weights setting and its cap.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub weights: BTreeMap<SeatKey, BallotWeight>,
}

impl Reference {
    /// Is there nothing of it?
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Is what is identical one entry?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grouping {
    /// What is identical becomes one entry.
    #[default]
    Auto,
    /// Each idea is an entry of its own; `assign` still counts.
    Off,
}

/// A weight of its own: a positive integer, or a fraction `"p/q"` of two of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BallotWeight {
    /// Numerator, never 0.
    pub p: u64,
    /// Denominator, never 0.
    pub q: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum BallotWeightJson {
    Integer(u64),
    Fraction(String),
}

impl Serialize for BallotWeight {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.q {
            1 => BallotWeightJson::Integer(self.p),
            _ => BallotWeightJson::Fraction(format!("{}/{}", self.p, self.q)),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for BallotWeight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || serde::de::Error::custom("a weight is a positive integer or \"p/q\" of two of them");
        let (p, q) = match BallotWeightJson::deserialize(deserializer).map_err(|_| wrong())? {
            BallotWeightJson::Integer(p) => (p, 1),
            BallotWeightJson::Fraction(text) => {
                let (p, q) = text.split_once('/').unwrap_or((&text, "1"));
                (p.trim().parse().map_err(|_| wrong())?, q.trim().parse().map_err(|_| wrong())?)
            }
        };
        if p == 0 || q == 0 { Err(wrong()) } else { Ok(Self { p, q }) }
    }
}
