//! Each field of a template: how it is read, alone (an amendment) or in a file.

use proto::api::consultation::{LocalText, Settings};
use proto::api::field_error::Wrong;
use proto::api::preparation::Field;
use proto::api::programme::{
    AgendaEntry, FileContent, HelpContact, HideReason, KindWords, MaterialFile, MaterialSource, Speaker,
};
use proto::ids::{GroupId, MaterialId, PointId};
use proto::text::letters::TextKind;

use super::json::{JsonNode, Value};
use super::reader::{Length, TemplateReader};
use super::{NewGroup, NewMaterial, PreparedPoint};

const PHASES: &str = "lobby, briefing, brainstorm, vote, plenary, closed";
const KINDS: &str = "challenge, opportunity, recommendation, partnership, good-practice";
/// A day, in minutes.
const MINUTES_MAX: u32 = 24 * 60;

/// The new value of one field.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::consultation) enum FieldValue {
    Title(LocalText),
    Languages(Vec<String>),
    Texts(Field, Vec<LocalText>),
    Speakers(Vec<Speaker>),
    Agenda(Vec<AgendaEntry>),
    Materials(Vec<NewMaterial>),
    Points(Vec<PreparedPoint>),
    Kinds(Vec<KindWords>),
    Groups(Vec<NewGroup>),
    Settings(Settings),
    HideReasons(Vec<HideReason>),
    Help(Vec<HelpContact>),
    Safeguarding(bool),
    PublicUrl(Option<String>),
}

