//! The list as a file, in the reader's language: made once for all who ask (`export_cache`), away from everybody's threads.

use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use proto::api::ending::Exported;
use proto::plenary::PlenaryView;
use proto::problem::{Code, Problem};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::plenary::open_plenary;
use crate::clock::day;
use crate::http::App;
use crate::http::auth::Bearer;
use crate::http::error::Refused;
use crate::http::path_and_query::{Path, Query};
use crate::live::{Caller, Report};
use crate::plenary::export::language::Language;
use crate::plenary::export::{self, AcrossGroups, Export, ExportPoint};
use crate::room::{RoomHandle, Shared};
use crate::watch::Count;

/// The kinds of files.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// Markdown, for people and for other editors.
    Markdown,
    /// Office Open XML, for word processors.
    Docx,
    /// One row for each entry of the list, for spreadsheets.
    Csv,
    /// Everything, as `docs/schema/export.json` says.
    Json,
}

/// A file that was made.
#[derive(Debug)]
pub struct File {
    kind: &'static str,
    disposition: String,
    language: &'static str,
    pub(in crate::http) body: Bytes,
}

/// What an export says, before it is put into a language and a file.
#[derive(Debug)]
pub struct ExportFacts {
    report: Report,
    plenary: Shared<PlenaryView>,
    /// The hash of the JSON in English, whatever is asked for.
    pub(in crate::http) sha256: String,
    /// What it may take in memory: twice its JSON.
    pub(in crate::http) bytes: usize,
}

/// `GET /api/plenary/{consultation-id}/export.md`.
pub async fn markdown(State(app): State<Arc<App>>, asked: ExportRequest) -> Result<Response, Refused> {
    asked.answer(&app, Format::Markdown).await
}

/// `GET /api/plenary/{consultation-id}/export.docx`.
pub async fn docx(State(app): State<Arc<App>>, asked: ExportRequest) -> Result<Response, Refused> {
    asked.answer(&app, Format::Docx).await
}

/// `GET /api/plenary/{consultation-id}/export.csv`.
pub async fn csv(State(app): State<Arc<App>>, asked: ExportRequest) -> Result<Response, Refused> {
    asked.answer(&app, Format::Csv).await
}

/// `GET /api/plenary/{consultation-id}/export.json`.
pub async fn json(State(app): State<Arc<App>>, asked: ExportRequest) -> Result<Response, Refused> {
    asked.answer(&app, Format::Json).await
}

fn failed(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "an export failed");
    Problem::new(Code::Unavailable)
}

/// Makes a file. May take a while.
fn make(facts: &ExportFacts, language: Language, format: Format) -> Result<File, Problem> {
    let export = export(facts.report.clone(), &facts.plenary, language);
    let (kind, ending, body) = match format {
        Format::Markdown => {
            ("text/markdown; charset=utf-8", "md", export::markdown::markdown(&export).into_bytes())
        }
        Format::Docx => {
            (export::docx::CONTENT_TYPE, "docx", export::docx::docx(&export).map_err(|error| failed(&error))?)
        }
        Format::Csv => {
            let table = export::csv::csv(&export).map_err(|error| failed(&error))?;
            ("text/csv; charset=utf-8; header=present", "csv", table)
        }
        Format::Json => {
            let json = export::json::json(&export).map_err(|error| failed(&error))?;
            ("application/json", "json", json.into_bytes())
        }
    };
    // A frozen list is quoted by its version, so the file is called by it as well.
    let version = export.plenary.version.filter(|_| export.plenary.frozen);
    let version = version.map(|version| format!("-v{version}")).unwrap_or_default();
    let disposition = format!("attachment; filename=\"plenary{version}.{ending}\"");
    Ok(File { kind, disposition, language: language.tag(), body: body.into() })
}

