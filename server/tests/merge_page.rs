//! The page for lay people, `docs/merge.md`: every figure of its worked example is what `plenum merge` says.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use std::process::Command;

use serde_json::Value;

const PAGE: &str = include_str!("../../docs/merge.md");

/// The names that the page gives to the entries, and their ids.
const NAMES: [(&str, &str); 6] = [
    ("library on Sundays", "A1"),
    ("trees", "A2"),
    ("free buses", "A3"),
    ("youth council", "B1"),
    ("ramps", "C1"),
    ("map", "M"),
];

fn merged(flags: &[&str]) -> Value {
    let input = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/merge-example.json");
    let output = Command::new(env!("CARGO_BIN_EXE_plenum"))
        .args(["merge", "--input", input])
        .args(flags)
        .output()
        .unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The cells of a table below a heading with these words; the first column is the place.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let from = PAGE.find(heading).unwrap_or_else(|| panic!("no table {heading:?}"));
    PAGE[from..]
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

fn id_of(name: &str) -> &'static str {
    NAMES.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("nobody knows {name:?}")).1
}

fn item<'a>(run: &'a Value, id: &str) -> &'a Value {
    run["items"].as_array().unwrap().iter().find(|item| item["anchor"] == id).unwrap()
}

#[test]
fn the_groups_are_those_of_the_input() {
    let text = include_str!("merge-example.json");
    let input: Value = serde_json::from_str(text).unwrap();
    let ballots = input["ballots"].as_array().unwrap();
    let people = |group: &str, idea: Option<&str>| {
        let of = |ballot: &&Value| {
            let approves = ballot["approves"].as_array().unwrap();
            ballot["group"] == group && idea.is_none_or(|idea| approves.iter().any(|id| id == idea))
        };
        ballots.iter().filter(of).count()
    };
    assert!(PAGE.contains("Three groups, twenty people, four places"));
    assert_eq!((ballots.len(), &input["k"]), (20, &Value::from(4)));
    assert!(PAGE.contains("Group A has 10 people. All want *library on Sundays*, *trees* and *free buses*; two of them also want the"));
    assert_eq!(["A1", "A2", "A3", "M"].map(|idea| people("A", Some(idea))), [10, 10, 10, 2]);
    assert!(
        PAGE.contains("Group B has 6 people. All want a *youth council*; two of them also want the *map*.")
    );
    assert_eq!([people("B", None), people("B", Some("B1")), people("B", Some("M"))], [6, 6, 2]);
    assert!(PAGE.contains(
        "Group C has 4 people. One wants *ramps*, two want *ramps* and the *map*, one wants the *map*."
    ));
    assert_eq!([people("C", None), people("C", Some("C1")), people("C", Some("M"))], [4, 3, 3]);
}

#[test]
fn by_heads_it_is_as_the_page_says() {
    let run = merged(&["--rule", "votes"]);
    let rows = table("| | by heads | supporters |");
    assert_eq!(rows.len(), 4);
    for (position, row) in rows.iter().enumerate() {
        let found = item(&run, id_of(row[1]));
        assert_eq!((row[0], &run["listed"][position]), ((position + 1).to_string().as_str(), &found["id"]));
        let seats = row[2].split(',').next().unwrap();
        assert_eq!(found["support"]["seats"].to_string(), seats);
    }
    assert!(rows[3][2].ends_with("from all three groups"));
    assert_eq!(item(&run, "M")["support"]["groups"], 3);
    // It stands beside every entry of the other rule, too.
    let beside = merged(&[]);
    for (position, row) in rows.iter().enumerate() {
        assert_eq!(item(&beside, id_of(row[1]))["rank_by_votes"], position + 1);
    }
}

#[test]
fn the_list_and_its_reasons_are_as_the_page_says() {
    let run = merged(&[]);
    let rows = table("| | entry | people | of whom have nothing else on the list |");
    assert_eq!(rows.len(), 4);
    for (position, row) in rows.iter().enumerate() {
        let found = item(&run, id_of(row[1]));
        assert_eq!((row[0], &run["listed"][position]), ((position + 1).to_string().as_str(), &found["id"]));
        assert_eq!(found["number"], position + 1);
        assert_eq!(found["support"]["seats"].to_string(), row[2]);
        assert_eq!(found["because"]["alone"].to_string(), row[3]);
    }
    assert!(PAGE.contains("free buses (10 people) not on the list, while the youth council (6 people) is"));
    assert!(PAGE.contains("The ten people who want free buses already have\nnumbers 1 and 2."));
    let buses = &item(&run, "A3")["because"];
    assert_eq!((&buses["served"], &buses["served_by"]), (&Value::from(10), &serde_json::json!([1])));
    assert_eq!(item(&run, "C1")["because"]["served"], 2);
    assert_eq!(run["audit"]["represented"], true);
}

#[test]
fn every_person_counting_the_same_gives_the_list_that_the_page_names() {
    assert!(PAGE.contains("Had every person counted the same, the list would be the same."));
    assert_eq!(merged(&["--weights", "person"])["listed"], merged(&[])["listed"]);
}
