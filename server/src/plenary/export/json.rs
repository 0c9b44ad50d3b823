//! The list as JSON, with its sources.
//!
//! Texts are people's own, with their lines, and with the same letters as in the other files (`sanitize`): whoever shows
//! them must treat them as text. The load `t` is left out, because with the weights known it tells the number of supporters
//! exactly. Letters without a shape that real writing needs are written as `\uXXXX` where they are tags of flags: the value
//! is the same, and whoever opens the file sees that they are there.

use std::collections::BTreeMap;
use std::io;

use proto::api::ledger::LedgerEntry;
use proto::api::translations::Translation;
use proto::api::versions::Erased;
use proto::ids::{GroupId, IdeaId, PointId};
use proto::plenary::{People, PlenaryItem, Section, Statement, Status};
use proto::text::letters::is_unseen;
use serde::Serialize;
use serde::ser::Error as _;
use serde_json::ser::{CharEscape, PrettyFormatter};

use super::language::Language;
use super::page::Sayer;
use super::{AcrossGroups, Edition, Export, ExportAdoption, SECTIONS, Translated, is_numbered, wording};
use crate::merge::{Rule, Weights};
use crate::plenary::audit::people_by_group;
use crate::plenary::export::sanitize::letters_of;
use crate::plenary::export::small_counts;
use crate::plenary::export::small_counts::{Figure, ResponseFigures, SupportFigures};

/// The whole document, as indented JSON.
///
/// # Errors
/// None that a list can cause; writing JSON into memory.
pub fn json(export: &Export) -> Result<String, serde_json::Error> {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Formatter::default());
    Document::of(&letters_of(export)).serialize(&mut serializer)?;
    String::from_utf8(out).map_err(serde_json::Error::custom)
}

/// The schema that this document follows: `docs/schema/export.json`.
pub const SCHEMA: &str = "urn:plenum:schema:export:3";

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    /// The language of `rule` and `why`.
    lang: Language,
    /// The language in which the list is authoritative.
    working_language: Option<&'a str>,
    title: &'a str,
    date: &'a str,
    points: Vec<PointJson<'a>>,
    groups: Vec<GroupJson<'a>>,
    statement: &'a Statement,
    sections: Vec<PartJson<'a>>,
    rule: String,
    method: MethodJson,
    /// The vote of everybody; `null`: none was held, or it is not closed.
    plenary_vote: Option<PlenaryVoteJson>,
    /// How the version was adopted; `null`: it was not, or people still say something of it.
    adoption: Option<AdoptionJson<'a>>,
    audit: Option<AuditJson<'a>>,
    ledger: &'a [LedgerEntry],
    run: RunFactsJson<'a>,
    /// The version that this is, with its hash; `null`: the draft of `draft_of`.
    version: Option<VersionJson<'a>>,
    /// The number that the next version has, if this is its draft.
    draft_of: Option<u32>,
}

/// A version of the list (rule C37).
#[derive(Serialize)]
struct VersionJson<'a> {
    number: u32,
    date: &'a str,
    sha256: &'a str,
    /// Deletions of words since it was made.
    erased: &'a [Erased],
    /// Texts that are left out because staff hide them.
    withheld: u32,
}

impl<'a> VersionJson<'a> {
    fn of(edition: &'a Edition) -> (Option<Self>, Option<u32>) {
        match edition {
            Edition::Draft(number) => (None, Some(*number)),
            Edition::Version { number, date, sha256, erased, withheld } => {
                let (number, withheld) = (*number, *withheld);
                (Some(Self { number, date, sha256, erased, withheld }), None)
            }
        }
    }
}

/// How the version was adopted.
#[derive(Serialize)]
struct AdoptionJson<'a> {
    adopted: People,
    voters: Figure,
    objections: Vec<ObjectionJson<'a>>,
}

/// What is objected to an entry.
#[derive(Serialize)]
struct ObjectionJson<'a> {
    item: IdeaId,
    people: Figure,
    lines: Vec<&'a str>,
}

impl<'a> AdoptionJson<'a> {
    fn of(adoption: &'a ExportAdoption) -> Self {
        let objections = adoption.objections.iter().map(|(item, said)| ObjectionJson {
            item: *item,
            people: small_counts::people(said.object),
            lines: said.lines.iter().map(|line| line.text.as_str()).collect(),
        });
        Self {
            adopted: adoption.adopted,
            voters: small_counts::people(adoption.voters),
            objections: objections.collect(),
        }
    }
}

