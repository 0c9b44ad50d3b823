//! The list as JSON, with its sources.
//!
//! Texts are people's own, unchanged: whoever shows them must treat them as text. The load `t` is left out, because
//! with the weights known it tells the number of supporters exactly.

use std::collections::BTreeMap;

use proto::ids::{GroupId, IdeaId, PointId};
use proto::plenary::{PlenaryItem, Section, Statement, Status};
use serde::Serialize;

use super::figures::{self, Figure, SupportFigures};
use super::{Export, SECTIONS, is_numbered, wording};

/// The whole document, as indented JSON.
///
/// # Errors
/// None that a list can cause; writing JSON into memory.
pub fn json(export: &Export) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&Document::of(export))
}

#[derive(Serialize)]
struct Document<'a> {
    title: &'a str,
    date: &'a str,
    points: Vec<Point<'a>>,
    groups: Vec<Group<'a>>,
    statement: &'a Statement,
    sections: Vec<Part<'a>>,
    rule: &'a str,
    audit: Option<Audit<'a>>,
    run: RunFacts<'a>,
}

#[derive(Serialize)]
struct Point<'a> {
    id: PointId,
    title: &'a str,
    /// Is anything on the list that answers it?
    answered: bool,
}

#[derive(Serialize)]
struct Group<'a> {
    id: GroupId,
    name: &'a str,
    participants: Figure,
    voters: Option<Figure>,
    ideas: u32,
}

#[derive(Serialize)]
struct Part<'a> {
    section: Section,
    listed: Vec<Entry<'a>>,
    below: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: IdeaId,
    number: Option<usize>,
    wording: &'a str,
    note: &'a str,
    points: &'a [PointId],
    rank: u32,
    rank_by_votes: Option<u32>,
    support: Option<SupportFigures>,
    paid_percent_by_group: BTreeMap<GroupId, Figure>,
    tags: &'a [String],
    sources: Vec<SourceEntry<'a>>,
}

#[derive(Serialize)]
struct SourceEntry<'a> {
    idea: IdeaId,
    group: GroupId,
    group_name: Option<&'a str>,
    text: &'a str,
    lang: &'a str,
    votes: Option<Figure>,
    via: &'a str,
}

#[derive(Serialize)]
struct Audit<'a> {
    represented: bool,
    violations: Vec<Violation<'a>>,
    promoted_nothing: Vec<&'a str>,
    excluded: usize,
}

#[derive(Serialize)]
struct Violation<'a> {
    item: &'a str,
    section: Section,
    places: usize,
    people: Figure,
}

#[derive(Serialize)]
struct RunFacts<'a> {
    number: u32,
    input_sha256: Option<&'a str>,
}

impl<'a> Document<'a> {
    fn of(export: &'a Export) -> Self {
        let answered = export.answered_points();
        let names = export.group_names();
        let part = |section| Part {
            section,
            listed: entries(export, section, Status::Listed, &names),
            below: entries(export, section, Status::Below, &names),
        };
        Self {
            title: &export.title,
            date: &export.date,
            points: export
                .points
                .iter()
                .map(|point| Point {
                    id: point.id,
                    title: &point.title,
                    answered: answered.contains(&point.id),
                })
                .collect(),
            groups: export
                .groups
                .iter()
                .map(|group| Group {
                    id: group.id,
                    name: &group.name,
                    participants: figures::people(group.participants),
                    voters: group.voters.map(figures::people),
                    ideas: group.ideas,
                })
                .collect(),
            statement: &export.plenary.statement,
            sections: SECTIONS
                .into_iter()
                .map(part)
                .filter(|part| !part.listed.is_empty() || !part.below.is_empty())
                .collect(),
            rule: &export.rule,
            audit: export.audit.as_ref().map(audit),
            run: RunFacts { number: export.plenary.run, input_sha256: export.plenary.sha256.as_deref() },
        }
    }
}

fn entries<'a>(
    export: &'a Export,
    section: Section,
    status: Status,
    names: &BTreeMap<GroupId, &'a str>,
) -> Vec<Entry<'a>> {
    let numbered = is_numbered(section) && status == Status::Listed;
    export
        .items(section, status)
        .enumerate()
        .map(|(position, item)| entry(item, numbered.then_some(position + 1), names))
        .collect()
}

fn entry<'a>(item: &'a PlenaryItem, number: Option<usize>, names: &BTreeMap<GroupId, &'a str>) -> Entry<'a> {
    let facts = &item.facts;
    Entry {
        id: item.id,
        number,
        wording: wording(item),
        note: &item.note,
        points: &facts.points,
        rank: facts.rank,
        rank_by_votes: (facts.rank_by_votes > 0).then_some(facts.rank_by_votes),
        support: figures::support(facts),
        paid_percent_by_group: figures::paid(facts),
        tags: &facts.tags,
        sources: facts
            .sources
            .iter()
            .map(|source| SourceEntry {
                idea: source.idea,
                group: source.group,
                group_name: names.get(&source.group).copied(),
                text: &source.text,
                lang: &source.lang,
                votes: source.votes.map(figures::people),
                via: &source.via,
            })
            .collect(),
    }
}

fn audit(audit: &crate::merge::output::Audit) -> Audit<'_> {
    Audit {
        represented: audit.represented,
        violations: audit
            .violations
            .iter()
            .map(|violation| Violation {
                item: &violation.item.0,
                section: violation.section,
                places: violation.places,
                people: figures::people(u32::try_from(violation.seats).unwrap_or(u32::MAX)),
            })
            .collect(),
        promoted_nothing: audit.promoted_nothing.iter().map(|group| group.0.as_str()).collect(),
        excluded: audit.excluded.len(),
    }
}
