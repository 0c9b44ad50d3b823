//! The list as a file, in the reader's language.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use proto::ending::Exported;
use proto::plenary::PlenaryView;
use proto::problem::{Code, Problem};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::App;
use super::auth::Bearer;
use super::error::Refused;
use super::plenary::plenary;
use crate::clock::day;
use crate::hub::{GroupReport, Report};
use crate::plenary::export::language::Language;
use crate::plenary::export::{Export, ExportGroup, ExportPoint};
use crate::plenary::export::{
    csv::csv as csv_of, docx as word, json::json as json_of, markdown::markdown as text_of,
};

/// `GET /api/plenary/{consultation-id}/export.md`.
pub async fn markdown(Asked(export): Asked) -> Response {
    file(&export, "text/markdown; charset=utf-8", "md", text_of(&export).into_bytes())
}

/// `GET /api/plenary/{consultation-id}/export.docx`.
pub async fn docx(Asked(export): Asked) -> Result<Response, Refused> {
    let bytes = word::docx(&export).map_err(|error| failed(&error))?;
    Ok(file(&export, word::CONTENT_TYPE, "docx", bytes))
}

/// `GET /api/plenary/{consultation-id}/export.csv`.
pub async fn csv(Asked(export): Asked) -> Result<Response, Refused> {
    let bytes = csv_of(&export).map_err(|error| failed(&error))?;
    Ok(file(&export, "text/csv; charset=utf-8; header=present", "csv", bytes))
}

/// `GET /api/plenary/{consultation-id}/export.json`.
pub async fn json(Asked(export): Asked) -> Result<Response, Refused> {
    let json = json_of(&export).map_err(|error| failed(&error))?;
    Ok(file(&export, "application/json", "json", json.into_bytes()))
}

fn failed(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "an export failed");
    Problem::new(Code::Unavailable)
}

fn file(export: &Export, kind: &'static str, ending: &str, body: Vec<u8>) -> Response {
    // A frozen list is quoted by its version, so the file is called by it as well.
    let version = export.plenary.version.filter(|_| export.plenary.frozen);
    let version = version.map(|version| format!("-v{version}")).unwrap_or_default();
    let disposition = format!("attachment; filename=\"plenary{version}.{ending}\"");
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_LANGUAGE, export.language.tag().to_owned()),
    ];
    (headers, body).into_response()
}

/// What was asked for: the list that this token may read, as it is now.
#[derive(Debug)]
pub struct Asked(Export);

#[derive(Debug, Deserialize)]
struct Wish {
    /// A BCP 47 tag of one of the six languages.
    lang: Option<String>,
}

impl FromRequestParts<Arc<App>> for Asked {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let malformed = |error: &dyn std::fmt::Display| Problem::because(Code::Malformed, error.to_string());
        let Bearer(token) = Bearer::from_request_parts(parts, app).await?;
        let Path(id) =
            Path::<String>::from_request_parts(parts, app).await.map_err(|error| malformed(&error))?;
        let Query(Wish { lang }) =
            Query::from_request_parts(parts, app).await.map_err(|error| malformed(&error))?;
        let wish = lang.map(|tag| {
            let none = || malformed(&"lang is one of ar, en, es, fr, ru, zh.");
            Language::of_tag(&tag).ok_or_else(none)
        });
        let (caller, plenary) = plenary(app, &id, &token).await?;
        let report = caller.report().await?;
        let accepted =
            parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let language = wish.transpose()?.unwrap_or_else(|| language_of(&report, accepted));
        caller.exported(exported(app, report.clone(), plenary.clone())).await?;
        Ok(Self(export(report, plenary, language)))
    }
}

/// The consultation's own language; when it is held in several or does not say, the one that the reader prefers.
fn language_of(report: &Report, accepted: &str) -> Language {
    let mut own: Vec<Language> = report.state.title.languages().filter_map(Language::of_tag).collect();
    if own.is_empty() {
        own = Language::ALL.to_vec();
    }
    Language::accepted(accepted, &own).unwrap_or_else(|| {
        let english = own.contains(&Language::En);
        if english { Language::En } else { own.first().copied().unwrap_or_default() }
    })
}

pub(super) fn export(report: Report, plenary: PlenaryView, language: Language) -> Export {
    let group = |group: &GroupReport| ExportGroup {
        id: group.id,
        name: group.name.clone(),
        participants: group.participants,
        voters: group.voters,
        ideas: group.ideas,
        wrote: group.wrote,
        agreed: group.signed.agreed,
        late: group.late.count,
        late_ideas: group.late.ideas.iter().map(|idea| (idea.text.clone(), idea.lang.clone())).collect(),
        notes: group.signed.notes.iter().filter_map(|note| note.line.clone()).collect(),
    };
    let (rule, weights) = report.run.as_ref().map(|run| (run.rule, run.weights)).unwrap_or_default();
    let lang = language.tag();
    let points = report.state.points.iter();
    Export {
        title: report.state.title.get(lang).to_owned(),
        date: day(report.at),
        points: points
            .map(|point| ExportPoint { id: point.id, title: point.title.get(lang).to_owned() })
            .collect(),
        groups: report.groups.iter().map(group).collect(),
        plenary,
        language,
        rule,
        weights,
        ledger: report.ledger,
        audit: report.run.and_then(|run| serde_json::from_value(run.audit.clone()).ok()),
    }
}

/// What an export says now, by its hash: that of the JSON in English, whatever was asked for.
pub(super) fn exported(app: &App, report: Report, plenary: PlenaryView) -> Exported {
    let run = plenary.run;
    let json = json_of(&export(report, plenary, Language::En)).unwrap_or_default();
    let sha256 = hex::encode(Sha256::digest(json.as_bytes()));
    Exported { sha256, day: day(app.hub.clock.now()), run }
}
