//! A template as its file: every field, always in the same order, so that the same template is the same bytes.

use proto::api::consultation::{LocalText, Settings};
use proto::api::programme::{
    AgendaEntry, FileContent, HelpContact, HideReason, KindWords, MaterialSource, Reading, Speaker,
};
use proto::command::Kind;
use serde::Serialize;

use super::{NewMaterial, Template, VERSION};

/// By which a file says what it is.
const SCHEMA: &str = "urn:plenum:schema:template:1";

#[derive(Serialize)]
struct File<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    title: &'a LocalText,
    languages: &'a [String],
    objectives: &'a [LocalText],
    outcomes: &'a [LocalText],
    speakers: &'a [Speaker],
    moderators: &'a [LocalText],
    rapporteurs: &'a [LocalText],
    agenda: &'a [AgendaEntry],
    materials: Vec<WrittenMaterial<'a>>,
    points: Vec<WrittenPoint<'a>>,
    kinds: &'a [KindWords],
    groups: Vec<&'a str>,
    settings: &'a Settings,
    hide_reasons: &'a [HideReason],
    help: &'a [HelpContact],
    safeguarding: bool,
    public_url: Option<&'a str>,
}

#[derive(Serialize)]
struct WrittenPoint<'a> {
    title: &'a LocalText,
    minutes: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
}

#[derive(Serialize)]
struct WrittenMaterial<'a> {
    title: &'a LocalText,
    lang: &'a str,
    reading: Reading,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<WrittenFile<'a>>,
}

#[derive(Serialize)]
struct WrittenFile<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a FileContent>,
}

impl Template {
    /// As its file.
    ///
    /// # Errors
    /// Never, in practice: all its keys are strings.
    pub fn to_file(&self) -> Result<String, serde_json::Error> {
        let programme = &self.programme;
        let points = self.points.iter();
        let file = File {
            schema: SCHEMA,
            version: VERSION,
            title: &self.title,
            languages: &programme.languages,
            objectives: &programme.objectives,
            outcomes: &programme.outcomes,
            speakers: &programme.speakers,
            moderators: &programme.moderators,
            rapporteurs: &programme.rapporteurs,
            agenda: &programme.agenda,
            materials: self.materials.iter().map(material).collect(),
            points: points
                .map(|point| WrittenPoint { title: &point.title, minutes: point.minutes, kind: point.kind })
                .collect(),
            kinds: &programme.kinds,
            groups: self.groups.iter().map(|group| group.name.as_str()).collect(),
            settings: &self.settings,
            hide_reasons: &programme.hide_reasons,
            help: &programme.help,
            safeguarding: programme.safeguarding,
            public_url: self.public_url.as_deref(),
        };
        serde_json::to_string_pretty(&file).map(|text| text + "\n")
    }
}

fn material(material: &NewMaterial) -> WrittenMaterial<'_> {
    let (link, file) = match &material.source {
        MaterialSource::Link(link) => (Some(link.as_str()), None),
        MaterialSource::File(file) => {
            (None, Some(WrittenFile { name: &file.name, content: file.content.as_ref() }))
        }
    };
    WrittenMaterial { title: &material.title, lang: &material.lang, reading: material.reading, link, file }
}
