//! Who somebody is in a consultation.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a seat or a staff link may do is decided from this, the phase and the group; see the server's `access`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Makes the consultation and watches all groups.
    Organizer,
    /// Leads one group.
    Moderator,
    /// Has the card of one group, and reads it out.
    Rapporteur,
    /// Makes one list of what all groups sent: combines, words, freezes.
    Editor,
    /// Puts what people wrote into one language.
    Translator,
    /// Writes, improves and approves ideas, on a phone.
    Participant,
    /// A projector: reads only.
    #[serde(rename = "room")]
    Projector,
    /// Alone is told that somebody may be in danger.
    Safeguarding,
}

impl Role {
    /// Every role, for tables and tests.
    pub const ALL: [Self; 8] = [
        Self::Organizer,
        Self::Moderator,
        Self::Rapporteur,
        Self::Editor,
        Self::Translator,
        Self::Participant,
        Self::Projector,
        Self::Safeguarding,
    ];
}
