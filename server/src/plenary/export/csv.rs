//! The list as a table for spreadsheets: one row per recommendation and source; then one per idea that came after the
//! lock of its board, which is in no recommendation: its status is `late`.
//!
//! UTF-8 with a byte order mark and CRLF, as Excel wants it; quoted as RFC 4180 says. A cell that a spreadsheet would
//! take for a formula begins with an apostrophe. Column names are the same in every language; sentences are in the
//! reader's.

use csv::{QuoteStyle, Terminator, WriterBuilder};
use proto::plenary::{PlenaryItem, Source, Status};

use super::line::Line;
use super::page::Sayer;
use super::words::Words;
use super::{Export, ExportGroup, SECTIONS, is_numbered, translated, wording};
use crate::plenary::export::sanitize::one_line;
use crate::plenary::export::small_counts;
use crate::plenary::export::small_counts::Figure;

/// The columns, in their order; stable.
pub const COLUMNS: [&str; 26] = [
    "section",
    "status",
    "number",
    "place",
    "wording",
    "note",
    "support_people",
    "support_groups",
    "support_by_group",
    "place_by_plain_count",
    "tags",
    "why_here",
    "source",
    "source_group",
    "source_language",
    "source_votes",
    "source_via",
    "item_id",
    "source_id",
    "run",
    "version",
    "frozen",
    "responses_objections",
    "responses_lines",
    "translation",
    "translation_mark",
];

