//! Templates: everything that an organizer prepares, as one JSON file, and the two that are built in.
//!
//! `docs/schema/template.json` is the format. What is wrong in a file is said with line, column and field (`reader`), all of
//! it at once. A file says nothing about people, codes or links; an uploaded PDF is named by its name and sum only and is
//! uploaded again. What is written and read again is the same, byte for byte.

mod fields;
mod json;
mod languages;
mod reader;
mod write;

use std::sync::LazyLock;

use proto::api::consultation::{LocalText, Settings};
use proto::api::field_error::{FieldError, Wrong};
use proto::api::preparation::Field;
use proto::api::programme::{Material, MaterialSource, Programme, Reading};
use proto::command::Kind;
use proto::ids::{GroupId, MaterialId, PointId};
use proto::problem::{Code, Problem};
use proto::text::letters::TextKind;

pub(in crate::consultation) use fields::FieldValue;
pub(in crate::consultation) use languages::is_language;

use json::{FilePosition, JsonNode, Value};
use reader::TemplateReader;

use crate::config::Limits;

/// The version of the format.
const VERSION: u32 = 1;

/// Everything that is prepared, before it is a consultation.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Template {
    /// What the consultation is called.
    pub title: LocalText,
    /// The discussion points.
    pub points: Vec<PreparedPoint>,
    pub groups: Vec<NewGroup>,
    pub settings: Settings,
    /// What people can read.
    pub materials: Vec<NewMaterial>,
    /// The address that phones reach this server at.
    pub public_url: Option<String>,
    /// The rest; its materials are the ones above.
    pub programme: Programme,
}

/// A discussion point.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PreparedPoint {
    /// Which, if it exists.
    pub id: Option<PointId>,
    /// The question.
    pub title: LocalText,
    /// How long groups talk about it.
    pub minutes: u32,
    /// What an idea about it is, unless its author said so.
    pub kind: Option<Kind>,
}

/// A group that is made with the consultation.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct NewGroup {
    /// Which, if it exists.
    pub id: Option<GroupId>,
    pub name: String,
}

/// Something to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewMaterial {
    /// Which, if it exists, or its new id.
    pub id: Option<MaterialId>,
    /// What it is called.
    pub title: LocalText,
    /// Its language.
    pub lang: String,
    /// When it is to be read.
    pub reading: Reading,
    /// Where it is.
    pub source: MaterialSource,
}

impl NewMaterial {
    /// With its id.
    #[must_use]
    pub fn with_id(self, id: MaterialId) -> Material {
        Material { id, title: self.title, lang: self.lang, reading: self.reading, source: self.source }
    }
}

impl Default for Template {
    /// What a consultation has of which nobody said anything.
    fn default() -> Self {
        let plain = |text: &str| LocalText::Plain(text.to_owned());
        let group = |name: &str| NewGroup { id: None, name: name.to_owned() };
        Self {
            title: plain("Consultation"),
            points: vec![PreparedPoint {
                id: None,
                title: plain("What should be done?"),
                minutes: 6,
                kind: None,
            }],
            groups: vec![group("A"), group("B")],
            settings: Settings::default(),
            materials: Vec::new(),
            public_url: None,
            programme: Programme { languages: Vec::new(), ..standard() },
        }
    }
}

impl Template {
    /// Reads a template file.
    ///
    /// # Errors
    /// Everything that is wrong in it, as far as it can be found at once.
    pub fn read(text: &str, limits: &Limits) -> Result<Self, Vec<FieldError>> {
        let node = json::read(text).map_err(|broken| {
            let (line, column) = (broken.at.line, broken.at.column);
            vec![FieldError {
                line,
                column,
                field: String::new(),
                wrong: broken.wrong,
                limit: None,
                word: None,
            }]
        })?;
        let settings = Settings::default();
        let mut reader =
            TemplateReader { limits, ids: false, standing: settings.clone(), errors: Vec::new() };
        let mut template = Self {
            title: LocalText::Plain(String::new()),
            points: Vec::new(),
            groups: Vec::new(),
            settings,
            materials: Vec::new(),
            public_url: None,
            programme: Programme::default(),
        };
        template.take_all(&mut reader, &node);
        if reader.errors.is_empty() { Ok(template.completed()) } else { Err(reader.errors) }
    }

    fn take_all(&mut self, reader: &mut TemplateReader<'_>, node: &JsonNode) {
        let Some(mut fields) = reader.fields(node, "") else { return };
        if let Some((node, path)) = fields.take("$schema") {
            reader.text(node, &path, (TextKind::Line, 200));
        }
        if let Some((node, path)) = reader.must(&mut fields, "version")
            && node.value != Value::Number(f64::from(VERSION))
        {
            reader.note(node, &path, Wrong::Version, Some(VERSION), None);
        }
        for field in Field::ALL {
            let taken = if field == Field::Title {
                reader.must(&mut fields, field.as_str())
            } else {
                fields.take(field.as_str())
            };
            if let Some((node, path)) = taken
                && let Some(value) = reader.field(field, node, &path)
            {
                self.put(value);
            }
        }
        reader.end(fields);
    }

