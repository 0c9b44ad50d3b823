//! `plenum merge` from outside: JSON in, canonical JSON out, or one clear line.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Standard output, standard error, and whether it succeeded.
fn merge(arguments: &[&str], input: &[u8]) -> (String, String, bool) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_plenum"))
        .arg("merge")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its flags does not wait for its input.
    drop(child.stdin.take().unwrap().write_all(input));
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.success())
}

fn merged(arguments: &[&str], input: &Value) -> Value {
    let (out, err, ok) = merge(arguments, input.to_string().as_bytes());
    assert!(ok, "{err}");
    assert!(out.ends_with("}\n") && out.matches('\n').count() == 1);
    serde_json::from_str(&out).unwrap()
}

/// The one line of a refusal.
fn refused(input: &str) -> String {
    let (out, err, ok) = merge(&[], input.as_bytes());
    assert!(!ok && out.is_empty(), "{input}");
    assert_eq!(err.matches('\n').count(), 1, "{err}");
    err
}

/// Groups A (10 people), B (6) and C (4), four places, as in docs/merge.md.
fn worked_example() -> Value {
    serde_json::from_str(include_str!("merge-example.json")).unwrap()
}

/// The ideas whose words the listed entries have.
fn listed(run: &Value) -> Vec<String> {
    let items = run["items"].as_array().unwrap();
    let anchor = |id: &Value| items.iter().find(|item| item["id"] == *id).unwrap()["anchor"].as_str();
    run["listed"].as_array().unwrap().iter().map(|id| anchor(id).unwrap().to_owned()).collect()
}

#[test]
fn the_worked_example_from_a_file_and_with_every_flag() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/merge-example.json");
    let (out, _, ok) = merge(&["--input", path], b"");
    assert!(ok);
    assert_eq!(out, merge(&[], &std::fs::read(path).unwrap()).0);
    let run: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(listed(&run), ["A1", "A2", "M", "B1"]);
    let example = worked_example();
    assert_eq!(listed(&merged(&["--weights", "person"], &example)), ["A1", "A2", "M", "B1"]);
    assert_eq!(listed(&merged(&["--rule", "votes"], &example)), ["A1", "A2", "A3", "M"]);
    assert_eq!(listed(&merged(&["--k", "2"], &example)), ["A1", "B1"]);
    let equal = merged(&["--rule", "equal-shares", "--weights", "person"], &example);
    assert_eq!(equal["run"]["rule"], "equal-shares");
    assert_eq!(listed(&equal), ["A1", "A2", "M", "B1"]);
}

#[test]
fn every_field_is_there_and_an_item_without_votes_has_no_time_and_no_payments() {
    let mut example = worked_example();
    example["ideas"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "Z", "group": "C", "text": "z", "promoted": true}));
    for rule in ["phragmen", "equal-shares", "votes"] {
        let run = merged(&["--rule", rule], &example);
        let keys: Vec<&String> = run.as_object().unwrap().keys().collect();
        let all = ["audit", "below_the_line", "heard", "items", "listed", "run", "suggestions"];
        assert_eq!(keys, all);
        let items = run["items"].as_array().unwrap();
        let mut ranks: Vec<u64> = items.iter().map(|item| item["rank"].as_u64().unwrap()).collect();
        ranks.sort_unstable();
        assert_eq!(ranks, (1..=7).collect::<Vec<_>>());
        let last = items.last().unwrap();
        assert_eq!(
            (&last["anchor"], &last["t"], &last["paid_by_group"]),
            (&json!("Z"), &json!(null), &json!({}))
        );
        assert_eq!(last["support"], json!({"seats": 0, "groups": 0, "by_group": {}}));
        for item in items {
            let keys: Vec<&String> = item.as_object().unwrap().keys().collect();
            let all = [
                "anchor",
                "because",
                "id",
                "members",
                "number",
                "paid_by_group",
                "points",
                "rank",
                "rank_by_votes",
                "section",
                "support",
                "t",
                "tags",
            ];
            assert_eq!(keys, all);
        }
    }
}

#[test]
fn broken_json_is_refused_with_line_and_column() {
    assert!(refused("{\n  \"k\": 3,\n  \"ideas\": [}\n").contains("line 3 column 13"));
    assert!(refused("").contains("standard input"));
    assert!(refused("{\"rulle\": \"votes\"}").contains("unknown field `rulle`"));
    assert!(refused("{\"k\": \"ten\"}").contains("k is a number"));
    assert!(refused("[]\u{0}").contains("line 1 column"));
    assert!(refused(" []").contains("the input is an object, not a list"));
    assert!(
        refused("{\"reference\": {\"weights\": {\"s\": \"1/0\"}}}")
            .contains("a weight is a positive integer")
    );
}

#[test]
fn bad_flags_and_files_are_refused() {
    for arguments in [["--rule", "borda"], ["--weights", "none"], ["--k", "-1"], ["--input", "/no/such/file"]]
    {
        let (out, err, ok) = merge(&arguments, b"{}");
        assert!(!ok && out.is_empty() && err.contains(arguments[1]), "{err}");
    }
}

#[test]
fn what_is_unknown_is_named_and_nothing_in_it_reaches_the_terminal() {
    let mut example = worked_example();
    example["ballots"][3]["approves"] = json!(["gone\u{1b}[2J\n"]);
    let line = refused(&example.to_string());
    assert!(line.contains("the ballot of a3 names gone") && !line.contains('\u{1b}'), "{line}");
    let mut example = worked_example();
    example["decisions"] = json!({"pins": ["gone"]});
    assert!(refused(&example.to_string()).contains("decisions.pins names gone"));
}