/// Does long work in the pool for what blocks. If it panics, who waits is answered all the same.
async fn away<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    // What a panic said is left out: it may be people's words.
    let panicked = |_| Err(Problem::new(Code::Unavailable));
    tokio::task::spawn_blocking(work).await.unwrap_or_else(panicked)
}

/// What an export of this list says now.
pub(in crate::http) async fn facts(
    app: &App,
    caller: &Caller,
    room: &RoomHandle,
) -> Result<Arc<ExportFacts>, Problem> {
    let gather = async {
        let plenary = room.read_plenary().await.map_err(|_| Problem::new(Code::Unavailable))?;
        let report = caller.read(|view, _| Ok(view.report())).await?;
        away(move || {
            let json =
                export::json::json(&export(report.clone(), &plenary, Language::En)).unwrap_or_default();
            let sha256 = hex::encode(Sha256::digest(json.as_bytes()));
            Ok(ExportFacts { report, plenary, sha256, bytes: json.len() * 2 })
        })
        .await
    };
    app.exports.facts(caller.consultation.id, caller.consultation.changes(), gather).await
}

/// What was asked for: the list that this token may read, as it is now.
#[derive(Debug)]
pub struct ExportRequest {
    caller: Caller,
    room: RoomHandle,
    wish: Option<Language>,
    accepted: String,
}

impl ExportRequest {
    async fn answer(self, app: &App, format: Format) -> Result<Response, Refused> {
        let watch = &app.hub.node.watch;
        watch.count(Count::ExportAsked);
        let facts = facts(app, &self.caller, &self.room).await?;
        let language = self.wish.unwrap_or_else(|| language_of(&facts.report, &self.accepted));
        let (day, run) = (day(app.hub.node.clock.now()), facts.plenary.run);
        self.caller.exported(Exported { sha256: facts.sha256.clone(), day, run }).await?;
        let making = async {
            watch.count(Count::ExportMade);
            away(move || make(&facts, language, format)).await
        };
        let consultation = &self.caller.consultation;
        let file =
            app.exports.file(consultation.id, consultation.changes(), (language, format), making).await?;
        let headers = [
            (header::CONTENT_TYPE, file.kind),
            (header::CONTENT_DISPOSITION, file.disposition.as_str()),
            (header::CONTENT_LANGUAGE, file.language),
        ];
        Ok((headers, file.body.clone()).into_response())
    }
}

#[derive(Debug, Deserialize)]
struct ExportQuery {
    /// A BCP 47 tag of one of the six languages.
    lang: Option<String>,
}

impl FromRequestParts<Arc<App>> for ExportRequest {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let Bearer(token) = Bearer::from_request_parts(parts, app).await?;
        let Path(id) = Path::<String>::from_request_parts(parts, app).await?;
        let Query(ExportQuery { lang }) = Query::from_request_parts(parts, app).await?;
        let wish = lang.map(|tag| {
            let none = || Problem::because(Code::Malformed, "lang is one of ar, en, es, fr, ru, zh.");
            Language::of_tag(&tag).ok_or_else(none)
        });
        let (caller, room) = open_plenary(app, &id, &token).await?;
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self { caller, room, wish: wish.transpose()?, accepted: accepted.unwrap_or("").to_owned() })
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

pub(in crate::http) fn export(report: Report, plenary: &PlenaryView, language: Language) -> Export {
    let (rule, weights) = report.run.as_ref().map(|run| (run.rule, run.weights)).unwrap_or_default();
    let lang = language.tag();
    let points = report.state.points.iter();
    Export {
        title: report.state.title.get(lang).to_owned(),
        date: day(report.at),
        points: points
            .map(|point| ExportPoint { id: point.id, title: point.title.get(lang).to_owned() })
            .collect(),
        groups: report.groups,
        plenary: plenary.clone(),
        language,
        rule,
        weights,
        across_groups: AcrossGroups::of(&report.state),
        ledger: report.ledger,
        audit: report.run.and_then(|run| serde_json::from_value(run.audit.clone()).ok()),
    }
}
