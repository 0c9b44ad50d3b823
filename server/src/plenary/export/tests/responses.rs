//! Objections in every file: beside its entry, with the rule of five, lines as minority notes.

use proto::ids::ObjectionId;
use proto::plenary::{ObjectionLine, Responses};
use uuid::Uuid;

use super::hostile::PAYLOADS;
use crate::plenary::export::csv::{COLUMNS, csv};
use crate::plenary::export::docx::docx;
use crate::plenary::export::json::json;
use crate::plenary::export::language::Language;
use crate::plenary::export::markdown::markdown;
use crate::plenary::export::tests::files::{ARABIC, example};
use crate::plenary::export::{Export, words};

fn said(object: u32, lines: &[&str]) -> Export {
    let mut export = example();
    let line = |(n, text): (usize, &&str)| ObjectionLine {
        id: ObjectionId(Uuid::from_u128(n as u128 + 1)),
        text: (*text).to_owned(),
    };
    export.plenary.items[0].responses =
        Responses { object, lines: lines.iter().enumerate().map(line).collect() };
    export
}

#[test]
fn what_came_too_late_has_a_section_of_its_own() {
    let export = example();
    let text = markdown(&export);
    let late = text.split("## Came too late").nth(1).unwrap().split("\n## ").next().unwrap();
    assert!(
        late.contains("Nile, ideas that came after the board was closed and were not let in: 1"),
        "{late}"
    );
    assert!(late.contains(ARABIC) && late.contains("not let in: 3"), "{late}");
    let value: serde_json::Value = serde_json::from_str(&json(&export).unwrap()).unwrap();
    assert_eq!(value["groups"][0]["late_ideas"][0]["text"], ARABIC);
    assert_eq!(
        (&value["groups"][1]["late"], &value["groups"][1]["late_ideas"]),
        (&3.into(), &serde_json::json!([]))
    );
    let mut none = example();
    none.groups.iter_mut().for_each(|group| group.late = 0);
    assert!(!markdown(&none).contains("Came too late"));
}

#[test]
fn every_file_says_it_and_fewer_than_five_are_some() {
    let export = said(3, &["Who pays for it?", ARABIC]);
    let text = markdown(&export);
    assert!(text.contains("- Objections: some\n- Minority note: Who pays for it?"), "{text}");
    assert_eq!(text.matches("- Objections").count(), 1, "nobody said anything of the others");
    let value: serde_json::Value = serde_json::from_str(&json(&export).unwrap()).unwrap();
    let listed = &value["sections"][0]["listed"];
    let lines = serde_json::json!(["Who pays for it?", ARABIC]);
    assert_eq!(listed[0]["responses"], serde_json::json!({"objections": "some", "lines": lines}));
    assert!(listed[1]["responses"].is_null());
    let table = String::from_utf8(csv(&export).unwrap()).unwrap();
    assert_eq!(COLUMNS[22..24], ["responses_objections", "responses_lines"]);
    assert!(
        table.lines().nth(1).unwrap().ends_with(&format!(",some,Who pays for it? / {ARABIC},,")),
        "{table}"
    );
    assert!(docx(&export).is_ok());
}

#[test]
fn it_is_said_in_the_reader_s_language() {
    for language in Language::ALL {
        let text = markdown(&Export { language, ..said(5, &["x"]) });
        let own = &words::Words::of(language).own;
        assert!(text.contains(own.room.text()) && text.contains(own.room_line.text()), "{text}");
        assert!(!text.contains(['{', '}']), "{text}");
    }
}

#[test]
fn a_hostile_line_stays_a_line() {
    for payload in PAYLOADS {
        let export = said(1, &[payload]);
        let notes = markdown(&export);
        assert_eq!(
            notes.lines().filter(|line| line.starts_with("- Minority note: ")).count(),
            1,
            "{payload:?}"
        );
        assert!(!notes.contains("<script"), "{notes}");
        let table = String::from_utf8(csv(&export).unwrap()).unwrap();
        let mut reader = ::csv::ReaderBuilder::new().from_reader(table.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        let cell = row.get(23).unwrap().trim_start_matches(|c: char| c.is_whitespace() || c == '"');
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell:?}");
    }
}
