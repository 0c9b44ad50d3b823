//! Ids of ideas, groups, people and points: opaque texts, because reference data has its own; the server's are UUIDs.
//!
//! A run names every id many times over, so these share one text.

use std::fmt;
use std::sync::Arc;

use proto::ids::{GroupId, IdeaId, PointId};
use serde::{Deserialize, Serialize};

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
    /// An idea; also an item, which is called after its anchor.
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