/// The whole table.
///
/// # Errors
/// None that a list can cause; writing into memory.
pub fn csv(export: &Export) -> Result<Vec<u8>, csv::Error> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(COLUMNS)?;
    let sayer = Sayer::of(export);
    for section in SECTIONS {
        for status in [Status::Listed, Status::Below] {
            for item in export.items(section, status) {
                let entry = entry(export, &sayer, item);
                for source in &item.facts.sources {
                    writer.write_record(row(export, &entry, item, Some(source)))?;
                }
                if item.facts.sources.is_empty() {
                    writer.write_record(row(export, &entry, item, None))?;
                }
            }
        }
    }
    for group in &export.groups {
        for idea in &group.late_ideas {
            writer.write_record(late(export, group, idea))?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// The columns that belong to the item.
fn entry(export: &Export, sayer: &Sayer<'_>, item: &PlenaryItem) -> [String; 12] {
    let facts = &item.facts;
    let names = export.group_names();
    let per_group = |figures: &std::collections::BTreeMap<_, Figure>| {
        let figure = |(group, figure): (&proto::ids::GroupId, &Figure)| {
            let name = one_line(names.get(group).copied().unwrap_or("?"));
            match figure {
                Figure::Number(number) => format!("{name}: {number}"),
                Figure::Some => format!("{name}: some"),
            }
        };
        figures.iter().map(figure).collect::<Vec<_>>().join(" / ")
    };
    let support = small_counts::support(facts);
    let number = is_numbered(facts.section) && facts.status == Status::Listed;
    let count = |number: u32| if number > 0 { number.to_string() } else { String::new() };
    [
        name_of(&facts.section),
        name_of(&facts.status),
        if number { facts.number.to_string() } else { String::new() },
        facts.number.to_string(),
        cell(wording(item)),
        cell(&item.note),
        support.as_ref().map(|support| support.seats.to_string()).unwrap_or_default(),
        support.as_ref().map(|support| support.groups.to_string()).unwrap_or_default(),
        support.as_ref().map(|support| cell(&per_group(&support.by_group))).unwrap_or_default(),
        count(facts.rank_by_votes),
        cell(&facts.tags.join(" ")),
        cell(&sayer.why(item).map(|line: Line| line.plain()).unwrap_or_default()),
    ]
}

fn row(export: &Export, entry: &[String; 12], item: &PlenaryItem, source: Option<&Source>) -> Vec<String> {
    let names = export.group_names();
    let mut row = entry.to_vec();
    let of = |say: &dyn Fn(&Source) -> String| source.map(say).unwrap_or_default();
    row.extend([
        of(&|source| cell(&source.text)),
        of(&|source| cell(names.get(&source.group).copied().unwrap_or(""))),
        of(&|source| cell(&source.lang)),
        of(&|source| source.votes.map(|votes| small_counts::people(votes).to_string()).unwrap_or_default()),
        of(&|source| cell(&source.via)),
        item.id.to_string(),
        of(&|source| source.idea.to_string()),
    ]);
    row.extend(of_the_list(export));
    let responses = small_counts::responses(&item.responses);
    row.extend([
        responses.as_ref().map(|found| found.objections.to_string()).unwrap_or_default(),
        responses.map(|found| cell(&found.lines.join(" / "))).unwrap_or_default(),
    ]);
    let found = translated(item, export.language);
    let words = Words::of(export.language);
    row.extend([
        found.as_ref().map(|found| cell(found.text)).unwrap_or_default(),
        found.as_ref().map(|found| cell(&words.mark(found).plain())).unwrap_or_default(),
    ]);
    row
}

/// The columns that belong to the list: `run`, `version`, `frozen`.
fn of_the_list(export: &Export) -> [String; 3] {
    let version = export.edition.version();
    let number = version.map(|number| number.to_string()).unwrap_or_default();
    [export.plenary.run.to_string(), number, version.is_some().to_string()]
}

/// An idea that came too late, and its language.
fn late(export: &Export, group: &ExportGroup, (text, lang): &(String, String)) -> [String; COLUMNS.len()] {
    let [run, version, frozen] = of_the_list(export);
    COLUMNS.map(|column| match column {
        "status" => "late".to_owned(),
        "source" => cell(text),
        "source_group" => cell(&group.name),
        "source_language" => cell(lang),
        "run" => run.clone(),
        "version" => version.clone(),
        "frozen" => frozen.clone(),
        _ => String::new(),
    })
}

/// The name that JSON has for it.
fn name_of(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(_) | Err(_) => String::new(),
    }
}

/// A text on one line, which no spreadsheet takes for a formula: neither at the beginning of the cell, whatever
/// blanks and quotes stand before it, nor after a semicolon, where a spreadsheet of another country begins a cell.
fn cell(text: &str) -> String {
    let inert = |part: &str| {
        let apostrophe = if begins_formula(part) { "'" } else { "" };
        format!("{apostrophe}{part}")
    };
    one_line(text).split(';').map(inert).collect::<Vec<_>>().join(";")
}

fn begins_formula(text: &str) -> bool {
    let skipped = |letter: char| {
        letter.is_whitespace()
            || matches!(letter, '"' | '\'' | '`' | '´' | '“' | '”' | '„' | '‘' | '’' | '‚' | '«' | '»')
            || matches!(letter, '\u{61c}' | '\u{200c}'..='\u{200f}')
    };
    let signs =
        ['=', '+', '-', '@', '＝', '＋', '－', '＠', '−', '﹦', '﹢', '﹣', '﹫', '⁼', '⁺', '⁻', '|', '%'];
    text.trim_start_matches(skipped).starts_with(signs)
}

#[cfg(test)]
mod tests {
    use proto::plenary::Section;

    use super::super::language::Language;
    use super::*;
    use crate::plenary::export::Edition;
    use crate::plenary::export::tests::files::{ARABIC, example, item};
    use crate::plenary::export::tests::hostile::{PAYLOADS, REAL};

    fn rows(export: &Export) -> Vec<Vec<String>> {
        let bytes = csv(export).unwrap();
        let text = std::str::from_utf8(&bytes).unwrap().strip_prefix('\u{feff}').unwrap().to_owned();
        assert!(text.ends_with("\r\n") && text.matches('\n').count() == text.matches("\r\n").count());
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    fn column(name: &str) -> usize {
        COLUMNS.iter().position(|known| *known == name).unwrap()
    }

    #[test]
    fn every_source_has_a_row_under_stable_names() {
        let mut export = example();
        export.language = Language::Fr;
        let rows = rows(&export);
        assert_eq!(rows[0], COLUMNS);
        assert_eq!(rows.len(), 1 + 3 + 1);
        let value = |row: usize, name: &str| rows[row][column(name)].as_str();
        assert_eq!(
            [
                "section",
                "status",
                "number",
                "place",
                "source",
                "source_group",
                "source_language",
                "source_votes"
            ]
            .map(|name| value(1, name)),
            ["recommendations", "listed", "1", "1", ARABIC, "Nile", "ar", "13"]
        );
        assert_eq!(value(1, "support_by_group"), "Nile: 7 / <b>Ob: 6");
        assert_eq!([value(2, "support_people"), value(2, "source_votes")], ["some", "some"]);
        assert_eq!([value(3, "status"), value(3, "number")], ["below", ""]);
        assert!(value(1, "why_here").starts_with("Approuvée par "), "{}", value(1, "why_here"));
        assert_eq!([value(1, "version"), value(1, "frozen")], ["", "false"]);
    }

    #[test]
    fn every_row_says_the_version_of_the_list_that_it_is_from() {
        let mut export = example();
        export.plenary.items[0].facts.sources.clear();
        let sha256 = "ab".repeat(32);
        let date = "2027-03-16".to_owned();
        export.edition = Edition::Version { number: 4, date, sha256, erased: Vec::new(), withheld: 0 };
        for row in rows(&export).iter().skip(1) {
            assert_eq!([column("version"), column("frozen")].map(|at| row[at].as_str()), ["4", "true"]);
        }
    }

    #[test]
    fn what_came_too_late_has_a_row_of_its_own() {
        let mut export = example();
        export.groups[1].late_ideas = vec![("=1+1 too late".to_owned(), "en".to_owned())];
        let rows = rows(&export);
        let last = rows.last().unwrap();
        let value = |name: &str| last[column(name)].as_str();
        assert_eq!(
            ["section", "status", "wording", "source", "source_group", "source_language", "source_id"]
                .map(value),
            ["", "late", "", "'=1+1 too late", "<b>Ob", "en", ""]
        );
    }

    #[test]
    fn an_item_without_sources_has_a_row() {
        let mut export = example();
        export.plenary.items[0].facts.sources.clear();
        assert_eq!(rows(&export)[1][column("item_id")], export.plenary.items[0].id.to_string());
    }

    #[test]
    fn no_cell_is_a_formula_for_any_spreadsheet() {
        for payload in PAYLOADS {
            let mut export = example();
            export.plenary.items =
                vec![item(1, Section::Recommendations, Status::Listed, payload, &[(1, 7)])];
            export.plenary.items[0].wording = (*payload).to_owned();
            export.plenary.items[0].note = (*payload).to_owned();
            export.plenary.items[0].facts.sources[0].lang = (*payload).to_owned();
            export.groups[0].name = (*payload).to_owned();
            export.groups[0].late_ideas = vec![((*payload).to_owned(), (*payload).to_owned())];
            let rows = rows(&export);
            assert_eq!(rows.len(), 3, "{payload:?} is in two rows");
            for cell in rows[1..].iter().flatten().flat_map(|cell| cell.split(';')) {
                let bare = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
                assert!(
                    !bare.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']),
                    "{cell:?}"
                );
                assert!(!cell.contains(|c: char| c.is_control()), "{cell:?}");
            }
        }
    }

    #[test]
    fn real_texts_come_through() {
        for text in REAL {
            assert_eq!(cell(text), *text);
        }
        assert_eq!(cell("a - b = c + d @ e"), "a - b = c + d @ e");
        assert_eq!(cell(" \"=1"), "'\"=1");
        assert_eq!(cell("a; -1"), "a;' -1");
    }
}