    /// What a file leaves out and a consultation must have.
    fn completed(mut self) -> Self {
        let default = Self::default();
        if self.points.is_empty() {
            self.points = default.points;
        }
        if self.groups.is_empty() {
            self.groups = default.groups;
        }
        if self.programme.hide_reasons.is_empty() {
            self.programme.hide_reasons = default.programme.hide_reasons;
        }
        self
    }

    fn put(&mut self, value: FieldValue) {
        let programme = &mut self.programme;
        match value {
            FieldValue::Title(title) => self.title = title,
            FieldValue::Languages(languages) => programme.languages = languages,
            FieldValue::Texts(field, texts) => put_texts(programme, field, texts),
            FieldValue::Speakers(speakers) => programme.speakers = speakers,
            FieldValue::Agenda(agenda) => programme.agenda = agenda,
            FieldValue::Materials(materials) => self.materials = materials,
            FieldValue::Points(points) => self.points = points,
            FieldValue::Kinds(kinds) => programme.kinds = kinds,
            FieldValue::Groups(groups) => self.groups = groups,
            FieldValue::Settings(settings) => self.settings = settings,
            FieldValue::HideReasons(reasons) => programme.hide_reasons = reasons,
            FieldValue::Help(help) => programme.help = help,
            FieldValue::Safeguarding(there) => programme.safeguarding = there,
            FieldValue::PublicUrl(url) => self.public_url = url,
        }
    }
}

/// Puts one of the four lists of texts where it belongs.
pub(in crate::consultation) fn put_texts(programme: &mut Programme, field: Field, texts: Vec<LocalText>) {
    match field {
        Field::Objectives => programme.objectives = texts,
        Field::Outcomes => programme.outcomes = texts,
        Field::Moderators => programme.moderators = texts,
        Field::Rapporteurs => programme.rapporteurs = texts,
        Field::Title
        | Field::Languages
        | Field::Speakers
        | Field::Agenda
        | Field::Materials
        | Field::Points
        | Field::Kinds
        | Field::Groups
        | Field::Settings
        | Field::HideReasons
        | Field::Help
        | Field::Safeguarding
        | Field::PublicUrl => {}
    }
}

/// Reads the new value of one field.
///
/// # Errors
/// Everything that is wrong in it.
pub(in crate::consultation) fn read_field(
    field: Field,
    value: &serde_json::Value,
    standing: &Settings,
    limits: &Limits,
) -> Result<FieldValue, Vec<FieldError>> {
    let name = field.as_str();
    let mut reader = TemplateReader { limits, ids: true, standing: standing.clone(), errors: Vec::new() };
    let node = json::read(&value.to_string())
        .unwrap_or(JsonNode { at: FilePosition::default(), value: Value::Null });
    let value = reader.field(field, &node, name);
    match value {
        Some(value) if reader.errors.is_empty() => Ok(value),
        Some(_) | None => {
            // There is no file whose lines could be named.
            let placeless = |error| FieldError { line: 0, column: 0, ..error };
            Err(reader.errors.into_iter().map(placeless).collect())
        }
    }
}

/// The refusal that says what is wrong; its detail names the first mistakes for people who read logs.
#[must_use]
pub fn refusal(errors: Vec<FieldError>) -> Problem {
    let say = |error: &FieldError| {
        let place = if error.line > 0 { format!("line {}: ", error.line) } else { String::new() };
        let field = if error.field.is_empty() { String::new() } else { format!("{}: ", error.field) };
        let limit = error.limit.map(|limit| format!(" ({limit})")).unwrap_or_default();
        let word = error.word.as_ref().map(|word| format!(" ({word})")).unwrap_or_default();
        format!("{place}{field}{}{limit}{word}", error.wrong.words())
    };
    let words: Vec<String> = errors.iter().take(5).map(say).collect();
    Problem { errors, ..Problem::because(Code::Template, format!("{}.", words.join("; "))) }
}

/// The built-in template of this name, as its file.
#[must_use]
pub fn built_in(name: &str) -> Option<&'static str> {
    match name {
        "technology-crime" => Some(include_str!("technology-crime.json")),
        "blank" => Some(include_str!("blank.json")),
        _ => None,
    }
}

/// The built-in template of this name.
#[must_use]
pub fn template(name: &str) -> Option<Template> {
    Template::read(built_in(name)?, &Limits::default()).ok()
}

/// What every consultation has unless its organizer says otherwise: kinds of ideas and reasons to hide one for.
#[must_use]
pub fn standard() -> Programme {
    STANDARD.clone()
}

static STANDARD: LazyLock<Programme> =
    LazyLock::new(|| serde_json::from_str(include_str!("standard.json")).unwrap_or_default());

#[cfg(test)]
mod tests;
