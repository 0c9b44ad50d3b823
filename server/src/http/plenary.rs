//! The plenary over HTTP, and its exports.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use proto::ids::{ConsultationId, DocumentName};
use proto::plenary::PlenaryView;
use proto::problem::{Code, Problem};

use super::App;
use super::auth::Bearer;
use super::error::Refused;
use crate::clock::Millis;
use crate::hub::{Caller, GroupReport};
use crate::merge::{Rule, Weights};
use crate::plenary::explain::rule_in_words;
use crate::plenary::export::json::json as json_of;
use crate::plenary::export::markdown::markdown as markdown_of;
use crate::plenary::export::{Export, ExportGroup, ExportPoint};

/// `GET /api/plenary/{consultation-id}`.
pub async fn read(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<PlenaryView>, Refused> {
    let (_, view) = plenary(&app, &id, &token).await?;
    Ok(Json(view))
}

async fn plenary(app: &App, id: &str, token: &str) -> Result<(Caller, PlenaryView), Problem> {
    let id = id.parse::<ConsultationId>().map_err(|_| Problem::new(Code::NotFound))?;
    let document = DocumentName::Plenary(id);
    let caller = app.hub.identify_for(token, document)?;
    let opened = caller.open(document).await?;
    let room = opened.room.ok_or_else(|| Problem::new(Code::NotFound))?;
    let view = room.read_plenary().await.map_err(|_| Problem::new(Code::Unavailable))?;
    Ok((caller, view))
}

/// `GET /api/plenary/{consultation-id}/export.md`.
pub async fn markdown(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<impl IntoResponse, Refused> {
    let export = export(&app, &id, &token).await?;
    Ok(file("text/markdown; charset=utf-8", "plenary.md", markdown_of(&export)))
}

/// `GET /api/plenary/{consultation-id}/export.json`.
pub async fn json(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Bearer(token): Bearer,
) -> Result<impl IntoResponse, Refused> {
    let export = export(&app, &id, &token).await?;
    let json = json_of(&export).map_err(|error| {
        tracing::error!(%error, "an export failed");
        Problem::new(Code::Unavailable)
    })?;
    Ok(file("application/json", "plenary.json", json))
}

fn file(kind: &'static str, name: &str, body: String) -> impl IntoResponse + use<> {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body)
}

async fn export(app: &App, id: &str, token: &str) -> Result<Export, Problem> {
    let (caller, plenary) = plenary(app, id, token).await?;
    let report = caller.report().await?;
    let group = |group: &GroupReport| ExportGroup {
        id: group.id,
        name: group.name.clone(),
        participants: group.participants,
        voters: group.voters,
        ideas: group.ideas,
    };
    Ok(Export {
        title: report.state.title.get("en").to_owned(),
        date: day(report.at),
        points: report
            .state
            .points
            .iter()
            .map(|point| ExportPoint { id: point.id, title: point.title.get("en").to_owned() })
            .collect(),
        groups: report.groups.iter().map(group).collect(),
        plenary,
        rule: rule_in_words(Rule::default(), Weights::default()),
        audit: report.run.and_then(|run| serde_json::from_value(run.audit.clone()).ok()),
    })
}

/// The day of a time, in UTC: `2027-03-15`. Days since 1970 to a date after Howard Hinnant's `civil_from_days`.
fn day(at: Millis) -> String {
    let days = i64::try_from(at / 86_400_000).unwrap_or(0) + 719_468;
    let era = days / 146_097;
    let day_of_era = days - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_day() {
        for (at, expected) in [
            (0, "1970-01-01"),
            (951_782_400_000, "2000-02-29"),
            (1_658_934_589_213, "2022-07-27"),
            (1_795_468_912_659, "2026-11-23"),
            (4_107_542_399_999, "2100-02-28"),
        ] {
            assert_eq!(day(at), expected);
        }
    }
}