#[test]
fn every_unknown_id_is_named_with_its_place() {
    let with = |field: &str, value: Value| {
        let mut example = worked_example();
        match field.strip_prefix("decisions.") {
            Some(decision) => example["decisions"] = json!({ decision: value }),
            None => example["reference"] = json!({ "tie_order": value }),
        }
        refused(&example.to_string())
    };
    for (field, value) in [
        ("decisions.assign", json!({ "gone": "A1" })),
        ("decisions.not_duplicate", json!([["A1", "gone"]])),
        ("decisions.exclude", json!(["gone"])),
        ("reference.tie_order", json!(["A1", "gone"])),
    ] {
        let line = with(field, value);
        assert!(line.contains(&format!("{field} names gone, but there is no such idea or item")), "{line}");
    }
    let mut example = worked_example();
    let twice = example["ideas"][0].clone();
    example["ideas"].as_array_mut().unwrap().push(twice);
    assert!(refused(&example.to_string()).contains("two ideas with the id A1"));
    let mut example = worked_example();
    let twice = example["ballots"][0].clone();
    example["ballots"].as_array_mut().unwrap().push(twice);
    assert!(refused(&example.to_string()).contains("two ballots of the seat"));
}

#[test]
fn ranks_run_on_over_the_sections_and_merging_twice_gives_the_same_bytes() {
    let mut example = worked_example();
    let kinds = ["partnership", "challenge", "recommendation", "good-practice", "opportunity", "challenge"];
    for (idea, kind) in example["ideas"].as_array_mut().unwrap().iter_mut().zip(kinds) {
        idea["kind"] = json!(kind);
        idea["tr"] = json!({ "fr": "La même chose" });
    }
    for rule in ["phragmen", "equal-shares", "votes"] {
        let input = example.to_string();
        let (out, _, ok) = merge(&["--rule", rule], input.as_bytes());
        assert!(ok);
        assert_eq!(out, merge(&["--rule", rule], input.as_bytes()).0);
        let run: Value = serde_json::from_str(&out).unwrap();
        let items = run["items"].as_array().unwrap();
        let ranks: Vec<u64> = items.iter().map(|item| item["rank"].as_u64().unwrap()).collect();
        assert_eq!(ranks, [1, 2, 3, 4, 5, 6]);
        let sections: Vec<&str> = items.iter().map(|item| item["section"].as_str().unwrap()).collect();
        let order =
            ["challenges", "challenges", "challenges", "recommendations", "partnerships", "partnerships"];
        assert_eq!(sections, order);
    }
}

#[test]
fn an_assign_to_an_item_that_is_gone_keeps_the_item_under_its_name() {
    let mut example = worked_example();
    example["decisions"] = json!({"assign": {"A3": "gone", "C1": "gone"}});
    let run = merged(&[], &example);
    let item = run["items"].as_array().unwrap().iter().find(|item| item["id"] == "gone").unwrap().clone();
    assert_eq!(item["anchor"], "A3");
    assert_eq!(item["members"][1]["idea"], "C1");
    // And it can be pinned by that name.
    example["decisions"]["pins"] = json!(["gone"]);
    assert_eq!(merged(&[], &example)["listed"][0], "gone");
}

#[test]
fn nothing_one_seat_and_all_ties() {
    for rule in ["phragmen", "equal-shares", "votes"] {
        let rule = &["--rule", rule];
        assert_eq!(merged(rule, &json!({}))["items"], json!([]));
        assert_eq!(merged(rule, &json!({"ideas": [], "ballots": [], "k": 0}))["listed"], json!([]));
        let empty = json!({"seat": "s", "group": "", "approves": []});
        assert_eq!(merged(rule, &json!({"ballots": [empty]}))["listed"], json!([]));
        let ideas: Vec<Value> = (0..20)
            .map(|n| json!({"id": format!("i{n:02}"), "group": "g", "text": format!("n{n}"), "promoted": true}))
            .collect();
        let all: Vec<String> = (0..20).map(|n| format!("i{n:02}")).collect();
        let ballots: Vec<Value> =
            (0..9).map(|n| json!({"seat": format!("s{n}"), "group": "g", "approves": all})).collect();
        let tied = json!({"ideas": ideas, "ballots": ballots, "reference": {"tie_order": all, "grouping": "off"}, "k": 20});
        assert_eq!(listed(&merged(rule, &tied)), all);
        let one = json!({"ideas": ideas, "ballots": [ballots[0]], "lot": "07", "k": 3});
        assert_eq!(merged(rule, &one)["listed"].as_array().unwrap().len(), 3);
    }
}

#[test]
fn very_many_ballots_and_very_long_texts() {
    let ideas: Vec<Value> = (0..12)
        .map(|n| json!({"id": format!("i{n}"), "group": "g", "text": format!("{n} é ").repeat(1250), "promoted": true}))
        .collect();
    let ballots: Vec<Value> = (0..100_000)
        .map(|n| {
            let approves = [format!("i{}", n % 12), format!("i{}", n % 7)];
            json!({"seat": n.to_string(), "group": (n % 40).to_string(), "approves": approves})
        })
        .collect();
    let run = merged(&[], &json!({"ideas": ideas, "ballots": ballots}));
    assert_eq!(run["items"].as_array().unwrap().len(), 12);
}