impl TemplateReader<'_> {
    /// The value of a field.
    pub(super) fn field(&mut self, field: Field, node: &JsonNode, path: &str) -> Option<FieldValue> {
        let (many, long) = (self.limits.prepared_items_max, self.long());
        Some(match field {
            Field::Title => FieldValue::Title(self.local(node, path, self.title())?),
            Field::Languages => FieldValue::Languages(self.languages(node, path)),
            Field::Objectives | Field::Outcomes | Field::Moderators | Field::Rapporteurs => {
                FieldValue::Texts(
                    field,
                    self.list(node, path, many, |r, node, path| r.local(node, path, long)),
                )
            }
            Field::Speakers => FieldValue::Speakers(self.list(node, path, many, Self::speaker)),
            Field::Agenda => FieldValue::Agenda(self.list(node, path, many, Self::entry)),
            Field::Materials => {
                FieldValue::Materials(self.list(node, path, self.limits.materials_max, Self::material))
            }
            Field::Points => FieldValue::Points(self.points(node, path)),
            Field::Kinds => FieldValue::Kinds(self.kinds(node, path)),
            Field::Groups => FieldValue::Groups(self.groups(node, path)),
            Field::Settings => FieldValue::Settings(self.settings(node, path)?),
            Field::HideReasons => FieldValue::HideReasons(self.reasons(node, path)),
            Field::Help => FieldValue::Help(self.list(node, path, many, Self::contact)),
            Field::Safeguarding => FieldValue::Safeguarding(self.bool(node, path)?),
            Field::PublicUrl => FieldValue::PublicUrl(self.public_url(node, path)),
        })
    }

    /// The length of a title or name, which is one line.
    const fn title(&self) -> Length {
        (TextKind::Line, self.limits.title_units_max)
    }

    /// The length of a longer text.
    const fn long(&self) -> Length {
        (TextKind::Lines, self.limits.text_units_max)
    }

    fn languages(&mut self, node: &JsonNode, path: &str) -> Vec<String> {
        let languages = self.list(node, path, self.limits.languages_max, Self::language);
        self.distinct(node, path, languages.iter().map(String::as_str));
        languages
    }

    /// Notes the first of some names that stands there twice.
    fn distinct<'n>(&mut self, node: &JsonNode, path: &str, names: impl Iterator<Item = &'n str>) {
        let mut seen = std::collections::HashSet::new();
        for (at, name) in names.enumerate() {
            if !seen.insert(name.trim().to_lowercase()) {
                let item = match &node.value {
                    Value::List(items) => items.get(at).unwrap_or(node),
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Map(_) => node,
                };
                self.note(item, &format!("{path}[{at}]"), Wrong::Duplicated, None, Some(name.to_owned()));
            }
        }
    }

    fn speaker(&mut self, node: &JsonNode, path: &str) -> Option<Speaker> {
        let (line, long) = ((TextKind::Line, self.limits.text_units_max), self.long());
        let mut fields = self.fields(node, path)?;
        let name = self.must(&mut fields, "name").and_then(|(node, path)| self.local(node, &path, line));
        let about = fields.take("about").and_then(|(node, path)| self.local(node, &path, long));
        self.end(fields);
        Some(Speaker { name: name?, about })
    }

    fn entry(&mut self, node: &JsonNode, path: &str) -> Option<AgendaEntry> {
        let long = self.long();
        let mut fields = self.fields(node, path)?;
        let title = self.must(&mut fields, "title").and_then(|(node, path)| self.local(node, &path, long));
        let minutes = self
            .must(&mut fields, "minutes")
            .and_then(|(node, path)| self.number(node, &path, 0, MINUTES_MAX));
        let phase = self.must(&mut fields, "phase").and_then(|(node, path)| self.word(node, &path, PHASES));
        self.end(fields);
        Some(AgendaEntry { title: title?, minutes: minutes?, phase: phase? })
    }

    fn material(&mut self, node: &JsonNode, path: &str) -> Option<NewMaterial> {
        let mut fields = self.fields(node, path)?;
        let id: Option<MaterialId> = self.id(&mut fields);
        let max = self.title();
        let title = self.must(&mut fields, "title").and_then(|(node, path)| self.local(node, &path, max));
        let lang = fields.take("lang").and_then(|(node, path)| {
            let unsaid = node.value == Value::Text(String::new());
            if unsaid { None } else { self.language(node, &path) }
        });
        let reading = self
            .must(&mut fields, "reading")
            .and_then(|(node, path)| self.word(node, &path, "pre-reading, briefing"));
        let link = fields.take("link").and_then(|(node, path)| self.link(node, &path));
        let file = fields.take("file").and_then(|(node, path)| self.file(node, &path));
        self.end(fields);
        let source = match (link, file) {
            (Some(link), None) => MaterialSource::Link(link),
            (None, Some(file)) => MaterialSource::File(file),
            (Some(_), Some(_)) | (None, None) => {
                self.wrong(node, path, Wrong::LinkOrFile);
                return None;
            }
        };
        Some(NewMaterial { id, title: title?, lang: lang.unwrap_or_default(), reading: reading?, source })
    }

    fn file(&mut self, node: &JsonNode, path: &str) -> Option<MaterialFile> {
        let mut fields = self.fields(node, path)?;
        let max = self.title();
        let name = self.must(&mut fields, "name").and_then(|(node, path)| self.text(node, &path, max));
        let content = fields.take("content").and_then(|(node, path)| self.content(node, &path));
        // Where it is shown it says whether the file is here; nobody can say so by writing it.
        if self.ids {
            fields.take("stored");
        }
        self.end(fields);
        Some(MaterialFile { name: name?, content, stored: false })
    }

    fn content(&mut self, node: &JsonNode, path: &str) -> Option<FileContent> {
        let mut fields = self.fields(node, path)?;
        let most = u32::try_from(self.limits.file_bytes_max).unwrap_or(u32::MAX);
        let bytes =
            self.must(&mut fields, "bytes").and_then(|(node, path)| self.number(node, &path, 1, most));
        let sha256 = self.must(&mut fields, "sha256").and_then(|(node, path)| {
            let sum = self.text(node, &path, (TextKind::Line, 64))?;
            if sum.len() != 64 || !sum.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
                self.wrong(node, &path, Wrong::NotASum);
            }
            Some(sum)
        });
        self.end(fields);
        Some(FileContent { bytes: bytes?, sha256: sha256? })
    }

    fn points(&mut self, node: &JsonNode, path: &str) -> Vec<PreparedPoint> {
        let points = self.list(node, path, self.limits.points_max, |reader, node, path| {
            let mut fields = reader.fields(node, path)?;
            let id: Option<PointId> = reader.id(&mut fields);
            // A question may have lines: it is typed in a field of several.
            let max = (TextKind::Lines, reader.limits.title_units_max);
            let title =
                reader.must(&mut fields, "title").and_then(|(node, path)| reader.local(node, &path, max));
            let minutes = reader
                .must(&mut fields, "minutes")
                .and_then(|(node, path)| reader.number(node, &path, 1, MINUTES_MAX));
            let kind = fields.take("kind").map(|(node, path)| reader.word(node, &path, KINDS));
            reader.end(fields);
            let kind = match kind {
                Some(kind) => Some(kind?),
                None => None,
            };
            Some(PreparedPoint { id, title: title?, minutes: minutes?, kind })
        });
        if let Value::List(items) = &node.value
            && items.is_empty()
        {
            self.wrong(node, path, Wrong::Empty);
        }
        points
    }

    fn kinds(&mut self, node: &JsonNode, path: &str) -> Vec<KindWords> {
        let kinds = self.list(node, path, 5, |reader, node, path| {
            let mut fields = reader.fields(node, path)?;
            let kind =
                reader.must(&mut fields, "kind").and_then(|(node, path)| reader.word(node, &path, KINDS));
            let max = reader.title();
            let name =
                reader.must(&mut fields, "name").and_then(|(node, path)| reader.local(node, &path, max));
            reader.end(fields);
            Some(KindWords { kind: kind?, name: name? })
        });
        self.distinct(node, path, kinds.iter().map(|kind| kind.kind.as_str()));
        kinds
    }

    /// Names, or in a file their number.
    fn groups(&mut self, node: &JsonNode, path: &str) -> Vec<NewGroup> {
        let most = self.limits.groups_max;
        if let Value::Number(_) = node.value
            && !self.ids
        {
            let count = self.number(node, path, 1, u32::try_from(most).unwrap_or(u32::MAX)).unwrap_or(1);
            return (0..count).map(|n| NewGroup { id: None, name: numbered(n, count) }).collect();
        }
        let max = self.title();
        let groups = self.list(node, path, most, |reader, node, path| {
            if let Value::Text(_) = node.value {
                return reader.text(node, path, max).map(|name| NewGroup { id: None, name });
            }
            if !reader.ids {
                reader.wrong(node, path, Wrong::NotText);
                return None;
            }
            let mut fields = reader.fields(node, path)?;
            let id: Option<GroupId> = reader.id(&mut fields);
            let name =
                reader.must(&mut fields, "name").and_then(|(node, path)| reader.text(node, &path, max));
            reader.end(fields);
            Some(NewGroup { id, name: name? })
        });
        if let Value::List(items) = &node.value
            && items.is_empty()
        {
            self.wrong(node, path, Wrong::Empty);
        }
        self.distinct(node, path, groups.iter().map(|group| group.name.as_str()));
        groups
    }

    fn settings(&mut self, node: &JsonNode, path: &str) -> Option<Settings> {
        let mut fields = self.fields(node, path)?;
        let mut settings = self.standing.clone();
        if let Some((node, path)) = fields.take_nullable("votes") {
            let unlimited = node.value == Value::Null;
            settings.votes = if unlimited { None } else { self.number(node, &path, 1, 10_000) };
        }
        if let Some((node, path)) = fields.take_nullable("promoted_per_group") {
            let by_groups = node.value == Value::Null;
            settings.promoted_per_group = if by_groups { None } else { self.number(node, &path, 1, 1_000) };
        }
        macro_rules! taken {
            ($name:literal, $into:ident, $read:expr) => {
                if let Some((node, path)) = fields.take($name) {
                    settings.$into = $read(self, node, path.as_str()).unwrap_or(settings.$into);
                }
            };
        }
        taken!("tallies", tallies, |r: &mut Self, node, path| r.word(node, path, "live, hidden"));
        taken!("private_first", private_first, Self::bool);
        taken!("door_open", door_open, Self::bool);
        taken!("ideas_per_seat", ideas_per_seat, |r: &mut Self, node, path| r.number(node, path, 1, 1_000));
        taken!("moderation", moderation, Self::bool);
        taken!("entry", entry, |r: &mut Self, node, path| r.word(
            node,
            path,
            "choice, balanced, links, cards"
        ));
        taken!("admission", admission, |r: &mut Self, node, path| r.word(node, path, "open, waves"));
        taken!("groups_move", groups_move, Self::bool);
        taken!("plenary_vote", plenary_vote, |r: &mut Self, node, path| r.word(node, path, "auto, on, off"));
        taken!("ballot_paper", ballot_paper, |r: &mut Self, node, path| r.word(
            node,
            path,
            "recommendations, all"
        ));
        taken!("working_language", working_language, |r: &mut Self, node, path| r.word(
            node,
            path,
            "first, ar, en, es, fr, ru, zh"
        ));
        taken!("retention_days", retention_days, |r: &mut Self, node, path| r.number(node, path, 1, 3_650));
        self.end(fields);
        Some(settings)
    }

    fn reasons(&mut self, node: &JsonNode, path: &str) -> Vec<HideReason> {
        let many = self.limits.prepared_items_max;
        let long = self.long();
        let reasons = self.list(node, path, many, |reader, node, path| {
            let mut fields = reader.fields(node, path)?;
            let id = reader.must(&mut fields, "id").and_then(|(node, path)| {
                let id = reader.text(node, &path, (TextKind::Line, 40))?;
                if !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
                    reader.wrong(node, &path, Wrong::NotAnId);
                }
                Some(id)
            });
            let text =
                reader.must(&mut fields, "text").and_then(|(node, path)| reader.local(node, &path, long));
            reader.end(fields);
            Some(HideReason { id: id?, text: text? })
        });
        self.distinct(node, path, reasons.iter().map(|reason| reason.id.as_str()));
        reasons
    }

    fn contact(&mut self, node: &JsonNode, path: &str) -> Option<HelpContact> {
        let (line, long) = ((TextKind::Line, self.limits.text_units_max), self.long());
        let mut fields = self.fields(node, path)?;
        let name = self.must(&mut fields, "name").and_then(|(node, path)| self.local(node, &path, line));
        let reach = self.must(&mut fields, "reach").and_then(|(node, path)| self.local(node, &path, long));
        self.end(fields);
        Some(HelpContact { name: name?, reach: reach? })
    }

    fn public_url(&mut self, node: &JsonNode, path: &str) -> Option<String> {
        if node.value == Value::Null {
            return None;
        }
        self.link(node, path).map(|url| url.trim_end_matches('/').to_owned())
    }
}

/// A letter while letters last, else a number.
fn numbered(n: u32, count: u32) -> String {
    match u8::try_from(n) {
        Ok(n) if count <= 26 => char::from(b'A' + n).to_string(),
        Ok(_) | Err(_) => (n + 1).to_string(),
    }
}
