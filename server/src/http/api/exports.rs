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
use super::versions::none as no_version;
use crate::clock::day;
use crate::consultation::{AdoptionFigures, GroupFigures, StoredVersion};
use crate::http::App;
use crate::http::auth::Bearer;
use crate::http::error::Refused;
use crate::http::path_and_query::{Path, Query};
use crate::live::{Caller, Report};
use crate::plenary::export::language::Language;
use crate::plenary::export::{self, AcrossGroups, Edition, Export, ExportAdoption, ExportGroup, ExportPoint};
use crate::room::RoomHandle;
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
    plenary: Arc<PlenaryView>,
    edition: Edition,
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
    let export = export(facts.report.clone(), (&facts.plenary, facts.edition.clone()), language);
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
    let disposition =
        format!("attachment; filename=\"{}-{}.{ending}\"", slug(&export.title), export.edition.name());
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

/// The title in Latin letters and digits, as a file's name; of a title without any: *plenary*.
fn slug(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    slug.truncate(40);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "plenary".to_owned() } else { slug.to_owned() }
}

/// Of what a file is made.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ExportOf {
    /// The list as it is now.
    List,
    /// A version.
    Version(u32),
}

/// What an export says if nobody asks for a version: the newest one while the list is frozen, else the list as it is.
pub(in crate::http) async fn usual(caller: &Caller) -> Result<ExportOf, Problem> {
    let newest = caller.read(|view, _| {
        let list = view.consultation().list();
        let kept = view.consultation().versions().versions;
        Ok(kept.iter().any(|kept| list.frozen && kept.number == list.version).then_some(list.version))
    });
    Ok(newest.await?.map_or(ExportOf::List, ExportOf::Version))
}

/// What an export of this says now.
pub(in crate::http) async fn facts(
    app: &App,
    caller: &Caller,
    room: &RoomHandle,
    of: ExportOf,
) -> Result<Arc<ExportFacts>, Problem> {
    let gather = async {
        let (report, plenary, edition) = match of {
            ExportOf::List => {
                let plenary = room.read_plenary().await.map_err(|_| Problem::new(Code::Unavailable))?;
                let report = caller.read(|view, _| Ok(view.report())).await?;
                let edition = Edition::of(&plenary);
                (report, PlenaryView::clone(&plenary), edition)
            }
            ExportOf::Version(number) => {
                let found = caller.read(move |view, _| Ok(view.report_of_version(number))).await?;
                let (version, withheld, report) = found.ok_or_else(no_version)?;
                let StoredVersion { view, made_at, sha256, erased, .. } = version;
                let date = day(made_at);
                (report, view, Edition::Version { number, date, sha256, erased, withheld })
            }
        };
        away(move || {
            let export = export(report.clone(), (&plenary, edition.clone()), Language::En);
            let json = export::json::json(&export).unwrap_or_default();
            let sha256 = hex::encode(Sha256::digest(json.as_bytes()));
            let plenary = Arc::new(plenary);
            Ok(ExportFacts { report, plenary, edition, sha256, bytes: json.len() * 2 })
        })
        .await
    };
    app.exports.facts(caller.consultation.id, caller.consultation.changes(), of, gather).await
}

/// What was asked for: the list that this token may read, as it is now.
#[derive(Debug)]
pub struct ExportRequest {
    caller: Caller,
    room: RoomHandle,
    wish: Option<Language>,
    of: Option<ExportOf>,
    accepted: String,
}

impl ExportRequest {
    async fn answer(self, app: &App, format: Format) -> Result<Response, Refused> {
        let watch = &app.hub.node.watch;
        watch.count(Count::ExportAsked);
        let of = match self.of {
            Some(of) => of,
            None => usual(&self.caller).await?,
        };
        let facts = facts(app, &self.caller, &self.room, of).await?;
        let language = self.wish.unwrap_or_else(|| language_of(&facts.report, &self.accepted));
        let (day, run) = (day(app.hub.node.clock.now()), facts.plenary.run);
        self.caller.exported(Exported { sha256: facts.sha256.clone(), day, run }).await?;
        let making = async {
            watch.count(Count::ExportMade);
            away(move || make(&facts, language, format)).await
        };
        let consultation = &self.caller.consultation;
        let file =
            app.exports.file(consultation.id, consultation.changes(), (of, language, format), making).await?;
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
    /// The number of a version, or `draft`.
    version: Option<String>,
}

impl FromRequestParts<Arc<App>> for ExportRequest {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let Bearer(token) = Bearer::from_request_parts(parts, app).await?;
        let Path(id) = Path::<String>::from_request_parts(parts, app).await?;
        let Query(ExportQuery { lang, version }) = Query::from_request_parts(parts, app).await?;
        let wish = lang.map(|tag| {
            let none = || Problem::because(Code::Malformed, "lang is one of ar, en, es, fr, ru, zh.");
            Language::of_tag(&tag).ok_or_else(none)
        });
        let of = version.map(|version| match version.as_str() {
            "draft" => Ok(ExportOf::List),
            number => number.parse().map(ExportOf::Version).map_err(|_| no_version()),
        });
        let (caller, room) = open_plenary(app, &id, &token).await?;
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self {
            caller,
            room,
            of: of.transpose()?,
            wish: wish.transpose()?,
            accepted: accepted.unwrap_or("").to_owned(),
        })
    }
}

/// The consultation's own language; when it is held in several or does not say, the one that the reader prefers.
fn language_of(report: &Report, accepted: &str) -> Language {
    let mut own: Vec<Language> = report.context.title.languages().filter_map(Language::of_tag).collect();
    if own.is_empty() {
        own = Language::ALL.to_vec();
    }
    Language::accepted(accepted, &own).unwrap_or_else(|| {
        let english = own.contains(&Language::En);
        if english { Language::En } else { own.first().copied().unwrap_or_default() }
    })
}

pub(in crate::http) fn export(
    report: Report,
    (plenary, edition): (&PlenaryView, Edition),
    language: Language,
) -> Export {
    let Report { context, ledger } = report;
    let lang = language.tag();
    let points = context.points.iter();
    Export {
        title: context.title.get(lang).to_owned(),
        date: day(context.founded_at),
        points: points
            .map(|point| ExportPoint { id: point.id, title: point.title.get(lang).to_owned() })
            .collect(),
        across_groups: AcrossGroups::of(context.phase, context.plenary_vote.as_ref()),
        groups: context.groups.into_iter().map(group).collect(),
        plenary: plenary.clone(),
        edition,
        language,
        working_language: context.working_language,
        rule: context.rule,
        weights: context.weights,
        ledger,
        adoption: context.adoption.map(|AdoptionFigures { adopted, voters, objections }| ExportAdoption {
            adopted,
            voters,
            objections,
        }),
        audit: serde_json::from_value(context.audit).ok(),
    }
}

fn group(figures: GroupFigures) -> ExportGroup {
    let GroupFigures { id, name, participants, voters, ideas, wrote, agreed, notes, late, late_ideas } =
        figures;
    ExportGroup { id, name, participants, voters, ideas, wrote, agreed, notes, late, late_ideas }
}