/// The settings of the run.
#[derive(Serialize)]
struct MethodJson {
    rule: Rule,
    weights: Weights,
}

/// The vote of everybody, once it is closed.
#[derive(Serialize)]
struct PlenaryVoteJson {
    voters: Figure,
    voted: Figure,
    /// Entry → seats that approve it.
    approvals: BTreeMap<IdeaId, People>,
}

impl PlenaryVoteJson {
    fn of(across: &AcrossGroups) -> Option<Self> {
        match across {
            AcrossGroups::Nobody | AcrossGroups::NotYet => None,
            AcrossGroups::Voted { voters, voted, entries } => Some(Self {
                voters: small_counts::people(*voters),
                voted: small_counts::people(*voted),
                approvals: entries.iter().copied().collect(),
            }),
        }
    }
}

#[derive(Serialize)]
struct PointJson<'a> {
    id: PointId,
    title: &'a str,
    /// Is anything on the list that answers it?
    answered: bool,
}

#[derive(Serialize)]
struct GroupJson<'a> {
    id: GroupId,
    name: &'a str,
    participants: Figure,
    voters: Option<Figure>,
    ideas: u32,
    wrote: Figure,
    agreed: Figure,
    notes: &'a [String],
    late: u32,
    late_ideas: Vec<LateIdeaJson<'a>>,
}

/// An idea that came after the lock of its board.
#[derive(Serialize)]
struct LateIdeaJson<'a> {
    text: &'a str,
    lang: &'a str,
}

#[derive(Serialize)]
struct PartJson<'a> {
    section: Section,
    listed: Vec<EntryJson<'a>>,
    below: Vec<EntryJson<'a>>,
}

#[derive(Serialize)]
struct EntryJson<'a> {
    id: IdeaId,
    number: Option<u32>,
    wording: &'a str,
    /// What it said when everybody voted on it, if that was something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    reworded_from: Option<&'a str>,
    /// Of the words of its anchor, a BCP 47 tag, or empty.
    lang: &'a str,
    /// Language → the same in that language: unofficial.
    translations: BTreeMap<&'a str, TranslationJson<'a>>,
    note: &'a str,
    points: &'a [PointId],
    rank: u32,
    rank_by_votes: Option<u32>,
    support: Option<SupportFigures>,
    /// Objections in the plenary; `null`: nobody objects.
    responses: Option<ResponseFigures<'a>>,
    paid_percent_by_group: BTreeMap<GroupId, Figure>,
    /// Why it stands where it stands; `null` while the vote is hidden.
    why: Option<String>,
    tags: &'a [String],
    sources: Vec<SourceEntryJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    more_sources: Option<u32>,
}

#[derive(Serialize)]
struct TranslationJson<'a> {
    text: &'a str,
    machine: bool,
    /// Were the words changed since?
    earlier_wording: bool,
}

#[derive(Serialize)]
struct SourceEntryJson<'a> {
    idea: IdeaId,
    group: GroupId,
    group_name: Option<&'a str>,
    text: &'a str,
    lang: &'a str,
    votes: Option<Figure>,
    via: &'a str,
}

#[derive(Serialize)]
struct AuditJson<'a> {
    represented: bool,
    violations: Vec<ViolationJson<'a>>,
    promoted_nothing: Vec<&'a str>,
    passed_over: usize,
    excluded: usize,
}

#[derive(Serialize)]
struct ViolationJson<'a> {
    item: &'a str,
    section: Section,
    places: usize,
    people: Figure,
    by_group: BTreeMap<GroupId, Figure>,
}

#[derive(Serialize)]
struct RunFactsJson<'a> {
    number: u32,
    input_sha256: Option<&'a str>,
}

