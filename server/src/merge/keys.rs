//! Ids of ideas, groups, people and points: opaque texts, because reference data has its own; the server's are UUIDs.
//!
//! A run names every id many times over, so these share one text.

use std::fmt;
use std::sync::Arc;

use proto::ids::{GroupId, IdeaId, PointId};
use proto::plenary::Section;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// As it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }
    };
}

key! {
    /// An idea; also an item, by [`item_id`].
    IdeaKey
}
key! {
    /// A breakout group, by any name that the input gives it.
    GroupKey
}
key! {
    /// A person, for this run only: the server gives numbers, not seats.
    SeatKey
}
key! {
    /// A discussion point.
    PointKey
}

impl From<IdeaId> for IdeaKey {
    fn from(id: IdeaId) -> Self {
        Self(id.to_string().into())
    }
}

impl From<GroupId> for GroupKey {
    fn from(id: GroupId) -> Self {
        Self(id.to_string().into())
    }
}

impl From<PointId> for PointKey {
    fn from(id: PointId) -> Self {
        Self(id.to_string().into())
    }
}

/// The id of an item that is born with this idea's words: the SHA-256 of the idea's id (its 16 raw bytes; its letters where it is no
/// UUID) and the section's name, cut to a UUID of version 8.
#[must_use]
pub fn item_id(idea: &IdeaKey, section: Section) -> IdeaKey {
    let hash = Sha256::new();
    let hash = match Uuid::try_parse(idea.as_str()) {
        Ok(id) => hash.chain_update(id.as_bytes()),
        Err(_) => hash.chain_update(idea.as_str()),
    };
    let digest = hash.chain_update(section.as_str()).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, of)| *byte = of);
    IdeaKey::from(Builder::from_custom_bytes(bytes).into_uuid().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_items_id_is_the_hash_of_its_first_idea_and_its_section() {
        let idea = IdeaKey::from("0190a5f0-0000-7000-8000-000000000001");
        // printf '\x01\x90\xa5\xf0\0\0\x70\0\x80\0\0\0\0\0\0\x01recommendations' | sha256sum
        let expected = "5195f8ec-1d25-84ae-a571-c3e82e5b20fa";
        assert_eq!(item_id(&idea, Section::Recommendations).as_str(), expected);
        assert_ne!(item_id(&idea, Section::Ideas), item_id(&idea, Section::Recommendations));
        assert_ne!(item_id(&"a".into(), Section::Ideas), item_id(&"b".into(), Section::Ideas));
    }
}
