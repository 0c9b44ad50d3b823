//! One type per id, so that an idea can never be taken for a group; names of documents; receipts.
//!
//! Ids are UUIDs. Whoever creates a thing chooses its id (phones choose those of ideas and commands), so a
//! message can be sent again without doing anything twice.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    };
}

id! {
    /// One event: agenda, discussion points, groups, settings, phase.
    ConsultationId
}
id! {
    /// A breakout group; its board is `board/<group-id>`.
    GroupId
}
id! {
    /// A discussion point: a question that groups answer.
    PointId
}
id! {
    /// A contribution on a board. Also the id of the recommendation that it becomes the anchor of.
    IdeaId
}
id! {
    /// One participant's place in a consultation, or one staff link. Pseudonymous.
    SeatId
}
id! {
    /// Something to read that belongs to a consultation.
    MaterialId
}
id! {
    /// A card of a closed roll.
    CardId
}
id! {
    /// A line by which somebody objects to an item of the list. Drawn by lot: it tells nothing of the seat.
    ObjectionId
}
id! {
    /// A command, chosen by its sender; the same id again is the same command.
    CommandId
}
id! {
    /// A line that a group lets travel with its card.
    NoteId
}
id! {
    /// The certificate of a purge: random, so that who has it may read it.
    CertificateId
}
id! {
    /// One life of a document. A phone that holds another epoch starts afresh instead of mixing two histories.
    Epoch
}

/// A Yjs client id as it comes from outside: the random number of one `Y.Doc` in one page.
///
/// Ids of people are below 2^32. Ids of the server are at or above 2^32 (see [`ServerClient`]), so that neither
/// can ever be taken for the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(pub u64);

impl ClientId {
    /// The first id that is not a person's.
    pub const SERVER_FIRST: u64 = 1 << 32;
    /// One past the last id of a server: 35 bits, so that an id takes five bytes like the ids of phones.
    pub const SERVER_END: u64 = 1 << 35;

    /// True for an id that only a server may use.
    #[must_use]
    pub const fn is_server(self) -> bool {
        self.0 >= Self::SERVER_FIRST
    }
}

/// The name of a live document, without a `\0session` suffix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DocumentName {
    /// `board/<group-id>`: one per group.
    Board(GroupId),
    /// `plenary/<consultation-id>`: one per consultation.
    Plenary(ConsultationId),
    /// `consultation/<consultation-id>`: an empty document that carries commands, answers and state.
    Consultation(ConsultationId),
}

/// A document name that is none of the three forms.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a document is called board/<group-id>, plenary/<consultation-id> or consultation/<consultation-id>")]
pub struct UnknownDocument;

impl fmt::Display for DocumentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Board(id) => write!(f, "board/{id}"),
            Self::Plenary(id) => write!(f, "plenary/{id}"),
            Self::Consultation(id) => write!(f, "consultation/{id}"),
        }
    }
}

impl FromStr for DocumentName {
    type Err = UnknownDocument;

    fn from_str(text: &str) -> Result<Self, UnknownDocument> {
        let (kind, id) = text.split_once('/').ok_or(UnknownDocument)?;
        let id = Uuid::try_parse(id).map_err(|_| UnknownDocument)?;
        match kind {
            "board" => Ok(Self::Board(GroupId(id))),
            "plenary" => Ok(Self::Plenary(ConsultationId(id))),
            "consultation" => Ok(Self::Consultation(ConsultationId(id))),
            _ => Err(UnknownDocument),
        }
    }
}

impl Serialize for DocumentName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DocumentName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// 32 random bytes that only the author's phone holds, as 64 hex digits: who has it may edit and withdraw the idea.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct Receipt(#[serde(with = "hex::serde")] [u8; 32]);

impl Receipt {
    /// The receipt with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// What the board keeps of it: the SHA-256 of the 32 raw bytes.
    #[must_use]
    pub fn hash(&self) -> ReceiptHash {
        ReceiptHash(Sha256::digest(self.0).into())
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipt(…)")
    }
}

/// The SHA-256 of a [`Receipt`], as 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct ReceiptHash(#[serde(with = "hex::serde")] pub [u8; 32]);

/// The SHA-256 of the words that somebody read (UTF-8, as the server told them), as 64 hex digits. A decision about words carries
/// it, so that it is not a decision about others (rule C31).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct WordsHash(#[serde(with = "hex::serde")] [u8; 32]);

impl WordsHash {
    /// In the place of one that may stand nowhere.
    pub const NONE: Self = Self([0; 32]);

    /// Of one text.
    #[must_use]
    pub fn of(words: &str) -> Self {
        Self(Sha256::digest(words.as_bytes()).into())
    }

    /// As 64 hex digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    /// From 64 hex digits; `None` from anything else.
    #[must_use]
    pub fn from_hex(digits: &str) -> Option<Self> {
        let mut hash = [0; 32];
        hex::decode_to_slice(digits, &mut hash).ok().map(|()| Self(hash))
    }

    /// Of several texts in their order: each is followed by U+0000, which can stand in no text.
    #[must_use]
    pub fn of_all<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for text in texts {
            hash.update(text.as_bytes());
            hash.update([0]);
        }
        Self(hash.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_name_reads_back_as_it_was_written() {
        let id = Uuid::from_u128(7);
        for name in [
            DocumentName::Board(GroupId(id)),
            DocumentName::Plenary(ConsultationId(id)),
            DocumentName::Consultation(ConsultationId(id)),
        ] {
            assert_eq!(name.to_string().parse(), Ok(name));
        }
    }

    #[test]
    fn other_names_are_refused() {
        for name in
            ["", "board", "board/", "board/x", "Board/00000000-0000-0000-0000-000000000007", "../etc/passwd"]
        {
            assert_eq!(name.parse::<DocumentName>(), Err(UnknownDocument), "{name}");
        }
    }

    #[test]
    fn the_receipt_hash_is_the_sha_256_of_the_raw_bytes() {
        let receipt = Receipt::from_bytes([0; 32]);
        assert_eq!(
            hex::encode(receipt.hash().0),
            "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"
        );
    }
}
