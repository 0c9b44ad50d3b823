//! The published schemas of the merge, held against real input and real runs. The export's schema is tried beside it.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use jsonschema::Validator;
use serde_json::{Value, json};
use server::merge::{RunInput, run};

fn schema(text: &str) -> Validator {
    jsonschema::draft202012::new(&serde_json::from_str(text).unwrap()).unwrap()
}

fn input_schema() -> Validator {
    schema(include_str!("../../docs/schema/merge-input.json"))
}

/// A run, checked on both sides.
fn checked(input: &Value) -> Value {
    let (of_input, of_run) = (input_schema(), schema(include_str!("../../docs/schema/merge-run.json")));
    let wrong: Vec<String> = of_input.iter_errors(input).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let read: RunInput = serde_json::from_value(input.clone()).unwrap();
    let written: Value = serde_json::from_str(&run(&read).unwrap().to_canonical_json().unwrap()).unwrap();
    let wrong: Vec<String> = of_run.iter_errors(&written).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    written
}

fn example() -> Value {
    serde_json::from_str(include_str!("merge-example.json")).unwrap()
}

#[test]
fn the_worked_example_and_its_runs_follow_the_schemas() {
    for rule in ["phragmen", "equal-shares", "votes"] {
        for weights in ["sqrt", "person", "group"] {
            let mut input = example();
            input["rule"] = json!(rule);
            input["weights"] = json!(weights);
            checked(&input);
        }
    }
    checked(&json!({}));
}

#[test]
fn every_field_and_every_finding_follows_the_schemas() {
    let mut input = example();
    input["k"] = json!({"ideas": 1, "recommendations": 0});
    input["lot"] = json!("00ff");
    input["reference"] = json!({"grouping": "auto", "tie_order": ["A1"], "weights": {"d0": "3/2", "e": 2}});
    input["promoted_at_most"] = json!(3);
    input["born"] = json!({"A1": {"anchor": "A2", "members": ["A1", "A2"], "worked": true}, "C1": {"members": [], "lost": true}});
    input["decisions"] =
        json!({"assign": {"A3": "gone"}, "not_duplicate": [["A1", "B1"]], "pins": ["M"], "exclude": ["A2"]});
    let ideas = input["ideas"].as_array_mut().unwrap();
    ideas.push(json!({"id": "D1", "group": "D", "kind": "good-practice", "point": "p", "text": "Ramps at every public building!"}));
    ideas.push(json!({"id": "D2", "group": "D", "text": "Ramps at all public buildings", "kind": null, "tr": {"fr": "Des rampes"}}));
    ideas.push(json!({"id": "A4", "group": "A", "text": "Not sent", "promoted": false}));
    let ballots = input["ballots"].as_array_mut().unwrap();
    ballots.extend((0..12).map(|n| json!({"seat": format!("d{n}"), "group": "A", "approves": ["A4", "C1"]})));
    ballots.push(json!({"seat": "e", "group": "D", "approves": []}));
    let written = checked(&input);
    for found in ["passed_over", "promoted_nothing", "excluded"] {
        assert!(!written["audit"][found].as_array().unwrap().is_empty(), "{found} is tried");
    }
    let idea = |id: &str| json!({"id": id, "group": "g", "text": id, "promoted": true});
    let ballot = |n: usize| json!({"seat": n.to_string(), "group": "g", "approves": ["wanted"]});
    let written = checked(&json!({
        "k": 1,
        "ideas": [idea("wanted"), idea("pinned")],
        "ballots": (0..4).map(ballot).collect::<Vec<_>>(),
        "decisions": {"pins": ["pinned"]},
    }));
    let item = written["audit"]["violations"][0]["item"].clone();
    let named = written["items"].as_array().unwrap().iter().find(|one| one["id"] == item).unwrap();
    assert_eq!(named["anchor"], "wanted");
    assert_eq!(written["heard"][0]["group"], "g");
}

#[test]
fn what_the_command_refuses_the_schema_refuses() {
    let schema = input_schema();
    for wrong in [
        json!({"rulle": "votes"}),
        json!({"rule": "borda"}),
        json!({"k": -1}),
        json!({"k": {"parties": 3}}),
        json!({"lot": "0"}),
        json!({"ideas": [{"id": "a"}]}),
        json!({"ideas": [{"id": "a", "group": "g", "author": "me"}]}),
        json!({"ideas": [{"id": "a", "group": "g", "kind": "wish"}]}),
        json!({"ballots": [{"seat": "s", "group": "g"}]}),
        json!({"ballots": [{"seat": "s", "group": "g", "approves": [], "weight": 0}]}),
        json!({"ballots": [{"seat": "s", "group": "g", "approves": [], "weight": "1/0"}]}),
        json!({"decisions": {"not_duplicate": [["a"]]}}),
        json!({"decisions": {"assign": []}}),
    ] {
        assert!(!schema.is_valid(&wrong), "the schema takes {wrong}");
        assert!(serde_json::from_value::<RunInput>(wrong.clone()).is_err(), "the command takes {wrong}");
    }
}

#[test]
fn templates_that_are_built_in_follow_the_schema_and_what_the_server_refuses_the_schema_refuses() {
    use server::config::Limits;
    use server::consultation::prepare::template::{Template, built_in};
    let schema = schema(include_str!("../../docs/schema/template.json"));
    for name in ["technology-crime", "blank"] {
        let file: Value = serde_json::from_str(built_in(name).unwrap()).unwrap();
        let wrong: Vec<String> = schema.iter_errors(&file).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
    }
    let reads = |value: &Value| Template::read(&value.to_string(), &Limits::default()).is_ok();
    let with = |field: &str, value: Value| {
        let mut file = json!({"version": 1, "title": "A"});
        file[field] = value;
        file
    };
    for right in
        [with("groups", json!(3)), with("settings", json!({"votes": null})), with("public_url", json!(null))]
    {
        assert!(schema.is_valid(&right) && reads(&right), "{right}");
    }
    for wrong in [
        json!({"version": 2, "title": "A"}),
        json!({"version": 1}),
        with("titel", json!("A")),
        with("title", json!({})),
        with("title", json!({"english": "A"})),
        with("points", json!([])),
        with("points", json!([{"title": "A", "minutes": 0}])),
        with("points", json!([{"title": "A"}])),
        with("agenda", json!([{"title": "A", "minutes": 1, "phase": "tea"}])),
        with("groups", json!(["A", "A"])),
        with("groups", json!(0)),
        with("materials", json!([{"title": "A", "reading": "briefing"}])),
        with("materials", json!([{"title": "A", "reading": "briefing", "link": "javascript:x"}])),
        with("settings", json!({"votes": 0})),
        with("settings", json!({"colour": "red"})),
        with("hide_reasons", json!([{"id": "Off Topic", "text": "A"}])),
        with("safeguarding", json!("yes")),
    ] {
        assert!(!schema.is_valid(&wrong), "the schema takes {wrong}");
        assert!(!reads(&wrong), "the server takes {wrong}");
    }
}