impl<'a> Document<'a> {
    fn of(export: &'a Export) -> Self {
        let answered = export.answered_points();
        let (version, draft_of) = VersionJson::of(&export.edition);
        let sayer = Sayer::of(export);
        let part = |section| PartJson {
            section,
            listed: entries(export, section, Status::Listed, &sayer),
            below: entries(export, section, Status::Below, &sayer),
        };
        Self {
            schema: SCHEMA,
            lang: export.language,
            working_language: export.working_language.as_deref(),
            title: &export.title,
            date: &export.date,
            points: export
                .points
                .iter()
                .map(|point| PointJson {
                    id: point.id,
                    title: &point.title,
                    answered: answered.contains(&point.id),
                })
                .collect(),
            groups: export
                .groups
                .iter()
                .map(|group| GroupJson {
                    id: group.id,
                    name: &group.name,
                    participants: small_counts::people(group.participants),
                    voters: group.voters.map(small_counts::people),
                    ideas: group.ideas,
                    wrote: small_counts::people(group.wrote),
                    agreed: small_counts::people(group.agreed),
                    notes: &group.notes,
                    late: group.late,
                    late_ideas: group
                        .late_ideas
                        .iter()
                        .map(|(text, lang)| LateIdeaJson { text, lang })
                        .collect(),
                })
                .collect(),
            statement: &export.plenary.statement,
            sections: SECTIONS
                .into_iter()
                .map(part)
                .filter(|part| !part.listed.is_empty() || !part.below.is_empty())
                .collect(),
            rule: sayer.words.rule(export.rule, export.weights).plain(),
            method: MethodJson { rule: export.rule, weights: export.weights },
            plenary_vote: PlenaryVoteJson::of(&export.across_groups),
            adoption: export.adoption.as_ref().map(AdoptionJson::of),
            audit: export.audit.as_ref().map(audit),
            ledger: &export.ledger,
            run: RunFactsJson { number: export.plenary.run, input_sha256: export.plenary.sha256.as_deref() },
            version,
            draft_of,
        }
    }
}

fn entries<'a>(
    export: &'a Export,
    section: Section,
    status: Status,
    sayer: &Sayer<'a>,
) -> Vec<EntryJson<'a>> {
    let numbered = is_numbered(section) && status == Status::Listed;
    export.items(section, status).map(|item| entry(item, numbered, sayer)).collect()
}

fn entry<'a>(item: &'a PlenaryItem, numbered: bool, sayer: &Sayer<'a>) -> EntryJson<'a> {
    let facts = &item.facts;
    EntryJson {
        id: item.id,
        number: numbered.then_some(facts.number),
        wording: wording(item),
        reworded_from: item.reworded_from(),
        lang: &facts.lang,
        translations: facts
            .translations
            .iter()
            .map(|(tag, of)| (tag.as_str(), translation(item, of)))
            .collect(),
        note: &item.note,
        points: &facts.points,
        rank: facts.rank,
        rank_by_votes: (facts.rank_by_votes > 0).then_some(facts.rank_by_votes),
        support: small_counts::support(facts),
        responses: small_counts::responses(&item.responses),
        paid_percent_by_group: small_counts::paid(facts),
        why: sayer.why(item).map(|line| line.plain()),
        tags: &facts.tags,
        sources: facts
            .sources
            .iter()
            .map(|source| SourceEntryJson {
                idea: source.idea,
                group: source.group,
                group_name: sayer.names.get(&source.group).copied(),
                text: &source.text,
                lang: &source.lang,
                votes: source.votes.map(small_counts::people),
                via: &source.via,
            })
            .collect(),
        more_sources: (facts.more > 0).then_some(facts.more),
    }
}

fn translation<'a>(item: &PlenaryItem, translation: &'a Translation) -> TranslationJson<'a> {
    let Translated { text, machine, earlier } = Translated::of(item, translation);
    TranslationJson { text, machine, earlier_wording: earlier }
}

fn audit(audit: &crate::merge::output::Audit) -> AuditJson<'_> {
    AuditJson {
        represented: audit.represented,
        violations: audit
            .violations
            .iter()
            .map(|violation| ViolationJson {
                item: violation.item.as_str(),
                section: violation.section,
                places: violation.places,
                people: small_counts::people(u32::try_from(violation.seats).unwrap_or(u32::MAX)),
                by_group: people_by_group(&violation.by_group),
            })
            .collect(),
        promoted_nothing: audit.promoted_nothing.iter().map(|group| group.as_str()).collect(),
        passed_over: audit.passed_over.len(),
        excluded: audit.excluded.len(),
    }
}

/// Is it a letter that nobody sees, or that turns its line around?
fn hides(letter: char) -> bool {
    is_unseen(letter)
        || matches!(letter, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{e0020}'..='\u{e01ef}')
}

/// Indented JSON in which nothing hides.
#[derive(Default)]
struct Formatter(PrettyFormatter<'static>);

impl serde_json::ser::Formatter for Formatter {
    fn write_string_fragment<W: io::Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(hides) {
            out.write_all(&rest.as_bytes()[..at])?;
            let letter = rest[at..].chars().next().unwrap_or_default();
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &rest[at + letter.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }

    fn write_char_escape<W: io::Write + ?Sized>(
        &mut self,
        out: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        self.0.write_char_escape(out, escape)
    }

    fn begin_array<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: io::Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: io::Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}
