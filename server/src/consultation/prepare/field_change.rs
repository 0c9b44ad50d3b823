//! What an amendment changes: a field and what it is from now on, as events store it.

use proto::api::consultation::{LocalText, Point, Settings};
use proto::api::preparation::Field;
use proto::api::programme::{AgendaEntry, HelpContact, HideReason, KindWords, Material, Speaker};
use proto::ids::GroupId;
use serde::{Deserialize, Serialize};

/// A field and what it is from now on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "field", content = "value", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum FieldChange {
    /// What the consultation is called.
    Title(LocalText),
    Languages(Vec<String>),
    /// What it is for.
    Objectives(Vec<LocalText>),
    /// What should come of it.
    Outcomes(Vec<LocalText>),
    /// Who presents.
    Speakers(Vec<Speaker>),
    /// Who moderates.
    Moderators(Vec<LocalText>),
    /// Who reports back.
    Rapporteurs(Vec<LocalText>),
    Agenda(Vec<AgendaEntry>),
    /// What people can read.
    Materials(Vec<Material>),
    /// The discussion points.
    Points(Vec<Point>),
    /// Kinds of ideas.
    Kinds(Vec<KindWords>),
    Groups(Vec<(GroupId, String)>),
    Settings(Settings),
    /// Reasons to hide an idea for.
    HideReasons(Vec<HideReason>),
    /// Who can help.
    Help(Vec<HelpContact>),
    /// Is there a safeguarding contact?
    Safeguarding(bool),
    /// The address that phones reach this server at.
    PublicUrl(Option<String>),
}

impl FieldChange {
    /// Of which field.
    #[must_use]
    pub const fn field(&self) -> Field {
        match self {
            Self::Title(_) => Field::Title,
            Self::Languages(_) => Field::Languages,
            Self::Objectives(_) => Field::Objectives,
            Self::Outcomes(_) => Field::Outcomes,
            Self::Speakers(_) => Field::Speakers,
            Self::Moderators(_) => Field::Moderators,
            Self::Rapporteurs(_) => Field::Rapporteurs,
            Self::Agenda(_) => Field::Agenda,
            Self::Materials(_) => Field::Materials,
            Self::Points(_) => Field::Points,
            Self::Kinds(_) => Field::Kinds,
            Self::Groups(_) => Field::Groups,
            Self::Settings(_) => Field::Settings,
            Self::HideReasons(_) => Field::HideReasons,
            Self::Help(_) => Field::Help,
            Self::Safeguarding(_) => Field::Safeguarding,
            Self::PublicUrl(_) => Field::PublicUrl,
        }
    }
}
